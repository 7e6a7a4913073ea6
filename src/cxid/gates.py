"""The limits of `checks`, measured on the tables of a run against those of the published run.

Each gate is one number, what it may be at most, and who is behind it. What is measured is described with the limits in
`cxid.config.model.Checks`; docs/how-to/plan.md tells it at length.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from cxid.config.model import Checks, Config
from cxid.contracts import GOLDEN_CUSTOMER
from cxid.engine.base import Engine, quote
from cxid.errors import GateError
from cxid.runs.journal import Figure
from cxid.runs.results import GateResult, in_words
from cxid.sql import load

QUARANTINE = "quarantine_max"
_MOVES = {"id_churn_max", "consolidation_shift_max"}
_DIGITS = Decimal("0.000001")
_VIEWS = {"present": "identity_map", "group": "match_group", "event": "identity_event", "golden": "golden_customer"}
_EARLIER = {"earlier": "identity_map", "earlier_golden": "golden_customer"}


@dataclass(frozen=True)
class Offender:
    """A customer, source or field that a number comes from, with what there is to say of it."""

    name: str
    said: str


@dataclass(frozen=True)
class Verdict:
    """One gate: its result, a sentence, and who is behind it, worst first. Without a limit, `gate.limit` is ''."""

    gate: GateResult
    said: str
    offenders: tuple[Offender, ...] = ()
    causes: str = ""


@dataclass(frozen=True)
class Ground:
    """What a run is judged by: its tables, those of the published run (None in a first build), the engine for it."""

    engine: Engine
    run_id: str
    tables: Path
    earlier: Path | None


def judge(ground: Ground, checks: Checks, *, every: bool = False) -> list[Verdict]:
    """The verdict of each limit that the config sets, in the order of LIMITS; of all of them with `every`.

    A gate that compares with the published run says nothing where there is none.
    """
    wanted = [name for name in _MEASURES if every or getattr(checks, name) is not None]
    if not wanted:
        return []
    _open(ground, moves=bool(_MOVES & set(wanted)))
    found = [verdict for name in wanted if (verdict := _MEASURES[name](ground, name, getattr(checks, name)))]
    ground.engine.drop("gate_common", "gate_fate")
    return found


def hold(verdicts: Iterable[Verdict], run_id: str) -> None:
    """Raises GateError with all limits that were passed and not accepted, and who is behind them."""
    over = [v for v in verdicts if _holds(v.gate)]
    if over:
        names = ", ".join(v.gate.name for v in over)
        told = [f"nothing was published: run {run_id} is over {names}", *(line for v in over for line in lines(v))]
        raise GateError("\n".join(told), hint=_way_on([v.gate for v in over], run_id))


def hold_back(results: Sequence[GateResult], run_id: str) -> None:
    """The same by results alone, where a finished stage is gone on with."""
    if over := [gate for gate in results if _holds(gate)]:
        told = ", ".join(f"{g.name} is {in_words(g.name, g.value)}, limit {in_words(g.name, g.limit)}" for g in over)
        raise GateError(f"nothing was published: run {run_id} is over a limit: {told}", hint=_way_on(over, run_id))


def _holds(gate: GateResult) -> bool:
    return not gate.passed and not gate.accepted


def _way_on(over: Sequence[GateResult], run_id: str) -> str:
    limits = ", ".join(f"checks.{gate.name}" for gate in over)
    return (
        f"`cxid plan` shows everything that would change, `cxid why ID --run {run_id}` how a customer holds together; "
        f"mend what caused it, raise {limits}, or publish this very run: `cxid build --accept {run_id}`"
    )


def accept(verdict: Verdict, accepted: Collection[str]) -> Verdict:
    """The verdict, marked where it is over a limit that was accepted."""
    gate = verdict.gate
    return replace(verdict, gate=replace(gate, accepted=not gate.passed and gate.name in accepted))


def lines(verdict: Verdict) -> list[str]:
    """A verdict in words: what was measured, then one line for each that is behind it."""
    gate = verdict.gate
    limit = f", checks.{gate.name} is {in_words(gate.name, gate.limit)}" if gate.limit else ""
    worst = [f"  {o.name}: {o.said}" for o in verdict.offenders]
    return [f"{verdict.said}{limit}", *worst, *([f"  {verdict.causes}"] if verdict.causes else [])]


# -- quarantine: measured while the sources are read -----------------------------------------------------


def quarantine(config: Config, facts: Iterable[Mapping[str, Figure]]) -> list[Verdict]:
    """The verdict on the source nearest to its limit of rejected rows, [] when no source tells of any."""
    found = []
    for fact in facts:
        source = config.sources.get(str(fact.get("source")))
        if fact["event"] == "sources.rejected" and source is not None:
            own = source.quarantine_max
            limit = config.checks.quarantine_max if own is None else own
            hit, of_all = int(fact["rejected"]), int(fact["rows"])
            share = _share(hit, of_all)
            room = limit * of_all - hit
            said = f"source {fact['source']}: {hit:,} of {of_all:,} rows rejected"
            found.append((room >= 0, -share, str(fact["source"]), _verdict(QUARANTINE, limit, (hit, of_all), said)))
    return [min(found, key=lambda f: f[:3])[3]] if found else []


def without_quarantine(config: Config) -> Config:
    """The same config, no share of rejected rows too large."""
    sources = {name: s.model_copy(update={"quarantine_max": None}) for name, s in config.sources.items()}
    return config.model_copy(
        update={"sources": sources, "checks": config.checks.model_copy(update={"quarantine_max": Decimal(1)})}
    )


# -- what the tables of the runs tell ----------------------------------------------------------------------


def _open(ground: Ground, *, moves: bool) -> None:
    """Views gate_* over the tables of both runs; with `moves` the tables that tell who went where."""
    engine = ground.engine
    for name, table in _VIEWS.items():
        engine.view(f"gate_{name}", ground.tables / f"{table}.parquet")
    if ground.earlier is None:
        return
    for name, table in _EARLIER.items():
        engine.view(f"gate_{name}", ground.earlier / f"{table}.parquet")
    for name in ("common", "fate") if moves else ():
        engine.run(f"gate_{name}", load("gates", name))


def _verdict(
    name: str, limit: Decimal | None, counts: tuple[int, int], said: str, offenders: Sequence[Offender] = ()
) -> Verdict:
    """A gate on a share: counts are (those hit, all of them). The comparison is exact."""
    hit, of_all = counts
    passed = limit is None or hit <= limit * of_all
    gate = GateResult(name, "" if limit is None else f"{limit.normalize():f}", _text(_share(hit, of_all)), passed)
    return Verdict(gate, said, tuple(offenders))


def _share(hit: int, of_all: int) -> Decimal:
    return Decimal(hit) / of_all if of_all else Decimal(0)


def _text(share: Decimal) -> str:
    return f"{share.quantize(_DIGITS).normalize():f}"


def _percent(hit: int, of_all: int) -> str:
    return f"{float(_share(hit, of_all)):.2%}"


def _largest_group(ground: Ground, name: str, limit: int | None) -> Verdict:
    largest = int(ground.engine.scalar("SELECT coalesce(max(size), 0) FROM gate_group"))
    gate = GateResult(name, "" if limit is None else str(limit), str(largest), limit is None or largest <= limit)
    worst = _customers(ground, "large", lambda row: _n(row["records"], "record"))
    return Verdict(gate, f"the largest customer holds {largest:,} records", worst)


def _id_churn(ground: Ground, name: str, limit: Decimal | None) -> Verdict | None:
    if ground.earlier is None:
        return None
    engine = ground.engine
    of_all = int(engine.scalar("SELECT count(*) FROM gate_fate"))
    hit = int(engine.scalar("SELECT count(*) FROM gate_fate WHERE kept * 2 <= records"))
    said = f"{hit:,} of {of_all:,} customers ({_percent(hit, of_all)}) would not keep most of their records"
    worst = _customers(ground, "churn", _churned)
    found = engine.fetch(load("gates", "cause"), {"run_id": ground.run_id}).to_pylist()
    causes = ", ".join(f"{row['cause']} {row['changes']:,}" for row in found)
    verdict = _verdict(name, limit, (hit, of_all), said, worst)
    return replace(verdict, causes=f"changes by cause: {causes}" if causes and hit else "")


def _churned(row: Mapping[str, int]) -> str:
    """What a customer took in of others, what it lost of its own."""
    taken = f"takes in {_n(row['ids'], 'earlier customer')} with {_n(row['records'], 'record')}" if row["ids"] else ""
    lost = f"keeps {row['kept']:,} of its {_n(row['had'], 'record')}" if row["had"] else ""
    return ", ".join(part for part in (taken, lost) if part)


def _consolidation_shift(ground: Ground, name: str, limit: Decimal | None) -> Verdict | None:
    """Records per customer were records / then and are records / now: the relative change is |then - now| / now."""
    if ground.earlier is None:
        return None
    row = ground.engine.fetch(load("gates", "shift")).to_pylist()[0]
    then, now = int(row["earlier_customers"]), int(row["customers"])
    change = f"{(then - now) / now:+.2%}" if now else "none"
    said = (
        f"{_n(int(row['records']), 'record')} in both runs: {_n(then, 'customer')} then, {now:,} now; "
        f"records per customer {change}"
    )
    if now < then:
        worst = _customers(
            ground, "joined", lambda row: f"{row['records']:,} of them, of {row['ids']:,} customers then"
        )
    else:
        worst = _customers(ground, "parted", lambda row: f"{row['records']:,} of them, at {row['ids']:,} customers now")
    return _verdict(name, limit, (abs(then - now), now), said, worst)


def _records_lost(ground: Ground, name: str, limit: Decimal | None) -> Verdict | None:
    if ground.earlier is None:
        return None
    rows = ground.engine.fetch(load("gates", "lost_record")).to_pylist()
    return _worst(name, limit, rows, "source {name}: {hit} of {of_all} records of the last run are gone")


def _golden_change(ground: Ground, name: str, limit: Decimal | None) -> Verdict | None:
    if ground.earlier is None:
        return None
    fixed = {column.name for column in GOLDEN_CUSTOMER.columns}
    present = ground.engine.columns("gate_golden")
    fields = [f for f in ground.engine.columns("gate_earlier_golden") if f in present and f not in fixed]
    if not fields:
        return None
    counts = ", ".join(
        f"count(then_.{quote(f)}) AS had{n}, count(CASE WHEN then_.{quote(f)} IS NOT NULL "
        f"AND then_.{quote(f)} IS DISTINCT FROM now_.{quote(f)} THEN 1 END) AS hit{n}"
        for n, f in enumerate(fields)
    )
    both = "gate_earlier_golden AS then_ INNER JOIN gate_golden AS now_ ON then_.customer_id = now_.customer_id"
    row = ground.engine.fetch(f"SELECT {counts} FROM {both}").to_pylist()[0]
    rows = [{"name": f, "hit": row[f"hit{n}"], "of_all": row[f"had{n}"]} for n, f in enumerate(fields)]
    return _worst(name, limit, rows, "field {name}: {hit} of {of_all} golden values would be others or none")


def _worst(name: str, limit: Decimal | None, rows: list[dict[str, object]], words: str) -> Verdict:
    """The verdict on the row with the largest share, the others that changed behind it."""
    counted = [(str(r["name"]), int(str(r["hit"])), int(str(r["of_all"]))) for r in rows]
    ordered = sorted(counted, key=lambda r: (-_share(r[1], r[2]), r[0]))
    if not ordered:
        return _verdict(name, limit, (0, 0), "nothing to compare")
    first, hit, of_all = ordered[0]
    said = words.format(name=first, hit=f"{hit:,}", of_all=f"{of_all:,}") + f" ({_percent(hit, of_all)})"
    others = [Offender(n, f"{h:,} of {a:,} ({_percent(h, a)})") for n, h, a in ordered[1:5] if h]
    return _verdict(name, limit, (hit, of_all), said, others)


def _customers(ground: Ground, relation: str, say: Callable[[Mapping[str, int]], str]) -> tuple[Offender, ...]:
    """Customers of a relation with a column customer_id, and the sources of the records that they would hold."""
    rows = ground.engine.fetch(load("gates", relation)).to_pylist()
    sources = _sources(ground, [str(row["customer_id"]) for row in rows])
    return tuple(Offender(row["customer_id"], f"{say(row)}{sources.get(row['customer_id'], '')}") for row in rows)


def _n(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _sources(ground: Ground, ids: Sequence[str]) -> dict[str, str]:
    """Customer -> its records in this run by source, in words, largest first."""
    if not ids:
        return {}
    marks = ", ".join("?" for _ in ids)
    found = ground.engine.fetch(
        "SELECT customer_id, source, count(*) AS records FROM gate_present "
        f"WHERE source <> '' AND customer_id IN ({marks}) GROUP BY customer_id, source ORDER BY records DESC, source",
        list(ids),
    ).to_pylist()
    words: dict[str, list[str]] = {}
    for row in found:
        words.setdefault(row["customer_id"], []).append(f"{row['source']} {row['records']:,}")
    return {customer: f" ({', '.join(said)})" for customer, said in words.items()}


_MEASURES: Mapping[str, Callable[..., Verdict | None]] = {
    "largest_group_max": _largest_group,
    "id_churn_max": _id_churn,
    "consolidation_shift_max": _consolidation_shift,
    "golden_change_max": _golden_change,
    "records_lost_max": _records_lost,
}
LIMITS: tuple[str, ...] = (QUARANTINE, *_MEASURES)

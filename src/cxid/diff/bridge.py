"""The KPI bridge: how much of a change is what people did, how much is who is taken for whom.

Each KPI is computed three times by the same SQL: the first run; the second run's data under the first run's identity;
the second run. What the identity of the first run means for data it never saw stands in docs/explanation/diff.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pyarrow as pa

from cxid.config.meanings import SAID, with_meanings
from cxid.config.trade import TRADED, with_trades
from cxid.diff.model import KpiChange, Ratio
from cxid.diff.opening import Pair
from cxid.engine.base import Engine
from cxid.sql import load

ACTIVE_DAYS = 90
_LATE = {"case_id": "VARCHAR", "score_worst": "DECIMAL(9,4)", "score_best": "DECIMAL(9,4)"}
_CURRENCIES = 3  # of those that most customers bought in
_LATEST = (
    "SELECT coalesce((SELECT max(time) FROM {0}_event), (SELECT max(updated_at) FROM {0}_record), "
    "CAST('1970-01-01 00:00:00' AS TIMESTAMP)) AS as_of"
)
_NO_LABELS = "SELECT CAST(NULL AS BIGINT) AS event_no, CAST(NULL AS VARCHAR) AS customer_id WHERE 1 = 0"


@dataclass(frozen=True)
class Kpi:
    """A KPI over the counts of sql/diff/kpi_count.sql."""

    name: str
    unit: str
    words: str
    numerator: str
    denominator: str = ""


KPIS: tuple[Kpi, ...] = (
    Kpi("customers", "count", "everybody, anonymous devices included", "customers"),
    Kpi("known_customers", "count", "customers with a record or an identifier that names a person", "known_customers"),
    Kpi("records_per_customer", "ratio", "records over customers with records", "records", "recorded_customers"),
    Kpi("known_events", "share", "events of known customers over all events", "known_events", "events"),
    Kpi("active_customers", "count", f"known customers with an event in {ACTIVE_DAYS} days", "active_customers"),
    Kpi("buying_customers", "count", "customers with a purchase", "buying_customers"),
    Kpi("repeat_rate", "share", "customers with two or more purchases over those with one", "repeat_customers",
        "buying_customers"),
    Kpi("orders", "count", "purchases of customers", "orders"),
    Kpi("orders_per_buyer", "ratio", "purchases over buying customers", "orders", "buying_customers"),
    Kpi("nps", "points", "promoters less detractors among the last answers, in hundredths", "net_promoters",
        "respondents"),
)  # fmt: skip


@dataclass(frozen=True)
class Counted:
    """What one data comes to under one identity: counts by name, and (buyers, revenue) by currency."""

    counts: Mapping[str, int]
    money: Mapping[str, tuple[int, Decimal]] = field(default_factory=dict)


def write_identity_between(pair: Pair) -> None:
    """Tables diff_between_member and diff_between_event: the second run's data under the first run's identity.

    Reads what identity.write_memberships leaves. Where both runs have the same events, each has its owner of then.
    """
    engine = pair.engine
    for name in ("ownerless", "label", "between_member"):
        engine.run(f"diff_{name}", load("diff", name))
    if pair.is_same("event", "event_identifier"):
        engine.run("diff_between_event", "SELECT event_no, customer_id FROM before_event_customer")
        return
    engine.run("diff_touched", load("diff", "touched"))
    if engine.count("diff_touched") or engine.count("diff_ownerless"):
        for name in ("before_event", "after_event", "event_label"):
            engine.run(f"diff_{name}", load("diff", name))
        engine.drop("diff_before_event", "diff_after_event")
    else:
        engine.run("diff_event_label", _NO_LABELS)
    engine.run("diff_between_event", load("diff", "between_event"))
    engine.drop("diff_event_label", "diff_touched")


def bridge(pair: Pair, currency: str) -> tuple[KpiChange, ...]:
    """Every KPI that the data has, split into behaviour and identity. `currency` is that of sales which name none."""
    engine = pair.engine
    engine.run("diff_customer", load("diff", "customer"))
    engine.load("profile_currency", pa.table({"currency": pa.array([currency.upper()], pa.string())}))
    _open_data(pair, "before")
    counted = [_count(engine, "before", "before_event_customer")]
    if not (pair.is_same("event") and _is_one_moment(pair)):
        _open_data(pair, "after")
    counted.append(_count(engine, "between", "diff_between_event"))
    counted.append(_count(engine, "after", "after_event_customer"))
    engine.drop("kpi_sale", "profile_moment", "profile_currency", "diff_customer")
    found = [
        KpiChange(kpi.name, kpi.unit, kpi.words, *(_ratio(c.counts, kpi) for c in counted))
        for kpi in KPIS
        if any(c.counts[kpi.denominator or kpi.numerator] for c in counted)
    ]
    return (*found, *_money(counted))


def _ratio(counts: Mapping[str, int], kpi: Kpi) -> Ratio:
    below = Decimal(counts[kpi.denominator]) if kpi.denominator else None
    return Ratio(Decimal(counts[kpi.numerator]), below)


def _money(counted: Sequence[Counted]) -> list[KpiChange]:
    """Revenue, and revenue over buyers, in the currencies that most customers bought in."""
    known = {c for one in counted for c in one.money}
    largest = sorted(known, key=lambda c: (-sum(one.money.get(c, (0, 0))[0] for one in counted), c))[:_CURRENCIES]
    found = []
    for currency in largest:
        sides = [one.money.get(currency, (0, Decimal(0))) for one in counted]
        totals = [Ratio(revenue) for _, revenue in sides]
        each = [Ratio(revenue, Decimal(buyers)) for buyers, revenue in sides]
        suffix = f"_{currency.lower()}" if currency else ""
        found.append(KpiChange(f"revenue{suffix}", currency, "purchases less refunds of customers", *totals))
        found.append(KpiChange(f"revenue_per_buyer{suffix}", currency, "revenue over those who bought", *each))
    return found


def _open_data(pair: Pair, side: str) -> None:
    """What KPIs need of a run's data, whoever's it is: event, profile_moment, kpi_sale.

    The profile's own SQL says what a sale is; each event stands for a customer in it.
    """
    engine = pair.engine
    # a run of before sales had numbers of their own, and surveys a scale, has no such columns
    known = engine.columns(f"{side}_event")
    late = "".join(f", CAST(NULL AS {kind}) AS {name}" for name, kind in _LATE.items() if name not in known)
    engine.define("event", f"SELECT *{late} FROM {side}_event")
    engine.map_values("profile_meaning", SAID, with_meanings)
    engine.map_values("profile_trade", TRADED, with_trades)
    engine.run("profile_moment", moment(pair, side))
    engine.define("event_customer", "SELECT event_no, event_no AS customer_id FROM event")
    engine.define("profile_number", "SELECT event_no AS customer_id, event_no AS customer_no FROM event")
    engine.run("profile_sale", load("profile", "profile_sale"))
    engine.run("kpi_sale", load("diff", "kpi_sale"))
    engine.drop("profile_sale", "profile_trade")


def _count(engine: Engine, world: str, owners: str) -> Counted:
    """The counts of the opened data, its events owned as in table `owners`."""
    engine.define("kpi_event_customer", f"SELECT event_no, customer_id FROM {owners}")
    engine.define("kpi_member", f"SELECT * FROM diff_{world}_member")
    for name in ("owner", "customer", "owned_sale"):
        engine.run(f"kpi_{name}", load("diff", f"kpi_{name}"))
    engine.define("event_customer", "SELECT event_no, customer_no AS customer_id FROM kpi_owner")
    engine.define("profile_number", "SELECT customer_no AS customer_id, customer_no FROM kpi_customer")
    engine.run("profile_answer", load("profile", "profile_answer"))
    counts: dict[str, Any] = engine.fetch(load("diff", "kpi_count"), {"days": ACTIVE_DAYS}).to_pylist()[0]
    money = engine.fetch(load("diff", "kpi_money")).to_pylist()
    counts["net_promoters"] = 100 * (counts["promoters"] - counts["detractors"])
    engine.drop("profile_answer", "kpi_owner", "kpi_customer", "kpi_owned_sale")
    return Counted(counts, {r["currency"]: (r["buyers"], r["revenue"]) for r in money})


def moment(pair: Pair, side: str) -> str:
    """The query of the moment that a run's profiles speak of; without profiles, of its latest event."""
    folder = pair.before if side == "before" else pair.after
    latest = _LATEST.format(side)
    if not folder.table("profile").is_file():
        return latest
    return f"SELECT coalesce((SELECT max(as_of) FROM {side}_profile), (SELECT as_of FROM ({latest}) AS m)) AS as_of"


def _is_one_moment(pair: Pair) -> bool:
    return show_moment(pair.engine, moment(pair, "before")) == show_moment(pair.engine, moment(pair, "after"))


def show_moment(engine: Engine, query: str) -> str:
    """That moment as text."""
    found = engine.scalar(query)
    return found.isoformat() if found is not None else ""

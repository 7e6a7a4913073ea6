"""Two runs compared, drawn section by section: on a terminal only what differs, in a pipe the same with full values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cxid.cli._console import Console
from cxid.cli._grid import fold

_WEIGHTS = 10
_RULES = 10
_KEYS = 20
_EXAMPLES = 3
_ROOMY = 110
_EVENTS = {
    "created": "customer is new", "split": "customer came off the other", "merged": "customer went into the other",
    "moved": "members of customer went to the other", "retired": "nothing of customer is left",
}  # fmt: skip


@dataclass(frozen=True)
class Section:
    """A part of the comparison: its title, how it is drawn, whether it has something to say."""

    title: str
    draw: Callable[[Console, Any], None]
    has: Callable[[Any], bool]


def draw_diff(console: Console, diff: Any, wanted: Sequence[str], *, is_published: bool) -> None:
    """The sections that differ; one that was asked for by name says when it does not.

    `is_published` says so of the second run: a question about another one has to name it.
    """
    console.text(f"{diff.before.run_id} -> {diff.after.run_id}", style="bold")
    if diff.before.as_of != diff.after.as_of:
        _tell(console, f"as of {diff.before.as_of} -> {diff.after.as_of}")
    for name in wanted:
        section = SECTIONS[name]
        if not section.has(diff):
            if len(wanted) < len(SECTIONS):
                console.say(f"{section.title}: nothing differs")
            continue
        console.text()
        console.text(section.title, style="bold cyan")
        section.draw(console, diff)
        if name == "moves":
            for command in move_commands(diff, is_published=is_published)[:_EXAMPLES]:
                console.text(f"next: {console.here(command)}")


# ---- what went in -----------------------------------------------------------------------------------------


def draw_inputs(console: Console, diff: Any) -> None:
    """Sources whose files or rows differ, config keys, decisions, versions."""
    inputs, n = diff.inputs, _numbers(console)
    touched = [s for s in inputs.sources if s.is_changed]
    if touched:
        console.grid(
            ("source", "files", "rows before", "after", "added", "removed", "changed", "quarantined"),
            [
                (s.source, _files(s), n(s.rows_before), n(s.rows_after), n(s.added), n(s.removed), n(s.changed),
                 _step(console, s.quarantined_before, s.quarantined_after))
                for s in touched
            ],
        )  # fmt: skip
    told = [("config", k.key, k.what) for k in inputs.keys[:_KEYS]]
    if inputs.config_changed and not inputs.keys:
        told.append(("config", "", "changed; a run of an older version did not keep its keys"))
    told += [("decisions", d.action, _amounts(("added", d.added), ("removed", d.removed))) for d in inputs.decisions]
    told += [("version", v.name, f"{v.before} -> {v.after}") for v in inputs.versions]
    if told:
        if touched:
            console.text()
        console.grid(("input", "name", "change"), told)
        _more(console, len(inputs.keys) - _KEYS, "config keys")


def _files(source: Any) -> str:
    return _amounts(("added", source.files_added), ("removed", source.files_removed), ("changed", source.files_changed))


def _amounts(*amounts: tuple[str, int]) -> str:
    return ", ".join(f"{number} {what}" for what, number in amounts if number)


# ---- who is who -------------------------------------------------------------------------------------------


def draw_identity(console: Console, diff: Any) -> None:
    """Customers, records and identifiers then and now, and what became of customers."""
    n, identity = _numbers(console), diff.identity
    customers = identity.customers
    rows = [("customers", customers, customers.after - customers.kept, customers.before - customers.kept, None)]
    rows += [(name, m, m.added, m.removed, m.moved) for name, m in (
        ("records", identity.records), ("identifiers", identity.identifiers),
    )]  # fmt: skip
    console.grid(
        ("", "before", "after", "new", "gone", "at another id"),
        [(name, n(m.before), n(m.after), n(added), n(gone), n(moved)) for name, m, added, gone, moved in rows],
    )
    console.text()
    console.grid(
        ("customers", "count", "meaning"),
        [
            ("created", n(customers.created), "hold nothing that was a customer's before"),
            ("split off", n(customers.split), "came off another customer"),
            ("merged", n(customers.merged), "ended: most of what they held is another customer's now"),
            ("retired", n(customers.retired), "ended: nothing of what they held is left"),
            ("regrouped", n(customers.regrouped), "kept their id, gave or took records or identifiers"),
        ],
    )
    if identity.records.kept:
        console.text()
        moved = f"{n(identity.records.moved)} of {n(identity.records.kept)} records in both runs"
        _tell(console, f"{moved} are at another customer id ({_percent(identity.churn)})")


def draw_moves(console: Console, diff: Any) -> None:
    """The largest moves, those between customers first."""
    n, moves = _numbers(console), diff.identity.moves
    console.grid(
        ("what", "customer", "other", "records", "ids", "cause"),
        [(m.event, m.customer_id, m.other_customer_id, n(m.records), n(m.identifiers), m.cause) for m in moves],
    )
    if console.screen.is_tty:
        said = [f"{word}: {text}" for word, text in _EVENTS.items() if any(m.event == word for m in moves)]
        _tell(console, "; ".join(said), style="dim")


def move_commands(diff: Any, *, is_published: bool) -> list[str]:
    """`cxid why ...` for each move between customers, the largest first."""
    named = "" if is_published else f" --run {diff.after.run_id}"
    asked = (m.command for m in diff.identity.moves if m.event not in ("created", "retired"))
    return [command + named for command in dict.fromkeys(asked) if command.startswith("cxid why")]


def draw_sizes(console: Console, diff: Any) -> None:
    """Customers by number of records, and the largest of them."""
    n = _numbers(console)
    console.grid(
        ("records", "customers before", "after", "change"),
        [(s.records, n(s.before), n(s.after), _signed(console, s.after - s.before)) for s in diff.sizes],
    )
    if diff.largest:
        console.text()
        console.grid(
            ("largest customer", "records before", "after"),
            [(g.customer_id, "" if g.before is None else n(g.before), n(g.after)) for g in diff.largest],
        )


# ---- values, model ----------------------------------------------------------------------------------------


def draw_golden(console: Console, diff: Any) -> None:
    """Fields whose golden values flipped, came or went."""
    n, golden = _numbers(console), diff.golden
    most = _EXAMPLES if not console.screen.is_tty or console.screen.width >= _ROOMY else 1
    _tell(console, f"{n(golden.touched)} of {n(golden.customers)} customers in both runs have another golden value")
    touched = [f for f in golden.fields if f.flipped or f.gained or f.lost]
    if touched:
        console.grid(
            ("field", "had a value", "flipped", "share", "gained", "lost", "for example"),
            [
                (f.field, n(f.had), n(f.flipped), _percent(f.share), n(f.gained), n(f.lost),
                 " ".join(e.customer_id for e in f.examples[:most]))
                for f in sorted(touched, key=lambda f: (-f.flipped, -f.lost, f.field))
            ],
        )  # fmt: skip
    for what, columns in (("new", golden.columns_added), ("gone", golden.columns_removed)):
        if columns:
            _tell(console, f"{what} columns: {', '.join(columns)}")
    shown = [(f.field, e) for f in touched for e in f.examples if e.before is not None or e.after is not None]
    if shown:
        console.text()
        console.grid(
            ("field", "customer", "before", "after"), [(f, e.customer_id, e.before, e.after) for f, e in shown]
        )


def draw_model(console: Console, diff: Any) -> None:
    """Figures of the matching, the weights that moved most, the rules that propose other pairs."""
    n, model = _numbers(console), diff.model
    if model.figures:
        console.grid(("figure", "before", "after"), model.figures)
    if model.weights:
        console.text()
        console.grid(
            ("field", "level", "bits before", "after", "moved"),
            [(w.field, w.level, _bits(w.before), _bits(w.after), _moved(w)) for w in model.weights[:_WEIGHTS]],
        )
        _more(console, len(model.weights) - _WEIGHTS, "weights")
    if model.rules:
        console.text()
        console.grid(
            ("blocking rule", "pairs before", "after"),
            [(r.rule, n(r.before), n(r.after)) for r in model.rules[:_RULES]],
        )
        _more(console, len(model.rules) - _RULES, "rules")


def _more(console: Console, left: int, what: str) -> None:
    if left > 0:
        _tell(console, f"and {left} more {what}; --format json has all")


def _moved(weight: Any) -> str:
    if weight.before is None or weight.after is None:
        return "new" if weight.before is None else "gone"
    return f"{weight.after - weight.before:+.2f}"


def _bits(value: Decimal | None) -> str:
    return "" if value is None else f"{value:+.2f}"


# ---- the bridge -------------------------------------------------------------------------------------------


def draw_bridge(console: Console, diff: Any) -> None:
    """Each KPI: before, after, and the change as behaviour and identity."""
    console.grid(
        ("kpi", "before", "after", "change", "behaviour", "identity"),
        [
            (
                f"{k.name} %" if k.unit == "share" and console.screen.is_tty else k.name,
                _figure(console, k, k.before.value),
                _figure(console, k, k.after.value),
                *(_figure(console, k, v, signed=True) for v in (k.change, k.behaviour, k.identity)),
            )
            for k in diff.bridge
        ],
    )
    if console.screen.is_tty:
        _tell(console, "change = behaviour (what people did) + identity (who is taken for whom)", style="dim")


def _figure(console: Console, kpi: Any, value: Decimal | None, *, signed: bool = False) -> str:
    """A KPI's figure: rounded for reading on a terminal, shares in hundredths; all of it elsewhere."""
    if value is None:
        return ""
    if not console.screen.is_tty:
        return f"{value:f}"
    sign = "+" if signed and value else ""
    shown = value * 100 if kpi.unit == "share" else value
    return f"{shown:{sign},.0f}" if kpi.unit == "count" else f"{shown:{sign},.2f}"


def _tell(console: Console, line: str, *, style: str = "") -> None:
    """A sentence, in lines that fit on a terminal."""
    for piece in fold(line, min(console.screen.width, _ROOMY)) if console.screen.is_tty else [line]:
        console.text(piece, style=style)


# ---- numbers ----------------------------------------------------------------------------------------------


def _numbers(console: Console) -> Callable[[int | None], str]:
    """How whole numbers are written: in groups of three for people."""
    form = "{:,}" if console.screen.is_tty else "{}"
    return lambda value: "" if value is None else form.format(value)


def _signed(console: Console, value: int) -> str:
    return f"{value:+,}" if console.screen.is_tty else f"{value:+}"


def _step(console: Console, before: int, after: int) -> str:
    n = _numbers(console)
    return n(after) if before == after else f"{n(before)} -> {n(after)}"


def _percent(share: Decimal) -> str:
    return f"{share * 100:.2f} %"


SECTIONS: dict[str, Section] = {
    "inputs": Section("What went in", draw_inputs, lambda d: d.inputs.is_changed),
    "customers": Section("Who is who", draw_identity, lambda d: d.identity.is_changed),
    "moves": Section("The largest moves", draw_moves, lambda d: bool(d.identity.moves)),
    "sizes": Section("Sizes", draw_sizes, lambda d: any(s.before != s.after for s in d.sizes)),
    "golden": Section("Golden values", draw_golden, lambda d: d.golden is not None and d.golden.is_changed),
    "model": Section("Matching", draw_model, lambda d: d.model is not None and d.model.is_changed),
    "bridge": Section("KPI bridge", draw_bridge, lambda d: any(k.is_changed for k in d.bridge)),
}

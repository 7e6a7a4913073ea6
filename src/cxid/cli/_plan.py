"""A plan on the terminal, as one document, and as rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cxid.cli._console import Console
from cxid.cli._differences import SECTIONS
from cxid.cli._grid import fold
from cxid.cli._registry import part

_WIDEST = 120  # a longer sentence is hard to read, however wide the terminal
_RULES = 12  # with most pairs: those that a terminal shows
_CHANGES = ("created", "split", "merged", "retired", "regrouped")
_COMPARED = ("inputs", "customers", "golden", "bridge")  # sections of a comparison


def plan_rows(plan: Any) -> Iterator[tuple[str, str, str, Any]]:
    """A plan as rows (part, name, figure, value)."""
    document = plan.to_dict()
    for name in ("run_id", "status", "previous", "is_change", "would_publish", "candidates", "seconds"):
        yield "plan", name, "", document[name]
    for name, value in document["counts"].items():
        yield "count", name, "now", value
        yield "count", name, "before", document["previous_counts"].get(name)
    labels = {"gates": "name", "blocking_rules": "rule", "largest_groups": "customer_id", "stages": "name"}
    for section, label in labels.items():
        for row in document[section]:
            for figure, value in row.items():
                if figure != label and not isinstance(value, list | dict):
                    yield section, row[label], figure, value
    for figure, value in (document["estimate"] or {}).items():
        yield "estimate", "", figure, value
    if plan.difference:
        for name in _CHANGES:
            yield "customers", name, "", getattr(plan.difference.identity.customers, name)
        for field in plan.difference.golden.fields if plan.difference.golden else ():
            yield "golden", field.field, "flipped", field.flipped
        for kpi in plan.difference.bridge:
            yield "kpi", kpi.name, "before", kpi.before.value
            yield "kpi", kpi.name, "now", kpi.after.value


# -- on a terminal ----------------------------------------------------------------------------------------


def draw_plan(console: Console, plan: Any) -> None:
    """Write a plan for people: first whether it would be published, then what would change, then what it takes."""
    if plan.status == "unchanged":
        console.text(f"nothing changed since {plan.run_id}: a build would do nothing", style="green")
        return
    against = f" against {plan.previous}" if plan.previous else ", the first of this project"
    console.text(f"plan of run {plan.run_id}{against}", style="bold")
    _draw_outcome(console, plan)
    for warned in plan.warnings:
        console.say(f"warning {warned.stage}/{warned.code}: {warned.message}", style="yellow")
    _draw_counts(console, plan.counts, plan.previous_counts)
    if plan.difference:
        _draw_difference(console, plan.difference)
    _draw_groups(console, plan)
    _draw_rules(console, plan)
    _draw_cost(console, plan)


def _head(console: Console, title: str) -> None:
    console.text()
    console.text(title, style="bold cyan")


def _tables(number: int) -> str:
    return f"{number} published table{'' if number == 1 else 's'}"


def _say(console: Console, line: str, *, style: str = "") -> None:
    """A sentence for people, folded on a terminal."""
    width = min(console.screen.width, _WIDEST) if console.screen.is_tty else 100_000
    for piece in fold(console.safe(line), width):
        console.text(piece, style=style)


def _draw_outcome(console: Console, plan: Any) -> None:
    changed = plan.changed_tables
    if not plan.previous:
        console.text("a build would publish this run")
    elif changed:
        _say(console, f"a build would change {_tables(len(changed))}: {', '.join(changed)}")
    else:
        console.text("a build would publish the same tables again", style="green")
    words = part("runs.results").in_words
    rows = []
    for verdict in plan.verdicts:
        gate = verdict.gate
        outcome = "no limit" if not gate.limit else "passed" if gate.passed else "would stop the build"
        rows.append((gate.name, words(gate.name, gate.value), words(gate.name, gate.limit), outcome))
    if rows:
        _head(console, "Limits")
        console.grid(("check", "measured", "limit", ""), rows)
    for verdict in plan.verdicts:
        if not verdict.gate.passed:
            console.text()
            for number, line in enumerate(part("gates").lines(verdict)):
                _say(console, line, style="bold red" if number == 0 else "")


def _draw_counts(console: Console, counts: Mapping[str, int], before: Mapping[str, int]) -> None:
    _head(console, "Counts")
    if not before:
        console.grid(("", "count"), ((name.replace("_", " "), f"{now:,}") for name, now in counts.items()))
        return
    console.grid(
        ("", "before", "after", "change"),
        (
            (name.replace("_", " "), f"{before.get(name, 0):,}", f"{now:,}", _change(now - before.get(name, 0)))
            for name, now in counts.items()
        ),
    )


def _change(number: int) -> str:
    return f"{number:+,}" if number else "same"


def _draw_difference(console: Console, difference: Any) -> None:
    """What of the comparison with the published run differs; `cxid diff` shows all of it."""
    for name in _COMPARED:
        section = SECTIONS[name]
        if section.has(difference):
            _head(console, section.title)
            section.draw(console, difference)


def _draw_groups(console: Console, plan: Any) -> None:
    if not plan.groups:
        return
    _head(console, "Largest customers")
    rows = [
        (g.customer_id, f"{g.records:,}", "new" if g.records_before is None else g.records_before) for g in plan.groups
    ]
    columns = ("customer", "records", "before")
    console.grid(columns if plan.previous else columns[:2], rows if plan.previous else [row[:2] for row in rows])


def _draw_rules(console: Console, plan: Any) -> None:
    if not plan.rules:
        return
    _head(console, f"{plan.candidates:,} candidate pairs by the rules that propose them")
    rows = [
        (r.rule, f"{r.pairs:,}", "new" if r.pairs_before is None else _change(r.pairs - r.pairs_before),
         f"{r.largest_block:,}", f"{r.matches:,}")
        for r in plan.rules
    ]  # fmt: skip
    if plan.model:
        _say(console, f"model: {plan.model}")
    columns = ("rule", "pairs", "change", "largest block", "above the cut")
    shown = [0, 1, 2, 3, 4] if plan.previous else [0, 1, 3, 4]
    listed = rows[:_RULES] if console.screen.is_tty else rows
    console.grid([columns[i] for i in shown], ([row[i] for i in shown] for row in listed))
    if len(listed) < len(rows):
        console.text(f"and {len(rows) - len(listed)} rules more")


def _draw_cost(console: Console, plan: Any) -> None:
    _head(console, "Time and memory")
    console.grid(
        ("stage", "seconds", "peak MB"),
        ((s.name + (" (before)" if s.resumed else ""), f"{s.seconds:.1f}", f"{s.peak_mb:,}") for s in plan.stages),
    )
    estimate = plan.estimate
    if plan.run_dir is not None:
        console.text(f"a build of these inputs now only publishes: about {_time(estimate.seconds)}")
    _say(
        console,
        f"a build that begins anew: about {_time(estimate.full_seconds)}, at most {estimate.peak_mb:,} MB of memory",
    )


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"

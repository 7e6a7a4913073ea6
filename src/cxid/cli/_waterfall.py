"""The answer about two records as a page for the terminal: the waterfall, the decision and what it rests on."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from typing import Any

from cxid.cli._console import Console
from cxid.cli._grid import fold
from cxid.cli._registry import part
from cxid.cli._terminal import Terminal

_ROOMY = 100
_BAR, _NARROW_BAR = 16, 4  # columns
_RULES_TOLD = 6
_LEGEND = {
    "(prior)": "how rarely two records are one person",
    "(together)": "relatives and namesakes share several fields at once, so agreement counts for less than its sum",
    "(rivals)": "how many other records could be the same person, and how much of one source the other holds",
    "(decisions)": "what links and unlinks taught about pairs that look like this",
}
MICRO = 1_000_000
_COLOURS = {True: "bold green", False: "bold yellow"}


def draw_pair(console: Console, answer: Any, *, picked: bool) -> None:
    """Write the page. `picked`: the two stand for customers, as their strongest pair."""
    weighed, verdict = answer.weighed, answer.verdict
    _headline(console, answer, picked)
    if weighed.steps:
        console.text()
        _waterfall(console, weighed)
        _total(console, answer)
    _rules(console, answer)
    _path(console, verdict.path)
    for composite in verdict.composites:
        draw_composite(console, composite, joined=verdict.is_joined)
    _refusals(console, verdict.refusals)
    for note in answer.notes:
        draw_wrapped(console, f"note: {note}", "dim")
    _next(console, answer)


def pair_rows(answer: Any) -> Iterator[tuple[Any, ...]]:
    """(name, a, b, agreement, weight, total) of each line of the waterfall, bits as decimals."""
    share = part("explain.document").share
    for step in answer.weighed.steps:
        a, b = (" | ".join(v) for v in step.values)
        yield step.name, a, b, step.words, share(step.weight), share(step.total)


def _headline(console: Console, answer: Any, picked: bool) -> None:
    verdict = answer.verdict
    for name, record in (("a", answer.weighed.a), ("b", answer.weighed.b)):
        draw_wrapped(console, f"{name}  {record.ref}  {record.customer_id}", "bold")
    if picked:
        draw_wrapped(console, "the strongest pair between the two", "dim")
    draw_wrapped(console, verdict.words, _COLOURS[verdict.is_joined])
    for id_type, value in verdict.identifiers:
        draw_wrapped(console, f"both carry {id_type} {value}")


def draw_wrapped(console: Console, words: str, style: str = "") -> None:
    for line in fold(console.safe(words), _width(console)):
        console.text(line, style=style)


def is_narrow(console: Console) -> bool:
    """Whether a person looks at few columns."""
    return console.screen.is_tty and console.screen.width < _ROOMY


def _width(console: Console) -> int:
    return console.screen.width if console.screen.is_tty else 10**6


# -- the waterfall -----------------------------------------------------------------------------------------


def _waterfall(console: Console, weighed: Any) -> None:
    words = part("explain.words")
    shown = [s for s in weighed.steps if not (console.screen.is_tty and s.silent)]
    largest = max((abs(s.weight) for s in shown if not s.name.startswith("(")), default=1)
    narrow = is_narrow(console)
    room, ends = (_NARROW_BAR, ("a", "b")) if narrow else (_BAR, (weighed.a.ref, weighed.b.ref))
    columns = ["field", *ends, "agreement", "bits", "", "total"]
    rows = [
        [s.name, *(" | ".join(v) for v in s.values), s.words, words.bits(s.weight),
         signed_bar(s.weight, largest, room, console.screen), words.bits(s.total)]
        for s in shown
    ]  # fmt: skip
    if not console.screen.is_tty:
        columns.remove("")
        rows = [[*row[:5], row[6]] for row in rows]
    console.grid(columns, rows)
    silent = [s.name for s in weighed.steps if s.silent]
    if silent and console.screen.is_tty:
        draw_wrapped(console, f"not compared, a source has no such column: {', '.join(silent)}", "dim")


def signed_bar(weight: int, largest: int, width: int, terminal: Terminal) -> str:
    """A bar as long as the weight: full for what speaks for one person, hatched for what speaks against it."""
    length = min(width, max(1 if abs(weight) >= 50_000 else 0, round(abs(weight) / max(largest, 1) * width)))
    full, hatched = ("█", "░") if terminal.unicode else ("+", "-")
    return (full if weight > 0 else hatched) * length


def _total(console: Console, answer: Any) -> None:
    words = part("explain.words")
    weighed = answer.weighed
    cut = f"the cut is at {words.bits(answer.cut)}"
    draw_wrapped(
        console,
        f"total {words.bits(weighed.weight)} bits: {words.percent(weighed.probability)} one person; {cut}",
        "bold",
    )
    if not console.screen.is_tty:
        return
    draw_wrapped(console, "one bit more doubles the odds, one bit less halves them", "dim")
    for step in weighed.steps[1:]:
        if step.name in _LEGEND and abs(step.weight) >= MICRO:
            draw_wrapped(console, f"{step.name}: {_LEGEND[step.name]}", "dim")


# -- what found the pair --------------------------------------------------------------------------------------


def _rules(console: Console, answer: Any) -> None:
    if answer.found_by:
        console.text()
        several = "s" if len(answer.found_by) > 1 else ""
        rules = _few_rules(console, answer.found_by)
        draw_wrapped(console, f"found by {len(answer.found_by)} blocking rule{several}: {rules}")
        return
    if not answer.tried:
        return
    shared = [t.rule for t in answer.tried if t.outcome.value == "shared"]
    if shared:
        console.text()
        draw_wrapped(console, f"blocking rules whose key they share: {_few_rules(console, shared)}")
        return
    _unshared_rules(console, answer.tried)


def _unshared_rules(console: Console, tried: Sequence[Any]) -> None:
    """The rules that did not find the pair; on a terminal those that came nearest, unless more is asked for."""
    words = part("explain.words")
    told = list(tried)
    if console.screen.is_tty and not console.settings.verbose and len(told) > _RULES_TOLD:
        told = sorted(told, key=lambda t: (len(t.parts), t.outcome.value))[:_RULES_TOLD]
    one = len(tried) == 1
    title = (
        "The one blocking rule did not find the pair" if one else f"None of {len(tried)} blocking rules found the pair"
    )
    draw_part(console, title, ("rule", "why not"), [(t.rule, words.unshared(t.parts)) for t in told])
    if len(told) < len(tried):
        draw_wrapped(console, f"and {len(tried) - len(told)} more, further from it (-v shows them)", "dim")


def _few_rules(console: Console, rules: Sequence[str]) -> str:
    """The rules in a line; on a terminal the first ones, unless more is asked for."""
    if console.settings.verbose or not console.screen.is_tty or len(rules) <= _RULES_TOLD:
        return "; ".join(rules)
    return "; ".join(rules[:_RULES_TOLD]) + f"; and {len(rules) - _RULES_TOLD} more (-v shows them)"


# -- what the decision rests on ---------------------------------------------------------------------------------


def _path(console: Console, path: Sequence[Any]) -> None:
    if path:
        draw_links(console, "The way from one to the other", path)
        for link in path:
            draw_wrapped(console, console.here(_command(link.a, link.b)), "dim")


def draw_links(console: Console, title: str, links: Sequence[Any]) -> None:
    """A heading and the links: a table, or where it would be too narrow two lines for each."""
    words = part("explain.words")
    if not links:
        return
    if is_narrow(console):
        console.text()
        draw_wrapped(console, title, "bold cyan")
        for k in links:
            bits = "" if k.weight is None else f"{words.bits(k.weight)} bits, "
            draw_wrapped(console, f"{k.a.ref} with {k.b.ref}: {k.kind.value}, {bits}{words.percent(k.probability)}")
            for line in fold(console.safe("; ".join(k.words)), console.screen.width - 2):
                console.text(f"  {line}", style="dim")
        return
    rows = [
        (
            k.a.ref,
            k.b.ref,
            k.kind.value,
            "" if k.weight is None else words.bits(k.weight),
            words.percent(k.probability),
            "; ".join(k.words),
        )
        for k in links
    ]
    draw_part(console, title, ("record", "with", "joined by", "bits", "one person", "because"), rows)


def draw_composite(console: Console, composite: Any, *, joined: bool) -> None:
    """Two groups as wholes: who they are, the best level of each field, and what that comes to."""
    words = part("explain.words")
    console.text()
    console.text("As groups" if joined else "Taken together as groups", style="bold cyan")
    for side in (composite.left, composite.right):
        draw_wrapped(console, "  " + ", ".join(r.ref for r in side))
    rows = [
        (b.name, b.words, words.bits(b.weight), f"{b.a.ref} / {b.b.ref}")
        for b in composite.levels
        if b.weight or b.level not in ("missing", "not in source")
    ]
    console.grid(("field", "best agreement", "bits", "shown by"), rows)
    asked = composite.weight + composite.rivals - composite.worth
    rivals = f", {words.bits(composite.rivals)} for other candidates" if composite.rivals else ""
    draw_wrapped(
        console,
        f"together {words.bits(composite.weight)} bits{rivals}, less {asked / MICRO:.1f} because "
        f"{composite.pairs} pairs had a chance to agree: {words.bits(composite.worth)}",
    )


def _refusals(console: Console, refusals: Sequence[Any]) -> None:
    told = part("explain.pair")
    rows = [
        (r.guard, told.refusal_words(r), r.a.ref if r.a else "", r.b.ref if r.b else "",
         " / ".join(" | ".join(v) for v in r.values if v))
        for r in refusals
    ]  # fmt: skip
    draw_part(console, "Refused by", ("guard", "why", "record", "with", "values"), rows)


def draw_part(console: Console, title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A heading and its table, without the columns that are empty."""
    if not rows:
        return
    used = [i for i, _ in enumerate(columns) if any(row[i] not in (None, "") for row in rows)]
    console.text()
    draw_wrapped(console, title, "bold cyan")
    console.grid([columns[i] for i in used], [[row[i] for i in used] for row in rows])


def _next(console: Console, answer: Any) -> None:
    verdict, weighed = answer.verdict, answer.weighed
    words = part("explain.words")
    if verdict.mean is not None:
        draw_wrapped(console, f"mean of all pairs between the two customers: {words.bits(verdict.mean)} bits")
    if verdict.strongest is not None:
        draw_wrapped(console, f"the strongest pair between the two is another: {_command(*verdict.strongest)}")
    if verdict.lines:
        console.say(f"{part('explain.pair').said_lines(verdict.lines)} decided it: remove it and build to take it back")
        return
    what = "unlink" if verdict.is_joined else "link"
    console.next(f"cxid {what} {shlex.quote(weighed.a.ref)} {shlex.quote(weighed.b.ref)}")


def _command(a: Any, b: Any) -> str:
    return str(part("explain.document").command(a, b))

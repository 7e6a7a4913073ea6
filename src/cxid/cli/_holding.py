"""How a customer holds together, as a page for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cxid.cli._console import Console
from cxid.cli._registry import part
from cxid.cli._waterfall import draw_links, draw_part, draw_wrapped, is_narrow

_LISTED = 8  # records of one side of a split that are named
_NARROW_VALUES = 3  # of a record, where there is little room


def draw_holding(console: Console, answer: Any) -> None:
    """Write the page; parts without anything to say are left out."""
    _headline(console, answer)
    _members(console, answer.members)
    draw_links(console, "What holds it together, strongest first", answer.links)
    _weakest(console, answer.split)
    _refused(console, answer.refusals)
    _identifiers(console, answer)
    _neighbours(console, answer)
    for note in answer.notes:
        draw_wrapped(console, f"note: {note}", "dim")
    _next(console, answer)


def holding_rows(answer: Any) -> Iterator[tuple[Any, ...]]:
    """(part, name, value, detail) of everything that is told, for CSV."""
    share = part("explain.document").share
    for member in answer.members:
        yield "member", member.record.ref, share(member.probability), member.link_kind
    for link in answer.links:
        yield "link", f"{link.a.ref} {link.b.ref}", share(link.probability), link.kind.value
    if answer.split:
        for name, side in (("left", answer.split.left), ("right", answer.split.right)):
            for record in side:
                yield "split", name, record.ref, ""
    for refusal, other in answer.refusals:
        yield "refused", other, refusal.guard, refusal.detail
    for held in answer.identifiers:
        yield "identifier", held.id_type, held.id_value, held.events
    for source, events in answer.events.items():
        yield "events", source, events, ""
    for neighbour in answer.neighbours:
        yield "neighbour", neighbour.b.ref, share(neighbour.weight), neighbour.outcome


def _headline(console: Console, answer: Any) -> None:
    words = part("explain.words")
    records, links = len(answer.members), answer.links
    draw_wrapped(console, answer.customer_id, "bold")
    said = [f"{records:,} record{'' if records == 1 else 's'}" if records else "no record"]
    if links:
        said.append(f"weakest link {words.percent(answer.weakest)}")
    if answer.density is not None:
        possible = records * (records - 1) // 2
        said.append(f"{answer.edges:,} of {possible:,} pairs agree ({min(answer.density, 1.0):.0%})")
    if answer.identifier_count:
        said.append(f"{answer.identifier_count:,} identifier{'' if answer.identifier_count == 1 else 's'}")
    if events := sum(answer.events.values()):
        said.append(f"{events:,} event{'' if events == 1 else 's'}")
    draw_wrapped(console, "; ".join(said))
    if answer.flags:
        draw_wrapped(console, f"deserves a look: {answer.flags}", "yellow")


def _members(console: Console, members: Sequence[Any]) -> None:
    words = part("explain.words")
    names = list(dict.fromkeys(n for m in members for n in m.values))
    names = names[:_NARROW_VALUES] if is_narrow(console) else names
    rows = [
        (m.record.ref, *(m.values.get(n, "") for n in names), m.link_kind, words.percent(m.probability))
        for m in members
    ]
    draw_part(console, "Records", ("record", *names, "joined by", "best link"), rows)


def _weakest(console: Console, split: Any) -> None:
    if split is None or len(split.left) + len(split.right) == 2:
        return
    words = part("explain.words")
    link = split.link
    console.text()
    console.text("The weakest link", style="bold cyan")
    draw_wrapped(console, f"{link.a.ref} with {link.b.ref}: {words.percent(link.probability)}, by {link.kind.value}")
    draw_wrapped(console, f"without it: {_named(split.left)}  |  {_named(split.right)}")
    if split.across > 1:
        draw_wrapped(console, f"{split.across - 1} more links, none stronger, go across as well")


def _named(side: Sequence[Any]) -> str:
    more = f" and {len(side) - _LISTED} more" if len(side) > _LISTED else ""
    return ", ".join(r.ref for r in side[:_LISTED]) + more


def _refused(console: Console, refusals: Sequence[Any]) -> None:
    told = part("explain.pair")
    rows = [
        (other, told.refusal_words(r), r.a.ref if r.a else "", r.b.ref if r.b else "",
         " / ".join(" | ".join(v) for v in r.values if v))
        for r, other in refusals
    ]  # fmt: skip
    draw_part(console, "Kept apart by guards", ("customer", "why", "record", "with", "values"), rows)


def _identifiers(console: Console, answer: Any) -> None:
    rows = []
    for held in answer.identifiers:
        seen = f"seen with {', '.join(held.with_)}" if held.with_ else ""
        on = ", ".join(r.ref for r in held.records) or seen
        if is_narrow(console) and len(held.records) > 1:
            on = f"{len(held.records)} records"
        rows.append((held.id_type, held.id_value, on, f"{held.events:,}" if held.events else ""))
    draw_part(console, "Identifiers that hang on it", ("identifier", "value", "carried by", "events"), rows)
    if answer.identifier_count > len(answer.identifiers):
        draw_wrapped(console, f"and {answer.identifier_count - len(answer.identifiers):,} more", "dim")
    draw_part(console, "Events", ("source", "events"), [(s, f"{n:,}") for s, n in answer.events.items()])


def _neighbours(console: Console, answer: Any) -> None:
    words = part("explain.words")
    rows = [
        (n.a.ref, n.b.ref, words.bits(n.weight), words.percent(n.probability), n.outcome, "; ".join(n.against))
        for n in answer.neighbours
    ]
    title = "Nearest records that are not in it"
    columns = ("record", "with", "bits", "one person", "why not", "speaks against")
    draw_part(console, title, columns, rows)
    if not rows and len(answer.members) == 1:
        console.text()
        console.text("no other record came near it")


def _next(console: Console, answer: Any) -> None:
    command = part("explain.document").command
    if answer.split is not None:
        console.next(command(answer.split.link.a, answer.split.link.b))
    elif answer.neighbours:
        console.next(command(answer.neighbours[0].a, answer.neighbours[0].b))
    else:
        console.next(f"cxid show {answer.customer_id}")

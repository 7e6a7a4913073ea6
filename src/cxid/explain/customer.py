"""How a customer holds together, and what kept its neighbours out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cxid.explain.holding import Evidence, gather, sides, spanning_tree
from cxid.explain.model import (
    CustomerAnswer,
    Held,
    Link,
    LinkKind,
    Member,
    Neighbour,
    Record,
    Refusal,
    Split,
)
from cxid.explain.pair import decision_lines, explained, loudest, refusal_words, refusals_between, said_lines
from cxid.explain.run import Mask, Run, as_is, identifier_type, listed
from cxid.explain.weighing import read_weights, unpack
from cxid.model import FieldType

_TELLING = (
    FieldType.GIVEN_NAME, FieldType.FAMILY_NAME, FieldType.FULL_NAME, FieldType.BIRTH_DATE, FieldType.EMAIL,
    FieldType.PHONE, FieldType.POSTCODE, FieldType.CITY,
)  # fmt: skip
_SHOWN = 5  # values of a record
_NEIGHBOURS = 5
_CANDIDATES = 40  # pairs looked at for them
MOST_IDENTIFIERS = 50
_FEW_EVENTS = 2_000


def explain_customer(run: Run, customer_id: str, mask: Mask = as_is) -> CustomerAnswer:
    """How the records and identifiers of a customer hold together, and who came near."""
    members = run.members(customer_id)
    links, split = hold_together(run, members)
    group = _group_row(run, customer_id)
    events = _find_events(run, customer_id)
    held, count = _identifiers(run, customer_id, members, mask)
    whole = len(links) == max(len(members) - 1, 0)
    return CustomerAnswer(
        customer_id=customer_id,
        cut=run.saved.cut,
        members=_members(run, members, mask),
        links=links,
        split=split,
        edges=int(group.get("edges") or 0),
        density=float(group["density"]) if "density" in group else None,
        weakest=int(run.engine.scalar("SELECT weakest FROM run_customer WHERE customer_id = ?", [customer_id]) or 0),
        flags=str(group.get("flags") or ""),
        refusals=_refusals(run, members, mask),
        identifiers=held,
        identifier_count=count,
        events=events,
        neighbours=_neighbours(run, members),
        notes=() if whole else ("not every record hangs on a pair that can be traced any more",),
    )


def hold_together(run: Run, members: Sequence[Record]) -> tuple[tuple[Link, ...], Split | None]:
    """The strongest links that hold records together, strongest first, and what the weakest of them holds."""
    if not members:
        return (), None
    evidence = gather(run, members)
    tree = spanning_tree(members, evidence.links(members))
    told = _told(run, evidence, tree)
    return told, _split(evidence, members, told) if told else None


def _group_row(run: Run, customer_id: str) -> dict[str, Any]:
    sql = "SELECT edges, density, flags FROM run_match_group WHERE customer_id = ?"
    rows = run.engine.fetch(sql, [customer_id]).to_pylist()
    return rows[0] if rows else {}


def _members(run: Run, members: Sequence[Record], mask: Mask) -> tuple[Member, ...]:
    """Each record with a few of its values and what it hangs on."""
    numbers = [r.record_no for r in members]
    written = run.written(numbers)
    types = {slot: f.type for f in run.saved.fields for slot in f.slots}
    present = {slot for values in written.values() for slot in values}
    ranked = sorted((_TELLING.index(types[s]), s) for s in present if types.get(s) in _TELLING)
    slots = [s for _, s in ranked][:_SHOWN] or sorted(present)[:_SHOWN]
    found = run.engine.fetch(
        f"SELECT record_no, link_kind, probability FROM run_record_customer WHERE record_no IN ({listed(numbers)})"
    ).to_pylist()
    kinds = {r["record_no"]: (r["link_kind"], r["probability"]) for r in found}
    return tuple(
        Member(
            record,
            {s: mask(written[record.record_no].get(s, ""), types.get(s, FieldType.TEXT)) for s in slots},
            *kinds[record.record_no],
        )
        for record in members
    )


def _told(run: Run, evidence: Evidence, tree: Sequence[Link]) -> tuple[Link, ...]:
    """The links of the tree with what each rests on, strongest first."""
    found = []
    for link in explained(run, tree):
        words = link.words
        if link.detail:
            words = (f"both carry {link.detail}", *(() if link.kind is LinkKind.STITCH else words))
        elif link.kind is LinkKind.DECISION:
            words = (said_lines(decision_lines(run, evidence, link.a, link.b)),)
        elif link.kind is LinkKind.IDENTICAL:
            words = ("the same in every compared value",)
        elif link.kind is LinkKind.COMPOSITE:
            words = ("two groups taken together, here their strongest pair", *link.words)
        found.append(Link(link.a, link.b, link.kind, link.probability, link.weight, link.detail, words))
    return tuple(found)


def _split(evidence: Evidence, members: Sequence[Record], tree: Sequence[Link]) -> Split:
    """What the customer would fall into without its weakest link."""
    weakest = min(tree, key=lambda k: (k.probability, k.weight if k.weight is not None else 0, k.a, k.b))
    left, right = sides(tree, weakest)
    mine = set(left)
    across = sum((k.a in mine) != (k.b in mine) for k in evidence.links(members))
    return Split(weakest, left, right, across)


def _refusals(run: Run, members: Sequence[Record], mask: Mask) -> tuple[tuple[Refusal, str], ...]:
    """What guards refused at this customer's border, with the other customer."""
    numbers = [r.record_no for r in members]
    mine = set(numbers)
    rows = run.refused(numbers)
    others = run.records(sorted({n for a, b, *_ in rows for n in (a, b)} - mine))
    found: dict[str, tuple[Refusal, ...]] = {}
    for record in others.values():
        if record.customer_id not in found:
            theirs = run.members(record.customer_id)
            found[record.customer_id] = refusals_between(run, members, theirs, mask)
    return tuple((refusal, other) for other in sorted(found) for refusal in found[other])


# -- identifiers and events ----------------------------------------------------------------------------------


def _identifiers(run: Run, customer_id: str, members: Sequence[Record], mask: Mask) -> tuple[tuple[Held, ...], int]:
    """The identifiers of the customer, those on records first, and how many there are."""
    engine = run.engine
    engine.run(
        "why_identifier",
        "SELECT id_type, id_value, link_kind, probability FROM run_identifier_customer WHERE customer_id = ?",
        [customer_id],
    )
    count = engine.count("why_identifier")
    if not count:
        return (), 0
    carriers: dict[tuple[str, str], list[int]] = {}
    rows = engine.fetch(
        "SELECT record_no, id_type, id_value FROM run_record_identifier "
        f"WHERE record_no IN ({listed(r.record_no for r in members)}) ORDER BY record_no"
    ).to_pylist()
    for row in rows:
        carriers.setdefault((row["id_type"], row["id_value"]), []).append(row["record_no"])
    known = {r.record_no: r for r in members}
    events, company = _seen_in_events(run)
    found = []
    for row in engine.fetch("SELECT * FROM why_identifier ORDER BY id_type, id_value").to_pylist():
        key = (row["id_type"], row["id_value"])
        records = tuple(known[n] for n in carriers.get(key, ()))
        found.append(
            Held(
                row["id_type"],
                mask(row["id_value"], identifier_type(row["id_type"])),
                row["link_kind"],
                row["probability"],
                records,
                events.get(key, 0),
                () if records else tuple(company.get(key, ())),
            )
        )
    found.sort(key=lambda h: (not h.records, -h.events, h.id_type, h.id_value))
    return tuple(found[:MOST_IDENTIFIERS]), count


def _seen_in_events(run: Run) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], list[str]]]:
    """(events of the customer that show each identifier, the types of its other identifiers in the same events)."""
    engine = run.engine
    engine.run(
        "why_event",
        "SELECT e.event_no, e.id_type, e.id_value FROM run_event_identifier AS e "
        "INNER JOIN why_identifier AS i ON e.id_type = i.id_type AND e.id_value = i.id_value "
        f"WHERE e.event_no IN ({_event_numbers(run)})",
    )
    events = engine.fetch("SELECT id_type, id_value, count(*) AS events FROM why_event GROUP BY id_type, id_value")
    company = engine.fetch(
        "SELECT a.id_type, a.id_value, b.id_type AS other, count(*) AS events FROM why_event AS a "
        "INNER JOIN why_event AS b ON a.event_no = b.event_no AND (a.id_type <> b.id_type OR a.id_value <> b.id_value) "
        "GROUP BY a.id_type, a.id_value, b.id_type ORDER BY a.id_type, a.id_value, events DESC, other"
    )
    together: dict[tuple[str, str], list[str]] = {}
    for row in company.to_pylist():
        together.setdefault((row["id_type"], row["id_value"]), []).append(f"{row['other']} in {row['events']}")
    return {(r["id_type"], r["id_value"]): r["events"] for r in events.to_pylist()}, together


def _find_events(run: Run, customer_id: str) -> dict[str, int]:
    """How many events of each source are this customer's; leaves them in table why_event_no."""
    engine = run.engine
    engine.run("why_event_no", "SELECT event_no FROM run_event_customer WHERE customer_id = ?", [customer_id])
    rows = engine.fetch(
        f"SELECT source, count(*) AS events FROM run_event WHERE event_no IN ({_event_numbers(run)}) "
        "GROUP BY source ORDER BY source"
    ).to_pylist()
    return {r["source"]: r["events"] for r in rows}


def _event_numbers(run: Run) -> str:
    """The customer's events for IN (...): by name where they are few, so that the files are read where they lie."""
    if run.engine.count("why_event_no") > _FEW_EVENTS:
        return "SELECT event_no FROM why_event_no"
    return listed(run.engine.fetch("SELECT event_no FROM why_event_no ORDER BY event_no").column(0).to_pylist())


# -- neighbours ----------------------------------------------------------------------------------------------


def _neighbours(run: Run, members: Sequence[Record]) -> tuple[Neighbour, ...]:
    """The customers whose records came nearest without being joined, and what speaks against each."""
    numbers = [r.record_no for r in members]
    if not numbers or run.saved.weighing is None:
        return ()
    scored = run.scored_around(numbers, _CANDIDATES + len(numbers) ** 2)
    mine = set(numbers)
    outside = {n for pair in scored for n in pair} - mine
    known = run.records([*mine, *outside])
    best: dict[str, tuple[int, int]] = {}
    for a, b in scored:
        if (a in mine) != (b in mine):
            other = known[b if a in mine else a]
            best.setdefault(other.customer_id, (a, b))
    chosen = list(best.values())[:_NEIGHBOURS]
    patterns = sorted({scored[pair].pattern for pair in chosen})
    weights = read_weights(run, patterns)
    levels = dict(zip(patterns, unpack(run.saved, patterns), strict=True)) if patterns else {}
    found = []
    for pair in chosen:
        told = scored[pair]
        inner, outer = (known[n] for n in (pair if pair[0] in mine else pair[::-1]))
        against = loudest(run.saved, levels[told.pattern], weights[told.pattern].fields, against=True)
        why = _kept_out(run, members, outer, told.weight)
        found.append(Neighbour(inner, outer, told.weight, told.probability, against, why))
    return tuple(found)


def _kept_out(run: Run, members: Sequence[Record], other: Record, weight: int) -> str:
    """Why a neighbour is another customer, in words."""
    refusals = refusals_between(run, members, run.members(other.customer_id))
    if refusals:
        return refusal_words(refusals[0])
    if members[0].source == other.source and other.source in run.single_sources:
        return refusal_words(Refusal("one_per_source", other.source))
    return "below the cut" if weight < run.saved.cut else "above the cut, but not the groups as wholes"

"""How the records of the customer hold together: what each hangs on, the weakest link, and why to look at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cxid.config.model import Config
from cxid.customer_page.model import Joined, RecordOfCustomer, ReviewReason, WeakestLink
from cxid.customer_page.tables import Tables
from cxid.explain.customer import hold_together
from cxid.explain.document import command, share
from cxid.explain.model import Link, Record, Refusal, Split
from cxid.explain.opening import numbered_types
from cxid.explain.pair import refusal_words
from cxid.explain.run import RUN, Run

_MOST_RECORDS = 200  # of a larger customer the links are not traced: that takes seconds
_MOST_REASONS = 5
_WEAK, _REFUSED = "weak link", "guard refused a merge"
_FLAGS = {
    _WEAK: "its weakest link is below match.sure",
    _REFUSED: "a guard kept others apart",
    "few pairs agree": "fewer than half of the pairs of its records agree",
    "at the size limit": "it holds as many records as match.max_group allows",
}


@dataclass(frozen=True)
class Cohesion:
    """What holds the customer."""

    records: tuple[RecordOfCustomer, ...]
    weakest: WeakestLink | None
    review: tuple[ReviewReason, ...]


def read_cohesion(tables: Tables, config: Config, run_dir: Path) -> Cohesion:
    """Records in the order in which they hang on each other, the one with the strongest link first.

    Where links cannot be traced (an older run, very many records) the records are in order of source and key.
    """
    plain = [
        RecordOfCustomer(r["source"], r["record_key"], r["link_kind"], r["probability"], r["since_run"], joined=None)
        for r in tables.identity
        if r["source"]
    ]
    links: tuple[Link, ...] = ()
    split: Split | None = None
    review: list[ReviewReason] = []
    if RUN + "link_pair" in tables.known and plain:
        run = Run(tables.engine, config.match.one_per_source, numbered_types(run_dir))
        members = run.members(tables.customer_id)
        review = _refused(run, members)
        if 1 < len(members) <= _MOST_RECORDS:
            links, split = hold_together(run, members)
    weakest = None if split is None else _weakest(split)
    return Cohesion(_in_order(plain, links), weakest, (*_flagged(tables, weakest, review), *review))


def _in_order(records: Sequence[RecordOfCustomer], links: Sequence[Link]) -> tuple[RecordOfCustomer, ...]:
    """The records as the strongest links reach them; `links` are a tree, strongest first."""
    known = {r.ref: r for r in records}
    found: dict[str, RecordOfCustomer] = {}
    for start in (links[0].a.ref if links else "", *known):
        if start not in known or start in found:
            continue
        found[start] = known[start]
        while (link := next((k for k in links if (k.a.ref in found) != (k.b.ref in found)), None)) is not None:
            near, far = (link.a.ref, link.b.ref) if link.a.ref in found else (link.b.ref, link.a.ref)
            joined = Joined(near, link.kind.value, share(link.probability), link.words)
            found[far] = _with(known[far], joined)
    return tuple(found.values())


def _with(record: RecordOfCustomer, joined: Joined) -> RecordOfCustomer:
    return RecordOfCustomer(
        record.source, record.record_key, record.link_kind, record.probability, record.since_run, joined
    )


def _weakest(split: Split) -> WeakestLink:
    link = split.link
    return WeakestLink(
        a=link.a.ref,
        b=link.b.ref,
        kind=link.kind.value,
        probability=share(link.probability),
        because=link.words,
        parts=(tuple(r.ref for r in split.left), tuple(r.ref for r in split.right)),
        more=split.across - 1,
        command=command(link.a, link.b),
    )


def _flagged(tables: Tables, weakest: WeakestLink | None, refused: Sequence[ReviewReason]) -> list[ReviewReason]:
    """What the groups of the run say of the customer, refusals that are told one by one left out."""
    ask = f"cxid why {tables.customer_id}"
    flags = "; ".join(row["flags"] or "" for row in tables.rows("match_group", "flags")).split("; ")
    return [
        ReviewReason(_FLAGS.get(flag, flag), weakest.command if weakest and flag == _WEAK else ask)
        for flag in flags
        if flag and not (flag == _REFUSED and refused)
    ]


def _refused(run: Run, members: Sequence[Record]) -> list[ReviewReason]:
    """What guards kept out, one line for each customer and guard."""
    mine = {r.record_no: r for r in members}
    rows = run.refused(list(mine))
    others = run.records(sorted({n for a, b, *_ in rows for n in (a, b)} - mine.keys()))
    found: dict[tuple[str, str, str], ReviewReason] = {}
    for a, b, guard, detail in rows:
        inner, outer = (mine.get(a), others.get(b)) if a in mine else (mine.get(b), others.get(a))
        if inner is None or outer is None:
            continue
        words = f"a guard kept {outer.customer_id} apart: {refusal_words(Refusal(guard, detail))}"
        found.setdefault((outer.customer_id, guard, detail), ReviewReason(words, command(inner, outer)))
    return list(found.values())[:_MOST_REASONS]

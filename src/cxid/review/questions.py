"""What is asked, the most useful first: the question whose answer is expected to put most pairs of records right.

Where a link holds a customer together, the answer "different" would part left x right pairs of records, and is as
likely as the link is doubtful. Where two customers are apart, "same" would join left x right pairs, and is as likely
as their strongest pair says. So the stake of a question is that probability times left x right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from cxid.engine.base import Engine
from cxid.explain.holding import sides, spanning_tree
from cxid.explain.model import Link, LinkKind, Record
from cxid.sql import load

MILLION = 1_000_000
_FLOOR = 10_000  # millionths: pairs apart that are less likely than this are asked only where a guard refused them
_EVEN = 500_000  # where the config refuses what the evidence says, or an identifier says what nothing was scored for
_MOST_PAIRS = 20_000
_MOST_CUSTOMERS = 2_000
_ROUNDING = 1e-9


class Cause(StrEnum):
    """Why a pair is asked about."""

    NEAR = "near the cut"
    WEAK_LINK = "a weak link of a customer"
    REFUSED = "a merge that a guard refused"
    AUDIT = "drawn at random, for an honest figure of precision"


@dataclass(frozen=True)
class Question:
    """Are these two records one person?

    `probability` is what the build says of them, in millionths, None where it scored none; `left` and `right` are the
    records that an answer joins or parts; `stake` is the pairs of records that it is expected to put right, in
    millionths.
    """

    a: Record
    b: Record
    cause: Cause
    probability: int | None
    left: int = 1
    right: int = 1
    guard: str = ""
    stake: int = 0

    @property
    def ends(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """(source, key) of either record."""
        return (self.a.source, self.a.key), (self.b.source, self.b.key)

    @property
    def is_joined(self) -> bool:
        """Whether the build has the two as one customer."""
        return self.a.customer_id == self.b.customer_id


def find_questions(engine: Engine, source: str = "") -> list[Question]:
    """What is in doubt in a run, the largest stake first; about records of one source where it is named.

    Of two customers their strongest pair alone is asked about, of a customer each doubtful link that holds it.
    """
    found = [*_between(engine, source), *_inside(engine, source)]
    return sorted(found, key=lambda q: (-q.stake, q.a.record_no, q.b.record_no))


def _between(engine: Engine, source: str) -> Iterator[Question]:
    engine.run(
        "review_between",
        load("review", "review_between"),
        {"floor": _FLOOR, "even": _EVEN, "source": source, "most": _MOST_PAIRS},
    )
    rows = engine.fetch("SELECT * FROM review_between ORDER BY stake DESC, record_no_a, record_no_b").to_pylist()
    known = find_records(engine, (n for r in rows for n in (r["record_no_a"], r["record_no_b"])))
    for row in rows:
        yield Question(
            known[row["record_no_a"]], known[row["record_no_b"]],
            Cause.REFUSED if row["guard"] else Cause.NEAR,
            row["probability"], row["records_a"], row["records_b"], row["guard"], int(row["stake"]),
        )  # fmt: skip


def _inside(engine: Engine, source: str) -> Iterator[Question]:
    engine.run("review_doubtful", load("review", "review_doubtful"), {"most": _MOST_CUSTOMERS})
    engine.run("review_inside", load("review", "review_inside"))
    weakest = {
        r["customer_id"]: r["weakest"]
        for r in engine.fetch("SELECT customer_id, weakest FROM review_doubtful ORDER BY customer_id").to_pylist()
    }
    rows = engine.fetch(
        "SELECT c.record_no, c.customer_id FROM record_customer AS c INNER JOIN review_doubtful AS d "
        "ON c.customer_id = d.customer_id ORDER BY c.customer_id, c.record_no"
    ).to_pylist()
    known = find_records(engine, (r["record_no"] for r in rows))
    members: dict[str, list[Record]] = {c: [] for c in weakest}
    for row in rows:
        members[row["customer_id"]].append(known[row["record_no"]])
    links: dict[str, list[Link]] = {c: [] for c in weakest}
    for row in engine.fetch("SELECT * FROM review_inside").to_pylist():
        ends = known[row["record_no_a"]], known[row["record_no_b"]]
        links[row["customer_id"]].append(Link(*ends, LinkKind.MODEL, row["probability"], row["weight"]))
    for customer, least in weakest.items():
        strongest = sorted(links[customer], key=lambda k: (-k.probability, -(k.weight or 0), k.a, k.b))
        for question in _of_customer(members[customer], strongest, least):
            if not source or source in (question.a.source, question.b.source):
                yield question


def _of_customer(members: Sequence[Record], links: Sequence[Link], weakest: int) -> Iterator[Question]:
    """The doubtful links that hold a customer. None is weaker than `weakest`: what else holds it is no scored pair."""
    tree = spanning_tree(members, links)
    scored = set(tree)
    tree += _bridges(members, tree, weakest)
    for link in tree:
        probability = max(link.probability, weakest)
        if probability >= MILLION:
            continue
        left, right = sides(tree, link)
        yield Question(
            link.a, link.b, Cause.WEAK_LINK, link.probability if link in scored else None,
            len(left), len(right), "", (MILLION - probability) * len(left) * len(right),
        )  # fmt: skip


def _bridges(members: Sequence[Record], tree: Sequence[Link], weakest: int) -> list[Link]:
    """Stand-ins for what holds parts together that no scored pair does: identifiers, groups compared as wholes."""
    part: dict[Record, Record] = {r: r for r in members}
    for link in tree:
        one, other = part[link.a], part[link.b]
        for record in [r for r, p in part.items() if p == max(one, other)]:
            part[record] = min(one, other)
    firsts = sorted(set(part.values()))
    return [Link(a, b, LinkKind.STITCH, weakest) for a, b in pairwise(firsts)]


def find_records(engine: Engine, numbers: Iterable[int]) -> dict[int, Record]:
    """Records by number, with their customers."""
    wanted = ", ".join(str(int(n)) for n in sorted(set(numbers))) or "NULL"
    found = engine.fetch(
        "SELECT r.record_no, r.source, r.record_key, c.customer_id FROM record AS r "
        f"INNER JOIN record_customer AS c ON r.record_no = c.record_no WHERE r.record_no IN ({wanted})"
    ).to_pylist()
    return {r["record_no"]: Record(r["record_no"], r["source"], r["record_key"], r["customer_id"]) for r in found}


def mixed(doubts: Sequence[Question], audit: Sequence[Question], share: float, limit: int) -> list[Question]:
    """At most `limit` questions, of which `share` come from the audit, spread evenly; when one runs out, the other.

    A pair in doubt may have been drawn, too: it is asked where it comes first.
    """
    found: dict[frozenset[tuple[str, str]], Question] = {}
    left, right = list(reversed(doubts)), list(reversed(audit if share else ()))
    owed = 0.0
    while (left or right) and len(found) < limit:
        is_due = owed + share >= 1 - _ROUNDING
        question = right.pop() if right and (is_due or not left) else left.pop()
        if found.setdefault(frozenset(question.ends), question) is question:
            owed += share - (question.cause is Cause.AUDIT)
    return list(found.values())

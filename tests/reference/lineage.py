"""The slow and obvious way to say which customer keeps which id, and what becomes of the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Member = tuple[str, int]  # ("record", 3) or ("identifier", 7)
Groups = Mapping[str, frozenset[Member]]  # id -> what it holds


@dataclass(frozen=True)
class Assignment:
    """customer number -> the id it keeps or takes up again; id -> the customer that holds most of it now."""

    kept: Mapping[int, str]
    returned: Mapping[int, str]
    heirs: Mapping[str, int]
    former_heirs: Mapping[str, int]


def number_of(members: frozenset[Member]) -> int:
    """The customer's number: its smallest record, or minus its smallest identifier when it has no record."""
    records = [n for kind, n in members if kind == "record"]
    return min(records) if records else -min(n for _, n in members)


def assign(earlier: Groups, former: Groups, now: list[frozenset[Member]], born: Mapping[str, int]) -> Assignment:
    """Who is who: `earlier` are the ids of the run before, `former` those that ended earlier, with their last members."""
    customers = {number_of(members): members for members in now}
    heirs = _heirs(earlier, customers, born)
    kept: dict[int, str] = {}
    for number in customers:
        claims = [i for i, heir in heirs.items() if heir == number]
        if claims:
            kept[number] = min(claims, key=lambda i: (*_less(earlier[i], customers[number]), born.get(i, 0), i))
    former_heirs = _former_heirs(former, customers, kept)
    returned: dict[int, str] = {}
    for number in customers:
        claims = [
            i
            for i, heir in former_heirs.items()
            if heir == number and number not in kept and _is_half(former[i], customers[number])
        ]
        if claims:
            returned[number] = min(claims, key=lambda i: (*_less(former[i], customers[number]), born.get(i, 0), i))
    return Assignment(kept, returned, heirs, former_heirs)


def _shared(a: frozenset[Member], b: frozenset[Member]) -> tuple[int, int]:
    both = a & b
    records = sum(kind == "record" for kind, _ in both)
    return records, len(both) - records


def _less(a: frozenset[Member], b: frozenset[Member]) -> tuple[int, int]:
    records, identifiers = _shared(a, b)
    return -records, -identifiers


def _has_record(members: frozenset[Member]) -> bool:
    return any(kind == "record" for kind, _ in members)


def _counts(a: frozenset[Member], b: frozenset[Member]) -> bool:
    """Whether an id that held `a` has anything to do with a customer that holds `b`."""
    records, identifiers = _shared(a, b)
    return records > 0 or (identifiers > 0 and not (_has_record(a) and _has_record(b)))


def _is_half(a: frozenset[Member], b: frozenset[Member]) -> bool:
    records, identifiers = _shared(a, b)
    held = sum(kind == "record" for kind, _ in a)
    return 2 * records >= held if held else 2 * identifiers >= len(a)


def _heirs(earlier: Groups, customers: Mapping[int, frozenset[Member]], born: Mapping[str, int]) -> dict[str, int]:
    """id -> the customer that holds most of it; among equals the one where the id stands best."""

    def standing(id_: str, number: int) -> int:
        holds = customers[number]
        rivals = [i for i, members in earlier.items() if _counts(members, holds)]
        rivals.sort(key=lambda i: (*_less(earlier[i], holds), born.get(i, 0), i))
        return rivals.index(id_)

    found = {}
    for id_, members in earlier.items():
        possible = [n for n, holds in customers.items() if _counts(members, holds)]
        if possible:
            ranked = [(*_less(members, customers[n]), standing(id_, n), n < 0, abs(n), n) for n in possible]
            found[id_] = min(ranked)[-1]
    return found


def _former_heirs(
    former: Groups, customers: Mapping[int, frozenset[Member]], held: Mapping[int, str]
) -> dict[str, int]:
    """The same of ids that ended earlier; among equals a customer that no living id has."""
    found = {}
    for id_, members in former.items():
        possible = [n for n, holds in customers.items() if _counts(members, holds)]
        if possible:
            found[id_] = min((*_less(members, customers[n]), n in held, n < 0, abs(n), n) for n in possible)[-1]
    return found

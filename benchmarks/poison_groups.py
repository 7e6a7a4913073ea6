"""What injected rows did to the groups that were there: two identity maps side by side."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
from poisons import Injection

Record = tuple[str, str]  # source, record key
Groups = dict[Record, str]  # record -> customer id


@dataclass(frozen=True)
class Effect:
    """Earlier groups by what became of them, and the groups of the injected rows."""

    groups: int  # customers with records before, none of which was overwritten
    same: int  # with exactly the members they had, injected rows aside
    same_id: int  # of those, with the id they had
    joined: int  # of the same ones, those that an injected row of somebody else came to
    by_poison: int  # of the changed ones, those now in a customer with an injected row
    by_rival: int  # of the others, those of which a record may as well be an injected row
    by_weights: int  # the rest: the weights moved
    identifiers: int  # identifiers that had a customer before
    identifiers_same: int  # that have the same customer
    injected: int
    false_pairs: int  # pairs of injected rows of different people in one customer
    misplaced: int  # injected rows of somebody else in a customer with earlier records
    at_home: int  # injected rows of an earlier person that are with the record they come from
    largest: int  # records of the largest customer with an injected row
    hubs: int  # poisoned values that cxid calls shared by many
    ids: tuple[str, ...] = ()  # some earlier customers that changed, to ask why


def read_groups(output: Path) -> Groups:
    """Customer of each record in a published identity map."""
    found = duckdb.execute(
        "SELECT source, record_key, customer_id FROM read_parquet(?) WHERE record_key <> ''",
        [str(output / "identity_map.parquet")],
    ).fetchall()
    return {(source, key): customer for source, key, customer in found}


def read_identifiers(output: Path) -> dict[Record, str]:
    """Customer of each identifier in a published identity map."""
    found = duckdb.execute(
        "SELECT id_type, id_value, customer_id FROM read_parquet(?) WHERE id_value <> ''",
        [str(output / "identity_map.parquet")],
    ).fetchall()
    return {(id_type, value): customer for id_type, value, customer in found}


def members(groups: Groups, only: Iterable[Record] | None = None) -> dict[str, frozenset[Record]]:
    """Records of each customer."""
    gathered: dict[str, set[Record]] = defaultdict(set)
    for record in groups if only is None else only:
        if record in groups:
            gathered[groups[record]].add(record)
    return {customer: frozenset(records) for customer, records in gathered.items()}


def effect(before: Path, after: Path, made: Injection, hubs: set[Record]) -> Effect:
    """Compare two outputs of one company, without and with the injection."""
    old, new = read_groups(before), read_groups(after)
    injected = {("crm", key): person for key, person in made.person.items()}
    injected |= {(made.copied, key): old.get(("crm", key), key) for key in made.earlier}
    touched = {old[("crm", key)] for key in made.touched if ("crm", key) in old}
    was = {c: records for c, records in members(old).items() if c not in touched}
    now, everybody = members(new, old), members(new)
    holders = {new[r] for r in injected if r in new}
    strangers = {new[("crm", key)] for key in made.person if ("crm", key) in new}
    again = {records: customer for customer, records in now.items()}
    same = [c for c, records in was.items() if records in again]
    changed = {c for c, records in was.items() if records not in again}
    poisoned = {c for c in changed if any(new.get(r) in holders for r in was[c])}
    rivals = {old[r] for r in _rivalled(after, {r for r in injected if r in new}) if r in old} & changed - poisoned
    identifiers, later = read_identifiers(before), read_identifiers(after)
    return Effect(
        groups=len(was),
        same=len(same),
        same_id=sum(again[was[c]] == c for c in same),
        joined=sum(again[was[c]] in strangers for c in same),
        by_poison=len(poisoned),
        by_rival=len(rivals),
        by_weights=len(changed - poisoned - rivals),
        identifiers=len(identifiers),
        identifiers_same=sum(later.get(i) == c for i, c in identifiers.items()),
        injected=sum(r in new for r in injected),
        false_pairs=_false_pairs(everybody, injected, holders),
        misplaced=sum(1 for key in made.person if new.get(("crm", key)) in now),
        at_home=sum(new.get((made.copied, key)) == new.get(("crm", key)) for key in made.earlier),
        largest=max((len(everybody[c]) for c in holders), default=0),
        hubs=len(hubs & made.values),
        ids=tuple(sorted(poisoned)[:5] + sorted(rivals)[:5] + sorted(changed - poisoned - rivals)[:5]),
    )


def _rivalled(output: Path, injected: set[Record]) -> set[Record]:
    """Records that were scored as possibly one person with an injected row, whatever came of it."""
    pairs = duckdb.execute(
        "SELECT source_a, record_key_a, source_b, record_key_b FROM read_parquet(?)",
        [str(output / "match_pair.parquet")],
    ).fetchall()
    ends = [((source_a, key_a), (source_b, key_b)) for source_a, key_a, source_b, key_b in pairs]
    found = {b for a, b in ends if a in injected} | {a for a, b in ends if b in injected}
    return found - injected


def _false_pairs(everybody: dict[str, frozenset[Record]], injected: dict[Record, str], holders: set[str]) -> int:
    """Pairs of injected records of two people in one customer."""
    wrong = 0
    for customer in holders:
        people = Counter(injected[r] for r in everybody[customer] if r in injected)
        total = sum(people.values())
        wrong += (total * total - sum(n * n for n in people.values())) // 2
    return wrong

"""Identifiers across files: which columns hold the same numbers, and so must carry one name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from cxid.config.guess.columns import ID_MEANINGS, ColumnGuess
from cxid.config.guess.datasets import Dataset
from cxid.config.guess.keys import Hashes, KeyGuess, distinct_values
from cxid.config.guess.words import fold, free_name, listed, read_header

OVERLAP = 0.2  # of the smaller side's values: the same numbers, when they are not running numbers
CUSTOMER = "customer_no"  # customer_id is the name of cxid's own id
CONTAINED = 0.9  # of the values of a row that refers to a person: running numbers need this and a fitting name
_SHARED_AT_LEAST = 5
_NO_PERSON = listed(
    "row_key session_id household_id product store agent company truth postcode city region country given_name"
    " family_name full_name middle_name birth_date street time date amount email phone gender source_name campaign"
    " channel event_type category type status segment tier year flag note screen ip currency quantity line_no"
)
_GENERIC = frozenset(("id", "row_id", "number", "code", "uuid", "hash", "", "person_id", "customer_id"))
_REFERS = frozenset(("CUSTOMER", "PERSON", "USER", "MEMBER", "SUBSCRIBER", "ACCOUNT"))


@dataclass(frozen=True)
class IdColumn:
    """A column of a source that may name persons."""

    source: str
    column: ColumnGuess
    name: str  # what its header calls it
    values: Hashes
    is_key: bool  # names the rows of a people source
    people: bool
    words: frozenset[str]  # what the words of its file's name mean
    running: bool  # small whole numbers without gaps: any two such columns overlap


@dataclass
class Identity:
    """Which identifier type each column is."""

    types: dict[tuple[str, str], str] = field(default_factory=dict)  # (source, column) -> type
    reasons: dict[tuple[str, str], str] = field(default_factory=dict)
    shared: set[tuple[str, str]] = field(default_factory=set)  # found in another source too
    warnings: list[str] = field(default_factory=list)


def find_identity(datasets: Sequence[Dataset], kinds: Mapping[str, str], keys: Mapping[str, KeyGuess]) -> Identity:
    """The identifier type of every id column, equal where columns of several sources hold the same numbers."""
    nodes = [node for d in datasets for node in _nodes(d, kinds[d.name], keys.get(d.name), alone=len(datasets) < 2)]
    parent = list(range(len(nodes)))
    found = Identity()
    by_name = {d.name: d for d in datasets}

    def root(i: int) -> int:
        while parent[i] != i:
            i = parent[i]
        return i

    for i, a in enumerate(nodes):
        for j in range(i + 1, len(nodes)):
            b = nodes[j]
            if a.source == b.source:
                continue
            reason = _same(a, b, nodes, by_name, found)
            if reason:
                found.shared |= {(a.source, a.column.name), (b.source, b.column.name)}
                for one in (a, b):
                    found.reasons.setdefault((one.source, one.column.name), reason)
                parent[max(root(i), root(j))] = min(root(i), root(j))
    _name_groups(nodes, [root(i) for i in range(len(nodes))], found)
    return found


def _nodes(dataset: Dataset, kind: str, key: KeyGuess | None, *, alone: bool) -> list[IdColumn]:
    """The columns that may name persons; their values are read only where there is another source to compare with."""
    own = key.columns[0] if key and len(key.columns) == 1 else ""
    picked = [c for c in dataset.columns if _may_name(c, c.name == own, kind)]
    names = [c.name for c in picked]
    nothing = np.empty(0, np.int64)
    values = distinct_values(dataset, names) if picked and not alone else dict.fromkeys(names, nothing)
    return [
        IdColumn(
            dataset.name, c, _called(c, dataset), values[c.name], kind == "people" and c.name == own,
            kind == "people", dataset.words, _is_running(c, len(values[c.name])),
        )
        for c in picked
    ]  # fmt: skip


def _may_name(column: ColumnGuess, is_key: bool, kind: str) -> bool:
    if column.reading.stranger or column.values.constant or column.meaning in _NO_PERSON:
        return False
    if column.meaning in (*ID_MEANINGS, "national_id", "tax_id") or is_key:
        return True
    if (
        column.meaning not in _GENERIC
        or column.values.dates
        or (column.values.number and not column.values.number.whole)
    ):
        return False
    named = set(read_header(column.name).atoms) & {
        "ID",
        "NUMBER",
        "KEY",
        "CODE",
        "CARD",
    } or column.name.lower().endswith("id")
    return bool(named or column.values.uuid > 0.8) and column.values.distinct >= 20 and column.values.words < 1.1


def _called(column: ColumnGuess, dataset: Dataset) -> str:
    """The type's name by the header: an id of a customer file is a customer id."""
    if column.meaning == "email_hash" or column.meaning == "phone_hash":
        kind = {32: "md5", 40: "sha1", 64: "sha256"}.get(column.values.hash_bits, "hash")
        return f"{column.meaning.removesuffix('_hash')}_{kind}"
    if column.meaning == "customer_id":
        return CUSTOMER
    if column.meaning in (*ID_MEANINGS, "national_id", "tax_id"):
        return column.meaning
    if column.meaning in ("id", "number", "code"):
        for atom, name in (
            ("CUSTOMER", CUSTOMER),
            ("MEMBER", "member_id"),
            ("USER", "user_id"),
            ("LOYALTY", "member_id"),
        ):
            if atom in dataset.words:
                return name
        return f"{dataset.name}_id"
    return free_name(column.name, (), dataset.name)


def _is_running(column: ColumnGuess, count: int) -> bool:
    number = column.values.number
    if number is None or not number.whole or number.share < 0.95 or not count:
        return False
    return number.high - number.low < 20 * max(count, 50) and number.low < 10 * max(count, 1000)


def _same(a: IdColumn, b: IdColumn, nodes: Sequence[IdColumn], datasets: Mapping[str, Dataset], found: Identity) -> str:
    """Why two columns hold the same numbers, '' when they do not or nothing proves it."""
    if not (a.people or b.people) and a.name != b.name and not (a.values.size and b.values.size):
        return ""
    if a.people and b.people and a.column.meaning in ("national_id", "tax_id"):
        return ""  # people sources are compared by them, not joined
    shared = int(np.intersect1d(a.values, b.values, assume_unique=True).size)
    smaller = min(a.values.size, b.values.size)
    if shared < min(_SHARED_AT_LEAST, smaller) or not smaller:
        return ""
    share = shared / smaller
    one_name = a.name == b.name and a.column.meaning in (*ID_MEANINGS, "national_id", "tax_id")
    if a.people and b.people and (a.is_key or b.is_key) and (a.running or b.running or one_name):
        return _same_people(a, b, share, one_name, datasets, found)
    if one_name:
        return f"{a.source} and {b.source} call it so, {share:.0%} of the values are in both"
    if not a.running and not b.running and share >= OVERLAP and _both_may(a, b):
        return f"{share:.0%} of the values of {a.source}.{a.column.name} and {b.source}.{b.column.name} are in both"
    return _reference(a, b, nodes, share)


def _both_may(a: IdColumn, b: IdColumn) -> bool:
    """Not two codes of a shop or an area: on the people side nearly every row has its own value."""
    people = [n for n in (a, b) if n.people]
    return all(n.column.values.variety > 0.8 for n in people) if people else a.column.meaning in ID_MEANINGS


def _reference(a: IdColumn, b: IdColumn, nodes: Sequence[IdColumn], share: float) -> str:
    """A row's number of a customer found among the keys of the only people source that it can mean."""
    if a.people == b.people:
        return ""
    key, row = (a, b) if a.people else (b, a)
    refers = set(read_header(row.column.name).atoms) & _REFERS
    if not key.is_key or not refers or key.column.meaning not in ("id", "row_id", "number", "code", ""):
        return ""
    holds = [n for n in nodes if n.is_key and _contained(row, n) >= CONTAINED]
    own_word = refers & set(key.words)
    if holds != [key] or not (own_word or _same_range(key, row)):
        return ""
    said = "the file's name says so too" if own_word else "and both run equally far"
    return f"{share:.0%} of the values of {row.source}.{row.column.name} are keys of {key.source}, {said}"


def _contained(row: IdColumn, key: IdColumn) -> float:
    shared = np.intersect1d(row.values, key.values, assume_unique=True).size
    return float(shared / max(1, row.values.size))


def _same_range(key: IdColumn, row: IdColumn) -> bool:
    """Both count equally far: two unrelated tables have different sizes."""
    ours, theirs = key.column.values.number, row.column.values.number
    return bool(ours and theirs and row.values.size >= 50 and 0.9 <= theirs.high / max(1.0, ours.high) <= 1.0)


def _same_people(
    a: IdColumn, b: IdColumn, share: float, one_name: bool, datasets: Mapping[str, Dataset], found: Identity
) -> str:
    """Two people sources with the same numbers: the same only when the persons behind them agree."""
    agree, compared = _agreement(datasets[a.source], a.column.name, datasets[b.source], b.column.name)
    if compared >= 5:
        if agree >= 0.5 and (one_name or share >= OVERLAP):
            return (
                f"{share:.0%} of the values are in both, and {agree:.0%} of {compared} such pairs look like one person"
            )
        found.warnings.append(
            f"{a.source}.{a.column.name} and {b.source}.{b.column.name} hold the same numbers for different persons:"
            " they are not used as one identifier"
        )
        return ""
    if one_name and not (a.running and b.running) and share >= 0.05:
        return f"{a.source} and {b.source} call it so, {share:.0%} of the values are in both"
    return ""


def may_refer(column: ColumnGuess) -> bool:
    """A number of somebody that comes back: under a header that says little."""
    v = column.values
    open_ = column.meaning in ("", "id", "row_id", "number", "code", "uuid", "row_key") and not column.reading.stranger
    return open_ and v.has_digit > 0.9 and v.words < 1.1 and v.distinct >= 20 and v.fill > 0.9 and v.variety < 0.95


def refers(dataset: Dataset, column: ColumnGuess, people: Dataset) -> bool:
    """The column's values are nearly all in one column of the people, where each occurs once; no running numbers."""
    rows = distinct_values(dataset, [column.name])[column.name]
    keys = [c for c in people.columns if c.values.variety > 0.98 and c.values.fill > 0.98 and c.values.words < 1.1]
    for key in keys[:8]:
        theirs = distinct_values(people, [key.name])[key.name]
        shared = np.intersect1d(rows, theirs, assume_unique=True).size
        if shared >= CONTAINED * max(1, rows.size) and not _is_running(key, len(theirs)):
            return True
    return False


def _agreement(left: Dataset, left_key: str, right: Dataset, right_key: str) -> tuple[float, int]:
    """Of sampled rows with one number: the share with an equal e-mail, name or birth date, and how many they are."""
    pairs = [
        (x[0].name, y[0].name)
        for meaning in ("email", "birth_date", "family_name", "full_name", "phone", "postcode")
        if (x := left.find(meaning)) and (y := right.find(meaning))
    ]
    rows: dict[str, list[str | None]] = {}
    theirs = [right.cells(c) for _, c in pairs]
    for place, number in enumerate(right.cells(right_key)):
        if number:
            rows[number] = [cells[place] for cells in theirs]
    ours = [left.cells(c) for c, _ in pairs]
    compared = agreed = 0
    for place, number in enumerate(left.cells(left_key)):
        other = rows.get(number) if number else None
        if other is None:
            continue
        both = [(m, o) for m, o in zip((c[place] for c in ours), other, strict=True) if m and o]
        if both:
            compared += 1
            agreed += any(fold(m) == fold(o) for m, o in both)
    return (agreed / compared if compared else 0.0), compared


def _name_groups(nodes: Sequence[IdColumn], roots: Sequence[int], found: Identity) -> None:
    """One name a group: the clearest header's, a people source's first; a second group never takes it."""
    taken: dict[str, int] = {}
    for group in dict.fromkeys(roots):
        members = [n for n, r in zip(nodes, roots, strict=True) if r == group]
        ranked = sorted(members, key=lambda n: (n.column.meaning not in ID_MEANINGS, not n.people))
        name = ranked[0].name
        for node in members:
            found.types[(node.source, node.column.name)] = name
        taken[name] = group
    _part_running(nodes, roots, found)


def _part_running(nodes: Sequence[IdColumn], roots: Sequence[int], found: Identity) -> None:
    """Groups that were kept apart must not meet under one name: keys of two people sources with running numbers."""
    seen: dict[str, tuple[int, IdColumn]] = {}
    for node, group in zip(nodes, roots, strict=True):
        name = found.types[(node.source, node.column.name)]
        before = seen.setdefault(name, (group, node))
        if before[0] != group and node.people and before[1].people:
            for other, theirs in zip(nodes, roots, strict=True):
                if theirs == group:
                    found.types[(other.source, other.column.name)] = f"{node.source}_{name}"

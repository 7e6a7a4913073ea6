"""A few records as the stages saw them: their rows, under numbers from 1, in tables of the names that stages read.

The code of the stages then works on them as it did in the build. What rests on all records (how common a value is,
which source lacks which field) is taken from the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from cxid.config.fields import DERIVED
from cxid.engine.base import Engine, literal, quote
from cxid.explain.model import Record, Sharing, Tried
from cxid.explain.run import Run, Saved, listed
from cxid.model import Field
from cxid.stages.link.atoms import Atom, key_atoms
from cxid.stages.link.compare import Comparer
from cxid.stages.link.levels import BAND_BITS

_WHOLE = ("link_class", "link_tie", "link_source")


@dataclass(frozen=True)
class Few:
    """The tables of a few records in the run's engine; `numbers` is the run's number -> the number here."""

    run: Run
    records: tuple[Record, ...]

    @property
    def numbers(self) -> dict[int, int]:
        return {r.record_no: i for i, r in enumerate(self.records, start=1)}

    def record(self, number: int) -> Record:
        """The record of a number here."""
        return self.records[number - 1]

    @property
    def engine(self) -> Engine:
        return self.run.engine

    @classmethod
    def of(cls, run: Run, records: Iterable[Record]) -> Few:
        """Makes the tables that comparing needs."""
        few = cls(run, tuple(sorted(set(records))))
        numbered = ", ".join(f"({n}, {i})" for n, i in few.numbers.items())
        few.engine.run("few", f"SELECT * FROM (VALUES {numbered}) AS f (few_no, number)")
        few.take("record_norm")
        for table in _WHOLE:
            few.engine.run(table, f"SELECT * FROM run_{table}")
        return few

    def take(self, table: str, columns: Sequence[str] = ()) -> None:
        """A table with the rows of these records alone, of all columns or of some."""
        columns = columns or [c for c in self.engine.columns(f"run_{table}") if c != "record_no"]
        named = "".join(f", t.{quote(c)}" for c in columns)
        self.engine.run(
            table,
            f"SELECT CAST(f.number AS BIGINT) AS record_no{named} FROM run_{table} AS t "
            f"INNER JOIN few AS f ON t.record_no = f.few_no WHERE t.record_no IN ({listed(self.numbers)}) "
            "ORDER BY f.number",
        )

    def take_pairs(self, table: str) -> None:
        """A table of pairs with those among these records alone."""
        columns = [c for c in self.engine.columns(f"run_{table}") if c not in ("record_no_a", "record_no_b")]
        named = "".join(f", t.{quote(c)}" for c in columns)
        wanted = listed(self.numbers)
        self.engine.run(
            table,
            "SELECT CAST(a.number AS BIGINT) AS record_no_a, CAST(b.number AS BIGINT) AS record_no_b"
            f"{named} FROM run_{table} AS t INNER JOIN few AS a ON t.record_no_a = a.few_no "
            "INNER JOIN few AS b ON t.record_no_b = b.few_no "
            f"WHERE t.record_no_a IN ({wanted}) AND t.record_no_b IN ({wanted})",
        )


def _repeated(few: Few, fields: Sequence[Field]) -> dict[int, list[str]]:
    """Position of a field -> values that stand more than once among these records: the only ones that can agree."""
    parts = [
        f"SELECT {i} AS field, {quote(s)} AS value FROM record_norm WHERE {quote(s)} IS NOT NULL"
        for i, f in enumerate(fields)
        for s in f.slots
    ]
    found = few.engine.fetch(
        f"SELECT field, value FROM ({' UNION ALL '.join(parts)}) AS v GROUP BY field, value HAVING count(*) > 1 "
        "ORDER BY field, value"
    ).to_pylist()
    repeated: dict[int, list[str]] = {}
    for row in found:
        repeated.setdefault(row["field"], []).append(row["value"])
    return repeated


def _count_values(few: Few, fields: Sequence[Field]) -> None:
    """Table link_value of the values that can agree, with the bands of the run."""
    repeated = _repeated(few, fields)
    places = [
        f"SELECT {i} AS field, {quote(s)} AS value, record_no * {len(fields[i].slots)} + {j} AS place FROM record_norm "
        f"WHERE {quote(s)} IN ({', '.join(literal(v) for v in values)})"
        for i, values in repeated.items()
        for j, s in enumerate(fields[i].slots)
    ] or ["SELECT 0 AS field, '' AS value, CAST(0 AS BIGINT) AS place WHERE FALSE"]
    few.engine.run(
        "link_value",
        f"""WITH place AS ({" UNION ALL ".join(places)}),
        first AS (SELECT field, value, min(place) AS place FROM place GROUP BY field, value)
        SELECT CAST(f.field AS INTEGER) AS field, f.value, f.place, coalesce(b.band, 0) AS band
        FROM first f LEFT JOIN run_link_band b ON b.field_no = f.field AND b.value = f.value""",
    )


def make_link_records(few: Few, saved: Saved) -> None:
    """Table link_record of these records, each for itself, with the bands of the run.

    A value's code is the place where it stands first among these records, times a power of two, plus its band.
    """
    _count_values(few, saved.fields)
    codes, joins = [], []
    for i, field in enumerate(saved.fields):
        for j, slot in enumerate(field.slots):
            place = f"coalesce(v{i}_{j}.place, r.record_no * {len(field.slots)} + {j})"
            code = f"{place} * {1 << BAND_BITS} + coalesce(v{i}_{j}.band, 0)"
            value = f"r.{quote(slot)}"
            codes.append(
                f"CAST(CASE WHEN {value} IS NULL THEN -1 ELSE {code} END AS INTEGER) AS {quote(slot + '_code')}"
            )
            joins.append(f"LEFT JOIN link_value v{i}_{j} ON v{i}_{j}.field = {i} AND v{i}_{j}.value = {value}")
    few.engine.run(
        "link_record",
        "SELECT r.record_no, r.record_no - 1 AS rank, CAST(NULL AS INTEGER) AS alone, s.absent, "
        f"CAST(1 AS BIGINT) AS copies, {', '.join(codes)} FROM record_norm r "
        f"JOIN link_source s ON s.source = r.source {' '.join(joins)} ORDER BY r.record_no",
    )


def find_patterns(few: Few, saved: Saved, pairs: Sequence[tuple[int, int]]) -> list[int]:
    """The packed pattern of each pair of numbers, by the comparing of the link stage. Needs link_record."""
    comparer = Comparer(few.engine, saved.comparisons)
    left, right = (np.array([p[i] for p in pairs], np.int64) for i in (0, 1))
    return [int(p) for p in comparer.patterns(left, right)]


def _told_values(few: Few, atoms: Sequence[Atom], numbers: tuple[int, int]) -> list[tuple[set[str], set[str]]]:
    """For each atom the keys of either record."""
    columns = ", ".join(
        f"CAST({sql} AS VARCHAR) AS c{i}_{j}" for i, atom in enumerate(atoms) for j, sql in enumerate(atom.sql)
    )
    rows = {
        r["record_no"]: r
        for r in few.engine.fetch(
            f"SELECT record_no, {columns} FROM record_norm WHERE record_no IN ({listed(numbers)})"
        ).to_pylist()
    }

    def keys(number: int, i: int) -> set[str]:
        row = rows.get(number, {})
        found = (row.get(f"c{i}_{j}") for j in range(len(atoms[i].sql)))
        return {v for v in found if v is not None}

    return [(keys(numbers[0], i), keys(numbers[1], i)) for i in range(len(atoms))]


def try_rules(few: Few, saved: Saved, numbers: tuple[int, int]) -> tuple[Tried, ...]:
    """Each blocking rule of the run held against two records."""
    known = {a.name: a for a in key_atoms(saved.fields)}
    rules = [(rule, [known[n] for n in rule.split(" + ") if n in known]) for rule in few.run.rules]
    atoms = list({a.name: a for _, found in rules for a in found}.values())
    if not atoms:
        return ()
    told = {}
    for atom, (mine, theirs) in zip(atoms, _told_values(few, atoms, numbers), strict=True):
        shared = Sharing.SHARED if mine & theirs else Sharing.DIFFERS
        told[atom.name] = shared if mine and theirs else Sharing.MISSING
    return tuple(_tried(rule, [(a.name, told[a.name]) for a in found]) for rule, found in rules)


def _tried(rule: str, parts: Sequence[tuple[str, Sharing]]) -> Tried:
    unshared = tuple((name, how) for name, how in parts if how is not Sharing.SHARED)
    if not unshared:
        return Tried(rule, Sharing.SHARED)
    missing = any(how is Sharing.MISSING for _, how in unshared)
    return Tried(rule, Sharing.MISSING if missing else Sharing.DIFFERS, unshared)


def best_slots(few: Few, saved: Saved, numbers: tuple[int, int]) -> dict[str, tuple[str, str]]:
    """Field -> the two columns whose values agree best, for fields of several columns."""
    found: dict[str, tuple[str, str]] = {}
    for comparison in saved.comparisons:
        slots = comparison.field.slots
        if len(slots) < 2:
            continue
        left, right = (_texts(comparison.field, n) for n in numbers)
        x = quote(slots[0])
        rows = few.engine.fetch(
            f"SELECT a.slot AS mine, b.slot AS theirs, CASE WHEN a.{x} = b.{x} THEN -1 ELSE {comparison.near} END "
            f"AS level FROM ({left}) AS a CROSS JOIN ({right}) AS b WHERE a.{x} IS NOT NULL AND b.{x} IS NOT NULL "
            "ORDER BY level, mine, theirs LIMIT 1"
        ).to_pylist()
        if rows:
            found[comparison.name] = (slots[rows[0]["mine"]], slots[rows[0]["theirs"]])
    return found


def _texts(field: Field, number: int) -> str:
    """The values of a record, one row for each of the field's columns."""
    return " UNION ALL ".join(
        f"SELECT {i} AS slot, {_as_first(field, i)} FROM record_norm WHERE record_no = {int(number)}"
        for i in range(len(field.slots))
    )


def _as_first(field: Field, number: int) -> str:
    """The columns of a slot under the names of the first one."""
    suffixes = ("", *(f"_{x}" for x in DERIVED.get(field.type, {})))
    slots = field.slots
    return ", ".join(f"{quote(slots[number] + s)} AS {quote(slots[0] + s)}" for s in suffixes)


def every_pair(left: Sequence[int], right: Sequence[int]) -> list[tuple[int, int]]:
    """Each number on one side with each on the other, the smaller first."""
    return sorted({(min(a, b), max(a, b)) for a, b in product(left, right) if a != b})

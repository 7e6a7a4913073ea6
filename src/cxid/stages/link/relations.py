"""The SQL of this stage that depends on the config: records, their value counts, proposed pairs, patterns.

Functions of the engine outside the portable subset live here, in `codes` and in `levels`: `hash` (keys of
one run, never stored) and `jaro_winkler_similarity`, `levenshtein` (over ASCII).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from cxid.engine.base import Engine, literal, quote
from cxid.model import Field
from cxid.stages.link.atoms import Atom, record_columns
from cxid.stages.link.levels import BAND_BITS, BANDS, Comparison

PAIR_BITS = 31
PAIR_BASE = 2**PAIR_BITS  # a pair is one BIGINT: the smaller record times this, plus the larger


def make_members(engine: Engine, fields: Sequence[Field], one_per_source: Sequence[str]) -> None:
    """Table link_member (record_no, rep): each record and the first record that is identical to it.

    Records of a source that holds each person once stand for themselves: they may not be one person.
    """
    slots = [quote(s) for f in fields for s in f.slots]
    kept_apart = f"source IN ({', '.join(literal(s) for s in one_per_source)})" if one_per_source else "FALSE"
    own = f"CASE WHEN {kept_apart} THEN record_no ELSE 0 END"
    present = " OR ".join(f"{s} IS NOT NULL" for s in slots)
    same = " AND ".join(f"r.{s} IS NOT DISTINCT FROM f.{s}" for s in slots)
    engine.run(
        "link_member",
        f"""WITH keyed AS (
            SELECT record_no, hash({own}, {", ".join(slots)}) AS key FROM record_norm WHERE {present}
        ), firsts AS (SELECT key, min(record_no) AS rep FROM keyed GROUP BY key HAVING count(*) > 1),
        doubles AS (
            SELECT k.record_no, g.rep FROM keyed k JOIN firsts g ON k.key = g.key
            JOIN record_norm r ON r.record_no = k.record_no JOIN record_norm f ON f.record_no = g.rep
            WHERE k.record_no <> g.rep AND {same}
        )
        SELECT k.record_no, coalesce(d.rep, k.record_no) AS rep
        FROM keyed k LEFT JOIN doubles d ON d.record_no = k.record_no""",
    )


def _place(field: Field, number: int) -> str:
    """Where a value stands: record number and slot in one."""
    return f"r.record_no * {len(field.slots)} + {number}"


def make_value_counts(engine: Engine, fields: Sequence[Field]) -> None:
    """Table link_value (field, value, records, place, band): values that two or more records carry, and how many do.

    Bands split log2 of the count evenly between 2 and the field's largest count; `place` is the value's first.
    """
    parts = [
        f"SELECT CAST({i} AS INTEGER) AS field, {quote(s)} AS value, {_place(f, j)} AS place FROM record_norm r "
        f"JOIN link_member m ON m.record_no = r.record_no WHERE {quote(s)} IS NOT NULL"
        for i, f in enumerate(fields)
        for j, s in enumerate(f.slots)
    ]
    engine.run(
        "link_value",
        f"""WITH value AS ({" UNION ALL ".join(parts)}),
        counted AS (
            SELECT field, value, count(*) AS records, min(place) AS place FROM value
            GROUP BY field, value HAVING count(*) > 1
        ),
        widest AS (SELECT field, max(records) AS largest FROM counted GROUP BY field)
        SELECT c.field, c.value, c.records, c.place, {band_sql("c.records", "w.largest")} AS band
        FROM counted c JOIN widest w ON w.field = c.field""",
    )


def band_sql(records: str, largest: str) -> str:
    """The band of a value that so many records carry, in a field whose most common value `largest` records carry."""
    top = f"greatest(log2({largest}), 1.0 + {BANDS})"
    return f"CAST(least({BANDS - 1}, floor((log2({records}) - 1) * {BANDS} / ({top} - 1))) AS TINYINT)"


def make_fields(engine: Engine, comparisons: Sequence[Comparison]) -> None:
    """Table link_field: what is compared, in the order of the pattern, and what the bands of values rest on."""
    rows = [(i, c.name, c.field.type.value, ",".join(c.field.slots)) for i, c in enumerate(comparisons)]
    values = ", ".join(f"({i}, {literal(name)}, {literal(type_)}, {literal(slots)})" for i, name, type_, slots in rows)
    engine.run(
        "link_field",
        f"""WITH field AS (SELECT * FROM (VALUES {values}) AS listed (field_no, field, type, slots)),
        widest AS (SELECT field AS field_no, max(records) AS largest FROM link_value GROUP BY field)
        SELECT f.field_no, f.field, f.type, f.slots, coalesce(w.largest, 1) AS largest
        FROM field f LEFT JOIN widest w ON w.field_no = f.field_no ORDER BY f.field_no""",
    )


_ABSENT = 200  # a source with one value in so many records does not carry the field


def make_sources(engine: Engine, fields: Sequence[Field]) -> None:
    """Table link_source (source, absent): one bit for each field that the source does not carry."""
    bits = [
        f"CASE WHEN count(*) FILTER (WHERE {' OR '.join(f'{quote(s)} IS NOT NULL' for s in f.slots)}) * {_ABSENT} "
        f"< count(*) THEN {1 << i} ELSE 0 END"
        for i, f in enumerate(fields)
    ]
    engine.run(
        "link_source",
        f"SELECT source, CAST({' + '.join(bits)} AS BIGINT) AS absent FROM record_norm GROUP BY source ORDER BY source",
    )


def make_records(engine: Engine, fields: Sequence[Field], one_per_source: Sequence[str]) -> None:
    """Table link_record: one row for each distinct record, with its rank and the code of each value (see `codes`)."""
    columns = ", ".join(f"r.{quote(c)}" for c in record_columns(tuple(fields)))
    codes, joins = [], []
    for i, field in enumerate(fields):
        for j, slot in enumerate(field.slots):
            place, band = f"coalesce(v{i}_{j}.place, {_place(field, j)})", f"coalesce(v{i}_{j}.band, 0)"
            codes.append(f"CAST({place} * {1 << BAND_BITS} + {band} AS BIGINT) AS {quote(slot + '_code')}")
            joins.append(f"LEFT JOIN link_value v{i}_{j} ON v{i}_{j}.field = {i} AND v{i}_{j}.value = r.{quote(slot)}")
    arms = " ".join(f"WHEN {literal(s)} THEN {i}" for i, s in enumerate(one_per_source))
    alone = f"CAST(CASE r.source {arms} END AS INTEGER)" if arms else "CAST(NULL AS INTEGER)"
    engine.run(
        "link_record",
        f"""WITH copy AS (SELECT rep, count(*) AS copies FROM link_member GROUP BY rep)
        SELECT r.record_no, {alone} AS alone, s.absent, c.copies, {columns}, {", ".join(codes)},
            row_number() OVER (ORDER BY r.record_no) - 1 AS rank
        FROM record_norm r JOIN copy c ON c.rep = r.record_no
        JOIN link_source s ON s.source = r.source {" ".join(joins)}
        ORDER BY r.record_no""",
    )


def hashes_sql(atom: Atom) -> str:
    """A number for each slot of an atom and each record, in the order of link_record: the same for the same key.

    0 where the record has no key.
    """
    columns = (f"CASE WHEN ({s}) IS NULL THEN 0 ELSE hash({s}) | 1 END AS h{i}" for i, s in enumerate(atom.sql))
    return f"SELECT {', '.join(columns)} FROM link_record"


def keys_sql(atoms: Sequence[Atom], within: str) -> str:
    """(record_no, key0, key1, ...): a key for each way in which a record has all of the atoms.

    A key is NULL where the record lacks one of the values; records without any key are left out. `within` names a
    table of the only records (record_no) that are asked.
    """
    ways = list(product(*(a.sql for a in atoms)))
    present = [" AND ".join(f"({s}) IS NOT NULL" for s in way) for way in ways]
    keys = [f"hash({', '.join(way)})" for way in ways]
    if len(ways) > 1:
        keys = [f"CASE WHEN {has} THEN {key} END" for has, key in zip(present, keys, strict=True)]
    named = ", ".join(f"{key} AS key{i}" for i, key in enumerate(keys))
    some = " OR ".join(f"({has})" for has in present)
    asked = f"record_no IN (SELECT record_no FROM {within})"
    return f"SELECT record_no, {named} FROM link_record WHERE ({some}) AND {asked}"


DOUBLES = """SELECT m.rep AS record_no_a, m.record_no AS record_no_b, r.copies AS twice, i.pattern
    FROM link_member m JOIN link_itself i ON i.record_no = m.record_no JOIN link_record r ON r.record_no = m.rep
    WHERE m.record_no <> m.rep"""
"""(record_no_a, record_no_b, twice, pattern): each record with the first one that is identical to it.

`twice` is two times the pairs that it stands for among its identical records.
"""

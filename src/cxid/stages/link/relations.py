"""The SQL of this stage that depends on the config: compared fields, sources, keys.

Functions of the engine outside the portable subset live here, in `codes` and in `levels`: `hash` (keys of
one run, never stored) and `jaro_winkler_similarity`, `levenshtein` (over ASCII).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from cxid.engine.base import Engine, literal, quote
from cxid.model import Field
from cxid.stages.link.atoms import Atom
from cxid.stages.link.levels import BANDS, Comparison

PAIR_BITS = 31
PAIR_BASE = 2**PAIR_BITS  # a pair is one BIGINT: the smaller record times this, plus the larger


def hash_sql(expression: str) -> str:
    """A number of 63 bits for each text, the same for the same; 0 where there is none."""
    return f"CASE WHEN ({expression}) IS NULL THEN 0 ELSE hash({expression}) | 1 END"


def band_sql(records: str, largest: str) -> str:
    """The band of a value that so many records carry, in a field whose most common value `largest` records carry."""
    top = f"greatest(log2({largest}), 1.0 + {BANDS})"
    return f"CAST(least({BANDS - 1}, floor((log2({records}) - 1) * {BANDS} / ({top} - 1))) AS TINYINT)"


def bands_of_counts(kept: int | None = None) -> str:
    """(field, records, different, band) of the counts of one field in link_count (field, records, different).

    Bands split log2 of the count evenly between 2 and the field's largest count: of now, or as the model that is
    kept had it of field number `kept`.
    """
    now = "(SELECT max(records) AS largest FROM link_count)"
    widest = now if kept is None else f"(SELECT largest FROM kept_field WHERE field_no = {kept})"
    return f"""SELECT c.field, c.records, c.different, {band_sql("c.records", "w.largest")} AS band
    FROM link_count c CROSS JOIN {widest} w"""


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


def hashes_sql(atom: Atom) -> str:
    """A number for each slot of an atom and each record of record_norm: the same for the same key, 0 for none."""
    return f"SELECT {', '.join(f'{hash_sql(s)} AS h{i}' for i, s in enumerate(atom.sql))} FROM record_norm"


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
    return f"SELECT record_no, {named} FROM record_norm WHERE ({some}) AND {asked}"


DOUBLES = """SELECT m.rep AS record_no_a, m.record_no AS record_no_b, r.copies AS twice, i.pattern
    FROM link_member m JOIN link_itself i ON i.record_no = m.record_no JOIN link_record r ON r.record_no = m.rep
    WHERE m.record_no <> m.rep"""
"""(record_no_a, record_no_b, twice, pattern): each record with the first one that is identical to it.

`twice` is two times the pairs that it stands for among its identical records.
"""

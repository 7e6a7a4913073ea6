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
from cxid.stages.link.choice import Rule
from cxid.stages.link.levels import BAND_BITS, BANDS

PAIR_BASE = 2**31  # a pair is one BIGINT: the smaller record times this, plus the larger


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
        widest AS (SELECT field, greatest(log2(max(records)) , 1.0 + {BANDS}) AS top FROM counted GROUP BY field)
        SELECT c.field, c.value, c.records, c.place,
            CAST(least({BANDS - 1}, floor((log2(c.records) - 1) * {BANDS} / (w.top - 1))) AS TINYINT) AS band
        FROM counted c JOIN widest w ON w.field = c.field""",
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
        f"SELECT source, CAST({' + '.join(bits)} AS BIGINT) AS absent FROM record_norm GROUP BY source",
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


_MAY_PAIR = "coalesce(a.alone <> b.alone, TRUE)"


def _keyed(atoms: Sequence[Atom], record: str = "link_record") -> str:
    """(record_no, alone, key) for every way in which a record has all of the atoms."""
    ways = []
    for slots in product(*(a.sql for a in atoms)):
        present = " AND ".join(f"({s}) IS NOT NULL" for s in slots)
        ways.append(f"SELECT record_no, alone, hash({', '.join(slots)}) AS key FROM {record} WHERE {present}")
    return ways[0] if len(ways) == 1 else " UNION ".join(ways)


def blocks_sql(atoms: Sequence[Atom], cap: int) -> str:
    """One row: largest block, blocks over the cap, records in them and the pairs they would make."""
    return f"""WITH keyed AS ({_keyed(atoms)}), block AS (SELECT count(*) AS n FROM keyed GROUP BY key)
        SELECT coalesce(max(n), 0), count(*) FILTER (WHERE n > {cap}),
            coalesce(CAST(sum(n * (n - 1) / 2) FILTER (WHERE n > {cap}) AS BIGINT), 0) FROM block"""


def proposals_sql(rule: Rule, number: int, cap: int, *, capped: bool, within: str = "link_record") -> str:
    """(pair, rules): the pairs of one rule; blocks over the cap are left out where `capped`."""
    small = "SELECT * FROM keyed"
    if capped:
        small = (
            "SELECT k.* FROM keyed k JOIN (SELECT key FROM keyed GROUP BY key "
            f"HAVING count(*) BETWEEN 2 AND {cap}) c ON c.key = k.key"
        )
    return f"""WITH keyed AS ({_keyed(rule.atoms, within)}), small AS ({small})
        SELECT a.record_no * {PAIR_BASE} + b.record_no AS pair, CAST({1 << number} AS BIGINT) AS rules
        FROM small a JOIN small b ON a.key = b.key AND a.record_no < b.record_no WHERE {_MAY_PAIR}"""


def crowd_sql(rule: Rule, cap: int) -> str:
    """The records that sit in blocks of the rule over the cap."""
    return f"""WITH keyed AS ({_keyed(rule.atoms)}),
        crowd AS (SELECT key FROM keyed GROUP BY key HAVING count(*) > {cap}),
        member AS (SELECT DISTINCT k.record_no FROM keyed k JOIN crowd c ON c.key = k.key)
        SELECT r.* FROM link_record r JOIN member m ON m.record_no = r.record_no"""


DOUBLES = """SELECT m.rep AS record_no_a, m.record_no AS record_no_b, r.copies AS twice, i.pattern
    FROM link_member m JOIN link_itself i ON i.record_no = m.record_no JOIN link_record r ON r.record_no = m.rep
    WHERE m.record_no <> m.rep"""
"""(record_no_a, record_no_b, twice, pattern): each record with the first one that is identical to it.

`twice` is two times the pairs that it stands for among its identical records.
"""

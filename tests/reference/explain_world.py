"""Small published worlds to ask questions about: the stage's own customers over a model that can be worked out by hand.

Two fields are compared, given name and birth date. Agreeing on one is worth 6 bits, differing on it costs 4, a missing
value says nothing, and 4 bits are against any two records: both agree +8, one of them -2, none -12, one known +2 or -8.
Values are told to be equal, missing or different, so that a pair's level can be read off the test.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log2
from typing import Any

import pyarrow as pa

from cxid.config.model import Match
from cxid.engine.base import quote
from cxid.explain.customer import explain_customer
from cxid.explain.model import CustomerAnswer, PairAnswer
from cxid.explain.pair import explain_pair
from cxid.explain.run import Mask, Run, as_is
from cxid.model import Field, FieldType
from cxid.stages.link.levels import BANDS, LevelKind, comparisons
from cxid.stages.stitch.cluster import log_odds
from tests.reference.stitch_world import Happening, Row, World, stitched

FIELDS = (
    Field("given_name", FieldType.GIVEN_NAME, ("given_name",)),
    Field("birth_date", FieldType.BIRTH_DATE, ("birth_date",)),
)
COMPARED = comparisons(FIELDS)
SHARES = {  # log2 of the share among matches and among strangers
    LevelKind.EXACT: (-1.0, -7.0), LevelKind.DIFFERENT: (-5.0, -1.0), LevelKind.MISSING: (-1.0, -1.0),
    LevelKind.PARTIAL: (-3.0, -3.0), LevelKind.NEUTRAL: (0.0, 0.0),
}  # fmt: skip
PRIOR = -4.0
MODEL = [
    row
    for number in (0, 1)
    for row in (
        (number, -1, 0, "prior", PRIOR if number == 0 else 0.0),
        *(
            (number, i, j, level.kind.value, SHARES[level.kind][number])
            for i, c in enumerate(COMPARED)
            for j, level in enumerate(c.levels)
        ),
    )
]
_DERIVED = ("given_name_phonetic", "given_name_initial", "birth_date_swapped")


def person(key: str, given: str | None = None, born: str | None = None, **more: Any) -> Row:
    """A record with a name and a birth date; `source`, `ids` and further values as keywords."""
    values = {"given_name": given, "birth_date": born, **more.pop("values", {})}
    return Row(key, values={n: v for n, v in values.items() if v is not None}, **more)


def levels_of(a: Row, b: Row, rows: Sequence[Row]) -> tuple[int, ...]:
    """The level numbers of a pair, worked out in the most obvious way."""
    found = []
    for comparison in COMPARED:
        x, y = (r.values.get(comparison.name) for r in (a, b))
        if x is None or y is None:
            found.append(comparison.missing)
        elif x == y:
            found.append(_band(sum(r.values.get(comparison.name) == x for r in rows)))
        else:
            found.append(comparison.different)
    return tuple(found)


def _band(records: int) -> int:
    """Of a value in a small world, where bands are one for each doubling."""
    return min(BANDS - 1, records.bit_length() - 2)


def bits_of(levels: Sequence[int]) -> float:
    """The weight of a pair with these levels."""
    kinds = [c.levels[n].kind for c, n in zip(COMPARED, levels, strict=True)]
    return PRIOR + sum(SHARES[k][0] - SHARES[k][1] for k in kinds)


@dataclass(frozen=True)
class Asked:
    """A world that can be asked why."""

    world: World
    run: Run

    def pair(self, a: str, b: str, mask: Mask = as_is) -> PairAnswer:
        """The answer about the records of two keys."""
        return explain_pair(self.run, *(self._record(k) for k in (a, b)), mask)

    def customer(self, key: str, mask: Mask = as_is) -> CustomerAnswer:
        """The answer about the customer of a record."""
        return explain_customer(self.run, self._record(key).customer_id, mask)

    def by_id(self, customer_id: str) -> CustomerAnswer:
        """The answer about a customer."""
        return explain_customer(self.run, customer_id)

    def _record(self, key: str) -> Any:
        rows = self.world.rows("SELECT record_no, record_key FROM run_record")
        number = next(r["record_no"] for r in rows if r["record_key"] == key)
        return self.run.records([number])[number]


def asked(
    rows: Sequence[Row],
    pairs: Sequence[tuple[str, str]],
    *,
    match: Match | None = None,
    decisions: Sequence[tuple[str, str, str]] = (),
    events: Sequence[Happening] = (),
) -> Asked:
    """A world in which these pairs were proposed, by their birth date where they share it; records that are equal in
    both fields are identical and need not be named."""
    match = match or Match()
    by_key = {r.key: r for r in rows}
    scored = []
    for a, b in pairs:
        levels = levels_of(by_key[a], by_key[b], rows)
        scored.append((a, b, bits_of(levels), levels[0] + len(COMPARED[0].levels) * levels[1]))
    for group in _twins(rows, match):
        levels = levels_of(group[0], group[0], rows)
        pattern = levels[0] + len(COMPARED[0].levels) * levels[1]
        scored += [(group[0].key, r.key, bits_of(levels), pattern, "identical") for r in group[1:]]
    world = stitched(rows, scored, events, match=match, decisions=decisions, model=MODEL, threads=1)
    _keep(world, rows, log_odds(match.auto))
    return Asked(world, Run(world.engine, match.one_per_source))


def _twins(rows: Sequence[Row], match: Match) -> list[list[Row]]:
    """Records that are equal in both fields, the first of them first."""
    groups: dict[Any, list[Row]] = {}
    for row in sorted(rows, key=lambda r: (r.source, r.key)):
        key = tuple(row.values.get(f.name) for f in FIELDS)
        if row.source not in match.one_per_source and any(key):
            groups.setdefault(key, []).append(row)
    return [g for g in groups.values() if len(g) > 1]


def _counted(rows: Sequence[Row], name: str) -> list[tuple[str, int]]:
    """The values of a field and how many records carry each."""
    return sorted(Counter(r.values[name] for r in rows if r.values.get(name)).items())


def _keep(world: World, rows: Sequence[Row], cut: int) -> None:
    """The tables of the run under the names by which an explanation reads them, with what linkage would have kept."""
    engine = world.engine
    levels = [(c.name, j, level, *SHARES[level.kind]) for c in COMPARED for j, level in enumerate(c.levels)]
    model = {
        "field": pa.array([r[0] for r in levels]),
        "level_no": pa.array([r[1] for r in levels], pa.int32()),
        "level": pa.array([r[2].name for r in levels]),
        "weight": pa.array([round(1e6 * (r[3] - r[4])) for r in levels], pa.int64()),
        "m": pa.array([2.0 ** r[3] for r in levels]),
        "u": pa.array([2.0 ** r[4] for r in levels]),
    }
    largest = [max([sum(r.values.get(f.name) == x.values[f.name] for r in rows)
                    for x in rows if f.name in x.values], default=1) for f in FIELDS]  # fmt: skip
    fields = {
        "field_no": pa.array([0, 1], pa.int32()),
        "field": pa.array([f.name for f in FIELDS]),
        "type": pa.array([f.type.value for f in FIELDS]),
        "slots": pa.array([",".join(f.slots) for f in FIELDS]),
        "largest": pa.array(largest, pa.int64()),
    }
    counts = [(i, v, n) for i, f in enumerate(FIELDS) for v, n in _counted(rows, f.name) if n >= 4]
    bands = {
        "field_no": pa.array([i for i, _, _ in counts], pa.int32()),
        "value": pa.array([v for _, v, _ in counts], pa.string()),
        "band": pa.array([min(5, floor((log2(n) - 1) * 6 / (max(log2(largest[i]), 7) - 1))) for i, _, n in counts], pa.int32()),
    }  # fmt: skip
    figures = {"prior_micro_bits": str(round(PRIOR * 1e6)), "cut_micro_bits": str(cut)}
    summary = {"name": pa.array(list(figures)), "value": pa.array(list(figures.values()))}
    for name, columns in (
        ("link_model", model),
        ("link_field", fields),
        ("link_summary", summary),
        ("link_band", bands),
    ):
        engine.load(name, pa.table(columns))
    engine.run("link_source", "SELECT DISTINCT source, CAST(0 AS BIGINT) AS absent FROM record")
    engine.run("link_pattern", "SELECT * FROM link_pattern WHERE FALSE")
    parts = "given_name, given_name AS middle_name, family_name"
    engine.run("record_name", f"SELECT record_no, {parts} FROM record WHERE FALSE")
    nothing = "".join(f", CAST(NULL AS VARCHAR) AS {quote(c)}" for c in _DERIVED)
    engine.run("record_norm", f"SELECT *{nothing} FROM record_norm")
    engine.run("event", "SELECT *, 'web' AS source FROM event")
    for table in sorted(engine.tables()):
        engine.run(f"run_{table}", f"SELECT * FROM {table}")

"""Names that are slips of another name of the same customer: nearly the same letters, and far rarer in the data.

Where two records say Babatunde and Babatundee, neither has a majority; how often each name stands in all records tells
which of them somebody mistyped. Only names and cities: elsewhere two values that are nearly equal may both be right.
"""

from __future__ import annotations

from collections.abc import Sequence

from cxid.engine.base import Engine
from cxid.model import Field, FieldType, SurvivorshipRule
from cxid.stages.golden.choice import Unit
from cxid.stages.golden.settled import PART
from cxid.stages.golden.values import NAME_TYPES, Values

_TYPES = (*NAME_TYPES, FieldType.CITY)
RARER = 8  # a slip is at least so many times rarer than what it stands for
_NEAR, _SHORTEST = 1, 3  # a letter too many, too few or wrong, in a name of three letters or more
_FAR, _LONGER = 2, 5  # two of them, or two letters swapped, in a name of five or more


def swayed(units: Sequence[Unit], values: Values) -> str:
    """Query of customer_id: customers of whom records differ in a name, so that records of others have a say."""
    ways = [
        f"SELECT g.customer_id FROM record_customer AS g {values.tables('g')} "
        f"GROUP BY g.customer_id HAVING min({norm}) <> max({norm})"
        for unit in units
        for field, slot in _slots(unit)
        for norm in (values.compared(field, slot),)
    ]
    return " UNION ".join(ways) or "SELECT CAST(NULL AS VARCHAR) AS customer_id WHERE 1 = 0"


def mark_slips(engine: Engine, unit: Unit, values: Values) -> None:
    """Give golden_part, where the unit's rule counts records, the column is_slip: the record holds such a name."""
    if unit.rule is not SurvivorshipRule.MOST_FREQUENT:
        return
    slips = [_slips(field, slot, values) for field, slot in _slots(unit)]
    engine.run("golden_slip", " UNION ".join(slips) or "SELECT CAST(NULL AS BIGINT) AS record_no WHERE 1 = 0")
    engine.run(
        "golden_marked",
        f"SELECT g.*, s.record_no IS NOT NULL AS is_slip FROM {PART} AS g "
        "LEFT JOIN golden_slip AS s ON s.record_no = g.record_no",
    )
    engine.rename("golden_marked", PART)
    engine.drop("golden_slip")


def _slots(unit: Unit) -> list[tuple[Field, str]]:
    """The columns of the unit in which slips are looked for."""
    if unit.rule is not SurvivorshipRule.MOST_FREQUENT:
        return []
    return [(f, s) for f in unit.fields if f.type in _TYPES for s in f.slots]


def _slips(field: Field, slot: str, values: Values) -> str:
    """Query of record_no: the records of golden_part that hold a slip in that column."""
    norm = values.compared(field, slot)
    distance = "levenshtein(a.norm, b.norm)"
    return (
        f"SELECT DISTINCT o.record_no FROM (SELECT g.customer_no, g.record_no, {norm} AS norm "
        f"FROM {PART} AS g {values.tables('g')}) AS o JOIN ("
        f"WITH own AS (SELECT DISTINCT g.customer_no, {norm} AS norm FROM {PART} AS g {values.tables('g')} "
        f"WHERE {norm} IS NOT NULL), "
        f"common AS (SELECT {norm} AS norm, count(*) AS times FROM record AS g {values.tables('g')} GROUP BY {norm}), "
        "counted AS (SELECT own.customer_no, own.norm, common.times FROM own JOIN common ON common.norm = own.norm) "
        "SELECT a.customer_no, a.norm FROM counted AS a JOIN counted AS b ON b.customer_no = a.customer_no "
        f"WHERE b.times >= {RARER} * a.times AND (({distance} <= {_NEAR} AND length(b.norm) >= {_SHORTEST}) "
        f"OR ({distance} <= {_FAR} AND length(b.norm) >= {_LONGER}))"
        ") AS s ON s.customer_no = o.customer_no AND s.norm = o.norm"
    )

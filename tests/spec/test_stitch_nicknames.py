"""Which given names contradict each other when two records share an identifier."""

from __future__ import annotations

import pyarrow as pa
import pytest

from cxid.engine.duckdb import DuckDBEngine
from cxid.model import Field, FieldType
from cxid.stages.stitch.evidence import _contradiction

GIVEN = Field("given_name", FieldType.GIVEN_NAME, ("given_name",))


@pytest.mark.parametrize(
    ("one", "one_aka", "other", "other_aka", "contradicted"),
    [
        ("robert", "|bob|robert|", "bob", "|bob|robert|", False),
        ("bob", "|bert|bob|robert|", "rob", "|rob|robert|roberto|", False),  # both may stand for robert
        ("bill", "|bill|william|", "rob", "|rob|robert|", True),
        ("bob", "|bob|robert|", "olga", None, True),
        ("anna", None, "piotr", None, True),
        ("robert", None, "rob", "|rob|robert|", False),
        ("r", None, "robert", "|robert|", False),
        ("anna", None, None, None, False),
    ],
)
def test_names_that_may_stand_for_one_name_are_no_contradiction(
    one: str, one_aka: str | None, other: str | None, other_aka: str | None, contradicted: bool
) -> None:
    engine = DuckDBEngine()
    for table, name, aka in (("na", one, one_aka), ("nb", other, other_aka)):
        columns = {"given_name": pa.array([name], pa.string()), "given_name_aka": pa.array([aka], pa.string())}
        engine.load(table, pa.table(columns))
    asked = f"SELECT CAST(coalesce({_contradiction((GIVEN,))}, false) AS INTEGER) FROM na CROSS JOIN nb"
    assert bool(engine.scalar(asked)) is contradicted
    engine.close()

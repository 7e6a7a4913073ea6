"""The SQL of a comparison finds the level that a plain Python reading finds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxid.config.fields import DERIVED
from cxid.engine.duckdb import DuckDBEngine
from cxid.model import Field, FieldType
from cxid.stages.link.levels import BANDS, comparisons
from tests.reference.link_levels import LEVELS, level
from tests.reference.link_world import derive, table


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    found = DuckDBEngine(threads=1)
    yield found
    found.close()


_NAME = st.text("abe ", min_size=1, max_size=8).map(str.strip).filter(bool)
_DIGITS = st.text("012", min_size=5, max_size=11)
_DATE = st.builds(
    lambda y, m, d: f"{y}{m:02d}{d:02d}",
    st.sampled_from((1979, 1980, 1989, 2001)),
    st.integers(1, 12),
    st.integers(1, 14),
)
_VALUES = {
    FieldType.GIVEN_NAME: st.one_of(_NAME, st.sampled_from(["bob", "rob", "robert", "bill", "william", "r"])),
    FieldType.PHONE: _DIGITS,
    FieldType.EMAIL: st.builds(lambda a, b: f"{a}@{b}", st.text("ab", min_size=1, max_size=7), st.sampled_from("xy")),
    FieldType.BIRTH_DATE: _DATE,
    FieldType.POSTCODE: st.text("ab12", min_size=4, max_size=6),
    FieldType.CITY: _NAME,
    FieldType.GENDER: st.sampled_from("mfx"),
}


@pytest.mark.parametrize("type_", sorted(LEVELS))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_pair_has_the_level_that_plain_python_finds(
    engine: DuckDBEngine, type_: FieldType, data: st.DataObject
) -> None:
    values = data.draw(st.lists(st.one_of(st.none(), _VALUES[type_]), min_size=2, max_size=12))
    field = Field("x", type_, ("x",))
    engine.load("norm", table((field,), [{"x": v} for v in values]))
    comparison = comparisons((field,))[0]
    columns = ", ".join(("record_no", "x", *(f"x_{s}" for s in DERIVED.get(type_, {})), "0 AS x_band", "0 AS absent"))
    found = engine.fetch(
        f"WITH r AS (SELECT {columns} FROM norm) SELECT a.record_no AS a, b.record_no AS b, {comparison.sql} AS level "
        "FROM r a CROSS JOIN r b"
    ).to_pylist()
    rows = [{"x": v, **derive(type_, "x", v)} for v in values]
    for pair in found:
        name = comparison.levels[pair["level"]].name
        assert ("exact" if pair["level"] < BANDS else name) == level(type_, rows[pair["a"] - 1], rows[pair["b"] - 1])

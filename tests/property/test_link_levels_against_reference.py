"""The SQL of a comparison finds the level that a plain Python reading finds."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxid.model import Field, FieldType
from cxid.stages.link.levels import LevelKind
from tests.reference.link_levels import LEVELS, level
from tests.reference.link_world import compared_levels, derive


def pairs_of(values: Sequence[object]) -> list[tuple[int, int]]:
    return list(product(range(len(values)), repeat=2))


_NAME = st.text("abe ", min_size=1, max_size=8).map(str.strip).filter(bool)
_DIGITS = st.text("012", min_size=5, max_size=11)
_DATE = st.builds(
    lambda y, m, d: f"{y}{m:02d}{d:02d}",
    st.sampled_from((1979, 1980, 1989, 2001)),
    st.integers(1, 12),
    st.integers(1, 14),
)
_VALUES = {
    FieldType.GIVEN_NAME: st.one_of(_NAME, st.sampled_from(["bob", "rob", "robert", "bill", "william", "r", "liz"])),
    FieldType.FAMILY_NAME: st.one_of(_NAME, st.sampled_from(["smith", "smyth", "smith jones", "jones", "jones smith"])),
    FieldType.MIDDLE_NAME: st.one_of(_NAME, st.sampled_from(["r", "robert", "roberta"])),
    FieldType.CATEGORY: _NAME,
    FieldType.TEXT: st.one_of(_NAME, st.sampled_from(["flat 2", "flat 2 east wing", "east wing"])),
    FieldType.STREET: st.builds(lambda n, w: f"{n} {w}".strip(), st.sampled_from(["", "1", "12"]), _NAME),
    FieldType.IDENTIFIER: st.text("ab12", min_size=4, max_size=10),
    FieldType.HOUSE_NUMBER: st.sampled_from(["1", "1a", "12"]),
    FieldType.PHONE: _DIGITS,
    FieldType.EMAIL: st.builds(lambda a, b: f"{a}@{b}", st.text("ab", min_size=1, max_size=7), st.sampled_from("xy")),
    FieldType.BIRTH_DATE: st.one_of(_DATE, st.sampled_from(["1980", "198001", "199603z6", "19960306"])),
    FieldType.POSTCODE: st.text("ab12", min_size=4, max_size=6),
    FieldType.CITY: _NAME,
    FieldType.GENDER: st.sampled_from("mfx"),
}


@pytest.mark.parametrize("type_", sorted(LEVELS))
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_every_pair_has_the_level_that_plain_python_finds(type_: FieldType, data: st.DataObject) -> None:
    values = data.draw(st.lists(st.one_of(st.none(), _VALUES[type_]), min_size=2, max_size=12))
    values.append(data.draw(_VALUES[type_]))  # a source without any value would lack the field
    found = compared_levels((Field("x", type_, ("x",)),), [{"x": v} for v in values], pairs := pairs_of(values))
    rows = [{"x": v, **derive(type_, "x", v)} for v in values]
    for (a, b), levels in zip(pairs, found, strict=True):
        name = "exact" if levels[0].kind is LevelKind.EXACT else levels[0].name
        assert name == level(type_, rows[a], rows[b])

"""A question is compared with a record as the build compares two records, field by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxid.engine.duckdb import DuckDBEngine
from cxid.identify.agreement import are_swapped, level_of, texts_of
from cxid.identify.keys import key_of, key_sql
from cxid.model import Field, FieldType
from cxid.stages.link.levels import Comparison, LevelKind, comparisons
from tests.property.test_link_levels_against_reference import _VALUES
from tests.reference.link_levels import LEVELS
from tests.reference.link_world import FAMILY, GIVEN, Record, compared_levels, derive

_ANY = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)


def _row(fields: Sequence[Field], record: Record) -> dict[str, str | None]:
    row: dict[str, str | None] = {}
    for field in fields:
        for slot in field.slots:
            row |= {slot: record.get(slot), **derive(field.type, slot, record.get(slot))}
    return row


def _name(comparison: Comparison, number: int) -> str:
    level = comparison.levels[number]
    return "exact" if level.kind is LevelKind.EXACT else level.name


def _levels(fields: tuple[Field, ...], a: Mapping[str, str | None], b: Mapping[str, str | None]) -> list[str]:
    found = []
    compared = comparisons(fields)
    for comparison in compared:
        found.append(_name(comparison, level_of(comparison, texts_of(comparison, a), texts_of(comparison, b), {})))
    partners = [c for c in compared if c.swaps_with]
    if len(partners) == 2 and "exact" not in found and are_swapped(partners[0], partners[1], a, b):
        return ["names swapped", "names swapped"]
    return found


@pytest.mark.parametrize("type_", sorted(LEVELS))
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_one_value_against_another(type_: FieldType, data: st.DataObject) -> None:
    values = data.draw(st.lists(st.one_of(st.none(), _VALUES[type_]), min_size=2, max_size=10))
    values.append(data.draw(_VALUES[type_]))  # a source without any value would lack the field
    fields = (Field("x", type_, ("x",)),)
    records = [{"x": v} for v in values]
    pairs = [(a, b) for a in range(len(values)) for b in range(len(values))]
    built = compared_levels(fields, records, pairs)
    rows = [_row(fields, r) for r in records]
    for (a, b), levels in zip(pairs, built, strict=True):
        name = "exact" if levels[0].kind is LevelKind.EXACT else levels[0].name
        assert _levels(fields, rows[a], rows[b]) == [name]


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(*[st.one_of(st.none(), _VALUES[FieldType.PHONE])] * 4), min_size=1, max_size=8))
def test_the_best_of_several_values_counts(phones: list[tuple[str | None, ...]]) -> None:
    fields = (Field("x", FieldType.PHONE, ("x", "x_2")),)
    records: list[Record] = [{"x": "0123456", "x_2": None}]
    records += [{"x": a, "x_2": b} for each in phones for a, b in (each[:2], each[2:])]
    pairs = [(a, b) for a in range(len(records)) for b in range(len(records))]
    rows = [_row(fields, r) for r in records]
    for (a, b), levels in zip(pairs, compared_levels(fields, records, pairs), strict=True):
        name = "exact" if levels[0].kind is LevelKind.EXACT else levels[0].name
        assert _levels(fields, rows[a], rows[b]) == [name]


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(*[st.sampled_from(["ann", "lee", "kim", "bo", None])] * 2), min_size=2, max_size=8))
def test_names_in_each_others_column(names: list[tuple[str | None, str | None]]) -> None:
    fields = (GIVEN, FAMILY)
    records: list[Record] = [{"given_name": "ann", "family_name": "lee"}]
    records += [{"given_name": a, "family_name": b} for a, b in names]
    pairs = [(a, b) for a in range(len(records)) for b in range(len(records))]
    rows = [_row(fields, r) for r in records]
    for (a, b), levels in zip(pairs, compared_levels(fields, records, pairs), strict=True):
        wanted = ["exact" if level.kind is LevelKind.EXACT else level.name for level in levels]
        assert _levels(fields, rows[a], rows[b]) == wanted


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(_ANY, _ANY), min_size=1, max_size=20))
def test_a_key_is_the_same_in_the_engine_and_here(pairs: list[tuple[str, str]]) -> None:
    engine = DuckDBEngine()
    try:
        for kind, value in pairs:
            found = engine.fetch(f"SELECT {key_sql('CAST(? AS VARCHAR)', 'CAST(? AS VARCHAR)')} AS key", [kind, value])
            assert np.uint64(key_of(kind, value)) == found.column(0).to_pylist()[0]
    finally:
        engine.close()

"""What two values are called when they are compared."""

from __future__ import annotations

import pytest

from cxid.model import Field, FieldType
from tests.reference.link_world import compared_levels

T = FieldType
STORY = [
    (T.GIVEN_NAME, "robert", "robert", "exact, rare"),
    (T.GIVEN_NAME, "robert", "bob", "nickname"),
    (T.GIVEN_NAME, "rob", "bob", "nickname"),
    (T.GIVEN_NAME, "robert", "r", "initial only"),
    (T.GIVEN_NAME, "anna maria", "maria", "part of the other"),
    (T.GIVEN_NAME, "anna maria", "maria anna", "part of the other"),
    (T.GIVEN_NAME, "anna maria", "annamaria", "96% alike"),
    (T.FAMILY_NAME, "garcia lopez", "garcia", "part of the other"),
    (T.FAMILY_NAME, "garcia lopez", "lopez garcia", "part of the other"),
    (T.FAMILY_NAME, "dela cruz", "delacruz", "96% alike"),
    (T.MIDDLE_NAME, "j", "james", "initial only"),
    (T.TEXT, "flat 2", "flat 2 east wing", "part of the other"),
    (T.CATEGORY, "teacher", "teachers", "92% alike"),
    (T.GIVEN_NAME, "kathrin", "catherine", "sounds alike"),
    (T.GIVEN_NAME, "robert", "roberts", "96% alike"),
    (T.GIVEN_NAME, "robert", "alice", "different"),
    (T.GIVEN_NAME, "robert", None, "missing"),
    (T.EMAIL, "ann.lee@x.example", "ann.lee@y.example", "same local part, other domain"),
    (T.EMAIL, "annlee@x.example", "annle@x.example", "local part 92% alike"),
    (T.PHONE, "+442071234567", "02071234567", "same last seven digits"),
    (T.PHONE, "02071234567", "02071234576", "one or two digits off"),
    (T.PHONE, "02071234567", "01619876543", "different"),
    (T.BIRTH_DATE, "19800304", "19800403", "day and month swapped"),
    (T.BIRTH_DATE, "19800304", "19800305", "one slip"),
    (T.BIRTH_DATE, "19890304", "19980304", "one slip"),
    (T.BIRTH_DATE, "19800304", "19810304", "one slip"),
    (T.BIRTH_DATE, "19800304", "19750304", "same month and day"),
    (T.BIRTH_DATE, "19800304", "19800317", "same year and month"),
    (T.BIRTH_DATE, "19800304", "19801104", "same year and day"),
    (T.BIRTH_DATE, "19800304", "19801127", "same year"),
    (T.BIRTH_DATE, "19800304", "19751127", "different"),
    (T.STREET, "12 high street", "12 high street", "exact, rare"),
    (T.STREET, "12 high street", "high street 12", "same number and words"),
    (T.STREET, "12 high street", "12 hgih street", "same number, words alike"),
    (T.STREET, "12 high street", "14 high street", "same words"),
    (T.STREET, "12 high street", "12 mill lane", "same number"),
    (T.STREET, "12 high street", "7 mill lane", "different"),
    (T.POSTCODE, "sw1a1aa", "sw1a1ab", "one slip"),
    (T.POSTCODE, "sw1a1aa", "sw19zzz", "same area"),
    (T.IDENTIFIER, "ab123456", "ab123465", "one or two slips"),
    (T.IDENTIFIER, "ab123456", "zz999456", "different"),
    (T.CITY, "manchester", "manchestre", "92% alike"),
    (T.GENDER, "f", "m", "different"),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "left", "right", "name"), STORY)
def test_two_values_agree_at_the_level_that_a_reader_would_name(
    type_: FieldType, left: str | None, right: str | None, name: str
) -> None:
    field = Field("x", type_, ("x",))
    found = compared_levels((field,), [{"x": left}, {"x": right}, {"x": "other"}], [(0, 1), (1, 0)])
    assert [levels[0].name for levels in found] == [name, name]


def test_the_best_of_several_slots_counts() -> None:
    field = Field("phone", T.PHONE, ("phone", "phone_2"))
    records = [
        {"phone": "02071234567", "phone_2": None},
        {"phone": "01619876543", "phone_2": "02071234567"},
        {"phone": None, "phone_2": None},
        {"phone": "01619876542", "phone_2": "05551112223"},
    ]
    found = compared_levels((field,), records, [(0, 1), (0, 2), (1, 2), (1, 3), (0, 3)])
    assert [levels[0].name for levels in found] == [
        "exact, rare",
        "missing",
        "missing",
        "one or two digits off",
        "different",
    ]


def test_names_in_each_others_column_are_one_observation_at_the_given_name() -> None:
    given, family = (
        Field("given_name", T.GIVEN_NAME, ("given_name",)),
        Field("family_name", T.FAMILY_NAME, ("family_name",)),
    )
    records = [{"given_name": "lee", "family_name": "ann"}, {"given_name": "ann", "family_name": "lee"}]
    found = compared_levels((given, family), records, [(0, 1)])[0]
    assert [(v.name, v.kind.value) for v in found] == [("names swapped", "partial"), ("names swapped", "neutral")]


def test_a_field_that_a_source_lacks_is_not_missing() -> None:
    field, other = Field("x", T.CITY, ("x",)), Field("y", T.CITY, ("y",))
    records = [
        {"x": "york", "y": "bath", "source": "crm"},
        {"x": None, "y": "bath", "source": "crm"},
        {"x": None, "y": "bath", "source": "shop"},
    ]
    found = compared_levels((field, other), records, [(0, 1), (0, 2), (1, 2)])
    assert [levels[0].name for levels in found] == ["missing", "not in source", "not in source"]

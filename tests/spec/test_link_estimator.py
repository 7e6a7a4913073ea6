"""What the estimator learns from worlds of one kind each, and what it says of them."""

from __future__ import annotations

import random
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from cxid.config.model import Match
from cxid.engine.duckdb import DuckDBEngine
from cxid.stages.link.estimate.mixture import Mixture
from cxid.stages.link.estimate.structure import drifted, has_second_match, steady
from cxid.stages.link.levels import LevelKind, comparisons, origin
from cxid.stages.link.patterns import Patterns, Space
from tests.reference.link_world import BIRTH, CITY, FAMILY, GIVEN, PEOPLE, company, linked, summary

TELLING = (GIVEN, FAMILY, BIRTH, CITY)


def shares(space: Space, exact: float, *, common: bool = False) -> np.ndarray:
    """Levels of a class that agrees exactly so often on every field, on rare values or on common ones."""
    kinds, cells = space.is_kind(LevelKind.EXACT), np.zeros(space.cells)
    for number in range(space.fields):
        first = np.flatnonzero(kinds[space.part(number)])[-1 if common else 0] + space.part(number).start
        cells[first] = exact
    return space.normalise(np.where(space.is_kind(LevelKind.DIFFERENT), 1 - exact, np.maximum(cells, 1e-6)))


def mixture(space: Space, *classes: np.ndarray, pairs: tuple[float, ...]) -> Mixture:
    none = (np.ones(space.cells),) * len(classes)
    return Mixture(classes, np.array(pairs), shares(space, 1e-3), np.zeros(0), 1e6, none, (0.0,) * len(classes))


@pytest.mark.parametrize(
    ("exact", "common", "is_match"), [(0.9, False, True), (0.9, True, True), (0.2, True, False), (0.01, False, False)]
)
def test_a_class_that_agrees_as_matches_do_is_one_of_matches_however_common_the_values(
    exact: float, common: bool, is_match: bool
) -> None:
    space = Space(comparisons(TELLING))
    found = mixture(space, shares(space, 0.9), shares(space, exact, common=common), pairs=(100.0, 50.0))
    assert has_second_match(space, found) is is_match
    assert drifted(space, found, found) is is_match


@pytest.mark.parametrize(("after", "answer"), [(100.0, True), (149.0, True), (160.0, False), (60.0, False)])
def test_matches_are_steady_when_they_stay_about_as_many(after: float, answer: bool) -> None:
    space = Space(comparisons(TELLING))
    one, other = (mixture(space, shares(space, 0.9), pairs=(n,)) for n in (100.0, after))
    assert steady(one, other) is answer


def test_where_records_come_from_is_compared_last_and_is_not_about_people() -> None:
    space = Space((*comparisons(TELLING), origin()))
    assert (space.fields, space.telling) == (5, 4)


def test_rare_patterns_are_sampled_and_counts_stay() -> None:
    space = Space(comparisons(TELLING))
    codes = np.arange(40_000)
    patterns = Patterns.of(space, codes, np.where(codes < 8_000, 5.0, 1.0))
    few = patterns.thinned()
    assert len(few.codes) == 16_000
    assert few.pairs.sum() == pytest.approx(patterns.pairs.sum())
    assert patterns.subset(codes < 100).thinned().pairs.sum() == 500


def scored(engine: DuckDBEngine) -> set[tuple[int, int]]:
    """The pairs of records that scored as one person; an identical record stands where its first one stands."""
    found = engine.fetch(
        "SELECT record_no_a AS a, record_no_b AS b, rules FROM link_pair WHERE weight >= 0"
    ).to_pylist()
    same: dict[int, list[int]] = {}
    for row in found:
        if not row["rules"]:
            same.setdefault(row["a"], [row["a"]]).append(row["b"])
    pairs = {(row["a"], row["b"]) for row in found if row["rules"]}
    spread = {(min(x, y), max(x, y)) for a, b in pairs for x in same.get(a, [a]) for y in same.get(b, [b])}
    return spread | {(min(two), max(two)) for group in same.values() for two in combinations(group, 2)}


def rightness(found: set[tuple[int, int]], truth: list[int]) -> tuple[float, float]:
    """(precision, recall) of pairs of records."""
    true = {(a + 1, b + 1) for a, b in combinations(range(len(truth)), 2) if truth[a] == truth[b]}
    return len(found & true) / max(len(found), 1), len(found & true) / len(true)


def test_that_a_person_is_in_both_sources_and_never_twice_in_one_is_learned(tmp_path: Path) -> None:
    records, truth = company(400, repeat=0.3, sources=("shop", "club"))
    engine, _ = linked(TELLING, records, tmp_path)
    rows = engine.fetch("SELECT level, m, u FROM link_model WHERE field = 'source' ORDER BY level_no").to_pylist()
    assert [row["level"] for row in rows] == ["one source", "two sources"]
    assert rows[1]["m"] > 0.9 and rows[0]["u"] > 0.5
    precision, recall = rightness(scored(engine), truth)
    assert precision > 0.9 and recall > 0.8


def test_one_source_has_nothing_to_say_about_sources(tmp_path: Path) -> None:
    engine, _ = linked(TELLING, company(60)[0], tmp_path)
    assert engine.scalar("SELECT count(*) FROM link_model WHERE field = 'source'") == 0


def test_with_three_fields_it_is_learned_how_people_misspell_themselves(tmp_path: Path) -> None:
    records, truth = company(600, seed=3)
    engine, _ = linked((GIVEN, FAMILY, BIRTH), records, tmp_path)
    precision, recall = rightness(scored(engine), truth)
    assert precision > 0.9 and recall > 0.8


def test_people_with_many_records_stay_one_though_their_values_are_common(tmp_path: Path) -> None:
    rng, records, truth = random.Random(2), [], []
    for person, base in enumerate(company(150, repeat=0.0, seed=4)[0]):
        for _ in range(rng.choice((1, 1, 6, 7))):
            gone = rng.choice(("birth_date", "city", "email", ""))
            records.append({k: None if k == gone else v for k, v in base.items()})
            truth.append(person)
    engine, _ = linked(PEOPLE, records, tmp_path)
    precision, recall = rightness(scored(engine), truth)
    assert precision > 0.95 and recall > 0.9


def test_a_precision_that_is_asked_for_puts_the_cut_and_says_what_it_costs(tmp_path: Path) -> None:
    records, _ = company(300, seed=5)
    engine, reporter = linked(PEOPLE, records, tmp_path, match=Match(target_precision=0.999))
    figures = summary(engine)
    assert int(figures["cut_micro_bits"]) > 0
    assert float(figures["expected_precision"]) >= 0.999
    assert 0 < float(figures["expected_recall_lost"]) < 0.5
    assert figures["target_reached"] == "yes"
    assert "target_precision" not in dict(reporter.warnings)


def test_a_precision_that_cannot_be_promised_is_a_warning(tmp_path: Path) -> None:
    records, _ = company(12, seed=6)
    engine, reporter = linked((FAMILY, CITY), records, tmp_path, match=Match(target_precision=0.999))
    assert summary(engine).get("target_reached") == "no"
    assert "target_precision" in dict(reporter.warnings)

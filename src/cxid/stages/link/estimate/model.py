"""The whole estimate: from counts of agreement patterns to a mixture that scores them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from cxid.stages.link.estimate.anchor import anchored_match, default_match
from cxid.stages.link.estimate.chance import Chance, Edge, dependence, edge, level_rates, tie
from cxid.stages.link.estimate.mixture import PRIOR, Mixture, posteriors, run_em
from cxid.stages.link.estimate.structure import (
    add_classes,
    drifted,
    find_classes,
    follow_matches,
    household_class,
    presume_classes,
    steady,
)
from cxid.stages.link.levels import LevelKind
from cxid.stages.link.patterns import Floats, Patterns

_CORRECTIONS = 4
_FEWEST_FIELDS = 3
_USUAL_WEIGHT = 100.0  # pairs that the usual match weighs where no rule could teach what matches look like


@dataclass(frozen=True)
class Evidence:
    """All that the estimate rests on."""

    patterns: Patterns  # of candidate pairs
    chance: Chance
    population: Floats  # cells: records that share their value with another, by band
    all_pairs: float
    records: int
    covered: Sequence[frozenset[int]]  # the fields that each blocking rule reads


@dataclass(frozen=True)
class Model:
    """A fitted mixture, with what a reader wants to know about how it came about."""

    mixture: Mixture
    edges: tuple[Edge, ...]
    anchors: int
    household: int | None  # number of the household class
    held: npt.NDArray[np.bool_] | None = None  # patterns that a less careful model would join: they go to review


def _corrected(evidence: Evidence, mixture: Mixture, edges: Sequence[Edge]) -> tuple[Floats, tuple[Edge, ...]]:
    """Levels and dependence of unrelated pairs, less the pairs that the other classes explain."""
    patterns, space, chance = evidence.patterns, evidence.patterns.space, evidence.chance
    explained = (1 - posteriors(patterns, mixture)[-1]) * patterns.pairs
    seen = patterns.tally(patterns.pairs - explained)
    counted = level_rates(space, chance, seen, evidence.all_pairs)
    counted *= (evidence.all_pairs * np.maximum(1 - chance.silent, 1e-6))[space.field_of]
    floor = np.maximum(0.02 * counted, np.maximum(seen, 0.3))
    unrelated = space.normalise(np.maximum(counted - patterns.tally(explained), floor))
    mended = []
    for old in edges:
        shared = float(explained[patterns.exact[:, old.left] & patterns.exact[:, old.right]].sum())
        both = max(float(chance.both_exact[old.left, old.right]) - shared / evidence.all_pairs, 0.0)
        mended.append(edge(space, unrelated, chance, (old.left, old.right), both))
    return unrelated, tuple(mended)


def fit(evidence: Evidence) -> Model:
    """The model of these counts. The same counts give the same model, to the last bit."""
    few = evidence.patterns.thinned()
    model = _fitted(replace(evidence, patterns=few))
    whole = evidence.patterns
    return replace(model, mixture=replace(model.mixture, tie=tie(whole, model.edges))) if few is not whole else model


def _fitted(evidence: Evidence) -> Model:
    patterns, space, chance = evidence.patterns, evidence.patterns.space, evidence.chance
    unrelated = level_rates(space, chance, np.zeros(space.cells), evidence.all_pairs)
    missing = space.sums(np.where(space.is_kind(LevelKind.MISSING), unrelated, 0.0))
    match = default_match(space, missing, evidence.population, unrelated)
    start = np.array([max(evidence.all_pairs / max(evidence.records, 1), 1.0)])
    mixture = Mixture((match,), start, unrelated, np.zeros(len(patterns.codes)), evidence.all_pairs, (PRIOR * match,))
    mixture = run_em(patterns, mixture)
    edges = dependence(space, unrelated, chance, float(mixture.pairs[0]), evidence.all_pairs)
    mixture = run_em(patterns, replace(mixture, tie=tie(patterns, edges)))
    mixture = run_em(patterns, presume_classes(space, mixture))
    mixture = find_classes(patterns, mixture)
    match, anchors = anchored_match(patterns, mixture, edges, evidence.covered)
    mixture = mixture.with_match(match)
    mixture = run_em(patterns, follow_matches(space, mixture) if anchors else mixture)
    free = frozenset[int]()
    if anchors:
        mixture = add_classes(patterns, mixture)
        free = frozenset(range(len(mixture.classes))) if len(mixture.classes) > 1 else free
    else:  # too little to learn from: a class found here would be made of a handful of matches
        alone = replace(mixture, classes=(match,), priors=(PRIOR * match,), pairs=mixture.pairs[:1], presumed=(0.0,))
        mixture = run_em(patterns, presume_classes(space, run_em(patterns, alone)))
        if space.telling >= _FEWEST_FIELDS:  # with unrelated pairs known, three fields tell what the matches look like
            mixture = replace(mixture, priors=(_USUAL_WEIGHT * match, *mixture.priors[1:]))
            free = frozenset({0})
    before = mixture
    for _ in range(_CORRECTIONS):
        unrelated, edges = _corrected(evidence, mixture, edges)
        mixture = replace(mixture, unrelated=unrelated, tie=tie(patterns, edges))
        mixture = follow_matches(space, mixture) if anchors else mixture
        freed = run_em(patterns, mixture, free=free, rounds=20)
        lost = drifted(space, mixture, freed) or (not anchors and not steady(before, freed))
        mixture = run_em(patterns, mixture, rounds=20) if lost else freed
    return Model(mixture, edges, anchors, household_class(space, mixture))

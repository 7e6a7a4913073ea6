"""Whether people of one home are among the matches, and the model that is careful about them.

Names and numbers are mistyped as all text is, and a person moves and marries but is born once. So among the pairs of
one person, what is a person's own contradicts outright less often than what a home shares deviates at all. Where it is
the other way round, pairs were taken for one person by what people of one home have in common.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cxid.model import FieldType
from cxid.stages.link.estimate.gate import Gate, Status, check, log2_odds
from cxid.stages.link.estimate.mixture import Mixture
from cxid.stages.link.estimate.model import Model
from cxid.stages.link.estimate.structure import HELD, RELATIVES, SHARED
from cxid.stages.link.levels import LevelKind
from cxid.stages.link.patterns import Floats, Patterns, Space

_OWN = (FieldType.GIVEN_NAME, FieldType.BIRTH_DATE, FieldType.IDENTIFIER)
_PERSONAL = (*_OWN, FieldType.EMAIL)  # what relatives do not share; but people have several mailboxes
_FEWEST_PAIRS, _FEWEST_FIELDS = 20.0, 2
_SECOND = 0.5  # of a home's deviations: a second field contradicts so often, or one field is merely full of rubbish
_UNUSUAL = 0.04  # contradictions on a person's own field: twice the usual; a clean home proves nothing by itself
_PER_MATCH = 2.0  # pairs of relatives for each of one person, as in a population: the sample cannot tell
_NEARLY = 0.1  # of a match's near agreement: relatives have names alike, numbers and birthdays side by side
_BAR = 6.63  # bits: 99 %


@dataclass(frozen=True)
class Homes:
    """Shares of the accepted pairs, 0 to 1, each a mean over fields."""

    contradicting: float  # outright, on what is a person's own
    deviating: float  # in any way, on what a home shares


def _deviations(patterns: Patterns, weight: Floats, number: int) -> tuple[float, float] | None:
    """(outright contradictions, deviations of any kind) of a field; None where few pairs have it on both sides."""
    exact, partial, different = (
        float(weight[patterns.is_kind(kind)[:, number]].sum())
        for kind in (LevelKind.EXACT, LevelKind.PARTIAL, LevelKind.DIFFERENT)
    )
    total = exact + partial + different
    return None if total < _FEWEST_PAIRS else (different / total, (partial + different) / total)


def homebound(patterns: Patterns, mixture: Mixture) -> Homes | None:
    """What shows that a home holds the accepted pairs together; None where nothing does."""
    weight = np.where(log2_odds(patterns, mixture) >= 0, patterns.pairs, 0.0)
    types = [c.field.type for c in patterns.space.comparisons[: patterns.space.telling]]
    own = [_deviations(patterns, weight, i) for i, t in enumerate(types) if t in _OWN]
    shared = [_deviations(patterns, weight, i) for i, t in enumerate(types) if t in SHARED]
    contradicting = sorted(found[0] for found in own if found is not None)
    deviating = [found[1] for found in shared if found is not None]
    if min(len(contradicting), len(deviating)) < _FEWEST_FIELDS:
        return None
    homes = Homes(float(np.mean(contradicting)), float(np.mean(deviating)))
    several = contradicting[-2] >= max(_SECOND * homes.deviating, _UNUSUAL)
    return homes if several and homes.contradicting > homes.deviating else None


def _relatives(space: Space, mixture: Mixture) -> Floats:
    """A class that agrees as matches do on all that is not a person's own."""
    types = [c.field.type for c in space.comparisons]
    part = np.array([RELATIVES[t] if t in _PERSONAL else 1.0 for t in types])[space.field_of]
    near = space.is_kind(LevelKind.PARTIAL) & (part < 1)
    part = np.where(near, np.maximum(part, _NEARLY), part)
    part = np.where(space.is_kind(LevelKind.MISSING), 1.0, part)
    return space.normalise(part * mixture.match + (1 - part) * mixture.unrelated)


def with_relatives(space: Space, mixture: Mixture) -> Mixture:
    """The mixture with people of one home who share whatever is not a person's own, as many as populations have.

    Neither their shape nor their number is learned: the sample has none, or took them for matches.
    """
    found = _relatives(space, mixture)
    return mixture.adding(found, _PER_MATCH * float(mixture.pairs[0]), HELD * found)


def judged(patterns: Patterns, model: Model) -> tuple[Model, Gate]:
    """The model and how far it may be trusted; a careful one where a home holds its pairs together."""
    homes = homebound(patterns, model.mixture)
    if homes is None:
        return model, check(patterns, model.mixture, model.anchors)
    told = (
        f"accepted pairs contradict on what is a person's own ({round(100 * homes.contradicting)}% a field) more often "
        f"than what a home shares deviates ({round(100 * homes.deviating)}%): people of one home may be among them, "
        "so only pairs that relatives cannot explain are joined, and the others are for review"
    )
    found = replace(
        model,
        mixture=with_relatives(patterns.space, model.mixture),
        held=log2_odds(patterns, model.mixture) >= 0,
    )
    return found, Gate(Status.NOT_IDENTIFIED, None, _BAR, told)

"""Classes between match and unrelated: people of one household, and whatever else shares values for a reason."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cxid.model import FieldType
from cxid.stages.link.estimate.mixture import Mixture, run_em
from cxid.stages.link.levels import LevelKind
from cxid.stages.link.patterns import Floats, Patterns, Space

_MOST_CLASSES, _FEWEST_FIELDS = 3, 4
_AGREEMENT = 0.3  # where a new class starts
_ACCEPT, _SIZE_BONUS, _FEWEST_PAIRS = 0.28, 0.05, 10.0
_PLAIN, _SURVIVES = 0.45, 1 / 3  # for a class found beside the default match class
_KEEPS, _STEADY = 0.75, 1.5  # for a class found beside the anchored one
_SHARED = (FieldType.STREET, FieldType.HOUSE_NUMBER, FieldType.PHONE, FieldType.FAMILY_NAME, FieldType.POSTCODE)
_OWN = (FieldType.GIVEN_NAME, FieldType.BIRTH_DATE, FieldType.EMAIL, FieldType.IDENTIFIER)


def _start(space: Space, match: Floats, unrelated: Floats) -> Floats:
    """A class that agrees on every field now and then."""
    exact, absent = space.is_kind(LevelKind.EXACT), space.is_kind(LevelKind.MISSING)
    share = np.where(exact, match, 0.0)
    share = share / np.maximum(space.sums(share), 1e-300)[space.field_of] * _AGREEMENT
    rest = np.where(exact | absent, 0.0, unrelated)
    rest = rest / np.maximum(space.sums(rest), 1e-300)[space.field_of] * (1 - _AGREEMENT)
    missing = space.sums(np.where(absent, unrelated, 0.0))[space.field_of]
    return space.normalise(np.where(absent, missing, (share + rest) * (1 - missing)))


def information(space: Space, shares: Floats, unrelated: Floats) -> Floats:
    """Kullback-Leibler divergence of each field from unrelated pairs, in nats."""
    terms = np.maximum(shares, 1e-12) * np.log(np.maximum(shares, 1e-12) / np.maximum(unrelated, 1e-12))
    return np.asarray(space.sums(np.where(space.is_kind(LevelKind.NEUTRAL), 0.0, terms)))


def randomness(space: Space, shares: Floats, match: Floats, unrelated: Floats) -> float:
    """The part of what tells a match from chance on which a class looks like chance, 0 to 1."""
    known = information(space, match, unrelated)
    explained = np.minimum(information(space, shares, unrelated), known)
    return float(1 - explained.sum() / max(known.sum(), 1e-12))


def _tried(patterns: Patterns, mixture: Mixture) -> tuple[Mixture, float, float]:
    """(the mixture with one more class, how random that class looks, its size over the match class's)."""
    space, new = patterns.space, len(mixture.classes)
    start = _start(space, mixture.match, mixture.unrelated)
    tried = mixture.adding(start, max(float(mixture.pairs[0]), 10.0), mixture.unrelated)
    tried = run_em(patterns, tried, free=frozenset(range(1, new + 1)))
    looks = randomness(space, tried.classes[new], tried.match, tried.unrelated)
    return tried, looks, float(tried.pairs[new]) / max(float(tried.pairs[0]), 1.0)


def find_classes(patterns: Patterns, mixture: Mixture) -> Mixture:
    """The mixture with the classes that stand out while the match class is still the default one.

    A new class may only take what is no match: where it takes the match class's own pairs, it is the
    match class, seen better.
    """
    for _ in range(_MOST_CLASSES if patterns.space.fields >= _FEWEST_FIELDS else 0):
        tried, looks, _ = _tried(patterns, mixture)
        survives = float(tried.pairs[0]) >= _SURVIVES * float(mixture.pairs[0])
        if looks < _PLAIN or not survives or float(tried.pairs[-1]) < _FEWEST_PAIRS:
            break
        mixture = tried
    return mixture


def _released(patterns: Patterns, mixture: Mixture) -> Mixture:
    """The mixture with every class free."""
    return run_em(patterns, mixture, free=frozenset(range(len(mixture.classes))))


def add_classes(patterns: Patterns, mixture: Mixture) -> Mixture:
    """The mixture with the further classes that the data asks for, tried one at a time, the match class released.

    Where a new class eats the match class, matches look otherwise than the anchor said: they are released
    first, once, provided that they stay about as many, and the class is tried again.
    """
    space, released = patterns.space, len(mixture.classes) > 1
    if released:
        mixture = _released(patterns, mixture)
    while space.fields >= _FEWEST_FIELDS and len(mixture.classes) <= _MOST_CLASSES:
        tried, looks, ratio = _tried(patterns, mixture)
        if float(tried.pairs[-1]) < _FEWEST_PAIRS or looks + _SIZE_BONUS * float(np.log2(ratio)) < _ACCEPT:
            break
        if float(tried.pairs[0]) >= _KEEPS * float(mixture.pairs[0]):
            mixture, released = _released(patterns, tried), True
            continue
        free = mixture if released else _released(patterns, mixture)
        if released or not 1 / _STEADY <= float(free.pairs[0] / mixture.pairs[0]) <= _STEADY:
            break
        mixture, released = free, True
    return mixture


def household_class(space: Space, mixture: Mixture) -> int | None:
    """The number of the class that shares what a household shares and differs where people differ."""
    exact = space.is_kind(LevelKind.EXACT)
    rate = [space.sums(np.where(exact, c, 0.0)) for c in mixture.classes]
    types = [c.field.type for c in space.comparisons]

    def likeness(number: int, wanted: Sequence[FieldType]) -> float:
        """Its exact agreement where a match agrees, averaged over the fields of those types."""
        shares = [min(rate[number][i] / max(rate[0][i], 1e-9), 1.0) for i, t in enumerate(types) if t in wanted]
        return float(np.mean(shares)) if shares else float("nan")

    best, best_gap = None, 0.25
    for number in range(1, len(mixture.classes)):
        gap = likeness(number, _SHARED) - likeness(number, _OWN)
        if gap > best_gap:
            best, best_gap = number, gap
    return best

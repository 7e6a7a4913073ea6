"""Classes between match and unrelated: people of one household, and whatever else shares values for a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from cxid.model import FieldType
from cxid.stages.link.estimate.mixture import PRIOR, Mixture, log_likelihood, run_em
from cxid.stages.link.levels import LevelKind
from cxid.stages.link.patterns import Floats, Patterns, Space

_MOST_CLASSES, _FEWEST_FIELDS = 3, 4
_AGREEMENT = 0.3  # where a new class starts
_ACCEPT, _SIZE_BONUS, _FEWEST_PAIRS = 0.28, 0.05, 10.0
_SMALLEST = 0.03  # a class that is smaller, beside the matches, moves no weight; set free it drifts into them
_TAKEN = 0.4  # of a class's pairs may come from the match class
_PLAIN, _LEFT = 0.45, 1 / 3  # a class that looks at least so random may take from the match class, if it leaves this
_STEADY = 1.5  # released, the matches may become more or fewer by this factor
_ADDRESS = (FieldType.STREET, FieldType.HOUSE_NUMBER, FieldType.POSTCODE, FieldType.CITY, FieldType.REGION)
_STARTS = (
    (FieldType.GIVEN_NAME, FieldType.FAMILY_NAME, FieldType.GENDER),  # namesakes
    (FieldType.FAMILY_NAME, FieldType.PHONE, *_ADDRESS),  # people of one household
    _ADDRESS,  # neighbours
)
SHARED = (FieldType.FAMILY_NAME, FieldType.PHONE, *_ADDRESS[:4])
_HOME, _MARGIN = 0.5, 0.2  # a household agrees on half of what it shares, and on far less of what is a person's own
_NAMES = (FieldType.GIVEN_NAME, FieldType.FAMILY_NAME)
_T = FieldType
# The part of a match's agreement that relatives of one home have (fathers and sons of one name, twins, couples with
# one mailbox), and people of one name, who often live in one town.
RELATIVES = {
    **dict.fromkeys(SHARED, 1.0), _T.REGION: 1.0, _T.COUNTRY: 1.0,
    _T.GIVEN_NAME: 0.02, _T.BIRTH_DATE: 0.02, _T.EMAIL: 0.03, _T.IDENTIFIER: 0.01,
}  # fmt: skip
_NAMESAKES = {
    _T.GIVEN_NAME: 1.0, _T.FAMILY_NAME: 1.0, _T.GENDER: 1.0, _T.REGION: 0.5, _T.COUNTRY: 1.0, _T.CITY: 0.5,
    _T.POSTCODE: 0.5, _T.BIRTH_DATE: 0.01, _T.EMAIL: 0.01, _T.IDENTIFIER: 0.01,
}  # fmt: skip
_NAMED = 0.5  # of the mailboxes of people of one name are named after it
HELD = 1e9  # pairs: as good as not learned
PRESUMED = 3.0  # pairs of a class that is presumed: they matter where there are hardly more matches
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
    silent = space.is_kind(LevelKind.NEUTRAL) | space.is_kind(LevelKind.CONTEXT)
    return np.asarray(space.sums(np.where(silent, 0.0, terms)))


def randomness(space: Space, shares: Floats, match: Floats, unrelated: Floats) -> float:
    """The part of what tells a match from chance on which a class looks like chance, 0 to 1."""
    known = information(space, match, unrelated)
    explained = np.minimum(information(space, shares, unrelated), known)
    return float(1 - explained.sum() / max(known.sum(), 1e-12))


@dataclass(frozen=True)
class _Trial:
    """A mixture with one class more than `before`."""

    before: Mixture
    mixture: Mixture
    looks: float  # how random the class looks, 0 to 1

    @property
    def size(self) -> float:
        return float(self.mixture.pairs[-1])

    @property
    def is_plain(self) -> bool:
        """Whether the class looks so little like a match that it may even take pairs from the match class."""
        left = float(self.mixture.pairs[0]) >= _LEFT * float(self.before.pairs[0])
        return self.looks >= _PLAIN and left

    @property
    def taken(self) -> float:
        """Pairs that came from the match class, for each pair of the class."""
        return float(self.before.pairs[0] - self.mixture.pairs[0]) / max(self.size, 1e-9)

    @property
    def is_own(self) -> bool:
        """Whether its pairs are its own; where most come from the match class, it is that class, seen better.

        The more it looks like chance, the more it may take: by the odds that its pairs are chance.
        """
        return self.taken <= self.looks / max(1 - self.looks, 1e-9)

    @property
    def accepted(self) -> bool:
        bonus = _SIZE_BONUS * float(np.log2(max(self.size, 1e-9) / max(float(self.mixture.pairs[0]), 1.0)))
        least = max(_FEWEST_PAIRS, _SMALLEST * float(self.mixture.pairs[0]))
        return self.size >= least and self.looks + bonus >= _ACCEPT


def _merged(space: Space, shares: Floats) -> Floats:
    """The same with exact agreement as one level, whatever the value's frequency."""
    exact = space.is_kind(LevelKind.EXACT)
    found = np.where(exact, 0.0, shares)
    found[space.offsets[:-1]] += space.sums(np.where(exact, shares, 0.0))
    return found


def has_second_match(space: Space, mixture: Mixture) -> bool:
    """Whether a structure class, free to move, has become one of matches: of people who have many records.

    The values of such people are common because of them, so the frequency of values is left out of the account.
    """
    match, unrelated = _merged(space, mixture.match), _merged(space, mixture.unrelated)
    found = [c for c, held in zip(mixture.classes[1:], mixture.presumed[1:], strict=True) if not held]
    return any(randomness(space, _merged(space, c), match, unrelated) < _ACCEPT for c in found)


def steady(before: Mixture, after: Mixture) -> bool:
    """Whether the matches, free to move, stayed about as many."""
    had, has = float(before.pairs[0]), float(after.pairs[0])
    return had <= _STEADY * has and has <= _STEADY * had


def drifted(space: Space, before: Mixture, after: Mixture) -> bool:
    """Whether the structure classes, free to move, took their pairs from the match class, or look like it."""
    if has_second_match(space, after):
        return True
    taken = float(before.pairs[0] - after.pairs[0])
    return taken > _TAKEN * float(after.pairs[1:].sum())


def _tried(patterns: Patterns, mixture: Mixture, start: Floats, rounds: int = 100) -> _Trial:
    """What comes of one more class that starts at these levels, the match class held."""
    space, new = patterns.space, len(mixture.classes)
    tried = mixture.adding(start, max(float(mixture.pairs[0]), 10.0), PRIOR * mixture.unrelated)
    tried = run_em(patterns, tried, free=frozenset(range(1, new + 1)), rounds=rounds)
    return _Trial(mixture, tried, randomness(space, tried.classes[new], tried.match, tried.unrelated))


def _shares(space: Space, mixture: Mixture, types: Sequence[FieldType]) -> Floats:
    """A class that agrees as matches do on the fields of these types, and as chance does elsewhere."""
    wanted = np.array([c.field.type in types for c in space.comparisons])[space.field_of]
    return np.where(wanted, mixture.match, mixture.unrelated)


def _best(patterns: Patterns, mixture: Mixture) -> _Trial:
    """The trial that explains the data best among those that leave the matches alone; else the plain one."""
    space = patterns.space
    plain = _tried(patterns, mixture, _start(space, mixture.match, mixture.unrelated))
    trials = [plain]
    for types in _STARTS:
        start = _shares(space, mixture, types)
        if sum(c.field.type in types for c in space.comparisons) >= 2:
            trials.append(_tried(patterns, mixture, start, rounds=30))
    fair = [t for t in trials if t.accepted and (t.is_own or t.is_plain)]
    return max(fair, key=lambda t: log_likelihood(patterns, t.mixture), default=plain)


def find_classes(patterns: Patterns, mixture: Mixture) -> Mixture:
    """The mixture with the classes that stand out while the match class is still the default one."""
    for _ in range(_MOST_CLASSES if patterns.space.telling >= _FEWEST_FIELDS else 0):
        trial = _tried(patterns, mixture, _start(patterns.space, mixture.match, mixture.unrelated))
        if not (trial.is_plain and trial.taken <= _TAKEN and trial.size >= _FEWEST_PAIRS):
            break
        mixture = trial.mixture
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
    empty = int((mixture.pairs < _SMALLEST * mixture.pairs[0]).sum())  # presumed, and not there
    while space.telling >= _FEWEST_FIELDS and len(mixture.classes) - empty <= _MOST_CLASSES:
        trial = _best(patterns, mixture)
        if not trial.accepted or has_second_match(space, trial.mixture):
            break
        if trial.is_own or trial.is_plain:
            freed = _released(patterns, trial.mixture)
            mixture, released = (trial.mixture if drifted(space, mixture, freed) else freed), True
            continue
        free = mixture if released else _released(patterns, mixture)
        if released or not steady(mixture, free):
            break
        mixture, released = free, True
    return mixture


def _shape(space: Space, mixture: Mixture, alike: Mapping[FieldType, float]) -> Floats:
    """A class that agrees as matches do on such a part of each field, elsewhere as chance does."""
    part = np.array([alike.get(c.field.type, 0.0) for c in space.comparisons])[space.field_of]
    mail = np.array([c.field.type is FieldType.EMAIL for c in space.comparisons])[space.field_of]
    near = np.where(mail & space.is_kind(LevelKind.PARTIAL), mixture.match, 0.0)
    named = alike[FieldType.GIVEN_NAME] * _NAMED * near / np.maximum(space.sums(near), 1e-12)[space.field_of]
    start = np.where(
        space.is_kind(LevelKind.MISSING), mixture.match, part * mixture.match + (1 - part) * mixture.unrelated
    )
    return space.normalise(np.maximum(space.normalise(start), named))


def _kinds(space: Space) -> list[Mapping[FieldType, float]]:
    """What every population has, relatives of one home and namesakes, as far as fields can show them."""
    types = {c.field.type for c in space.comparisons}
    found: list[Mapping[FieldType, float]] = []
    if len(types & set(SHARED)) >= 2 and types & set(_OWN):
        found.append(RELATIVES)
    if types >= set(_NAMES) and types & set(_OWN[1:]):
        found.append(_NAMESAKES)
    return found


def presume_classes(space: Space, mixture: Mixture) -> Mixture:
    """The mixture with a class for each such kind of people.

    Only its number of pairs is learned. A class that could learn a person's own things would learn the matches;
    one that could learn what homes share wanders off to the neighbours, and leaves the households to the matches.
    """
    for alike in _kinds(space):
        start = _shape(space, mixture, alike)
        mixture = mixture.adding(start, PRESUMED, HELD * start, PRESUMED)
    return mixture


def follow_matches(space: Space, mixture: Mixture) -> Mixture:
    """The mixture with the presumed classes as they look beside the matches that were learned since.

    Where two sources write an address differently, they do so for relatives as well.
    """
    classes, priors = list(mixture.classes), list(mixture.priors)
    places = [k for k, held in enumerate(mixture.presumed) if held]
    for place, alike in zip(places, _kinds(space), strict=True):
        classes[place] = _shape(space, mixture, alike)
        priors[place] = HELD * classes[place]
    return replace(mixture, classes=tuple(classes), priors=tuple(priors))


def household_class(space: Space, mixture: Mixture) -> int | None:
    """The number of the class that is most like a household: shares what homes share, differs where people do.

    None where fewer than two such fields are compared, or no class bears that signature.
    """
    exact = space.is_kind(LevelKind.EXACT)
    rate = [space.sums(np.where(exact, c, 0.0)) for c in mixture.classes]
    types = [c.field.type for c in space.comparisons]

    def likeness(number: int, wanted: Sequence[FieldType]) -> list[float]:
        """Its exact agreement over that of a match, for each field of those types."""
        return [min(rate[number][i] / max(rate[0][i], 1e-9), 1.0) for i, t in enumerate(types) if t in wanted]

    def is_household(number: int) -> bool:
        shared, own = likeness(number, SHARED), likeness(number, _OWN)
        if len(shared) < 2 or not own:
            return False
        return float(np.mean(shared)) >= _HOME and float(np.mean(own)) <= _HOME - _MARGIN

    found = [
        k for k in range(1, len(mixture.classes)) if mixture.pairs[k] > 2 * mixture.presumed[k] and is_household(k)
    ]
    return max(found, key=lambda k: (float(np.mean(likeness(k, SHARED))), -k), default=None)

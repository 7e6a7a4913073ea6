"""A mixture over ALL record pairs: the match class, structure classes, and unrelated pairs.

Only candidate pairs have patterns that we can see; every other pair counts as unrelated. So the share
of a class is the sum of its posteriors over the candidates, divided by all pairs. That prior is what
keeps rare matches from being found everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cxid.stages.link.patterns import Floats, Patterns

_TINY = 1e-12
_MOST_NATS = 300.0  # odds that still add up
PRIOR = 4.0  # the usual weight of what is presumed of a class, in pairs for each field
ANCHORED = 300.0  # the weight of what the anchors taught: set free, few matches must not become something else
_STILL = 1e-4  # relative change of every class's pairs at which EM ends


@dataclass(frozen=True)
class Mixture:
    """Classes in the order match, structure classes; unrelated pairs are apart because they are never free."""

    classes: tuple[Floats, ...]  # shares of levels (cells), the match class first
    pairs: Floats  # expected pairs of each class among all pairs
    unrelated: Floats  # shares of levels among unrelated pairs
    tie: Floats  # per pattern: natural log of what dependence adds to the unrelated class
    all_pairs: float
    priors: tuple[Floats, ...]  # pairs (cells) that each class is presumed to have shown before any are seen
    presumed: tuple[float, ...] = (0.0,)  # pairs that each class is presumed to have beside those that are seen

    @property
    def match(self) -> Floats:
        return self.classes[0]

    @property
    def share(self) -> float:
        """Matches among all pairs."""
        return float(self.pairs[0] / self.all_pairs)

    def adding(self, start: Floats, pairs: float, prior: Floats, presumed: float = 0.0) -> Mixture:
        return replace(
            self,
            classes=(*self.classes, start),
            pairs=np.append(self.pairs, pairs),
            priors=(*self.priors, prior),
            presumed=(*self.presumed, presumed),
        )

    def with_match(self, match: Floats) -> Mixture:
        """The same, but for the levels of a match."""
        return replace(self, classes=(match, *self.classes[1:]), priors=(ANCHORED * match, *self.priors[1:]))


def log_joint(patterns: Patterns, mixture: Mixture) -> Floats:
    """Natural log of class share times pattern share: one row a class, unrelated pairs last."""
    rest = max(mixture.all_pairs - float(mixture.pairs.sum()), 0.5 * mixture.all_pairs * _TINY)
    rows = [
        np.log(max(float(n), _TINY) / mixture.all_pairs) + patterns.log_share(np.maximum(c, _TINY))
        for c, n in zip(mixture.classes, mixture.pairs, strict=True)
    ]
    rows.append(
        np.log(rest / mixture.all_pairs) + patterns.log_share(np.maximum(mixture.unrelated, _TINY)) + mixture.tie
    )
    return np.stack(rows)


def posteriors(patterns: Patterns, mixture: Mixture) -> Floats:
    """Share of each class (rows) in each pattern (columns); columns sum to 1."""
    joint = log_joint(patterns, mixture)
    return _shares(joint[:-1], joint[-1])


def _shares(classes: Floats, unrelated: Floats) -> Floats:
    """The same from natural logs of what each class and what unrelated pairs weigh."""
    found = np.empty((len(classes) + 1, len(unrelated)))
    odds = found[:-1]
    np.subtract(classes, unrelated, out=odds)
    np.clip(odds, -_MOST_NATS, _MOST_NATS, out=odds)
    np.exp(odds, out=odds)
    found[-1] = 1.0 / (1.0 + odds.sum(axis=0))
    odds *= found[-1]
    return found


def log_likelihood(patterns: Patterns, mixture: Mixture) -> float:
    """Of the candidates' patterns and of all other pairs being unrelated, in nats."""
    seen = float(patterns.pairs @ np.logaddexp.reduce(log_joint(patterns, mixture), axis=0))
    others = max(mixture.all_pairs - float(patterns.pairs.sum()), 0.0)
    return seen + others * float(np.log1p(-min(float(mixture.pairs.sum()) / mixture.all_pairs, 0.999999)))


def run_em(patterns: Patterns, mixture: Mixture, *, free: frozenset[int] = frozenset(), rounds: int = 100) -> Mixture:
    """The mixture after at most `rounds` of EM; only the classes numbered in `free` change their levels."""
    space, presumed = patterns.space, np.asarray(mixture.presumed)
    classes, pairs = list(mixture.classes), mixture.pairs
    logs = np.stack([patterns.log_share(np.maximum(c, _TINY)) for c in classes])
    chance = patterns.log_share(np.maximum(mixture.unrelated, _TINY)) + mixture.tie
    for _ in range(rounds):
        rest = max(mixture.all_pairs - float(pairs.sum()), 0.5 * mixture.all_pairs * _TINY)
        share = _shares(logs + np.log(np.maximum(pairs, _TINY))[:, None], chance + np.log(rest))[:-1]
        share *= patterns.pairs
        before, pairs = pairs, share.sum(axis=1) + presumed
        for k in free:
            classes[k] = space.normalise(patterns.tally(share[k]) + mixture.priors[k])
            logs[k] = patterns.log_share(np.maximum(classes[k], _TINY))
        if np.all(np.abs(pairs - before) <= _STILL * np.maximum(pairs, 1.0)):
            break
    return replace(mixture, classes=tuple(classes), pairs=pairs)

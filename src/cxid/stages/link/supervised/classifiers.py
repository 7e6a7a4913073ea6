"""recordlinkage's supervised classifiers over levels of agreement, as functions from labels to evidence in bits.

Importing recordlinkage takes seconds, so this module is loaded only when there are enough decisions.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import recordlinkage
from threadpoolctl import threadpool_limits

from cxid.stages.link.patterns import Floats, Ints, Space
from cxid.stages.link.supervised.labels import Flags
from cxid.stages.link.supervised.lesson import LN2, Line

# The penalty of the logistic regression, and how large its features are beside the score: the larger, the less a
# weight on them is held back. So few labels move the score as a whole first, then fields, then single levels.
_PENALTY_INVERSE, _FIELD_STEP, _LEVEL_SIZE = 0.3, 0.25, 0.3
_LARGEST_SCORE, _LARGEST_FIELD = 12.0, 8.0
_LOOSE = 100.0  # two figures need no holding back
_SMOOTHING = 1.0
_DECIMALS = 9  # of learned figures: what another order of additions changes lies beyond


def _frame(values: Floats | Ints, is_match: Flags) -> tuple[pd.DataFrame, pd.MultiIndex]:
    """Rows as the library wants them: comparison vectors by pair, and the index of those that are matches."""
    index = pd.MultiIndex.from_arrays([np.arange(len(values)), np.arange(len(values))])
    return pd.DataFrame(values, index=index), index[is_match]


class Logistic:
    """Logistic regression on the label-free score, each field's bits, and each level of agreement.

    The score stands in it with a coefficient of its own, so that labels correct it rather than replace it.
    """

    def __init__(self, space: Space, field_bits: Floats) -> None:
        self._space = space
        self._cells = np.clip(field_bits, -_LARGEST_FIELD, _LARGEST_FIELD) * _FIELD_STEP

    def _features(self, levels: Ints, score: Floats) -> Floats:
        cells = levels + self._space.offsets[:-1]
        flags = np.zeros((len(levels), self._space.cells))
        flags[np.arange(len(levels))[:, None], cells] = _LEVEL_SIZE
        held = np.clip(score, -_LARGEST_SCORE, _LARGEST_SCORE)[:, None]
        return np.concatenate([held, self._cells[cells], flags], axis=1)

    def fit(self, levels: Ints, score: Floats, is_match: Flags, weight: Floats) -> Logistic:
        """Learn from labelled pairs; how they were chosen does not matter given the features, so `weight` is unused."""
        features, matches = _frame(self._features(levels, score), is_match)
        model = recordlinkage.LogisticRegressionClassifier(C=_PENALTY_INVERSE, max_iter=2000, tol=1e-8)
        with threadpool_limits(1):
            model.fit(features, matches)
        self._learned = np.round(np.asarray(model.coefficients, np.float64).ravel(), _DECIMALS)
        self._start = round(float(np.ravel(model.intercept)[0]), _DECIMALS)
        return self

    def line(self) -> Line:
        """What was learned."""
        fields = self._space.fields
        by_cell = (
            _LEVEL_SIZE * self._learned[1 + fields :]
            + self._cells * self._learned[1 : 1 + fields][self._space.field_of]
        )
        return Line(self._start / LN2, float(self._learned[0]) / LN2, _LARGEST_SCORE, by_cell / LN2)


class Slope:
    """Logistic regression on the label-free score alone: how steep it should be, and where even odds lie."""

    def __init__(self, space: Space, field_bits: Floats) -> None:
        self._most, self._cells = _LARGEST_SCORE, space.cells

    def fit(self, levels: Ints, score: Floats, is_match: Flags, weight: Floats) -> Slope:
        """Learn from labelled pairs."""
        held = np.clip(score, -self._most, self._most)
        features, matches = _frame(held[:, None], is_match)
        model = recordlinkage.LogisticRegressionClassifier(C=_LOOSE, max_iter=2000, tol=1e-8)
        with threadpool_limits(1):
            model.fit(features, matches)
        self._slope = round(float(np.ravel(model.coefficients)[0]), _DECIMALS)
        self._start = round(float(np.ravel(model.intercept)[0]), _DECIMALS)
        return self

    def line(self) -> Line:
        """What was learned."""
        return Line(self._start / LN2, self._slope / LN2, self._most, np.zeros(self._cells))


class NaiveBayes:
    """Naive Bayes over the levels alone; `weight` undoes that doubtful pairs are decided more often than others."""

    def __init__(self, space: Space, field_bits: Floats) -> None:
        self._model, self._space = recordlinkage.NaiveBayesClassifier(binarize=None, alpha=_SMOOTHING), space

    def fit(self, levels: Ints, score: Floats, is_match: Flags, weight: Floats) -> NaiveBayes:
        """Learn from labelled pairs. Rows of no weight show every level, so that the library gives each a column."""
        space = self._space
        sizes = np.diff(space.offsets)
        every = np.minimum(np.arange(sizes.max())[:, None], sizes - 1)
        self._seen = np.bincount((levels + space.offsets[:-1]).ravel(), minlength=space.cells) > 0
        with threadpool_limits(1):
            self._model.kernel.fit(
                np.concatenate([levels, every]).astype(np.float64),
                np.concatenate([is_match, np.zeros(len(every), bool)]).astype(np.int64),
                sample_weight=np.concatenate([weight, np.zeros(len(every))]),
            )
        return self

    def line(self) -> Line:
        """What was learned: fields add up, and a level that no label shows says nothing."""
        space, kernel = self._space, self._model.kernel
        evidence = np.where(self._seen, kernel.feature_log_prob_[1] - kernel.feature_log_prob_[0], 0.0) / LN2
        firsts = evidence[space.offsets[:-1]]
        prior = float(kernel.class_log_prior_[1] - kernel.class_log_prior_[0]) / LN2
        return Line(prior + float(firsts.sum()), 0.0, _LARGEST_SCORE, evidence - firsts[space.field_of])


CLASSIFIERS = {
    "logistic regression": Logistic, "logistic regression of the score": Slope, "naive Bayes": NaiveBayes,
}  # fmt: skip

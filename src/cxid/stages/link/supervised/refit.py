"""Whether what people decided says more about pairs than the label-free model, and what it says.

Which pairs are decided depends on their score: doubtful ones are asked about. Given what a pair looks like that
does not matter to a regression, but it says nothing of pairs unlike those decided. So evidence moves only where
labels lie, and at most so far; docs/decisions/0103-refit.md has the reasons and the figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np

from cxid.engine.base import Engine
from cxid.stages.link.patterns import Floats, Ints, Patterns
from cxid.stages.link.supervised.labels import Flags, Labels, folds, read_labels
from cxid.stages.link.supervised.lesson import Lesson

ENOUGH, ENOUGH_OF_EACH = 200, 30  # labelled pairs; matches, and others
_FOLDS, _FEWEST_COMPONENTS = 5, 10
_OUTER = 0.02  # share of labels at each end that do not count for how far labels reach
_MOST_SHIFT = 1.5  # bits that the pairs where labels lie may move as a whole
_SURE = 1.64  # standard errors by which held-out labels must be foretold better: one in twenty does so by chance
_STRATA = (-6.0, -3.0, -1.5, 0.0, 1.5, 3.0, 6.0)
_LARGEST_WEIGHT = 20.0
UNSUPERVISED = "unsupervised"
_HELD = "held_out_"


@dataclass(frozen=True)
class Held:
    """A model on labels that it did not see: mean log loss in nats, and F1 of pairs at even odds."""

    log_loss: float
    f1: float


@dataclass(frozen=True)
class Taught:
    """What decisions add to each pattern in bits, and why; `bits` is None where nothing is added."""

    bits: Floats | None
    model: str
    reason: str
    labels: Labels
    held: dict[str, Held] = field(default_factory=dict)
    lesson: Lesson | None = None
    told: Mapping[str, str] = field(default_factory=dict)  # what an earlier build said of labels that it held out

    @property
    def figures(self) -> dict[str, str]:
        """For link_summary; none where nobody decided anything."""
        links, unlinks, unscored = self.labels.matches, self.labels.others, self.labels.unscored
        if not links + unlinks + unscored:
            return {}
        told = {
            "decided_links": str(links),
            "decided_unlinks": str(unlinks),
            "decided_not_proposed": str(unscored),
            "decided_model": self.model,
            "decided_reason": self.reason,
        }
        for name, held in self.held.items():
            key = name.replace(" ", "_").lower()
            told |= {f"{_HELD}log_loss_{key}": f"{held.log_loss:.4f}", f"{_HELD}f1_{key}": f"{held.f1:.4f}"}
        return told | {name: value for name, value in self.told.items() if name.startswith(_HELD)}


@dataclass(frozen=True)
class Task:
    """What a refit works on: patterns, their label-free evidence in bits, and the bits of each field's levels."""

    patterns: Patterns
    score: Floats
    field_bits: Floats


def learn(engine: Engine, task: Task) -> Taught:
    """What the decisions of this build teach."""
    labels = read_labels(engine, task.patterns)
    return refit(task, labels)


def recall(engine: Engine, task: Task, lesson: Lesson | None, told: Mapping[str, str]) -> Taught:
    """What the decisions of an earlier build taught, which said so in its link_summary; nothing is learned."""
    labels = read_labels(engine, task.patterns)
    bits = None if lesson is None else lesson.bits(task.patterns, task.score)
    model, reason = told.get("decided_model", UNSUPERVISED), told.get("decided_reason", "")
    return Taught(bits, model, reason, labels, {}, lesson, told)


def refit(task: Task, labels: Labels) -> Taught:
    """The refit that held-out labels prefer to the label-free model, if there is one."""
    if few := _too_few(labels):
        return Taught(None, UNSUPERVISED, few, labels)
    classifiers = import_module("cxid.stages.link.supervised.classifiers").CLASSIFIERS
    base = task.score[labels.pattern]
    predicted = {name: _held_out(task, labels, maker) for name, maker in classifiers.items()}
    held = {UNSUPERVISED: _judge(base, labels.is_match)}
    held |= {name: _judge(bits, labels.is_match) for name, bits in predicted.items()}
    best = min(predicted, key=lambda name: (held[name].log_loss, name))
    gain, error = _gain(base, predicted[best], labels)
    said = (
        f"on {len(base)} decided pairs held out in turn, {best} has a log loss of {held[best].log_loss:.4f}, "
        f"the label-free model {held[UNSUPERVISED].log_loss:.4f}"
    )
    if gain <= _SURE * error:
        return Taught(None, UNSUPERVISED, f"{said}: no better beyond chance", labels, held)
    lesson = _taught(task, labels, classifiers[best])
    bits = lesson.bits(task.patterns, task.score)
    return Taught(bits, best, f"{said}: better by {gain:.4f} +- {error:.4f}", labels, held, lesson)


def _too_few(labels: Labels) -> str:
    """Why the labels cannot be learned from, '' when they can."""
    if labels.matches + labels.others < ENOUGH or min(labels.matches, labels.others) < ENOUGH_OF_EACH:
        return (
            f"{labels.matches} links and {labels.others} unlinks among compared pairs; "
            f"weights are refitted from {ENOUGH} on, with {ENOUGH_OF_EACH} of each"
        )
    if len(np.unique(labels.component)) < _FEWEST_COMPONENTS:
        return "the decided pairs are about too few groups of records to hold some out"
    return ""


def _held_out(task: Task, labels: Labels, maker: Any) -> Floats:
    """The evidence on each label from labels of other records."""
    fold = folds(labels.component, _FOLDS)
    bits = task.score[labels.pattern].copy()
    for number in range(_FOLDS):
        out = fold == number
        taught = labels.take(~out)
        if out.any() and min(taught.matches, taught.others) > 1:
            bits[out] += _taught(task, taught, maker).bits(task.patterns, task.score)[labels.pattern[out]]
    return bits


def _taught(task: Task, labels: Labels, maker: Any) -> Lesson:
    """What a classifier learns from `labels`."""
    patterns, score = task.patterns, task.score
    at = labels.pattern
    model = maker(patterns.space, task.field_bits)
    model.fit(patterns.levels[at], score[at], labels.is_match, _weights(patterns, score, at))
    low, high = np.quantile(score[at], [_OUTER, 1 - _OUTER])
    lesson = Lesson(model.line(), float(low), float(high)).rounded()
    reach = lesson.reach(score)
    touched = np.flatnonzero(reach > 0)
    raw = lesson.raw(patterns, score, touched)
    return lesson.shifted(_shift(score[touched], raw, patterns.pairs[touched] * reach[touched]))


def _weights(patterns: Patterns, score: Floats, at: Ints) -> Floats:
    """How many pairs each label stands for, by bands of the score, about 1 on average."""
    band, every = np.searchsorted(_STRATA, score[at]), np.searchsorted(_STRATA, score)
    pairs = np.bincount(every, patterns.pairs, len(_STRATA) + 1)
    labelled = np.bincount(band, minlength=len(_STRATA) + 1)
    weight = (pairs / np.maximum(labelled, 1))[band]
    weight = weight / np.median(weight)
    return np.asarray(np.clip(weight, 1 / _LARGEST_WEIGHT, _LARGEST_WEIGHT))


def _shift(score: Floats, raw: Floats, pairs: Floats) -> float:
    """Bits to add to `raw` so that the pairs as a whole move by no more than _MOST_SHIFT.

    People also decide what struck them as wrong; such decisions say which pairs are likelier than others, not
    how many are matches.
    """
    total = float(pairs.sum())
    if total <= 0:
        return 0.0

    def odds(bits: Floats) -> float:
        mean = float(np.clip((pairs / (1 + np.exp2(-np.clip(bits, -60, 60)))).sum() / total, 1e-9, 1 - 1e-9))
        return float(np.log2(mean / (1 - mean)))

    before = odds(score)
    if abs(odds(score + raw) - before) <= _MOST_SHIFT:
        return 0.0
    goal = before + float(np.copysign(_MOST_SHIFT, odds(score + raw) - before))
    low, high = -30.0, 30.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if odds(score + raw + middle) < goal else (low, middle)
    return round((low + high) / 2, 6)


def _losses(bits: Floats, is_match: Flags) -> Floats:
    """Log loss of each label in nats."""
    signed = np.where(is_match, bits, -bits) * np.log(2)
    return np.asarray(np.logaddexp(0.0, -np.clip(signed, -40, 40)))


def _judge(bits: Floats, is_match: Flags) -> Held:
    right = int((is_match & (bits >= 0)).sum())
    both = int(is_match.sum()) + int((bits >= 0).sum())
    return Held(float(_losses(bits, is_match).mean()), 2 * right / both if both else 0.0)


def _gain(before: Floats, after: Floats, labels: Labels) -> tuple[float, float]:
    """(mean fall of the log loss, its standard error): pairs of one component count as one observation."""
    fall = _losses(before, labels.is_match) - _losses(after, labels.is_match)
    mean = float(fall.mean())
    apart = np.bincount(labels.component, fall - mean)
    groups = len(np.unique(labels.component))
    return mean, float(np.sqrt((apart**2).sum() * groups / max(groups - 1, 1)) / len(fall))

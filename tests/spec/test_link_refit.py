"""Weights refitted to decisions: when, from what, and how far."""

from __future__ import annotations

import numpy as np
import pytest

from cxid.model import Field, FieldType
from cxid.stages.link.levels import comparisons
from cxid.stages.link.patterns import Patterns, Space
from cxid.stages.link.supervised.classifiers import CLASSIFIERS
from cxid.stages.link.supervised.labels import Labels, components, folds
from cxid.stages.link.supervised.lesson import NOTHING, read_lesson
from cxid.stages.link.supervised.refit import UNSUPERVISED, Task, refit

FIELDS = tuple(Field(n, FieldType.CATEGORY, (n,)) for n in ("town", "trade", "street"))


def _task(seed: int = 1) -> tuple[Task, np.ndarray]:
    """(task, true bits of each pattern): the label-free score believes all fields alike, in truth one says nothing."""
    space = Space(comparisons(FIELDS))
    draw = np.random.default_rng(seed)
    sizes = [len(c.levels) - 2 for c in space.comparisons]  # missing and not in source do not occur
    scale = np.cumprod([1, *(len(c.levels) for c in space.comparisons)])[:-1]
    levels = np.array([[draw.integers(0, s) for s in sizes] for _ in range(400)])
    codes = np.unique((levels * scale).sum(axis=1))
    patterns = Patterns.of(space, codes, draw.integers(1, 40, len(codes)).astype(float))
    bits = np.zeros(space.cells)
    for number in range(space.fields):
        part = space.part(number)
        bits[part] = np.linspace(3, -3, part.stop - part.start)
    cells = patterns.levels + space.offsets[:-1]
    true = bits[cells][:, :2].sum(axis=1) * 1.3
    return Task(patterns, bits[cells].sum(axis=1), bits), true


def _labels(task: Task, true: np.ndarray, size: int, *, seed: int = 2, band: float = 20.0) -> Labels:
    """Labels drawn among patterns whose score lies in the band, each a record pair of its own."""
    draw = np.random.default_rng(seed)
    pattern = draw.choice(np.flatnonzero(np.abs(task.score) <= band), size)
    is_match = draw.random(size) < 1 / (1 + np.exp2(-true[pattern]))
    return Labels(pattern, is_match, np.arange(size))


def _loss(task: Task, bits: np.ndarray, true: np.ndarray) -> float:
    share = 1 / (1 + np.exp2(-true))
    said = np.clip(1 / (1 + np.exp2(-bits)), 1e-9, 1 - 1e-9)
    return float(-(task.patterns.pairs * (share * np.log(said) + (1 - share) * np.log(1 - said))).sum())


@pytest.mark.parametrize("band", [20.0, 2.5])
def test_enough_decisions_that_know_better_move_the_weights_towards_the_truth(band: float) -> None:
    task, true = _task()
    taught = refit(task, _labels(task, true, 600, band=band))
    assert taught.model == "logistic regression"
    assert taught.bits is not None
    assert _loss(task, task.score + taught.bits, true) < 0.9 * _loss(task, task.score, true)
    figures = taught.figures
    assert float(figures["held_out_log_loss_logistic_regression"]) < float(figures["held_out_log_loss_unsupervised"])
    assert figures["decided_model"] == "logistic regression"
    assert "better by" in figures["decided_reason"]


def test_the_same_decisions_give_the_same_bits() -> None:
    task, true = _task()
    labels = _labels(task, true, 300)
    assert np.array_equal(refit(task, labels).bits, refit(task, labels).bits)


def test_a_model_that_is_right_already_stays() -> None:
    task, _ = _task()
    taught = refit(task, _labels(task, task.score, 300))
    assert (taught.bits, taught.model) == (None, UNSUPERVISED)
    assert "no better beyond chance" in taught.reason
    assert set(taught.held) == {
        UNSUPERVISED, "logistic regression", "logistic regression of the score", "naive Bayes",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("story", "links", "unlinks", "said"),
    [
        ("none", 0, 0, "0 links and 0 unlinks"),
        ("few", 30, 19, "30 links and 19 unlinks"),
        ("one-sided", 200, 9, "200 links and 9 unlinks"),
    ],
)
def test_few_or_one_sided_decisions_change_nothing_and_that_is_said(
    story: str, links: int, unlinks: int, said: str
) -> None:
    task, _ = _task()
    size = links + unlinks
    taught = refit(task, Labels(np.zeros(size, np.int64), np.arange(size) < links, np.arange(size)))
    assert (taught.bits, taught.model) == (None, UNSUPERVISED)
    assert said in taught.reason
    assert (taught.figures == {}) == (size == 0)


def test_decisions_about_one_group_of_records_cannot_be_held_out() -> None:
    task, true = _task()
    labels = _labels(task, true, 200)
    taught = refit(task, Labels(labels.pattern, labels.is_match, np.zeros(200, np.int64)))
    assert taught.bits is None
    assert "too few groups" in taught.reason


def test_labels_move_nothing_far_from_where_they_lie() -> None:
    task, true = _task()
    labels = _labels(task, true, 600, band=2.0)
    taught = refit(task, labels)
    assert taught.bits is not None
    far = np.abs(task.score) > 2.0 + 4.0
    assert far.any()
    assert not taught.bits[far].any()
    assert np.abs(taught.bits).max() <= 8.0


def test_decisions_made_because_something_was_wrong_do_not_turn_all_pairs_into_errors() -> None:
    task, true = _task()
    draw = np.random.default_rng(5)
    labels = _labels(task, true, 4000)
    struck = labels.take(~labels.is_match | (draw.random(4000) < 0.02))  # hardly a link among them
    taught = refit(task, struck)
    assert taught.bits is not None

    def odds(bits: np.ndarray) -> float:
        mean = float((task.patterns.pairs / (1 + np.exp2(-bits))).sum() / task.patterns.pairs.sum())
        return float(np.log2(mean / (1 - mean)))

    assert abs(odds(task.score + taught.bits) - odds(task.score)) <= 1.6


def test_pairs_that_share_a_record_lie_in_one_fold() -> None:
    a, b = np.array([1, 2, 5, 7, 8, 9, 3]), np.array([2, 3, 6, 8, 9, 10, 4])
    component = components(a, b)
    assert component.tolist() == [0, 0, 1, 2, 2, 2, 0]
    fold = folds(component, 2)
    assert [len(set(fold[component == c].tolist())) for c in range(3)] == [1, 1, 1]
    assert sorted(np.bincount(fold).tolist()) == [3, 4]


def test_what_was_taught_is_the_same_read_back_from_its_table() -> None:
    task, true = _task()
    taught = refit(task, _labels(task, true, 600))
    assert taught.lesson is not None
    lesson = read_lesson(taught.lesson.table())
    assert lesson is not None
    assert np.array_equal(lesson.bits(task.patterns, task.score), taught.bits)
    few = task.patterns.subset(np.arange(len(task.score)) % 7 == 0)
    assert np.array_equal(lesson.bits(few, task.score[::7]), taught.bits[::7])
    assert read_lesson(NOTHING) is None


@pytest.mark.parametrize("name", sorted(CLASSIFIERS))
def test_every_classifier_says_what_it_learned_as_a_line(name: str) -> None:
    task, true = _task()
    labels = _labels(task, true, 300)
    levels, score = task.patterns.levels, task.score
    model = CLASSIFIERS[name](task.patterns.space, task.field_bits)
    model.fit(levels[labels.pattern], score[labels.pattern], labels.is_match, np.ones(300))
    bits = model.line().bits(levels + task.patterns.space.offsets[:-1], score)
    said = (bits >= 0)[labels.pattern]
    assert (said == labels.is_match).mean() > 0.7


@pytest.mark.parametrize("shown", [2, 3])
@pytest.mark.parametrize("name", sorted(CLASSIFIERS))
def test_labels_that_show_few_levels_of_a_field_teach_nothing_of_the_others(name: str, shown: int) -> None:
    task, _true = _task()
    levels, offsets = task.patterns.levels, task.patterns.space.offsets
    few = np.flatnonzero((levels < shown).all(axis=1))
    pattern = np.random.default_rng(3).choice(few, 120)
    is_match = np.arange(120) % 2 == 0
    model = CLASSIFIERS[name](task.patterns.space, task.field_bits)
    model.fit(levels[pattern], task.score[pattern], is_match, np.ones(120))
    bits = model.line().bits(levels + offsets[:-1], np.zeros(len(levels)))
    assert np.isfinite(bits).all()
    if name == "naive Bayes":
        unseen = (levels >= shown).all(axis=1)
        assert len(np.unique(bits[unseen])) <= 1  # the share of matches alone

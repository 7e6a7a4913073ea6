"""Intervals: figures from the literature, and how often they hold the truth."""

from __future__ import annotations

import random

import pytest

from cxid.evaluate.intervals import Estimate, Stratum, part_of_both, ratio_of_means, stratified, wilson, z_value


@pytest.mark.parametrize(
    ("yes", "n", "low", "high"),
    [  # Newcombe, Two-sided confidence intervals for the single proportion, 1998, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_figures(yes: int, n: int, low: float, high: float) -> None:
    assert wilson(yes / n, n, z_value()) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_one_stratum_is_wilson() -> None:
    found = stratified([Stratum(10**9, 20, 15)])
    assert (found.low, found.high) == pytest.approx(wilson(0.75, 20, z_value()), abs=1e-4)


def test_what_was_seen_as_a_whole_is_known() -> None:
    assert stratified([Stratum(20, 20, 15)]) == Estimate(0.75, 0.75, 0.75)
    assert ratio_of_means([(2, [(1.0, 1.0), (0.0, 1.0)])]) == Estimate(0.5, 0.5, 0.5)


def test_no_fault_seen_is_no_proof_of_none() -> None:
    found = stratified([Stratum(1000, 50, 50), Stratum(9000, 30, 30)])
    assert found.value == found.high == 1.0
    assert 0.85 < found.low < 0.95


def test_nothing_missed_leaves_recall_open_downwards() -> None:
    found = part_of_both(Estimate(900, 880, 910), Estimate(0, 0, 40))
    assert (found.value, found.high) == (1.0, 1.0)
    assert 0.95 < found.low < 0.96


STRATA = [(20_000, 0.999, 60), (3_000, 0.95, 30), (800, 0.6, 25), (2_000, 0.15, 40)]


def test_stratified_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    draw = random.Random(7)
    total = sum(size for size, _, _ in STRATA)
    truth = sum(size * share for size, share, _ in STRATA) / total
    held = 0
    for _ in range(600):
        seen = [Stratum(size, n, sum(draw.random() < share for _ in range(n))) for size, share, n in STRATA]
        found = stratified(seen)
        held += found.low <= truth <= found.high
    assert 0.92 <= held / 600 <= 1.0


def test_recall_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    draw = random.Random(11)
    joined, apart = STRATA[:3], STRATA[3:]
    right, missed = (sum(size * share for size, share, _ in part) for part in (joined, apart))
    held = 0
    for _ in range(600):
        totals = []
        for part in (joined, apart):
            size = sum(s for s, _, _ in part)
            e = stratified([Stratum(s, n, sum(draw.random() < p for _ in range(n))) for s, p, n in part])
            totals.append(Estimate(e.value * size, e.low * size, e.high * size))
        found = part_of_both(*totals)
        held += found.low <= right / (right + missed) <= found.high
    assert 0.92 <= held / 600 <= 1.0


def test_ratios_over_customers_hold_the_truth_about_as_often_as_they_say() -> None:
    draw = random.Random(3)
    population = []
    for size, bad in ((4_000, 0.03), (500, 0.2)):
        customers = []
        for _ in range(size):
            records = draw.choice([2, 2, 3, 4])
            pairs = records * (records - 1) / 2
            customers.append((pairs - (records - 1 if draw.random() < bad else 0), pairs))
        population.append(customers)
    truth = sum(y for c in population for y, _ in c) / sum(x for c in population for _, x in c)
    held = 0
    for _ in range(400):
        found = ratio_of_means([(len(c), draw.sample(c, n)) for c, n in zip(population, (120, 60), strict=True)])
        held += found.low <= truth <= found.high
    assert 0.90 <= held / 400 <= 1.0


def test_a_few_large_customers_without_a_fault_prove_little() -> None:
    small = [(1.0, 1.0)] * 100
    large = [(28.0, 28.0)] * 3
    found = ratio_of_means([(4_000, small), (400, large)])
    assert found.value == found.high == 1.0
    assert found.low < 0.6  # three quarters of the pairs lie in the large ones


@pytest.mark.parametrize(
    ("spec", "drawn"),
    [  # (customers, their records, share that hold a stranger), customers seen
        ([(4_000, (2,), 0.01), (60, (8, 12, 20), 0.15)], (100, 4)),
        ([(2_000, (2,), 0.02), (800, (3, 5), 0.05), (200, (6, 9), 0.3)], (10, 5, 3)),
    ],
)
def test_intervals_hold_where_few_large_customers_have_most_pairs(
    spec: list[tuple[int, tuple[int, ...], float]], drawn: tuple[int, ...]
) -> None:
    draw = random.Random(5)
    population = []
    for size, records, bad in spec:
        sizes = [draw.choice(records) for _ in range(size)]
        pairs = [n * (n - 1) / 2 for n in sizes]
        population.append([(p - (n - 1) * (draw.random() < bad), p) for n, p in zip(sizes, pairs, strict=True)])
    truth = sum(y for c in population for y, _ in c) / sum(x for c in population for _, x in c)
    held = 0
    for _ in range(400):
        found = ratio_of_means([(len(c), draw.sample(c, n)) for c, n in zip(population, drawn, strict=True)])
        held += found.low <= truth <= found.high
    assert 0.93 <= held / 400 <= 1.0

"""The models of value against closed forms, against simulated customers, and where they must give up."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from scipy.special import hyp2f1

from cxid.stages.profile.value import bgnbd, gammagamma
from cxid.stages.profile.value.bgnbd import Counts, Rates
from cxid.stages.profile.value.fitting import correlation
from cxid.stages.profile.value.forecast import SOON, YEAR, Models
from cxid.stages.profile.value.gammagamma import Spend, Spendings
from cxid.stages.profile.value.search import best

CDNOW = Rates(0.243, 4.414, 0.793, 2.426)
SPENT = Spend(6.25, 3.74, 15.45)
CUSTOMERS = [(0, 0, 272), (1, 12, 272), (2, 213, 272), (9, 250, 260), (40, 271, 272), (3, 3, 3), (0, 0, 0)]


def expected_purchases(rates: Rates, x: float, t: float, T: float, ahead: float) -> float:
    """Equation (10) of Fader, Hardie and Lee (2005)."""
    r, alpha, a, b = rates.r, rates.alpha, rates.a, rates.b
    series = hyp2f1(r + x, b + x, a + b + x - 1, ahead / (alpha + T + ahead))
    above = (a + b + x - 1) / (a - 1) * (1 - ((alpha + T) / (alpha + T + ahead)) ** (r + x) * series)
    return float(above / (1 + (a / (b + x - 1) * ((alpha + T) / (alpha + t)) ** (r + x) if x else 0)))


def cells(customers: list[tuple[int, int, int]], currency: str = "EUR") -> pa.Table:
    return pa.table(
        {"currency": [currency] * len(customers)}
        | {name: [c[n] for c in customers] for n, name in enumerate(("repeats", "last_day", "age_days"))}
    )


@pytest.mark.parametrize(("x", "t", "age"), CUSTOMERS)
def test_expected_purchases_are_those_of_the_closed_form(x: int, t: int, age: int) -> None:
    row = Models(CDNOW, {}).forecast(cells([(x, t, age)])).to_pylist()[0]
    for name, ahead in (("soon", SOON), ("year", YEAR)):
        assert row[name] == pytest.approx(expected_purchases(CDNOW, x, t / 7, age / 7, ahead), rel=1e-4)
    assert row["low"] is None


def test_no_customer_s_forecast_depends_on_the_others() -> None:
    models = Models(CDNOW, {"EUR": SPENT})
    together = models.forecast(cells(CUSTOMERS)).to_pylist()
    assert together == [models.forecast(cells([c])).to_pylist()[0] for c in CUSTOMERS]
    assert list(reversed(together)) == models.forecast(cells(CUSTOMERS[::-1])).to_pylist()


@pytest.mark.parametrize(("x", "t", "age"), CUSTOMERS[:5])
def test_bounds_are_the_quantiles_of_simulated_spending(x: int, t: int, age: int) -> None:
    row = Models(CDNOW, {"EUR": SPENT}).forecast(cells([(x, t, age)])).to_pylist()[0]
    rng, money, people = np.random.default_rng(7), 20.0 * x, 40_000
    alive = rng.random(people) < row["p_alive"]
    rate = rng.gamma(CDNOW.r + x, 1 / (CDNOW.alpha + age / 7), people)
    drops = rng.beta(CDNOW.a, CDNOW.b + x, people)
    bought = np.where(alive, np.minimum(rng.poisson(rate * YEAR), rng.geometric(drops)), 0)
    each = rng.gamma(SPENT.q + SPENT.p * x, 1 / (SPENT.v + money), people)
    spent = np.where(bought > 0, rng.gamma(np.maximum(SPENT.p * bought, 1e-9)) / each, 0)
    scale = SPENT.v + money
    assert np.mean(bought) == pytest.approx(row["year"], rel=0.03)
    assert np.mean(spent) == pytest.approx(row["mean"] * scale, rel=0.05)
    for name, share in (("low", 0.1), ("high", 0.9)):
        assert np.mean(spent <= row[name] * scale) >= share - 0.006
        assert np.mean(spent <= row[name] * scale * 0.97) <= max(share, float(np.mean(spent == 0))) + 0.006


def test_a_fit_finds_the_parameters_that_made_the_customers() -> None:
    rng, people, weeks = np.random.default_rng(3), 4000, 60.0
    rate, drops = rng.gamma(0.6, 1 / 6.0, people), rng.beta(0.7, 2.5, people)
    rows = []
    for n in range(people):
        times = np.cumsum(rng.exponential(1 / rate[n], rng.geometric(drops[n]) if drops[n] > 1e-3 else 2000))
        times = times[times < weeks]
        rows.append((len(times), times[-1] if len(times) else 0.0, weeks))
    x, t, age = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    found = bgnbd.fit(Counts(x, t, age, np.ones(people)))
    assert found is not None
    for low, high, true in zip(found.low, found.high, (0.6, 6.0, 0.7, 2.5), strict=True):
        assert low < true < high
    each = rng.gamma(SPENT.q, 1 / SPENT.v, people)
    count = rng.integers(1, 9, people).astype(float)
    money = Spendings(count, rng.gamma(SPENT.p * count) / each, np.ones(people))
    spend = gammagamma.fit(money)
    assert spend is not None
    for low, high, true in zip(spend.low, spend.high, (SPENT.p, SPENT.q, SPENT.v), strict=True):
        assert low < true < high


@pytest.mark.parametrize("unit", [0.01, 1.0, 25_000.0])
def test_the_unit_of_money_changes_nothing_but_v(unit: float) -> None:
    rng = np.random.default_rng(5)
    count = rng.integers(1, 6, 500).astype(float)
    total = rng.gamma(4.0 * count) / rng.gamma(3.0, 1 / 20.0, 500)
    plain = gammagamma.fit(Spendings(count, total, np.ones(500)))
    scaled = gammagamma.fit(Spendings(count, total * unit, np.ones(500)))
    assert plain is not None
    assert scaled is not None
    assert scaled.values == pytest.approx((*plain.values[:2], plain.values[2] * unit), rel=1e-5)


def test_customers_in_one_cell_weigh_as_many_cells_of_one() -> None:
    rng = np.random.default_rng(11)
    x = rng.integers(0, 4, 400).astype(float)
    age = rng.integers(10, 50, 400).astype(float)
    t = np.where(x > 0, age / 2, 0)
    apart = bgnbd.fit(Counts(x, t, age, np.ones(400)))
    whole, weight = np.unique(np.column_stack([x, t, age]), axis=0, return_counts=True)
    together = bgnbd.fit(Counts(whole[:, 0], whole[:, 1], whole[:, 2], weight.astype(float)))
    assert apart is not None
    assert together is not None
    assert together.values == pytest.approx(apart.values, rel=1e-4)


def test_nobody_who_drops_out_leaves_a_ridge_and_still_a_fit() -> None:
    rng = np.random.default_rng(2)
    count = rng.poisson(rng.gamma(1.0, 0.1, 800) * 100)
    last = np.array([np.max(rng.uniform(0, 100, n)) if n else 0.0 for n in count])
    found = bgnbd.fit(Counts(count.astype(float), last, np.full(800, 100.0), np.ones(800)))
    assert found is not None
    assert found.values[2] / (found.values[2] + found.values[3]) < 0.01


def test_a_bend_that_rounding_makes_on_a_ridge_is_no_reason_to_give_up() -> None:
    """Of millions of buyers the prior bends next to nothing, and rounding a little more, either way."""

    def ridge(p: np.ndarray, down: float) -> tuple[float, np.ndarray]:
        logs, buyers = np.log(p), 1e6
        return buyers * float(down * logs[1] ** 2 - logs[0] ** 2), buyers * np.array(
            [-2 * logs[0], 2 * down * logs[1]]
        ) / p

    found = best(lambda p: ridge(p, 2e-6), [(3.0, 2.0)], 1e6)
    assert found is not None
    assert found.values[0] == pytest.approx(1, rel=1e-4)
    assert best(lambda p: ridge(p, 0.5), [(3.0, 2.0)], 1e6) is None


def test_a_likelihood_without_a_peak_gives_none() -> None:
    assert best(lambda p: (float("nan"), np.zeros(1)), [(1.0,)], 10.0) is None
    assert best(lambda p: (float(np.sum(np.log(p)) * 1e6), 1e6 / p), [(1.0,)], 10.0) is None


TIED = [  # purchases, mean spending, customers, rank correlation
    ((1, 2, 3, 4), (10, 20, 30, 40), (1, 1, 1, 1), 1.0),
    ((1, 2, 3, 4), (40, 30, 20, 10), (1, 1, 1, 1), -1.0),
    ((1, 2), (10, 10), (5, 5), 0.0),
    ((1, 1, 2, 2), (10, 20, 10, 20), (3, 3, 3, 3), 0.0),
    ((1, 2, 3, 4), (10, 10**12, 20, 30), (1, 1, 1, 1), 0.4),
]


@pytest.mark.parametrize(("count", "mean", "customers", "rank"), TIED)
def test_how_often_and_how_much_go_together_is_a_matter_of_ranks(
    count: tuple[int, ...], mean: tuple[int, ...], customers: tuple[int, ...], rank: float
) -> None:
    x = np.array(count, dtype=float)
    assert correlation(Spendings(x, x * np.array(mean), np.array(customers, dtype=float))) == pytest.approx(rank)

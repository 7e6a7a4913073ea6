"""What counts as a purchase, what as given back, on which day, in which money; what the value section then says."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from cxid.engine.duckdb import DuckDBEngine
from tests.reference.sales import Sale
from tests.sales_tables import sale, write_sales

AS_OF = "2024-12-31"


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(threads=2)
    yield made
    made.close()


ORDERS: dict[str, tuple[list[tuple[Any, ...]], tuple[Any, ...]]] = {
    # (day, amount, type, number of the purchase), ... -> orders, refunds, orders returned, revenue, frequency
    "lines of one number are one purchase": (
        [("03-01", "2", None, "r1"), ("03-01", "3", None, "r1"), ("03-02", "1", None, "r2")], (2, 0, 0, "6", 1),
    ),
    "rows of one time without a number are one purchase": ([("03-01", "2"), ("03-01", "3")], (1, 0, 0, "5", 0)),
    "a refund of its own number gives back the latest purchase of the same amount": (
        [("03-01", "5"), ("03-04", "5"), ("03-05", "-5")], (2, 1, 1, "5", 0),
    ),
    "two refunds give back two": (
        [("03-01", "5"), ("03-04", "5"), ("03-05", "-5"), ("03-06", "5", "refund")], (2, 2, 2, "0", None),
    ),
    "a refund gives back nothing that was bought after it": ([("03-01", "-5"), ("03-04", "5")], (1, 1, 0, "0", 0)),
    "part of a purchase given back leaves a purchase": ([("03-01", "5"), ("03-04", "-2")], (1, 1, 0, "3", 0)),
    "the rest of a purchase given back in parts is known by its number": (
        [("03-01", "5", None, "r1"), ("03-04", "-2", None, "r1"), ("03-05", "-3", None, "r1")], (1, 1, 1, "0", None),
    ),
    "a refund without a purchase is no purchase": ([("03-01", "-5")], (0, 1, 0, "-5", None)),
    "minus nothing is nothing": ([("03-01", "-0.00"), ("03-02", "0")], (2, 0, 0, "0", 1)),
    "a purchase without an amount is one": ([("03-01", None)], (1, 0, 0, "0", 0)),
    "what was cancelled was never sold": ([("03-01", "5"), ("03-02", "7", "Order cancelled")], (1, 0, 0, "5", 0)),
    "the way of paying is no matter": ([("03-01", "5", "Visa"), ("03-02", "7", "bar")], (2, 0, 0, "12", 1)),
    "a credit note in another language": ([("03-01", "5"), ("03-02", "5", "Gutschrift")], (1, 1, 1, "0", None)),
    "the last moment of as_of counts and the next does not": (
        [("12-31T23:59:59.999999", "5"), ("12-30", "1"), ("12-32", "9")], (2, 0, 0, "6", 1),
    ),
    "sums past the largest amount are kept": ([(f"03-{d:02}", "99999999999999") for d in (1, 2, 3)], (3, 0, 0, "299999999999997", 2)),
    "tenths add up": ([(f"03-{d:02}", "0.1") for d in range(1, 11)], (10, 0, 0, "1.0", 9)),
}  # fmt: skip


@pytest.mark.parametrize("case", ORDERS)
def test_what_is_a_purchase(engine: DuckDBEngine, case: str) -> None:
    lines, expected = ORDERS[case]
    sales = []
    for day, amount, *rest in lines:
        kind, number = (*rest, None, None)[:2]
        when = "2025-01-01T00" if day == "12-32" else f"2024-{day}"
        sales.append(sale("a", when, amount, type=kind, case_id=number))
    row = write_sales(engine, sales, as_of=AS_OF)[0]["a"]
    found = (row["orders"], row["refunds"], row["orders_returned"], row["revenue"], row["frequency"])
    assert found == (*expected[:3], Decimal(expected[3]), expected[4])


def test_currencies_are_kept_apart(engine: DuckDBEngine) -> None:
    sales = [
        sale("a", "2024-03-01", "10"),
        sale("a", "2024-03-02", "20"),
        sale("a", "2024-03-03", "500", currency="JPY"),
        sale("a", "2024-03-04", "-20", currency="JPY"),
        sale("a", "2024-03-05", "7", currency=None),
    ]
    row = write_sales(engine, sales, as_of=AS_OF)[0]["a"]
    assert (row["currency"], row["revenue"], row["average_order"]) == ("EUR", Decimal(30), Decimal(15))
    assert row["revenue_by_currency"] == '{"EUR":"30.0000","JPY":"480.0000","unknown":"7.0000"}'
    assert (row["frequency"], row["baseline_12m"]) == (3, Decimal(30)), "days of any money, spending of the main one"
    assert row["orders_returned"] == 0, "20 yen are not 20 euros"


DAYS = [  # time zone, days between the two purchases, days since the last one
    ("UTC", 1, 2, 1), ("Europe/Berlin", 0, 2, 0), ("America/New_York", 0, 3, 0), ("Pacific/Kiritimati", 0, 2, 0),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "apart", "since", "frequency"), DAYS)
def test_a_day_is_one_on_the_wall(engine: DuckDBEngine, zone: str, apart: int, since: int, frequency: int) -> None:
    sales = [sale("a", "2024-03-01T23:30", "5"), sale("a", "2024-03-02T02:00", "5")]
    row = write_sales(engine, sales, as_of="2024-03-04", zone=zone)[0]["a"]
    assert row["frequency"] == frequency
    assert row["typical_gap_days"] == (Decimal(apart) if apart else None)
    assert row["days_since_purchase"] == since


def _company(people: int, seed: int, *, tied: bool = False) -> list[Sale]:
    rng = np.random.default_rng(seed)
    found = []
    for n in range(people):
        count = min(int(rng.geometric(0.45)), 30)
        days = rng.choice(300, count, replace=False)
        for day in days:
            amount = float(rng.gamma(4.0, 10.0 * count if tied else 10.0)) + 0.01
            month, rest = divmod(int(day), 28)
            found.append(sale(f"c{n:04}", f"2024-{month + 1:02}-{rest + 1:02}T12", f"{amount:.2f}"))
    return found


def test_with_few_buyers_there_is_no_model_and_the_baseline_remains(engine: DuckDBEngine) -> None:
    rows, told = write_sales(engine, _company(60, 1), as_of=AS_OF)
    assert [code for code, _ in told.warnings] == ["value_buying", "value_spending"]
    for row in rows.values():
        assert row["baseline_12m"] > 0
        assert row["frequency"] is not None
        assert row["p_alive"] is None
        assert row["clv_12m"] is None
        assert row["expected_purchases_12m"] is None


def test_when_those_who_buy_often_spend_more_each_time_there_is_no_value(engine: DuckDBEngine) -> None:
    rows, told = write_sales(engine, _company(400, 2, tied=True), as_of=AS_OF)
    assert [(code, "correlation" in text) for code, text in told.warnings] == [("value_spending", True)]
    assert all(row["clv_12m"] is None and row["expected_purchases_12m"] is not None for row in rows.values())


def test_value_is_the_same_for_any_order_of_rows_and_threads(engine: DuckDBEngine) -> None:
    sales = [
        *_company(300, 3),
        *(sale(f"d{n}", f"2024-0{n % 9 + 1}-1{n % 9}", f"{n + 1}", currency="USD") for n in range(30)),
    ]
    expected, told = write_sales(engine, sales, as_of=AS_OF)
    model = engine.fetch("SELECT * FROM value_model").to_pylist()
    assert [text for _, text in told.warnings] == [
        "no model of spending in one currency: too few: 50 repeat buyers who spent something are needed; "
        "baseline_12m remains"
    ]
    shuffled = list(sales)
    random.Random(5).shuffle(shuffled)
    other = DuckDBEngine(threads=1)
    assert write_sales(other, shuffled, as_of=AS_OF)[0] == expected
    assert other.fetch("SELECT * FROM value_model").to_pylist() == model
    other.close()
    for row in expected.values():
        if row["currency"] == "EUR":
            assert 0 <= row["clv_12m_low"] <= row["clv_12m_high"]
            assert (row["p_alive"] is None) == (row["frequency"] == 0)


def test_one_time_buyers_are_told_apart_by_how_long_others_took_to_come_back(engine: DuckDBEngine) -> None:
    back = [
        line
        for n in range(100)
        for line in (
            sale(f"r{n:02}", "2024-01-01", "5"),
            sale(f"r{n:02}", f"2024-{1 + n // 28:02}-{2 + n % 27:02}", "5"),
        )
    ]
    once = {
        "2024-12-31": "new",
        "2024-12-01": "new",
        "2024-11-01": "cooling",
        "2024-10-01": "at_risk",
        "2024-06-01": "lost",
    }
    rows, _ = write_sales(engine, [*back, *(sale(day, day, "5") for day in once)], as_of=AS_OF)
    ends = {
        row["figure"]: int(row["value"])
        for row in engine.fetch("SELECT figure, value FROM value_model WHERE model = 'lifecycle'").to_pylist()
    }
    assert sorted(ends.values()) == [ends[f"{band}_until_days"] for band in ("new", "cooling", "at_risk", "high_risk")]
    assert {day: rows[day]["lifecycle"] for day in once} == once

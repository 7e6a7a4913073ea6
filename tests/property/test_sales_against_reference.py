"""Purchases, RFM and the counts under a customer's value are the slow reference's, for any sales in any order."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxid.engine.duckdb import DuckDBEngine
from tests.reference.sales import Sale, purchases
from tests.sales_tables import write_sales

SALES = st.builds(
    Sale,
    customer=st.sampled_from([None, "a", "a", "a", "b", "c", "d"]),
    source=st.sampled_from(["till", "till", "shop"]),
    key=st.sampled_from([None, None, "r1", "r2", "r3"]),
    case_id=st.sampled_from([None, None, "r1", "o1"]),
    kind=st.sampled_from(["transactions", "transactions", "transactions", "events"]),
    channel=st.just("store"),
    time=st.one_of(
        st.none(),
        st.builds(
            datetime,
            st.just(2024),
            st.just(3),
            st.integers(1, 12),
            st.sampled_from([0, 9, 22, 23]),
            st.sampled_from([0, 59]),
        ),
    ),
    type=st.sampled_from([None, None, "purchase", "Bestellung", "Refund", "credit_note", "Order cancelled", "view"]),
    amount=st.one_of(st.none(), st.sampled_from([-2, -1, 0, 1, 1, 2, 2, 3]).map(lambda n: Decimal(n) / 2)),
    currency=st.sampled_from([None, "EUR", "EUR", "USD"]),
    category=st.sampled_from([None, "shoes", "hats"]),
)


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(threads=1)
    yield made
    made.close()


@settings(max_examples=40, deadline=None)
@given(sales=st.lists(SALES, max_size=30), zone=st.sampled_from(["UTC", "Europe/Berlin"]), seed=st.integers(0, 3))
def test_every_figure_of_sales_is_the_reference_s(
    engine: DuckDBEngine, sales: list[Sale], zone: str, seed: int
) -> None:
    shuffled = list(sales)
    random.Random(seed).shuffle(shuffled)
    rows, _ = write_sales(engine, shuffled, as_of="2024-03-10", zone=zone, more=("silent",))
    end = datetime(2024, 3, 10, 23, 59, 59, 999999, tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)
    expected = purchases(sales, end, zone)
    for customer, figures in expected.items():
        assert {k: rows[customer][k] for k in figures} == figures
    for customer in rows.keys() - expected.keys():
        assert not rows[customer]["orders"]
        assert rows[customer]["frequency"] is None

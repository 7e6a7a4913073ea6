"""The profile stage counts what the slow reference counts, for any events in any order."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxid.config.channels import CHANNELS
from cxid.config.model import Profile
from cxid.engine.duckdb import DuckDBEngine
from cxid.stages import profile as stage
from cxid.stages.context import StageContext
from tests.profile_tables import load_events
from tests.reference.profile import Event, engagement

AS_OF = datetime(2024, 3, 4, 23, 59, 59, 999999)
EVENTS = st.builds(
    Event,
    customer=st.sampled_from([None, "a", "b", "c", "d"]),
    source=st.sampled_from(["till", "shop"]),
    key=st.sampled_from([None, "r1", "r2"]),
    kind=st.sampled_from(["transactions", "transactions", "events"]),
    channel=st.sampled_from(["store", "web", "email"]),
    time=st.one_of(
        st.none(), st.builds(datetime, st.just(2024), st.just(3), st.integers(1, 6), st.sampled_from([0, 9, 23]))
    ),
    type=st.sampled_from([None, "purchase", "Refund", "view"]),
    amount=st.one_of(st.none(), st.integers(-3, 9).map(lambda n: Decimal(n) / 2)),
    currency=st.sampled_from([None, "EUR", "USD"]),
    category=st.sampled_from([None, "shoes", "hats"]),
    campaign=st.sampled_from([None, "spring"]),
)


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(threads=1)
    yield made
    made.close()


@settings(max_examples=15, deadline=None)
@given(events=st.lists(EVENTS, max_size=25), seed=st.integers(0, 3))
def test_every_figure_is_the_reference_s(engine: DuckDBEngine, events: list[Event], seed: int) -> None:
    shuffled = list(events)
    random.Random(seed).shuffle(shuffled)
    load_events(engine, shuffled, more=("silent",))
    stage.run(StageContext(engine, Path()), profile=Profile(as_of="2024-03-04"), fields=())
    rows = {r["customer_id"]: r for r in engine.fetch("SELECT * FROM profile").to_pylist()}
    assert list(rows) == sorted({e.customer for e in events if e.customer} | {"silent"})
    expected = engagement(events, AS_OF)
    for customer, figures in expected.items():
        assert {k: rows[customer][k] for k in figures} == figures
    for customer in rows.keys() - expected.keys():
        assert not rows[customer]["events"]
    for row in rows.values():
        assert (row["events"] or 0) == sum(row[f"events_{c}"] or 0 for c in CHANNELS)
    assert engine.count("touchpoint") == len(events)
    assert engine.tables() == {*stage.READS, *stage.WRITES}

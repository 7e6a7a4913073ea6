"""Every KPI is the slow reference's, for any events in any order and any zone; and no share leaves 0 to 1."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxid.config.kpis import Kpis
from cxid.config.model import Profile
from cxid.engine.duckdb import DuckDBEngine
from cxid.stages import profile as stage
from cxid.stages.context import StageContext
from tests.profile_tables import load_events
from tests.reference.kpis import Asked, kpis
from tests.reference.profile import Event

_CUSTOMERS = ("a", "b", "c", "d", "e")
_TIME = st.builds(
    datetime, st.just(2024), st.integers(1, 7), st.sampled_from([1, 2, 14, 28]), st.sampled_from([0, 9, 23])
)


def _event(kind: str, channel: str, type_: str | None, **more: object) -> st.SearchStrategy[Event]:
    fixed = {"source": st.just("s"), "kind": st.just(kind), "channel": st.just(channel), "type": st.just(type_)}
    drawn = {"customer": st.sampled_from(_CUSTOMERS), "time": _TIME, "key": st.uuids().map(str)}
    return st.builds(Event, **fixed, **drawn, **more)  # type: ignore[arg-type]


_AMOUNT = st.integers(-2, 9).map(lambda n: Decimal(n) / 2)
_EVENTS = st.lists(
    st.one_of(
        _event("transactions", "store", None, amount=_AMOUNT, currency=st.sampled_from(["EUR", "GBP"])),
        _event("events", "web", "view"),
        _event("events", "email", "sent"),
        _event("events", "ads", "click", amount=_AMOUNT, currency=st.sampled_from([None, "EUR"])),
        _event("survey", "web", "nps", score=st.integers(0, 10).map(Decimal)),
    ),
    max_size=30,
)


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(threads=1)
    yield made
    made.close()


@settings(max_examples=12, deadline=None)
@given(
    events=_EVENTS,
    known=st.frozensets(st.sampled_from(_CUSTOMERS)),
    devices=st.frozensets(st.integers(0, 29)),
    zone=st.sampled_from(["UTC", "America/New_York", "Asia/Kolkata"]),
    seed=st.integers(0, 3),
)
def test_every_metric_is_the_reference_s(
    engine: DuckDBEngine,
    events: list[Event],
    known: frozenset[str],
    devices: frozenset[int],
    zone: str,
    seed: int,
) -> None:
    places = list(range(len(events)))
    random.Random(seed).shuffle(places)
    load_events(engine, [events[i] for i in places])
    marks = ", ".join(f"({n}, {'TRUE' if i in devices else 'FALSE'})" for n, i in enumerate(places, 1)) or "(0, FALSE)"
    engine.run(
        "event_customer",
        "SELECT o.event_no, o.customer_id, CASE WHEN d.is_device THEN 'cookie' ELSE 'card' END AS id_type "
        f"FROM event_customer AS o JOIN (VALUES {marks}) AS d (event_no, is_device) ON d.event_no = o.event_no",
    )
    names = ", ".join(f"'{c}'" for c in known) or "''"
    engine.run("customer", f"SELECT customer_id, customer_id IN ({names}) AS is_known, record_count FROM customer")
    asked = Asked(datetime(2024, 6, 20, 12), zone, 30, 45, known & {e.customer for e in events}, devices)  # type: ignore[arg-type]
    stage.run(
        StageContext(engine, Path()),
        profile=Profile(as_of="2024-06-20T12:00:00+00:00", timezone=zone),
        fields=(),
        kpis=Kpis(activation_days=30, churn_days=45, segment=None),
    )
    expected = kpis(events, asked)
    found = {
        (r["metric"], r["period"], r["segment"], r["currency"]): (r["numerator"], r["denominator"])
        for r in engine.fetch("SELECT * FROM kpi WHERE value IS NOT NULL").to_pylist()
        if r["metric"] not in ("promoters_who_advocate", "revenue_from_influencers")
    }
    counted = any(above for (name, *_), (above, _) in expected.items() if name == "new_known_customers")
    expected = {k: v for k, v in expected.items() if k[0] != "new_known_customers" or counted or k[1] == "total"}
    assert found == expected
    shares = engine.fetch("SELECT value FROM kpi WHERE unit = 'share' AND value IS NOT NULL").column(0).to_pylist()
    assert all(0 <= s <= 1 for s in shares)

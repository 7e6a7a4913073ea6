"""Memberships compared and the KPI bridge, against a slow reading of the same rules; and what must always hold."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxid.diff.bridge import bridge, write_identity_between
from cxid.diff.identity import compare_identity, write_memberships
from cxid.diff.model import KpiChange
from cxid.engine.base import Engine
from cxid.engine.duckdb import DuckDBEngine
from tests.reference import run_diff as slow
from tests.reference.run_diff_tables import IDENTIFIERS, RECORDS, LoadedPair, as_run, events, load_pair, owners

IDS = tuple(f"cx_{n}" for n in range(6))
_FEW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = DuckDBEngine(threads=1)
    yield engine
    engine.close()


@st.composite
def runs(draw: st.DrawFn) -> slow.Run:
    records = draw(st.lists(st.sampled_from(RECORDS), unique=True, min_size=1))
    seen = draw(st.lists(st.sampled_from(IDENTIFIERS), unique=True))
    happened = draw(st.lists(events(), max_size=8))
    known = sorted({*seen, *(i for e in happened for i in e.ids)})
    return as_run(known, draw(owners([*records, *known], IDS)), happened)


def _bridge(pair: LoadedPair) -> dict[str, KpiChange]:
    write_memberships(pair.engine)
    write_identity_between(pair)
    return {k.name: k for k in bridge(pair, "")}


@given(before=runs(), after=runs())
@_FEW
def test_what_became_of_customers_is_what_a_slow_reading_says(
    engine: Engine, before: slow.Run, after: slow.Run
) -> None:
    pair = load_pair(engine, before, after)
    write_memberships(engine)
    found = compare_identity(pair, 1000)
    expected = slow.moves(before, after)
    assert {(m.event, m.customer_id, m.other_customer_id, m.records, m.identifiers) for m in found.moves} == expected
    assert len(found.moves) == len(expected)
    assert (found.records.moved, found.identifiers.moved) == slow.moved(before, after)
    assert (found.records.before, found.identifiers.before) == slow.counts(before.owners)
    assert (found.records.after, found.identifiers.after) == slow.counts(after.owners)
    assert (found.records.added, found.identifiers.added) == slow.counts(after.owners.keys() - before.owners.keys())
    c = found.customers
    assert (c.before, c.after) == (len(before.customers), len(after.customers))
    assert c.after == c.before + c.created + c.split - c.merged - c.retired


@given(before=runs(), after=runs())
@_FEW
def test_the_bridge_is_what_a_slow_reading_says_and_its_parts_add_up(
    engine: Engine, before: slow.Run, after: slow.Run
) -> None:
    found = _bridge(load_pair(engine, before, after))
    worlds = [slow.kpis(run) for run in (before, slow.between(before, after), after)]
    for name, kpi in found.items():
        sides = (kpi.before, kpi.between, kpi.after)
        assert [(r.numerator, r.denominator) for r in sides] == [w[name] for w in worlds], name
        if kpi.change is not None and kpi.behaviour is not None and kpi.identity is not None:
            assert kpi.behaviour + kpi.identity == kpi.change
            assert isinstance(kpi.change, Decimal)


@given(data=st.data(), run=runs(), is_known_same=st.booleans())
@_FEW
def test_the_same_data_under_another_identity_is_no_behaviour(
    engine: Engine, data: st.DataObject, run: slow.Run, is_known_same: bool
) -> None:
    happened = [e for e, _ in run.events]
    again = as_run(sorted(run.seen), data.draw(owners([*run.records, *sorted(run.seen)], IDS)), happened)
    found = _bridge(load_pair(engine, run, again, same_events=is_known_same))
    assert {name: k.behaviour for name, k in found.items() if k.behaviour} == {}


@given(data=st.data(), run=runs())
@_FEW
def test_more_data_under_the_same_identity_is_all_behaviour(engine: Engine, data: st.DataObject, run: slow.Run) -> None:
    """Members that both runs have are together as they were; the new ones join anybody, or are new customers."""
    stay = {m: c for m, c in run.owners.items() if data.draw(st.integers(0, 4))}
    fresh = [m for m in (*RECORDS, *IDENTIFIERS) if m not in run.owners and m not in run.seen]
    came = data.draw(
        owners(data.draw(st.lists(st.sampled_from(fresh), unique=True)) if fresh else [], (*IDS, "cx_new"))
    )
    came = {m: c for m, c in came.items() if c == "cx_new" or c in stay.values()}
    known = {m for m in run.seen if m in stay or m not in run.owners} | {m for m in came if m[0].startswith("#")}
    happened = [e for e, _ in run.events if e.ids <= known]
    happened += [e for e in data.draw(st.lists(events(), max_size=6)) if e.ids <= known]
    again = as_run(sorted(known), {**stay, **came}, happened)
    found = _bridge(load_pair(engine, run, again))
    assert {name: k.identity for name, k in found.items() if k.identity} == {}


def test_no_difference_is_none(engine: Engine) -> None:
    run = as_run([("#email", "1")], {("crm", "1"): "cx_1", ("#email", "1"): "cx_1"}, [])
    pair = load_pair(engine, run, run)
    write_memberships(engine)
    assert not compare_identity(pair, 10).is_changed
    write_identity_between(pair)
    assert not any(k.is_changed for k in bridge(pair, ""))

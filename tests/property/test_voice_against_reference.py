"""Attitude, service and influence are what the slow reference says, for any happenings in any order."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxid import sql
from cxid.config.influence import Influence
from cxid.config.model import Profile
from cxid.engine.duckdb import DuckDBEngine
from cxid.model import Field, FieldType
from cxid.stages.context import Silent
from cxid.stages.profile.doings import write_doings
from cxid.stages.profile.moment import write_moment
from cxid.stages.profile.section import Section
from cxid.stages.profile.sections import advocacy, attitude, service
from cxid.stages.profile.voices import write_voices
from tests.profile_tables import load_events
from tests.reference import voice as slow
from tests.reference.voice import PARCEL, TICKET, VOICE, Said

AS_OF = datetime(2024, 6, 4, 23, 59, 59, 999999)
FOLLOWERS = (Field("followers", FieldType.ATTRIBUTE, ("followers",)),)
INFLUENCE = Influence.model_validate({"tiers": {"small": 5, "big": 1000}, "share": "25%", "weights": {"reach": "2.5"}})
MOMENTS = st.builds(datetime, st.just(2024), st.sampled_from([2, 5, 6]), st.integers(1, 3), st.sampled_from([0, 9]))
SOMEBODY = st.sampled_from([None, "a", "b", "c", "d"])
TONES = st.one_of(st.none(), st.sampled_from([Decimal(n) / 4 for n in (-5, -4, -1, 0, 1, 4)]))


def numbers(*values: int) -> st.SearchStrategy[int | None]:
    return st.sampled_from([None, *values])


def decimals(*values: str) -> st.SearchStrategy[Decimal | None]:
    return st.sampled_from([None, *map(Decimal, values)])


def said(kind: str, channels: list[str], types: list[str | None], **more: Any) -> st.SearchStrategy[Said]:
    return st.builds(
        Said,
        customer=SOMEBODY,
        source=st.sampled_from(["north", "south"]),
        key=st.none(),
        kind=st.just(kind),
        channel=st.sampled_from(channels),
        time=st.one_of(st.none(), MOMENTS),
        type=st.sampled_from(types),
        **more,
    )


CASES: dict[str, Any] = {
    "case_id": st.sampled_from([None, "1", "1", "2"]),
    "ended_at": st.one_of(st.none(), MOMENTS),
    "due_at": st.one_of(st.none(), MOMENTS),
}
SCALES = st.sampled_from([(None, None), (Decimal(1), Decimal(7)), (Decimal(6), Decimal(1)), (Decimal(0), Decimal(100))])
SURVEYS = SCALES.flatmap(
    lambda ends: said(
        "survey",
        ["email"],
        ["nps", "csat", "onboarding", None],
        score=decimals("0", "1", "4", "5", "6", "7", "9", "10", "75", "11"),
        score_worst=st.just(ends[0]),
        score_best=st.just(ends[1]),
        sentiment=TONES,
    )
)
MENTIONS = said(
    "mentions", ["social"], ["mention"], sentiment=TONES, reach=numbers(0, 5, 900), followers=numbers(0, 7, 2000)
)
COMMUNITY = said("events", ["community", "web"], [None, "like", *VOICE, "invited a friend"], likes=numbers(0, 3))
TICKETS = said("events", ["support"], [None, *TICKET], **CASES)
PARCELS = said("events", ["web", "store", "email"], ["order", *PARCEL], **CASES)


def crowds(one: st.SearchStrategy[Said]) -> st.SearchStrategy[list[Said]]:
    """Few happenings, or so many that they meet in one case, one moment, one customer."""
    return st.one_of(st.lists(one, max_size=4), st.lists(one, min_size=20, max_size=35))


SPEAKING = crowds(st.one_of(SURVEYS, MENTIONS))
SERVING = st.one_of(crowds(TICKETS), crowds(PARCELS), crowds(st.one_of(TICKETS, PARCELS)))
ADVOCATING = crowds(st.one_of(MENTIONS, COMMUNITY, SURVEYS))
FOLLOWED = st.dictionaries(st.sampled_from("abe"), st.sampled_from([0, 7, 999, 1000]), max_size=3)


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(threads=1)
    yield made
    made.close()


def load(engine: DuckDBEngine, happenings: list[Said], followed: dict[str, str]) -> None:
    """The tables that the sections read; each follower count is a record of its own."""
    load_events(engine, list(happenings), more=("silent", *followed))  # type: ignore[arg-type]
    owners = pa.array(sorted(followed), pa.string())
    at = pa.array(range(len(followed)), pa.int64())
    engine.load(
        "record",
        pa.table({"record_no": at, "followers": pa.array([followed[c] for c in sorted(followed)], pa.string())}),
    )
    engine.load("record_customer", pa.table({"record_no": at, "customer_id": owners}))
    profile = Profile(as_of="2024-06-04", influence=INFLUENCE)
    write_moment(engine, profile.as_of, profile.timezone)
    engine.run("profile_number", sql.load("profile", "profile_number"))
    write_doings(engine, profile, Silent())
    write_voices(engine, profile.influence, FOLLOWERS)


def rows_of(engine: DuckDBEngine, section: Section) -> dict[str, dict[str, Any]]:
    section.write(engine)
    named = ", ".join(f"CAST(s.{a.name} AS {a.type}) AS {a.name}" for a in section.attributes)
    rows = engine.fetch(
        f"SELECT n.customer_id, {named} FROM {section.table} AS s JOIN profile_number AS n "
        "ON n.customer_no = s.customer_no ORDER BY n.customer_id"
    ).to_pylist()
    assert len({row["customer_id"] for row in rows}) == len(rows)
    return {row.pop("customer_id"): row for row in rows}


def same(found: Any, expected: Any, name: str) -> bool:
    """Equal, a decimal to its last place."""
    if isinstance(expected, float) and found is not None:
        return abs(float(found) - expected) <= (
            0.0051 if name in ("effort", "resolution_hours", "influence_percentile") else 1.1e-4
        )
    return bool(found == expected)


def compare(rows: dict[str, dict[str, Any]], expected: dict[str, dict[str, Any]], on: str) -> None:
    for customer, figures in expected.items():
        row = rows.get(customer)
        if row is None:
            assert not any(figures.values()), (customer, figures)
        else:
            assert {k: row[k] for k, v in figures.items() if not same(row[k], v, k)} == {}, (customer, figures)
    assert rows.keys() <= expected.keys(), on


@settings(max_examples=25, deadline=None)
@given(happenings=SPEAKING, seed=st.integers(0, 3))
def test_attitude_is_the_reference_s(engine: DuckDBEngine, happenings: list[Said], seed: int) -> None:
    load(engine, shuffled(happenings, seed), {})
    if attitude.is_fed(engine):
        compare(rows_of(engine, attitude.SECTION), slow.attitude(happenings, AS_OF), "attitude")
    else:
        assert not [s for s in happenings if s.kind == "survey" or s.sentiment is not None]


@settings(max_examples=35, deadline=None)
@given(happenings=SERVING, seed=st.integers(0, 3))
def test_service_is_the_reference_s(engine: DuckDBEngine, happenings: list[Said], seed: int) -> None:
    load(engine, shuffled(happenings, seed), {})
    expected = slow.service(happenings, AS_OF)
    if service.is_fed(engine):
        compare(rows_of(engine, service.SECTION), expected, "service")
    else:
        assert not any(figure for figures in expected.values() for figure in figures.values())


@settings(max_examples=25, deadline=None)
@given(happenings=ADVOCATING, seed=st.integers(0, 3), followed=FOLLOWED)
def test_advocacy_is_the_reference_s(
    engine: DuckDBEngine, happenings: list[Said], seed: int, followed: dict[str, int]
) -> None:
    load(engine, shuffled(happenings, seed), {c: f"{n:,}" for c, n in followed.items()})
    expected = slow.advocacy(happenings, followed, INFLUENCE, AS_OF)
    if advocacy.is_fed(engine):
        compare(rows_of(engine, advocacy.SECTION), expected, "advocacy")
    else:
        assert expected == {}


def shuffled(happenings: list[Said], seed: int) -> list[Said]:
    found = list(happenings)
    random.Random(seed).shuffle(found)
    return found

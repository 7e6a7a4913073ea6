"""Stages, sessions, engagement and e-mail rates are those of the slow reference, for any events in any order."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxid.config.journey import Journey
from cxid.config.model import Profile
from cxid.engine.duckdb import DuckDBEngine
from cxid.stages import profile as stage
from cxid.stages.context import StageContext
from tests.profile_tables import load_events
from tests.reference.journey import Rules, mails, score, sessions, stage_at
from tests.reference.profile import Event

START, AS_OF = datetime(2024, 3, 1), datetime(2024, 6, 1, 23, 59, 59, 999999)
RULES = Rules(engaged_days=10, at_risk=Decimal("1.5"), lapsed=Decimal(3), session_minutes=30)
CONFIG = Profile(
    as_of="2024-06-01",
    journey=Journey(
        engaged_days=RULES.engaged_days,
        at_risk=RULES.at_risk,
        lapsed=RULES.lapsed,
        session_minutes=RULES.session_minutes,
    ),
)


@dataclass(frozen=True)
class Told(Event):
    sentiment: Decimal | None = None


BROWSED = (
    ("events", "site", "web", "page_view"),
    ("events", "site", "web", "add_to_cart"),
    ("events", "app", "mobile", "login"),
    ("events", "blog", "web", "page_view"),
    ("events", "friends", "other", "referral"),
)
MAILED = tuple(
    ("events", "mailing", "email", type_) for type_ in ("sent", "sent", "open", "click", "bounced", "unsubscribed")
)
SOLD = (("transactions", "till", "store", "purchase"),)
SAID = (("survey", "asked", "other", "nps"), ("mentions", "posts", "social", "mention"))
MIXES = {
    "everything": (*BROWSED, *MAILED, *6 * SOLD, *2 * SAID),
    "a company that sells nothing": (*BROWSED, *MAILED),
    "buyers who speak": (*4 * SOLD, *2 * SAID),
    "a shop": (*BROWSED, *4 * SOLD),
    "e-mail alone": MAILED,
}


def history(mix: str, size: int, seed: int) -> list[Told]:
    """Events of three customers and of nobody, some at one moment, around the limits of sessions and days."""
    draw = random.Random(f"{mix} {size} {seed}")
    days = draw.choice((3, 30, 100))
    events = []
    for _ in range(size):
        kind, source, channel, type_ = draw.choice(MIXES[mix])
        minutes = draw.choice((0, 0, 20, 29, 30, 31, 60, 61, 719, 720, 1400, 1439))
        time = START + timedelta(days=draw.randint(0, days), minutes=minutes)
        events.append(
            Told(
                customer=draw.choice((None, "a", "a", "a", "b", "b", "c")),
                source=source,
                key=None,
                kind=kind,
                channel=channel,
                time=None if draw.random() < 0.03 else time,
                type=type_,
                amount=Decimal(5) if kind == "transactions" else None,
                campaign=draw.choice((None, "spring")) if channel == "email" else None,
                score=Decimal(draw.choice((3, 7, 9, 10, 10))) if kind == "survey" else None,
                sentiment=draw.choice((None, *map(Decimal, (-1, 0, 1, 1)))) if kind == "mentions" else None,
            )
        )
    return events


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(threads=1)
    yield made
    made.close()


@settings(max_examples=15, deadline=None)
@given(mix=st.sampled_from(sorted(MIXES)), size=st.integers(0, 30), seed=st.integers(0, 10_000))
def test_every_figure_is_the_reference_s(engine: DuckDBEngine, mix: str, size: int, seed: int) -> None:
    events = history(mix, size, seed)
    shuffled = list(events)
    random.Random(seed).shuffle(shuffled)
    load_events(engine, list(shuffled), more=("silent",))
    stage.run(StageContext(engine, Path()), profile=CONFIG, fields=())
    rows = {r["customer_id"]: r for r in engine.fetch("SELECT * FROM profile").to_pylist()}
    spans = engine.fetch("SELECT * FROM customer_stage ORDER BY customer_id, since").to_pylist()
    for customer, row in rows.items():
        own = [s for s in spans if s["customer_id"] == customer]
        assert_spans_are_whole(own, row)
        for at in moments(events, customer, own):
            assert span_at(own, at) == stage_at(events, customer, at, AS_OF, RULES), (customer, at)
        if events:
            number, last, seconds = sessions(events, customer, AS_OF, RULES)
            assert (row["sessions"], row["last_session_at"]) == (number, last)
            minutes = round(Decimal(seconds) / 60 / number, 1) if number else None
            assert (
                row["session_minutes"] is None
                if minutes is None
                else abs(row["session_minutes"] - minutes) <= Decimal("0.1")
            )
            for name, channel in (("engagement_score", None), *((f"score_{c}", c) for c in ("web", "email", "store"))):
                assert_close(row[name], score(events, customer, AS_OF, channel))
            if row["events_email"]:
                for name, value in mails(events, customer, AS_OF).items():
                    assert_close(row[name], value) if name.endswith("_rate") else same(row[name], value, name)
    for touch in engine.fetch("SELECT * FROM touchpoint").to_pylist():
        assert touch["stage"] == stage_of_touch(events, touch["customer_id"], touch["time"])


def assert_spans_are_whole(own: list[dict[str, object]], row: dict[str, object]) -> None:
    """One after the other without a hole, each another stage than the one before; the last is the profile's."""
    for before, after in pairwise(own):
        assert before["until"] == after["since"]
        assert before["stage"] != after["stage"]
    if own:
        assert own[-1]["until"] is None
        assert (row["stage"], row["stage_since"]) == (own[-1]["stage"], own[-1]["since"])
    else:
        assert row["stage"] in (None, "unknown")


def moments(events: list[Told], customer: str, own: list[dict[str, object]]) -> list[datetime]:
    """Around every event and every change, and days after each, up to as_of."""
    times = [e.time for e in events if e.customer == customer and e.time]
    times += [t for s in own if isinstance(t := s["since"], datetime)]
    around = {t + timedelta(days=d, seconds=s) for t in times for d in (0, 9, 10, 20) for s in (-1, 0, 1)}
    return sorted(t for t in around | {AS_OF} if t <= AS_OF)


def span_at(own: list[dict[str, object]], at: datetime) -> str:
    holds = [s["stage"] for s in own if s["since"] <= at and (s["until"] is None or at < s["until"])]  # type: ignore[operator]
    return str(holds[0]) if holds else "unknown"


def stage_of_touch(events: list[Told], customer: str | None, time: datetime | None) -> str | None:
    if customer is None or time is None or time > AS_OF:
        return None
    return stage_at(events, customer, time - timedelta(microseconds=1), AS_OF, RULES)


def assert_close(found: Decimal | None, expected: float | None) -> None:
    assert (found is None) == (expected is None), (found, expected)
    if found is not None and expected is not None:
        assert abs(float(found) - expected) <= 0.011


def same(found: object, expected: object, name: str) -> None:
    assert found == expected, name

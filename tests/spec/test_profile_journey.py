"""Stages, sessions, scores and e-mail rates, each as a small table of what happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from cxid.config.model import Profile
from cxid.engine.duckdb import DuckDBEngine
from cxid.stages import profile as stage
from cxid.stages.context import Silent, StageContext
from tests.profile_tables import load_events
from tests.reference.profile import Event

DAY_0 = datetime(2024, 1, 1, 12)


@dataclass(frozen=True)
class Told(Event):
    sentiment: Decimal | None = None


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(threads=1)
    yield made
    made.close()


def did(day: float, what: str, customer: str = "ann", campaign: str | None = None) -> Told:
    """An event of that day; `what` is 'buys', 'answers 9', 'praises', 'blames', or 'channel type'."""
    time, word, rest = DAY_0 + timedelta(days=day), what.split()[0], what.split()[-1]
    if word == "buys":
        return Told(customer, "till", None, "transactions", "store", time, "purchase", Decimal(10), "EUR")
    if word == "answers":
        return Told(customer, "asked", None, "survey", "survey", time, "nps", score=Decimal(rest))
    if word in ("praises", "blames"):
        tone = Decimal(1 if word == "praises" else -1)
        return Told(customer, "posts", None, "mentions", "social", time, "mention", sentiment=tone)
    return Told(customer, word, None, "events", word, time, rest, campaign=campaign)


def profile_of(engine: DuckDBEngine, events: list[Told], until: float, **config: object) -> dict[str, Any]:
    """Customer -> row of the profile, as of that day."""
    load_events(engine, list(events))
    as_of = (DAY_0 + timedelta(days=until)).isoformat()
    stage.run(
        StageContext(engine, Path(), reporter=Silent()),
        profile=Profile.model_validate({"as_of": as_of, **config}),
        fields=(),
    )
    return {r["customer_id"]: r for r in engine.fetch("SELECT * FROM profile").to_pylist()}


REGULARS = [did(d, "buys", "regular") for d in (0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100)]
"""Somebody who buys every ten days: the company's usual gap is ten days."""

STAGES: dict[str, tuple[list[Told], list[tuple[str, float]]]] = {
    "written to, then looks": (
        [did(1, "email sent"), did(2, "email open")],
        [("unknown", 1), ("aware", 2)],
    ),
    "a second look within hours is no return": (
        [did(1, "web view"), did(1.4, "web view")],
        [("aware", 1)],
    ),
    "a second look the next day is one": (
        [did(1, "web view"), did(2, "web view")],
        [("aware", 1), ("engaged", 2), ("aware", 92)],
    ),
    "a cart commits at once": (
        [did(1, "web view"), did(1.1, "web cart")],
        [("aware", 1), ("engaged", 1.1), ("aware", 91.1)],
    ),
    "silence ends engagement": (
        [did(1, "web cart"), did(101, "web view")],
        [("engaged", 1), ("aware", 91)],
    ),
    "one purchase, then silence": (
        [did(1, "web view"), did(3, "buys")],
        [("aware", 1), ("customer", 3), ("at_risk", 23), ("lapsed", 43)],
    ),
    "won back": (
        [did(3, "buys"), did(90, "buys")],
        [("customer", 3), ("at_risk", 23), ("lapsed", 43), ("repeat", 90)],
    ),
    "two purchases on one day are one visit": (
        [did(95, "buys"), did(95.1, "buys")],
        [("customer", 95)],
    ),
    "a promoter who praises": (
        [did(90, "buys"), did(92, "answers 9"), did(94, "praises")],
        [("customer", 90), ("advocate", 94)],
    ),
    "a promoter in silence is none": (
        [did(90, "buys"), did(92, "answers 10")],
        [("customer", 90)],
    ),
    "a praise taken back": (
        [did(90, "buys"), did(92, "answers 9"), did(94, "praises"), did(96, "blames")],
        [("customer", 90), ("advocate", 94), ("customer", 96)],
    ),
    "who refers others": (
        [did(90, "buys"), did(92, "web invite"), did(94, "answers 3")],
        [("customer", 90), ("advocate", 92), ("customer", 94)],
    ),
    "an advocate who stays away": (
        [did(60, "buys"), did(61, "web invite")],
        [("customer", 60), ("advocate", 61), ("at_risk", 80), ("lapsed", 100)],
    ),
}


@pytest.mark.parametrize("story", STAGES)
def test_a_customer_goes_through_stages(engine: DuckDBEngine, story: str) -> None:
    events, expected = STAGES[story]
    row = profile_of(engine, [*REGULARS, *events], until=102)["ann"]
    spans = engine.fetch("SELECT * FROM customer_stage WHERE customer_id = 'ann' ORDER BY since").to_pylist()
    assert [(s["stage"], s["since"]) for s in spans] == [(s, DAY_0 + timedelta(days=d)) for s, d in expected]
    assert row["stage"] == expected[-1][0]


def test_a_touch_has_the_stage_that_it_found_the_customer_in(engine: DuckDBEngine) -> None:
    events = [did(1, "web view"), did(3, "buys"), did(90, "buys"), did(103, "buys"), did(5, "web view", None)]  # type: ignore[arg-type]
    profile_of(engine, [*REGULARS, *events], until=102)
    touches = engine.fetch(
        "SELECT time, stage FROM touchpoint WHERE customer_id = 'ann' OR customer_id IS NULL ORDER BY time"
    ).to_pylist()
    assert [t["stage"] for t in touches] == ["unknown", "aware", None, "lapsed", None], "nobody's, and after as_of"


def test_where_nothing_is_sold_the_engaged_are_what_can_be_lost(engine: DuckDBEngine) -> None:
    events = [did(0, "web login"), did(100, "web view"), did(0, "web view", "bob")]
    profile_of(engine, events, until=400)
    spans = engine.fetch("SELECT * FROM customer_stage ORDER BY customer_id, since").to_pylist()
    told = [(s["customer_id"], s["stage"], (s["since"] - DAY_0).days) for s in spans]
    assert told == [
        ("ann", "engaged", 0),
        ("ann", "at_risk", 90),
        ("ann", "engaged", 100),
        ("ann", "at_risk", 190),
        ("ann", "lapsed", 280),
        ("bob", "aware", 0),
    ]


def test_where_nobody_bought_twice_nobody_is_at_risk(engine: DuckDBEngine) -> None:
    assert profile_of(engine, [did(0, "buys")], until=3000)["ann"]["stage"] == "customer"


def test_the_config_says_how_long_silence_is(engine: DuckDBEngine) -> None:
    events = [*REGULARS, did(60, "buys")]
    assert profile_of(engine, events, until=92, journey={"at_risk": 5, "lapsed": 6})["ann"]["stage"] == "customer"
    with pytest.raises(ValidationError, match="longer silence"):
        Profile.model_validate({"journey": {"at_risk": 4, "lapsed": 4}})


def test_sessions_end_by_silence_in_each_source(engine: DuckDBEngine) -> None:
    minute = 1 / 1440
    clicks = [did(m * minute, "web view") for m in (0, 10, 40, 71)]  # 31 minutes before the last
    events = [*clicks, did(5 * minute, "mobile app_open"), did(1, "store visit"), did(1, "web view", "bob")]
    found = profile_of(engine, events, until=2)
    assert found["ann"]["sessions"] == 3
    assert found["ann"]["last_session_at"] == DAY_0 + timedelta(minutes=71)
    assert found["ann"]["session_minutes"] == Decimal("13.3"), "40 minutes, and two visits of one act"
    assert (found["bob"]["sessions"], found["bob"]["session_minutes"]) == (1, Decimal("0.0"))


def test_a_source_s_own_sessions_count(engine: DuckDBEngine) -> None:
    minute = 1 / 1440
    events = [did(m * minute, "web view") for m in (0, 10, 300, 301)]
    load_events(engine, list(events))
    engine.run(
        "event_identifier",
        "SELECT CAST(n AS BIGINT) AS event_no, t AS id_type, v AS id_value FROM (VALUES (1, 'session_id', 's1'), "
        "(2, 'cookie', 'c1'), (3, 'session_id', 's1'), (4, 'session_id', 's2')) AS r(n, t, v)",
    )
    try:
        stage.run(StageContext(engine, Path(), reporter=Silent()), profile=Profile(as_of="2024-02-01"), fields=())
        row = engine.fetch("SELECT sessions, session_minutes FROM profile").to_pylist()[0]
    finally:
        engine.drop("event_identifier")
    assert row == {"sessions": 3, "session_minutes": Decimal("100.0")}, (
        "s1 over five hours, s2, and one without a number"
    )


def test_points_fade_and_are_seen_against_the_others(engine: DuckDBEngine) -> None:
    events = [did(30, "web view", "now"), did(0, "web view", "then"), did(30, "email sent", "silent")]
    found = profile_of(engine, events, until=30)
    assert [found[c]["score_web"] for c in ("now", "then", "silent")] == [100, 50, 0], "one half-life of 30 days"
    assert found["silent"]["score_email"] is None, "nobody has a point there: what was sent has none"
    assert found["silent"]["preferred_channel"] is None
    assert found["silent"]["first_touch_at"] is None
    faster = profile_of(engine, events, until=30, engagement={"half_life": {"web": 15}, "points": {"web.view": 8}})
    assert faster["then"]["score_web"] == 25


def test_a_name_that_nothing_has_is_told(engine: DuckDBEngine) -> None:
    told = Silent()
    load_events(engine, [did(0, "web view")])
    profile = Profile.model_validate({"engagement": {"points": {"veiw": 3, "view": 2, "web.view": 1}}})
    stage.run(StageContext(engine, Path(), reporter=told), profile=profile, fields=())
    warned = [message for code, message in told.warnings if code == "engagement_unused"]
    assert len(warned) == 1
    assert "called veiw" in warned[0]


def test_an_hour_is_one_of_the_wall(engine: DuckDBEngine) -> None:
    events = [did(0, "web view"), did(200, "web view")]  # 12:00 UTC in January and in July
    assert profile_of(engine, events, until=201)["ann"]["preferred_hour"] == 12
    summer = profile_of(engine, events[1:], until=201, timezone="Europe/Berlin")
    assert summer["ann"]["preferred_hour"] == 14
    assert profile_of(engine, events, until=201, timezone="Asia/Kolkata")["ann"]["preferred_hour"] == 17


MAILS = [
    # what happened: (day, act, campaign); sent, opened, clicked, bounced, open rate, click rate
    ("opened twice counts once", [(0, "sent", "a"), (1, "open", "a"), (2, "open", "a")], (1, 1, None, 0, 1, None)),
    ("a click is an opening", [(0, "sent", "a"), (0, "sent", "b"), (1, "click", "b")], (2, 1, 1, 0, None, 0.5)),
    (
        "each sending of a campaign is a mail",
        [(0, "sent", "a"), (1, "open", "a"), (30, "sent", "a"), (60, "sent", "a"), (61, "open", "a")],
        (3, 2, None, 0, Decimal("0.666667"), None),
    ),
    ("what came back was not read", [(0, "sent", "a"), (0.1, "bounced", "a"), (5, "sent", "b"), (6, "open", "b")], (2, 1, None, 1, 1, None)),
    ("deliveries where no sendings are logged", [(0, "delivered", "a"), (1, "open", "a")], (1, 1, None, 0, 1, None)),
    ("no opens are logged at all", [(0, "sent", "a")], (1, None, None, 0, None, None)),
]  # fmt: skip


@pytest.mark.parametrize(("story", "log", "expected"), MAILS, ids=[m[0] for m in MAILS])
def test_what_became_of_e_mails(
    engine: DuckDBEngine, story: str, log: list[tuple[float, str, str]], expected: tuple[object, ...]
) -> None:
    row = profile_of(engine, [did(d, f"email {act}", campaign=c) for d, act, c in log], until=100)["ann"]
    names = ("email_sent", "email_opened", "email_clicked", "email_bounced", "email_open_rate", "email_click_rate")
    assert tuple(row[n] for n in names) == expected, story

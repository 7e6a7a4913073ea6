"""What the page of a customer says, from small tables."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from cxid.customer_page.model import FormerId, OtherValue
from tests.customer_tables import AS_OF, ME, golden, page_of, touch


def test_the_head_says_who_it_is() -> None:
    head = page_of(profile={"age": 41, "stage": "repeat", "stage_since": datetime(2026, 3, 1)}).head
    assert (head.name, head.age, head.city) == ("Ann Smith", 41, "Linz")
    assert (head.stage, head.stage_since) == ("repeat", datetime(2026, 3, 1))
    assert (head.sources, head.confidence, head.needs_review) == (("crm", "web"), Decimal("0.970000"), False)


def test_golden_values_come_in_config_order_with_those_that_lost() -> None:
    lost = [{"value": "a@y.example", "source": "shop", "record_key": "9"}]
    told = {"customer_id": ME, "field": "email", "source": "crm", "record_key": "1", "rule": "latest",
            "losing_values": json.dumps(lost), "conflict": True}  # fmt: skip
    values = page_of({"golden_provenance": [told, {**told, "customer_id": "cx_other"}]}).values
    assert [v.field for v in values] == ["given_name", "family_name", "email", "city"]  # no birth date is known
    assert (values[2].source, values[2].record_key, values[2].rule, values[2].conflict) == ("crm", "1", "latest", True)
    assert values[2].others == (OtherValue("a@y.example", "shop", "9"),)
    assert (values[0].source, values[0].others) == (None, ())


def test_masked_values_cannot_be_read_anywhere() -> None:
    lost = [{"value": "secret@y.example", "source": "shop", "record_key": "9"}]
    rows: dict[str, list[dict[str, Any]]] = {
        "golden_customer": [golden(), golden("cx_b", given_name="Berta")],
        "golden_provenance": [{"customer_id": ME, "field": "email", "losing_values": json.dumps(lost)}],
        "identity_map": [{"customer_id": ME, "id_type": "email", "id_value": "ann@x.example", "source": ""}],
        "household": [
            {"customer_id": c, "household_id": "hh_1", "rule": "linkage"} for c in (ME, "cx_b")
        ],
    }  # fmt: skip
    text = json.dumps(page_of(rows, masked=True).to_dict(), default=str)
    assert not [secret for secret in ("ann@", "secret@", "Ann", "Smith", "Berta", "Linz") if secret in text]
    assert "Berta" in json.dumps(page_of(rows).to_dict(), default=str)


def test_a_household_lists_the_others_who_live_there() -> None:
    rows = {
        "golden_customer": [golden(), golden("cx_b", given_name="Bob", city="Graz"), golden("cx_far")],
        "household": [
            {"customer_id": ME, "household_id": "hh_1", "rule": "name_address"},
            {"customer_id": "cx_b", "household_id": "hh_1", "rule": "linkage"},
            {"customer_id": "cx_far", "household_id": "hh_2", "rule": "alone"},
        ],
    }
    home = page_of(rows).household
    assert home is not None
    assert (home.household_id, home.rule) == ("hh_1", "name_address")
    assert [(m.customer_id, m.name, m.city, m.rule) for m in home.members] == [("cx_b", "Bob Smith", "Graz", "linkage")]


# -- timeline ------------------------------------------------------------------------------------------------


def test_events_are_counted_by_month_and_channel_and_the_last_are_listed() -> None:
    touches = [
        touch("2026-01-05"),
        touch("2026-01-31T23:59:59"),
        touch("2026-02-01", "pos", type="purchase", value=Decimal("9.5"), currency="EUR"),
        touch(None),
        touch("2026-02-02", customer_id="cx_other"),
    ]
    line = page_of({"touchpoint": touches}, events=2).timeline
    assert (line.events, line.undated) == (4, 1)
    assert [(m.month, m.events, m.channels) for m in line.months] == [
        ("2026-01", 2, {"web": 2}),
        ("2026-02", 1, {"store": 1}),
    ]
    assert [(t.source, t.value) for t in line.touchpoints] == [("pos", Decimal("9.5000")), ("web", None)]


def moments_of(*touches: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    rows = {"touchpoint": list(touches), **more.pop("rows", {})}
    return [(m.what, m.words) for m in page_of(rows, more).timeline.moments]


@pytest.mark.parametrize(
    ("event", "moment"),
    [
        (touch("2026-01-01", "support", type="opened"), ("ticket", "opened")),
        (touch("2026-01-01", "support", type="resolved"), None),  # staff's doing
        (touch("2026-01-01", "posts", type="mention", sentiment=Decimal("-0.5")),
         ("complaint", "mention, sentiment -0.5")),
        (touch("2026-01-01", "posts", type="mention", sentiment=Decimal("0.5")), None),
        (touch("2026-01-01", "pos", type="refund", value=Decimal(-5), currency="EUR"), ("refund", "refund, -5.00 EUR")),
        (touch("2026-01-01", "web", type="unsubscribe"), ("unsubscribed", "unsubscribe")),
        (touch("2026-01-01", "web", type="view"), None),
        (touch(None, "support", type="opened"), None),
    ],
)  # fmt: skip
def test_an_event_is_a_moment_where_it_says_more_than_that_somebody_was_there(
    event: dict[str, Any], moment: tuple[str, str] | None
) -> None:
    assert moments_of(event) == ([moment] if moment else [])


def test_scores_and_categories_come_from_the_event_of_the_same_key() -> None:
    event = {"source": "nps", "event_key": "n1", "score": Decimal(3), "category": None}
    other = {"source": "web", "event_key": "n1", "score": Decimal(9), "category": "x"}
    page = page_of({
        "touchpoint": [touch("2026-01-01", "nps", type="nps", event_key="n1")], "run_event": [event, other],
    })  # fmt: skip
    assert [(m.what, m.words) for m in page.timeline.moments] == [("survey", "nps, 3")]
    assert [(a.type, a.score) for a in page.answers] == [("nps", Decimal("3.0000"))]


def test_a_refund_and_its_paper_are_one_moment() -> None:
    paid = {"value": Decimal(-5), "currency": "EUR"}
    told = moments_of(
        touch("2026-01-01T10:00", "pos", type="refund", **paid), touch("2026-01-01T11:00", type="refund", **paid),
        touch("2026-01-02", "pos", type="refund", **paid),
    )  # fmt: skip
    assert len(told) == 2


def test_of_a_kind_the_latest_moments_are_told_oldest_first() -> None:
    touches = [touch(f"2026-01-{day:02}", "support", type="call") for day in range(1, 9)]
    page = page_of({"touchpoint": touches})
    assert [m.time.day for m in page.timeline.moments] == [4, 5, 6, 7, 8]


def test_first_and_last_acts_and_stages_are_moments() -> None:
    day = datetime(2026, 1, 1)
    profile = {"first_touch_at": day, "first_touch_channel": "ads", "first_touch_campaign": "spring",
               "last_touch_at": datetime(2026, 5, 1), "first_purchase_at": datetime(2026, 2, 1),
               "last_purchase_at": datetime(2026, 2, 1), "days_to_purchase": 31, "orders": 1}  # fmt: skip
    stages = [
        {"customer_id": ME, "stage": "unknown", "since": datetime(2025, 12, 1)},
        {"customer_id": ME, "stage": "aware", "since": day},
        {"customer_id": "cx_b", "stage": "x", "since": day},
    ]
    assert moments_of(touch("2026-01-01"), rows={"customer_stage": stages}, **profile) == [
        ("first touch", "ads, campaign spring"),
        ("stage", "aware"),
        ("first purchase", "31 days after the first touch"),
        ("last touch", ""),
    ]


# -- what to do, what is not known -----------------------------------------------------------------------------


def test_triggers_that_are_acted_on_come_first() -> None:
    hits = [
        {"customer_id": ME, "trigger": name, "action": name.upper(), "status": status, "reason": "r", "since": AS_OF}
        for name, status in (("a", "capped"), ("b", "act"), ("c", "holdout"))
    ]
    page = page_of({"trigger_hit": hits}, {"orders": 0})
    assert [t.trigger for t in page.triggers] == ["b", "a", "c"]
    assert "To do: B (b: r)." in page.summary


@pytest.mark.parametrize(
    ("status", "words"),
    [("holdout", "held out"), ("capped", "others come first"), ("cooling", "not long ago"),
     ("no_consent", "nothing permits it")],
)  # fmt: skip
def test_a_trigger_that_is_held_back_says_why(status: str, words: str) -> None:
    hit = {"customer_id": ME, "trigger": "a", "action": "call", "status": status, "reason": "r", "since": AS_OF}
    (sentence,) = [s for s in page_of({"trigger_hit": [hit]}).summary if s.startswith("Nothing to do")]
    assert words in sentence


_ON = {"events": 1, "orders": 0, "surveys": 0, "influence_score": None, "mentions": 0, "tickets": 0,
       "household_id": None, "consent_conflicts": 0}  # fmt: skip
_OFF: dict[str, Any] = dict.fromkeys(_ON)


@pytest.mark.parametrize(
    ("profile", "about", "words"),
    [
        (_ON, "value", "no purchases"),
        (_OFF, "value", "no source tells of purchases"),
        ({**_ON, "orders": 2}, "value", None),
        (_ON, "attitude", "no answer to a survey"),
        (_OFF, "attitude", "no source tells of surveys"),
        (_ON, "influence", "no followers, mentions or referrals"),
        (_OFF, "influence", "no source tells of mentions or followers"),
        (_ON, "service", "no tickets"),
        (_OFF, "service", "no source tells of tickets"),
        (_ON, "household", "no home is known"),
        (_ON, "consent", "nobody has said what this customer agrees to"),
        (_OFF, "consent", "no source tells of consent"),
        (_OFF, "timeline", "no source tells of events"),
        (_ON, "triggers", "the config names no trigger"),
    ],
)
def test_the_page_says_whether_a_source_or_the_customer_lacks(
    profile: dict[str, Any], about: str, words: str | None
) -> None:
    page = page_of({"touchpoint": [touch("2026-01-01")] if profile["events"] else []}, profile)
    assert {u.about: u.words for u in page.unknown}.get(about) == words


def test_a_config_with_triggers_of_which_none_holds_says_so() -> None:
    page = page_of(profile=_ON, triggers={"win": {"when": "orders > 1", "action": "mail"}})
    assert {u.about: u.words for u in page.unknown}["triggers"] == "no trigger holds"


# -- the summary -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "profile", "sentence"),
    [
        ({}, {}, "Known from 2 records and 2 sources, seen from 2025-01-02 to 2026-10-03; its weakest link is 97.0 % sure."),
        ({"record_count": 1, "sources": "crm"}, {}, "Known from 1 record and 1 source, seen from 2025-01-02 to 2026-10-03."),
        ({"is_known": False, "record_count": 0, "first_seen": None, "sources": "web"}, {},
         "An anonymous visitor of 1 source: no identifier says who it is."),
        ({"record_count": 0}, {}, "Known from identifiers in events of 2 sources, seen from 2025-01-02 to 2026-10-03."),
        ({}, {"orders": 1, "days_since_purchase": 0}, "Bought once, last on the day of this profile."),
        ({}, {"stage": "lapsed", "stage_since": datetime(2026, 5, 1)},
         "Stage lapsed since 2026-05-01: has stopped buying."),
        ({}, {"orders": 1, "revenue": Decimal("12.5"), "currency": "EUR", "days_since_purchase": 1},
         "Bought once for 12.50 EUR, last 1 day ago."),
        ({}, {"orders": 1200, "typical_gap_days": Decimal("7.0"), "days_since_purchase": 3, "revenue": Decimal(1),
              "clv_12m": Decimal("64.42"), "clv_12m_low": Decimal(0), "clv_12m_high": Decimal("166.05")},
         "Bought 1,200 times for 1.00, last 3 days ago (usually every 7 days); 64.42 (0 to 166) to expect in the next "
         "12 months."),
        ({}, {"nps_last": Decimal("2.0000"), "nps_group": "detractor", "nps_at": AS_OF, "open_tickets": 1},
         "Would recommend us 2 of 10 (detractor, 2026-11-01); waits for 1 open ticket."),
        ({}, {"is_influencer": True, "followers": 12000, "mention_tone": "critic"},
         "An influencer with 12,000 followers, a critic."),
    ],
)  # fmt: skip
def test_the_summary_says_it_in_plain_words(changed: dict[str, Any], profile: dict[str, Any], sentence: str) -> None:
    assert sentence in page_of({"golden_customer": [golden(**changed)]}, profile).summary


# -- identity over time ------------------------------------------------------------------------------------------


def test_the_life_of_the_id_is_told_with_its_former_ids() -> None:
    events = [
        {"run_id": f"r{n}", "run_no": n, "event": event, "customer_id": customer, "other_customer_id": other,
         "records": 1, "identifiers": 0, "cause": "data"}
        for n, event, customer, other in ((2, "absorbed", ME, "cx_old"), (1, "created", ME, ""), (1, "created", "x", ""))
    ]  # fmt: skip
    aliases = [{"old_customer_id": "cx_old", "customer_id": ME, "since_run": "r2"},
               {"old_customer_id": "cx_gone", "customer_id": None, "since_run": "r2"}]  # fmt: skip
    history = page_of({"identity_event": events, "customer_alias": aliases}).history
    assert [(e.run_id, e.event, e.other_customer_id) for e in history.events] == [
        ("r1", "created", None),
        ("r2", "absorbed", "cx_old"),
    ]
    assert history.former_ids == (FormerId("cx_old", "r2"),)


def test_a_run_that_lacks_tables_still_has_a_page() -> None:
    page = page_of()
    assert (page.head.name, page.timeline.events, page.household, page.weakest_link) == ("Ann Smith", 0, None, None)
    assert page.records == page.identifiers == page.consent == page.triggers == ()


def test_what_a_program_prints_of_a_page_names_nobody() -> None:
    page = page_of({"touchpoint": [touch("2026-01-01")]})
    assert repr(page) == "<CustomerPage: cx_me: 2 records, 2 sources>"
    html = page_of({"golden_customer": [golden(given_name="<script>alert(1)</script>")]})._repr_html_()
    assert "&lt;script&gt;" in html
    assert "<script" not in html

"""The profile stage as a user meets it: real purchases, as_of, enrichment, sections that are off."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from cxid.config.channels import channel_of
from cxid.config.model import Profile
from cxid.engine.duckdb import DuckDBEngine
from cxid.errors import UsageError
from cxid.model import Field, FieldType
from cxid.stages import profile as stage
from cxid.stages.context import Silent, StageContext
from cxid.stages.profile.moment import read_moment
from tests.profile_tables import load_events
from tests.reference.profile import Event


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(threads=1)
    yield made
    made.close()


def run(engine: DuckDBEngine, as_of: str | None = None) -> tuple[dict[str, dict[str, object]], Silent]:
    told = Silent()
    postcode = Field("postcode", FieldType.POSTCODE, ("postcode",))
    stage.run(StageContext(engine, Path(), reporter=told), profile=Profile(as_of=as_of), fields=(postcode,))
    return {r["customer_id"]: r for r in engine.fetch("SELECT * FROM profile").to_pylist()}, told


def view(customer: str | None, day: int, **more: object) -> Event:
    return Event(customer, "web", None, "events", "web", datetime(2024, 5, day, 10), **more)  # type: ignore[arg-type]


@pytest.mark.shared_data
def test_rfm_of_real_purchases_is_that_of_an_independent_query(engine: DuckDBEngine, shared_data: Path) -> None:
    with (shared_data / "purchases_cdnow" / "transactions.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    load_events(
        engine,
        [
            Event(
                r["customer_id"],
                "till",
                None,
                "transactions",
                "store",
                datetime.fromisoformat(r["order_date"]),
                amount=Decimal(r["amount"]),
            )
            for r in rows
        ],
    )
    found, _ = run(engine)
    assert engine.count("touchpoint") == len(rows)
    frame = pd.DataFrame(rows)
    frame["cents"] = (frame["amount"].astype(float) * 100).round().astype(int)
    # rows of one customer and time without a number are one purchase; these times are dates
    by = frame.groupby("customer_id").agg(
        last=("order_date", "max"), n=("order_date", "nunique"), cents=("cents", "sum")
    )
    for column, attribute in (("last", "recency"), ("n", "frequency"), ("cents", "monetary")):
        ordered = sorted(by[column])
        cuts = [ordered[-(-k * len(ordered) // 5) - 1] for k in (1, 2, 3, 4)]
        expected = by[column].map(lambda v, cuts=cuts: 1 + sum(v > c for c in cuts))
        assert {c: found[c][f"{attribute}_quintile"] for c in by.index} == expected.to_dict()
    assert {c: found[c]["revenue"] for c in by.index} == {c: Decimal(int(v)) / 100 for c, v in by["cents"].items()}
    assert {c: found[c]["orders"] for c in by.index} == by["n"].to_dict()


def test_only_events_up_to_as_of_count_and_every_event_is_a_touchpoint(engine: DuckDBEngine) -> None:
    load_events(engine, [view("a", 1), view("a", 20), view(None, 2), Event("a", "web", None, "events", "web", None)])
    found, _ = run(engine, "2024-05-10")
    assert found["a"]["events"] == 1
    assert found["a"]["as_of"] == datetime(2024, 5, 10, 23, 59, 59, 999999)
    assert found["a"]["last_seen"] == datetime(2024, 5, 1, 10)
    assert engine.count("touchpoint") == 4


def test_without_as_of_the_latest_event_is_the_moment(engine: DuckDBEngine) -> None:
    load_events(engine, [view("a", 1), view(None, 20)])
    found, _ = run(engine)
    assert found["a"]["as_of"] == datetime(2024, 5, 20, 10)


def test_without_any_time_the_moment_is_1970(engine: DuckDBEngine) -> None:
    load_events(engine, [], more=("a",))
    found, told = run(engine)
    assert found["a"]["as_of"] == datetime(1970, 1, 1)
    assert found["a"]["orders"] is None, "the section is off"
    off = {fact["section"] for event, fact in told.facts if event == "section off"}
    assert off >= {"purchases", "engagement", "journey", "attitude", "household", "consent"}


MOMENTS = [
    ("2024-05-10", datetime(2024, 5, 10, 23, 59, 59, 999999)),
    ("2024-05-10T12:30:00", datetime(2024, 5, 10, 12, 30)),
    ("2024-05-10T12:30:00+02:00", datetime(2024, 5, 10, 10, 30)),
]


@pytest.mark.parametrize(("text", "moment"), MOMENTS, ids=lambda v: str(v))
def test_as_of_is_a_date_s_end_or_a_time_in_utc(text: str, moment: datetime) -> None:
    assert read_moment(text) == moment


def test_an_as_of_that_is_no_time_is_refused() -> None:
    with pytest.raises(UsageError, match="neither a date nor a time"):
        read_moment("next tuesday")


def test_a_receipt_of_several_lines_is_one_order(engine: DuckDBEngine) -> None:
    lines = [
        Event("a", "till", "r1", "transactions", "store", datetime(2024, 5, 1), amount=Decimal("2.50"), category=c)
        for c in ("shoes", "hats", "hats")
    ]
    back = Event("a", "till", "r2", "transactions", "store", datetime(2024, 5, 9), "refund", Decimal("1.00"))
    load_events(engine, [*lines, back])
    row = run(engine)[0]["a"]
    assert (row["orders"], row["refunds"], row["revenue"]) == (1, 1, Decimal("6.5"))
    assert (row["average_order"], row["top_category"], row["categories"]) == (Decimal("7.5"), "hats", 2)
    assert row["revenue_by_currency"] == '{"unknown":"6.5000"}'


def test_the_latest_answer_makes_the_nps_group(engine: DuckDBEngine) -> None:
    def answer(customer: str, day: int, score: int) -> Event:
        return Event(customer, "nps", None, "survey", "email", datetime(2024, 5, day), "nps", score=Decimal(score))

    load_events(engine, [answer("a", 1, 3), answer("a", 2, 9), answer("b", 1, 7), answer("c", 1, 6), view("d", 1)])
    found, _ = run(engine)
    assert {c: r["nps_group"] for c, r in found.items()} == {
        "a": "promoter",
        "b": "passive",
        "c": "detractor",
        "d": None,
    }
    assert {c: r["surveys"] for c, r in found.items()} == {"a": 2, "b": 1, "c": 1, "d": 0}


def test_attributes_are_joined_by_field_and_by_identifier(engine: DuckDBEngine) -> None:
    load_events(engine, [view("a", 1), view("b", 1)])
    engine.run(
        "golden_customer",
        "SELECT * REPLACE (CASE customer_id WHEN 'a' THEN 'SW1A 1AA' END AS postcode) FROM golden_customer",
    )
    engine.run(
        "identifier_customer",
        "SELECT 'card' AS id_type, '77' AS id_value, 'b' AS customer_id UNION ALL SELECT 'card', '78', 'b'",
    )
    engine.run(
        "enrichment",
        """SELECT * FROM (VALUES
            ('areas', 'postcode', 'sw1a1aa', 'Income Band', 'high'), ('areas', 'postcode', 'sw1a1aa', 'orders', 'many'),
            ('club', 'card', '78', 'tier', 'silver'), ('club', 'card', '77', 'tier', 'gold'),
            ('odd', 'shoe_size', '42', 'width', 'wide')
        ) AS v (source, join_field, join_value, attribute, value)""",
    )
    found, told = run(engine)
    assert (found["a"]["income_band"], found["a"]["areas_orders"], found["a"]["tier"]) == ("high", "many", None)
    assert (found["b"]["income_band"], found["b"]["tier"]) == (None, "gold")
    assert "width" not in found["a"]
    assert [code for code, _ in told.warnings] == ["enrichment_unjoined"]


CHANNELS = [
    ("web", "web"), ("Website", "web"), ("web_events", "web"), ("e-mail", "email"), ("email_campaign", "email"),
    ("POS", "store"), ("in-store", "store"), ("mobile_app", "mobile"), ("ad_clicks", "ads"), ("tickets", "support"),
    ("community", "community"), ("Twitter", "social"), ("event_attendance", "event"), ("carrier pigeon", "other"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "channel"), CHANNELS, ids=lambda v: v)
def test_a_channel_goes_by_the_name_that_sources_give_it(written: str, channel: str) -> None:
    assert channel_of(written) == channel


def test_of_several_sources_the_closest_to_the_customer_tells_an_attribute(engine: DuckDBEngine) -> None:
    load_events(engine, [view(c, 1) for c in "abcd"])
    engine.run("golden_customer", "SELECT * REPLACE ('1010' AS postcode) FROM golden_customer")
    engine.run(
        "record",
        "SELECT CAST(1 AS BIGINT) AS record_no, 'crm' AS source, 'C-1' AS record_key, "
        "CAST(NULL AS TIMESTAMP) AS updated_at",
    )
    engine.run("record_customer", "SELECT CAST(1 AS BIGINT) AS record_no, 'a' AS customer_id")
    engine.run(
        "identifier_customer",
        """SELECT * FROM (VALUES ('email', 'b.b@x.example', 'b'), ('email', 'a@x.example', 'a'), ('email', 'bb@x.example', 'c'))
        AS v (id_type, id_value, customer_id)""",
    )
    engine.run(
        "enrichment",
        """SELECT * FROM (VALUES
            ('areas', 'postcode', '1010', 'income', 'middle'), ('areas', 'postcode', '1010', 'income source', 'tax office'),
            ('panel', 'email', 'B.B@x.example ', 'income', 'high'), ('panel', 'email', 'a@x.example', 'income', 'low'),
            ('crm_scores', 'crm', 'c-1', 'Income', 'very high')
        ) AS v (source, join_field, join_value, attribute, value)""",
    )
    found, told = run(engine)
    assert {c: (r["income"], r["income_source_2"]) for c, r in found.items()} == {
        "a": ("very high", "crm_scores"),
        "b": ("high", "panel"),
        "c": ("middle", "areas"),
        "d": ("middle", "areas"),
    }
    assert found["a"]["income_source"] == "tax office"
    assert told.warnings == []


def test_places_of_other_scripts_are_joined_too(engine: DuckDBEngine) -> None:
    load_events(engine, [view("a", 1), view("b", 1)])
    engine.run(
        "golden_customer",
        "SELECT * REPLACE (CASE customer_id WHEN 'a' THEN 'Αθήνα' ELSE 'Москва' END AS postcode) FROM golden_customer",
    )
    engine.run(
        "enrichment",
        """SELECT * FROM (VALUES ('areas', 'postcode', 'αθήνα', 'band', 'A'), ('areas', 'postcode', 'москва ', 'band', 'B'))
        AS v (source, join_field, join_value, attribute, value)""",
    )
    assert {c: r["band"] for c, r in run(engine)[0].items()} == {"a": "A", "b": "B"}


AGES = [
    ("2000-05-10", 24, "18-24"), ("2000-05-11", 23, "18-24"), ("2004-02-29", 20, "18-24"), ("1959-01-01", 65, "65 and over"),
    ("2020-05-10", 4, "under 18"), ("2024-05-11", None, None), ("1900-01-01", None, None), ("1990-13-01", None, None),
]  # fmt: skip


def test_age_is_whole_years_up_to_as_of(engine: DuckDBEngine) -> None:
    load_events(engine, [view(str(n), 1) for n in range(len(AGES))])
    born = " ".join(f"WHEN '{n}' THEN '{text}'" for n, (text, _, _) in enumerate(AGES))
    engine.run("golden_customer", f"SELECT *, CASE customer_id {born} END AS dob FROM golden_customer")
    dob = Field("dob", FieldType.BIRTH_DATE, ("dob",))
    stage.run(StageContext(engine, Path()), profile=Profile(as_of="2024-05-10"), fields=(dob,))
    rows = {r["customer_id"]: r for r in engine.fetch("SELECT * FROM profile").to_pylist()}
    assert [(rows[str(n)]["age"], rows[str(n)]["age_band"]) for n in range(len(AGES))] == [a[1:] for a in AGES]


def test_answers_off_their_scale_are_told_and_make_no_figure(engine: DuckDBEngine) -> None:
    def answer(customer: str, source: str, kind: str, score: int) -> Event:
        return Event(customer, source, None, "survey", "email", datetime(2024, 5, 1), kind, score=Decimal(score))

    load_events(
        engine,
        [answer("a", "nps", "nps", 9), answer("b", "panel", "csat", 80), answer("b", "panel", "csat", 5)],
    )
    found, told = run(engine)
    assert (found["b"]["surveys"], found["b"]["csat_answers"], found["b"]["csat_last"]) == (2, 1, Decimal(100))
    assert found["a"]["nps_group"] == "promoter"
    assert [text for code, text in told.warnings if code == "answers_off_scale"] == [
        "source panel: 1 of 2 answers lie outside its scale 1 to 5 and make no NPS or CSAT; say `scale: [worst, best]`"
    ]


def test_followers_come_from_enrichment_by_handle_and_by_a_register_s_key(engine: DuckDBEngine) -> None:
    load_events(engine, [view(c, 1) for c in "abc"])
    engine.run(
        "record",
        "SELECT CAST(1 AS BIGINT) AS record_no, 'crm' AS source, 'C-1' AS record_key, "
        "CAST(NULL AS TIMESTAMP) AS updated_at",
    )
    engine.run("record_customer", "SELECT CAST(1 AS BIGINT) AS record_no, 'a' AS customer_id")
    engine.run("identifier_customer", "SELECT 'handle' AS id_type, 'bee' AS id_value, 'b' AS customer_id")
    engine.run(
        "enrichment",
        """SELECT * FROM (VALUES
            ('panel', 'crm', 'c-1 ', 'followers', '1,200'), ('panel', 'crm', 'c-1 ', 'network', 'x'),
            ('stars', 'handle', '@Bee', 'Follower count', '12.5K')
        ) AS v (source, join_field, join_value, attribute, value)""",
    )
    found, _ = run(engine)
    assert {c: (r["followers"], r["influence_tier"]) for c, r in found.items()} == {
        "a": (1200, "nano"),
        "b": (12500, "micro"),
        "c": (None, None),
    }
    assert (found["a"]["panel_followers"], found["b"]["follower_count"]) == ("1,200", "12.5K")

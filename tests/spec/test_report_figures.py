"""What stage `report` says of a run whose tables are small enough to count by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from cxid.config.channels import CHANNELS
from cxid.contracts import TABLES
from cxid.engine.duckdb import DuckDBEngine
from cxid.stages import report
from cxid.stages.context import StageContext

ARROW = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "BOOLEAN": pa.bool_(),
    "TIMESTAMP": pa.timestamp("us"),
    "DECIMAL(18,4)": pa.decimal128(18, 4),
    "DECIMAL(9,4)": pa.decimal128(9, 4),
    "DECIMAL(9,6)": pa.decimal128(9, 6),
    "DECIMAL(18,9)": pa.decimal128(18, 9),
    "DECIMAL(18,6)": pa.decimal128(18, 6),
    "DECIMAL(28,6)": pa.decimal128(28, 6),
}

# What the shop read: crm.csv has 6 lines: a header, 3 rows, one broken row and a blank line; web.csv 4 lines, 3 events.
COMPANY: dict[str, list[dict[str, Any]]] = {
    "source_file": [
        {
            "source": "crm",
            "file": "crm.csv",
            "digest": "x",
            "bytes": 90,
            "physical_lines": 6,
            "header_lines": 1,
            "accepted": 3,
            "value_newlines": 0,
            "rejected_lines": 1,
            "blank_lines": 1,
        },
        {
            "source": "web",
            "file": "web.csv",
            "digest": "y",
            "bytes": 60,
            "physical_lines": 4,
            "header_lines": 1,
            "accepted": 3,
            "value_newlines": 0,
            "rejected_lines": 0,
            "blank_lines": 0,
        },
    ],
    "quarantine": [{"source": "crm", "file": "crm.csv", "line": 4, "reason": "too_few_columns", "field": ""}],
    "record": [
        {"record_no": 1, "source": "crm", "record_key": "1", "updated_at": None, "email": "a@x.example", "city": None},
        {"record_no": 2, "source": "crm", "record_key": "2", "updated_at": None, "email": None, "city": "Bern"},
        {"record_no": 3, "source": "crm", "record_key": "3", "updated_at": None, "email": None, "city": None},
    ],
    "record_customer": [
        {"record_no": 1, "customer_id": "cx_1", "link_kind": "model", "probability": 990000},
        {"record_no": 2, "customer_id": "cx_1", "link_kind": "model", "probability": 990000},
        {"record_no": 3, "customer_id": "cx_2", "link_kind": "single", "probability": 1000000},
    ],
    "event": [
        {"event_no": 1, "source": "web", "kind": "transactions", "amount": Decimal("10.50"), "currency": "EUR"},
        {"event_no": 2, "source": "web", "kind": "transactions", "amount": Decimal("-3.00"), "currency": "EUR"},
        {"event_no": 3, "source": "web", "kind": "transactions", "amount": Decimal("7.00"), "currency": "EUR"},
    ],
    "event_customer": [
        {"event_no": 1, "customer_id": "cx_1", "id_type": "email"},
        {"event_no": 2, "customer_id": "cx_3", "id_type": "cookie"},
        {"event_no": 3, "customer_id": None, "id_type": None},
    ],
    "customer": [
        {
            "customer_id": "cx_1",
            "is_known": True,
            "record_count": 2,
            "identifier_count": 1,
            "weakest": 990000,
            "needs_review": True,
        },
        {
            "customer_id": "cx_2",
            "is_known": True,
            "record_count": 1,
            "identifier_count": 0,
            "weakest": 1000000,
            "needs_review": False,
        },
        {
            "customer_id": "cx_3",
            "is_known": False,
            "record_count": 0,
            "identifier_count": 1,
            "weakest": 1000000,
            "needs_review": False,
        },
    ],
    "match_group": [
        {
            "customer_id": "cx_1",
            "size": 2,
            "edges": 1,
            "density": Decimal(1),
            "weakest_probability": Decimal("0.99"),
            "flags": "weak link",
        },
    ],
    "link_pair": [
        {
            "record_no_a": 1,
            "record_no_b": 2,
            "rules": 1,
            "pattern": 3,
            "weight": 6_640_000,
            "probability": 990000,
            "household": 0,
        },
        {
            "record_no_a": 1,
            "record_no_b": 3,
            "rules": 1,
            "pattern": 0,
            "weight": -500_000,
            "probability": 400000,
            "household": 0,
        },
        {
            "record_no_a": 2,
            "record_no_b": 3,
            "rules": 1,
            "pattern": 0,
            "weight": -99_000_000,
            "probability": 0,
            "household": 0,
        },
    ],
    "blocking_rule": [{"rule_no": 0, "rule": "email", "pairs": 3, "largest_block": 2, "matches": 1}],
    "link_model": [
        {
            "field": "email",
            "level_no": 0,
            "level": "same",
            "m": Decimal("0.9"),
            "u": Decimal("0.001"),
            "weight": 9_810_000,
            "pairs": 1,
        },
    ],
    "link_summary": [{"name": "status", "value": "ok"}],
    "refused_merge": [{"record_no_a": 1, "record_no_b": 3, "guard": "hub", "detail": "phone"}],
    "hub_identifier": [{"id_type": "phone", "id_value": "+410000", "people": 9, "reason": "shared"}],
    "golden_customer": [
        {
            "customer_id": "cx_1",
            "email": "a@x.example",
            "city": "Bern",
            "record_count": 2,
            "sources": "crm,web",
            "is_known": True,
        },
        {"customer_id": "cx_2", "record_count": 1, "sources": "crm", "is_known": True},
        {"customer_id": "cx_3", "record_count": 0, "sources": "web", "is_known": False},
    ],
    "golden_provenance": [
        {"customer_id": "cx_1", "field": "city", "source": "crm", "conflict": False},
        {"customer_id": "cx_1", "field": "email", "source": "crm", "conflict": True},
    ],
    "profile": [
        {
            "customer_id": "cx_1",
            "is_known": True,
            "events_web": 1,
            "recency_quintile": 5,
            "frequency_quintile": 1,
            "rfm_segment": "new",
            "stage": "customer",
            "first_touch_channel": "web",
            "as_of": datetime(2026, 11, 1),
            "age_band": "under 18",
            "nps_group": "promoter",
            "nps_last": Decimal("9"),
            "influence_score": Decimal("2.5"),
            "influence_tier": "nano",
            "influence_referrals": Decimal("2.5"),
            "is_influencer": True,
            "followers": 1200,
            "orders": 1,
            "currency": "EUR",
            "clv_12m": Decimal("20.00"),
            "baseline_12m": Decimal("10.50"),
        },
        {
            "customer_id": "cx_3",
            "is_known": False,
            "events_web": 1,
            "recency_quintile": 5,
            "frequency_quintile": 1,
            "rfm_segment": "new",
            "stage": "aware",
            "first_touch_channel": "web",
            "orders": 1,
            "currency": "EUR",
        },
    ],
    "customer_stage": [
        {"customer_id": "cx_1", "stage": "aware", "since": datetime(2025, 3, 1), "until": datetime(2025, 12, 1)},
        {"customer_id": "cx_1", "stage": "engaged", "since": datetime(2025, 12, 1), "until": datetime(2026, 10, 1)},
        {"customer_id": "cx_1", "stage": "customer", "since": datetime(2026, 10, 1), "until": None},
        {"customer_id": "cx_3", "stage": "aware", "since": datetime(2026, 10, 1), "until": None},
    ],
    "touchpoint": [{"time": datetime(2026, 3, 5, 12)}, {"time": datetime(2026, 3, 31, 23)}, {"time": None}],
    "household": [
        {"customer_id": "cx_1", "household_id": "hh_1", "rule": "name_address"},
        {"customer_id": "cx_2", "household_id": "hh_1", "rule": "name_address"},
    ],
    "consent": [
        {"customer_id": "cx_1", "purpose": "news", "channel": "email", "status": "granted", "conflict": False},
        {"customer_id": "cx_2", "purpose": "news", "channel": "email", "status": "denied", "conflict": True},
    ],
    "kpi": [
        {
            "phase": "retention/advocacy",
            "metric": "repeat_rate",
            "period": "total",
            "segment": "",
            "currency": "",
            "value": Decimal("0.5"),
            "numerator": Decimal(1),
            "denominator": Decimal(2),
            "unit": "share",
            "status": "no_target",
            "is_complete": True,
        },
        {"phase": "retention/advocacy", "metric": "repeat_rate", "period": "total", "segment": "gold"},
    ],
    "trigger_hit": [
        {"customer_id": "cx_1", "trigger": "win_back", "action": "voucher", "status": "act"},
        {"customer_id": "cx_2", "trigger": "win_back", "action": "voucher", "status": "holdout"},
    ],
}
_PROFILE = {
    **{f"events_{channel}": pa.int64() for channel in CHANNELS},
    "recency_quintile": pa.int32(),
    "frequency_quintile": pa.int32(),
    "is_known": pa.bool_(),
    "orders": pa.int64(),
    "clv_12m": pa.decimal128(18, 2),
    "baseline_12m": pa.decimal128(18, 2),
    "as_of": pa.timestamp("us"),
    "nps_last": pa.decimal128(9, 4),
    "is_influencer": pa.bool_(),
    **dict.fromkeys(("followers", "reach"), pa.int64()),
    **dict.fromkeys(
        ("influence_score", *(f"influence_{of}" for of in ("followers", "reach", "referrals", "reputation"))),
        pa.decimal128(9, 4),
    ),
    **dict.fromkeys(("rfm_segment", "stage", "first_touch_channel", "nps_group", "currency"), pa.string()),
    **dict.fromkeys(("age_band", "influence_tier"), pa.string()),
}
"""Columns of the profile that the figures are made of."""


def load_company(engine: DuckDBEngine, company: dict[str, list[dict[str, Any]]], slots: tuple[str, ...]) -> None:
    """Every table that the stage reads, by its contract, missing columns NULL."""
    for name in report.READS:
        table = TABLES[name]
        types = {c.name: ARROW[c.type] for c in table.columns} | (
            dict.fromkeys(slots, pa.string()) if table.slots else {}
        )
        if name == "profile":
            types |= _PROFILE
        rows = [{column: row.get(column) for column in types} for row in company.get(name, [])]
        engine.load(name, pa.Table.from_pylist(rows, schema=pa.schema(list(types.items()))))


def figures_of(engine: DuckDBEngine, folder: Path) -> dict[tuple[str, str], dict[str, str]]:
    """(section, label) -> its figures, as the stage wrote them."""
    report.run(StageContext(engine=engine, work_dir=folder))
    found: dict[tuple[str, str], dict[str, str]] = {}
    for row in engine.fetch("SELECT * FROM report_figure ORDER BY section, row_no, name").to_pylist():
        found.setdefault((row["section"], row["label"]), {})[row["name"]] = row["value"]
    return found


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, str], dict[str, str]]]:
    engine = DuckDBEngine()
    load_company(engine, COMPANY, ("email", "city"))
    yield figures_of(engine, tmp_path_factory.mktemp("work"))
    engine.close()


@pytest.mark.parametrize(
    ("section", "label", "expected"),
    [
        ("funnel", "files", {"amount": "2"}),
        ("funnel", "rows", {"amount": "7"}),
        ("funnel", "quarantined", {"amount": "1"}),
        ("funnel", "accepted", {"amount": "6"}),
        ("funnel", "people records", {"amount": "3"}),
        ("funnel", "customers with records", {"amount": "2"}),
        ("funnel", "customers of two or more records", {"amount": "1"}),
        ("funnel", "events", {"amount": "3"}),
        ("funnel", "events of a customer", {"amount": "2"}),
        ("funnel", "known customers", {"amount": "2"}),
        ("funnel", "anonymous visitors", {"amount": "1"}),
        ("funnel", "customers to review", {"amount": "1"}),
        (
            "sources",
            "crm",
            {
                "files": "1",
                "bytes": "90",
                "lines": "6",
                "header": "1",
                "accepted": "3",
                "inside_values": "0",
                "quarantined": "1",
                "blank": "1",
                "unaccounted": "0",
            },
        ),
        (
            "quarantine",
            "crm",
            {"file": "crm.csv", "reason": "too_few_columns", "field": "", "amount": "1", "first_line": "4"},
        ),
        ("blocking", "email", {"pairs": "3", "matches": "1", "largest_block": "2"}),
        ("weights", "6", {"pairs": "1"}),
        ("weights", "-1", {"pairs": "1"}),
        ("weights", "-20", {"pairs": "1"}),
        (
            "model",
            "email",
            {"level": "same", "m": "0.900000000", "u": "0.001000000", "weight": "9810000", "pairs": "1"},
        ),
        ("summary", "status", {"amount": "ok"}),
        ("groups", "1", {"customers": "1", "records": "1"}),
        ("groups", "2", {"customers": "1", "records": "2"}),
        (
            "suspicious",
            "cx_1",
            {"size": "2", "edges": "1", "density": "1.000000", "weakest_probability": "0.990000", "flags": "weak link"},
        ),
        ("guards", "hub", {"detail": "phone", "refused": "1"}),
        ("hubs", "phone", {"reason": "shared", "identifiers": "1", "most_people": "9"}),
        (
            "events",
            "web",
            {"kind": "transactions", "events": "3", "of_a_customer": "2", "of_a_known_customer": "1", "customers": "2"},
        ),
        ("deciders", "cookie", {"events": "1"}),
        (
            "purchases",
            "EUR",
            {
                "customers": "2",
                "purchases": "2",
                "refunds": "1",
                "revenue": "14.5000",
                "revenue_of_customers": "7.5000",
            },
        ),
        ("sets", "crm", {"customers": "1", "known": "1"}),
        ("sets", "crm,web", {"customers": "1", "known": "1"}),
        ("sets", "web", {"customers": "1", "known": "0"}),
        ("survivorship", "city", {"source": "crm", "chosen": "1", "conflicts": "0"}),
        ("survivorship", "email", {"source": "crm", "chosen": "1", "conflicts": "1"}),
        ("channels", "web", {"events": "2", "customers": "2"}),
        ("months", "2026-03", {"events": "2"}),
        ("paths", "web", {"stage": "customer", "customers": "1"}),
        ("stages", "customer", {"customers": "1"}),
        ("shift", "aware", {"stage": "customer", "customers": "1"}),
        ("moves", "unknown", {"stage": "aware", "customers": "1", "recent": "0"}),
        ("moves", "engaged", {"stage": "customer", "customers": "1", "recent": "1"}),
        ("ages", "under 18", {"customers": "1"}),
        ("nps", "promoter", {"customers": "1"}),
        ("scores", "9", {"customers": "1"}),
        (
            "influence",
            "nano",
            {"customers": "1", "influencers": "1", "reach": "0", "by_referrals": "2.5000"}
            | dict.fromkeys(("by_followers", "by_reach", "by_reputation"), "0.0000"),
        ),
        ("worth", "EUR", {"customers": "2", "foretold": "1", "clv": "20.00", "baseline": "10.50"}),
        ("households", "2", {"households": "1", "customers": "2"}),
        ("consents", "news", {"channel": "email", "granted": "1", "denied": "1", "unknown": "0", "conflicts": "1"}),
        (
            "triggers",
            "win_back",
            {
                "action": "voucher",
                "customers": "2",
                "act": "1",
                "holdout": "1",
                "capped": "0",
                "cooling": "0",
                "no_consent": "0",
            },
        ),
        (
            "kpis",
            "repeat_rate",
            {
                "phase": "retention/advocacy",
                "period": "total",
                "currency": "",
                "value": "0.500000",
                "numerator": "1.0000",
                "denominator": "2.0000",
                "unit": "share",
                "status": "no_target",
                "complete": "yes",
            },
        ),
        ("rfm", "new 51", {"segment": "new", "recency": "5", "frequency": "1", "customers": "2"}),
        ("fields", "email", {"records": "3", "filled_records": "1", "customers": "2", "filled_customers": "1"}),
    ],
)
def test_a_section_says_what_the_tables_hold(
    figures: dict[tuple[str, str], dict[str, str]], section: str, label: str, expected: dict[str, str]
) -> None:
    assert figures[section, label] == expected


def test_sources_overlap_where_a_customer_is_in_both(tmp_path: Path) -> None:
    engine = DuckDBEngine()
    load_company(engine, COMPANY, ("email", "city"))
    report.run(StageContext(engine=engine, work_dir=tmp_path))
    rows = engine.fetch(
        "SELECT label, max(CASE WHEN name = 'other' THEN value END) AS other, "
        "max(CASE WHEN name = 'customers' THEN value END) AS customers "
        "FROM report_figure WHERE section = 'overlap' GROUP BY row_no, label ORDER BY row_no"
    ).to_pylist()
    engine.close()
    assert [tuple(r.values()) for r in rows] == [("crm", "crm", "2"), ("crm", "web", "1"), ("web", "web", "2")]


def test_a_project_with_nothing_in_it_has_figures_too(tmp_path: Path) -> None:
    engine = DuckDBEngine()
    load_company(engine, {}, ())
    figures = figures_of(engine, tmp_path)
    engine.close()
    assert figures["funnel", "people records"] == {"amount": "0"}
    assert {section for section, _ in figures} == {"funnel"}


def test_a_field_may_bear_any_name(tmp_path: Path) -> None:
    engine = DuckDBEngine()
    load_company(engine, {}, ("records", "label", "rows_seen", "f0", 'q"x'))
    figures = figures_of(engine, tmp_path)
    engine.close()
    assert {label for section, label in figures if section == "fields"} == {
        "records",
        "label",
        "rows_seen",
        "f0",
        'q"x',
    }


def test_the_figures_hold_their_contract_and_repeat_themselves(tmp_path: Path) -> None:
    engine = DuckDBEngine()
    load_company(engine, COMPANY, ("email", "city"))
    runs = []
    for _ in range(2):
        report.run(StageContext(engine=engine, work_dir=tmp_path))
        runs.append(engine.fetch("SELECT * FROM report_figure"))
    doubled = engine.scalar("SELECT count(*) - count(DISTINCT (section, row_no, name)) FROM report_figure")
    types = engine.columns("report_figure")
    engine.close()
    assert runs[0].equals(runs[1])
    assert doubled == 0
    assert types == {c.name: c.type for c in TABLES["report_figure"].columns}


def test_no_personal_value_reaches_a_figure(tmp_path: Path) -> None:
    engine = DuckDBEngine()
    load_company(engine, COMPANY, ("email", "city"))
    report.run(StageContext(engine=engine, work_dir=tmp_path))
    text = str(engine.fetch("SELECT * FROM report_figure").to_pylist())
    engine.close()
    assert not any(value in text for value in ("a@x.example", "Bern", "+410000"))

"""The journey as a user meets it: what somebody did before the log-in, in a company built by the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cxid.cli import app

CONFIG = """version: 1
country: GB
sources:
  crm: {path: crm.csv, kind: people, key: no, columns: {full_name: name, email: mail}}
  web: {path: web.csv, kind: events, time: at, type: {from: what}, channel: web, campaign: camp,
        ids: {cookie: anon, email: mail}}
  mailing: {path: mailing.csv, kind: events, time: at, type: {from: what}, channel: email, campaign: camp,
        ids: {email: mail}}
  till: {path: till.csv, kind: transactions, key: no, time: at, amount: sum, currency: EUR, channel: store,
        ids: {email: mail}}
profile: {as_of: 2024-06-30, timezone: Europe/Berlin}
"""
FILES = {
    "crm.csv": "no,name,mail\n1,Ann Lee,ann@x.example\n2,Bob Ray,bob@x.example\n",
    "web.csv": "at,what,camp,anon,mail\n"
    "2024-05-01 10:00:00,page_view,<script>alert(1)</script>,c1,\n"
    "2024-05-01 10:10:00,page_view,,c1,\n"
    "2024-05-03 22:30:00,add_to_cart,[/bold],c1,\n"
    "2024-05-03 22:40:00,login,,c1,ann@x.example\n"
    "2024-05-04 10:00:00,page_view,,c9,\n",
    "mailing.csv": "at,what,camp,mail\n2024-04-01 10:00:00,sent,spring,ann@x.example\n"
    "2024-04-01 10:00:00,sent,spring,bob@x.example\n2024-05-20 09:00:00,opened,spring,ann@x.example\n",
    "till.csv": "no,at,sum,mail\nr1,2024-05-05 12:00:00,20,ann@x.example\nr2,2024-05-25 12:00:00,30,ann@x.example\n",
}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("journey")
    for name, text in {"cxid.yml": CONFIG, **FILES}.items():
        (folder / name).write_text(text, encoding="utf-8")
    built = CliRunner().invoke(app, ["build", "-C", str(folder), "-q"])
    assert built.exit_code == 0, built.output
    return folder


def query(company: Path, sql: str) -> list[dict[str, object]]:
    found = CliRunner().invoke(app, ["query", "-C", str(company), "--format", "json", sql])
    assert found.exit_code == 0, found.output
    rows: list[dict[str, object]] = json.loads(found.stdout)
    return rows


def test_what_somebody_did_before_the_log_in_is_the_journey_s_beginning(company: Path) -> None:
    row = query(
        company,
        "SELECT first_touch_source, first_touch_campaign, touches_before_purchase, days_to_purchase, sessions, stage, "
        "events_email, email_open_rate, preferred_hour FROM profile JOIN golden_customer USING (customer_id) "
        "WHERE email = 'ann@x.example'",
    )[0]
    assert (row["first_touch_source"], row["first_touch_campaign"]) == ("web", "<script>alert(1)</script>")
    assert (row["touches_before_purchase"], row["days_to_purchase"]) == (4, 4), "anonymous visits of the cookie count"
    assert (row["sessions"], row["stage"]) == (2, "repeat")
    assert float(str(row["email_open_rate"])) == 1
    assert row["preferred_hour"] == 0, "half past ten at night in UTC is half past midnight in Berlin"


def test_who_was_only_written_to_is_unknown(company: Path) -> None:
    rows = query(
        company,
        "SELECT s.stage, s.since FROM customer_stage AS s JOIN golden_customer USING (customer_id) "
        "WHERE email = 'bob@x.example' ORDER BY since",
    )
    assert [r["stage"] for r in rows] == ["unknown"]


def test_every_touch_has_the_stage_that_it_found(company: Path) -> None:
    rows = query(
        company,
        "SELECT type, stage FROM touchpoint JOIN golden_customer USING (customer_id) WHERE email = 'ann@x.example' "
        "ORDER BY time",
    )
    assert [(r["type"], r["stage"]) for r in rows] == [
        ("sent", "unknown"),
        ("page_view", "unknown"),
        ("page_view", "aware"),
        ("add_to_cart", "aware"),
        ("login", "engaged"),
        ("purchase", "engaged"),
        ("opened", "customer"),
        ("purchase", "customer"),
    ]


def test_a_name_of_a_campaign_is_printed_as_text(company: Path) -> None:
    shown = CliRunner().invoke(app, ["show", "-C", str(company), "email=ann@x.example"])
    assert shown.exit_code == 0
    assert "[/bold]" in shown.stdout
    assert "<script>" in shown.stdout

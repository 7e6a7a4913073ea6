"""From nothing to a customer on the screen, by commands alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cxid.cli._report import SECTIONS
from cxid.figures.describe import DESCRIBED, report_schema
from tests.functional.cli_harness import cxid


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "acme"
    assert cxid("demo", folder, "--people", "400", "-q").code == 0
    done = cxid("build", "-C", folder, "--threads", "1", "--memory-limit", "1GB")
    assert done.code == 0, done.err
    assert f"next: cxid report -C {folder}" in done.err
    return folder


def data(*args: str | Path) -> Any:
    """The JSON document that a command writes."""
    done = cxid(*args, "-f", "json")
    assert done.code == 0, done.err
    return json.loads(done.out)


def test_the_report_adds_up(company: Path) -> None:
    report = data("report", "-C", company)
    steps = {r["label"]: r["amount"] for r in report["funnel"]}
    assert {r["unaccounted"] for r in report["sources"]} == {0}
    assert steps["accepted"] == sum(r["accepted"] for r in report["sources"])
    assert steps["rows"] == steps["accepted"] + steps["quarantined"]
    assert steps["quarantined"] == sum(r["amount"] for r in report["quarantine"])
    assert steps["customers with records"] == sum(r["customers"] for r in report["groups"])
    assert steps["people records"] == sum(r["records"] for r in report["groups"])
    assert steps["events"] == sum(r["events"] for r in report["events"])
    assert steps["events of a customer"] == sum(r["of_a_customer"] for r in report["events"])
    assert [r["label"] for r in report["timings"]][-1] == "report"


def test_the_document_of_the_report_is_what_its_schema_says(company: Path) -> None:
    schema, document = report_schema(), data("report", "-C", company)
    kinds: dict[str, Any] = {"integer": int, "number": (int, float), "string": str}
    assert set(document) <= set(schema["properties"])
    assert {"run", "verdict", "obstacles", "joins", "contributions", "kpis"} <= set(document)
    for section in set(document) - {"run_id"}:
        items = schema["properties"][section]["items"]
        for row in document[section]:
            assert set(items["required"]) <= set(row) <= set(items["properties"]), section
            for name, value in row.items():
                said = items["properties"][name]["type"]
                allowed = [kinds[kind] for kind in ([said] if isinstance(said, str) else said)]
                assert any(isinstance(value, kind) for kind in allowed), (section, name, value)


def test_each_figure_of_the_report_has_a_place_on_the_terminal(company: Path) -> None:
    shown = {figures for section in SECTIONS.values() for figures in section.figures}
    assert set(data("report", "-C", company)) - {"run_id", "verdict", "obstacles"} <= shown
    assert set(DESCRIBED) <= shown


def test_the_counts_of_the_report_are_those_of_the_outputs(company: Path) -> None:
    steps = {r["label"]: r["amount"] for r in data("report", "-s", "funnel", "-C", company)["funnel"]}
    sql = (
        "SELECT count(*) AS customers, count(*) FILTER (is_known) AS known, count(*) FILTER (needs_review) AS review "
        "FROM golden_customer"
    )
    counts = data("query", sql, "-C", company)[0]
    assert counts["known"] == steps["known customers"]
    assert counts["customers"] - counts["known"] == steps["anonymous visitors"]
    assert counts["review"] == steps["customers to review"]


def test_a_customer_is_found_and_shown_by_each_of_his_references(company: Path) -> None:
    sql = (
        "SELECT r.customer_id, r.source, r.record_key, i.id_value FROM identity_map AS r "
        "JOIN identity_map AS i ON r.customer_id = i.customer_id AND i.id_type = 'email' "
        "WHERE r.source <> '' ORDER BY r.source, r.record_key, i.id_value LIMIT 1"
    )
    row = data("query", sql, "-C", company)[0]
    email = row["id_value"]
    by_id = data("show", row["customer_id"], "-C", company)
    assert data("show", f"{row['source']}:{row['record_key']}", "-C", company) == by_id
    assert row["customer_id"] in str(data("show", f"email={email}", "-C", company))
    assert row["customer_id"] in [c["customer_id"] for c in data("find", email, "-C", company)]


def test_a_second_build_changes_nothing_and_says_so(company: Path) -> None:
    before = data("runs", "-C", company)
    done = cxid("build", "-C", company)
    assert (done.code, "nothing changed" in done.err) == (0, True)
    assert data("runs", "-C", company) == before
    assert cxid("build", "-q", "-C", company).err == ""

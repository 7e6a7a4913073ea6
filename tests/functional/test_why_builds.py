"""`cxid why` after real builds: what it says is what the build wrote."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.functional.cli_harness import cxid


def _document(folder: Path, *args: str) -> Any:
    done = cxid("why", *args, "-C", folder, "-f", "json")
    assert done.code == 0, done.err
    return json.loads(done.out)


def _query(folder: Path, sql: str) -> list[dict[str, Any]]:
    done = cxid("query", sql, "-C", folder, "-f", "json")
    assert done.code == 0, done.err
    found: list[dict[str, Any]] = json.loads(done.out)
    return found


def test_where_nothing_can_be_compared_identifiers_and_decisions_are_still_explained(tmp_path: Path) -> None:
    (tmp_path / "crm.csv").write_text("no,tier,card\n1,gold,77\n2,blue,77\n3,blue,\n", encoding="utf-8")
    (tmp_path / "cxid.yml").write_text(
        "version: 1\nsources:\n  crm: {path: crm.csv, kind: people, key: no, "
        "columns: {tier: {from: tier, type: attribute}}, ids: {loyalty_card: card}}\n",
        encoding="utf-8",
    )
    assert cxid("build", "-q", "-C", tmp_path).code == 0
    joined = _document(tmp_path, "crm:1", "crm:2")
    assert (joined["outcome"], joined["steps"]) == ("identifier", [])
    assert joined["identifiers"] == [{"id_type": "loyalty_card", "id_value": "77"}]
    assert _document(tmp_path, "crm:1", "crm:3")["outcome"] == "never_paired"
    assert [k["detail"] for k in _document(tmp_path, "crm:1")["links"]] == ["loyalty_card"]
    for args in (("crm:1", "crm:3"), ("crm:1",), ("crm:3",)):
        assert cxid("why", *args, "-C", tmp_path, tty=True).code == 0


@pytest.mark.shared_data
def test_totals_are_those_of_the_build_also_when_decisions_taught_it(shared_data: Path, tmp_path: Path) -> None:
    data = shared_data / "fake_1000"
    assert cxid("init", data / "records.csv", "-C", tmp_path).code == 0
    assert cxid("build", "-q", "-C", tmp_path, "--threads", "1").code == 0
    with (data / "truth.csv").open(encoding="utf-8") as file:
        truth = {row["record_id"]: row["entity_id"] for row in csv.DictReader(file)}
    _decide(tmp_path, truth)
    assert cxid("build", "-q", "-C", tmp_path, "--threads", "1").code == 0
    pairs = _query(
        tmp_path,
        "SELECT a.source || ':' || a.record_key AS a, b.source || ':' || b.record_key AS b, p.weight / 1e6 AS weight "
        "FROM link_pair AS p JOIN record AS a ON p.record_no_a = a.record_no "
        "JOIN record AS b ON p.record_no_b = b.record_no ORDER BY md5(a.record_key || b.record_key) LIMIT 12",
    )
    for pair in pairs:
        told = _document(tmp_path, pair["a"], pair["b"])
        assert told["weight"] == pytest.approx(pair["weight"], abs=5e-7)
        assert sum(s["weight"] for s in told["steps"]) == pytest.approx(told["weight"], abs=1e-9)


def _decide(folder: Path, truth: dict[str, str]) -> None:
    """Enough links and unlinks for a refit to be tried."""
    pairs = _query(
        folder,
        "SELECT a.source AS sa, a.record_key AS ka, b.source AS sb, b.record_key AS kb FROM link_pair AS p "
        "JOIN record AS a ON p.record_no_a = a.record_no JOIN record AS b ON p.record_no_b = b.record_no "
        "ORDER BY abs(p.weight), a.record_key, b.record_key LIMIT 90",
    )
    lines = ["action,source_a,key_a,source_b,key_b"]
    for p in pairs:
        action = "link" if truth.get(p["ka"]) == truth.get(p["kb"]) else "unlink"
        lines.append(f"{action},{p['sa']},{p['ka']},{p['sb']},{p['kb']}")
    (folder / "decisions.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

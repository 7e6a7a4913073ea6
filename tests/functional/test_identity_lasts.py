"""Ids through whole builds: a merge by decision, the old id, what the build says, and the way back."""

from __future__ import annotations

import json
from pathlib import Path

from tests.functional.cli_harness import cxid

CONFIG = """version: 1
sources:
  crm: {path: crm.csv, kind: people, key: id, columns: {given_name: given, family_name: family, birth_date: born, email: mail}}
outputs: {dir: output, formats: [parquet]}
"""
GIVEN = ("Ann", "Boris", "Clara", "David", "Emma", "Felix", "Greta", "Hugo")
FAMILY = ("Archer", "Baker", "Carter", "Dyer", "Fletcher", "Glover", "Hooper")


def _rows() -> list[str]:
    people = [(g, f) for g in GIVEN for f in FAMILY]
    return [f"{n:03d},{g},{f},19{40 + n}-0{1 + n % 9}-1{n % 10},{g}.{f}@x.example" for n, (g, f) in enumerate(people)]


def _ids(project: Path) -> dict[str, str]:
    sql = "SELECT record_key, customer_id FROM identity_map WHERE source <> '' ORDER BY record_key"
    found = json.loads(cxid("query", sql, "-C", project, "-f", "json").out)
    return {r["record_key"]: r["customer_id"] for r in found}


def test_ids_last_through_builds_decisions_and_rollback(tmp_path: Path) -> None:
    (tmp_path / "cxid.yml").write_text(CONFIG)
    rows = _rows()
    (tmp_path / "crm.csv").write_text("\n".join(["id,given,family,born,mail", *rows]) + "\n")
    assert cxid("build", "-C", tmp_path).code == 0
    first = _ids(tmp_path)
    assert len(set(first.values())) == len(rows)

    (tmp_path / "crm.csv").write_text("\n".join(["id,given,family,born,mail", *reversed(rows[:-1])]) + "\n")
    (tmp_path / "decisions.csv").write_text("action,source_a,key_a,source_b,key_b\nlink,crm,001,crm,000\n")
    done = cxid("build", "-C", tmp_path)
    assert "customers since the last run: 1 merged into others, 1 retired" in done.err.splitlines()
    second = _ids(tmp_path)
    assert second == {k: v for k, v in first.items() if k != "055"} | {"001": first["000"]}
    shown = cxid("show", first["001"], "-C", tmp_path, "-f", "json")
    assert shown.err.startswith(f"{first['001']} is now {first['000']} since run r0002-")
    assert json.loads(shown.out)["customer_id"] == first["000"]
    assert "was retired in run r0002-" in cxid("show", first["055"], "-C", tmp_path).err
    told = cxid("report", "--section", "changes", "-C", tmp_path).out.splitlines()
    assert [line.split("\t")[:6] for line in told if line.startswith(("merged", "retired"))] == [
        ["merged into others", "1", "1", "0", "0", "1"],
        ["retired", "1", "1", "1", "0", "0"],
    ]

    assert cxid("runs", "rollback", "-C", tmp_path).code == 0
    assert _ids(tmp_path) == first
    assert cxid("show", first["001"], "-C", tmp_path).code == 0
    (tmp_path / "decisions.csv").unlink()
    assert cxid("build", "-C", tmp_path).code == 0
    assert _ids(tmp_path) == {k: v for k, v in first.items() if k != "055"}

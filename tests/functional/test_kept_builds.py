"""Whole builds that follow one another: the model stays, pairs and ids with it, and the build says so."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path

from tests.functional.cli_harness import cxid
from tests.reference.link_world import Record, company

CONFIG = """version: 1
sources:
  crm: {path: crm.csv, kind: people, key: id, columns: {given_name: given_name, family_name: family_name,
    birth_date: {from: birth_date, format: "%Y%m%d"}, city: city, email: email}}
outputs: {dir: output, formats: [parquet]}
match: {AUTO}
"""
_FIELDS = ("given_name", "family_name", "birth_date", "city", "email")


def _project(folder: Path, auto: str = "auto: 0.5") -> None:
    (folder / "cxid.yml").write_text(CONFIG.replace("AUTO", auto))


def _write(folder: Path, records: Sequence[tuple[str, Record]]) -> None:
    lines = [",".join([key, *(r[f] or "" for f in _FIELDS)]) for key, r in records]
    (folder / "crm.csv").write_text("\n".join([",".join(["id", *_FIELDS]), *lines]) + "\n")


def _asked(folder: Path, sql: str) -> list[dict[str, str]]:
    return json.loads(cxid("query", sql, "-C", folder, "-f", "json").out)  # type: ignore[no-any-return]


def _pairs(folder: Path) -> dict[tuple[str, str], tuple[str, str, str]]:
    rows = _asked(folder, "SELECT record_key_a, record_key_b, pattern, weight, probability FROM match_pair")
    return {(r["record_key_a"], r["record_key_b"]): (r["pattern"], r["weight"], r["probability"]) for r in rows}


def _ids(folder: Path) -> dict[str, str]:
    rows = _asked(folder, "SELECT record_key, customer_id FROM identity_map WHERE source <> ''")
    return {r["record_key"]: r["customer_id"] for r in rows}


def test_new_and_removed_rows_move_no_weight_of_others_until_a_refit(tmp_path: Path) -> None:
    records = [(f"k{n:04d}", r) for n, r in enumerate(company(350)[0])]
    few = max(1, len(records) // 100)
    _project(tmp_path)
    _write(tmp_path, records[few:])
    first = cxid("build", "-C", tmp_path)
    assert first.code == 0, first.err
    assert "model: learned: the first build" in first.err.splitlines()
    pairs, ids = _pairs(tmp_path), _ids(tmp_path)

    today = records[:-few]
    random.Random(4).shuffle(today)
    _write(tmp_path, today)
    told = json.loads(cxid("build", "-C", tmp_path, "-f", "json").out)
    learned = len(records) - few
    assert told["model"] == f"kept from r0001 (learned on {learned} records; {200 * few / learned:.1f} % changed since)"
    now = _pairs(tmp_path)
    both = pairs.keys() & now.keys()
    assert len(both) > 80
    assert {k: now[k] for k in both} == {k: pairs[k] for k in both}
    gone = {k for k, _ in records[-few:]} | {k for k, _ in records[:few]}
    near = {k for pair in {*pairs, *now} if gone & set(pair) for k in pair}
    kept = {k: i for k, i in _ids(tmp_path).items() if k not in gone | near}
    assert kept == {k: ids[k] for k in kept}

    shown = cxid("report", "--section", "linkage", "-C", tmp_path).out.splitlines()
    assert [line for line in shown if line.startswith("model\t")] == [f"model\t{told['model']}"]
    assert cxid("build", "-C", tmp_path).err.startswith("nothing changed since")
    again = cxid("build", "--refit", "-C", tmp_path)
    assert "model: learned: asked for by --refit" in again.err.splitlines()
    assert cxid("build", "-C", tmp_path).err.startswith("nothing changed since r0003-")


def test_another_threshold_moves_no_weight(tmp_path: Path) -> None:
    _project(tmp_path)
    _write(tmp_path, [(f"k{n:04d}", r) for n, r in enumerate(company(350)[0])])
    assert cxid("build", "-C", tmp_path).code == 0
    pairs = _pairs(tmp_path)
    _project(tmp_path, "auto: 0.9")
    done = cxid("build", "-C", tmp_path)
    assert any(line.startswith("model: kept from r0001 ") for line in done.err.splitlines()), done.err
    assert _pairs(tmp_path) == pairs

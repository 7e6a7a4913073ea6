"""What counts as another rule, and what as other data: digests of the config and of rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from cxid.config.basis import identity_basis
from cxid.config.model import Config
from cxid.engine.duckdb import DuckDBEngine
from tests.reference.sources_runner import run_sources


def _config(**more: Any) -> Config:
    crm = {"kind": "people", "path": "crm.csv", "key": "id", "columns": {"email": "mail", "city": "town"}}
    web = {"kind": "events", "path": "web.csv", "time": "at", "ids": {"email": "mail"}}
    crm |= more.pop("crm", {})
    web |= more.pop("web", {})
    return Config.model_validate({"sources": {"crm": crm, "web": web}, **more})


@pytest.mark.parametrize(
    ("more", "changed"),
    [
        ({"match": {"auto": 0.9}}, {"match"}),
        ({"country": "DE"}, {"match"}),
        ({"crm": {"columns": {"email": "mail", "city": "place"}}}, {"source crm"}),
        ({"crm": {"columns": {"city": "town", "email": "mail"}}}, set()),
        ({"crm": {"path": "other.csv", "trust": 5, "quarantine_max": 0.5}}, set()),
        ({"web": {"ids": {"email": "mail", "cookie": "c"}}}, {"source web"}),
        ({"web": {"amount": "worth"}}, set()),
        ({"golden": {"default": "latest"}, "profile": {"as_of": "2026-01-01"}}, set()),
    ],
    ids=[
        "the cut", "the country", "another column", "the order of columns", "where files lie, and whom to trust",
        "identifiers of events", "what events are worth", "golden values and profiles",
    ],
)  # fmt: skip
def test_what_decides_who_is_who(more: dict[str, Any], changed: set[str]) -> None:
    before, after = identity_basis(_config()), identity_basis(_config(**more))
    assert {part for part in before if before[part] != after[part]} == changed


SOURCE = "  crm: {path: crm.csv, kind: people, key: id, updated_at: at, columns: {%s}, ids: {card: card, login: login}}"
ROW = "1,2024-01-01,Ann,Rome,c1,l1"


def _digests(folder: Path, rows: list[str], columns: str = "given_name: name, city: town") -> dict[str, str]:
    (folder / "crm.csv").write_text("\n".join(["id,at,name,town,card,login", *rows]) + "\n")
    return dict(run_sources(folder, SOURCE % columns).rows("SELECT record_key, row_digest FROM record"))


@pytest.mark.parametrize(
    "row",
    ["1,2024-01-02,Ann,Rome,c1,l1", "1,2024-01-01,Anne,Rome,c1,l1", "1,2024-01-01,Ann,,c1,l1",
     "1,2024-01-01,Ann,Rome,c2,l1", "1,2024-01-01,Ann,Rome,l1,c1", "1,2024-01-01,Rome,Ann,c1,l1"],
    ids=["when", "a value", "a value gone", "an identifier", "two identifiers changed places", "two values changed places"],
)  # fmt: skip
def test_a_row_that_changes_has_another_digest(tmp_path: Path, row: str) -> None:
    assert _digests(tmp_path, [row])["1"] != _digests(tmp_path, [ROW])["1"]


def test_neither_other_rows_nor_the_order_of_anything_changes_it(tmp_path: Path) -> None:
    alone = _digests(tmp_path, [ROW])["1"]
    assert _digests(tmp_path, ["2,,Bo,,,", ROW, "0,,,,,x"])["1"] == alone
    assert _digests(tmp_path, [ROW], "city: town, given_name: name")["1"] == alone


def test_a_column_that_an_older_version_did_not_write_is_missing(tmp_path: Path) -> None:
    engine = DuckDBEngine()
    engine.load("old", pa.table({"source": ["crm"], "more": [1]}))
    engine.write("old", tmp_path / "old.parquet")
    engine.read("new", tmp_path / "old.parquet", ("source", "row_digest"))
    assert engine.fetch("SELECT * FROM new").to_pylist() == [{"source": "crm", "row_digest": None}]
    assert engine.columns("new") == {"source": "VARCHAR", "row_digest": "VARCHAR"}

"""cxid docs dbt: every published table and column is there, and every test of it holds on the published files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from cxid import api
from cxid.config.loading import load_config
from cxid.contracts import PUBLISHED
from cxid.demo import write_demo
from cxid.engine.base import literal, quote
from cxid.engine.duckdb import DuckDBEngine
from cxid.exporting.dbt import WORDS, sources_yaml
from tests.functional.cli_harness import cxid


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    write_demo(folder, people=60, seed=3)
    api.build(load_config(folder))
    return folder


@pytest.fixture(scope="module")
def source(company: Path) -> Iterator[dict[str, Any]]:
    done = cxid("docs", "dbt", "-C", company)
    assert (done.code, done.err) == (0, "")
    old = YAML(typ="safe")
    old.version = (1, 1)  # as dbt reads it
    content = old.load(done.out.replace("%YAML 1.2", ""))
    assert content["version"] == 2
    (only,) = content["sources"]
    yield only


@pytest.fixture(scope="module")
def engine(source: dict[str, Any]) -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(threads=1)
    for table in source["tables"]:
        made.read(table["name"], Path(source["config"]["external_location"].format(name=table["name"])))
    yield made
    made.close()


def test_every_table_and_column_is_described(source: dict[str, Any], engine: DuckDBEngine) -> None:
    assert [t["name"] for t in source["tables"]] == [t.name for t in PUBLISHED]
    for table in source["tables"]:
        columns = {c["name"]: c["data_type"] for c in table["columns"]}
        assert columns == engine.columns(table["name"])
        assert all(c["description"] for c in table["columns"])
    golden = next(t for t in source["tables"] if t["name"] == "golden_customer")
    email = next(c for c in golden["columns"] if c["name"] == "email")
    assert email["config"] == {"meta": {"personal": "direct"}}


def test_every_test_holds_on_the_published_files(source: dict[str, Any], engine: DuckDBEngine) -> None:
    kinds = set()
    for table in source["tables"]:
        for test in table.get("data_tests", []):
            kinds.add(_broken(engine, table["name"], None, test))
        for column in table["columns"]:
            for test in column.get("data_tests", []):
                kinds.add(_broken(engine, table["name"], column["name"], test))
    assert kinds == {"unique", "not_null", "accepted_values", "relationships"}


def _broken(engine: DuckDBEngine, table: str, column: str | None, test: Any) -> str:
    """The kind of a test, after looking that no row breaks it."""
    kind, given = (test, {}) if isinstance(test, str) else next((k, v["arguments"]) for k, v in test.items())
    cell = given.get("column_name") or quote(str(column))
    if kind == "unique":
        sql = f"SELECT {cell} FROM {table} WHERE {cell} IS NOT NULL GROUP BY {cell} HAVING count(*) > 1"
    elif kind == "not_null":
        sql = f"SELECT 1 FROM {table} WHERE {cell} IS NULL"
    elif kind == "accepted_values":
        words = ", ".join(literal(w) for w in given["values"])
        sql = f"SELECT 1 FROM {table} WHERE {cell} IS NOT NULL AND {cell} NOT IN ({words})"
    else:
        to = given["to"].split("'")[3]
        sql = f"SELECT 1 FROM {table} AS t LEFT JOIN {to} AS g ON g.{given['field']} = t.{cell} WHERE t.{cell} IS NOT NULL AND g.{given['field']} IS NULL"
    assert engine.fetch(sql).num_rows == 0, (table, column, test)
    return str(kind)


def test_every_word_list_names_a_published_column() -> None:
    known = {(t.name, c.name) for t in PUBLISHED for c in t.columns}
    assert {key for key in WORDS if key not in known and key[0] != "profile"} == set()


def test_the_place_is_that_of_the_outputs_or_the_one_given(
    company: Path, source: dict[str, Any], tmp_path: Path
) -> None:
    assert source["config"]["external_location"] == f"{company}/output/{{name}}.parquet"
    to = tmp_path / "cxid.yml"
    place = "{{ env_var('CXID_OUTPUT') }}/{name}.parquet"
    assert cxid("docs", "dbt", "-C", company, "--to", to, "--location", place).code == 0
    assert f'external_location: "{place}"' in to.read_text(encoding="utf-8")
    for wrong in ("/data/{x}/{name}.parquet", "/o'neil/{name}.parquet"):
        assert cxid("docs", "dbt", "-C", company, "--location", wrong).code == 2
    assert cxid("docs", "looker", "-C", company).code == 2


def test_texts_that_yaml_1_1_would_take_for_something_else_stay_texts() -> None:
    text = sources_yaml({"consent": {"customer_id": "VARCHAR"}}, "/x/{name}.parquet", "no")
    old = YAML(typ="safe")
    old.version = (1, 1)
    assert old.load(text)["sources"][0]["description"] == "Customers of no as cxid published them."

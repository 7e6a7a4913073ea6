"""Configs and SQL of the pages are such as cxid takes: YAML validates, queries bind against the published tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
import pytest
from ruamel.yaml import YAML

from cxid.config.loading import load_config
from cxid.config.model import Config
from cxid.contracts import PUBLISHED
from cxid.engine.base import quote
from cxid.engine.duckdb import DuckDBEngine
from cxid.errors import ConfigError, CxidError
from cxid.model import FieldType
from cxid.sql import load
from cxid.stages.profile.attributes import SECTIONS
from cxid.triggering import require_triggers
from tests.conftest import ROOT
from tests.golden.docs_pages import PAGES, Block, blocks, commands

YAML_BLOCKS = [b for page in PAGES for b in blocks(page) if b.language in ("yaml", "yml")]
KEYS = {*Config.model_fields, "targets"} - {"root", "file"}
PEOPLE = ("full_name", "given_name", "family_name", "birth_date", "email", "phone", "street", "postcode", "city")
# What a part of a config may lean on: people with the usual fields, and consents.
STAND_INS: dict[str, Any] = {
    "crm": {"path": "crm.csv", "kind": "people", "key": "no", "columns": {name: name for name in PEOPLE}},
    "permissions": {
        "path": "consent.csv", "kind": "consent", "ids": {"email": "email"}, "purpose": "marketing", "status": "status",
    },
}  # fmt: skip
TREATMENT_LOG = {"path": "log.csv", "kind": "events", "time": "at", "ids": {"email": "email"}}


def is_config(content: Any) -> bool:
    """Whether YAML speaks of cxid.yml; other files name themselves in their first line: `# models/cxid.yml`."""
    return isinstance(content, dict) and (set(content) <= KEYS or are_sources(content))


def are_sources(content: Any) -> bool:
    return all(isinstance(v, dict) and "kind" in v for v in content.values())


def whole(content: dict[str, Any]) -> dict[str, Any]:
    """A part of a config with what it lacks; a config with sources is whole."""
    if are_sources(content):
        return {"sources": {**STAND_INS, **content}}
    people = dict.fromkeys(content.get("match", {}).get("one_per_source", ()), STAND_INS["crm"])
    trials = [t["trial"]["source"] for t in content.get("triggers", {}).values() if "trial" in t]
    return {"sources": {**STAND_INS, **people, **dict.fromkeys(trials, TREATMENT_LOG)}, **content}


def fault_of(content: dict[str, Any], folder: Path) -> str:
    """Why a config, or a part of one, is refused; '' when it is not."""
    file = folder / "cxid.yml"
    with file.open("w", encoding="utf-8") as stream:
        YAML(typ="safe").dump(whole(content), stream)
    try:
        require_triggers(load_config(folder, env={}))
    except ConfigError as error:
        return error.message
    return ""


@pytest.mark.parametrize("block", YAML_BLOCKS, ids=lambda b: b.place)
def test_a_config_of_a_page_is_valid(block: Block, tmp_path: Path) -> None:
    content = YAML(typ="safe").load(StringIO(block.text))
    if is_config(content):
        assert fault_of(content, tmp_path) == "", block.place
    else:
        assert re.match(r"# [\w./-]+\.ya?ml\b", block.text), f"{block.place}: neither config nor another file by name"


@pytest.mark.parametrize("file", sorted((ROOT / "configs").glob("*.yml")), ids=lambda p: p.name)
def test_a_config_to_copy_is_valid(file: Path) -> None:
    config = load_config(file, env={})
    require_triggers(config)
    assert config.sources


def test_a_wrong_key_is_found(tmp_path: Path) -> None:
    assert "did you mean" in fault_of({"match": {"aut": 0.5}}, tmp_path)
    assert not is_config({"version": 2, "models": []})


# -- SQL -------------------------------------------------------------------------------------------------------

# Fields of people in the queries of pages: one column each, two of what people have several of.
FIELDS = dict.fromkeys([*FieldType, "phone_2", "email_2"], "VARCHAR")


def tables() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each published table with its columns and their types."""
    for table in PUBLISHED:
        columns = [(c.name, c.type) for c in table.columns]
        if table.slots:
            columns += [(n, t) for n, t in FIELDS.items() if n not in {c for c, _ in columns}]
        if table.name == "profile":
            columns += [
                (a.name, a.type) for s in SECTIONS for a in s.attributes if a.name not in {c for c, _ in columns}
            ]
        yield table.name, columns


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(temp_dir=tmp_path_factory.mktemp("docs") / "spill")
    for name, columns in tables():
        made.run(name, f"SELECT {', '.join(f'CAST(NULL AS {t}) AS {quote(n)}' for n, t in columns)} WHERE 1 = 0")
    made.run("match_pair_in_words", load("published", "match_pair_in_words"))
    made.run("my_list", "SELECT customer_id FROM golden_customer")  # a table of the reader's own
    yield made
    made.close()


def queries() -> Iterator[tuple[str, str]]:
    """(place, SQL) of each block of SQL and of each call of `cxid query`."""
    for page in PAGES:
        for block in blocks(page):
            if block.language == "sql":
                yield from ((block.place, sql.strip()) for sql in block.text.split(";") if sql.strip())
            for place, words in commands(block):
                if words[:1] == ["query"]:
                    yield from ((place, w) for w in words[1:] if " " in w)


@pytest.mark.parametrize(("place", "sql"), list(queries()), ids=lambda v: " ".join(v.split())[:60])
def test_a_query_of_a_page_can_be_run(engine: DuckDBEngine, place: str, sql: str) -> None:
    assert query_fault(engine, sql) == "", place


def query_fault(engine: DuckDBEngine, sql: str) -> str:
    """Why the query cannot be run, '' when it can."""
    if re.match(r"(SHOW|DESCRIBE)\b", sql):
        return ""
    try:
        engine.fetch(re.sub(r"\{\{ source\('\w+', '(\w+)'\) \}\}", r"\1", sql))  # as dbt reads it
    except (CxidError, duckdb.Error) as error:
        return str(error)
    return ""


def test_a_query_of_a_column_that_is_gone_is_found(engine: DuckDBEngine) -> None:
    assert "nowhere" in query_fault(engine, "SELECT nowhere FROM profile")

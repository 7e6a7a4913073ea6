"""The published tables as sources of a dbt project: descriptions, tests, and where dbt-duckdb finds the files."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from cxid.contracts import PUBLISHED, Personal, Table
from cxid.errors import UsageError
from cxid.stages.profile.attributes import attributes

_HEAD = "# made by `cxid docs dbt`; make it again after columns were added to cxid.yml\n"

# Columns whose values are words of cxid, in full. What the data or the config may add to stands in none of these.
WORDS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("identity_map", "link_kind"): ("exact", "model", "composite", "decision", "stitch", "single"),
    ("identity_event", "event"): ("created", "split", "merged", "absorbed", "retired"),
    ("identity_event", "cause"): ("data", "config", "decision"),
    ("match_pair", "decision"): ("merged", "review", "apart"),
    ("household", "rule"): ("name_address", "contact_address", "linkage", "name_contact", "alone"),
    ("consent", "status"): ("granted", "denied", "unknown"),
    ("customer_stage", "stage"): (
        "unknown", "aware", "engaged", "customer", "repeat", "advocate", "at_risk", "lapsed",
    ),
    ("kpi", "status"): ("met", "missed", "no_target", "unknown"),
    ("trigger_hit", "status"): ("act", "holdout", "capped", "cooling", "no_consent"),
    ("profile", "nps_group"): ("promoter", "passive", "detractor"),
}  # fmt: skip
# Tables whose customer_id may be one of the past, or nobody's any more.
_OF_THE_PAST = {"identity_event", "customer_alias", "golden_customer"}
_SOURCE = "cxid"
_JINJA = re.compile(r"\{\{[^{}]*\}\}")


def sources_yaml(columns: Mapping[str, Mapping[str, str]], location: str, project: str) -> str:
    """The text of a sources.yml for dbt. `columns`: table -> column -> SQL type, of the published run.

    `location` is where the files lie, with {name} for the table's name, as dbt-duckdb takes it. Raises UsageError for
    one that dbt would read as something else.
    """
    plain = _JINJA.sub("", location.replace("{name}", ""))
    if "{" in plain or "}" in plain or "'" in plain:
        raise UsageError(
            "dbt would not find the files: their place has a brace or a quote in it",
            hint="give another with --location, for example --location '/data/acme/{name}.parquet'",
        )
    source = {
        "name": _SOURCE,
        "description": f"Customers of {project} as cxid published them.",
        "config": {"external_location": location},
        "tables": [_table(t, columns[t.name]) for t in PUBLISHED if t.name in columns],
    }
    yaml = YAML()
    yaml.width, yaml.default_flow_style = 1_000, False
    yaml.indent(mapping=2, sequence=4, offset=2)
    text = io.StringIO()
    yaml.dump(_quoted({"version": 2, "sources": [source]}), text)
    return _HEAD + text.getvalue()


def _table(table: Table, columns: Mapping[str, str]) -> dict[str, Any]:
    told: dict[str, Any] = {"name": table.name, "description": f"One row per {table.grain}."}
    if len(table.key) > 1:
        cells = " || '|' || ".join(f"coalesce(cast({name} as varchar), '')" for name in table.key)
        told["data_tests"] = [{"unique": {"arguments": {"column_name": f"({cells})"}}}]
    told["columns"] = [_column(table, name, type_) for name, type_ in columns.items()]
    return told


def _column(table: Table, name: str, type_: str) -> dict[str, Any]:
    known = {c.name: c for c in table.columns}
    told: dict[str, Any] = {"name": name, "data_type": type_, "description": _description(table, name)}
    if personal := _personal(table, name):
        told["config"] = {"meta": {"personal": personal}}
    tests = list(_tests(table, name))
    if name in known and not known[name].nullable:
        tests.insert(0, "not_null")
    if tests:
        told["data_tests"] = tests
    return told


def _tests(table: Table, name: str) -> Iterator[Any]:
    if table.key == (name,):
        yield "unique"
    if words := WORDS.get((table.name, name)):
        yield {"accepted_values": {"arguments": {"values": list(words)}}}
    if name == "customer_id" and table.name not in _OF_THE_PAST:
        to = f"source('{_SOURCE}', 'golden_customer')"
        yield {"relationships": {"arguments": {"to": to, "field": "customer_id"}}}


def _description(table: Table, name: str) -> str:
    """What a column means: the contract's words, the profile's definition, or where it comes from."""
    note = next((c.note for c in table.columns if c.name == name), None)
    if note is not None:
        return note
    if table.name != "profile":
        return "value of a people field of the config"
    found = next((a for a in attributes() if a.name == name), None)
    if found is not None:
        return found.definition + (f" Missing: {found.null}." if found.null else "")
    if name.startswith("may_"):
        return "Whether the customer agrees to it at as_of. Missing: unknown."
    return "From an enrichment source."


def _personal(table: Table, name: str) -> str:
    """How close a column is to a person, '' where it says nothing of one."""
    column = next((c for c in table.columns if c.name == name), None)
    if column is None:
        return (Personal.PERSONAL if table.name == "profile" else Personal.DIRECT).value
    return "" if column.personal is Personal.NONE else column.personal.value


def _quoted(content: Any) -> Any:
    """The same content with every text in double quotes: dbt reads YAML 1.1, in which no, on and 1e3 are no texts."""
    if isinstance(content, str):
        return DoubleQuotedScalarString(content)
    if isinstance(content, dict):
        return {key: _quoted(value) for key, value in content.items()}
    return [_quoted(value) for value in content] if isinstance(content, Sequence) else content


def location_of(output: Path) -> str:
    """Where dbt-duckdb finds the Parquet files of a project's outputs."""
    return f"{output.absolute()}/{{name}}.parquet"

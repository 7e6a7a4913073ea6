"""`cxid schema` is what editors know: every key is described, and what the config takes the schema takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cxid.config.schema import config_schema

# The words of JSON Schema that the config needs: an editor passes over others in silence.
KNOWN = {
    "$defs", "$ref", "$schema", "additionalProperties", "anyOf", "const", "default", "description", "discriminator", "enum",
    "exclusiveMaximum", "exclusiveMinimum", "format", "items", "maxItems", "maxLength", "maximum", "minItems", "minLength",
    "minProperties", "minimum", "oneOf", "prefixItems", "properties", "required", "title", "type",
}  # fmt: skip
SCHEMA = config_schema()


def parts(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema within the schema."""
    if not isinstance(node, dict):
        return
    yield path, node
    for holder in ("properties", "$defs"):
        for name, inner in node.get(holder, {}).items():
            yield from parts(inner, f"{path}/{name}")
    for holder in ("anyOf", "oneOf", "prefixItems"):
        for number, inner in enumerate(node.get(holder, ())):
            yield from parts(inner, f"{path}/{holder}{number}")
    for holder in ("items", "additionalProperties"):
        yield from parts(node.get(holder), f"{path}/{holder}")


PARTS = dict(parts(SCHEMA))


def test_only_words_that_editors_know() -> None:
    assert {path: set(node) - KNOWN for path, node in PARTS.items() if set(node) - KNOWN} == {}


def test_every_key_is_described() -> None:
    keys = {f"{path}/{key}": spec for path, node in PARTS.items() for key, spec in node.get("properties", {}).items()}
    own = {
        path: spec for path, spec in keys.items() if "/additionalProperties/" not in path
    }  # overrides of targets repeat them
    assert len(own) > 150
    assert [path for path, spec in own.items() if len(spec.get("description", "").split()) < 2] == []


@pytest.mark.parametrize(
    ("path", "types"),
    [
        ("/Column/from", {"string", "array"}),
        ("/PeopleSource/path", {"string", "array"}),
        ("/Checks/quarantine_max", {"number", "string"}),
    ],
)
def test_a_value_may_be_written_in_each_way_that_the_config_takes(path: str, types: set[str]) -> None:
    assert {node.get("type") for node in PARTS[path]["anyOf"]} == types

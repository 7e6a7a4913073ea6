"""The JSON Schema of `cxid.yml`, for editors and for `cxid schema`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cxid.config.model import Config


def config_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the file as people write it: `targets` included, the loader's own fields left out."""
    schema = Config.model_json_schema(by_alias=True)
    properties = schema["properties"]
    for internal in ("root", "file"):
        properties.pop(internal, None)
    overrides = {key: value for key, value in properties.items() if key not in ("version", "sources")}
    properties["targets"] = {
        "type": "object",
        "description": "named overrides, chosen with --target",
        "additionalProperties": {"type": "object", "properties": overrides | {"sources": {"type": "object"}}},
    }
    _bound(schema)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "cxid.yml"
    return schema


def write_schema(folder: Path) -> Path:
    """The path of the schema, written anew under .cxid in the project's folder, where editors look."""
    home = folder / ".cxid"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = home / "schema.json"
    path.write_text(json.dumps(config_schema(), indent=2) + "\n", encoding="utf-8")
    return path


def _bound(part: Any) -> None:
    """Bounds of a value that is a number or a text, such as 5%, belong to its number: JSON Schema knows no `ge`."""
    if isinstance(part, list):
        for each in part:
            _bound(each)
    elif isinstance(part, dict):
        for ours, theirs in (("ge", "minimum"), ("le", "maximum")):
            if isinstance(bound := part.get(ours), int | float) and "anyOf" in part:
                del part[ours]
                for kind in part["anyOf"]:
                    if kind.get("type") in ("number", "integer"):
                        kind[theirs] = bound
        for each in part.values():
            _bound(each)

"""The JSON Schema of `cxid.yml`, for editors and for `cxid schema`."""

from __future__ import annotations

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
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "cxid.yml"
    return schema

"""The words for what pydantic found wrong, with the nearest key that would have been right."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from cxid.config.model import Column, Config, Source
from cxid.config.places import Path

_WORDS = {
    "missing": "this key is needed",
    "string_type": "expected a text",
    "int_parsing": "expected a whole number",
    "int_type": "expected a whole number",
    "float_parsing": "expected a number",
    "decimal_parsing": "expected a share such as 0.01 or 1%",
    "dict_type": "expected keys with values",
    "model_type": "expected keys with values",
    "tuple_type": "expected a list",
    "bool_parsing": "expected true or false",
}


def describe(error: ValidationError, data: dict[str, Any]) -> Iterator[tuple[Path, str, bool]]:
    """(path, message, on the key rather than the value) for every fault, each path once per message."""
    seen: set[tuple[Path, str]] = set()
    for fault in error.errors(include_url=False, include_context=True):
        path = _real_path(fault["loc"], data)
        kind = fault["type"]
        message = _message(kind, path, fault, data)
        if (path, message) not in seen:
            seen.add((path, message))
            yield path, message, kind in ("extra_forbidden", "missing")


def _message(kind: str, path: Path, fault: Any, data: dict[str, Any]) -> str:
    if kind == "extra_forbidden":
        return "unknown key" + _did_you_mean(str(path[-1]), _keys_at(path[:-1], data))
    if kind == "union_tag_not_found":
        return "kind: is needed: " + ", ".join(_kinds())
    if kind == "union_tag_invalid":
        wrong = str(_node(path, data).get("kind", ""))
        return f"unknown kind{_did_you_mean(wrong, _kinds())}; there are " + ", ".join(_kinds())
    if kind in ("enum", "literal_error"):
        wrong = str(_node(path, data))
        expected = str(fault["ctx"]["expected"])
        options = [o.strip("' ") for o in expected.replace(" or ", ", ").split(",")]
        return f"not one of {', '.join(options)}{_did_you_mean(wrong, options)}"
    if kind in _WORDS:
        return _WORDS[kind]
    return str(fault["msg"]).removeprefix("Value error, ")


def _did_you_mean(wrong: str, options: list[str]) -> str:
    close = get_close_matches(wrong, options, n=1, cutoff=0.6)
    return f', did you mean "{close[0]}"?' if close else ""


def _kinds() -> list[str]:
    return [get_args(m.model_fields["kind"].annotation)[0] for m in _models(Source)]


def _real_path(loc: tuple[str | int, ...], data: Any) -> Path:
    """`loc` without the parts that pydantic adds for unions and tags, which no key of the file bears."""
    node: Any = data
    path: list[str | int] = []
    for position, part in enumerate(loc):
        last = position == len(loc) - 1
        inside = part in node if isinstance(node, dict) else isinstance(node, list) and part in range(len(node))
        if inside:
            path.append(part)
            node = node[part]
        elif last and isinstance(node, dict) and isinstance(part, str) and part.isidentifier() and part.islower():
            path.append(part)
    return tuple(path)


def _node(path: Path, data: Any) -> Any:
    for part in path:
        data = data[part]
    return data


def _step(node: Any, part: str | int) -> Any:
    """What stands under `part`, None where nothing does."""
    if isinstance(node, list):
        return node[part] if isinstance(part, int) else None
    return node.get(part) if isinstance(node, dict) else None


def _keys_at(path: Path, data: dict[str, Any]) -> list[str]:
    """The keys that the model allows at `path`."""
    models: list[type[BaseModel]] = [Config]
    node: Any = data
    for part in path:
        node = _step(node, part)
        annotations = [m.model_fields[str(part)].annotation for m in models if str(part) in m.model_fields]
        annotations += [m for m in models if str(part) not in m.model_fields and m is Column]
        if not annotations:
            continue  # a name of the user's own, inside a mapping
        models = [m for a in annotations for m in _models(a)]
        if isinstance(node, dict) and isinstance(kind := node.get("kind"), str):
            models = [m for m in models if kind in get_args(m.model_fields["kind"].annotation)] or models
    if isinstance(node, dict) and isinstance(kind := node.get("kind"), str) and len(path) == 2:
        models = [m for m in _models(Source) if kind in get_args(m.model_fields["kind"].annotation)]
    names = [f.alias or n for m in models for n, f in m.model_fields.items() if not f.exclude]
    return [*names, "targets"] if models == [Config] else names


def _models(annotation: Any) -> list[type[BaseModel]]:
    """Every model that an annotation mentions."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) in (Union, UnionType) or get_args(annotation):
        return [m for a in get_args(annotation) for m in _models(a)]
    return []

"""`${VAR}` and `${VAR:-default}` in the scalars of a config, expanded after parsing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cxid.config.places import Path

_VARIABLE = re.compile(r"\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>[^}]*))?\}")


def expand(node: Any, env: Mapping[str, str], at: Path = ()) -> tuple[Any, list[tuple[Path, str]]]:
    """The tree with every variable replaced, and a problem for each that has neither value nor default.

    An empty variable counts as unset, as `:-` does in a shell.
    """
    problems: list[tuple[Path, str]] = []
    if isinstance(node, dict):
        pairs = {key: expand(value, env, (*at, key)) for key, value in node.items()}
        return {k: v for k, (v, _) in pairs.items()}, [p for _, found in pairs.values() for p in found]
    if isinstance(node, list):
        items = [expand(value, env, (*at, i)) for i, value in enumerate(node)]
        return [v for v, _ in items], [p for _, found in items for p in found]
    if not isinstance(node, str):
        return node, problems

    def value_of(found: re.Match[str]) -> str:
        value = env.get(found["name"]) or found["default"]
        if value is None:
            advice = f"give it a value or write ${{{found['name']}:-default}}"
            problems.append((at, f"the environment variable {found['name']} is not set; {advice}"))
            return ""
        return value

    return _VARIABLE.sub(value_of, node), problems

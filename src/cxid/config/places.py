"""Where every key and value of a YAML tree stands."""

from __future__ import annotations

from typing import Any

from ruamel.yaml.scalarfloat import ScalarFloat

from cxid.errors import ConfigProblem

Path = tuple[str | int, ...]


class Places:
    """Finds line and column of a dotted path in a round-trip YAML tree."""

    def __init__(self, tree: Any) -> None:
        self._tree = tree

    def locate(self, path: Path, message: str, *, on_key: bool) -> ConfigProblem:
        """`message` at the path's key or value; at the nearest parent that exists when it is missing."""
        node: Any = self._tree
        line, column = 0, 0
        for part in path:
            places = getattr(node, "lc", None)
            if places is None or not _holds(node, part):
                break
            mapping = isinstance(node, dict)
            last = part is path[-1] and not on_key
            spot = (places.value(part) if last else places.key(part)) if mapping else places.item(part)
            line, column = spot[0] + 1, spot[1] + 1
            node = node[part]
        return ConfigProblem(line or 1, column or 1, ".".join(str(p) for p in path), message)


def _holds(node: Any, part: str | int) -> bool:
    if isinstance(node, dict):
        return part in node
    return isinstance(node, list) and isinstance(part, int) and part < len(node)


def plain(node: Any) -> Any:
    """The tree as plain dicts, lists and scalars."""
    if isinstance(node, dict):
        return {str(key): plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(value) for value in node]
    if isinstance(node, ScalarFloat | float):
        return float(node)
    if isinstance(node, bool) or node is None:
        return node
    if isinstance(node, int):
        return int(node)
    return str(node)

"""A document of figures as rows, for formats that have only rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def flat_rows(content: Any, path: str = "") -> Iterator[tuple[str, str, Any]]:
    """(part, name, value) of every figure of a document; the part is the path to it."""
    pairs = content.items() if isinstance(content, dict) else enumerate(content, 1)
    for name, value in pairs:
        if isinstance(value, dict | list):
            yield from flat_rows(value, f"{path}.{name}" if path else str(name))
        else:
            yield path, str(name), value

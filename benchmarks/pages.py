"""Pages of results: Markdown tables, numbers as people read them, rows kept as JSON lines so that a run can go on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

RESULTS = Path(__file__).parent / "results"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; a bar within a cell is written so that it does not end the cell."""
    lines = [_line(head), "|" + "---|" * len(head), *(_line(row) for row in rows)]
    return "\n".join(lines)


def page(name: str, title: str, *parts: str) -> Path:
    """Write benchmarks/results/<name>.md."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.md"
    path.write_text(f"# {title}\n\n" + "\n\n".join(part for part in parts if part) + "\n", encoding="utf-8")
    return path


def number(value: float | None, digits: int = 0) -> str:
    """With thousands separators; a dash where there is none."""
    return "-" if value is None else f"{value:,.{digits}f}"


def ratio(value: float | None, by: float | None) -> str:
    """`value` as a multiple of `by`."""
    return f"{value / by:.2f}" if value is not None and by else "-"


def middle(values: Iterable[float | None]) -> float | None:
    """The median of those that are there."""
    there = [v for v in values if v is not None]
    return median(there) if there else None


class Rows:
    """Finished pieces of work, one JSON object a line, found again by their key after an interruption."""

    def __init__(self, path: Path, *, resume: bool) -> None:
        self._path = path
        self._done: dict[str, dict[str, Any]] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        if resume and path.is_file():
            for line in path.read_text(encoding="utf-8").splitlines():
                row = _parsed(line)
                if row is not None:
                    self._done[row["key"]] = row["row"]
        else:
            path.unlink(missing_ok=True)

    def get(self, key: str) -> dict[str, Any] | None:
        return self._done.get(key)

    def add(self, key: str, row: Mapping[str, Any]) -> dict[str, Any]:
        """Keep a row, on disk before this returns."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"key": key, "row": dict(row)}) + "\n")
        self._done[key] = dict(row)
        return self._done[key]


def _parsed(line: str) -> dict[str, Any] | None:
    """A line that a kill cut short counts as not written."""
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) and {"key", "row"} <= set(row) else None


def _line(cells: Sequence[object]) -> str:
    return "| " + " | ".join(str(c).replace("|", "\\|") for c in cells) + " |"

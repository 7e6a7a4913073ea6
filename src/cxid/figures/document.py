"""The report as one document of plain values: what `cxid report --format json` writes."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from cxid.figures.model import Figures, Row
from cxid.figures.obstacles import obstacles
from cxid.figures.verdict import verdict

_WHOLE = re.compile(r"-?(0|[1-9]\d{0,17})")
_DECIMAL = re.compile(r"-?\d+\.\d+")


def report_document(figures: Figures, sections: Collection[str] | None = None) -> dict[str, Any]:
    """`run_id`, then `verdict`, `obstacles` and each section of figures as a list of rows; all of them for None."""
    document: dict[str, Any] = {"run_id": figures.run_id}
    if sections is None or "verdict" in sections:
        document["verdict"] = [asdict(finding) for finding in verdict(figures)]
    if sections is None or "obstacles" in sections:
        document["obstacles"] = [asdict(obstacle) for obstacle in obstacles(figures)]
    for name, rows in figures.sections.items():
        if sections is None or name in sections:
            document[name] = [_typed(row) for row in rows]
    return document


def _typed(row: Row) -> dict[str, str | int | float]:
    """A row with its figures as numbers where they are numbers; its label stays text."""
    return {name: value if name == "label" else _number(value) for name, value in row.items()}


def _number(text: str) -> str | int | float:
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text

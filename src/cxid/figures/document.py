"""The report as one document of plain values: what `cxid report --format json` writes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from typing import Any

from cxid.figures.describe import DESCRIBED
from cxid.figures.model import Figures, Row
from cxid.figures.obstacles import obstacles
from cxid.figures.verdict import verdict

_EXACT = 10**18  # a larger whole number is no count of anything


def report_document(figures: Figures, sections: Collection[str] | None = None) -> dict[str, Any]:
    """`run_id`, then `verdict`, `obstacles` and each section of figures as a list of rows; all of them for None.

    It is described by `report_schema`.
    """
    document: dict[str, Any] = {"run_id": figures.run_id}
    if sections is None or "verdict" in sections:
        document["verdict"] = [asdict(finding) for finding in verdict(figures)]
    if sections is None or "obstacles" in sections:
        document["obstacles"] = [asdict(obstacle) for obstacle in obstacles(figures)]
    for name, rows in figures.sections.items():
        if sections is None or name in sections:
            document[name] = [_typed(name, row) for row in rows]
    return document


def _typed(section: str, row: Row) -> dict[str, str | int | float]:
    """A row with its figures as what they are described to be; a label is text."""
    types = {name: type_ for name, (type_, _) in DESCRIBED[section].figures.items()} if section in DESCRIBED else {}
    return {name: text if types.get(name, "text") == "text" else _number(text) for name, text in row.items()}


def _number(text: str) -> str | int | float:
    """The number in a figure, the text itself where there is none."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite():
        return text
    return int(number) if "." not in text and abs(number) < _EXACT and number == number.to_integral() else float(number)

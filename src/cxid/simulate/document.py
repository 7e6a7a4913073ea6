"""A simulation as one document of plain values."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from cxid.simulate.model import Simulation


def simulation_document(found: Simulation) -> dict[str, Any]:
    """All of it: money as text, moments in ISO 8601, measured figures to six places."""
    content: dict[str, Any] = _plain(asdict(found))
    return content


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, datetime) else value

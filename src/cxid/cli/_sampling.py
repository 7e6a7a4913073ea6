"""Samples to review, and what comes of those that were."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cxid.cli._console import Console


def write_sample(console: Console, wish: dict[str, Any]) -> None:
    raise SystemExit("later")


def review_sample(console: Console, file: Path) -> None:
    raise SystemExit("later")

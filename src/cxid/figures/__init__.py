"""The figures of one run as a report needs them, the judgement drawn from them, and what holds the result back."""

from __future__ import annotations

from cxid.figures.goals import Metric, metrics, write_value
from cxid.figures.model import Figures, Finding, Row, decimal, percent, whole
from cxid.figures.obstacles import Obstacle, obstacles
from cxid.figures.reading import read_figures
from cxid.figures.verdict import verdict
from cxid.figures.words import CHANGES, OUTCOMES

__all__ = [
    "CHANGES", "OUTCOMES", "Figures", "Finding", "Metric", "Obstacle", "Row", "decimal", "metrics", "obstacles",
    "percent", "read_figures", "verdict", "whole", "write_value",
]  # fmt: skip

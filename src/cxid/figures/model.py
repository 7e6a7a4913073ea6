"""The figures of one run: sections of rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Row = Mapping[str, str]


@dataclass(frozen=True)
class Figures:
    """A run's report figures: section -> rows, each with `label` and its named figures as text."""

    run_id: str
    sections: Mapping[str, tuple[Row, ...]]

    def rows(self, section: str) -> tuple[Row, ...]:
        return self.sections.get(section, ())

    def amount(self, section: str, label: str) -> int:
        """A whole number from a section of (label, amount); 0 when it is not there."""
        return whole(self.text(section, label))

    def text(self, section: str, label: str) -> str:
        """The same as text; '' when it is not there."""
        return next((r["amount"] for r in self.rows(section) if r["label"] == label), "")


@dataclass(frozen=True)
class Finding:
    """One sentence of the verdict. Level: ok, look or bad."""

    level: str
    text: str
    next: str = ""


def whole(text: str | None) -> int:
    """The whole number in a figure, 0 for none."""
    return int(text) if text and text.lstrip("-").isdigit() else 0


def decimal(text: str | None) -> float:
    """The number in a figure, 0 for none."""
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


def percent(part: float, of_all: float) -> str:
    """A share in per cent, '' of nothing; what is not none is never written as none, nor what is not all as all."""
    if not of_all:
        return ""
    for digits in (1, 2):
        told = f"{part / of_all:.{digits}%}"
        if part in (0, of_all) or told not in ("0.0%", "100.0%", "0.00%", "100.00%"):
            return told
    return "<0.01%" if part < of_all / 2 else ">99.99%"


def counted(number: int, noun: str) -> str:
    """A number with what it counts, in the singular for one."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"

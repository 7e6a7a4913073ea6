"""Figures as people write them, and colours for the parts of a whole."""

from __future__ import annotations

TONES = ("a", "b", "c", "d", "e", "f", "rest")


def tone(place: int) -> str:
    """The colour of the part at this place, from 0; the last one stands for all further parts."""
    return TONES[min(place, len(TONES) - 1)]


def count(number: int) -> str:
    return f"{number:,}"


def percent(part: int | float, whole: int | float) -> str:
    """A share in per cent, '-' of nothing."""
    return f"{part / whole:.1%}" if whole else "-"


def share(part: int | float, whole: int | float) -> float:
    """From 0 to 1; 0 of nothing."""
    return max(0.0, min(1.0, part / whole)) if whole else 0.0


def short(number: int | float) -> str:
    """A large figure in few letters: 12.3M."""
    for limit, unit in ((1e9, "B"), (1e6, "M"), (1e4, "k")):
        if abs(number) >= limit:
            scale = 1e3 if unit == "k" else limit
            return f"{number / scale:.1f}{unit}"
    return f"{number:,.0f}"

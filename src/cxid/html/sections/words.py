"""Figures as people write them, the order and colours of what is shown in several places."""

from __future__ import annotations

from collections.abc import Iterable

STAGES = {
    "advocate": "good", "repeat": "a", "customer": "e", "engaged": "c", "aware": "d", "at_risk": "b", "lapsed": "bad",
    "unknown": "rest",
}  # fmt: skip
"""The stages of a customer, the best first, and their colours."""
TONES = ("a", "b", "c", "d", "e", "f", "rest")


def tone(place: int) -> str:
    """The colour of the part at this place, from 0; the last one stands for all further parts."""
    return TONES[min(place, len(TONES) - 1)]


def by_stage(stages: Iterable[str]) -> list[str]:
    """Stages in their order; such as are not known here last."""
    order = list(STAGES)
    return sorted(set(stages), key=lambda s: (order.index(s) if s in order else len(order), s))


def plain(name: str) -> str:
    """A name of the tables as words."""
    return name.replace("_", " ")


def count(number: int) -> str:
    return f"{number:,}"


def many(number: int, one: str, several: str = "") -> str:
    """A number with what it counts."""
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def listed(words: list[str]) -> str:
    """a, b and c."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def sentences(said: Iterable[str]) -> str:
    """Clauses as sentences; an empty one is left out."""
    return " ".join(f"{s[0].upper()}{s[1:]}." for s in said if s)


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

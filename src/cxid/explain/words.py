"""Levels of agreement, guards and links in words for people."""

from __future__ import annotations

from cxid.explain.model import MICRO, Sharing
from cxid.model import FieldType

_WORDS = {
    "different": "different",
    "names swapped": "given and family name swapped",
    "part of the other": "one is a part of the other",
    "initial only": "initial of the other",
    "one slip": "same to a typing error",
    "two slips": "same to two typing errors",
    "one or two slips": "same to one or two typing errors",
    "one or two digits off": "same to one or two digits",
    "same number and words": "same, written otherwise",
}
_SIDES = {(True, False): "missing on the left", (False, True): "missing on the right", (True, True): "missing on both"}
NOT_IN_SOURCE, MISSING = "not in source", "missing"


def agreement(type_: FieldType, level: str, missing: tuple[bool, bool]) -> str:
    """A level of agreement in words; `missing` says which side has no value."""
    if level.startswith("exact, "):
        return "same, " + level.removeprefix("exact, ")
    if level == NOT_IN_SOURCE:
        return "no such column in a source"
    if level == MISSING:
        return _SIDES.get(missing, MISSING)
    if level == "names swapped" and type_ is FieldType.FAMILY_NAME:
        return "swapped, counted at the given name"
    return _WORDS.get(level, level)


def bits(weight: int) -> str:
    """Micro-bits as bits with a sign."""
    return f"{weight / MICRO:+.1f}"


def percent(millionths: int) -> str:
    """A probability, with as many figures as it takes not to say 0 or 100 of what is neither."""
    share = millionths / MICRO
    if millionths in (0, MICRO):
        return "less than 0.0001 %" if millionths == 0 else "more than 99.9999 %"
    for places in (0, 1, 2, 3, 4):
        text = f"{share * 100:.{places}f}"
        if float(text) not in (0.0, 100.0) and (places > 0 or 5 <= share * 100 <= 95):
            return f"{text} %"
    return f"{share * 100:.4f} %"


def unshared(parts: tuple[tuple[str, Sharing], ...]) -> str:
    """Why a blocking rule did not pair two records."""
    return "; ".join(f"{name} {'is missing' if how is Sharing.MISSING else 'differs'}" for name, how in parts)

"""Birth dates as YYYYMMDD, also where what was typed is no date."""

from __future__ import annotations

import re

from cxid.config.months import month_number
from cxid.stages.normalise.folding import fold, says_nothing

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[t ].*)?\Z")
_ISO_PART = re.compile(r"(\d{4})(?:-(\d{2}))?\Z")
_DIRECTIVE = re.compile(r"%-?([a-zA-Z])|(.)", re.DOTALL)
_WIDTH = {"Y": 4, "m": 2, "d": 2, "y": 2, "b": 3, "j": 3}
_NO_YEAR = ("0000", "0001", "9999")
_PIVOT = 69  # two figures of a year: 69..99 mean 19xx, as in strptime


def birth_date(value: str, written_as: str | None = None) -> str | None:
    """`YYYYMMDD` of an ISO date; `YYYY` or `YYYYMM` of a part of one; else by the places of the format.

    A value that does not fit its format `written_as` is rearranged, so that 03z61996 under %m%d%Y becomes 199603z6:
    one typing error away from the date that was meant. None when it says nothing or holds under four figures.
    """
    folded = fold(value)
    if says_nothing(folded):
        return None
    if found := _ISO.match(folded):
        return _known_year("".join(found.groups()))
    if found := _ISO_PART.match(folded):
        return _known_year(found[1] + (found[2] or ""))
    rearranged = _by_format(folded, written_as) if written_as else None
    packed = rearranged or re.sub(r"[^a-z0-9]", "", folded)
    return _known_year(packed) if sum(c.isdigit() for c in packed) >= 4 else None


def _known_year(packed: str) -> str | None:
    return None if packed[:4] in _NO_YEAR or set(packed) == {"0"} else packed


def _by_format(folded: str, written_as: str) -> str | None:
    """Year, month and day found by the format's places or separators; None when the value has another shape."""
    pieces = [(d, c) for d, c in _DIRECTIVE.findall(written_as)]
    names = [d for d, _ in pieces if d in _WIDTH or d == "B"]
    marks = [c.lower() for d, c in pieces if not d and c.strip()]
    parts = _by_width(folded, pieces) or _by_separators(folded, names, marks)
    if parts is None:
        return None
    found = dict(zip(names, parts, strict=True))
    year = found.get("Y") or _full_year(found.get("y", ""))
    month = found.get("m") or str(month_number(found.get("b") or found.get("B") or "") or "")
    return year + month.rjust(2, "0") + found.get("d", "").rjust(2, "0") if year else None


def _full_year(short: str) -> str:
    if len(short) == 2 and short.isdigit():
        return ("19" if int(short) >= _PIVOT else "20") + short
    return short


def _by_width(folded: str, pieces: list[tuple[str, str]]) -> list[str] | None:
    """The parts cut at fixed places, when the value is as long as the format asks for."""
    if any(d and d not in _WIDTH for d, _ in pieces):
        return None
    if len(folded) != sum(_WIDTH[d] if d else 1 for d, _ in pieces):
        return None
    parts, at = [], 0
    for directive, _ in pieces:
        width = _WIDTH[directive] if directive else 1
        if directive:
            parts.append(folded[at : at + width])
        at += width
    return parts


def _by_separators(folded: str, names: list[str], marks: list[str]) -> list[str] | None:
    """The parts between separators, when there are as many as the format has."""
    if not marks:
        return None
    parts = [p for p in re.split(r"[^a-z0-9]+", folded) if p]
    return parts if len(parts) == len(names) else None


def swapped(date: str | None) -> str | None:
    """YYYYDDMM of YYYYMMDD, None when that is no other date."""
    if date is None or len(date) != 8 or not date.isdigit():
        return None
    month, day = date[4:6], date[6:]
    possible = month != day and "01" <= month <= "12" and "01" <= day <= "12"
    return date[:4] + day + month if possible else None

"""Levels of agreement of two different birth dates, from their figures as integers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cxid.stages.link.signatures import Figures, Truths

SWAPPED, SLIP, MONTH_AND_DAY, YEAR_AND_MONTH, YEAR_AND_DAY, YEAR, TWO_SLIPS, DIFFERENT = range(8)
_LAST = 0x12  # of the months, four bits a figure


def _differing(apart: Figures) -> Figures:
    """How many of the eight figures differ, from the bits that do."""
    figures = (apart | apart >> 1 | apart >> 2 | apart >> 3) & np.uint32(0x11111111)
    return np.asarray(np.bitwise_count(figures), dtype=np.uint32)


def _is_swapped(a: Figures, b: Figures) -> Truths:
    """Whether day and month are each other's, and each may be a month."""
    month, day = a >> 8 & 255, a & 255
    possible = (month > 0) & (month <= _LAST) & (day > 0) & (day <= _LAST)
    return np.asarray(possible & ((a & 0xFFFF0000 | day << 8 | month) == b))


def date_levels(a: Figures, b: Figures) -> npt.NDArray[np.uint8]:
    """The level of each two different dates, 0 for the strongest; DIFFERENT is the last."""
    apart = a ^ b
    differ = _differing(apart)
    year = apart >> 16 == 0
    rest = apart & 0xFFFF == 0
    crossed = (a >> 20 & 15 == b >> 16 & 15) & (a >> 16 & 15 == b >> 20 & 15)
    return np.select(
        [
            _is_swapped(a, b),
            (year & (differ <= 1)) | (rest & ((differ <= 1) | crossed)),
            rest,
            year & (apart >> 8 & 255 == 0),
            year & (apart & 255 == 0),
            year,
            (apart >> 20 == 0) & (differ <= 2),
        ],
        [np.uint8(n) for n in range(DIFFERENT)],
        np.uint8(DIFFERENT),
    )

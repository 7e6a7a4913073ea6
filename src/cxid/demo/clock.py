"""The demo's span of time and the ways its systems write dates. Nothing here asks what day it is."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.int64]

DAY = 86_400
START = int(datetime(2024, 11, 1, tzinfo=UTC).timestamp())
END = int(datetime(2026, 11, 1, tzinfo=UTC).timestamp())  # the as-of date: the first moment after the span
AS_OF = "2026-11-01"
# Summer time in Britain within the span, UTC: (from, to)
SUMMER = tuple(
    (int(datetime(*a, 1, tzinfo=UTC).timestamp()), int(datetime(*b, 1, tzinfo=UTC).timestamp()))
    for a, b in (((2025, 3, 30), (2025, 10, 26)), ((2026, 3, 29), (2026, 10, 25)))
)


def any_time(count: int, rng: np.random.Generator) -> Seconds:
    """Moments spread over the span, UTC seconds."""
    return rng.integers(START, END, count)


def waking(seconds: Seconds, rng: np.random.Generator) -> Seconds:
    """The same days, at an hour between 8 and 22 UTC with an evening peak."""
    hour = 8 + 13.9 * rng.beta(2.0, 1.6, len(seconds))
    return (seconds // DAY) * DAY + (hour * 3600).astype(np.int64)


def london(seconds: Seconds) -> Seconds:
    """UTC seconds as the clock on the wall in London shows them."""
    summer = np.zeros(len(seconds), dtype=bool)
    for begin, end in SUMMER:
        summer |= (seconds >= begin) & (seconds < end)
    return seconds + np.where(summer, 3600, 0)

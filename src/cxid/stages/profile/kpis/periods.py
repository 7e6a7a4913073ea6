"""Weeks, months, quarters and years: their names, and the days on which they begin and end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pyarrow as pa

_MOST = 5_000  # one wrong date of the year 1000 shall not make a row for each week since


def period_of(day: str, kind: str) -> str:
    """SQL for the name of the period that holds the day of this SQL expression: 2026-W09, 2026-03, 2026-Q1, 2026."""
    if kind == "week":
        return f"strftime({day}, '%G-W%V')"
    if kind == "quarter":
        return f"concat(strftime({day}, '%Y'), '-Q', CAST(extract(quarter FROM {day}) AS VARCHAR))"
    return f"strftime({day}, '%Y')" if kind == "year" else f"strftime({day}, '%Y-%m')"


def name_of(day: date, kind: str) -> str:
    """The same for one day, in Python."""
    if kind == "week":
        year, week, _ = day.isocalendar()
        return f"{year:04d}-W{week:02d}"
    if kind == "quarter":
        return f"{day.year:04d}-Q{(day.month + 2) // 3}"
    return f"{day.year:04d}" if kind == "year" else f"{day.year:04d}-{day.month:02d}"


def start_of(day: date, kind: str) -> date:
    """The first day of the period that holds a day."""
    if kind == "week":
        return day - timedelta(days=day.weekday())
    month = {"year": 1, "quarter": (day.month - 1) // 3 * 3 + 1, "month": day.month}[kind]
    return date(day.year, month, 1)


def periods(first: date, last: date, kind: str) -> pa.Table:
    """(period, starts, ends, is_complete) from the period of `first` to that of `last`; ends is the day after.

    A period is complete when `last` is its last day. Of a longer span than 5,000 periods the latest remain.
    """
    rows = list(_spans(first, last, kind))[-_MOST:]
    return pa.table(
        {
            "period": pa.array([name_of(start, kind) for start, _ in rows], pa.string()),
            "starts": pa.array([start for start, _ in rows], pa.date32()),
            "ends": pa.array([end for _, end in rows], pa.date32()),
            "is_complete": pa.array([end <= last + timedelta(days=1) for _, end in rows], pa.bool_()),
        }
    )


def _spans(first: date, last: date, kind: str) -> Iterator[tuple[date, date]]:
    start = start_of(first, kind)
    while start <= last:
        end = start_of(start + timedelta(days={"week": 7, "month": 31, "quarter": 92, "year": 366}[kind]), kind)
        yield start, end
        start = end

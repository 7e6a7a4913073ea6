"""The moment that a config names."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from cxid.errors import UsageError


def read_moment(text: str, timezone: str = "UTC") -> datetime:
    """A date (its end) or a time, in UTC without zone; where it names no zone it is read by `timezone`.

    Raises UsageError for anything else.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise UsageError(
            "as_of is neither a date nor a time", hint="write it as 2026-11-01 or 2026-11-01T12:30:00+01:00"
        ) from error
    if re.fullmatch(r"\s*\d{4}-?\d{2}-?\d{2}\s*", text):
        moment = datetime.combine(moment.date(), time.max)
    wall = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(timezone))
    return wall.astimezone(UTC).replace(tzinfo=None)

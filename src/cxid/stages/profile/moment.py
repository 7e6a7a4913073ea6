"""The moment that the profile speaks of."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time

from cxid.engine.base import Engine
from cxid.errors import UsageError

_LATEST = """
SELECT coalesce(
    (SELECT max(time) FROM event), (SELECT max(updated_at) FROM record), CAST('1970-01-01 00:00:00' AS TIMESTAMP)
) AS as_of
"""


def write_moment(engine: Engine, as_of: str | None) -> None:
    """Table profile_moment with one row: `as_of`, else the latest event, else the latest change of a record.

    Never the clock: the same data give the same profile. A date means its last microsecond, UTC.
    """
    if as_of is None:
        engine.run("profile_moment", _LATEST)
        return
    engine.run("profile_moment", "SELECT CAST(? AS TIMESTAMP) AS as_of", [read_moment(as_of)])


def read_moment(text: str) -> datetime:
    """A date (its end) or a time, in UTC without zone. Raises UsageError for anything else."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise UsageError(
            "as_of is neither a date nor a time", hint="write it as 2026-11-01 or 2026-11-01T12:30:00+01:00"
        ) from error
    if re.fullmatch(r"\s*\d{4}-?\d{2}-?\d{2}\s*", text):
        return datetime.combine(moment.date(), time.max)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment

"""The moment that the profile speaks of."""

from __future__ import annotations

from cxid.config.moment import read_moment
from cxid.engine.base import Engine, literal

_LATEST = """
SELECT coalesce(
    (SELECT max(time) FROM event), (SELECT max(updated_at) FROM record), CAST('1970-01-01 00:00:00' AS TIMESTAMP)
) AS as_of, CAST(? AS VARCHAR) AS timezone
"""


def write_moment(engine: Engine, as_of: str | None, timezone: str) -> None:
    """Table profile_moment with one row: `as_of`, else the latest event, else the latest change of a record.

    Never the clock: the same data give the same profile. A date means its last microsecond by the clock of
    `timezone`, whose name stands beside: hours, days and months of the profile go by it.
    """
    if as_of is None:
        engine.run("profile_moment", _LATEST, [timezone])
        return
    engine.run(
        "profile_moment",
        "SELECT CAST(? AS TIMESTAMP) AS as_of, CAST(? AS VARCHAR) AS timezone",
        [read_moment(as_of, timezone), timezone],
    )


def on_the_wall(engine: Engine, time: str) -> str:
    """SQL for what a clock in the profile's zone shows at the UTC time of that column."""
    zone = str(engine.scalar("SELECT timezone FROM profile_moment"))
    if zone == "UTC":
        return time
    return f"(({time}) AT TIME ZONE 'UTC') AT TIME ZONE {literal(zone)}"

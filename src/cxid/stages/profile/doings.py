"""The events of customers as the sections read them: what was done, where, whose doing it was, what it is worth."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyarrow as pa

from cxid import sql
from cxid.config.acts import ACTS, OURS, act_of
from cxid.config.channels import CHANNELS, channel_of, with_channels
from cxid.config.engagement import HALF_LIVES, Engagement
from cxid.config.journey import Journey
from cxid.config.model import Profile
from cxid.engine.base import Engine, literal
from cxid.stages.context import Reporter

_SESSION = re.compile(r"(?:^|_)(?:session|sitzung|sesion|sessao|sessione|sesja|seance|visit)(?:_|$|id|key|no|number)")
_RETURN_SECONDS = 12 * 3600  # who comes back after a night has come back
_DISTINCT = """
SELECT DISTINCT kind, channel AS said_channel, coalesce(type, '') AS said_type FROM event
"""

TABLES = ("profile_channel", "profile_spelling", "profile_said", "profile_rule", "profile_session_id", "profile_event")
"""What `write_doings` makes, for the sections alone."""


def write_doings(engine: Engine, profile: Profile, reporter: Reporter) -> None:
    """The tables of `TABLES`; needs `profile_moment` and `profile_number`.

    Warns of a name under `profile.engagement` that no channel, act or type of an event has.
    """
    engine.map_values("profile_channel", "SELECT DISTINCT channel AS raw FROM event", with_channels)
    engine.map_values("profile_spelling", _DISTINCT, _read_with(profile.engagement))
    engine.run("profile_said", sql.load("profile", "profile_said"))
    _write_rule(engine, profile.journey)
    engine.run("profile_session_id", _session_ids(engine))
    engine.run("profile_event", sql.load("profile", "profile_event"))
    _warn_unused(engine, profile.engagement, reporter)


def _read_with(engagement: Engagement) -> Callable[[pa.Table], pa.Table]:
    """The function that puts act, owner, points in thousandths and half-life beside what a source says."""

    def read(batch: pa.Table) -> pa.Table:
        rows = []
        for row in batch.to_pylist():
            channel = channel_of(row["said_channel"])
            act = act_of(row["kind"], channel, row["said_type"])
            rows.append(
                {
                    **row,
                    "channel": channel,
                    "act": act,
                    "own": 0 if act in OURS else 1,
                    "milli_points": int(1000 * engagement.points_of(channel, act, row["said_type"])),
                    "half_life": engagement.half_life_of(channel, act, row["said_type"]),
                }
            )
        return pa.Table.from_pylist(rows, schema=_SPELLING)

    return read


_SPELLING = pa.schema(
    [
        ("kind", pa.string()),
        ("said_channel", pa.string()),
        ("said_type", pa.string()),
        ("channel", pa.string()),
        ("act", pa.string()),
        ("own", pa.int32()),
        ("milli_points", pa.int64()),
        ("half_life", pa.int32()),
    ]
)


def _write_rule(engine: Engine, journey: Journey) -> None:
    engine.run(
        "profile_rule",
        "SELECT CAST(? AS BIGINT) AS session_seconds, CAST(? AS BIGINT) AS engaged_days, "
        "CAST(? AS BIGINT) AS engaged_seconds, CAST(? AS BIGINT) AS return_seconds, "
        "CAST(? AS BIGINT) AS at_risk_milli, CAST(? AS BIGINT) AS lapsed_milli",
        [
            60 * journey.session_minutes,
            journey.engaged_days,
            86_400 * journey.engaged_days,
            _RETURN_SECONDS,
            int(1000 * journey.at_risk),
            int(1000 * journey.lapsed),
        ],
    )


def is_session(id_type: str) -> bool:
    """Whether an identifier type, by its name, is the source's own number of a visit."""
    return _SESSION.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", id_type).lower()) is not None


def _session_ids(engine: Engine) -> str:
    """The query of (event_no, session): the source's own session, of several the smallest."""
    types: list[str] = []
    if "event_identifier" in engine.tables():
        found = engine.fetch("SELECT DISTINCT id_type FROM event_identifier").column(0).to_pylist()
        types = sorted(t for t in found if is_session(t))
    if not types:
        return "SELECT CAST(0 AS BIGINT) AS event_no, '' AS session WHERE 1 = 0"
    return (
        "SELECT event_no, min(id_type || '=' || id_value) AS session FROM event_identifier "
        f"WHERE id_type IN ({', '.join(literal(t) for t in types)}) GROUP BY event_no"
    )


def _warn_unused(engine: Engine, engagement: Engagement, reporter: Reporter) -> None:
    if not engagement.names:
        return
    types = engine.fetch("SELECT DISTINCT lower(said_type) AS said_type FROM profile_said").column(0).to_pylist()
    known = {*CHANNELS, *ACTS, *HALF_LIVES, *types, *(f"{c}.{a}" for c in CHANNELS for a in ACTS)}
    for name in sorted(engagement.names - known):
        reporter.warn(
            "engagement_unused",
            f"profile.engagement: no event, channel or act is called {name}; channels are {', '.join(CHANNELS)}; "
            f"acts are {', '.join(ACTS)}",
        )

"""How often, where and when the customer was in touch."""

from __future__ import annotations

from cxid.engine.base import Engine
from cxid.stages.profile.channels import CHANNELS
from cxid.stages.profile.moment import on_the_wall
from cxid.stages.profile.section import Attribute, Section, count, has_rows

ATTRIBUTES = (
    count("events", "Events up to as_of, purchases included."),
    *(count(f"events_{c}", f"Of these, in channel {c}.") for c in CHANNELS),
    *(
        Attribute(f"last_{c}_at", "TIMESTAMP", f"Time of the last event in channel {c}, UTC.", "no event there")
        for c in CHANNELS
    ),
    Attribute("preferred_channel", "VARCHAR", "Channel of most events; of equals the one used last.", "no event"),
    Attribute(
        "preferred_hour",
        "INTEGER",
        "Hour of the day by the clock of profile.timezone, of most events; of equals the earliest.",
        "no event",
    ),
)

_TOTALS = """
SELECT customer_no, channel, count(*) AS events, max(time) AS last_at FROM profile_event GROUP BY customer_no, channel
"""
_PREFERRED = """
SELECT customer_no, channel FROM (
    SELECT customer_no, channel,
           row_number() OVER (PARTITION BY customer_no ORDER BY events DESC, last_at DESC, channel) AS place
    FROM profile_channel_total
) AS r WHERE place = 1
"""


def _hour(engine: Engine) -> str:
    """The query of the hour in which a customer is in touch most often."""
    hour = f"CAST(extract(hour FROM {on_the_wall(engine, 'time')}) AS INTEGER)"
    return (
        "SELECT customer_no, hour FROM (SELECT customer_no, hour, "
        "row_number() OVER (PARTITION BY customer_no ORDER BY events DESC, hour) AS place "
        f"FROM (SELECT customer_no, {hour} AS hour, count(*) AS events "
        f"FROM profile_event GROUP BY customer_no, {hour}) AS h) AS r WHERE place = 1"
    )


def write(engine: Engine) -> None:
    """Table `profile_engagement`."""
    engine.run("profile_channel_total", _TOTALS)
    engine.run("profile_preferred", _PREFERRED)
    engine.run("profile_hour", _hour(engine))
    counts = ", ".join(
        f"CAST(sum(CASE WHEN channel = '{c}' THEN events ELSE 0 END) AS BIGINT) AS events_{c}" for c in CHANNELS
    )
    lasts = ", ".join(f"max(CASE WHEN channel = '{c}' THEN last_at END) AS last_{c}_at" for c in CHANNELS)
    engine.run(
        "profile_engagement",
        "SELECT t.*, p.channel AS preferred_channel, h.hour AS preferred_hour FROM ("
        f"SELECT customer_no, CAST(sum(events) AS BIGINT) AS events, {counts}, {lasts} "
        "FROM profile_channel_total GROUP BY customer_no) AS t "
        "JOIN profile_preferred AS p ON p.customer_no = t.customer_no "
        "JOIN profile_hour AS h ON h.customer_no = t.customer_no",
    )
    engine.drop("profile_channel_total", "profile_preferred", "profile_hour")


def is_fed(engine: Engine) -> bool:
    """Whether there is any event."""
    return has_rows(engine, "event")


SECTION = Section("engagement", "Engagement", "events, transactions, mentions or survey", ATTRIBUTES, is_fed, write)

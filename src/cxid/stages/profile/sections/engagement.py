"""How often, where and when the customer was in touch, and how much of it is left by now."""

from __future__ import annotations

from cxid import sql
from cxid.config.channels import CHANNELS
from cxid.engine.base import Engine
from cxid.stages.profile.moment import on_the_wall
from cxid.stages.profile.section import Attribute, Section, count, has_rows

_SCORE = (
    "Points of the own acts in {0}, each halved by every half-life that has passed, over the 95th percentile of the "
    "customers who have any; 100 at most."
)
_NO_OPENS = "no source logs opens"
_NO_CLICKS = "no source logs clicks"
_NO_MAIL = "no e-mail that reached the customer is logged"

ATTRIBUTES = (
    count("events", "Events up to as_of, purchases and what the company did included."),
    *(count(f"events_{c}", f"Events in channel {c}.") for c in CHANNELS),
    *(
        Attribute(f"last_{c}_at", "TIMESTAMP", f"Time of the last event in channel {c}, UTC.", "no event there")
        for c in CHANNELS
    ),
    Attribute(
        "engagement_score", "DECIMAL(9,2)", _SCORE.format("every channel"), "nobody has a point, in the whole company"
    ),
    *(
        Attribute(f"score_{c}", "DECIMAL(9,2)", _SCORE.format(f"channel {c}"), "nobody has a point there")
        for c in CHANNELS
    ),
    Attribute(
        "preferred_channel", "VARCHAR", "Channel of most own acts; of equals the one used last.", "no act of its own"
    ),
    Attribute(
        "preferred_hour",
        "INTEGER",
        "Hour of the day by the clock of profile.timezone, of most own acts; of equals the earliest.",
        "no act of its own",
    ),
    Attribute("email_sent", "BIGINT", "E-mails sent to the customer.", "none, or no source logs them"),
    Attribute("email_opened", "BIGINT", "E-mails opened or clicked at least once.", f"no e-mail, or {_NO_OPENS}"),
    Attribute("email_clicked", "BIGINT", "E-mails clicked at least once.", f"no e-mail, or {_NO_CLICKS}"),
    Attribute("email_bounced", "BIGINT", "E-mails that came back.", "no e-mail"),
    Attribute(
        "email_send_rate", "DECIMAL(9,2)", "E-mails in 30 days, from the first one to as_of.", "no e-mail is logged"
    ),
    Attribute(
        "email_open_rate",
        "DECIMAL(9,6)",
        "Share of the e-mails that did not come back which were opened or clicked.",
        f"{_NO_MAIL}, or {_NO_OPENS}",
    ),
    Attribute(
        "email_click_rate",
        "DECIMAL(9,6)",
        "Share of the e-mails that did not come back which were clicked.",
        f"{_NO_MAIL}, or {_NO_CLICKS}",
    ),
    Attribute("email_unsubscribed_at", "TIMESTAMP", "When the customer unsubscribed last, UTC.", "never"),
)
_MAIL = tuple(a.name for a in ATTRIBUTES if a.name.startswith("email_"))
_PREFERRED = """
SELECT customer_no, channel FROM (
    SELECT customer_no, channel,
           row_number() OVER (PARTITION BY customer_no ORDER BY own_events DESC, last_own_at DESC, channel) AS place
    FROM profile_channel_total WHERE own_events > 0
) AS r WHERE place = 1
"""


def write(engine: Engine) -> None:
    """Table `profile_engagement`, with a row for every customer."""
    for relation in ("channel_total", "channel_high", "mail"):
        engine.run(f"profile_{relation}", sql.load("profile", f"profile_{relation}"))
    engine.run("profile_preferred", _PREFERRED)
    engine.run("profile_hour", _hour(engine))
    engine.run("profile_engagement_channel", _by_channel())
    engine.run("profile_engagement", _beside_each_other())
    engine.drop(*(f"profile_{t}" for t in ("channel_total", "channel_high", "mail", "preferred", "hour")))
    engine.drop("profile_engagement_channel")


def _hour(engine: Engine) -> str:
    """The query of the hour in which a customer is active most often."""
    hour = f"CAST(extract(hour FROM {on_the_wall(engine, 'time')}) AS INTEGER)"
    return (
        "SELECT customer_no, hour FROM (SELECT customer_no, hour, "
        "row_number() OVER (PARTITION BY customer_no ORDER BY events DESC, hour) AS place "
        f"FROM (SELECT customer_no, {hour} AS hour, count(*) AS events "
        f"FROM profile_event WHERE own = 1 GROUP BY customer_no, {hour}) AS h) AS r WHERE place = 1"
    )


def _by_channel() -> str:
    """The query of a customer's counts, last times and points, a column for each channel."""
    parts = ["customer_no", "CAST(sum(events) AS BIGINT) AS events", "CAST(sum(points) AS BIGINT) AS points"]
    for c in CHANNELS:
        case = f"CASE WHEN channel = '{c}' THEN"
        parts.append(f"CAST(sum({case} events ELSE 0 END) AS BIGINT) AS events_{c}")
        parts.append(f"max({case} last_at END) AS last_{c}_at")
        parts.append(f"CAST(sum({case} points ELSE 0 END) AS BIGINT) AS points_{c}")
    return f"SELECT {', '.join(parts)} FROM profile_channel_total GROUP BY customer_no"


def _beside_each_other() -> str:
    """The query of the section: who has no event has 0 points where others have some."""
    columns = ["n.customer_no", "coalesce(t.events, 0) AS events"]
    columns += [f"coalesce(t.events_{c}, 0) AS events_{c}" for c in CHANNELS]
    columns += [f"t.last_{c}_at" for c in CHANNELS]
    columns += [_score("points", "high_every", "engagement_score")]
    columns += [_score(f"points_{c}", f"high_{c}", f"score_{c}") for c in CHANNELS]
    columns += ["p.channel AS preferred_channel", "h.hour AS preferred_hour", *(f"m.{name}" for name in _MAIL)]
    highs = ", ".join(f"max(CASE WHEN channel = '{c}' THEN high END) AS high_{c}" for c in (*CHANNELS, "every"))
    joins = (("engagement_channel", "t"), ("preferred", "p"), ("hour", "h"), ("mail", "m"))
    return (
        f"WITH highs AS (SELECT {highs} FROM profile_channel_high) SELECT {', '.join(columns)} "
        "FROM profile_number AS n CROSS JOIN highs "
        + " ".join(
            f"LEFT JOIN profile_{table} AS {alias} ON {alias}.customer_no = n.customer_no" for table, alias in joins
        )
    )


def _score(points: str, high: str, name: str) -> str:
    share = f"CAST(100 * coalesce(t.{points}, 0) AS DOUBLE) / CAST(highs.{high} AS DOUBLE)"
    return f"CASE WHEN highs.{high} IS NOT NULL THEN CAST(least(100, {share}) AS DECIMAL(9,2)) END AS {name}"


def is_fed(engine: Engine) -> bool:
    """Whether there is any event."""
    return has_rows(engine, "event")


SECTION = Section("engagement", "Engagement", "events, transactions, mentions or survey", ATTRIBUTES, is_fed, write)

"""How the customer came, in which stage the customer is, and how the visits went."""

from __future__ import annotations

from cxid import sql
from cxid.engine.base import Engine
from cxid.stages.profile.section import Attribute, Section, count, has_rows

_NONE = "no act of its own"
_NO_PURCHASE = "no purchase"
_NO_VISIT = "no visit"

ATTRIBUTES = (
    Attribute(
        "stage",
        "VARCHAR",
        "unknown, aware, engaged, customer, repeat, advocate, at_risk or lapsed at as_of; see explanation/journey.",
        nothing="'unknown'",
    ),
    Attribute("stage_since", "TIMESTAMP", "When the stage at as_of began, UTC.", "no event"),
    Attribute("first_touch_at", "TIMESTAMP", "Time of the first own act, UTC.", _NONE),
    Attribute("first_touch_channel", "VARCHAR", "Channel of the first own act.", _NONE),
    Attribute("first_touch_source", "VARCHAR", "Source of the first own act.", _NONE),
    Attribute("first_touch_campaign", "VARCHAR", "Campaign of the first own act.", "no act of its own, or it has none"),
    Attribute("last_touch_at", "TIMESTAMP", "Time of the last own act up to as_of, UTC.", _NONE),
    Attribute("last_touch_channel", "VARCHAR", "Channel of the last own act.", _NONE),
    Attribute("last_touch_source", "VARCHAR", "Source of the last own act.", _NONE),
    Attribute("last_touch_campaign", "VARCHAR", "Campaign of the last own act.", "no act of its own, or it has none"),
    Attribute("touches_before_purchase", "BIGINT", "Own acts before the first purchase.", _NO_PURCHASE),
    Attribute("days_to_purchase", "BIGINT", "Days from the first own act to the first purchase.", _NO_PURCHASE),
    count("sessions", "Visits of web sites and apps: the source's own sessions, else acts without a long silence."),
    Attribute("last_session_at", "TIMESTAMP", "When the last visit began, UTC.", _NO_VISIT),
    Attribute("session_minutes", "DECIMAL(9,1)", "Mean minutes from first to last act of a visit.", _NO_VISIT),
)
_RELATIONS = (
    "touch",
    "session",
    "prospect",
    "buying",
    "usual_gap",
    "silence",
    "advocate",
    "mark",
    "stage_span",
    "journey",
)


def write(engine: Engine) -> None:
    """Tables `profile_journey` and `profile_stage_span`; needs `profile_sale`, empty where nothing is sold."""
    if "profile_sale" not in engine.tables():
        engine.run(
            "profile_sale",
            "SELECT CAST(0 AS BIGINT) AS customer_no, '' AS receipt, CAST(NULL AS TIMESTAMP) AS time, "
            "CAST(NULL AS VARCHAR) AS category, '' AS currency, 0 AS is_refund, CAST(0 AS DECIMAL(18, 4)) AS net, "
            "CAST(NULL AS DATE) AS day "
            "WHERE 1 = 0",
        )
    for relation in _RELATIONS:
        engine.run(f"profile_{relation}", sql.load("profile", f"profile_{relation}"))
    engine.drop(*(f"profile_{r}" for r in _RELATIONS if r not in ("stage_span", "journey")))


def write_stages(engine: Engine) -> None:
    """Tables `customer_stage` and `touchpoint`; the first is empty where the section is off."""
    if "profile_stage_span" not in engine.tables():
        engine.run(
            "profile_stage_span",
            "SELECT CAST(0 AS BIGINT) AS customer_no, '' AS stage, CAST(NULL AS TIMESTAMP) AS since, "
            "CAST(NULL AS TIMESTAMP) AS until WHERE 1 = 0",
        )
    engine.run("customer_stage", sql.load("profile", "customer_stage"))
    engine.run("touchpoint", sql.load("profile", "touchpoint"))
    engine.drop("profile_stage_span")


def is_fed(engine: Engine) -> bool:
    """Whether there is any event."""
    return has_rows(engine, "event")


SECTION = Section("journey", "Journey", "events, transactions, mentions or survey", ATTRIBUTES, is_fed, write)

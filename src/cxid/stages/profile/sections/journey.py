"""How the customer came: first and last touch, the way to the first purchase."""

from __future__ import annotations

from cxid import sql
from cxid.engine.base import Engine
from cxid.stages.profile.section import Attribute, Section, has_rows

_NONE = "no event"
_NO_PURCHASE = "no purchase"

ATTRIBUTES = (
    Attribute("first_touch_at", "TIMESTAMP", "Time of the first event, UTC.", _NONE),
    Attribute("first_touch_channel", "VARCHAR", "Its channel.", _NONE),
    Attribute("first_touch_source", "VARCHAR", "Its source.", _NONE),
    Attribute("first_touch_campaign", "VARCHAR", "Its campaign.", "no event, or it has none"),
    Attribute("last_touch_at", "TIMESTAMP", "Time of the last event up to as_of, UTC.", _NONE),
    Attribute("last_touch_channel", "VARCHAR", "Its channel.", _NONE),
    Attribute("last_touch_source", "VARCHAR", "Its source.", _NONE),
    Attribute("last_touch_campaign", "VARCHAR", "Its campaign.", "no event, or it has none"),
    Attribute("touches_before_purchase", "BIGINT", "Events before the first purchase.", _NO_PURCHASE),
    Attribute("days_to_purchase", "BIGINT", "Days from the first event to the first purchase.", _NO_PURCHASE),
)


def write(engine: Engine) -> None:
    """Table `profile_journey`; needs `profile_sale`, empty where nothing is sold."""
    if "profile_sale" not in engine.tables():
        engine.run("profile_sale", f"SELECT * FROM ({sql.load('profile', 'profile_sale')}) AS s WHERE 1 = 0")
    engine.run("profile_journey", sql.load("profile", "profile_journey"))


def is_fed(engine: Engine) -> bool:
    """Whether there is any event."""
    return has_rows(engine, "event")


SECTION = Section("journey", "Journey", "events, transactions, mentions or survey", ATTRIBUTES, is_fed, write)

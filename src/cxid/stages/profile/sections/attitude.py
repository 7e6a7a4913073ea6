"""What the customer says in surveys."""

from __future__ import annotations

from cxid import sql
from cxid.engine.base import Engine
from cxid.stages.profile.section import Attribute, Section, count, has_rows

_NONE = "no answer from 0 to 10 in a survey of type nps"

ATTRIBUTES = (
    count("surveys", "Answers to surveys of any type."),
    Attribute("nps_last", "DECIMAL(9,4)", "Latest answer, 0 to 10; the lower one of two at the same time.", _NONE),
    Attribute("nps_group", "VARCHAR", "promoter (9, 10), passive (7, 8) or detractor (0 to 6), by nps_last.", _NONE),
    Attribute("nps_at", "TIMESTAMP", "When it was given, UTC.", _NONE),
)


def write(engine: Engine) -> None:
    """Table `profile_attitude`."""
    engine.run("profile_attitude", sql.load("profile", "profile_attitude"))


def is_fed(engine: Engine) -> bool:
    """Whether any event is an answer."""
    return has_rows(engine, "event", "kind = 'survey'")


SECTION = Section("attitude", "Attitude", "survey", ATTRIBUTES, is_fed, write)

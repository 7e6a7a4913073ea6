"""What shall be done next: the triggers that hold now. Made when every other section is known."""

from __future__ import annotations

from cxid.engine.base import Engine
from cxid.stages.profile.section import Attribute, Section

_NONE = "no trigger holds"

ATTRIBUTES = (
    Attribute("triggers", "VARCHAR", "Triggers that hold now, sorted, joined by comma.", _NONE),
    Attribute(
        "trigger_reason", "VARCHAR", "Why the first trigger that is acted on holds.", f"{_NONE}, or none is acted on"
    ),
    Attribute(
        "suggested_action",
        "VARCHAR",
        "The action of the first trigger of the config that holds and is acted on: see `trigger_hit.status`.",
        f"{_NONE}, or none is acted on",
    ),
)


def write(engine: Engine) -> None:
    """Nothing: `profile_next` is made from the profile without it."""


def is_fed(engine: Engine) -> bool:
    """Whether triggers are evaluated already: not yet when the sections are made."""
    return "profile_next" in engine.tables()


SECTION = Section("next", "Next", "triggers of the config", ATTRIBUTES, is_fed, write)

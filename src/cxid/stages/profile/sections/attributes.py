"""Who the customer is: what the birth date says; enrichment adds its own columns behind all sections."""

from __future__ import annotations

from cxid import sql
from cxid.engine.base import Engine
from cxid.stages.profile.section import Attribute, Section, has_rows

_UNBORN = "no golden birth date, or one that makes nobody's age (0 to 120)"

ATTRIBUTES = (
    Attribute("age", "BIGINT", "Whole years from the golden birth date to as_of.", _UNBORN),
    Attribute("age_band", "VARCHAR", "under 18, 18-24, 25-34, 35-44, 45-54, 55-64, or 65 and over.", _UNBORN),
)


def write(engine: Engine) -> None:
    """Table `profile_attributes`."""
    engine.run("profile_attributes", sql.load("profile", "profile_attributes"))


def is_fed(engine: Engine) -> bool:
    """Whether any customer has a birth date."""
    return has_rows(engine, "profile_birth")


SECTION = Section("attributes", "Attributes", "a people source with a birth date", ATTRIBUTES, is_fed, write)

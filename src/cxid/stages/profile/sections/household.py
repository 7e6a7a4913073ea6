"""With whom the customer lives."""

from __future__ import annotations

from cxid import sql
from cxid.engine.base import Engine
from cxid.stages.profile.section import Attribute, Section, has_rows

_NONE = "no address is known, and nothing ties the customer to another"

ATTRIBUTES = (
    Attribute(
        "household_id", "VARCHAR", "The household; customers who share it live together, see `household`.", _NONE
    ),
    Attribute("household_size", "BIGINT", "Customers of the company in it, this one included.", _NONE),
)


def write(engine: Engine) -> None:
    """Table `profile_household`."""
    engine.run("profile_household", sql.load("profile", "profile_household"))


def is_fed(engine: Engine) -> bool:
    """Whether any customer has a household."""
    return has_rows(engine, "household")


SECTION = Section("household", "Household", "people with family names and addresses", ATTRIBUTES, is_fed, write)

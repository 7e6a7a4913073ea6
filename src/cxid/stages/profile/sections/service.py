"""What the customer had to ask for, and whether it came in time."""

from __future__ import annotations

from cxid import sql
from cxid.engine.base import Engine
from cxid.stages.profile.section import Attribute, Section, count

_NO_TICKET = "no ticket"

ATTRIBUTES = (
    count(
        "tickets",
        "Tickets in support: a case counts once, however many rows it has; a row without a case is one of its own.",
    ),
    Attribute(
        "open_tickets",
        "BIGINT",
        "Tickets not resolved by as_of, or opened again since.",
        "no ticket, or none whose source ever says that one is resolved (a type such as resolved, or `end`)",
    ),
    Attribute("last_ticket_at", "TIMESTAMP", "When the latest ticket was opened, UTC.", _NO_TICKET),
    Attribute(
        "resolution_hours",
        "DECIMAL(12,2)",
        "Mean of the hours from the first row of a ticket to its resolution.",
        "no ticket of which both are known",
    ),
    count("contacts", "Times that the customer was in touch about a ticket; rows of staff and resolutions are none."),
    count("channel_switches", "Other channels than the first that the customer had to use, summed over the tickets."),
    count("reopened_tickets", "Tickets that were opened again."),
    Attribute(
        "effort",
        "DECIMAL(9,2)",
        "Contacts, channel switches and reopenings per ticket: 1 is one contact and done.",
        _NO_TICKET,
    ),
    count("deliveries", "Deliveries that arrived by as_of, or were promised before it and did not."),
    Attribute(
        "late_deliveries",
        "BIGINT",
        "Deliveries that came after `due`, have not come though due, or are called late by their type.",
        "no delivery, or none whose source says what was promised or calls any late",
    ),
    Attribute(
        "last_late_delivery_at",
        "TIMESTAMP",
        "When the latest late delivery arrived or was due, UTC.",
        "no late delivery",
    ),
)


def write(engine: Engine) -> None:
    """Table `profile_service`."""
    for relation in ("support_row", "case", "ticket", "parcel", "service"):
        engine.run(f"profile_{relation}", sql.load("profile", f"profile_{relation}"))
    engine.drop("profile_support_row", "profile_case", "profile_ticket", "profile_parcel")


def is_fed(engine: Engine) -> bool:
    """Whether any happening is in a support channel, is a delivery or was promised."""
    return bool(engine.scalar(sql.load("profile", "profile_service_fed")))


SECTION = Section(
    "service",
    "Service",
    "events in a support channel; deliveries, by their type or by `due`",
    ATTRIBUTES,
    is_fed,
    write,
)

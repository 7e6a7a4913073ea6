"""Who the customer is to the company: sources, identifiers, how sure."""

from __future__ import annotations

import pyarrow as pa

from cxid import sql
from cxid.config.identifiers import identifier_kind
from cxid.engine.base import Engine
from cxid.stages.profile.section import Attribute, Section, count

_SEEN = "no record and no event carries a time up to as_of"

ATTRIBUTES = (
    Attribute("is_known", "BOOLEAN", "A record or an identifier names a person, not only a device."),
    count("record_count", "Records of people sources that are this customer."),
    count("source_count", "Sources that know the customer, events included."),
    Attribute(
        "sources", "VARCHAR", "Names of the sources that know the customer, sorted, joined by comma.", nothing="''"
    ),
    count("identifiers", "Identifiers stitched to the customer."),
    count("identifiers_email", "Identifiers that are e-mail addresses."),
    count("identifiers_phone", "Identifiers that are phone numbers."),
    count("identifiers_device", "Identifiers that are cookies, devices or sessions."),
    count("identifiers_handle", "Identifiers that are names in social networks."),
    count("identifiers_hash", "Identifiers that are hashes of e-mail addresses or phone numbers."),
    count("identifiers_number", "Identifiers that are card, customer or account numbers, or anything else."),
    Attribute("first_seen", "TIMESTAMP", "Earliest record change or event, UTC.", _SEEN),
    Attribute("last_seen", "TIMESTAMP", "Latest record change or event up to as_of, UTC.", _SEEN),
    Attribute("confidence", "DECIMAL(9,6)", "Probability of the weakest link that holds the customer together."),
    Attribute("completeness", "DECIMAL(9,6)", "Share of the people fields that have a golden value."),
    Attribute("needs_review", "BOOLEAN", "A link in the review band holds it, or a guard was at work."),
)


def write(engine: Engine) -> None:
    """Table `profile_identity`."""
    engine.map_values("profile_identifier_kind", "SELECT DISTINCT id_type FROM identifier_customer", _kinds)
    engine.run("profile_seen", sql.load("profile", "profile_seen"))
    engine.run("profile_identity", sql.load("profile", "profile_identity"))
    engine.drop("profile_identifier_kind", "profile_seen")


def _kinds(batch: pa.Table) -> pa.Table:
    kinds = [identifier_kind(t).value for t in batch.column("id_type").to_pylist()]
    return batch.append_column("kind", pa.array(kinds, pa.string()))


def is_fed(engine: Engine) -> bool:
    """Always: every customer has an identity."""
    return "customer" in engine.tables()


SECTION = Section("identity", "Identity", "every source", ATTRIBUTES, is_fed, write)

"""What the customer agreed to, and what not."""

from __future__ import annotations

from cxid import sql
from cxid.engine.base import Engine, literal, quote
from cxid.stages.profile.section import Attribute, Section, count, has_rows

_LISTED = "as purpose/channel, sorted, joined by comma; the purpose alone where it goes for all other channels"

ATTRIBUTES = (
    Attribute("consent_granted", "VARCHAR", f"What the customer agrees to at as_of, {_LISTED}.", "nothing"),
    Attribute("consent_denied", "VARCHAR", f"What the customer refuses, {_LISTED}.", "nothing"),
    count("consent_conflicts", "Purposes and channels of which the customer's identifiers say different things."),
    Attribute("consent_said_at", "TIMESTAMP", "Time of the latest word that decides anything, UTC.", "none has a time"),
    Attribute("consent_expires_at", "TIMESTAMP", "When the first permission that holds will end, UTC.", "none ends"),
)
"""Behind them stand the columns of `profile_permission`: may_<purpose>_<channel>."""


def write(engine: Engine) -> None:
    """Table `profile_consent`: the attributes, and a BOOLEAN for each row of `profile_permission`."""
    engine.run("profile_consent_text", sql.load("profile", "profile_consent_text"))
    engine.run("profile_consent_answer", sql.load("profile", "profile_consent_answer"))
    wanted = engine.fetch("SELECT column_name FROM profile_permission").column(0).to_pylist()
    cells = "".join(
        f", CASE max(CASE WHEN a.column_name = {literal(c)} THEN CASE a.status WHEN 'granted' THEN 2 WHEN 'denied' "
        f"THEN 1 END END) WHEN 2 THEN TRUE WHEN 1 THEN FALSE END AS {quote(c)}"
        for c in wanted
    )
    engine.run(
        "profile_consent_column",
        f"SELECT a.customer_id{cells} FROM profile_consent_answer AS a GROUP BY a.customer_id",
    )
    listed = "".join(f", c.{quote(name)}" for name in wanted)
    engine.run(
        "profile_consent",
        f"SELECT t.*{listed} FROM profile_consent_text AS t JOIN profile_number AS n ON n.customer_no = t.customer_no "
        "LEFT JOIN profile_consent_column AS c ON c.customer_id = n.customer_id",
    )
    engine.drop("profile_consent_text", "profile_consent_answer", "profile_consent_column")


def is_fed(engine: Engine) -> bool:
    """Whether anybody said anything."""
    return has_rows(engine, "consent_row")


SECTION = Section("consent", "Consent", "consent", ATTRIBUTES, is_fed, write)

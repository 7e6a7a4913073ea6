"""Household ids that last: an id goes with most of its members.

The same rule as for customers: where several ids meet in one household, the one that brings most members stays, then
the smaller; what an id becomes depends on its own members and on nothing elsewhere.
"""

from __future__ import annotations

from cxid import sql
from cxid.engine.base import Engine

_NOTHING = "SELECT CAST(NULL AS VARCHAR) AS customer_id, CAST(NULL AS VARCHAR) AS household_id WHERE 1 = 0"


def write_household_ids(engine: Engine) -> None:
    """Table household_id (root, household_id) of every root of household_member, unique."""
    if "previous_household" not in engine.tables():
        engine.run("previous_household", _NOTHING)
    engine.run("household_heir", sql.load("household", "household_heir"))
    engine.run("household_id", "SELECT root, earlier_id AS household_id FROM household_heir")
    engine.run("household_fresh", sql.load("household", "household_fresh"))
    counter = 0
    while engine.count("household_fresh"):
        text = f"\x1f{counter}" if counter else ""
        engine.run("household_proposal", sql.load("household", "household_proposal"), {"counter": text})
        engine.append("household_id", "SELECT root, household_id FROM household_proposal WHERE NOT is_used")
        engine.run("household_fresh", "SELECT root, customer_id FROM household_proposal WHERE is_used")
        counter += 1
    engine.drop("previous_household")

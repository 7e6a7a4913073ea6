"""Golden values of the run before, for customers of whom nothing has changed since.

The values of a customer rest on its records, as written and as compared, on their order, which they keep, and on what
people pinned; where its records differ in a name, also on how common each is among all. Who has the same records as
then, all unchanged, with one name, and no pin then or now, has the same values; everything else in the tables (when it
was seen, how sure it is) is counted anew for all.
"""

from __future__ import annotations

from cxid import sql
from cxid.engine.base import quote
from cxid.stages.context import StageContext

VALUES, ORIGINS, TOUCHED = "earlier_golden_customer", "earlier_golden_provenance", "golden_touched"
REUSES = {
    VALUES: "golden_customer",
    ORIGINS: "golden_provenance",
    "earlier_record_customer": "record_customer",
}
"""Name here -> table of the run before."""


def write_kept(ctx: StageContext, swayed: str) -> bool:
    """Table golden_kept (customer_id): whose values are taken over; whether there can be any.

    Then golden_touched has the customers of whom the earlier rows do not hold. `swayed` is the query of those whose
    values rest on records of others too.
    """
    engine = ctx.engine
    taking = ctx.reused.issuperset(REUSES)
    if taking:
        engine.run("golden_swayed", swayed)
        engine.run(TOUCHED, sql.load("golden", TOUCHED))
        engine.run("golden_kept", sql.load("golden", "golden_kept"))
        engine.drop("golden_swayed")
        ctx.reporter.log("golden_taken_over", customers=engine.count("golden_kept"))
    else:
        engine.run("golden_kept", "SELECT CAST(NULL AS VARCHAR) AS customer_id WHERE 1 = 0")
    return taking


def value_taken(slot: str) -> str:
    """SQL for a slot's earlier value, NULL for customers whose values are chosen; over `JOINED`."""
    return f"e.{quote(slot)}"


JOINED = f" LEFT JOIN {VALUES} AS e ON k.is_kept AND e.customer_id = c.customer_id"
"""Behind `customer AS c JOIN golden_number AS k`."""

ROWS = f"""
SELECT e.customer_id, e.field, e.value, e.source, e.record_key, e.rule, e.updated_at, e.losing_values, e.conflict
FROM {ORIGINS} AS e LEFT JOIN {TOUCHED} AS t ON t.customer_id = e.customer_id
WHERE t.customer_id IS NULL AND e.customer_id >= ? AND e.customer_id <= ?
"""
"""Rows of golden_provenance that still hold, of customers from one id to another."""

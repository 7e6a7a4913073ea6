"""One golden value for each field of each customer, with its origin and what lost against it.

Survivorship is explained in docs/explanation/golden.md. Values stay as their source wrote them; a value that says
nothing (a placeholder, 'n/a', a configured ignore value) is never golden. What people pinned stands above every rule.
"""

from __future__ import annotations

from collections.abc import Mapping

from cxid import sql
from cxid.config.model import Golden
from cxid.engine.base import Engine
from cxid.model import Field, SurvivorshipRule
from cxid.stages.context import StageContext
from cxid.stages.golden.assembly import write_golden_customer, write_golden_provenance, write_wide
from cxid.stages.golden.choice import Unit, units, write_choices
from cxid.stages.golden.pins import read_pins
from cxid.stages.golden.settled import open_part, write_leads
from cxid.stages.golden.slips import mark_slips, swayed
from cxid.stages.golden.taken import REUSES, TOUCHED, write_kept
from cxid.stages.golden.values import Values

__all__ = ["READS", "REUSES", "WRITES", "run"]

READS: tuple[str, ...] = (
    "record",
    "record_norm",
    "record_name",
    "record_customer",
    "customer",
    "event",
    "event_customer",
    "decision",
)
WRITES: tuple[str, ...] = ("golden_customer", "golden_provenance")

_NO_PROVENANCE = """
SELECT CAST(NULL AS BIGINT) AS customer_no, CAST(NULL AS VARCHAR) AS field, CAST(NULL AS VARCHAR) AS value,
       CAST(NULL AS BIGINT) AS record_no, CAST(NULL AS VARCHAR) AS rule, CAST(NULL AS VARCHAR) AS losing_values,
       CAST(NULL AS BOOLEAN) AS conflict
WHERE 1 = 0
"""


def run(ctx: StageContext, *, golden: Golden, fields: tuple[Field, ...], trust: Mapping[str, int]) -> None:
    """Write `golden_customer` and `golden_provenance`; `trust` gives the weight of each people source."""
    engine = ctx.engine
    values, chosen = Values.of(engine, fields), units(golden, fields)
    ctx.reporter.step("ranking records")
    taking = write_kept(ctx, swayed(chosen, values))
    _write_ranks(engine, fields, trust, values, chosen)
    engine.run("golden_provenance_no", _NO_PROVENANCE)
    pins = read_pins(ctx, fields)
    leads = write_leads(engine, chosen, values)
    ctx.reporter.step("choosing golden values")
    made: list[str] = []
    for done, unit in enumerate(chosen):
        ctx.reporter.progress(done, len(chosen), "fields")
        open_part(engine, leads, done)
        mark_slips(engine, unit, values)
        made += write_choices(engine, unit, values, pins)
    ctx.reporter.step("writing golden records")
    engine.run("golden_seen", sql.load("golden", "golden_seen"))
    engine.drop("golden_part", "golden_trust", "golden_record", "golden_owner", "golden_kept")
    write_wide(engine, leads, values, taking=taking)
    engine.drop(*made, *(t for lead in leads for t in (lead.table, lead.open_table)))
    engine.drop("golden_seen", "golden_number", "golden_pin")
    write_golden_provenance(engine, leads, taking=taking)
    write_golden_customer(engine, fields)
    engine.drop("golden_wide", TOUCHED)


def _write_ranks(
    engine: Engine, fields: tuple[Field, ...], trust: Mapping[str, int], values: Values, chosen: tuple[Unit, ...]
) -> None:
    """Table golden_record: the records of customers whose values are not taken over, with customer and ranks.

    How many people fields have a value too, where that counts.
    """
    rows = sorted(trust.items()) or [("", 0)]
    places = ", ".join("(CAST(? AS VARCHAR), CAST(? AS INTEGER))" for _ in rows)
    engine.run(
        "golden_trust",
        f"SELECT * FROM (VALUES {places}) AS v (source, trust)",
        [value for row in rows for value in row],
    )
    engine.run("golden_number", sql.load("golden", "golden_number"))
    engine.run("golden_owner", sql.load("golden", "golden_owner"))
    engine.run("golden_record", sql.load("golden", "golden_rank"))
    if all(unit.rule is not SurvivorshipRule.MOST_COMPLETE for unit in chosen):
        return
    slots = [slot for f in fields for slot in f.slots]
    filled = " + ".join(f"CASE WHEN {values.written(s)} IS NULL THEN 0 ELSE 1 END" for s in slots) or "0"
    engine.run(
        "golden_filled",
        f"SELECT g.*, {filled} AS record_filled FROM golden_record AS g {values.tables('g')}",
    )
    engine.rename("golden_filled", "golden_record")

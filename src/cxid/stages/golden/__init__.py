"""One golden value for each field of each customer, with its origin and what lost against it.

Survivorship is explained in docs/explanation/golden.md. Values stay as their source wrote them; a value that says
nothing (a placeholder, 'n/a', a configured ignore value) is never golden. What people pinned stands above every rule.
"""

from __future__ import annotations

from collections.abc import Mapping

from cxid import sql
from cxid.config.model import Golden
from cxid.engine.base import Engine
from cxid.model import Field
from cxid.stages.context import StageContext
from cxid.stages.golden.assembly import write_golden_customer, write_golden_provenance
from cxid.stages.golden.choice import units, write_choices
from cxid.stages.golden.pins import read_pins
from cxid.stages.golden.values import Values

__all__ = ["READS", "WRITES", "run"]

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
    values = Values.of(engine, fields)
    _write_ranks(engine, fields, trust, values)
    engine.run("golden_provenance_no", _NO_PROVENANCE)
    pins = read_pins(ctx, fields)
    chosen = units(golden, fields)
    made: list[str] = []
    for done, unit in enumerate(chosen):
        ctx.reporter.progress(done, len(chosen), "fields")
        made += write_choices(engine, unit, values, pins)
    engine.run("golden_seen", sql.load("golden", "golden_seen"))
    write_golden_customer(engine, fields)
    engine.drop(*made, "golden_seen", "golden_trust", "golden_record")  # sorting the provenance needs the room
    write_golden_provenance(engine)
    ctx.reporter.progress(len(chosen), len(chosen), "fields")
    engine.drop("golden_provenance_no", "golden_number", "golden_pin")


def _write_ranks(engine: Engine, fields: tuple[Field, ...], trust: Mapping[str, int], values: Values) -> None:
    """Table golden_record: each record's customer, its ranks, and how many of its people fields have a value."""
    rows = sorted(trust.items()) or [("", 0)]
    places = ", ".join("(CAST(? AS VARCHAR), CAST(? AS INTEGER))" for _ in rows)
    engine.run(
        "golden_trust",
        f"SELECT * FROM (VALUES {places}) AS v (source, trust)",
        [value for row in rows for value in row],
    )
    engine.run("golden_number", sql.load("golden", "golden_number"))
    engine.run("golden_rank", sql.load("golden", "golden_rank"))
    slots = [slot for f in fields for slot in f.slots]
    filled = " + ".join(f"CASE WHEN {values.written(s)} IS NULL THEN 0 ELSE 1 END" for s in slots) or "0"
    engine.run(
        "golden_record",
        f"SELECT g.record_no, g.customer_no, g.trusted_rank, g.latest_rank, {filled} AS record_filled "
        f"FROM golden_rank AS g {values.tables('g')}",
    )
    engine.drop("golden_rank")

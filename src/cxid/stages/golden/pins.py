"""Pinned values: what people decided a customer's field is, above every rule.

A pin names a record and moves with it: it holds for the customer that the record belongs to. It fills one slot. The
values of the other slots of its field give way and close up; a group of fields stays as it was but for that one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from cxid.engine.base import Engine, literal
from cxid.model import Field
from cxid.stages.context import StageContext

PINNED = "pinned"  # the rule of a pinned value in the provenance
_LINES_TOLD = 10

_PINS = """
SELECT d.line, d.record_no_a AS record_no, n.customer_no, d.field, d.value, d.decided_at FROM decision AS d
JOIN record_customer AS c ON c.record_no = d.record_no_a
JOIN golden_number AS n ON n.customer_id = c.customer_id
WHERE d.action = 'pin' ORDER BY d.line
"""
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Pins:
    """The pins of a build, in table golden_pin (customer_no, slot, value, record_no); `slots` are those with any."""

    slots: frozenset[str]

    def put_first(self, engine: Engine, slots: tuple[str, ...]) -> None:
        """golden_choice with the pinned values of these slots as winners; what they displace loses against them."""
        if not self.slots & set(slots):
            return
        # A text that is pinned takes its comparable form from a record that has the same; others are compared in small
        # letters. Its number is above all others of its customer, which are ranked as they were.
        engine.run("golden_pinned", f"""
        WITH pins AS (SELECT customer_no, {_number(slots)} AS slot_no, value, record_no FROM golden_pin
                      WHERE slot IN ({_list(slots)})),
        norms AS (SELECT customer_no, raw, min(norm) AS norm FROM golden_choice GROUP BY customer_no, raw)
        SELECT c.customer_no, c.slot_no, c.raw, c.norm, c.ord, c.record_no, c.wins AND p.value IS NULL AS wins,
               c.polished, FALSE AS pinned
        FROM golden_choice AS c LEFT JOIN pins AS p ON p.customer_no = c.customer_no AND p.slot_no = c.slot_no
        WHERE p.value IS NULL OR p.value <> c.raw
        UNION ALL
        SELECT p.customer_no, p.slot_no, p.value AS raw, coalesce(n.norm, lower(p.value)) AS norm,
               CAST(0 AS BIGINT) AS ord, p.record_no, TRUE AS wins, FALSE AS polished, TRUE AS pinned
        FROM pins AS p LEFT JOIN norms AS n ON n.customer_no = p.customer_no AND n.raw = p.value
        """)  # fmt: skip
        engine.rename("golden_pinned", "golden_choice")

    def make_room(self, engine: Engine, slots: tuple[str, ...]) -> None:
        """golden_place with the values of customers with pins moved to the slots that pins leave free.

        A value that is pinned itself stands where its pin is. Needs nothing for a field of one slot.
        """
        if len(slots) == 1 or not self.slots & set(slots):
            return
        numbers = ", ".join(f"(CAST({n} AS BIGINT))" for n in range(1, len(slots) + 1))
        engine.run("golden_roomy", f"""
        WITH pins AS (SELECT customer_no, CAST({_number(slots)} AS BIGINT) AS slot_no, value FROM golden_pin
                      WHERE slot IN ({_list(slots)})),
        touched AS (SELECT DISTINCT customer_no FROM pins),
        pinned AS (SELECT p.customer_no, v.norm, min(p.slot_no) AS slot_no FROM pins AS p
                   JOIN golden_values AS v ON v.customer_no = p.customer_no
                    AND (v.raw = p.value OR v.norm = lower(p.value))
                   GROUP BY p.customer_no, v.norm),
        free AS (SELECT t.customer_no, n.slot_no,
                        row_number() OVER (PARTITION BY t.customer_no ORDER BY n.slot_no) AS nth
                 FROM touched AS t CROSS JOIN (VALUES {numbers}) AS n (slot_no)
                 LEFT JOIN pins AS p ON p.customer_no = t.customer_no AND p.slot_no = n.slot_no
                 WHERE p.slot_no IS NULL),
        rest AS (SELECT g.customer_no, g.norm, g.ruled, g.best,
                        row_number() OVER (PARTITION BY g.customer_no ORDER BY g.place) AS nth
                 FROM golden_place AS g JOIN touched AS t ON t.customer_no = g.customer_no
                 LEFT JOIN pinned AS p ON p.customer_no = g.customer_no AND p.norm = g.norm WHERE p.norm IS NULL)
        SELECT g.customer_no, g.norm, g.ruled, g.best, g.place FROM golden_place AS g
        LEFT JOIN touched AS t ON t.customer_no = g.customer_no WHERE t.customer_no IS NULL
        UNION ALL
        SELECT g.customer_no, g.norm, g.ruled, g.best, p.slot_no AS place FROM golden_place AS g
        JOIN pinned AS p ON p.customer_no = g.customer_no AND p.norm = g.norm
        UNION ALL
        SELECT r.customer_no, r.norm, r.ruled, r.best, coalesce(f.slot_no, {len(slots) + 1}) AS place FROM rest AS r
        LEFT JOIN free AS f ON f.customer_no = r.customer_no AND f.nth = r.nth
        """)  # fmt: skip
        engine.rename("golden_roomy", "golden_place")


def _number(slots: Sequence[str]) -> str:
    return "CASE slot " + " ".join(f"WHEN {literal(s)} THEN {n}" for n, s in enumerate(slots, 1)) + " END"


def _list(slots: Sequence[str]) -> str:
    return ", ".join(literal(s) for s in slots)


def read_pins(ctx: StageContext, fields: tuple[Field, ...]) -> Pins:
    """The pins of this build; a warning with the lines of those that lose against another of their customer."""
    engine = ctx.engine
    slots = {slot for f in fields for slot in f.slots}
    asked = engine.fetch(_PINS).to_pylist() if "decision" in engine.tables() else []
    held: dict[tuple[int, str], dict[str, Any]] = {}
    for pin in sorted((p for p in asked if p["field"] in slots), key=_age):
        held[pin["customer_no"], pin["field"]] = pin
    lost = [p["line"] for p in asked if p["field"] in slots and _differs(p, held[p["customer_no"], p["field"]])]
    if lost:
        told = ", ".join(map(str, lost[:_LINES_TOLD])) + (", ..." if len(lost) > _LINES_TOLD else "")
        ctx.reporter.warn(
            "pin_overruled",
            f"decisions.csv: {len(lost)} {'pin gives' if len(lost) == 1 else 'pins give'} way to a later one of the "
            f"same customer: line {told}",
        )
    _load(engine, [held[place] for place in sorted(held)])
    return Pins(frozenset(slot for _, slot in held))


def _age(pin: Mapping[str, Any]) -> tuple[datetime, int]:
    """When a pin was set, then its line: the last one counts. A time without a zone is one of UTC."""
    if not pin["decided_at"]:
        return _NEVER, pin["line"]
    moment = datetime.fromisoformat(pin["decided_at"])
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)), pin["line"]


def _differs(pin: Mapping[str, Any], winner: Mapping[str, Any]) -> bool:
    return bool(pin["value"] != winner["value"])


def _load(engine: Engine, pins: Sequence[Mapping[str, Any]]) -> None:
    engine.load(
        "golden_pin",
        pa.table(
            {
                "customer_no": pa.array([p["customer_no"] for p in pins], pa.int64()),
                "slot": pa.array([p["field"] for p in pins], pa.string()),
                "value": pa.array([p["value"] for p in pins], pa.string()),
                "record_no": pa.array([p["record_no"] for p in pins], pa.int64()),
            }
        ),
    )

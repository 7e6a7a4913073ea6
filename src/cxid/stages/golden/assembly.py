"""From chosen values to the published tables."""

from __future__ import annotations

from decimal import Decimal

from cxid.engine.base import Engine, quote
from cxid.model import Field

_PROVENANCE = """
SELECT k.customer_id, p.field, p.value, r.source, r.record_key, p.rule, r.updated_at, p.losing_values, p.conflict
FROM golden_provenance_no AS p
JOIN golden_number AS k ON k.customer_no = p.customer_no
JOIN record AS r ON r.record_no = p.record_no
ORDER BY p.customer_no, p.field
"""


def write_golden_provenance(engine: Engine) -> None:
    """Table `golden_provenance`, a row for each golden value, in their order: numbers sort faster than ids."""
    engine.run("golden_provenance", _PROVENANCE)


def write_golden_customer(engine: Engine, fields: tuple[Field, ...]) -> None:
    """Table `golden_customer`, a row for each customer; without records all fields are NULL."""
    slots = [slot for f in fields for slot in f.slots]
    joins = " ".join(
        f"LEFT JOIN {quote(f'golden_value_{s}')} AS {quote(f'v_{s}')} ON {quote(f'v_{s}')}.customer_no = k.customer_no"
        for s in slots
    )
    values = "".join(f"{quote(f'v_{s}')}.raw AS {quote(s)}, " for s in slots)
    engine.run(
        "golden_customer",
        f"SELECT c.customer_id, {values}c.is_known, c.record_count, coalesce(s.source_count, 0) AS source_count, "
        "coalesce(s.sources, '') AS sources, s.first_seen, s.last_seen, "
        "CAST(CAST(c.weakest AS DECIMAL(9, 0)) * CAST('0.000001' AS DECIMAL(9, 6)) AS DECIMAL(9, 6)) AS confidence, "
        f"{_completeness(fields)} AS completeness, c.needs_review "
        "FROM customer AS c JOIN golden_number AS k ON k.customer_id = c.customer_id "
        f"LEFT JOIN golden_seen AS s ON s.customer_no = k.customer_no {joins} ORDER BY c.customer_id",
    )


def _completeness(fields: tuple[Field, ...]) -> str:
    """SQL for the share of fields that have a value, from a list of all shares there can be: exact decimals."""
    if not fields:
        return "CAST(0 AS DECIMAL(9, 6))"
    have = " + ".join(
        "CASE WHEN coalesce(" + ", ".join(f"{quote(f'v_{s}')}.raw" for s in f.slots) + ") IS NULL THEN 0 ELSE 1 END"
        for f in fields
    )
    shares = " ".join(
        f"WHEN {n} THEN CAST('{Decimal(n) / len(fields):.6f}' AS DECIMAL(9, 6))" for n in range(len(fields) + 1)
    )
    return f"CASE {have} {shares} END"

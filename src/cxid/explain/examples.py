"""Pairs that show how a run judged: a typical one, and those nearest to the cut on either side."""

from __future__ import annotations

from cxid.explain.model import Record
from cxid.explain.run import Run

TYPICAL, JUST_JOINED, JUST_APART, REFUSED = "typical", "just_joined", "just_apart", "refused"
_SCORED = """
WITH scored AS (
    SELECT p.record_no_a, p.record_no_b, p.weight, CASE WHEN a.customer_id = b.customer_id THEN 1 ELSE 0 END AS joined
    FROM run_link_pair AS p
    JOIN run_record_customer AS a ON a.record_no = p.record_no_a
    JOIN run_record_customer AS b ON b.record_no = p.record_no_b
    WHERE p.rules <> 0
)
"""
_CHOSEN = {
    TYPICAL: """, placed AS (
        SELECT *, row_number() OVER (ORDER BY weight DESC, record_no_a, record_no_b) AS place, count(*) OVER () AS n
        FROM scored WHERE joined = 1
    ) SELECT record_no_a, record_no_b FROM placed WHERE place = CAST(floor((n + 1) / 2) AS BIGINT)""",
    JUST_JOINED: "SELECT record_no_a, record_no_b FROM scored WHERE joined = 1 AND weight >= 0 "
    "ORDER BY weight, record_no_a, record_no_b LIMIT 1",
    JUST_APART: "SELECT record_no_a, record_no_b FROM scored WHERE joined = 0 AND weight < 0 "
    "ORDER BY weight DESC, record_no_a, record_no_b LIMIT 1",
    REFUSED: "SELECT record_no_a, record_no_b FROM scored WHERE joined = 0 AND weight >= 0 "
    "ORDER BY weight DESC, record_no_a, record_no_b LIMIT 1",
}


def example_pairs(run: Run) -> list[tuple[str, Record, Record]]:
    """(what it shows, one record, the other), at most one of each kind; the same run gives the same pairs."""
    chosen = []
    for shows, query in _CHOSEN.items():
        found = run.engine.fetch(_SCORED + query).to_pylist()
        chosen += [(shows, row["record_no_a"], row["record_no_b"]) for row in found]
    records = run.records({n for _, a, b in chosen for n in (a, b)})
    return [(shows, records[a], records[b]) for shows, a, b in chosen]

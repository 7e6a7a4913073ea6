"""Precision, recall and F1: of pairs, and of records (B-cubed), from counts.

B-cubed: Bagga and Baldwin, Algorithms for scoring coreference chains, 1998. For each record, precision is the
share of its customer's records that are of its entity, recall the share of its entity's records that lie in its
customer; both are averaged over records.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum

from cxid.engine.base import Engine


def share(part: float, whole: float) -> float | None:
    """part / whole, None when there is nothing to divide by."""
    return part / whole if whole else None


def f_one(precision: float | None, recall: float | None) -> float | None:
    """Harmonic mean of precision and recall; 0 when both are, None when one is unknown."""
    if precision is None or recall is None:
        return None
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


@dataclass(frozen=True)
class PairCounts:
    """Pairs of records: found and true, found and false, true and not found."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float | None:
        return share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float | None:
        return share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float | None:
        return f_one(self.precision, self.recall)


@dataclass(frozen=True)
class Measures:
    """Of one clustering against one truth. Shares are None where nothing was found, or nothing was to be found."""

    records: int
    entities: int
    customers: int
    largest: int
    pairs: PairCounts
    bcubed_precision: float | None
    bcubed_recall: float | None

    @property
    def bcubed_f1(self) -> float | None:
        return f_one(self.bcubed_precision, self.bcubed_recall)


_CELLS = (
    "WITH cells AS (SELECT entity, customer_id, count(*) AS n FROM eval_record GROUP BY entity, customer_id), "
    "sized AS (SELECT n, CAST(sum(n) OVER (PARTITION BY customer_id) AS BIGINT) AS in_customer, "
    "CAST(sum(n) OVER (PARTITION BY entity) AS BIGINT) AS of_entity FROM cells) "
    "SELECT n, in_customer, of_entity, count(*) AS cells FROM sized "
    "GROUP BY n, in_customer, of_entity ORDER BY n, in_customer, of_entity"
)


def _twice(engine: Engine, column: str) -> tuple[int, int, int]:
    """(groups, pairs inside them, records of the largest) by one column of eval_record."""
    row = engine.fetch(
        f"SELECT count(*) AS g, CAST(coalesce(sum(n * (n - 1)), 0) AS BIGINT) AS twice, coalesce(max(n), 0) AS m "
        f"FROM (SELECT count(*) AS n FROM eval_record GROUP BY {column}) AS counted"
    ).to_pylist()[0]
    return int(row["g"]), int(row["twice"]) // 2, int(row["m"])


def measure(engine: Engine) -> Measures:
    """The measures of table eval_record (entity, customer_id); its contingency table is all that is counted."""
    rows = engine.fetch(_CELLS).to_pylist()
    records = sum(r["n"] * r["cells"] for r in rows)
    right = sum(r["n"] * (r["n"] - 1) // 2 * r["cells"] for r in rows)
    customers, found, largest = _twice(engine, "customer_id")
    entities, true, _ = _twice(engine, "entity")
    shares = [
        fsum(r["n"] * r["n"] * r["cells"] / r[size] for r in rows) / records if records else None
        for size in ("in_customer", "of_entity")
    ]
    return Measures(
        records, entities, customers, largest, PairCounts(right, found - right, true - right), shares[0], shares[1]
    )

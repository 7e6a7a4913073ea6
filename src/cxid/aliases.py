"""Ids of the past: what a customer id that was published once is now."""

from __future__ import annotations

from dataclasses import dataclass

from cxid.engine.base import Engine


@dataclass(frozen=True)
class Alias:
    """An id in use no more; `customer_id` is the customer that holds most of it, None when nothing of it is left."""

    old_customer_id: str
    customer_id: str | None
    since_run: str

    @property
    def words(self) -> str:
        """One sentence for a person."""
        if self.customer_id is None:
            return f"{self.old_customer_id} was retired in run {self.since_run}: nothing of it is left in the data"
        return f"{self.old_customer_id} is now {self.customer_id} since run {self.since_run}"


def find_alias(engine: Engine, customer_id: str) -> Alias | None:
    """What became of an id, from the tables of a published run; None when it is in use, or never was."""
    if not engine.scalar("SELECT count(*) FROM information_schema.tables WHERE table_name = 'customer_alias'"):
        return None  # a run of an older version
    rows = engine.fetch("SELECT * FROM customer_alias WHERE old_customer_id = ?", [customer_id]).to_pylist()
    return Alias(**rows[0]) if rows else None

"""Households: which customers live together, by name, address, shared contacts and the household class of the linkage.

A household joins customers, never their records: nobody becomes one person here. What speaks for one, and what is
not enough, stands in docs/decisions/0610-households.md.
"""

from __future__ import annotations

from cxid.stages.household.stage import EARLIER, READS, WRITES, run

__all__ = ["EARLIER", "READS", "WRITES", "run"]

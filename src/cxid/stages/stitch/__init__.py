"""Pairs, identifiers and events to customers: cluster, guard, stitch, name."""

from __future__ import annotations

from cxid.stages.stitch.lineage.past import EARLIER
from cxid.stages.stitch.stage import READS, WRITES, run

__all__ = ["EARLIER", "READS", "WRITES", "run"]

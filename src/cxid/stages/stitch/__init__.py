"""Pairs, identifiers and events to customers: cluster, guard, stitch, name."""

from __future__ import annotations

from cxid.stages.stitch.stage import READS, WRITES, run

__all__ = ["READS", "WRITES", "run"]

"""Ids that last: which customer of this run is which of the run before, and what became of the others."""

from __future__ import annotations

from cxid.stages.stitch.lineage.history import write_history
from cxid.stages.stitch.lineage.ids import assign_ids, write_customer_ids
from cxid.stages.stitch.lineage.past import open_past

__all__ = ["assign_ids", "open_past", "write_customer_ids", "write_history"]

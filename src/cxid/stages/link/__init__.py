"""Records to scored pairs: block, compare, estimate, score."""

from __future__ import annotations

from cxid.stages.link.kept import EARLIER
from cxid.stages.link.stage import READS, WRITES, run
from cxid.stages.link.taken import REUSES

__all__ = ["EARLIER", "READS", "REUSES", "WRITES", "run"]

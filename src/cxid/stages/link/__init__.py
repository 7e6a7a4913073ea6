"""Records to scored pairs: block, compare, estimate, score."""

from __future__ import annotations

from cxid.stages.link.kept import EARLIER
from cxid.stages.link.stage import READS, WRITES, run

__all__ = ["EARLIER", "READS", "WRITES", "run"]

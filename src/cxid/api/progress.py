"""Progress of long work for people who wait at a notebook or a plain stream."""

from __future__ import annotations

import sys
from typing import TextIO

from cxid.runs.observer import Unobserved


class StageLines(Unobserved):
    """An observer that writes a line for each finished stage and each warning: `project.build(observer=StageLines())`.

    `out` is standard output when left out, which a notebook shows below the cell.
    """

    def __init__(self, out: TextIO | None = None) -> None:
        self._out, self._place = out, ""

    def stage_started(self, stage: str, position: int, total: int) -> None:
        self._place = f"[{position}/{total}] "

    def stage_finished(
        self, stage: str, seconds: float, rows: dict[str, int], *, resumed: bool, peak_mb: int = 0
    ) -> None:
        self._write(f"{self._place}{stage}: {'finished before' if resumed else f'{seconds:.1f} s'}")

    def warned(self, stage: str, code: str, message: str) -> None:
        self._write(f"warning {stage}/{code}: {message}")

    def _write(self, line: str) -> None:
        out = self._out or sys.stdout
        out.write(line + "\n")
        out.flush()

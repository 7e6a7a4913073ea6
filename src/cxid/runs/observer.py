"""What a build tells the one who started it while it runs."""

from __future__ import annotations

from typing import Protocol


class Observer(Protocol):
    """Told of everything that a person waiting would want to see. Never given a value from the data."""

    def stage_started(self, stage: str, position: int, total: int) -> None:
        """Stage `position` of `total` (from 1) begins."""

    def stage_progress(self, stage: str, done: float, total: float, what: str) -> None:
        """`done` of `total` units of `what` are finished."""

    def stage_finished(self, stage: str, seconds: float, rows: dict[str, int], *, resumed: bool) -> None:
        """The stage wrote these tables; `resumed` when an unfinished run or a plan had written them already."""

    def warned(self, stage: str, code: str, message: str) -> None:
        """Something that the user should know and that does not stop the build."""


class Unobserved:
    """Nobody is waiting."""

    def stage_started(self, stage: str, position: int, total: int) -> None: ...

    def stage_progress(self, stage: str, done: float, total: float, what: str) -> None: ...

    def stage_finished(self, stage: str, seconds: float, rows: dict[str, int], *, resumed: bool) -> None: ...

    def warned(self, stage: str, code: str, message: str) -> None: ...

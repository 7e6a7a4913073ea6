"""What long work tells the one who started it while it runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class RunStart:
    """What is known before the first stage. Seconds are those that the run before took, scaled to today's bytes.

    `steps`: stage -> step -> seconds; {} where no run of the same kind is known. `seconds` are those of the whole,
    `rest` those after the last stage named. `spill` is the folder for what memory does not hold.
    """

    spill: Path | None = None
    before: str = ""  # id of the run whose seconds they are
    steps: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    rest: float = 0.0

    @property
    def seconds(self) -> float:
        return sum(sum(steps.values()) for steps in self.steps.values()) + self.rest


class Observer(Protocol):
    """Told of everything that a person waiting would want to see. Never given a value from the data.

    A stage is made of steps, in the plain words that follow its name: `link`, "comparing pairs". Work that is no stage
    of a build has '' for its stage.
    """

    def run_started(self, run: RunStart) -> None:
        """A build or plan begins."""

    def stage_started(self, stage: str, position: int, total: int) -> None:
        """Stage `position` of `total` (from 1) begins."""

    def steps_planned(self, stage: str, steps: Sequence[str]) -> None:
        """The steps that are still to come: a stage says so where it leaves out some of those that it usually takes."""

    def step_started(self, stage: str, step: str) -> None:
        """The step before is finished, this one begins."""

    def stage_progress(
        self, stage: str, done: float, total: float | None, what: str, part: float | None = None
    ) -> None:
        """`done` of `total` units of `what` are finished in this step; None where nobody knows how many there are.

        Where some units cost more than others, `part` is how much of the step's work they are, 0 to 1.
        """

    def stage_finished(
        self, stage: str, seconds: float, rows: dict[str, int], *, resumed: bool, peak_mb: int = 0
    ) -> None:
        """The stage wrote these tables; `resumed` when an unfinished run or a plan had written them already."""

    def warned(self, stage: str, code: str, message: str) -> None:
        """Something that the user should know and that does not stop the build."""


class Unobserved:
    """Nobody is waiting."""

    def run_started(self, run: RunStart) -> None: ...

    def stage_started(self, stage: str, position: int, total: int) -> None: ...

    def steps_planned(self, stage: str, steps: Sequence[str]) -> None: ...

    def step_started(self, stage: str, step: str) -> None: ...

    def stage_progress(
        self, stage: str, done: float, total: float | None, what: str, part: float | None = None
    ) -> None: ...

    def stage_finished(
        self, stage: str, seconds: float, rows: dict[str, int], *, resumed: bool, peak_mb: int = 0
    ) -> None: ...

    def warned(self, stage: str, code: str, message: str) -> None: ...

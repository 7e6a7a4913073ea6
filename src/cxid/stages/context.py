"""What a stage is given beside its own part of the config."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from cxid.engine.base import Engine


class Reporter(Protocol):
    """Where a stage says how far it is and what it noticed. Never given a value from the data."""

    def plan(self, *steps: str) -> None:
        """The steps still to come, where some of those that the stage usually takes are left out."""

    def step(self, name: str) -> None:
        """A step begins, in words that can follow the stage's name; `cxid.runs.usual` knows what it usually takes."""

    def progress(self, done: float, total: float, what: str, part: float | None = None) -> None:
        """`done` of `total` units of `what` are finished in this step.

        Where some units cost more than others, `part` is how much of the step's work they are, 0 to 1.
        """

    def warn(self, code: str, message: str) -> None:
        """Something that the user should know and that does not stop the build."""

    def log(self, event: str, **figures: str | int | float | bool) -> None:
        """A fact for log.jsonl and run_results.json."""


class Silent:
    """A reporter that keeps warnings and facts and prints nothing; for tests and library callers."""

    def __init__(self) -> None:
        self.warnings: list[tuple[str, str]] = []
        self.facts: list[tuple[str, dict[str, str | int | float | bool]]] = []

    def plan(self, *steps: str) -> None:
        """Nothing to show."""

    def step(self, name: str) -> None:
        """Nothing to show."""

    def progress(self, done: float, total: float, what: str, part: float | None = None) -> None:
        """Nothing to show."""

    def warn(self, code: str, message: str) -> None:
        self.warnings.append((code, message))

    def log(self, event: str, **figures: str | int | float | bool) -> None:
        self.facts.append((event, figures))


@dataclass(frozen=True)
class StageContext:
    """One run of one stage."""

    engine: Engine
    work_dir: Path  # private to the run, removed after it; modes 0700 / 0600
    run_id: str = "r0001-00000000"
    reporter: Reporter = field(default_factory=Silent)
    reused: frozenset[str] = frozenset()  # what is there of the run before to take rows over from; often nothing

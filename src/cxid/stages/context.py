"""What a stage is given beside its own part of the config."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from cxid.engine.base import Engine


class Reporter(Protocol):
    """Where a stage says how far it is and what it noticed. Never given a value from the data."""

    def progress(self, done: float, total: float, what: str) -> None:
        """`done` of `total` units of `what` are finished."""

    def warn(self, code: str, message: str) -> None:
        """Something that the user should know and that does not stop the build."""

    def log(self, event: str, **figures: str | int | float | bool) -> None:
        """A fact for log.jsonl and run_results.json."""


class Silent:
    """A reporter that keeps warnings and facts and prints nothing; for tests and library callers."""

    def __init__(self) -> None:
        self.warnings: list[tuple[str, str]] = []
        self.facts: list[tuple[str, dict[str, str | int | float | bool]]] = []

    def progress(self, done: float, total: float, what: str) -> None:
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

"""log.jsonl: what happened, one JSON object a line, without personal data; and what a stage tells of itself."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cxid import faults
from cxid.runs.observer import Observer

Figure = str | int | float | bool


def now() -> str:
    """The wall clock in UTC, to the millisecond; for logs and results, never for outputs."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Journal:
    """The log of one run. Lines are appended, so that a resumed run tells its whole story."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write(self, event: str, **figures: Any) -> None:
        """One line, whole: a line is written in one call."""
        faults.hit("log.write")
        line = json.dumps({"at": now(), "event": event, **figures}, ensure_ascii=False, default=str)
        os.write(self._descriptor, line.encode() + b"\n")

    def close(self) -> None:
        os.close(self._descriptor)


class StageReporter:
    """What a stage reports goes to the log, to whoever watches, and into the run's results."""

    def __init__(self, stage: str, journal: Journal, observer: Observer) -> None:
        self._stage, self._journal, self._observer = stage, journal, observer
        self.warnings: list[tuple[str, str]] = []
        self.facts: list[dict[str, Figure]] = []
        self.steps: dict[str, float] = {}  # seconds of each that is finished
        self._step, self._step_began = "", time.perf_counter()

    def plan(self, *steps: str) -> None:
        self._observer.steps_planned(self._stage, steps)

    def step(self, name: str) -> None:
        self.end_step()
        self._step = name
        self._observer.step_started(self._stage, name)

    def end_step(self) -> None:
        """Note what the last step took; before the first it is nobody's."""
        now = time.perf_counter()
        if self._step:
            self.steps[self._step] = round(self.steps.get(self._step, 0.0) + now - self._step_began, 3)
        self._step, self._step_began = "", now

    def progress(self, done: float, total: float | None, what: str, part: float | None = None) -> None:
        self._observer.stage_progress(self._stage, done, total, what, part)

    def warn(self, code: str, message: str) -> None:
        self.warnings.append((code, message))
        self._journal.write("warning", stage=self._stage, code=code, message=message)
        self._observer.warned(self._stage, code, message)

    def log(self, event: str, **figures: Figure) -> None:
        self.facts.append({**figures, "event": event})
        self._journal.write("fact", stage=self._stage, fact=event, figures=figures)

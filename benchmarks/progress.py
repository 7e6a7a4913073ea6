"""How true the times are that a build tells: python benchmarks/progress.py PROJECT [--keep FILE] [--weights]

Builds a project from nothing, keeps each signal of progress with its moment, and plays them back to the estimator: at
every fifth of a second what was told is set beside what the stage really took on. PROJECT is a folder with a cxid.yml,
or a FILE that `--keep` wrote. `--weights` prints what each step took, as `cxid/runs/usual.py` has it.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import copy
from statistics import median
from typing import Any

from labelled import CACHE
from runners import fresh

from cxid import api
from cxid.config.loading import load_config
from cxid.runs.observer import RunStart, Unobserved
from cxid.runs.pace import StagePace
from cxid.runs.usual import usual

_TICK = 0.2
_FROM = 0.1  # of a stage's time: earlier nobody can know
_CLOSE = 1.5  # told and true differ by this factor at most

Signal = tuple[float, str, list[Any]]


class Recorder(Unobserved):
    """Keeps (seconds, signal, what it says) of a build."""

    def __init__(self) -> None:
        self.signals: list[Signal] = []

    def _add(self, kind: str, *said: Any) -> None:
        self.signals.append((time.perf_counter(), kind, list(said)))

    def run_started(self, run: RunStart) -> None:
        self._add("run", {stage: dict(steps) for stage, steps in run.steps.items()}, run.rest)

    def stage_started(self, stage: str, position: int, total: int) -> None:
        self._add("stage", stage)

    def steps_planned(self, stage: str, steps: Sequence[str]) -> None:
        self._add("plan", *steps)

    def step_started(self, stage: str, step: str) -> None:
        self._add("step", step)

    def stage_progress(
        self, stage: str, done: float, total: float | None, what: str, part: float | None = None
    ) -> None:
        self._add("units", *((done, total) if part is None else (part, 1.0)))

    def stage_finished(
        self, stage: str, seconds: float, rows: dict[str, int], *, resumed: bool, peak_mb: int = 0
    ) -> None:
        self._add("end", stage, rows.get("record"), rows.get("event"))


@dataclass(frozen=True)
class Tick:
    """At `part` of a stage's time: share told (0 to 1), seconds told and true, None where nothing was told."""

    part: float
    share: float | None
    told: float | None
    true: float


def by_stage(signals: Sequence[Signal]) -> Iterator[tuple[str, list[Signal]]]:
    """Stage -> its signals, from its begin to its end."""
    held: list[Signal] = []
    for signal in signals:
        held = [signal] if signal[1] == "stage" else [*held, signal]
        if signal[1] == "end":
            yield signal[2][0], held


def replayed(signals: Sequence[Signal], weights: Mapping[str, float], *, timed: bool = False) -> list[Tick]:
    """What would have been told during one stage."""
    began, over = signals[0][0], signals[-1][0]
    pace, waiting, ticks = StagePace(weights, began, timed=timed), list(signals[1:-1]), []
    for number in range(1, int((over - began) / _TICK) + 1):
        now = began + number * _TICK
        while waiting and waiting[0][0] <= now:
            at, kind, said = waiting.pop(0)
            if kind == "plan":
                pace.plan(said)
            elif kind == "step":
                pace.step(said[0], at)
            elif kind == "units":
                pace.units(*said, at)
        ticks.append(Tick((now - began) / (over - began), pace.share, pace.left(now), over - now))
    return ticks


def judged(ticks: Sequence[Tick]) -> str:
    """How close what was told came, for ticks that lie neither too early nor within the last second."""
    counted = [t for t in ticks if t.part >= _FROM and t.true >= 1]
    told = [(t.told, t.true) for t in counted if t.told is not None]
    if not counted:
        return "too short"
    if not told:
        return "nothing told"
    off = sorted(max(max(a, 0.1) / b, b / max(a, 0.1)) for a, b in told)
    close = sum(o <= _CLOSE for o in off) / len(off)
    ninth = off[int(0.9 * (len(off) - 1))]
    share = f"told at {len(told) / len(counted):4.0%}; within x{_CLOSE}: {close:4.0%}"
    return f"{share}; median x{median(off):.2f}, 90 % x{ninth:.2f}, worst x{off[-1]:.1f}"


def step_seconds(signals: Sequence[Signal]) -> dict[str, float]:
    """Step -> seconds, of one stage."""
    found: dict[str, float] = {}
    steps = [(at, said[0]) for at, kind, said in signals if kind == "step"]
    for (at, name), (until, _) in zip(steps, [*steps[1:], (signals[-1][0], "")], strict=True):
        found[name] = round(found.get(name, 0.0) + until - at, 2)
    return found


def recorded(project: Path) -> list[Signal]:
    """The signals of a build of `project` from nothing."""
    to = CACHE / "progress"
    fresh(to)
    for path in project.iterdir():
        if path.name not in (".cxid", "output", "cxid.yml"):
            (to / path.name).symlink_to(path)
    copy(project / "cxid.yml", to)  # where it lies is where the runs lie
    recorder = Recorder()
    api.build(load_config(to), observer=recorder)
    return recorder.signals


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("project", type=Path)
    parser.add_argument("--keep", type=Path, metavar="FILE")
    parser.add_argument("--weights", action="store_true")
    parser.add_argument("--like", type=Path, metavar="FILE", help="take its seconds for those of the run before")
    options = parser.parse_args()
    signals = (
        json.loads(options.project.read_text()) if options.project.is_file() else recorded(options.project.resolve())
    )
    if options.keep:
        options.keep.write_text(json.dumps(signals))
    before = {}
    if options.like:
        before = {stage: step_seconds(held) for stage, held in by_stage(json.loads(options.like.read_text()))}
    size: tuple[int | None, int | None] = (None, None)
    for stage, held in by_stage(signals):
        seconds = held[-1][0] - held[0][0]
        weights = before.get(stage) or usual(stage, *size)
        ticks = replayed(held, weights, timed=stage in before)
        size = (held[-1][2][1], held[-1][2][2]) if stage == "sources" else size
        print(f"{stage:<10} {seconds:7.1f} s  {judged(ticks)}")
        if options.weights:
            for step, spent in step_seconds(held).items():
                print(f"    {step:<45} {spent:7.2f} s {spent / seconds:6.1%}")


if __name__ == "__main__":
    main()

"""One build in a fresh process, with what each stage and each relation of it took.

python benchmarks/cxid_build.py PROJECT FIGURES.json [--until STAGE] [--memory-limit SIZE] [--threads N] [--rows]
    [--full-refresh]

PROJECT holds a cxid.yml. The process does what `cxid build` does; an observer notes wall and CPU seconds at the end
of each stage, and a thin layer around the engine notes them for each statement. `--until` ends the process as soon as
the stage is done, so that nothing later is paid for.
"""

from __future__ import annotations

import argparse
import functools
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from machine import cpu_seconds, reset_peak
from machine import peak_mb as highest_mb

from cxid import api
from cxid.config.loading import load_config
from cxid.engine.duckdb import DuckDBEngine
from cxid.errors import CxidError
from cxid.runs.observer import Unobserved

_NAMED = ("run", "append", "load", "read", "write", "map_values", "components", "read_csv", "read_parquet", "view")
_UNNAMED = ("fetch", "scalar", "convert", "export_database", "rename", "drop", "count")


@dataclass
class Step:
    """One stage, or all statements of one kind on one relation within a stage. Seconds; MB resident at most."""

    stage: str
    what: str
    wall: float = 0.0
    cpu: float = 0.0
    calls: int = 0
    rows: int | None = None
    peak_mb: int = 0


@dataclass
class Figures:
    """What is written to FIGURES.json."""

    stages: list[Step] = field(default_factory=list)
    relations: dict[tuple[str, str], Step] = field(default_factory=dict)
    phases: dict[tuple[str, str], Step] = field(default_factory=dict)  # the steps of a stage that it tells of
    whole: Step = field(default_factory=lambda: Step("", "whole process"))
    error: str = ""

    def save(self, path: Path) -> None:
        content = {
            "stages": [asdict(s) for s in self.stages],
            "relations": [asdict(s) for s in self.relations.values()],
            "phases": [asdict(s) for s in self.phases.values()],
            "whole": asdict(self.whole),
            "error": self.error,
        }
        path.write_text(json.dumps(content, indent=1), encoding="utf-8")


class Watch(Unobserved):
    """The observer of the build, and the clock around the engine's statements."""

    def __init__(self, until: str, *, rows: bool, tell: bool = True) -> None:
        self.figures = Figures()
        self._until, self._rows, self._tell = until, rows, tell
        self._stage, self._begun, self._depth, self._highest = "", (0.0, 0.0), 0, 0
        self._phase: tuple[str, float, float] | None = None
        self._units = 0

    def stage_started(self, stage: str, position: int, total: int) -> None:
        self._stage, self._begun = stage, (time.perf_counter(), cpu_seconds())
        if stage == "publish":
            reset_peak()
        self._highest = 0

    def step_started(self, stage: str, step: str) -> None:
        self._end_phase()
        self._phase, self._units = (step, time.perf_counter(), cpu_seconds()), 0

    def stage_progress(
        self, stage: str, done: float, total: float | None, what: str, part: float | None = None
    ) -> None:
        self._units = round(total or done)

    def _end_phase(self) -> None:
        """The time since the last step began becomes a phase of the stage, with the units that it told of."""
        if self._phase:
            step, wall, cpu = self._phase
            took = time.perf_counter() - wall, cpu_seconds() - cpu
            self.figures.phases[self._stage, step] = Step(self._stage, step, *took, 1, self._units)
        self._phase = None

    def stage_finished(
        self, stage: str, seconds: float, rows: dict[str, int], *, resumed: bool, peak_mb: int = 0
    ) -> None:
        self._end_phase()
        wall, cpu = self._begun
        peak = max(highest_mb(), self._highest)
        step = Step(stage, "stage", time.perf_counter() - wall, cpu_seconds() - cpu, 1, sum(rows.values()), peak)
        self.figures.stages.append(step)
        self.figures.whole.peak_mb = max(self.figures.whole.peak_mb, peak)
        if self._tell:
            print(f"  {stage}: {step.wall:.1f} s, CPU {step.cpu:.1f} s, {peak} MB", file=sys.stderr, flush=True)
        if stage == self._until:
            raise Enough

    def around(self, method: Callable[..., Any], *, named: bool) -> Callable[..., Any]:
        """The engine's method, timed. A statement that another one makes counts as part of that one."""

        @functools.wraps(method)
        def timed(engine: DuckDBEngine, *args: Any, **kwargs: Any) -> Any:
            if self._depth:
                return method(engine, *args, **kwargs)
            self._depth += 1
            if self._rows:
                self._highest = max(self._highest, highest_mb())
                reset_peak()
            wall, cpu = time.perf_counter(), cpu_seconds()
            try:
                return method(engine, *args, **kwargs)
            finally:
                name = str(args[0]) if named and args else ""
                self._note(engine, f"{method.__name__} {name}".strip(), (wall, cpu), name)
                self._depth -= 1

        return timed

    def _note(self, engine: DuckDBEngine, what: str, begun: tuple[float, float], name: str) -> None:
        step = self.figures.relations.setdefault((self._stage, what), Step(self._stage, what))
        step.wall += time.perf_counter() - begun[0]
        step.cpu += cpu_seconds() - begun[1]
        step.calls += 1
        if self._rows:
            step.peak_mb = max(step.peak_mb, highest_mb())
            self._highest = max(self._highest, step.peak_mb)
        if name and self._rows:
            step.rows = engine.count(name) if name in engine.tables() else None


class Enough(Exception):
    """The stage asked for is done."""


def watched(watch: Watch) -> None:
    """Put the clock around every statement of the engine."""
    for names, named in ((_NAMED, True), (_UNNAMED, False)):
        for name in names:
            setattr(DuckDBEngine, name, watch.around(getattr(DuckDBEngine, name), named=named))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("project", type=Path)
    parser.add_argument("figures", type=Path)
    parser.add_argument("--until", default="", metavar="STAGE")
    parser.add_argument("--memory-limit", metavar="SIZE")
    parser.add_argument("--threads", type=int, metavar="N")
    parser.add_argument("--rows", action="store_true", help="rows and peak memory of each relation too; costs a little")
    parser.add_argument("--full-refresh", action="store_true")
    options = parser.parse_args()
    watch = Watch(options.until, rows=options.rows)
    watched(watch)
    figures, begun = watch.figures, time.perf_counter()
    try:
        config = load_config(options.project, None)
        api.build(
            config,
            memory_limit=options.memory_limit,
            threads=options.threads,
            full_refresh=options.full_refresh,
            observer=watch,
        )
    except Enough:
        pass
    except CxidError as error:
        figures.error = f"{type(error).__name__}: {error.message}"
    finally:
        figures.whole.wall, figures.whole.cpu = time.perf_counter() - begun, cpu_seconds()
        figures.save(options.figures)
    if figures.error:
        sys.exit(figures.error)


if __name__ == "__main__":
    main()

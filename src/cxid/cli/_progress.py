"""What long work shows while it runs: one line redrawn on a terminal; elsewhere a line per stage and a heartbeat."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType

from cxid.cli._console import Console
from cxid.cli._grid import fold
from cxid.cli._progress_words import Moment, Units, finished, heartbeat, is_fast, redrawn, span
from cxid.cli._terminal import look_at
from cxid.privacy import terminal_text
from cxid.runs.machine import folder_mb, resident_mb
from cxid.runs.observer import RunStart
from cxid.runs.pace import RunPace, StagePace
from cxid.runs.usual import usual

HEARTBEAT_SECONDS = 30.0
_REDRAW_SECONDS = 0.2
_PATIENCE = 0.5  # seconds that work which is no stage may take before a line appears for it


class Progress:
    """The observer of a command. Use it as a context: its thread ends with the block, and no half line stays.

    On a live terminal one line of stderr shows where the work is; otherwise each stage is one line, and what takes long
    says so every 30 seconds. What it shows is counted, or follows from what was counted and from what such work took
    before (`cxid.runs.pace`).
    """

    def __init__(
        self, console: Console, *, pulse: float = HEARTBEAT_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        settings = console.settings
        self._console, self._clock = console, clock
        self._silent = settings.quiet
        self._live = console.side.live and not settings.no_progress and not settings.quiet
        self._pulse = _REDRAW_SECONDS if self._live else pulse
        self._ticks = self._live or not (settings.quiet or settings.no_progress)
        self._lock = threading.RLock()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None
        self._run, self._whole = RunStart(), RunPace(RunStart())
        self._size: tuple[int | None, int | None] = (None, None)  # records and events, once they are counted
        self._place = self._stage = self._step = ""
        self._pace: StagePace | None = None  # of the stage, or of work that is none; None between them
        self._planned = False
        self._began = self._step_began = clock()
        self._units: Units | None = None
        self._drawn = 0  # characters of the line that stands on the terminal

    def __enter__(self) -> Progress:
        if self._ticks:
            self._thread = threading.Thread(target=self._watch, daemon=True)
            self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._over.set()
        if self._thread:
            self._thread.join()
        with self._lock:
            self._pace = None
            self._erase()

    # -- told by the work -------------------------------------------------------------------------------------

    def run_started(self, run: RunStart) -> None:
        with self._lock:
            self._run, self._whole = run, RunPace(run)
            if run.seconds:
                self._line(f"about {span(run.seconds)} in all, by what {run.before} took")

    def stage_started(self, stage: str, position: int, total: int) -> None:
        with self._lock:
            before = self._run.steps.get(stage)
            self._begin(stage, StagePace(before or usual(stage, *self._size), self._clock(), timed=bool(before)))
            self._place = f"[{position}/{total}]"
            self._redraw()

    def steps_planned(self, stage: str, steps: Sequence[str]) -> None:
        with self._lock:
            if not stage:
                self._begin("", StagePace({}, self._clock()))
                self._planned = True
            if self._pace is not None:
                self._pace.plan(steps)

    def step_started(self, stage: str, step: str) -> None:
        with self._lock:
            if not stage and not (self._planned and self._pace):
                self._begin("", StagePace({}, self._clock()))
            if self._pace is not None:
                self._step, self._step_began, self._units = step, self._clock(), None
                self._pace.step(step, self._step_began)

    def stage_progress(
        self, stage: str, done: float, total: float | None, what: str, part: float | None = None
    ) -> None:
        with self._lock:
            if self._pace is not None:
                now = self._clock()
                spent = now - self._step_began
                rate = done / spent if done and spent >= 1 and is_fast(done, total) else None
                self._units = None if total == 0 else Units(done, total, what, rate)
                self._pace.units(*((done, total) if part is None else (part, 1.0)), now)

    def stage_finished(
        self, stage: str, seconds: float, rows: dict[str, int], *, resumed: bool, peak_mb: int = 0
    ) -> None:
        with self._lock:
            self._whole.finish_stage(stage, seconds, resumed=resumed)
            self._size = (rows.get("record", self._size[0]), rows.get("event", self._size[1]))
            self._pace = None
            self._erase()
            took = "before" if resumed else f"{seconds:.1f} s"
            width = self._width() if self._console.side.is_tty else None
            self._line(finished(self._place, stage, took, rows, 0 if resumed else peak_mb, width))
            for table, count in rows.items() if self._console.settings.verbose else ():
                self._line(f"      {table}: {count:,} rows")

    def warned(self, stage: str, code: str, message: str) -> None:
        """Warnings stand together at the end of a build; here they show only to whom wants all."""
        if self._console.settings.verbose:
            with self._lock:
                self._line(f"      warning {code}: {message}")

    def _begin(self, stage: str, pace: StagePace) -> None:
        self._place, self._stage, self._step, self._units = "", stage, "", None
        self._pace, self._planned = pace, False
        self._began = self._step_began = self._clock()

    # -- what is known now ------------------------------------------------------------------------------------

    def moment(self) -> Moment | None:
        """Where the work is; None where none is at hand."""
        pace, now = self._pace, self._clock()
        if pace is None:
            return None
        left = pace.left(now)
        return Moment(
            self._place, self._stage, self._step, now - self._began, pace.share, self._units, left,
            self._whole.left(self._stage, left) if self._stage else None, resident_mb(),
            folder_mb(self._run.spill) if self._run.spill else 0,
        )  # fmt: skip

    # -- drawing ----------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        while not self._over.wait(self._pulse):
            self.beat()

    def beat(self) -> None:
        """Show where the work is: on a terminal by drawing its line anew, elsewhere by one more line."""
        with self._lock:
            if self._live:
                self._redraw()
            elif self._ticks and (now := self.moment()) is not None:
                self._line(f"      {heartbeat(now)}")

    def _width(self) -> int:
        return look_at(self._console.err, os.environ).width  # anew each time: a terminal may be resized

    def _redraw(self) -> None:
        now = self.moment() if self._live else None
        if now is None or (not now.stage and now.seconds < _PATIENCE):
            return
        screen = look_at(self._console.err, os.environ)
        line = terminal_text(redrawn(now, screen))
        self._console.err.write(self._wiping(screen.width) + line)
        self._console.err.flush()
        self._drawn = len(line)

    def _wiping(self, width: int) -> str:
        """What takes the line away: blanks, which every terminal knows.

        Where a terminal has become narrower and broke the line into several, only an escape reaches the first of them.
        """
        if not self._drawn:
            return ""
        above = (self._drawn - 1) // max(width, 1)
        return f"\x1b[{above}A\r\x1b[J" if above else f"\r{' ' * self._drawn}\r"

    def _erase(self) -> None:
        if self._drawn:
            self._console.err.write(self._wiping(self._width()))
            self._console.err.flush()
            self._drawn = 0

    def _line(self, text: str) -> None:
        if self._silent:
            return
        self._erase()
        screen, line = self._console.side, terminal_text(text)
        self._console.err.write("\n".join(fold(line, screen.width) if screen.live else [line]) + "\n")
        self._console.err.flush()


@contextmanager
def working(console: Console, step: str) -> Iterator[Progress]:
    """An observer while a command works and writes nothing; `step` is what it does until it tells more."""
    with Progress(console) as progress:
        progress.step_started("", step)
        yield progress

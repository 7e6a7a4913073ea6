"""What a build shows while it runs: a bar on a terminal, a line per stage and a heartbeat elsewhere."""

from __future__ import annotations

import threading
import time
from types import TracebackType

from cxid.cli._console import Console
from cxid.privacy import terminal_text

HEARTBEAT_SECONDS = 30.0
_REDRAW_SECONDS = 0.2
_SURE_SHARE = 0.02  # an estimate from less than this part of the work would only jump about
_BAR_WIDTH = 20


class Progress:
    """An observer of a build. Use it as a context: its thread ends with the block.

    On a live terminal one line of stderr shows stage, share done and the time left, estimated from the known
    number of units; otherwise each stage is one line, and a stage that takes long says so every 30 seconds.
    """

    def __init__(self, console: Console, *, heartbeat: float = HEARTBEAT_SECONDS) -> None:
        settings = console.settings
        self._console = console
        self._silent = settings.quiet
        self._live = console.side.live and not settings.no_progress and not settings.quiet
        self._pulse = _REDRAW_SECONDS if self._live else heartbeat
        self._ticks = self._live or not (settings.quiet or settings.no_progress)
        self._lock = threading.RLock()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None
        self._stage, self._position, self._total = "", 0, 0
        self._began = self._unit_began = time.monotonic()
        self._done: tuple[float, float, str] | None = None
        self._drawn = False

    def __enter__(self) -> Progress:
        if self._ticks:
            self._thread = threading.Thread(target=self._beat, daemon=True)
            self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._over.set()
        if self._thread:
            self._thread.join()
        with self._lock:
            self._erase()

    # -- told by the build ------------------------------------------------------------------------------

    def stage_started(self, stage: str, position: int, total: int) -> None:
        with self._lock:
            self._stage, self._position, self._total = stage, position, total
            self._began = self._unit_began = time.monotonic()
            self._done = None
            self._redraw()

    def stage_progress(self, stage: str, done: float, total: float, what: str) -> None:
        with self._lock:
            if self._done is None or self._done[2] != what:
                self._unit_began = time.monotonic()
            self._done = (done, total, what)

    def stage_finished(self, stage: str, seconds: float, rows: dict[str, int], *, resumed: bool) -> None:
        with self._lock:
            how = "finished before" if resumed else f"{seconds:.1f} s"
            self._line(f"[{self._position}/{self._total}] {stage}: {how}")
            for table, count in rows.items() if self._console.settings.verbose else ():
                self._line(f"      {table}: {count:,} rows")
            self._stage = ""

    def warned(self, stage: str, code: str, message: str) -> None:
        """Warnings stand together at the end of a build; here they show only to whom wants all."""
        if self._console.settings.verbose:
            with self._lock:
                self._line(f"      warning {code}: {message}")

    # -- drawing ----------------------------------------------------------------------------------------

    def _beat(self) -> None:
        while not self._over.wait(self._pulse):
            with self._lock:
                if self._live:
                    self._redraw()
                elif self._stage:
                    self._line(f"      {self._status()}")

    def _status(self) -> str:
        elapsed = time.monotonic() - self._began
        text = f"{self._stage}, {_span(elapsed)}"
        if self._done is None:
            return text
        done, total, what = self._done
        share = min(done / total, 1.0) if total > 0 else 0.0
        text += f", {share:.0%} of {what}"
        spent = time.monotonic() - self._unit_began
        if share >= _SURE_SHARE and share < 1 and spent >= 1:
            text += f", about {_span(spent / share - spent)} left"
        return text

    def _redraw(self) -> None:
        if not self._live or not self._stage:
            return
        screen = self._console.side
        done, total, _ = self._done or (0.0, 0.0, "")
        filled = round(_BAR_WIDTH * min(done / total, 1.0)) if total > 0 else 0
        full, empty = ("█", "░") if screen.unicode else ("#", ".")
        line = f"[{self._position}/{self._total}] {full * filled}{empty * (_BAR_WIDTH - filled)} {self._status()}"
        if len(line) >= screen.width:
            line = f"[{self._position}/{self._total}] {self._status()}"
        self._erase()
        self._console.err.write(terminal_text(line)[: screen.width - 1])
        self._console.err.flush()
        self._drawn = True

    def _erase(self) -> None:
        if self._drawn:
            self._console.err.write("\r\x1b[2K")
            self._console.err.flush()
            self._drawn = False

    def _line(self, text: str) -> None:
        if self._silent:
            return
        self._erase()
        self._console.err.write(terminal_text(text) + "\n")
        self._console.err.flush()


def _span(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest:02d} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"

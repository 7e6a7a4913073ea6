"""Ctrl-C and SIGTERM: the running statement stops, the build ends with an error of ours.

An exception raised by a handler while the database is at work would come out of it as something else, so the handler
only interrupts then, and raises when Python itself is at work.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol

from cxid.errors import CxidError, Interrupted, Terminated

_HANDLED = (signal.SIGINT, signal.SIGTERM)
_REPEAT_SECONDS = 0.1


class Interruptible(Protocol):
    """Something whose running statement can be stopped from outside."""

    @property
    def busy(self) -> bool:
        """A statement is running."""

    def interrupt(self) -> None:
        """Stop it; harmless when none is running."""


class StopRequest:
    """Whether someone asked the build to stop, and what must be stopped for it."""

    def __init__(self, hint: str, left: str) -> None:
        self._hint, self._left = hint, left
        self.received: int | None = None
        self._targets: list[Interruptible] = []
        self._over = threading.Event()
        self._insisting: threading.Thread | None = None
        self._sealed = False

    def watch(self, target: Interruptible) -> None:
        """Stop `target` too when the signal comes."""
        self._targets.append(target)

    def error(self) -> CxidError:
        """The error that tells which signal it was."""
        kind, word = (Terminated, "terminated") if self.received == signal.SIGTERM else (Interrupted, "interrupted")
        return kind(f"{word}: {self._left}" if self._left else word, hint=self._hint)

    def meant(self, error: BaseException) -> BaseException:
        """What an error stands for: whatever goes wrong while the build is being stopped, the signal is the reason."""
        told = self.error()
        if self.received is None or (isinstance(error, CxidError) and error.message == told.message):
            return error
        return told

    def seal(self) -> None:
        """From here on it is too late to stop: the run is being published."""
        self._sealed = True

    def handle(self, number: int, frame: FrameType | None) -> None:
        """Ask once; the second signal ends the process at once, which is safe at every point."""
        if self._sealed:
            return
        if self.received is not None:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
            return
        self.received = number
        working = any(t.busy for t in self._targets)
        self._insisting = threading.Thread(target=self._insist, daemon=True)
        self._insisting.start()
        if not working:
            raise self.error()

    def _insist(self) -> None:
        """A statement that begins just after an interrupt does not see it, so it is repeated until the build ends."""
        while not self._over.is_set():
            for target in self._targets:
                target.interrupt()
            self._over.wait(_REPEAT_SECONDS)

    def end(self) -> None:
        """Stop insisting, and let go of what was watched: a database must not outlive the interpreter."""
        self._over.set()
        if self._insisting is not None:
            self._insisting.join()
        self._targets.clear()


@contextmanager
def stoppable(
    hint: str = "run `cxid build` again: it goes on after the last finished stage", left: str = "nothing was published"
) -> Iterator[StopRequest]:
    """Inside, SIGINT and SIGTERM stop the work: Interrupted or Terminated comes out, with what is left and what to do.

    Nothing changes in another thread than the main one, where Python handles no signals.
    """
    request = StopRequest(hint, left)
    if threading.current_thread() is not threading.main_thread():
        yield request
        return
    # A job in the background of a script has Ctrl-C ignored, and means it.
    # A handler that was not set from Python could not be put back.
    heard = [number for number in _HANDLED if signal.getsignal(number) not in (signal.SIG_IGN, None)]
    before = {number: signal.signal(number, request.handle) for number in heard}
    try:
        yield request
    except Exception as error:
        if (meant := request.meant(error)) is error:
            raise
        raise meant from error
    finally:
        request.end()
        for number, handler in before.items():
            signal.signal(number, handler)

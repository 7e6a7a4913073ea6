"""One build at a time: a lock that the kernel frees when its holder dies, however it dies."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from cxid import faults
from cxid.errors import LockError

_PATIENCE_SECONDS = 0.5  # a holder that has just begun may not have written its name yet
_STEP_SECONDS = 0.02


@contextmanager
def held(path: Path) -> Iterator[None]:
    """The project's lock is ours inside. Raises LockError within a second when another build holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _refusal(path) from None
        os.fchmod(descriptor, 0o600)
        _sign(descriptor)
        faults.hit("lock.held")
        try:
            yield
        finally:
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """A build is at work right now."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _sign(descriptor: int) -> None:
    started = datetime.now(UTC).isoformat(timespec="seconds")
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps({"pid": os.getpid(), "started_at": started}).encode(), 0)


def _refusal(path: Path) -> LockError:
    """Names the holder. What a dead holder left behind is not believed."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    hint = "wait for it to end; a lock whose holder has died frees itself"
    while time.monotonic() < deadline:
        try:
            holder = json.loads(path.read_text(encoding="utf-8"))
            pid, started = int(holder["pid"]), str(holder["started_at"])
            os.kill(pid, 0)
        except PermissionError:  # alive, and another user's
            pass
        except (OSError, ValueError, KeyError, TypeError):
            time.sleep(_STEP_SECONDS)
            continue
        return LockError(f"another build of this project is running: pid {pid}, started {started}", hint=hint)
    return LockError("another build of this project is running", hint=hint)

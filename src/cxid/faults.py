"""Faults on purpose: a named place in the code that a test can make fail.

`hit` does nothing unless the environment variable CXID_FAULT is `name:n:action`. Then the n-th hit of that name
(`*` for any name) acts: `kill9`, `eio`, `enospc`, or `sleep` (half a minute, for tests of signals).
"""

from __future__ import annotations

import errno
import os
import signal
import time

VARIABLE = "CXID_FAULT"
_SLEEP_SECONDS = 30.0
_hits: dict[str, int] = {}


def hit(name: str) -> None:
    """Nothing, or the fault that a test asked for here. Raises OSError for `eio` and `enospc`."""
    wanted = os.environ.get(VARIABLE)
    if not wanted:
        return
    place, number, action = wanted.split(":")
    if place not in ("*", name):
        return
    _hits[wanted] = _hits.get(wanted, 0) + 1
    if _hits[wanted] == int(number):
        _act(action, name)


def _act(action: str, name: str) -> None:
    if action == "kill9":
        os.kill(os.getpid(), signal.SIGKILL)
    elif action == "eio":
        raise OSError(errno.EIO, os.strerror(errno.EIO), name)
    elif action == "enospc":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), name)
    elif action == "sleep":
        time.sleep(_SLEEP_SECONDS)
    else:
        raise ValueError(f"{VARIABLE}: unknown action {action!r}")

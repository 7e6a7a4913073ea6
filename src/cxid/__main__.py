"""The program: what `cxid` and `python -m cxid` start."""

from __future__ import annotations

import os
import signal
from types import FrameType


def _leave(number: int, frame: FrameType | None) -> None:
    os._exit(128 + number)


# Loading takes a moment in which nothing is open yet: a signal then ends the process at once, without a traceback.
for _number in (signal.SIGINT, signal.SIGTERM):
    if signal.getsignal(_number) is not signal.SIG_IGN:
        signal.signal(_number, _leave)

from cxid.cli import main  # noqa: E402 - after the handlers, which are there for it

__all__ = ["main"]

if __name__ == "__main__":
    main()

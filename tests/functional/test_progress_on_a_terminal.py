"""A build on a real terminal: a pseudo-terminal that is read, made narrower, and interrupted while the build runs."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.functional.test_pipeline_end_to_end import make_project

_LONGEST = 120.0  # seconds; a build here takes some three
_REDRAWN = re.compile(r"[^\r\n]*\r +\r|[^\r\n]*\x1b\[\d+A\r\x1b\[J")  # a line that was taken away again


class Terminal:
    """The terminal of one running command."""

    def __init__(self, process: subprocess.Popen[bytes], end: int) -> None:
        self.process, self._end, self.text = process, end, ""

    def read_until(self, pattern: str, after: int = 0) -> None:
        """Read until the pattern has come, or the command is over."""
        until = time.monotonic() + _LONGEST
        while not re.search(pattern, self.text[after:]):
            assert time.monotonic() < until, self.text
            if not self._read():
                return

    def read_all(self) -> int:
        """Read until the command is over; its exit code."""
        while self._read():
            pass
        return self.process.wait(_LONGEST)

    def _read(self) -> bool:
        if not select.select([self._end], [], [], _LONGEST)[0]:
            raise AssertionError(f"nothing came: {self.text}")
        try:
            part = os.read(self._end, 65536)
        except OSError:  # how Linux says that nobody writes any more
            return False
        self.text += part.decode()
        return bool(part)

    def resize(self, columns: int) -> None:
        fcntl.ioctl(self._end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))


@contextmanager
def building(project: Path, columns: int, **env: str) -> Iterator[Terminal]:
    """`cxid build` of a project on a terminal of so many columns."""
    end, other = pty.openpty()
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "PYTHONPATH", "VIRTUAL_ENV")}
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "cxid", "build", "-C", str(project)],
        stdin=other, stdout=subprocess.DEVNULL, stderr=other, env={**kept, "TERM": "xterm", **env},
    )  # fmt: skip
    os.close(other)
    try:
        yield Terminal(process, end)
    finally:
        process.kill()
        process.wait()
        os.close(end)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    make_project(tmp_path)
    return tmp_path


def test_lines_fit_the_terminal_as_it_is_now_in_ascii_and_leave_nothing_behind(project: Path) -> None:
    with building(project, 100, LANG="C") as terminal:
        terminal.read_until(r"\[2/9\] normalise [.#]+ ")
        terminal.resize(38)
        narrower = len(terminal.text)
        assert terminal.read_all() == 0
    assert terminal.text.isascii()
    drawn = [line for line in re.split(r"[\r\n]", terminal.text[narrower:]) if re.match(r"\[\d/9\]| +$", line)]
    late = drawn[2:]  # one line may have been on its way
    assert max(map(len, late)) < 38
    assert any(line.startswith("[9/9]") for line in late)
    shown = _REDRAWN.sub("", terminal.text.replace("\r\n", "\n"))
    assert "\r" not in shown
    assert [line[:5] for line in shown.splitlines()[:9]] == [f"[{n}/9]" for n in range(1, 10)]


def test_an_interrupt_leaves_no_half_line(project: Path) -> None:
    with building(project, 80, LANG="C.UTF-8", NO_COLOR="1") as terminal:
        terminal.read_until(r"\[3/9\] link")
        os.kill(terminal.process.pid, 2)
        assert terminal.read_all() == 130
    shown = _REDRAWN.sub("", terminal.text.replace("\r\n", "\n"))
    assert "\r" not in shown
    assert [line[:5] for line in shown.splitlines()[:3]] == ["[1/9]", "[2/9]", "error"]

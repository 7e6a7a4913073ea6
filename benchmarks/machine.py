"""Whole-process figures: wall and CPU seconds and peak memory, as the operating system counts them."""

from __future__ import annotations

import datetime
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import IO


@dataclass(frozen=True)
class Measured:
    """A command that ended: wall seconds, user and system seconds, and the most memory it had resident in MB."""

    wall: float
    cpu: float
    peak_mb: float
    code: int = 0
    words: str = ""  # the end of what it said on stderr


def measured(command: Sequence[str], *, said: IO[str] | None = None) -> Measured:
    """Run a command to its end, whatever its exit code; its stdout is dropped, its stderr kept or passed to `said`."""
    with tempfile.TemporaryFile() as kept:
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said or kept)
        try:
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            process.terminate()
            process.wait()
            raise
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        kept.seek(max(0, kept.seek(0, os.SEEK_END) - 4000))
        words = kept.read().decode(errors="replace")
    peak = used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return Measured(wall, used.ru_utime + used.ru_stime, peak, process.returncode, words)


def measured_run(command: Sequence[str]) -> Measured:
    """As `measured`; a command that fails ends the benchmark with its words."""
    done = measured(command)
    if done.code:
        sys.exit(f"{' '.join(command)}\nended with {done.code}\n{done.words}")
    return done


def cpu_seconds() -> float:
    """User and system seconds of this process and of its children that ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def reset_peak() -> None:
    """Forget the peak of memory so far, where the system can."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def peak_mb() -> int:
    """The most memory in MB that this process had resident since `reset_peak`; 0 where the system does not tell."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) >> 10 for line in lines if line.startswith("VmHWM:")), 0)


def stamp(*packages: str) -> str:
    """Date, machine and versions for a page of results; `packages` beside DuckDB and cxid as name==version."""
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    others = "".join(f", {p.replace('==', ' ')}" for p in packages)
    return (
        f"{datetime.date.today():%Y-%m-%d}, {os.cpu_count()} cores, {gigabytes:.0f} GB, {platform.system()} "
        f"{platform.machine()}, Python {platform.python_version()}, "
        f"DuckDB {version('duckdb')}, cxid {version('cxid')}{others}. "
        "Wall and CPU seconds and peak resident memory are those of whole processes unless said."
    )

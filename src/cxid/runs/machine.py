"""What the machine gives a build: memory, processors, and the most memory that a stage used."""

from __future__ import annotations

import os
import re
import resource
import sys
from pathlib import Path

from cxid.errors import UsageError

MEMORY_SHARE = 0.6  # the engine's limit is not the process's: Python, Arrow and the system need the rest
_SMALLEST_MB = 256
_CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
_LIMIT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(B|KB|MB|GB|TB|KiB|MiB|GiB|TiB)\s*", re.IGNORECASE)


def memory_limit(stated: str | None) -> str:
    """The engine's limit: the stated one, else 60 % of what the machine or its container has.

    Raises UsageError when the stated one is not a size such as 4GB.
    """
    if stated is None:
        return f"{max(_SMALLEST_MB, int(_available_bytes() * MEMORY_SHARE) >> 20)}MiB"
    found = _LIMIT.fullmatch(stated)
    if found is None or not float(found[1]):
        raise UsageError(f"memory limit {stated!r} is not a size", hint="write it like 4GB or 800MB")
    return stated.strip()


def threads(stated: int | None) -> int:
    """The stated number, else the processors that this process may use. Raises UsageError below 1."""
    if stated is not None:
        if stated < 1:
            raise UsageError(f"threads must be 1 or more, not {stated}", hint="leave it out to use every processor")
        return stated
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


def _available_bytes() -> int:
    sizes = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for path in _CGROUP_LIMITS:
        try:
            sizes.append(int(path.read_text(encoding="ascii")))
        except (OSError, ValueError):
            continue
    return min(s for s in sizes if s > 0)


def reset_peak() -> None:
    """Forget the peak so far, where the system can: the next `peak_mb` is then that of one stage."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def peak_mb() -> int:
    """The most memory, in MB, that this process had resident since `reset_peak`, or since its start elsewhere."""
    try:
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) >> 10
    except OSError:
        pass
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak >> 20 if sys.platform == "darwin" else peak >> 10

"""What the machine gives a build: memory, processors, and the most memory that a stage used."""

from __future__ import annotations

import os
import re
import resource
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cxid.errors import UsageError

MEMORY_SHARE = 0.6  # of the machine, for the whole process: the system and its file cache need the rest
_RESERVE_MB = 300  # Python, its libraries and the arrays that they hold beside the engine
_RESERVE_SHARE = 0.3  # of a limit that is small
_GROWING_SHARE = 0.15  # of a limit that is large: arrays grow with the data, and engines stray over their limits
_USUAL_MB = 1229  # enough for a million people
_USUAL_BYTES = 8  # of memory for a byte of text that is read
_PACKED = 4  # bytes of text in a byte of a file that is compressed
_PACKED_ENDINGS = (".parquet", ".pq", ".gz", ".zst")
_SMALLEST_MB = 256
_CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
_LIMIT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(B|KB|MB|GB|TB|KiB|MiB|GiB|TiB)\s*", re.IGNORECASE)
_UNITS = {"b": 0, "k": 1, "m": 2, "g": 3, "t": 4}


@dataclass(frozen=True)
class EngineMemory:
    """What the engine may hold, in MB of 2**20 bytes: `limit` at first, `ceiling` where a statement needs more."""

    limit_mb: int
    ceiling_mb: int

    @property
    def limit(self) -> str:
        """The limit as the engine reads it."""
        return f"{self.limit_mb}MiB"

    @property
    def ceiling(self) -> str | None:
        """The ceiling as the engine reads it; None where it is the limit."""
        return f"{self.ceiling_mb}MiB" if self.ceiling_mb > self.limit_mb else None


def memory_limit(stated: str | None) -> int | None:
    """The stated limit in bytes, None when there is none. Raises UsageError when it is not a size such as 4GB."""
    if stated is None:
        return None
    found = _LIMIT.fullmatch(stated)
    if found is None or not float(found[1]):
        raise UsageError(f"memory limit {stated!r} is not a size", hint="write it like 4GB or 800MB")
    unit = found[2].lower()
    return int(float(found[1]) * (1024 if "i" in unit else 1000) ** _UNITS[unit[0]])


def most_memory_mb() -> int:
    """What a build may use without being told: 60 % of what the machine or its container has."""
    return max(_SMALLEST_MB, int(_available_bytes() * MEMORY_SHARE) >> 20)


def engine_memory(limit: int | None, files: Iterable[tuple[str, int]]) -> EngineMemory:
    """What the engine may hold so that the process stays within `limit` bytes.

    Without a limit it begins with what builds of `files` (name, bytes) usually need, so that small ones leave the
    machine to others, and may go up to 60 % of the memory.
    """
    if limit is not None:
        held = _without_reserve(max(limit >> 20, 1))
        return EngineMemory(held, held)
    text = sum(text_bytes(name, size) for name, size in files)
    most = most_memory_mb()
    return EngineMemory(_without_reserve(min(most, max(_USUAL_MB, text * _USUAL_BYTES >> 20))), _without_reserve(most))


def text_bytes(name: str, size: int) -> int:
    """The bytes of text in a file of so many bytes, about, by its name's ending."""
    return size * (_PACKED if name.lower().endswith(_PACKED_ENDINGS) else 1)


def _without_reserve(process_mb: int) -> int:
    small = min(_RESERVE_MB, int(process_mb * _RESERVE_SHARE))
    return max(process_mb - max(small, int(process_mb * _GROWING_SHARE)), 1)


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


def resident_mb() -> int | None:
    """The memory, in MB, that this process has resident now; None where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


def folder_mb(folder: Path) -> int:
    """The MB that the files in `folder` take on disk; 0 where there is none. Files may go while they are counted."""
    total = 0
    for path in folder.glob("*"):
        with suppress(OSError):
            total += path.stat().st_blocks * 512
    return total >> 20

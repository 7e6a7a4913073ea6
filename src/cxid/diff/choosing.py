"""Which two runs are meant."""

from __future__ import annotations

import re
from pathlib import Path

from cxid.errors import ErrorCode, UsageError
from cxid.runs import disk, publish
from cxid.runs.folder import RunFolder
from cxid.runs.home import Home, run_number

_HINT = "`cxid runs` lists the runs"


def choose_runs(home: Home, before: str | None, after: str | None) -> tuple[Path, Path]:
    """The folders of the two runs: those named, by default the published one and the run before it.

    A name is a run's id, the beginning of one, or its number (r0007, 7). Raises UsageError where a name fits no run or
    several, where both are one, or where there is no run before.
    """
    current = home.published_dir()
    if after is None and current is None:
        raise UsageError(f"{home.root}: no build yet", hint="run `cxid build` first", code=ErrorCode.NO_BUILD)
    second = current if after is None else _named(home, after)
    assert second is not None
    first = _before(home, second) if before is None else _named(home, before)
    if first == second:
        raise UsageError(f"both are run {first.name}", hint=f"name another one; {_HINT}")
    return first, second


def _named(home: Home, name: str) -> Path:
    known = [p for p in home.run_dirs() if RunFolder(p).tables.is_dir()]
    text = f"r{int(name):04d}-" if re.fullmatch(r"\d{1,9}", name) else name
    exact = [p for p in known if p.name == text or p.name.startswith(f"{text}-")]
    found = exact or [p for p in known if text and p.name.startswith(text)]
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        raise UsageError(
            f'"{name}" fits {len(found)} runs',
            hint=f"{', '.join(p.name for p in found[:5])}: name one",
            code=ErrorCode.RUN_UNKNOWN,
        )
    raise UsageError(f'no run "{name}"', hint=_HINT, code=ErrorCode.RUN_UNKNOWN)


def _before(home: Home, second: Path) -> Path:
    """The run that this one was built on, or the last published one before it that is still there."""
    previous = (disk.read_json(RunFolder(second).manifest) or {}).get("previous")
    if isinstance(previous, str) and home.run_dir(previous).is_dir():
        return home.run_dir(previous)
    number = run_number(second.name)
    earlier = [i for i in publish.published_ids(home) if run_number(i) < number and home.run_dir(i).is_dir()]
    if not earlier:
        raise UsageError(
            f"there is no run before {second.name} to compare with",
            hint=f"build again, or name two; {_HINT}",
            code=ErrorCode.RUN_UNKNOWN,
        )
    return home.run_dir(earlier[-1])

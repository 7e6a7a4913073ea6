"""The published run opened for an export: its tables, a private folder for work, the states of deltas."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from cxid.engine.base import Engine
from cxid.engine.duckdb import DuckDBEngine
from cxid.errors import ErrorCode, LockError, UsageError
from cxid.exporting.delta import state_folder
from cxid.runs import disk, lock
from cxid.runs.home import Home

_MEMORY = "2GiB"  # beside other work
_READ = ("golden_customer", "profile", "consent", "identity_map")
_WORK = "export-"


@contextmanager
def work_folder(home: Home) -> Iterator[Path]:
    """A private folder for one export, gone afterwards; what killed exports left behind goes too."""
    for left in home.folder.glob(f"{_WORK}*"):
        if not _is_alive(left.name.removeprefix(_WORK).split("-")[0]):
            disk.remove(left)
    with disk.private_umask(), tempfile.TemporaryDirectory(prefix=f"{_WORK}{os.getpid()}-", dir=home.folder) as folder:
        yield Path(folder)


def _is_alive(pid: str) -> bool:
    if not pid.isdigit():
        return False
    with suppress(PermissionError):
        try:
            os.kill(int(pid), 0)
        except (ProcessLookupError, OverflowError):
            return False
    return True


def open_engine(run_dir: Path, tables: Mapping[str, Path], home: Home, work: Path) -> Engine:
    """An engine with a view for each table that exports read; it reaches no other file. Close it after use.

    Raises UsageError for a run of a version that did not publish them.
    """
    if missing := [name for name in _READ if name not in tables]:
        raise UsageError(
            f"run {run_dir.name} is of an older version and has no {', '.join(missing)}",
            hint="run `cxid build`",
            code=ErrorCode.RUN_INCOMPLETE,
        )
    spill = disk.make_folder(work / "spill")
    engine = DuckDBEngine(memory_limit=_MEMORY, temp_dir=spill, allowed=[run_dir / "tables", work, state_folder(home)])
    for name in _READ:
        engine.view(name, tables[name])
    return engine


@contextmanager
def alone(state: Path) -> Iterator[None]:
    """No other export of the same delta runs inside. Raises LockError when one does."""
    try:
        with lock.held(state.with_suffix(".lock")):
            yield
    except LockError as error:
        if "another build" not in error.message:
            raise
        raise LockError(
            error.message.replace("another build of this project", "another export of this delta"), hint=error.hint
        ) from error

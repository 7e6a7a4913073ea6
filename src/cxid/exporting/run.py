"""One export from the published run: select, hide, compare with the last one, write."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from cxid import faults
from cxid.engine.base import Engine
from cxid.errors import ErrorCode, UsageError
from cxid.exporting.delta import keep_state, write_changes
from cxid.exporting.hiding import hide
from cxid.exporting.model import OP, Exported, Hidden, Request, Target
from cxid.exporting.selection import choose_columns, write_selection
from cxid.exporting.writing import write_file
from cxid.model import FieldType
from cxid.runs.observer import Observer, Unobserved

_SHORTEST_KEY = 16  # bytes: fewer can be tried out


def check_request(request: Request) -> None:
    """Raises UsageError for a key that is too short, or pseudonyms without one."""
    if request.values is Hidden.PSEUDONYMS and request.id_key is None:
        raise UsageError(
            "pseudonyms need a key", hint="set CXID_EXPORT_KEY, or give --key-file", code=ErrorCode.PSEUDONYM_KEY
        )
    if request.id_key is not None and len(request.id_key) < _SHORTEST_KEY:
        raise UsageError(
            f"the key has fewer than {_SHORTEST_KEY} bytes: it could be guessed",
            hint="make one: openssl rand -hex 32",
            code=ErrorCode.PSEUDONYM_KEY,
        )


def select_rows(
    engine: Engine, run_id: str, request: Request, types: Mapping[str, FieldType]
) -> tuple[Exported, list[str]]:
    """Table export_row with all who are exported, and the names of its columns. `types` are those of people columns."""
    columns = choose_columns(engine, request.columns, tuple(types))
    counts = write_selection(engine, request, columns, tuple(types))
    hide(engine, request, columns, types)
    names = [c.name for c in columns]
    return Exported(run_id, tuple(names), counts), names


def write_export(
    engine: Engine, told: Exported, target: Target, work: Path, state: Path | None, observer: Observer | None = None
) -> Exported:
    """Write export_row to its place; with `state`, the file of a delta's name, only what changed since."""
    observer = observer or Unobserved()
    counts: dict[str, Any] = dict(told.counts)
    columns = told.columns
    if state is not None:
        earlier = state if state.is_file() and not target.restart else None
        observer.step_started("", "comparing with the last export")
        counts |= write_changes(engine, columns, earlier)
        columns = (OP, *columns)
    observer.step_started("", "writing rows")
    write_file(engine, target.path, work, partial(observer.stage_progress, ""))
    if state is not None:
        faults.hit("export.state")
        keep_state(engine, state)
    return Exported(told.run_id, columns, counts, target.path, target.delta)

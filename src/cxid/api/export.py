"""Customers for another system."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict, Unpack

from cxid.api.published import open_published, reading
from cxid.api.query import Rows
from cxid.config.fields import golden_fields
from cxid.config.model import Config
from cxid.config.moment import read_moment
from cxid.engine.base import Engine
from cxid.errors import UsageError
from cxid.exporting import opening
from cxid.exporting.delta import state_file
from cxid.exporting.model import Exported, Hidden, Request, Target
from cxid.exporting.run import check_request, select_rows, write_export
from cxid.exporting.writing import check_target
from cxid.runs import disk
from cxid.runs.home import Home
from cxid.runs.observer import Observer


class Selection(TypedDict, total=False):
    """Who is exported, and what of them.

    `purpose` and `channel`: who did not agree is left out; `no_purpose` exports everyone, for a system that reaches
    nobody. `columns` are those of golden record and profile, ids.TYPE, * for all (people columns); `where` is a
    condition. Values are `masked`, or ids and values become pseudonyms under the secret `key` (16 bytes or more).
    `as_of` is when permissions have to hold (now).
    """

    purpose: str | None
    channel: str
    no_purpose: bool
    columns: Sequence[str]
    where: str | None
    masked: bool
    key: bytes | None
    as_of: str | None


class Export(TypedDict, total=False):
    """Where a file of an export goes: with `delta`, a name, only what changed since the last export of that name.

    `restart` forgets the delta's past, `overwrite` replaces a delta that lies there.
    """

    delta: str | None
    restart: bool
    overwrite: bool


def select(config: Config, **wanted: Unpack[Selection]) -> Rows:
    """The rows of an export, in the order of customer_id; they stay in memory."""
    with selected(config, wanted) as (engine, _):
        return Rows(engine.fetch("SELECT * FROM export_row ORDER BY customer_id"))


def export(config: Config, to: Path, file: Export, wanted: Selection, observer: Observer | None = None) -> Exported:
    """Write customers into a .csv, .parquet or .jsonl file, as a whole or not at all. `observer` hears of each row."""
    name = file.get("delta")
    if name is None and (file.get("restart") or file.get("overwrite")):
        raise UsageError("--restart and --overwrite go with --delta", hint="without --delta the file is replaced")
    target = Target(to, name, file.get("overwrite", False), file.get("restart", False))
    check_request(_request(config, wanted))
    check_target(target)
    home = Home(config.root.resolve())
    state = state_file(home, name) if name else None
    with ExitStack() as stack:
        stack.enter_context(disk.translated(home.root))
        stack.enter_context(opening.alone(state) if state else nullcontext())
        work = stack.enter_context(opening.work_folder(home))
        engine, told = stack.enter_context(selected(config, wanted, work))
        return write_export(engine, told, target, work, state, observer)


@contextmanager
def selected(config: Config, wanted: Selection, work: Path | None = None) -> Iterator[tuple[Engine, Exported]]:
    """(an engine with the rows as table export_row, what was selected); `work` is a private folder for the engine."""
    request = _request(config, wanted)
    check_request(request)
    published = open_published(config)
    home = Home(config.root.resolve())
    types = {s: f.type for f in golden_fields(config.sources) for s in f.slots}
    with ExitStack() as stack:
        stack.enter_context(disk.translated(home.root))
        place = work or stack.enter_context(opening.work_folder(home))
        engine = stack.enter_context(
            reading(published, lambda p: opening.open_engine(p.run_dir, p.tables, home, place))
        )
        known = {s: t for s, t in types.items() if s in engine.columns("golden_customer")}
        told, _ = select_rows(engine, published.run_id, request, known)
        yield engine, told


def _request(config: Config, wanted: Selection) -> Request:
    _check_choice(wanted.get("purpose"), wanted.get("channel", ""), wanted.get("no_purpose", False))
    key, as_of = wanted.get("key"), wanted.get("as_of")
    hidden = Hidden.MASKED if wanted.get("masked") else Hidden.PSEUDONYMS if key else Hidden.NOTHING
    now = datetime.now(UTC).replace(tzinfo=None)
    return Request(
        moment=read_moment(as_of, config.profile.timezone) if as_of else now,
        purpose=wanted.get("purpose"),
        channel=wanted.get("channel", ""),
        columns=tuple(wanted.get("columns") or ()),
        where=wanted.get("where"),
        values=hidden,
        id_key=key,
    )


def _check_choice(purpose: str | None, channel: str, no_purpose: bool) -> None:
    """Nobody is exported without a word on what for."""
    if no_purpose and (purpose is not None or channel):
        raise UsageError("--no-purpose goes without --purpose and --channel", hint="choose one of them")
    if purpose is None and not no_purpose:
        raise UsageError(
            "what is the export for?",
            hint="--purpose NAME leaves out who did not agree; --no-purpose exports everyone, to what reaches nobody",
        )

"""`cxid export`: customers for another system."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cxid.cli._console import Console, console_of
from cxid.cli._outputs import reading
from cxid.cli._project import load_config
from cxid.cli._registry import part
from cxid.errors import ErrorCode, UsageError

_KEY = "CXID_EXPORT_KEY"


def _option(*names: str, help: str, value: str | None = None) -> Any:
    return typer.Option(*names, metavar=value, help=help, show_default=False)


_To = Annotated[Path | None, _option("--to", value="PATH", help="A .csv, .parquet or .jsonl file; else stdout.")]
_Purpose = Annotated[
    str | None, _option("--purpose", value="NAME", help="What for: who did not agree to it is left out.")
]
_Channel = Annotated[
    str, _option("--channel", value="NAME", help="By which channel; what is said for all when left out.")
]
_NoPurpose = Annotated[bool, _option("--no-purpose", help="Everyone: for a system that reaches nobody.")]
_Columns = Annotated[
    str | None,
    _option(
        "--columns",
        value="A,B",
        help="Of golden record and profile, ids.TYPE; * for all; people columns when left out.",
    ),
]
_Where = Annotated[
    str | None,
    _option("--where", value="CONDITION", help="Only whom it holds for, e.g. \"orders > 3 and city = 'Bath'\"."),
]
_Masked = Annotated[bool, _option("--masked", "--mask", help="Hide most of each personal value.")]
_Pseudonymise = Annotated[
    bool,
    _option("--pseudonymise", help="Ids and personal values as keyed digests (HMAC-SHA-256); with --masked ids alone."),
]
_KeyFile = Annotated[
    Path | None, _option("--key-file", value="PATH", help=f"The key; the variable {_KEY} when left out.")
]
_Delta = Annotated[
    str | None,
    _option("--delta", value="NAME", help="Only what was added, changed or removed since the last of this name."),
]
_Restart = Annotated[bool, _option("--restart", help="Forget the delta's past: all rows are added.")]
_Overwrite = Annotated[bool, _option("--overwrite", help="Replace a delta that lies there.")]
_AsOf = Annotated[
    str | None, _option("--as-of", value="DATE", help="When permissions have to hold; now when left out.")
]


def command(
    ctx: typer.Context,
    to: _To = None,
    purpose: _Purpose = None,
    channel: _Channel = "",
    no_purpose: _NoPurpose = False,
    columns: _Columns = None,
    where: _Where = None,
    masked: _Masked = False,
    pseudonymise: _Pseudonymise = False,
    key_file: _KeyFile = None,
    delta: _Delta = None,
    restart: _Restart = False,
    overwrite: _Overwrite = False,
    as_of: _AsOf = None,
) -> None:
    """Export customers who agreed, whole or what changed.

    Golden values and profile for another system. With --purpose (and --channel) everyone who refused, never agreed,
    or whose permission has ended is left out and counted. --delta NAME writes what changed since the last export of
    that name, in a column op: who withdrew comes as removed. The file is whole or not there, readable by you alone,
    and no CSV cell of it is a formula.
    """
    console = console_of(ctx)
    _check_choice(purpose, channel, no_purpose)
    if delta is not None and to is None:
        raise UsageError("a delta goes into a file", hint="give --to PATH")
    if delta is None and (restart or overwrite):
        raise UsageError("--restart and --overwrite go with --delta", hint="without --delta the file is replaced")
    model = part("exporting.model")
    key = _key(console, key_file) if pseudonymise else None
    hidden = model.Hidden.MASKED if masked else model.Hidden.PSEUDONYMS if pseudonymise else model.Hidden.NOTHING
    named = tuple(c.strip() for c in (columns or "").split(",") if c.strip())
    config = load_config(console.settings)
    request = model.Request(_moment(as_of, config.profile.timezone), purpose, channel, named, where, hidden, key)
    target = model.Target(to, delta, overwrite, restart) if to is not None else None
    _export(console, config, request, target)


def _check_choice(purpose: str | None, channel: str, no_purpose: bool) -> None:
    """Nobody is exported without a word on what for."""
    if no_purpose and (purpose is not None or channel):
        raise UsageError("--no-purpose goes without --purpose and --channel", hint="choose one of them")
    if purpose is None and not no_purpose:
        raise UsageError(
            "what is the export for?",
            hint="--purpose NAME leaves out who did not agree; --no-purpose exports everyone, to what reaches nobody",
        )


def _export(console: Console, config: Any, request: Any, target: Any) -> None:
    room, opening = part("exporting.run"), part("exporting.opening")
    room.check_request(request)
    published = part("api").open_published(config)
    home = part("runs.home").Home(config.root.resolve())
    if target is not None:
        part("exporting.writing").check_target(target)
    state = part("exporting.delta").state_file(home, target.delta) if target and target.delta else None
    types = {s: f.type for f in part("config.fields").golden_fields(config.sources) for s in f.slots}
    with ExitStack() as stack:
        stack.enter_context(part("runs.disk").translated(home.root))
        stack.enter_context(opening.alone(state) if state else nullcontext())
        work = stack.enter_context(opening.work_folder(home))
        engine = stack.enter_context(reading(published, lambda p: opening.open_engine(p.run_dir, p.tables, home, work)))
        known = {s: t for s, t in types.items() if s in engine.columns("golden_customer")}
        told, names = room.select_rows(engine, published.run_id, request, known)
        if target is None:
            rows = engine.select("SELECT * FROM export_row ORDER BY customer_id")
            next(rows)
            console.rows(names, _rows(rows))
            console.say(_sentence(told.counts))
            return
        told = room.write_export(engine, told, target, work, state)
    if not console.settings.quiet or not console.reads_tables:
        console.rows(("customers", "number"), list(told.counts.items()))
    console.say(f"{told.path} written from run {told.run_id}")


def _rows(batches: Iterator[Any]) -> Iterator[tuple[Any, ...]]:
    for batch in batches:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _sentence(counts: Any) -> str:
    left = ", ".join(f"{n:,} {what}" for what, n in counts.items() if what not in ("customers", "exported") and n)
    return f"{counts['exported']:,} of {counts['customers']:,} customers" + (f"; left out: {left}" if left else "")


def _moment(as_of: str | None, timezone: str) -> datetime:
    """UTC without zone; a date is read by the clock of the profile."""
    if as_of is None:
        return datetime.now(UTC).replace(tzinfo=None)
    found: datetime = part("stages.profile.moment").read_moment(as_of, timezone)
    return found


def _key(console: Console, path: Path | None) -> bytes:
    """The key, from its file or the environment; never from the command line, which others can read."""
    if path is None:
        text = os.environ.get(_KEY, "")
        if not text:
            raise UsageError(
                "pseudonyms need a key", hint=f"set {_KEY}, or give --key-file", code=ErrorCode.PSEUDONYM_KEY
            )
        return text.encode()
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        console.complain(f"{path}: others than you can read the key; chmod 600 keeps it yours", style="yellow")
    return path.read_bytes().strip()

"""`cxid export`: customers for another system."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from cxid.cli._console import Console, console_of
from cxid.cli._progress import working
from cxid.cli._project import library, load_config
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
    if delta is not None and to is None:
        raise UsageError("a delta goes into a file", hint="give --to PATH")
    if delta is None and (restart or overwrite):
        raise UsageError("--restart and --overwrite go with --delta", hint="without --delta the file is replaced")
    wanted: dict[str, Any] = {
        "purpose": purpose, "channel": channel, "no_purpose": no_purpose, "where": where, "masked": masked,
        "columns": tuple(c.strip() for c in (columns or "").split(",") if c.strip()), "as_of": as_of,
        "key": _key(console, key_file) if pseudonymise else None,
    }  # fmt: skip
    config, room = load_config(console.settings), library("export")
    if to is not None:
        file = {"delta": delta, "restart": restart, "overwrite": overwrite}
        with working(console, "choosing customers") as progress:
            told = room.export(config, to, file, wanted, progress)
        if not console.settings.quiet or not console.reads_tables:
            console.rows(("customers", "number"), list(told.counts.items()))
        console.say(f"{told.path} written from run {told.run_id}")
        return
    with room.selected(config, wanted) as (engine, told):
        rows = engine.select("SELECT * FROM export_row ORDER BY customer_id")
        next(rows)
        console.rows(told.columns, _rows(rows))
        console.say(_sentence(told.counts))


def _rows(batches: Iterator[Any]) -> Iterator[tuple[Any, ...]]:
    for batch in batches:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _sentence(counts: Any) -> str:
    left = ", ".join(f"{n:,} {what}" for what, n in counts.items() if what not in ("customers", "exported") and n)
    return f"{counts['exported']:,} of {counts['customers']:,} customers" + (f"; left out: {left}" if left else "")


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

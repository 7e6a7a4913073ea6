"""`cxid check`: the config against the files, before anything is built."""

from __future__ import annotations

from typing import Any

import typer

from cxid.cli._console import Console, console_of
from cxid.cli._options import Format
from cxid.cli._project import load_config
from cxid.cli._registry import part
from cxid.errors import ExitCode

_STYLE = {"error": "red", "warning": "yellow", "note": "cyan"}


def command(ctx: typer.Context) -> int:
    """Compare the config with the files; match nothing.

    Every fault is told at once with its line in cxid.yml: a column that a file lacks, a key that is not
    unique, a date format that the values do not fit. Exits 2 for a fault of the config, 4 for one of the input.
    """
    console = console_of(ctx)
    config = load_config(console.settings)
    findings = list(part("checking").check_config(config))
    if console.settings.output is Format.TABLE:
        _tell(console, findings)
    else:
        names = ("severity", "file", "line", "column", "path", "message", "hint")
        console.rows(names, ([_text(getattr(f, n, "")) for n in names] for f in findings))
    errors = [f for f in findings if str(f.severity) == "error"]
    if not errors:
        sources = len(config.sources)
        console.say(f"{config.file}: {sources} source{'s' if sources != 1 else ''}, no errors", style="green")
        console.next("cxid build")
    return max((_code(f) for f in errors), default=int(ExitCode.DONE))


def _tell(console: Console, findings: list[Any]) -> None:
    for found in findings:
        place = f"{found.file}:{found.line}:{found.column}" if found.line else str(found.file)
        path = f" {found.path}:" if getattr(found, "path", "") else ""
        console.complain(f"{place}:{path} {found.severity}: {found.message}", style=_STYLE.get(str(found.severity), ""))
        if found.hint:
            console.complain(f"  next: {found.hint}", style="")


def _code(found: Any) -> int:
    return int(getattr(found, "exit_code", ExitCode.INPUT))


def _text(value: Any) -> Any:
    return value if isinstance(value, int) else str(value)

"""`cxid check`: the config against the files, before anything is built."""

from __future__ import annotations

from typing import Any

import typer

from cxid.cli._console import Console, console_of
from cxid.cli._options import Format
from cxid.cli._project import library, load_config
from cxid.errors import ExitCode

_NAMES = ("severity", "code", "file", "line", "column", "path", "message", "hint")
_STYLE = {"error": "red", "warning": "yellow"}


def command(ctx: typer.Context) -> int:
    """Compare the config with the files; match nothing.

    Every fault is told at once with its line in cxid.yml: a column that a file lacks, a key that is not
    unique, a date format that the values do not fit. Exits 2 for a fault of the config, 4 for one of the input, 1
    where more rows would be rejected than may be.
    """
    console = console_of(ctx)
    config = load_config(console.settings)
    findings = library("check").check(config)
    if console.settings.output is Format.TABLE:
        _tell(console, findings)
    else:
        console.rows(_NAMES, (row.values() for row in findings.to_list()))
    errors = findings.errors
    if not errors:
        sources = len(config.sources)
        console.say(f"{config.file}: {sources} source{'s' if sources != 1 else ''}, no errors", style="green")
        console.next("cxid build")
    return int(max((f.exit_code for f in errors), default=ExitCode.DONE))


def _tell(console: Console, findings: Any) -> None:
    for found in findings:
        severity = found.severity.value
        place = f"{found.file}:{found.line}:{found.column}" if found.line else str(found.file)
        path = f" {found.path}:" if found.path else ""
        tell = console.complain if severity == "error" else console.say
        tell(f"{place}:{path} {severity}[{found.code}]: {found.message}", style=_STYLE.get(severity, ""))
        if found.hint:
            tell(f"  next: {found.hint}", style="")

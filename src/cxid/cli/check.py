"""`cxid check`: the config against the files, before anything is built."""

from __future__ import annotations

from typing import Any

import typer

from cxid.cli._console import Console, console_of
from cxid.cli._options import Format
from cxid.cli._project import load_config
from cxid.cli._registry import part
from cxid.errors import ExitCode

_NAMES = ("severity", "code", "file", "line", "column", "path", "message", "hint")
_STYLE = {"error": "red", "warning": "yellow"}


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
        console.rows(_NAMES, ([_plain(getattr(f, n, "")) for n in _NAMES] for f in findings))
    errors = [f for f in findings if _severity(f) == "error"]
    if not errors:
        sources = len(config.sources)
        console.say(f"{config.file}: {sources} source{'s' if sources != 1 else ''}, no errors", style="green")
        console.next("cxid build")
    return max((_code(f) for f in errors), default=int(ExitCode.DONE))


def _tell(console: Console, findings: list[Any]) -> None:
    for found in findings:
        severity = _severity(found)
        place = f"{found.file}:{found.line}:{found.column}" if found.line else str(found.file)
        path = f" {found.path}:" if getattr(found, "path", "") else ""
        tell = console.complain if severity == "error" else console.say
        tell(f"{place}:{path} {severity}[{found.code}]: {found.message}", style=_STYLE.get(severity, ""))
        if found.hint:
            tell(f"  next: {found.hint}", style="")


def _severity(found: Any) -> str:
    return str(_plain(found.severity))


def _code(found: Any) -> int:
    return int(getattr(found, "exit_code", ExitCode.USAGE))


def _plain(value: Any) -> Any:
    value = getattr(value, "value", value)
    return value if isinstance(value, int) else str(value)

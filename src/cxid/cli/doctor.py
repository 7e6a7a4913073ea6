"""`cxid doctor`: this machine and this project, with what to do for each finding."""

from __future__ import annotations

import typer

from cxid.cli._console import console_of
from cxid.cli._project import library
from cxid.errors import ExitCode


def command(ctx: typer.Context) -> int:
    """Check this machine and this project for trouble.

    Versions, memory, processors, disk, permissions, locale, the database engine, the config and the lock,
    each with what to do about it. Works without a project too. Exits 2 when something will stop a build.
    """
    console = console_of(ctx)
    settings = console.settings
    checks = library("doctor").doctor(settings.project, settings.target)
    console.rows(("check", "status", "detail", "next"), [(c.name, c.status, c.detail, c.next) for c in checks])
    errors, warnings = checks.errors, checks.warnings
    if errors:
        console.complain(f"{errors} to mend, {warnings} to know")
        return int(ExitCode.USAGE)
    console.say(f"nothing to mend, {warnings} to know" if warnings else "nothing to mend", style="green")
    return int(ExitCode.DONE)

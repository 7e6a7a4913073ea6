"""The command line: `main` is what `cxid` runs."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from typer._completion_classes import completion_init

from cxid import __version__
from cxid.cli._errors import explain
from cxid.cli._group import CommandGroup
from cxid.cli._options import Invocation, invocation_of
from cxid.errors import ExitCode

app = typer.Typer(
    name="cxid",
    cls=CommandGroup,
    add_completion=False,  # `cxid completion` does it, with fewer words in the help
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
    epilog="Example: cxid demo acme && cxid build -C acme && cxid report -C acme",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"cxid {__version__}\n")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _cxid(
    ctx: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """One golden record and one profile per customer, from every system that knows them."""
    invocation_of(ctx).command = ctx.invoked_subcommand or ""
    if ctx.invoked_subcommand is None:
        sys.stdout.write(ctx.get_help() + "\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    _open_streams()
    code = run(sys.argv[1:] if arguments is None else arguments)
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        _abandon_stdout()
    except OSError as error:  # stdout stands on a full disk, say: what we wrote did not arrive
        code = explain(error, project=Path(), command="") if code == 0 else code
        _abandon_stdout()
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run the command line; the exit code comes back, messages are on stderr."""
    invocation = Invocation()
    if "_CXID_COMPLETE" in os.environ:
        completion_init()
    try:
        result = typer.main.get_command(app).main(
            args=list(arguments), prog_name="cxid", standalone_mode=False, obj=invocation
        )
    except BrokenPipeError:  # who reads our output has seen enough
        _abandon_stdout()
        return int(ExitCode.DONE)
    except SystemExit as error:
        if isinstance(error.__context__, BrokenPipeError):  # the library saw it first
            _abandon_stdout()
            return int(ExitCode.DONE)
        return error.code if isinstance(error.code, int) else int(ExitCode.DONE)
    except (Exception, KeyboardInterrupt) as error:
        return explain(error, project=invocation.settings.project, command=invocation.command)
    return result if isinstance(result, int) else int(ExitCode.DONE)


def _open_streams() -> None:
    """Give closed standard streams a place, and let no character that a stream cannot write stop the command."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        continue
    os.close(descriptor)
    sys.stdin = sys.stdin or Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _abandon_stdout() -> None:
    """Nothing more can be written: what Python would flush at exit goes nowhere."""
    sink = os.open(os.devnull, os.O_WRONLY)
    for stream, descriptor in ((sys.stdout, 1), (sys.stderr, 2)):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError):
                os.dup2(sink, descriptor)
    os.close(sink)

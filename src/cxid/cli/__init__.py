"""The command line: `main` is what `cxid` runs."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer
from typer._completion_classes import completion_init

from cxid import __version__
from cxid.cli._errors import explain
from cxid.cli._group import CommandGroup
from cxid.cli._options import Invocation, invocation_of
from cxid.errors import ExitCode, UsageError

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
    _take_signals()
    code = run(sys.argv[1:] if arguments is None else arguments)
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        _abandon_stdout()
    except OSError as error:  # stdout stands on a full disk, say: what we wrote did not arrive
        lost = OSError(error.errno, error.strerror, "standard output")
        code = explain(lost, project=Path(), command="") if code == 0 else code
        _abandon_stdout()
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run the command line; the exit code comes back, messages are on stderr."""
    invocation = Invocation()
    if "_CXID_COMPLETE" in os.environ:
        completion_init()
    try:
        _require_text(arguments)
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


def _require_text(arguments: Sequence[str]) -> None:
    """Raises UsageError for words of another encoding: they could be compared with nothing, nor be said again."""
    try:
        "".join(arguments).encode()
    except UnicodeEncodeError as error:
        hint = "set the terminal to UTF-8; rename a folder or file whose name is in another encoding"
        raise UsageError("a word of the command is not UTF-8 text", hint=hint) from error


def _open_streams() -> None:
    """Give closed standard streams a place, and let no character that a stream cannot write stop the command."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        continue
    os.close(descriptor)
    sys.stdin = sys.stdin or Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    talk = io.BufferedWriter(_Talk(2, "w", closefd=False))
    sys.stderr = io.TextIOWrapper(talk, encoding=sys.stderr.encoding, errors="backslashreplace", line_buffering=True)


class _Talk(io.FileIO):
    """A descriptor for talk: what nobody can read any more is lost, and no build stops for it."""

    def write(self, data: Any) -> int:
        try:
            return super().write(data) or 0
        except OSError:
            return len(data)


def _take_signals() -> None:
    """Ctrl-C and SIGTERM end the command in order, so that temporary files go; a build has its own handlers."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number, handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGTERM, _terminate)):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)


def _terminate(number: int, frame: FrameType | None) -> None:
    raise SystemExit(int(ExitCode.TERMINATED))


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

"""From an exception to a message, a next step and an exit code. A bug leaves a crash file without personal data."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

import typer

from cxid import __version__
from cxid.cli._grid import paint
from cxid.cli._terminal import look_at
from cxid.errors import ConfigError, CxidError, ExitCode
from cxid.privacy import terminal_text

# What the command-line library raises for a wrong option or argument: the bases of its public BadParameter.
UsageFault: type[Exception] = typer.BadParameter.__mro__[1]
ClickFault: type[Exception] = typer.BadParameter.__mro__[2]


def tell(message: str, *, hint: str = "", label: str = "error: ") -> None:
    """Say on stderr what is wrong and what to do next; lines that start with their own place need no label."""
    terminal = look_at(sys.stderr, os.environ)
    lines = message.splitlines() or [message]
    for number, line in enumerate(lines):
        lead = paint(label, "bold red", terminal) if number == 0 else ""
        sys.stderr.write(lead + terminal_text(line) + "\n")
    if hint:
        sys.stderr.write(paint("next:", "bold", terminal) + " " + terminal_text(hint) + "\n")


def explain(error: BaseException, *, project: Path, command: str) -> int:
    """The exit code for an exception, after telling what can be done about it."""
    if isinstance(error, CxidError) and error.exit_code is not ExitCode.BUG:
        tell(error.message, hint=error.hint, label="" if isinstance(error, ConfigError) else "error: ")
        return int(error.exit_code)
    if isinstance(error, ClickFault):
        return _usage(error)
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        tell("interrupted")
        return int(ExitCode.INTERRUPTED)
    if isinstance(error, OSError) and (code := _system(error)) is not None:
        return code
    if isinstance(error, MemoryError):
        tell("out of memory", hint="give the build less data at once, or a machine with more memory")
        return int(ExitCode.RESOURCES)
    file = write_crash_file(error, project=project, command=command)
    place = str(file) if file else "nowhere: no folder could be written"
    tell(
        f"a bug in cxid ({type(error).__name__})",
        hint=f"report it with {place}; the file holds places in the code and no data",
    )
    return int(ExitCode.BUG)


def _usage(error: Exception) -> int:
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "cxid"
    tell(_one_line(message), hint=f"`{path} --help` shows what it takes")
    return int(ExitCode.USAGE)


def _one_line(message: str) -> str:
    text = " ".join(message.split()).rstrip(".")
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _system(error: OSError) -> int | None:
    """Faults of the file system that no part of cxid has put into words, None for others."""
    where = error.filename if isinstance(error.filename, str) else "a file"
    reason = (error.strerror or "failed").lower()
    if isinstance(error, PermissionError) or error.errno == 30:  # EROFS
        tell(f"{where}: {reason}", hint="give yourself access to it, or work on a copy")
        return int(ExitCode.USAGE)
    if error.errno in (28, 122):  # ENOSPC, EDQUOT
        tell(f"{where}: {reason}", hint="free disk space and run again")
        return int(ExitCode.RESOURCES)
    if (
        isinstance(error, FileNotFoundError | NotADirectoryError | IsADirectoryError | FileExistsError)
        and error.filename
    ):
        tell(f"{where}: {reason}", hint="check the path")
        return int(ExitCode.USAGE)
    if isinstance(error, FileNotFoundError):  # it has no name: the folder that we stand in
        tell("the current folder is gone", hint="change to a folder that exists")
        return int(ExitCode.USAGE)
    return None


def write_crash_file(error: BaseException, *, project: Path, command: str) -> Path | None:
    """A new file with versions, error classes and code places; None when no folder can be written.

    It lies in the project's .cxid, or in the temporary folder where there is no project.

    Messages, values of variables and arguments stay out: any of them may quote the data.
    """
    text = crash_text(error, command=command)
    name = f"crash-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    base = project.parent if project.is_file() else project
    for folder in (base / ".cxid", Path(tempfile.gettempdir())):
        try:
            if folder.name == ".cxid" and (base / "cxid.yml").is_file():
                folder.mkdir(mode=0o700, exist_ok=True)
            descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError:
            continue
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        return folder / name
    return None


def crash_text(error: BaseException, *, command: str) -> str:
    """What a crash file says."""
    lines = [
        f"cxid {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}",
        f"command: {command}",
    ]
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        kind = type(current)
        lines += ["", f"{kind.__module__}.{kind.__qualname__}"]
        for frame in traceback.extract_tb(current.__traceback__):
            lines.append(f"  {_module_place(frame.filename)}:{frame.lineno} in {frame.name}")
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\n".join(lines) + "\n"


def _module_place(filename: str) -> str:
    """The file within its package: where it is installed may name a person."""
    parts = Path(filename).parts
    for anchor in ("site-packages", "src", f"python{sys.version_info[0]}.{sys.version_info[1]}"):
        if anchor in parts:
            return "/".join(parts[len(parts) - parts[::-1].index(anchor) :])
    return parts[-1] if parts else "?"

"""From an exception to a message, a next step and an exit code. A bug leaves a crash file without personal data."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import typer

from cxid import __version__
from cxid.cli._grid import fold, paint
from cxid.cli._terminal import Terminal, look_at
from cxid.errors import ConfigError, CxidError, ErrorCode
from cxid.privacy import terminal_text

# What the command-line library raises for a wrong option or argument: the bases of its public BadParameter.
UsageFault: type[Exception] = typer.BadParameter.__mro__[1]
ClickFault: type[Exception] = typer.BadParameter.__mro__[2]


def tell(message: str, code: ErrorCode, *, hint: str = "", places: Sequence[str] = ()) -> None:
    """Say on stderr what is wrong and what to do next: `places` first, then one line `error[code]: message`."""
    terminal = look_at(sys.stderr, os.environ)
    for place in places:
        _write("", place, "", terminal)
    first, *rest = message.splitlines() or [message]
    _write(f"error[{code}]:", first, "bold red", terminal)
    for line in rest:
        _write("", line, "", terminal)
    first, *rest = hint.splitlines() or [""]
    if first:
        _write("next:", first, "bold", terminal)
    for line in rest:
        _write("", line, "", terminal)


def _write(label: str, text: str, style: str, terminal: Terminal) -> None:
    """A line of talk behind its label, folded on a terminal."""
    line = terminal_text(f"{label} {text}" if label else text)
    first, *rest = fold(line, terminal.width) if terminal.is_tty else [line]
    lead = paint(label, style, terminal) + first.removeprefix(label)
    sys.stderr.write("\n".join([lead, *rest]) + "\n")


def explain(error: BaseException, *, project: Path, command: str) -> int:
    """The exit code for an exception, after telling what can be done about it."""
    if isinstance(error, ConfigError):
        count = len(error.problems)
        said = f"{error.file}: {count} fault{'s' if count != 1 else ''}"
        tell(said, error.code, hint=error.hint, places=error.message.splitlines())
        return int(error.exit_code)
    if isinstance(error, CxidError) and error.code is not ErrorCode.BUG:
        tell(error.message, error.code, hint=error.hint)
        return int(error.exit_code)
    if isinstance(error, ClickFault):
        return _usage(error, command)
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        return _told("interrupted", ErrorCode.INTERRUPTED)
    if isinstance(error, OSError) and (code := _system(error)) is not None:
        return code
    if isinstance(error, MemoryError):
        hint = "give the build less data at once, or a machine with more memory"
        return _told("out of memory", ErrorCode.MEMORY, hint)
    file = write_crash_file(error, project=project, command=command)
    place = str(file) if file else "nowhere: no folder could be written"
    return _told(
        f"a bug in cxid ({type(error).__name__})",
        ErrorCode.BUG,
        f"report it with {place}; the file holds places in the code and no data",
    )


def _told(message: str, code: ErrorCode, hint: str = "") -> int:
    """The exit code of an error, told now."""
    tell(message, code, hint=hint)
    return int(code.exit_code)


def _usage(error: Exception, command: str) -> int:
    path = f"cxid {command}".rstrip()
    hint = f"`{path} --help` shows what it takes"
    close = getattr(error, "possibilities", None)  # an option that there is not has them, or None
    if hasattr(error, "possibilities") and hasattr(error, "option_name"):
        hint = f"did you mean {' or '.join(sorted(close))}? {hint}" if close else hint
        return _told(f"{path} has no option {error.option_name}", ErrorCode.USAGE, hint)
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    return _told(_one_line(message), ErrorCode.USAGE, hint)


def _one_line(message: str) -> str:
    text = " ".join(message.split()).rstrip(".").replace("Value error, ", "")
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _system(error: OSError) -> int | None:
    """Faults of the file system that no part of cxid has put into words, None for others."""
    where = error.filename if isinstance(error.filename, str) else "a file"
    reason = (error.strerror or "failed").lower()
    if isinstance(error, PermissionError) or error.errno == 30:  # EROFS
        return _told(f"{where}: {reason}", ErrorCode.NO_PERMISSION, "give yourself access to it, or work on a copy")
    if error.errno in (28, 122):  # ENOSPC, EDQUOT
        return _told(f"{where}: {reason}", ErrorCode.DISK_FULL, "free disk space and run again")
    if (
        isinstance(error, FileNotFoundError | NotADirectoryError | IsADirectoryError | FileExistsError)
        and error.filename
    ):
        return _told(f"{where}: {reason}", ErrorCode.PATH_INVALID, "check the path")
    if isinstance(error, FileNotFoundError):  # it has no name: the folder that we stand in
        return _told("the current folder is gone", ErrorCode.PATH_INVALID, "change to a folder that exists")
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

"""Every error a user can meet, with its exit code and the next step.

One family: `CxidError`. The command line prints `message`, then `hint`, and exits with `exit_code`;
a library caller catches the class. Messages never carry a value from the data, only names and places.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """What the process's exit status means (the table in docs/reference/exit-codes.md is made from this)."""

    DONE = 0  # done
    GATE_FAILED = 1  # ran, and a gate failed: nothing published
    USAGE = 2  # usage or config error
    PARTIAL = 3  # partial, with --keep-going
    INPUT = 4  # input data: missing, unreadable, contract broken, or not reconciled
    RESOURCES = 5  # memory, disk, time limit
    CHANGES = 10  # with --exit-code: plan or diff found changes
    LOCKED = 11  # another build holds the lock
    STATE_VERSION = 12  # state written by another version
    BUG = 70  # a bug in cxid
    INTERRUPTED = 130  # Ctrl-C
    TERMINATED = 143  # SIGTERM


class CxidError(Exception):
    """A failure that the user can act on.

    `message` says what is wrong and where, `hint` what to do next.
    """

    exit_code: ExitCode = ExitCode.BUG

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class GateError(CxidError):
    """The build ran and a configured limit was passed; nothing was published."""

    exit_code = ExitCode.GATE_FAILED


class UsageError(CxidError):
    """The command line asks for something that does not exist or does not fit."""

    exit_code = ExitCode.USAGE


@dataclass(frozen=True, order=True)
class ConfigProblem:
    """One fault in a config file. Line and column count from 1; 0 where the place is unknown."""

    line: int
    column: int
    path: str  # dotted, e.g. sources.crm.key
    message: str

    def render(self, file: str) -> str:
        place = f"{file}:{self.line}:{self.column}" if self.line else file
        return f"{place}: {self.path}: {self.message}" if self.path else f"{place}: {self.message}"


class ConfigError(CxidError):
    """The config file is wrong. Carries every problem at once, in file order."""

    exit_code = ExitCode.USAGE

    def __init__(self, file: str, problems: list[ConfigProblem], *, hint: str = "") -> None:
        self.file = file
        self.problems = sorted(problems)
        super().__init__("\n".join(p.render(file) for p in self.problems), hint=hint)


class InputError(CxidError):
    """An input file is missing, unreadable, breaks its contract or does not reconcile."""

    exit_code = ExitCode.INPUT


class ContractError(CxidError):
    """A table between two stages is not what its contract says: a bug, found before it spread."""

    exit_code = ExitCode.BUG


class ResourceError(CxidError):
    """Memory, disk or time ran out; what was published before is untouched."""

    exit_code = ExitCode.RESOURCES


class LockError(CxidError):
    """Another build of this project is running."""

    exit_code = ExitCode.LOCKED


class StateVersionError(CxidError):
    """State on disk was written by a version of cxid that this one cannot read."""

    exit_code = ExitCode.STATE_VERSION


class Interrupted(CxidError):
    """Ctrl-C: stopped, nothing half published."""

    exit_code = ExitCode.INTERRUPTED


class Terminated(CxidError):
    """SIGTERM: stopped, nothing half published."""

    exit_code = ExitCode.TERMINATED

"""Every error a user can meet, with its code, its exit code and the next step.

One family: `CxidError`. The command line prints `error[code]: message`, then `hint`, and exits with the exit code
that the code has; a library caller catches the class or tests `code`. Messages never carry a value from the data,
only names and places.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum


class ExitCode(IntEnum):
    """What the process's exit status means (the table in docs/reference/exit-codes.md is made from this)."""

    DONE = 0  # done
    GATE_FAILED = 1  # ran, and a limit of `checks` was passed: nothing published
    USAGE = 2  # the command line, cxid.yml or decisions.csv is wrong
    INPUT = 4  # an input file or a run is missing, unreadable, or not as it should be
    RESOURCES = 5  # memory or disk space ran out
    CHANGES = 10  # with --exit-code: plan or diff found changes
    LOCKED = 11  # another command is writing in this project
    STATE_VERSION = 12  # `.cxid` was written by a newer version
    BUG = 70  # a bug in cxid; it leaves a crash file
    INTERRUPTED = 130  # interrupted by Ctrl-C
    TERMINATED = 143  # terminated by SIGTERM


class ErrorCode(Enum):
    """The kinds of situation that end a command: exit code, what it means, what to do.

    A code is for good: scripts test it. Messages may be worded anew, codes are not.
    """

    LIMIT_PASSED = (
        ExitCode.GATE_FAILED,
        "The build ran, and a limit of `checks` in cxid.yml was passed. Nothing was published.",
        "Look at what changed: the message names the command. Mend the input or raise the limit; a limit that the "
        "message offers for it can be accepted for one run with `cxid build --accept`.",
    )
    USAGE = (
        ExitCode.USAGE,
        "A command, an argument, an option or its value does not exist, or does not go with the others.",
        "`cxid COMMAND --help` shows what the command takes.",
    )
    CONFIG = (
        ExitCode.USAGE,
        "cxid.yml has faults. All of them are told, in the order of the file, as `file:line:column: key: fault`.",
        "Correct each at its place. `cxid schema --write` gives an editor the keys that are allowed.",
    )
    CONFIG_MISSING = (
        ExitCode.USAGE,
        "There is no cxid.yml in this folder.",
        "`cxid init DATA...` writes one; `--project DIR` names the folder of another project.",
    )
    TARGET_UNKNOWN = (
        ExitCode.USAGE,
        "`--target` names a part that `targets` in cxid.yml does not have.",
        "Choose one of those that the message lists, or add it.",
    )
    NO_BUILD = (
        ExitCode.USAGE,
        "Nothing was published in this project yet, and the command reads what is published.",
        "Run `cxid build`.",
    )
    RUN_UNKNOWN = (
        ExitCode.USAGE,
        "No run fits the name, or several do, or there is no earlier one.",
        "`cxid runs` lists the runs; the first letters of a name are enough where no other run shares them.",
    )
    RUN_INCOMPLETE = (
        ExitCode.USAGE,
        "The run lacks something that the command reads: another version made it, it was not finished, or parts of it "
        "were cleaned away.",
        "Run `cxid build`, or name a run that is whole.",
    )
    PLAN_OUTDATED = (
        ExitCode.USAGE,
        "The run that `--accept` names was planned for inputs, a config or a program that are others by now.",
        "`cxid plan` shows what a build would change today.",
    )
    CUSTOMER_UNKNOWN = (
        ExitCode.USAGE,
        "No customer and no record of the published run fits the reference, or the record is not one of this customer.",
        "`cxid find TEXT` searches names and identifiers. A customer id of the past is told with what became of it.",
    )
    REFERENCE_INVALID = (
        ExitCode.USAGE,
        "The text is no reference to a customer or a record.",
        "Write `cx_...`, `source:key` or `field=value`, for example `email=ann@example.com`.",
    )
    REFERENCE_AMBIGUOUS = (
        ExitCode.USAGE,
        "Several customers fit the reference, and the command needs one.",
        "Name one of them by its id; `cxid show` with the same reference lists them.",
    )
    SOURCE_UNKNOWN = (
        ExitCode.USAGE,
        "cxid.yml has no source of this name, or none of kind people.",
        "Choose one of those that the message lists.",
    )
    COLUMN_UNKNOWN = (
        ExitCode.USAGE,
        "No field, identifier or column has this name.",
        "Choose one of those that the message lists; docs/reference/tables.md has them all.",
    )
    TRIGGER_UNKNOWN = (
        ExitCode.USAGE,
        "`triggers` in cxid.yml has no trigger of this name.",
        "Choose one of those that the message lists, or add it.",
    )
    CONDITION = (
        ExitCode.USAGE,
        "A condition over the profile cannot be read, or compares what does not compare.",
        "The message says at which character. docs/how-to/triggers.md shows how conditions are written.",
    )
    SQL = (
        ExitCode.USAGE,
        "A query cannot be run: the database does not understand it, or it would write.",
        '`cxid query "SHOW TABLES"` lists the tables, `cxid query "DESCRIBE profile"` the columns of one.',
    )
    CONSENT_UNKNOWN = (
        ExitCode.USAGE,
        "An export asks for a purpose or a channel of which no consent speaks.",
        "Choose one of those that the message lists, or map a source of kind consent: docs/how-to/consent.md.",
    )
    DECISIONS = (
        ExitCode.USAGE,
        "decisions.csv cannot be read, or a decision cannot be written to it.",
        "Correct the lines that the message names; docs/reference/decisions.md says what each column holds.",
    )
    DECISION_CONFLICT = (
        ExitCode.USAGE,
        "A decision contradicts what is decided already. Nothing was written.",
        "Take back the older decision that the message names, or leave this one.",
    )
    SHEET_INVALID = (
        ExitCode.USAGE,
        "A file that a person filled in (a sheet of review, a sample of eval, a list for unlink) has lines that cannot "
        "be understood, or holds no answer.",
        "Correct the lines that the message names, and hand the file in again.",
    )
    FILE_EXISTS = (
        ExitCode.USAGE,
        "The file or folder to write is there already, and what it holds would be lost.",
        "Move it away or name another; some commands have an option that writes over it.",
    )
    PATH_INVALID = (
        ExitCode.USAGE,
        "A path of the command line is not there, or is a folder where a file is needed, or the other way round.",
        "Check the path; cxid makes no folder that it was not asked for.",
    )
    NO_PERMISSION = (
        ExitCode.USAGE,
        "The system does not let this user read or write at a place.",
        "Give the user access to it, or work on a copy.",
    )
    FOLDER_UNUSABLE = (
        ExitCode.USAGE,
        "The project's folder, `.cxid` or `outputs.dir` cannot be used: something else has its place, a link leads "
        "nowhere, or its path has a character that the database cannot open.",
        "Move or rename what is in the way, or name another folder.",
    )
    NO_TERMINAL = (
        ExitCode.USAGE,
        "The command asks questions at a terminal, and there is none.",
        "`cxid review export FILE` writes the questions to fill in, `cxid review import FILE` takes the answers.",
    )
    PSEUDONYM_KEY = (
        ExitCode.USAGE,
        "Pseudonyms were asked for, and there is no key to make them with, or it is too short to be a secret.",
        "Make one with `openssl rand -hex 32`, and give it in CXID_EXPORT_KEY or with `--key-file`.",
    )
    FILE_MISSING = (
        ExitCode.INPUT,
        "No file fits a path or a pattern.",
        "Check the path. Those in cxid.yml count from its folder, those of a command from where it runs.",
    )
    FILE_UNREADABLE = (
        ExitCode.INPUT,
        "A file cannot be read as what it is said to be: damaged, cut short, of another format, or not open to this "
        "user.",
        "Copy or export it again; `format` of the source says what it is when its name does not.",
    )
    FILE_EMPTY = (
        ExitCode.INPUT,
        "A file has no row: no bytes, blank lines alone, or a header and nothing else.",
        "Export it again, or take it out of cxid.yml.",
    )
    ENCODING = (
        ExitCode.INPUT,
        "A text file is not in the encoding that its source says.",
        "The message names one that fits its bytes: say `encoding` of this source.",
    )
    HEADER = (
        ExitCode.INPUT,
        "The first line of a file is not the header that it should be: a name stands twice, there is none, or it does "
        "not go with `header` in cxid.yml.",
        "Correct the file, or `header`, `delimiter` and `quote` of its source.",
    )
    COLUMN_MISSING = (
        ExitCode.INPUT,
        "A file lacks a column that cxid.yml or the command reads from it. The nearest real names are told.",
        "Correct the name in cxid.yml, or export the file with this column.",
    )
    DELIMITER = (
        ExitCode.INPUT,
        "The values of a file are not separated by the sign that its source says.",
        "The message names the sign that fits: say `delimiter` of this source.",
    )
    VALUE_FORMAT = (
        ExitCode.INPUT,
        "Most values of a column are written in another way than its `format` or `decimal` says.",
        "The message names the way that fits: say it at this column.",
    )
    LINES_LOST = (
        ExitCode.INPUT,
        "The lines of a file do not add up to what was read, rejected and skipped. Nothing was published.",
        "Check `delimiter`, `quote` and `escape` of this source.",
    )
    FILE_CHANGED = (
        ExitCode.INPUT,
        "A file was written to while it was read.",
        "Run again when whatever writes it has finished.",
    )
    NO_SOURCE = (
        ExitCode.INPUT,
        "`cxid init` found no file that can be a source.",
        "Name files with a header and rows: CSV, Parquet or JSON lines.",
    )
    RUN_DAMAGED = (
        ExitCode.INPUT,
        "The tables of a run are not as they were written: changed, cut short or gone.",
        "`cxid build --force` makes them anew; `cxid runs` lists other runs.",
    )
    TRUTH_UNFIT = (
        ExitCode.INPUT,
        "The records in a file of true customers are not those of the build, or it gives one record two customers.",
        "Name its columns with `--key-column`, `--source-column` and `--entity-column`, or mend the file.",
    )
    DISK_FULL = (
        ExitCode.RESOURCES,
        "There is no space left where the project or temporary files lie. What was published before is untouched.",
        "Free disk space (`cxid clean` lists what may go) and run again: the build goes on where it stopped.",
    )
    DISK_FAULT = (
        ExitCode.RESOURCES,
        "The disk reports an input or output error.",
        "Check the disk, then run again.",
    )
    MEMORY = (
        ExitCode.RESOURCES,
        "Memory ran out. What was published before is untouched.",
        "Give more with `--memory-limit`, or use a machine with more.",
    )
    TOO_LARGE = (
        ExitCode.RESOURCES,
        "There are more records than one build can number.",
        "Link fewer sources at a time.",
    )
    LOCK_HELD = (
        ExitCode.LOCKED,
        "Another command is writing in this project.",
        "Wait for it to end, then run again. A lock ends with its process: there is nothing to remove.",
    )
    STATE_VERSION = (
        ExitCode.STATE_VERSION,
        "`.cxid` was written by a newer version of cxid.",
        "Use that version, or move `.cxid` away to start afresh: the ids that customers had are then not kept.",
    )
    BUG = (
        ExitCode.BUG,
        "A fault in cxid. Nothing was published.",
        "Report it with the crash file that the message names: it holds places in the code and no data.",
    )
    INTERRUPTED = (
        ExitCode.INTERRUPTED,
        "Stopped by Ctrl-C. Nothing is half published.",
        "Run again: a build goes on where it stopped.",
    )
    TERMINATED = (
        ExitCode.TERMINATED,
        "Stopped by SIGTERM. Nothing is half published.",
        "Run again: a build goes on where it stopped.",
    )

    def __init__(self, exit_code: ExitCode, meaning: str, remedy: str) -> None:
        self.exit_code = exit_code
        self.meaning = meaning
        self.remedy = remedy

    def __str__(self) -> str:
        """As it is printed and tested, e.g. `no_build`."""
        return self.name.lower()


class CxidError(Exception):
    """A failure that the user can act on.

    `message` says what is wrong and where, `hint` what to do next, `code` what kind of situation it is:
    that of the class where none is given.
    """

    code: ErrorCode = ErrorCode.BUG

    def __init__(self, message: str, *, hint: str = "", code: ErrorCode | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code or type(self).code

    @property
    def exit_code(self) -> ExitCode:
        """The exit status of a command that ends with this error."""
        return self.code.exit_code


class GateError(CxidError):
    """The build ran and a configured limit was passed; nothing was published."""

    code = ErrorCode.LIMIT_PASSED


class UsageError(CxidError):
    """The command line asks for something that does not exist or does not fit."""

    code = ErrorCode.USAGE


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
    """A file that a person writes is wrong. Carries every problem at once, in file order."""

    code = ErrorCode.CONFIG

    def __init__(
        self, file: str, problems: list[ConfigProblem], *, hint: str = "", code: ErrorCode | None = None
    ) -> None:
        self.file = file
        self.problems = sorted(problems)
        super().__init__("\n".join(p.render(file) for p in self.problems), hint=hint, code=code)


class InputError(CxidError):
    """An input file is missing, unreadable, breaks its contract or does not reconcile."""

    code = ErrorCode.FILE_UNREADABLE


class ContractError(CxidError):
    """A table between two stages is not what its contract says: a bug, found before it spread."""

    code = ErrorCode.BUG


class ResourceError(CxidError):
    """Memory, disk or time ran out; what was published before is untouched."""

    code = ErrorCode.MEMORY


class LockError(CxidError):
    """Another build of this project is running."""

    code = ErrorCode.LOCK_HELD


class StateVersionError(CxidError):
    """State on disk was written by a version of cxid that this one cannot read."""

    code = ErrorCode.STATE_VERSION


class Interrupted(CxidError):
    """Ctrl-C: stopped, nothing half published."""

    code = ErrorCode.INTERRUPTED


class Terminated(CxidError):
    """SIGTERM: stopped, nothing half published."""

    code = ErrorCode.TERMINATED

"""The commands by name, and the one place from which they and the heavy parts of cxid are loaded.

`cxid --help`, completion and `cxid build --help` have to answer at once, so nothing that they do not
need is imported for them: the list below has the words, a command's module has its options, and
`part` brings in the rest when the command runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from cxid.errors import ExitCode


@dataclass(frozen=True)
class Entry:
    """One command: its heading in the help, the module that has its function `command`, its summary, an example.

    `exits` are the exit codes that it can end with besides those of every command.
    """

    heading: str
    module: str
    summary: str
    example: str
    exits: tuple[ExitCode, ...] = ()


ENDS_ANY = (ExitCode.DONE, ExitCode.USAGE, ExitCode.BUG, ExitCode.INTERRUPTED, ExitCode.TERMINATED)
_WRITES = (ExitCode.RESOURCES,)
_READS_FILES = (ExitCode.INPUT, ExitCode.RESOURCES)
_LOOKS = (*_READS_FILES, ExitCode.STATE_VERSION)
_HOLDS_LOCK = (*_READS_FILES, ExitCode.LOCKED, ExitCode.STATE_VERSION)


COMMANDS: dict[str, Entry] = {
    "init": Entry(
        "Start", "init", "Look at data files and write a config for them.", "cxid init data/*.csv", _READS_FILES
    ),
    "demo": Entry(
        "Start", "demo", "Write a sample company, its truth and its config.", "cxid demo acme --people 20000", _WRITES
    ),
    "check": Entry(
        "Run",
        "check",
        "Compare the config with the files; match nothing.",
        "cxid check",
        (ExitCode.GATE_FAILED, *_READS_FILES),
    ),
    "plan": Entry(
        "Run",
        "plan",
        "Show what a build would do and change; publish nothing.",
        "cxid plan --exit-code",
        (ExitCode.GATE_FAILED, *_READS_FILES, ExitCode.CHANGES, ExitCode.LOCKED, ExitCode.STATE_VERSION),
    ),
    "build": Entry(
        "Run",
        "build",
        "Resolve the customers and publish the outputs.",
        "cxid build --as-of 2026-11-01",
        (ExitCode.GATE_FAILED, *_HOLDS_LOCK),
    ),
    "report": Entry(
        "Look", "report", "Show what a run did, in figures and pictures.", "cxid report --section sources", _LOOKS
    ),
    "show": Entry(
        "Look",
        "show",
        "Show one customer on one page: who, how known, what to do.",
        "cxid show email=ann@example.com",
        _LOOKS,
    ),
    "why": Entry("Look", "why", "Explain why records are one customer or not.", "cxid why crm:1042 web:w-77", _LOOKS),
    "find": Entry(
        "Look", "find", "Search customers by name, identifier or record key.", 'cxid find "ann smith"', _LOOKS
    ),
    "diff": Entry(
        "Look",
        "diff",
        "Show what differs between two runs, and why the figures do.",
        "cxid diff r0006 r0007",
        (*_READS_FILES, ExitCode.CHANGES, ExitCode.STATE_VERSION),
    ),
    "simulate": Entry(
        "Look",
        "simulate",
        "Replay a trigger at past days, and measure its effect where a trial allows it.",
        "cxid simulate win_back --replays 6",
        _LOOKS,
    ),
    "query": Entry(
        "Look",
        "query",
        "Run read-only SQL over the outputs.",
        'cxid query "SELECT sources, count(*) FROM golden_customer GROUP BY sources"',
        _LOOKS,
    ),
    "identify": Entry(
        "Look",
        "identify",
        "Say who somebody is, from identifiers or attributes.",
        "cxid identify email=ann@example.com",
        _LOOKS,
    ),
    "review": Entry(
        "Decide", "review", "Decide pairs and groups in doubt, one by one.", "cxid review --limit 40", _HOLDS_LOCK
    ),
    "link": Entry(
        "Decide", "link", "Decide that records are one person.", "cxid link crm:1042 loyalty:A-77", _HOLDS_LOCK
    ),
    "unlink": Entry(
        "Decide", "unlink", "Decide that records are different people.", "cxid unlink crm:1042 crm:1043", _HOLDS_LOCK
    ),
    "pin": Entry(
        "Decide", "pin", "Decide the golden value of a field.", "cxid pin crm:1042 email=ann@example.com", _HOLDS_LOCK
    ),
    "eval": Entry("Decide", "eval", "Measure how good the published build is.", "cxid eval truth.csv", _LOOKS),
    "runs": Entry(
        "Operate",
        "runs",
        "List the runs of this project, or go back to an earlier one.",
        "cxid runs rollback",
        _HOLDS_LOCK,
    ),
    "clean": Entry(
        "Operate",
        "clean",
        "List what may go from .cxid, and remove it with --yes.",
        "cxid clean --keep 2 --yes",
        (ExitCode.RESOURCES, ExitCode.LOCKED, ExitCode.STATE_VERSION),
    ),
    "export": Entry(
        "Operate",
        "export",
        "Export customers who agreed, whole or what changed.",
        "cxid export --purpose newsletter --channel email --to newsletter.csv",
        _HOLDS_LOCK,
    ),
    "docs": Entry(
        "Operate", "docs", "Describe the tables for dbt, or what a code means.", "cxid docs errors no_build", _LOOKS
    ),
    "doctor": Entry("Operate", "doctor", "Check this machine and this project for trouble.", "cxid doctor"),
    "schema": Entry("Operate", "schema", "Print the JSON Schema of cxid.yml.", "cxid schema --write", _WRITES),
    "completion": Entry(
        "Operate",
        "completion",
        "Print the completion script of a shell.",
        "cxid completion bash > ~/.local/share/bash-completion/completions/cxid",
    ),
}


def command_function(name: str) -> Any:
    """The function behind a command, its module loaded now."""
    return import_module(f"cxid.cli.{COMMANDS[name].module}").command


def part(name: str) -> Any:
    """A heavy part of cxid by its dotted name, e.g. part("api"), loaded now."""
    return import_module(f"cxid.{name}")

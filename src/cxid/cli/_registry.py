"""The commands by name, and the one place from which they and the heavy parts of cxid are loaded.

`cxid --help`, completion and `cxid build --help` have to answer at once, so nothing that they do not
need is imported for them: the list below has the words, a command's module has its options, and
`part` brings in the rest when the command runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Entry:
    """One command: its heading in the help, the module that has its function `command`, its summary, an example."""

    heading: str
    module: str
    summary: str
    example: str


COMMANDS: dict[str, Entry] = {
    "init": Entry("Start", "init", "Look at data files and write a config for them.", "cxid init data/*.csv"),
    "demo": Entry(
        "Start", "demo", "Write a sample company, its truth and its config.", "cxid demo acme --people 20000"
    ),
    "check": Entry("Run", "check", "Compare the config with the files; match nothing.", "cxid check"),
    "plan": Entry("Run", "plan", "Show what a build would do and change; publish nothing.", "cxid plan --exit-code"),
    "build": Entry("Run", "build", "Resolve the customers and publish the outputs.", "cxid build --as-of 2026-11-01"),
    "report": Entry("Look", "report", "Show what a run did, in figures and pictures.", "cxid report --section sources"),
    "show": Entry(
        "Look", "show", "Show one customer: values, sources, timeline, profile.", "cxid show email=ann@example.com"
    ),
    "why": Entry("Look", "why", "Explain why records are one customer or not.", "cxid why crm:1042 web:w-77"),
    "find": Entry("Look", "find", "Search customers by name, identifier or record key.", 'cxid find "ann smith"'),
    "diff": Entry(
        "Look", "diff", "Show what differs between two runs, and why the figures do.", "cxid diff r0006 r0007"
    ),
    "simulate": Entry(
        "Look",
        "simulate",
        "Replay a trigger at past days, and measure its effect where a trial allows it.",
        "cxid simulate win_back --replays 6",
    ),
    "query": Entry(
        "Look",
        "query",
        "Run read-only SQL over the outputs.",
        'cxid query "SELECT sources, count(*) FROM golden_customer GROUP BY sources"',
    ),
    "identify": Entry(
        "Look",
        "identify",
        "Say who somebody is, from identifiers or attributes.",
        "cxid identify email=ann@example.com",
    ),
    "review": Entry("Decide", "review", "Decide pairs and groups in doubt, one by one.", "cxid review --limit 40"),
    "link": Entry("Decide", "link", "Decide that records are one person.", "cxid link crm:1042 loyalty:A-77"),
    "unlink": Entry("Decide", "unlink", "Decide that records are different people.", "cxid unlink crm:1042 crm:1043"),
    "pin": Entry("Decide", "pin", "Decide the golden value of a field.", "cxid pin crm:1042 email=ann@example.com"),
    "eval": Entry("Decide", "eval", "Measure how good the published build is.", "cxid eval truth.csv"),
    "runs": Entry(
        "Operate", "runs", "List the runs of this project, or go back to an earlier one.", "cxid runs rollback"
    ),
    "clean": Entry(
        "Operate", "clean", "List what may go from .cxid, and remove it with --yes.", "cxid clean --keep 2 --yes"
    ),
    "export": Entry(
        "Operate",
        "export",
        "Export customers who agreed, whole or what changed.",
        "cxid export --purpose newsletter --channel email --to newsletter.csv",
    ),
    "docs": Entry("Operate", "docs", "Describe the tables for dbt, or what a code means.", "cxid docs errors no_build"),
    "doctor": Entry("Operate", "doctor", "Check this machine and this project for trouble.", "cxid doctor"),
    "schema": Entry("Operate", "schema", "Print the JSON Schema of cxid.yml.", "cxid schema --write"),
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

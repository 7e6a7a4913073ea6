"""`cxid link`: records or customers that are one person."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Any

import typer

from cxid.cli._console import console_of
from cxid.cli._deciding import DryRun, Named, Project, Reason, Record, When, Who, deciding, signed, write_decisions
from cxid.cli._registry import part
from cxid.errors import UsageError


def command(
    ctx: typer.Context,
    references: Annotated[
        list[str], typer.Argument(metavar="A B", help="Two or more: cx_..., source:key, field=value.")
    ],
    who: Who = None,
    reason: Reason = "",
    when: When = None,
    dry_run: DryRun = False,
) -> None:
    """Decide that records are one person.

    Adds a line to decisions.csv beside the config for each pair; the next build joins them, whatever scores and
    guards say. source:key names that record; a customer is linked by the record that is most like the other.
    Where records are kept apart by a decision, or linked already, the lines that say so are named.
    """
    console = console_of(ctx)
    if len(references) < 2:
        raise UsageError("a link needs two references", hint="cxid link crm:1042 loyalty:A-77")
    with deciding(console) as project:
        named = [project.named(reference) for reference in references]
        rows = [_link(project, a, b) for a, b in pairwise(named)]
        write_decisions(
            project, signed(rows, who=who, when=when, reason=reason, root=project.config.root), dry_run=dry_run
        )
        for a, b in pairwise(named):
            if a.customer_id and a.customer_id == b.customer_id:
                console.say(f"{a.name} and {b.name} are one customer already, {a.customer_id}, and stay it")


def _link(project: Project, a: Named, b: Named) -> Any:
    if a.records == b.records:
        raise UsageError(f"{a.name} and {b.name} are the same", hint="a link needs two")
    if a.customer_id == b.customer_id and a.customer_id and not (a.is_record and b.is_record):
        raise UsageError(
            f"{a.name} and {b.name} are one customer already, {a.customer_id}",
            hint="to keep two of its records together through every build, name both as source:key",
        )
    one, other = _strongest(project, a, b)
    decisions = part("config.decisions")
    return decisions.Decision(0, decisions.Action.LINK, one, other)


def _strongest(project: Project, a: Named, b: Named) -> tuple[Record, Record]:
    """The two records to link: of the pairs that were scored the best, else those that say most of their customers."""
    if a.is_record and b.is_record:
        return a.records[0], b.records[0]
    scored = project.engine.fetch(_BEST_PAIR, {"a": _texts(a.records), "b": _texts(b.records)}).to_pylist()
    if scored:
        best = scored[0]
        ends = (best["source_a"], best["record_key_a"]), (best["source_b"], best["record_key_b"])
        return ends if ends[0] in a.records else (ends[1], ends[0])
    return most_telling(project, a), most_telling(project, b)


def most_telling(project: Project, named: Named) -> Record:
    """The record itself, or of a customer the one that most golden values come from."""
    if named.is_record:
        return named.records[0]
    found = project.engine.fetch(
        "SELECT source, record_key FROM golden_provenance WHERE customer_id = ? GROUP BY source, record_key "
        "ORDER BY count(*) DESC, source, record_key LIMIT 1",
        [named.customer_id],
    ).to_pylist()
    record = (found[0]["source"], found[0]["record_key"]) if found else named.records[0]
    return record if record in named.records else named.records[0]


def _texts(records: Sequence[Record]) -> list[str]:
    return [f"{source}\x1f{key}" for source, key in records]


_BEST_PAIR = """
WITH pair AS (
    SELECT source_a, record_key_a, source_b, record_key_b, weight,
           source_a || chr(31) || record_key_a AS one, source_b || chr(31) || record_key_b AS other FROM match_pair
)
SELECT source_a, record_key_a, source_b, record_key_b FROM pair
WHERE (list_contains($a, one) AND list_contains($b, other)) OR (list_contains($b, one) AND list_contains($a, other))
ORDER BY weight DESC, source_a, record_key_a, source_b, record_key_b LIMIT 1
"""

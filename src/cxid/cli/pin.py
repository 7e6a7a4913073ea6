"""`cxid pin`: a golden value that stands above every rule."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from cxid.cli._console import console_of
from cxid.cli._deciding import DryRun, Reason, When, Who, deciding, signed, write_decisions
from cxid.cli._registry import part
from cxid.cli.link import most_telling
from cxid.errors import ErrorCode, UsageError
from cxid.model import FieldType


def command(
    ctx: typer.Context,
    reference: Annotated[str, typer.Argument(metavar="REF", help="cx_..., source:key, or field=value.")],
    values: Annotated[list[str], typer.Argument(metavar="FIELD=VALUE", help="Columns of golden_customer.")],
    who: Who = None,
    reason: Reason = "",
    when: When = None,
    dry_run: DryRun = False,
) -> None:
    """Decide the golden value of a field, whatever the sources say.

    Adds a line to decisions.csv beside the config. A pin names a record and goes with it when customers merge or
    split; a customer is pinned by the record that most of its golden values come from. Where the records of one
    customer have several pins of a field, the latest counts, and the build names the lines of the others.
    """
    console = console_of(ctx)
    with deciding(console) as project:
        types = {s: f.type for f in part("config.fields").golden_fields(project.config.sources) for s in f.slots}
        wanted = [_value(text, types) for text in values]
        record = most_telling(project, project.named(reference))
        decisions = part("config.decisions")
        rows = [decisions.Decision(0, decisions.Action.PIN, record, None, name, value) for name, value in wanted]
        write_decisions(
            project, signed(rows, who=who, when=when, reason=reason, root=project.config.root), dry_run=dry_run
        )


def _value(text: str, types: dict[str, Any]) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    name, value = name.strip(), value.strip()
    if not equals or not name or not value:
        raise UsageError("a pin is FIELD=VALUE", hint="cxid pin crm:1042 email=ann@example.com")
    if name not in types:
        raise UsageError(
            "no golden column of this name", hint="there are: " + ", ".join(types), code=ErrorCode.COLUMN_UNKNOWN
        )
    if types[name] is FieldType.BIRTH_DATE and not _is_date(value):
        raise UsageError(f"{name} is a date", hint=f"write it as {name}=1980-12-31")
    return name, value


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False

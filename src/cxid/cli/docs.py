"""`cxid docs`: the outputs described for other tools, and what the codes of messages mean."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import typer

from cxid.cli._console import Console, console_of
from cxid.cli._options import Format
from cxid.cli._project import library, load_config
from cxid.cli._registry import part
from cxid.errors import ErrorCode, UsageError


def command(
    ctx: typer.Context,
    what: Annotated[
        str, typer.Argument(metavar="dbt|errors", help="dbt: a sources.yml. errors: what the code of a message means.")
    ],
    code: Annotated[
        str | None,
        typer.Argument(metavar="CODE", help="One code, e.g. no_build; all of them when left out.", show_default=False),
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="PATH", help="A file; stdout when left out.", show_default=False)
    ] = None,
    location: Annotated[
        str | None,
        typer.Option(
            "--location", metavar="TEXT", show_default=False,
            help="Where dbt finds the files, {name} for the table; as published when left out.",
        ),
    ] = None,
) -> None:  # fmt: skip
    """Describe the tables for dbt, or what a code means.

    `cxid docs dbt` is a sources.yml: every published table and column with its meaning, tests (unique, not_null,
    relationships, accepted_values), how personal it is, and the place of its Parquet file for dbt-duckdb.
    `cxid docs errors no_build` says what an error, a warning, a reason of quarantine or a flag means, and what to do.
    """
    console = console_of(ctx)
    if what == "errors":
        _explain_codes(console, code)
    elif what == "dbt" and code is None:
        _describe_for_dbt(console, to, location)
    else:
        raise UsageError(
            f'docs knows no "{what if what != "dbt" else code}"',
            hint="`cxid docs dbt` writes a sources.yml, `cxid docs errors` explains codes",
        )


def _explain_codes(console: Console, name: str | None) -> None:
    codes = list(part("codes").all_codes())
    if name is not None:
        wanted = name.removeprefix("error[").removesuffix("]").lower()
        close = get_close_matches(wanted, [c.name for c in codes], n=3)
        codes = [c for c in codes if c.name == wanted]
        if not codes:
            hint = f"did you mean {' or '.join(close)}?" if close else "`cxid docs errors` lists them"
            raise UsageError(f'no code "{name}"', hint=hint)
    if console.settings.output is not Format.TABLE or not console.screen.is_tty:
        columns = ("kind", "code", "exit_code", "meaning", "remedy")
        console.rows(columns, ((c.kind.value, c.name, c.exit_code, c.meaning, c.remedy) for c in codes))
    elif name is None:
        for kind in dict.fromkeys(c.kind for c in codes):
            console.text(f"{kind.value}s", style="bold")
            console.grid(("", ""), ((c.name, c.meaning) for c in codes if c.kind is kind), indent=2)
            console.text()
    else:
        _draw_code(console, codes[0])


def _draw_code(console: Console, code: Any) -> None:
    ends = f", exit code {code.exit_code}" if code.exit_code is not None else ""
    console.text(f"{code.name}  ({code.kind.value}{ends})", style="bold")
    console.text(code.meaning)
    console.text(f"next: {code.remedy}")


def _describe_for_dbt(console: Console, to: Path | None, location: str | None) -> None:
    if to is None:
        console.keep_format("a sources.yml is YAML")
    text = library("docs").docs(load_config(console.settings), location=location)
    if to is None:
        console.verbatim(text)
        return
    if not to.parent.is_dir():
        raise UsageError(
            f"{to.parent}: no such folder", hint="make it, or name another place with --to", code=ErrorCode.PATH_INVALID
        )
    part("runs.disk").write_bytes(to, text.encode(), fault="docs", mode=0o644)
    console.say(f"wrote {to}")
    console.say("next: dbt parse")

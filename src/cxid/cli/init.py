"""`cxid init`: from data files to a config."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cxid.cli._console import Console, console_of
from cxid.cli._options import Format
from cxid.cli._project import project_folder
from cxid.cli._registry import part
from cxid.cli.schema import write_schema
from cxid.errors import ErrorCode, UsageError

_COLUMNS = ("source", "place", "column", "evidence", "sure")
_ENDINGS = (".csv", ".tsv", ".txt", ".parquet", ".jsonl", ".ndjson", ".gz", ".zst")


def command(
    ctx: typer.Context,
    data: Annotated[
        list[Path] | None,
        typer.Argument(metavar="DATA", help="Files or folders; the project's own when left out.", show_default=False),
    ] = None,
    country: Annotated[
        str | None,
        typer.Option(
            "--country", metavar="CODE", help="Two letters, when the data does not show it.", show_default=False
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            "--name", metavar="NAME", help="Name of the project; the folder's when left out.", show_default=False
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a cxid.yml that is there.")] = False,
) -> None:
    """Look at data files and write a config for them.

    Guesses what each file is about, its key, and what its columns mean, says why, and lists what it left
    out. The config works as it is; read it once all the same.
    """
    console = console_of(ctx)
    settings = console.settings
    folder = project_folder(settings.project)
    file = settings.project if settings.project.suffix in (".yml", ".yaml") else folder / "cxid.yml"
    if file.exists() and not force:
        raise UsageError(
            f"{file}: exists already",
            hint="--force writes over it; `cxid check` compares it with the files",
            code=ErrorCode.FILE_EXISTS,
        )
    if not folder.is_dir():
        raise UsageError(
            f"{folder}: no such folder", hint="make it, or name another with --project", code=ErrorCode.PATH_INVALID
        )
    for path in data or []:
        if not path.exists() and not set(str(path)) & set("*?["):
            raise UsageError(
                f"{path}: no such file",
                hint="check the path; a pattern such as data/*.csv may stand there too",
                code=ErrorCode.PATH_INVALID,
            )
    guessing = part("config.guess")
    guess = guessing.guess_config(data or _own_files(folder), root=folder.resolve(), project=name, country=country)
    file.write_text(guessing.render_yaml(guess), encoding="utf-8")
    write_schema(folder)
    _tell(console, guess)
    console.say(f"wrote {file}", style="green")
    console.next("cxid check", "cxid build")


def _own_files(folder: Path) -> list[Path]:
    """The project's folder `data`, else the data files beside the config. Raises UsageError when there are none."""
    if (folder / "data").is_dir():
        return [folder / "data"]
    found = [p for p in sorted(folder.iterdir()) if p.is_file() and p.suffix.lower() in _ENDINGS and p.name[0] != "."]
    if not found:
        raise UsageError(
            f"no data files in {folder.resolve()}", hint="name them: cxid init data/*.csv", code=ErrorCode.PATH_INVALID
        )
    return found


def _tell(console: Console, guess: Any) -> None:
    rows = [_row(e) for e in guess.evidence]
    if console.settings.output in (Format.JSON, Format.JSONL):
        console.document(
            {
                "config": guess.config,
                "evidence": [dict(zip(_COLUMNS, row, strict=True)) for row in rows],
                "left_out": [
                    {"source": left.source, "column": left.column, "why": left.why} for left in guess.left_out
                ],
                "warnings": list(guess.warnings),
            }
        )
        return
    if console.settings.output is Format.CSV:
        console.rows(_COLUMNS, rows)
        return
    if not console.settings.quiet:
        for source in dict.fromkeys(row[0] for row in rows):
            kind = guess.config.get("sources", {}).get(source, {}).get("kind")
            console.text(
                f"{console.safe(source)}: {kind}" if kind else console.safe(source) or "project", style="bold cyan"
            )
            console.grid(_COLUMNS[1:], [(*r[1:4], f"{r[4]:.0%}") for r in rows if r[0] == source])
            console.text()
        if guess.left_out:
            console.text("Left out", style="bold cyan")
            console.grid(("source", "column", "why"), [(left.source, left.column, left.why) for left in guess.left_out])
    for warning in guess.warnings:
        console.say(f"warning: {warning}", style="yellow")


def _row(evidence: Any) -> tuple[str, str, str, str, float]:
    source, *place = evidence.path[1:] if evidence.path[:1] == ("sources",) else ("", *evidence.path)
    return source, ".".join(place), evidence.column, evidence.why, evidence.sure

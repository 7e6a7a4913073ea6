"""`cxid schema`: the JSON Schema of cxid.yml."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from cxid.cli._console import console_of
from cxid.cli._project import project_folder
from cxid.cli._registry import part


def command(
    ctx: typer.Context,
    write: Annotated[bool, typer.Option("--write", help="Write it to .cxid/schema.json, where editors look.")] = False,
) -> None:
    """Print the JSON Schema of cxid.yml.

    It is JSON in every format. With --write it lands where the first line of cxid.yml points, so that an
    editor completes and checks the keys.
    """
    console = console_of(ctx)
    if not write:
        console.document(part("config.schema").config_schema())
        return
    path = write_schema(project_folder(console.settings.project))
    console.say(f"wrote {path}")


def write_schema(folder: Path) -> Path:
    """The path of the schema, written anew under .cxid in the project's folder."""
    home = folder / ".cxid"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = home / "schema.json"
    path.write_text(json.dumps(part("config.schema").config_schema(), indent=2) + "\n", encoding="utf-8")
    return path

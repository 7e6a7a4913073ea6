"""`cxid schema`: the JSON Schema of cxid.yml."""

from __future__ import annotations

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
    path = part("config.schema").write_schema(project_folder(console.settings.project))
    console.say(f"wrote {path}")

"""`cxid completion`: the script that makes a shell complete cxid."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from typer._completion_shared import get_completion_script, install

from cxid.cli._console import console_of
from cxid.errors import UsageError

_VARIABLE = "_CXID_COMPLETE"


class Shell(StrEnum):
    """Shells that can complete cxid."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def command(
    ctx: typer.Context,
    shell: Annotated[Shell | None, typer.Argument(help="The one in $SHELL when left out.", show_default=False)] = None,
    install_it: Annotated[bool, typer.Option("--install", help="Put it into the shell's start-up files.")] = False,
) -> None:
    """Print the completion script of a shell.

    Put it where the shell looks for completions, or let --install do that.
    """
    console = console_of(ctx)
    wanted = shell.value if shell else Path(os.environ.get("SHELL", "")).name
    if wanted not in list(Shell):
        raise UsageError("which shell?", hint="name one: cxid completion " + " | ".join(Shell))
    if install_it:
        _, path = install(shell=wanted, prog_name="cxid", complete_var=_VARIABLE)
        console.say(f"wrote {path}")
        console.say("next: open a new shell")
        return
    console.keep_format("a completion script is for a shell")
    console.out.write(get_completion_script(prog_name="cxid", complete_var=_VARIABLE, shell=wanted) + "\n")

"""The command `cxid` itself: finds a command by name, loads it alone, and words the help."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from typer.core import TyperGroup

from cxid.cli._options import LazyOption, as_command, shared_options
from cxid.cli._registry import COMMANDS, command_function
from cxid.errors import UsageError


class CommandGroup(TyperGroup):
    """Commands that are imported when they are asked for, and not before."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.params.extend(shared_options())

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)
        if option is not None:
            option.__class__ = LazyOption
        return option

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        if cmd_name not in self.commands:
            function = command_function(cmd_name)
            example = f"Example: {entry.example}"
            command = as_command(function, name=cmd_name, help=_help_text(function), epilog=example)
            command.params.extend(shared_options())
            self.commands[cmd_name] = command
        return self.commands[cmd_name]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name = args[0]
        if not ctx.resilient_parsing and not name.startswith("-") and name not in COMMANDS:
            if name == "help":
                about = " ".join(["cxid", *(word for word in args[1:2] if word in COMMANDS)])
                raise UsageError('no command "help"', hint=f"`{about} --help`")
            close = get_close_matches(name, COMMANDS, n=3, cutoff=0.5)
            hint = "did you mean " + " or ".join(f"`cxid {c}`" for c in close) + "?" if close else ""
            raise UsageError(f'no command "{name}"', hint=hint or "`cxid --help` lists the commands")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Summaries from the registry: the help of `cxid` loads no command."""
        for heading in dict.fromkeys(e.heading for e in COMMANDS.values()):
            with formatter.section(heading):
                formatter.write_dl([(n, e.summary) for n, e in COMMANDS.items() if e.heading == heading])


def _help_text(function: Any) -> str:
    """The function's docstring; a paragraph is one line, so that the help fills the terminal's width."""
    paragraphs = (function.__doc__ or "").strip().split("\n\n")
    return "\n\n".join(" ".join(p.split()) for p in paragraphs)

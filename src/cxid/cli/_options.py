"""The options that every command takes, before or after its name, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperOption


class Format(StrEnum):
    """How data is written on stdout."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


def section_option(names: Iterable[str], *, help_text: str = "Only this part; may be repeated.") -> Any:
    """The option `--section` of a command that writes parts, completed by their names."""
    return typer.Option(
        "--section", "-s", metavar="NAME", help=help_text, show_default=False, autocompletion=lambda: list(names)
    )


# What `build` and `plan` both take; what the defaults stand for is said in their help.
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="The moment that profiles speak of.", show_default=False),
]
MemoryLimit = Annotated[
    str | None,
    typer.Option("--memory-limit", metavar="SIZE", help="For the process, e.g. 4GB.", show_default="by input"),
]
FullRefresh = Annotated[
    bool, typer.Option("--full-refresh", help="Compute every row anew, take none over from the last run.")
]
Threads = Annotated[int | None, typer.Option("--threads", metavar="N", help="Processors to use.", show_default="all")]


@dataclass(frozen=True)
class Settings:
    """The shared options of one invocation."""

    project: Path = Path()
    target: str | None = None
    format: Format | None = None
    quiet: bool = False
    verbose: bool = False
    no_progress: bool = False
    no_input: bool = False

    @property
    def output(self) -> Format:
        return self.format or Format.TABLE


@dataclass
class Invocation:
    """What is known of the running command, also after it failed."""

    settings: Settings = Settings()
    command: str = ""


def invocation_of(ctx: typer.Context) -> Invocation:
    """The one Invocation of a command line."""
    root = ctx.find_root()
    if not isinstance(root.obj, Invocation):
        root.obj = Invocation()
    return root.obj


def settings_of(ctx: typer.Context) -> Settings:
    """The shared options as given so far; those behind the command's name win over those before it."""
    return invocation_of(ctx).settings


def _keep(ctx: typer.Context, param: typer.CallbackParam, value: Any) -> Any:
    if value is not None and value is not False:
        invocation = invocation_of(ctx)
        invocation.settings = replace(invocation.settings, **{str(param.name): value})
    return value


def _shared(
    project: Annotated[
        Path | None,
        typer.Option("--project", "-C", metavar="DIR",
                     help="Folder of cxid.yml, or the file itself; the current folder when left out.",
                     show_default=False, callback=_keep, expose_value=False),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option("--target", "-t", metavar="NAME", help="Lay this part of `targets` over the config.",
                     show_default=False, callback=_keep, expose_value=False),
    ] = None,
    format: Annotated[
        Format | None,
        typer.Option("--format", "-f", metavar="table|json|jsonl|csv",
                     help="How data is written on stdout; table when left out.",
                     show_default=False, callback=_keep, expose_value=False),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Say nothing when all is well.", callback=_keep, expose_value=False)
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Say more.", callback=_keep, expose_value=False)
    ] = False,
    no_progress: Annotated[
        bool, typer.Option("--no-progress", help="No bar and no heartbeat.", callback=_keep, expose_value=False)
    ] = False,
    no_input: Annotated[
        bool, typer.Option("--no-input", help="Never ask.", callback=_keep, expose_value=False)
    ] = False,
) -> None:  # fmt: skip
    """Declared once; `shared_options` hangs them on the group and on each command."""


def as_command(function: Any, *, name: str, help: str, epilog: str) -> Any:
    """The click command behind a typed function."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(name=name, help=help, epilog=epilog)(function)
    return typer.main.get_command(app)


class LazyOption(TyperOption):
    """An option that costs nothing until it is given: the library would load pydantic to convert its absence."""

    def process_value(self, ctx: Any, value: Any) -> Any:
        return value if value is None else super().process_value(ctx, value)


def shared_options() -> list[Any]:
    """Fresh click options for the shared settings, in the order of `Settings`."""
    options = {p.name: p for p in as_command(_shared, name="shared", help="", epilog="").params}
    for option in options.values():
        option.__class__ = LazyOption
    return [options[f.name] for f in fields(Settings)]

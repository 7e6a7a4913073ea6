"""`cxid plan`: what a build would do and change, before it does."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cxid.cli._console import Console, console_of
from cxid.cli._options import AsOf, Format, FullRefresh, MemoryLimit, Threads
from cxid.cli._plan import draw_plan, plan_rows
from cxid.cli._progress import Progress
from cxid.cli._project import load_config
from cxid.cli._registry import part
from cxid.errors import ExitCode


def command(
    ctx: typer.Context,
    as_of: AsOf = None,
    memory_limit: MemoryLimit = None,
    threads: Threads = None,
    refit: Annotated[
        bool, typer.Option("--refit", help="As `cxid build --refit`: learn the linkage model anew.")
    ] = False,
    full_refresh: FullRefresh = False,
    discard: Annotated[bool, typer.Option("--discard", help="Keep nothing of it for the build.")] = False,
    exit_code: Annotated[
        bool,
        typer.Option("--exit-code", help="End with 10 when a build would change something, 1 when a limit would "
                     "stop it, 0 when neither."),
    ] = False,
) -> None:  # fmt: skip
    """Show what a build would do and change; publish nothing.

    Every stage runs as in a build, on all the data, into a run that is not published. Then it is compared with the
    published run: pairs of each blocking rule, customers that would be created, merged, split or retired, golden
    values and KPIs that would change, limits that would stop it, what it took. A build of the same inputs goes on
    from there and only publishes.
    """
    console = console_of(ctx)
    config = load_config(console.settings)
    with Progress(console) as progress:
        plan = part("api").plan(
            config,
            as_of=as_of,
            memory_limit=memory_limit,
            threads=threads,
            refit=refit,
            full_refresh=full_refresh,
            discard=discard,
            observer=progress,
        )
    _write(console, plan, refit=refit)
    if exit_code and (code := _code(plan)):
        raise typer.Exit(int(code))


def _write(console: Console, plan: Any, *, refit: bool) -> None:
    if console.settings.output in (Format.JSON, Format.JSONL):
        console.document(plan.to_dict())
    elif console.settings.output is Format.CSV:
        console.rows(("part", "name", "figure", "value"), plan_rows(plan))
    else:
        draw_plan(console, plan)
        _say_next(console, plan, refit=refit)


def _say_next(console: Console, plan: Any, *, refit: bool) -> None:
    if plan.status == "unchanged":
        return
    if not plan.would_publish:
        again = " --refit" if refit else ""
        console.say(f"publish it all the same: {console.here(f'cxid build{again} --accept {plan.run_id}')}")
    build = ["cxid build --refit" if refit else "cxid build"] if plan.would_publish else []
    compare = [f"cxid diff {plan.previous} {plan.run_id}"] if plan.previous and plan.run_dir is not None else []
    if compare or build:
        console.next(*compare, *build)


def _code(plan: Any) -> ExitCode:
    """What the process's status says of a plan."""
    if not plan.would_publish:
        return ExitCode.GATE_FAILED
    return ExitCode.CHANGES if plan.is_change else ExitCode.DONE

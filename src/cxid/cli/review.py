"""`cxid review`: pairs and groups in doubt, answered one by one in the terminal or in a spreadsheet."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from cxid.cli._console import Console, console_of
from cxid.cli._deciding import DryRun, Reason, When, Who, signature
from cxid.cli._options import Format
from cxid.cli._project import library, load_config
from cxid.cli._registry import part
from cxid.cli._terminal import Terminal
from cxid.cli._waterfall import draw_pair
from cxid.errors import ErrorCode, UsageError
from cxid.privacy import mask

_LIMIT = 100
_AUDIT = "20%"
_REASON = "review"
_Action = Annotated[
    str | None,
    typer.Argument(metavar="export|import", help="For people without a terminal: a CSV file to fill in.",
                   show_default=False),
]  # fmt: skip
_File = Annotated[
    Path | None, typer.Argument(metavar="FILE", help="That file; '-' is stdout or stdin.", show_default=False)
]
_Limit = Annotated[int, typer.Option("--limit", metavar="N", min=1, help="Ask at most so many.")]
_Audit = Annotated[
    str | None,
    typer.Option("--audit", metavar="SHARE", help="Of the questions, drawn at random for `cxid eval`; 0 for none.",
                 show_default=f"{_AUDIT}; 0 with --source"),
]  # fmt: skip
_Source = Annotated[
    str | None, typer.Option("--source", metavar="NAME", help="Only pairs with a record of it.", show_default=False)
]
_Masked = Annotated[bool, typer.Option("--masked", "--mask", help="Hide most of each personal value.")]
_Separator = Annotated[
    str, typer.Option("--separator", metavar="CHAR", help="Of the exported file; Excel in Europe wants ';'.")
]


@dataclass(frozen=True)
class _Wish:
    """The options that say what is asked and how it is shown."""

    limit: int
    audit: float
    source: str
    masked: bool


def command(
    ctx: typer.Context,
    action: _Action = None,
    file: _File = None,
    limit: _Limit = _LIMIT,
    audit: _Audit = None,
    source: _Source = None,
    masked: _Masked = False,
    separator: _Separator = ",",
    who: Who = None,
    reason: Reason = _REASON,
    when: When = None,
    dry_run: DryRun = False,
) -> None:
    """Decide pairs and groups in doubt, one by one.

    Asks first what is expected to put most records right: doubt near the cut, weak links of customers, merges that
    guards refused, the larger the customers the sooner. Each answer is written to decisions.csv at once; quitting
    loses nothing, and what is decided is not asked again. Some questions are drawn at random, so that `cxid eval`
    can tell precision with an interval. `export` writes the questions as CSV, `import` reads the answers.
    """
    console = console_of(ctx)
    _check(action, file, dry_run)
    wish = _Wish(limit, _share(audit, source), source or "", masked)
    config = load_config(console.settings)
    told = signature(who, when, reason, dry_run)
    if action == "export" and file:
        _export(console, config, wish, file, separator)
    elif action == "import" and file:
        _import(console, config, file, told)
    else:
        _refuse_without_terminal(console)
        _ask(console, config, wish, library("review").sign(config, told))


def _check(action: str | None, file: Path | None, dry_run: bool) -> None:
    if action not in (None, "export", "import"):
        raise UsageError(f'review has no "{action}"', hint="cxid review, cxid review export FILE, import FILE")
    if action and file is None:
        raise UsageError(f"review {action} needs a file", hint=f"cxid review {action} review.csv")
    if dry_run and action != "import":
        raise UsageError("--dry-run goes with import", hint="in the terminal u takes an answer back")


def _share(text: str | None, source: str | None) -> float:
    """A share of 0 to 1 from '20%' or '0.2'. One source is no sample of all pairs."""
    if text is None:
        text = "0" if source else _AUDIT
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise UsageError("--audit is no share", hint="write it as 20% or 0.2; 0 for none, 1 for nothing else")
    return share


# -- at the terminal -------------------------------------------------------------------------------------------


def _refuse_without_terminal(console: Console) -> None:
    screens = (sys.stdin, sys.stdout, sys.stderr)
    if console.settings.no_input or os.environ.get("TERM") == "dumb" or not all(s.isatty() for s in screens):
        raise UsageError(
            "review asks at a terminal, and this is none",
            hint="cxid review export review.csv, fill in decision, cxid review import review.csv",
            code=ErrorCode.NO_TERMINAL,
        )


def _ask(console: Console, config: Any, wish: _Wish, by: Any) -> None:
    with library("review").doubts(config, **asdict(wish)) as (published, engine, queue, cards):
        if not queue.questions:
            console.say("nothing is in doubt that is not decided")
            return
        session = part("review.session").Session(config, published.run_id, queue.questions, queue.owners, by)
        room = part("cli._review_app")
        with _explaining(console, config, published, wish) as why:
            desk = room.Desk(
                title=f"{config.project or published.run_id}, {published.run_id}",
                session=session,
                cards=cards,
                around=lambda question: part("review.queue").records_around(engine, question),
                why=why,
                look=console.screen,
            )
            room.run_app(desk)
    _tell(console, config, session)


@contextmanager
def _explaining(console: Console, config: Any, published: Any, wish: _Wish) -> Iterator[Callable[[Any, int], str]]:
    """What draws the page of `cxid why` about a question; the engine behind it is opened when somebody asks."""
    opening, room = part("explain.opening"), part("explain.run")
    engines: list[Any] = []

    def why(question: Any, width: int) -> str:
        if not engines:
            every = {**published.stage_tables, **published.tables}
            engines.append(opening.open_engine(published.run_dir, every))
        run = room.Run(engines[0], config.match.one_per_source, opening.numbered_types(published.run_dir))
        hide = mask if wish.masked else room.as_is
        page = Console(console.settings)
        page.out, page.err = io.StringIO(), io.StringIO()
        page.screen = Terminal(True, console.screen.colour, False, console.screen.unicode, max(width, 20))
        draw_pair(page, part("explain.pair").explain_pair(run, question.a, question.b, hide), picked=False)
        return page.out.getvalue()

    try:
        yield why
    finally:
        for engine in engines:
            engine.close()


def _tell(console: Console, config: Any, session: Any) -> None:
    told = session.progress
    if not session.steps:
        console.say("nothing was decided")
        return
    rows = sum(len(step.rows) for step in session.steps)
    skipped = f", {told.skipped} skipped" if told.skipped else ""
    console.say(f"{told.decided} decided: {told.matches} same, {told.decided - told.matches} different{skipped}")
    if rows:
        console.say(f"{part('config.decisions').decisions_file(config)}: {_lines(rows)} added", style="green")
        console.next("cxid build")


def _lines(count: int) -> str:
    return f"{count:,} {'line' if count == 1 else 'lines'}"


# -- in a spreadsheet -------------------------------------------------------------------------------------------


def _export(console: Console, config: Any, wish: _Wish, file: Path, separator: str) -> None:
    target = None if str(file) == "-" else file
    if target is None:
        console.keep_format("review export writes CSV, to be filled in", Format.CSV)
    library("review").refuse_existing(target)
    found = library("review").review(config, **asdict(wish))
    if not found:
        console.say("nothing is in doubt that is not decided")
        return
    sheet = found.to_csv(target, separator=separator.replace("\\t", "\t"))
    if target is None:
        console.verbatim(sheet)
    more = f" of {found.doubts:,} in doubt" if found.doubts > len(found) else ""
    console.say(f'{len(found):,} pairs{more}; answer under "decision" with same, different or unsure')
    if target is not None:
        console.next(f"cxid review import {file}")


def _import(console: Console, config: Any, file: Path, told: dict[str, Any]) -> None:
    room = library("review")
    if str(file) == "-":
        taken = room.import_sheet(config, sys.stdin.buffer.read(), "-", told)
    else:
        taken = room.import_review(config, file, **told)
    counts = taken.to_dict()
    if console.settings.output in (Format.JSON, Format.JSONL):
        console.document(counts)
    elif console.settings.output is Format.CSV or not console.settings.quiet:  # a table is for people
        console.rows(("answer", "pairs"), list(counts.items())[:4])
    known = f"; {counts['known']:,} were known" if counts["known"] else ""
    if not taken.is_written:
        console.say(f"nothing was written; without --dry-run {taken.added.file.name} gets {_lines(counts['lines'])}")
        return
    console.say(f"{taken.added.file}: {_lines(counts['lines'])} added{known}", style="green")
    if counts["lines"]:
        console.next("cxid build")

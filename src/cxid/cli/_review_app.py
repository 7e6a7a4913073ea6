"""The terminal app of `cxid review`: keys in, answers written, pages drawn. Loaded when it runs, not before."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rich.console import Group, RenderableType
from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from cxid.cli._review_pages import group_page, help_page, progress_words, side_by_side, verdict_line
from cxid.cli._terminal import Terminal
from cxid.errors import CxidError, Terminated
from cxid.privacy import terminal_text
from cxid.review.session import Answer, Session
from cxid.review.sides import Cards

_FOOT = "y same  n different  s skip  u undo  p score  w why  g group  ? help  q quit"
_GROUP_FOOT = "up/down choose  1-9 who it is  enter split  y all one person  escape back"
_BACK_FOOT = "up/down scroll  escape back"
_ENDS = (signal.SIGTERM, signal.SIGHUP)
_ASKED = "Are these two records one person?"


@dataclass(frozen=True)
class Desk:
    """What the app works with: `around` gives the records of both customers, `why` the page about two records.

    `why` takes the width and gives lines with colour codes.
    """

    title: str
    session: Session
    cards: Cards
    around: Callable[[Any], Sequence[Any]]
    why: Callable[[Any, int], str]
    look: Terminal


class ReviewApp(App[None]):
    """Asks the questions of a session until nothing is left or somebody quits."""

    ENABLE_COMMAND_PALETTE = False
    CSS = """
    Screen { layout: vertical; }
    .line { height: 1; }
    .foot { height: auto; max-height: 3; }
    #said { height: auto; max-height: 4; text-style: bold; }
    .body { height: 1fr; margin-top: 1; scrollbar-size-vertical: 1; }
    .body Static { height: auto; max-width: 140; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer('same')"), Binding("n", "answer('different')"), Binding("s,space", "answer('unsure')"),
        Binding("u", "undo"), Binding("p", "score"), Binding("w", "why"), Binding("g", "group"),
        Binding("question_mark,f1", "help"), Binding("q,ctrl+c,ctrl+q", "quit", priority=True),
    ]  # fmt: skip

    def __init__(self, desk: Desk) -> None:
        super().__init__(ansi_color=True)
        self.desk = desk
        self._tells_score = False
        self.ended_by = 0

    def compose(self) -> ComposeResult:
        yield Static(id="head", classes="line", markup=False)
        with VerticalScroll(classes="body"):
            yield Static(id="pair", markup=False)
        yield Static(id="said", markup=False)
        yield Static(_FOOT, classes="foot", markup=False)

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()  # the arrows scroll
        self._show()

    def _fatal_error(self) -> None:
        """End without the library's own account of a bug, which shows the values of records; `run_app` hands it on."""
        self._close_messages_no_wait()

    def end_by(self, number: int) -> None:
        """End because of a signal."""
        self.ended_by = number
        self.exit()

    @property
    def failure(self) -> Exception | None:
        """What ended the app against its will."""
        return self._exception

    # -- keys ---------------------------------------------------------------------------------------------

    def action_answer(self, answer: str) -> None:
        if self.desk.session.current is None:
            self._show("nothing is left to answer; u takes the last answer back, q ends")
            return
        self.tried(lambda: self.desk.session.answer(Answer(answer)))

    def action_undo(self) -> None:
        if not self.desk.session.steps:
            self._show("nothing to take back in this sitting")
            return
        self.tried(self.desk.session.undo, "taken back")

    def tried(self, deed: Callable[[], object], said: str = "") -> bool:
        """Do it and show what is asked next; a refusal is told and changes nothing."""
        try:
            deed()
        except CxidError as error:
            self._show(f"{error.message}\n{error.hint}")
            return False
        self._tells_score = False
        self._show(said)
        return True

    def action_score(self) -> None:
        self._tells_score = not self._tells_score
        self._show()

    def action_why(self) -> None:
        question = self.desk.session.current
        if question is not None:
            self.push_screen(Page(lambda: Text.from_ansi(self.desk.why(question, self.size.width - 2))))

    def action_group(self) -> None:
        if self.desk.session.current is not None:
            self.push_screen(GroupPage(self.desk))

    def action_help(self) -> None:
        self.push_screen(Page(lambda: help_page(self.desk.look.unicode)))

    # -- what is shown ------------------------------------------------------------------------------------

    def _show(self, said: str = "") -> None:
        session = self.desk.session
        self.query_one("#head", Static).update(
            Text(f"{progress_words(session.progress)}   {terminal_text(self.desk.title)}")
        )
        self.query_one("#pair", Static).update(self._page())
        told = verdict_line(session.current) if self._tells_score and session.current else Text("")
        self.query_one("#said", Static).update(Text("\n").join(t for t in (told, Text(said)) if t))

    def _page(self) -> RenderableType:
        question, unicode = self.desk.session.current, self.desk.look.unicode
        if question is None:
            return Text("Nothing is left to ask. u takes the last answer back, q ends.")
        cards = self.desk.cards
        lines = cards.lines(question.a, question.b)
        page = side_by_side(question, lines, masked=cards.is_masked, unicode=unicode)
        return Group(Text(_ASKED), Text(""), page)


def run_app(desk: Desk) -> None:
    """Ask until somebody quits. What goes wrong on the way is raised once the terminal is as it was."""
    app = ReviewApp(desk)
    kept = {number: signal.getsignal(number) for number in _ENDS}
    try:
        asyncio.run(_run(app))
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
    if app.failure is not None:
        raise app.failure
    if app.ended_by:
        raise Terminated("stopped; every answer is written", hint="cxid review goes on from here")


async def _run(app: ReviewApp) -> None:
    """Signals end the app in order; where it runs, the library would answer them with a page of code."""
    for number in _ENDS:
        asyncio.get_running_loop().add_signal_handler(number, app.end_by, number)
    await app.run_async()


class Page(Screen[None]):
    """Something to read, until escape."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,w,question_mark,space", "app.pop_screen"),
        Binding("up,k", "scroll(-1)"), Binding("down,j", "scroll(1)"),
        *(Binding(key, "ignore") for key in ("y", "n", "s", "u", "p", "g")),  # nobody answers what is not in view
    ]  # fmt: skip

    def __init__(self, content: Callable[[], RenderableType]) -> None:
        super().__init__()
        self._content = content

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="body"):
            yield Static("one moment ...", id="page", markup=False)
        yield Static(_BACK_FOOT, classes="foot", markup=False)

    def on_mount(self) -> None:
        self.call_after_refresh(self._fill)

    def on_resize(self) -> None:
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        try:
            page = self._content()
        except CxidError as error:
            page = Text(f"{terminal_text(error.message)}\n{terminal_text(error.hint)}")
        self.query_one("#page", Static).update(page)

    def action_scroll(self, lines: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_ignore(self) -> None:
        """The key does nothing here."""


class GroupPage(Screen[None]):
    """All records around a question, each with the number of the person that it is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,g", "app.pop_screen"), Binding("up,k", "move(-1)"), Binding("down,j", "move(1)"),
        Binding("enter", "split", priority=True), Binding("y", "join"),
        *(Binding(str(n), f"part({n})") for n in range(1, 10)),
        *(Binding(key, "ignore") for key in ("n", "s", "space", "u", "p", "w")),
    ]  # fmt: skip

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._records = tuple(desk.around(desk.session.current))
        self._rows = desk.cards.rows(self._records)
        self._parts = [1] * len(self._records)
        self._chosen = 0

    def compose(self) -> ComposeResult:
        yield Static("Who is who? Give the records of one person the same number.", classes="line", markup=False)
        with VerticalScroll(classes="body"):
            yield Static(id="group", markup=False)
        yield Static(id="told", classes="line", markup=False)
        yield Static(_GROUP_FOOT, classes="foot", markup=False)

    def on_mount(self) -> None:
        self._show()

    def action_move(self, by: int) -> None:
        self._chosen = (self._chosen + by) % len(self._records)
        self._show()

    def action_part(self, number: int) -> None:
        self._parts[self._chosen] = number
        self._show()

    def action_split(self) -> None:
        parts = [
            [(r.source, r.key) for r, p in zip(self._records, self._parts, strict=True) if p == number]
            for number in sorted(set(self._parts))
        ]
        if len(parts) < 2:
            self._show("all have one number: give the records of somebody else another, or press y")
            return
        self._write(parts, f"split into {len(parts)}")

    def action_join(self) -> None:
        self._write([[(r.source, r.key) for r in self._records]], f"{len(self._records)} records are one person")

    def _write(self, parts: list[list[tuple[str, str]]], said: str) -> None:
        self.app.pop_screen()
        app = self.app
        if isinstance(app, ReviewApp):
            app.call_later(app.tried, lambda: self._desk.session.split(parts), said)

    def action_ignore(self) -> None:
        """The key does nothing here."""

    def _show(self, said: str = "") -> None:
        self.query_one("#group", Static).update(group_page(self._records, self._rows, self._parts, self._chosen))
        self.query_one("#told", Static).update(Text(said))
        body = self.query_one(VerticalScroll)
        body.scroll_to(y=max(0, self._chosen * 3 - 2), animate=False)

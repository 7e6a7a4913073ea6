"""What every section of the report is given, and how the sections share words and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from cxid.cli._console import Console
from cxid.cli._grid import fold, paint
from cxid.figures import Figures, whole
from cxid.privacy import terminal_text

_WIDEST = 120  # a longer sentence is hard to read, however wide the terminal
_T = TypeVar("_T")


@dataclass(frozen=True)
class View:
    """The figures of a run, and where and how much of them is written.

    `is_whole`: long parts are given in full. `run` names the run in the commands that a reader is offered.
    """

    console: Console
    figures: Figures
    is_whole: bool
    run: str = ""

    @property
    def width(self) -> int:
        """Columns of the terminal; no limit elsewhere."""
        return self.console.screen.width if self.console.screen.is_tty else 10_000

    def top(self, rows: Sequence[_T], most: int) -> Sequence[_T]:
        """The first rows; all of them where everything is wanted."""
        return rows if self.is_whole else rows[:most]

    def more(self, left: int, what: str, section: str) -> None:
        """Say how much more there is of `what` (in the singular), and where."""
        if left > 0 and not self.is_whole:
            self.note(f"and {left:,} more {what}{'' if left == 1 else 's'}: {self.report(section)}")

    def report(self, section: str) -> str:
        """The command that gives one section in full."""
        run = f" {self.run}" if self.run else ""
        return self.console.here(f"cxid report{run} --section {section}")

    def here(self, command: str) -> str:
        """A command of a finding, as it has to be typed to mean this project and run."""
        told = command.replace("cxid report ", f"cxid report {self.run} ", 1) if self.run else command
        return self.console.here(told)

    def line(self, text: str = "", *, style: str = "") -> None:
        """One line, folded on a terminal; values from data in it are made safe."""
        self.console.text(terminal_text(text), style=style)

    def note(self, text: str) -> None:
        """A line below a table or picture, indented as they are."""
        self.line(f"  {text}" if self.console.screen.is_tty else text)

    def marked(self, mark: str, text: str, *, style: str = "", bold: bool = False) -> None:
        """A sentence behind a mark of one column; only the mark has colour, so that text is legible on any ground."""
        screen = self.console.screen
        width = min(self.width - len(mark) - 1, _WIDEST) if screen.is_tty else self.width
        first, *rest = fold(terminal_text(text), width)
        lead = paint(mark, style, screen)
        self.console.text(f"{lead} {paint(first, 'bold' if bold else '', screen)}")
        for piece in rest:
            self.console.text(" " * (len(mark) + 1) + paint(piece, "bold" if bold else "", screen))


def count(text: str | None) -> str:
    """A whole number of the figures with its thousands parted."""
    return f"{whole(text):,}"


def words(name: str) -> str:
    """A name of ours as people write it."""
    return name.replace("_", " ")

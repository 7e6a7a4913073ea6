"""What `cxid review` shows: two records side by side, a group, the keys. Rich texts, every value made safe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text

from cxid.cli._registry import part
from cxid.privacy import terminal_text

_PLAIN_MARKS = {"≈": "~", "≠": "!"}  # where the terminal shows ASCII alone
_UNLIKE = "bold underline"
_MARKED = {"=": "green", "≈": "green", "≠": "bold yellow"}
_FIELD_ROOM = 14
KEYS = (
    ("y", "same person"), ("n", "different people"), ("s, space", "skip: cannot tell"), ("u", "undo the last answer"),
    ("p", "what the build says: probability, and why this is asked"), ("w", "why: the waterfall of this pair"),
    ("g", "the group: all records of both, to split or to join at once"), ("q", "quit; what is answered is written"),
    ("?", "this help"),
)  # fmt: skip
GROUP_KEYS = (
    ("up, down", "choose a record"), ("1 to 9", "who this record is: the same number, the same person"),
    ("enter", "write the split: records of different numbers are different people"),
    ("y", "all of them are one person"), ("escape", "back to the pair"),
)  # fmt: skip
_MARKS = (("=", "written the same"), ("≈", "the same, written otherwise"), ("≠", "different; the letters that differ "
          "are underlined"))  # fmt: skip


def side_by_side(question: Any, lines: Sequence[Any], *, masked: bool, unicode: bool) -> Table:
    """The two records, a line for each field."""
    table = Table(box=None, expand=True, pad_edge=False, show_header=True, header_style="bold")
    table.add_column("", max_width=_FIELD_ROOM, style="dim", overflow="fold")
    table.add_column(Text(terminal_text(question.a.ref)), ratio=1, overflow="fold")
    table.add_column("", width=1)
    table.add_column(Text(terminal_text(question.b.ref)), ratio=1, overflow="fold")
    for line in lines:
        a, b = _values(line, masked=masked)
        table.add_row(Text(terminal_text(line.name)), a, _mark(line.mark, unicode), b)
    return table


def _mark(mark: str, unicode: bool) -> Text:
    shown = str(mark) if unicode else _PLAIN_MARKS.get(str(mark), str(mark))
    return Text(shown, style=_MARKED.get(str(mark), ""))


def _values(line: Any, *, masked: bool) -> tuple[Text, Text]:
    a, b = (Text(terminal_text(" | ".join(side))) for side in (line.a, line.b))
    if str(line.mark) == "≠":
        alone = len(line.a) == len(line.b) == 1 and not masked
        spans = part("review.sides").unlike_parts(a.plain, b.plain) if alone else ([(0, len(a))], [(0, len(b))])
        for text, where in zip((a, b), spans, strict=True):
            for begin, end in where:
                text.stylize(_UNLIKE, begin, end)
    return a, b


def verdict_line(question: Any) -> Text:
    """What the build says of the pair, and why it is asked."""
    words = part("explain.words")
    said = "one customer" if question.is_joined else "two customers"
    probable = "not scored" if question.probability is None else f"{words.percent(question.probability)} one person"
    size = f"{question.left + question.right} records"
    around = f"{question.left} on the left, {question.right} on the right, {size}" if question.stake else ""
    cause = f"asked as {question.cause}{f' ({question.guard})' if question.guard else ''}"
    return Text("; ".join(p for p in (f"the build: {said}, {probable}", cause, around) if p), style="bold")


def group_page(records: Sequence[Any], rows: Sequence[Mapping[str, str]], parts: Sequence[int], chosen: int) -> Table:
    """The records of a group with the part of each; values that differ from most others are underlined."""
    common = _most_common(rows)
    table = Table(box=None, expand=True, pad_edge=False, show_header=False)
    table.add_column("", width=2)
    table.add_column("", width=1, style="bold")
    table.add_column("", ratio=1, overflow="fold")
    for number, (record, row, of) in enumerate(zip(records, rows, parts, strict=True)):
        values = Text()
        for name, value in row.items():
            values.append(" · " if values else "", style="dim")
            values.append(terminal_text(value), style=_UNLIKE if common.get(name, value) != value else "")
        ref = Text(terminal_text(record.ref), style="bold reverse" if number == chosen else "bold")
        table.add_row(">" if number == chosen else "", str(of), Group(ref, values))
    return table


def _most_common(rows: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Of each field the value that most records have, where two have it."""
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        for name, value in row.items():
            of = counts.setdefault(name, {})
            of[value] = of.get(value, 0) + 1
    best = {name: max(of.items(), key=lambda told: (told[1], told[0])) for name, of in counts.items()}
    return {name: value for name, (value, count) in best.items() if count > 1}


def help_page(unicode: bool) -> Table:
    """Every key and mark."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column("", style="bold", no_wrap=True)
    table.add_column("", overflow="fold")
    for key, words in KEYS:
        table.add_row(key, words)
    table.add_row("", "")
    table.add_row("in a group", "")
    for key, words in GROUP_KEYS:
        table.add_row(key, words)
    table.add_row("", "")
    for mark, words in _MARKS:
        table.add_row(_mark(mark, unicode), words)
    return table


def progress_words(progress: Any) -> str:
    """31/40 matches, 2 skipped, 60 left."""
    skipped = f", {progress.skipped} skipped" if progress.skipped else ""
    return f"{progress.matches}/{progress.decided} matches{skipped}, {progress.left} left"

"""Tables and colour for people: drawn to the terminal's width, nothing cut off."""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import category, east_asian_width

from cxid.cli._registry import COMMANDS
from cxid.cli._terminal import Terminal

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_GAP = 2
_NARROWEST = 8  # a column thinner than this cannot be read: rows are then written one value a line
_PARTING = ",;@/-_."
_BARS = " ▏▎▍▌▋▊▉█"
_PARTS_OF_HEADING = re.compile(r" |(?<=_)")
_LONGEST_COMMAND = 200  # what is longer was not written to be typed
# A command as messages and tables name it, to the end of its last word. It is copied and typed: never broken in two.
_COMMAND = re.compile(rf"`?cxid (?:-\S+ )*(?:{'|'.join(COMMANDS)})\b(?: (?:\"[^\"]*\"|'[^']*'|[^\s,;\"'`]+))*[`.,;:]*")


def paint(text: str, style: str, terminal: Terminal) -> str:
    """The text in a style such as "bold red" where the terminal shows colour."""
    codes = ";".join(_CODES[word] for word in style.split())
    return f"\x1b[{codes}m{text}\x1b[0m" if codes and text and terminal.colour else text


def text_width(text: str) -> int:
    """Columns that the text takes: wide East Asian characters take two, marks over others and joiners none."""
    return len(text) if text.isascii() else sum(map(_char_width, text))


def _char_width(char: str) -> int:
    return 0 if category(char) in ("Mn", "Me", "Cf") else 2 if east_asian_width(char) in "WF" else 1


def draw(columns: Sequence[str], rows: Sequence[Sequence[str]], terminal: Terminal, *, indent: int = 0) -> str:
    """The table as text, each line within the terminal's width; long values are folded, never cut.

    A cell that is a command stays whole, if need be on a line of its own.
    """
    if not columns:
        return ""
    widths = [max([text_width(h), *(text_width(r[i]) for r in rows)]) for i, h in enumerate(columns)]
    rigid = [any(_is_command(r[i]) for r in rows) for i in range(len(columns))]
    room = terminal.width - indent
    fitted = _fit(_fold_headings(columns, rows, widths, room), room, rigid)
    if fitted is None:
        return _one_value_a_line(columns, rows, terminal)
    right = [all(_is_number(r[i]) for r in rows) and any(r[i] for r in rows) for i in range(len(columns))]
    margin = " " * indent
    rule = "─" if terminal.unicode else "-"
    lines = []
    if any(columns):
        lines = [margin + paint(line, "bold", terminal) for line in _lines(columns, fitted, right)]
        lines.append(margin + paint((" " * _GAP).join(rule * w for w in fitted), "dim", terminal))
    for row in rows:
        lines += [margin + line for line in _lines(row, fitted, right)]
    return "\n".join(lines) + "\n"


def bar(value: float, largest: float, width: int, terminal: Terminal) -> str:
    """A horizontal bar of at most `width` columns; a value above zero always shows."""
    if largest <= 0 or value <= 0:
        return ""
    eighths = max(1, round(value / largest * width * 8))
    if not terminal.unicode:
        return "#" * max(1, round(eighths / 8))
    return "█" * (eighths // 8) + _BARS[eighths % 8].strip()


def fold(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns, broken at spaces where it can be.

    A command in it stays whole, also where it is wider than a line. Lines after the first are indented as the first is.
    """
    if text_width(text) <= width:
        return [text]
    indent = text[: len(text) - len(text.lstrip(" "))]
    indent = indent if len(indent) <= width // 2 else ""
    lines, line, is_begun = [], indent, False
    for word, may_break in _words(text[len(indent) :]):
        grown = f"{line} {word}" if is_begun else line + word
        if text_width(grown) <= width or (not may_break and text_width(indent + word) > width):
            line, is_begun = grown, True
            continue
        if is_begun:
            lines.append(line)
        while may_break and text_width(indent + word) > width:
            cut = _cut(word, width - len(indent))
            lines.append(indent + word[:cut])
            word = word[cut:]
        line, is_begun = indent + word, True
    return [*lines, line]


def _words(text: str) -> list[tuple[str, bool]]:
    """(word, whether it may be broken); a command is one word."""
    words: list[tuple[str, bool]] = []
    at = 0
    for found in _COMMAND.finditer(text):
        if len(found[0]) > _LONGEST_COMMAND or (found.start() and text[found.start() - 1] != " "):
            continue
        if before := text[at : found.start()].removesuffix(" "):
            words += [(word, True) for word in before.split(" ")]
        words.append((found[0], False))
        at = found.end() + (text[found.end() : found.end() + 1] == " ")
    return words + [(word, True) for word in text[at:].split(" ")] if at < len(text) else words


def _cut(word: str, width: int) -> int:
    """Where to break a word that is too long: behind a sign that parts it, else where the line is full."""
    full, taken = 0, 0
    for char in word:
        taken += _char_width(char)
        if taken > width and full:
            break
        full += 1
    parted = [i + 1 for i, char in enumerate(word[:full]) if char in _PARTING]
    return parted[-1] if parted and parted[-1] > full // 2 else full


def _is_command(cell: str) -> bool:
    return cell.startswith("cxid ") and len(cell) <= _LONGEST_COMMAND and _COMMAND.fullmatch(cell) is not None


def _fold_headings(columns: Sequence[str], rows: Sequence[Sequence[str]], widths: list[int], room: int) -> list[int]:
    """Widths of columns where headings gave way to values: as many are broken, the longest first, as it takes."""
    over = sum(widths) + _GAP * (len(widths) - 1) - room
    fitted = list(widths)
    broken = [_PARTS_OF_HEADING.split(heading) for heading in columns]
    least = [max([*map(text_width, parts), *(text_width(r[i]) for r in rows)]) for i, parts in enumerate(broken)]
    for i in sorted(range(len(widths)), key=lambda i: least[i] - widths[i]):
        if over <= 0:
            break
        fitted[i] = max(least[i], widths[i] - over)
        over -= widths[i] - fitted[i]
    return fitted


def _fit(widths: list[int], room: int, rigid: list[bool]) -> list[int] | None:
    """Column widths that fit in `room`, the widest shrunk first; None when that cannot be read any more.

    A rigid column keeps its width, and so does the first, which names the row, so that it can be copied.
    """
    kept = [is_rigid or (i == 0 and len(widths) > 1 and widths[0] <= room // 2) for i, is_rigid in enumerate(rigid)]
    over = sum(widths) + _GAP * (len(widths) - 1) - room
    if over <= 0:
        return list(widths)
    others = [width for width, stays in zip(widths, kept, strict=True) if not stays]
    shrunk = _shrink(others, over)
    if shrunk is None:
        return None
    rest = iter(shrunk)
    return [width if stays else next(rest) for width, stays in zip(widths, kept, strict=True)]


def _shrink(widths: list[int], over: int) -> list[int] | None:
    fitted = list(widths)
    while over > 0:
        widest = max(range(len(fitted)), key=fitted.__getitem__, default=-1)
        if widest < 0 or fitted[widest] <= _NARROWEST:
            return None
        second = max([w for i, w in enumerate(fitted) if i != widest and w < fitted[widest]], default=_NARROWEST)
        cut = min(over, max(1, fitted[widest] - max(second, _NARROWEST)))
        fitted[widest] -= cut
        over -= cut
    return fitted


def _lines(row: Sequence[str], widths: list[int], right: list[bool]) -> list[str]:
    folded = [fold(value, width) for value, width in zip(row, widths, strict=True)]
    lines = []
    for i in range(max(len(f) for f in folded)):
        cells = []
        for cell, width, to_right in zip(folded, widths, right, strict=True):
            text = cell[i] if i < len(cell) else ""
            pad = " " * (width - text_width(text))
            cells.append(pad + text if to_right else text + pad)
        lines.append((" " * _GAP).join(cells).rstrip())
    return lines


def _one_value_a_line(columns: Sequence[str], rows: Sequence[Sequence[str]], terminal: Terminal) -> str:
    lines: list[str] = []
    for number, row in enumerate(rows):
        if number:
            lines.append("")
        for name, value in zip(columns, row, strict=True):
            if not value:
                continue
            lines += _entry(name, value, terminal)
    return "\n".join(lines) + "\n" if lines else ""


def _entry(name: str, value: str, terminal: Terminal) -> list[str]:
    """A value behind its name, in lines that fit."""
    label, width = f"{name}: " if name else "", max(terminal.width, 10)
    if _is_command(value) and text_width(label + value) > width:  # alone it may fit
        return [paint(label.rstrip(), "bold", terminal), value] if name else [value]
    first = fold(label + value, width)[0]
    rest = (label + value)[len(first) :].lstrip(" ")
    if name and first.startswith(label.rstrip()):
        first = paint(label.rstrip(), "bold", terminal) + first.removeprefix(label.rstrip())
    return [first, *("  " + line for line in fold(rest, width - 2))] if rest else [first]


def _is_number(text: str) -> bool:
    return not text or text.replace(",", "").replace(".", "", 1).replace("%", "").lstrip("+-").isdigit()

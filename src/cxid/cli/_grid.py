"""Tables and colour for people: drawn to the terminal's width, nothing cut off."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import combining, east_asian_width

from cxid.cli._terminal import Terminal

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_GAP = 2
_NARROWEST = 8  # a column thinner than this cannot be read: rows are then written one value a line
_PARTING = ",;@/-_."
_BARS = " ▏▎▍▌▋▊▉█"


def paint(text: str, style: str, terminal: Terminal) -> str:
    """The text in a style such as "bold red" where the terminal shows colour."""
    codes = ";".join(_CODES[word] for word in style.split())
    return f"\x1b[{codes}m{text}\x1b[0m" if codes and text and terminal.colour else text


def text_width(text: str) -> int:
    """Columns that the text takes: wide East Asian characters take two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def draw(columns: Sequence[str], rows: Sequence[Sequence[str]], terminal: Terminal, *, indent: int = 0) -> str:
    """The table as text, each line within the terminal's width; long values are folded, never cut."""
    if not columns:
        return ""
    widths = [max([text_width(h), *(text_width(r[i]) for r in rows)]) for i, h in enumerate(columns)]
    fitted = _fit(widths, terminal.width - indent)
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
    """The text in lines of at most `width` columns, broken at spaces where it can be."""
    if text_width(text) <= width:
        return [text]
    lines, line = [], ""
    for word in text.split(" "):
        grown = f"{line} {word}" if line else word
        if text_width(grown) <= width:
            line = grown
            continue
        if line:
            lines.append(line)
        while text_width(word) > width:
            cut = _cut(word, width)
            lines.append(word[:cut])
            word = word[cut:]
        line = word
    return [*lines, line]


def _cut(word: str, width: int) -> int:
    """Where to break a word that is too long: behind a sign that parts it, else where the line is full."""
    full = max(1, next(i for i in range(len(word), -1, -1) if text_width(word[:i]) <= width))
    parted = [i + 1 for i, char in enumerate(word[:full]) if char in _PARTING]
    return parted[-1] if parted and parted[-1] > full // 2 else full


def _fit(widths: list[int], room: int) -> list[int] | None:
    """Column widths that fit in `room`, the widest shrunk first; None when that cannot be read any more.

    The first column names the row: it keeps its width, so that it can be copied.
    """
    if len(widths) > 1 and widths[0] <= room // 2:
        rest = _fit_evenly(widths[1:], room - widths[0] - _GAP)
        return None if rest is None else [widths[0], *rest]
    return _fit_evenly(widths, room)


def _fit_evenly(widths: list[int], room: int) -> list[int] | None:
    fitted = list(widths)
    over = sum(fitted) + _GAP * (len(fitted) - 1) - room
    while over > 0:
        widest = max(range(len(fitted)), key=fitted.__getitem__)
        second = max([w for i, w in enumerate(fitted) if i != widest and w < fitted[widest]], default=_NARROWEST)
        if fitted[widest] <= _NARROWEST:
            return None
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
            first, *rest = fold(f"{name}: {value}" if name else value, max(terminal.width, 10))
            if name and first.startswith(f"{name}:"):
                first = paint(f"{name}:", "bold", terminal) + first.removeprefix(f"{name}:")
            lines += [first, *("  " + line for piece in rest for line in fold(piece, max(terminal.width - 2, 8)))]
    return "\n".join(lines) + "\n" if lines else ""


def _is_number(text: str) -> bool:
    return not text or text.replace(",", "").replace(".", "", 1).replace("%", "").lstrip("+-").isdigit()

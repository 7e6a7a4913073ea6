"""Pictures in characters: bars, a tree of counts, a histogram, a matrix of dots. In a pipe each is a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from cxid.cli._grid import bar, fold, paint, text_width
from cxid.cli._report.view import View
from cxid.cli._terminal import Terminal
from cxid.figures import percent
from cxid.privacy import terminal_text

_BAR_WIDTH = 40
_SHORTEST_BAR = 5
_WIDEST = 120  # a longer sentence is hard to read, however wide the terminal
_NARROWEST = 16
_HEIGHT = 8
_WIDEST_COLUMN = 3
_GAP = 2
_EIGHTHS = " ▁▂▃▄▅▆▇█"


def table(
    view: View, columns: Sequence[str], rows: Sequence[Sequence[str]], *, texts: frozenset[int] = frozenset({0})
) -> None:
    """A table of amounts, right-aligned but for the columns in `texts`; where it does not fit, as every other table.

    A heading is broken at its spaces before that.
    """
    screen = view.console.screen
    cells = [[terminal_text(cell) for cell in row] for row in rows]
    names = [[name] for name in columns]
    widths = _widths(names, cells)
    if sum(widths) + _GAP * len(widths) > view.width:
        names = [[name] if i in texts else name.split(" ") for i, name in enumerate(columns)]
        widths = _widths(names, cells)
        _shrink(widths, view.width - _GAP * len(widths), [i for i in texts if not _has_command(cells, i)])
    if not screen.is_tty or sum(widths) + _GAP * len(widths) > view.width:
        view.console.grid(columns, [[cell.strip() for cell in row] for row in rows])
        return
    tall = max(len(lines) for lines in names)
    stacked = zip(*([""] * (tall - len(lines)) + lines for lines in names), strict=True)
    heads = [_aligned(line, widths, texts) for line in stacked]
    for line in heads if any(columns) else []:
        view.console.text(paint(line, "dim", screen))
    for row in cells:
        folded = [fold(cell, widths[i]) if i in texts else [cell] for i, cell in enumerate(row)]
        for pieces in zip_longest(*folded, fillvalue=""):
            view.console.text(_aligned(pieces, widths, texts))


def _has_command(cells: Sequence[Sequence[str]], place: int) -> bool:
    return any(row[place].startswith("cxid ") for row in cells)


def _shrink(widths: list[int], room: int, texts: Sequence[int]) -> None:
    """Let the widest column of text fit into the room that the others leave, if it is legible then."""
    widest = max(texts, key=widths.__getitem__, default=None)
    over = sum(widths) - room
    if over > 0 and widest is not None and widths[widest] - over >= _NARROWEST:
        widths[widest] -= over


def _widths(names: Sequence[Sequence[str]], cells: Sequence[Sequence[str]]) -> list[int]:
    heads = [max(map(text_width, lines)) for lines in names]
    return [max(head, *(text_width(row[i]) for row in cells)) if cells else head for i, head in enumerate(heads)]


def _aligned(row: Sequence[str], widths: Sequence[int], texts: frozenset[int]) -> str:
    line = ""
    for place, (cell, width) in enumerate(zip(row, widths, strict=True)):
        pad = " " * (width - text_width(cell))
        line += " " * _GAP + (cell + pad if place in texts else pad + cell)
    return line.rstrip()


def facts(view: View, rows: Sequence[tuple[str, str]]) -> None:
    """Sentences behind what they are about, folded below their own beginning."""
    screen = view.console.screen
    left = max(text_width(label) for label, _ in rows)
    room = min(view.width, _WIDEST) - left - 2 * _GAP
    if not screen.is_tty or room < _NARROWEST:
        view.console.grid(("about", "estimate"), rows)
        return
    for label, text in rows:
        for number, piece in enumerate(fold(terminal_text(text), room)):
            view.console.text(f"{' ' * _GAP}{_left(label if number == 0 else '', left)}{' ' * _GAP}{piece}")


def legend(view: View, entries: Sequence[str]) -> None:
    """Entries one behind the other, in as many lines as they take."""
    line = ""
    for entry in map(terminal_text, entries):
        if line and text_width(line) + text_width(entry) + _GAP > view.width:
            view.console.text(line)
            line = ""
        line += " " * _GAP + entry
    view.console.text(line)


def bars(view: View, columns: Sequence[str], rows: Sequence[tuple[str, int, tuple[str, ...]]]) -> None:
    """Rows of (label, amount, remarks), each with a bar as long as its amount is large; `columns` name all of them."""
    screen = view.console.screen
    if not rows:
        return
    largest = max(amount for _, amount, _ in rows)
    cells = [[terminal_text(label), f"{amount:,}", *remarks] for label, amount, remarks in rows]
    widths = [max(map(text_width, column)) for column in zip(*cells, strict=True)]
    room = min(_BAR_WIDTH, view.width - sum(widths) - _GAP * (len(widths) + 1))
    if not screen.is_tty or room < _SHORTEST_BAR:
        view.console.grid(columns, [[cell.strip() for cell in row] for row in cells])
        return
    for row, (_, amount, _) in zip(cells, rows, strict=True):
        drawn = bar(amount, largest, room, screen)
        view.console.text(f"{_aligned(row, widths, frozenset({0}))}  {drawn}".rstrip())


def tree(view: View, rows: Sequence[tuple[int, str, int, int, str]]) -> None:
    """Rows of (depth, label, amount, amount of the step above or 0, remark), a bar for the part of the step above."""
    screen = view.console.screen
    told = [(d, label, n, of_all, remark or percent(n, of_all)) for d, label, n, of_all, remark in rows]
    left = max(2 * depth + len(label) for depth, label, *_ in told)
    middle = max(len(f"{amount:,}") for _, _, amount, _, _ in told)
    right = max(len(remark) for *_, remark in told)
    if not screen.is_tty or view.width < left + middle + right + 6:
        columns = ("step", "count", "share")
        view.console.grid(columns, [(label, f"{n:,}", percent(n, of_all)) for _, label, n, of_all, _ in told])
        return
    room = min(_BAR_WIDTH, view.width - left - middle - right - 8)
    for depth, label, amount, of_all, remark in told:
        drawn = bar(amount, of_all, room, screen) if room >= _SHORTEST_BAR else ""
        text = f"  {_left('  ' * depth + label, left)}  {amount:>{middle},}  {remark:>{right}}  {drawn}"
        view.console.text(text.rstrip())


def histogram(view: View, counts: Mapping[int, int], marks: Sequence[tuple[str, float, str]]) -> None:
    """Columns over whole numbers, `marks` of (letter, place, style) below; a column's style is that of the last mark.

    Only for terminals. Where there is not room for a column each, two or more share one.
    """
    screen = view.console.screen
    low, high = min(counts), max(counts)
    axis = len(f"{max(counts.values()):,}") + 4
    step = -(-(high - low + 1) // max(view.width - axis - 2, 10))
    low = low // step * step
    columns = [sum(counts.get(b + i, 0) for i in range(step)) for b in range(low, high + 1, step)]
    wide = max(1, min(_WIDEST_COLUMN, (view.width - axis - 2) // len(columns)))
    largest = max(columns)
    styles = [_style(low + i * step, marks) for i in range(len(columns))]
    for level in range(_HEIGHT, 0, -1):
        label = f"{largest:,}" if level == _HEIGHT else ""
        cells = [_cell(n / largest * _HEIGHT, level, screen) for n in columns]
        drawn = "".join(
            paint(c * wide, s, screen) if c != " " else " " * wide for c, s in zip(cells, styles, strict=True)
        )
        view.console.text(f"{label:>{axis - 2}} {'│' if screen.unicode else '|'}{drawn}".rstrip())
    edge, rule = ("└", "─") if screen.unicode else ("+", "-")
    view.console.text(f"{'0':>{axis - 2}} {edge}{rule * (wide * len(columns))}")
    for line in (_marked(low, step, wide, len(columns), marks), _numbered(low, step, wide, len(columns))):
        view.console.text(" " * axis + line)


def _style(place: int, marks: Sequence[tuple[str, float, str]]) -> str:
    passed = [style for _, at, style in marks if at <= place]
    return passed[-1] if passed else ""


def _cell(height: float, level: int, screen: Terminal) -> str:
    """What a column of `height` levels shows at this level, from 1; what is not none always shows at the lowest."""
    part = height - (level - 1)
    if height > 0 and level == 1:
        part = max(part, 1 / 8)
    if not screen.unicode:
        return "#" if part >= 1 / 2 or (level == 1 and part > 0) else " "
    return _EIGHTHS[max(0, min(8, round(part * 8)))]


def _marked(low: int, step: int, wide: int, columns: int, marks: Sequence[tuple[str, float, str]]) -> str:
    """The letters of the marks below the column in which they lie; two in one column stand beside each other."""
    line = [" "] * (columns * wide + len(marks))
    for letter, place, _ in marks:
        at = round((place - low) / step * wide)
        while 0 <= at < len(line) and line[at] != " ":
            at += 1
        if 0 <= at < len(line):
            line[at] = letter
    return "".join(line).rstrip()


def _numbered(low: int, step: int, wide: int, columns: int) -> str:
    """Numbers below the columns, each begins under its own."""
    every = 10 if columns * wide / (columns * step) * 10 >= 6 else 20
    line = [" "] * (columns * wide + 8)
    for number in range(-(-low // every) * every, low + columns * step, every):
        at = (number - low) // step * wide
        line[at : at + len(str(number))] = str(number)
    return "".join(line).rstrip() + " bits"


def dots(
    view: View, columns: Mapping[str, str], rows: Sequence[tuple[int, frozenset[str], str]], heading: tuple[str, str]
) -> None:
    """Rows of (amount, the columns it has, remark) as a bar and a dot a column; `columns` maps a name to its letter."""
    screen = view.console.screen
    full, none = ("●", "·") if screen.unicode else ("x", ".")
    largest = max(amount for amount, _, _ in rows)
    middle = max(len(heading[0]), *(len(f"{amount:,}") for amount, _, _ in rows))
    right = max(len(heading[1]), *(len(remark) for *_, remark in rows))
    room = max(0, min(_BAR_WIDTH, view.width - middle - right - 2 * len(columns) - 9))
    letters = " ".join(columns.values())
    view.console.text(f"  {heading[0]:>{middle}}  {letters}  {heading[1]:>{right}}".rstrip())
    for amount, has, remark in rows:
        marks = " ".join(full if name in has else none for name in columns)
        drawn = bar(amount, largest, room, screen) if room >= _SHORTEST_BAR else ""
        view.console.text(f"  {amount:>{middle},}  {marks}  {remark:>{right}}  {drawn}".rstrip())


def _left(text: str, width: int) -> str:
    safe = terminal_text(text)
    return safe + " " * (width - text_width(safe))

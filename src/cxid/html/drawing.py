"""Drawings as SVG, in the page's own colours so that they follow light and dark."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import ceil

from markupsafe import Markup

from cxid.html.texts import bounded
from cxid.privacy import html_text

WIDTH = 360  # units of every drawing: on a phone one unit is one pixel, so that text stays legible
_LETTER = 6.0  # units that a letter of the text is wide, about
_WIDEST_COLUMN = 40.0  # few columns stay columns
_GAP, _LEAST = 10, 22  # between the nodes of a column; room for the two lines of text of a thin one
_NAMES = 104  # room for the names of nodes at either side


def element(tag: str, attributes: Mapping[str, str | float], *inside: Markup | str) -> Markup:
    """One SVG element; texts inside and values of attributes are made inert."""
    said = "".join(f' {name}="{html_text(_number(value))}"' for name, value in attributes.items())
    content = "".join(i if isinstance(i, Markup) else html_text(bounded(i)) for i in inside)
    return Markup(f"<{tag}{said}>{content}</{tag}>")


def _number(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


def _text(x: float, y: float, words: str, anchor: str = "middle", tone: str = "quiet") -> Markup:
    return element("text", {"x": x, "y": y, "text-anchor": anchor, "class": tone}, words)


def _drawn(height: float, title: str, parts: Sequence[Markup]) -> Markup:
    box = {"viewBox": f"0 0 {WIDTH} {height:g}", "role": "img", "aria-label": bounded(title)}
    return element("svg", box, *parts)


def fitting(words: str, room: float) -> str:
    """As much of the words as fits into a room of so many units."""
    most = max(int(room / _LETTER), 1)
    return words if len(words) <= most else words[: most - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def _ticks(labels: Sequence[str], step: float, y: float) -> list[Markup]:
    """Labels below columns of a width, in equal distances so that none meets the next, none outside of the drawing."""
    widest = max((len(label) for label in labels), default=1) * _LETTER
    every = max(1, ceil((widest + _LETTER) / step))
    parts = []
    for n in range(0, len(labels), every):
        half = len(labels[n]) * _LETTER / 2
        x = min(max((n + 0.5) * step, half), WIDTH - half)
        parts.append(_text(x, y, labels[n]))
    return parts


def columns(title: str, bars: Sequence[tuple[str, float, str]], cuts: Sequence[tuple[float, str]] = ()) -> Markup:
    """A histogram: (label below, height 0 to 1, tone) from left to right; `cuts`: named lines after so many."""
    height, top, foot = 150.0, 24.0, 20.0
    room = height - top - foot
    step = min(WIDTH / max(len(bars), 1), _WIDEST_COLUMN)
    parts = []
    for n, (label, share, tone) in enumerate(bars):
        tall = max(share * room, 1.0 if share > 0 else 0.0)
        box: dict[str, str | float] = {
            "x": n * step + 0.5, "y": top + room - tall, "width": max(step - 1, 1), "height": tall,
            "class": f"fill-{tone}",
        }  # fmt: skip
        parts.append(element("rect", box, element("title", {}, label)))
    for n, (place, word) in enumerate(sorted(cuts)):
        x = min(max(place * step, 0.0), float(WIDTH))
        at: dict[str, str | float] = {"x1": x, "x2": x, "y1": top - 6, "y2": top + room, "class": "mark"}
        # names that lie close to each other keep apart: the first stands before its line, the last behind it
        anchor = "middle" if 0 < n < len(cuts) - 1 or len(cuts) == 1 else "end" if n == 0 else "start"
        parts += [element("line", at), _text(x, top - 10, word, anchor, "ink")]
    parts += _ticks([label for label, _, _ in bars], step, height - 6)
    parts.append(element("line", {"x1": 0, "x2": WIDTH, "y1": top + room, "y2": top + room, "class": "axis"}))
    return _drawn(height, title, parts)


def line(title: str, points: Sequence[float | None], *, target: float | None = None) -> Markup:
    """A line through figures from left to right, with gaps where there is none, over their own range.

    A broken line is the target.
    """
    height = 44.0
    known = [p for p in points if p is not None]
    if not known:
        return _drawn(height, title, ())
    marks = known if target is None else [*known, target]
    low, high = min(marks), max(marks)
    step = WIDTH / max(len(points) - 1, 1)

    def at(point: float) -> float:
        return height - 5 - (0.5 if high == low else (point - low) / (high - low)) * (height - 10)

    path, pen, end = [], "M", (0.0, 0.0)
    for n, point in enumerate(points):
        if point is None:
            pen = "M"
            continue
        end = (n * step, at(point))
        path.append(f"{pen}{end[0]:.1f} {end[1]:.1f}")
        pen = "L"
    parts = [element("path", {"d": " ".join(path), "class": "line"})]
    if target is not None:
        parts.append(element("line", {"x1": 0, "x2": WIDTH, "y1": at(target), "y2": at(target), "class": "mark"}))
    parts.append(element("circle", {"cx": min(end[0], WIDTH - 4), "cy": end[1], "r": 4, "class": "fill-a"}))
    return _drawn(height, title, parts)


def course(title: str, points: Sequence[tuple[str, float]], unit: str) -> Markup:
    """A metric over time: (label below, figure) from left to right, its lowest and highest figure at their height."""
    height, top, foot = 150.0, 16.0, 20.0
    low, high = min(p for _, p in points), max(p for _, p in points)
    step = WIDTH / len(points)

    def at(point: float) -> float:
        return height - foot - 6 - (0.5 if high == low else (point - low) / (high - low)) * (height - top - foot - 6)

    parts = []
    for edge in dict.fromkeys((high, low)):
        parts.append(element("line", {"x1": 0, "x2": WIDTH, "y1": at(edge), "y2": at(edge), "class": "rule"}))
        parts.append(_text(0, at(edge) - 4, f"{edge:,.1f}{unit}", "start"))
    spots = [((n + 0.5) * step, at(point)) for n, (_, point) in enumerate(points)]
    path = " ".join(f"{'L' if n else 'M'}{x:.1f} {y:.1f}" for n, (x, y) in enumerate(spots))
    parts.append(element("path", {"d": path, "class": "line"}))
    for (x, y), (label, point) in zip(spots, points, strict=True):
        dot: dict[str, str | float] = {"cx": x, "cy": y, "r": 3, "class": "fill-a"}
        parts.append(element("circle", dot, element("title", {}, f"{label}: {point:,.1f}{unit}")))
    parts += _ticks([label for label, _ in points], step, height - 6)
    return _drawn(height, title, parts)


Flow = tuple[str, str, float, str]  # from, to, amount, tone


def flows(title: str, streams: Sequence[Flow], say: Callable[[float], str], ends: Sequence[str] = ()) -> Markup:
    """Streams between two columns, as thick as what they carry; the figure of each node by `say`.

    The left column is in the order of the streams, the right one in that of `ends`, where it is given.
    """
    left = list(dict.fromkeys(f for f, _, n, _ in streams if n > 0))
    reached = dict.fromkeys(t for _, t, n, _ in streams if n > 0)
    right = [*(e for e in ends if e in reached), *(e for e in reached if e not in ends)]
    total = sum(n for *_, n, _ in streams) or 1
    room = 26.0 * max(len(left), len(right), 1)
    scale = room / total
    at = {("l", n): (y, tall) for n, y, tall in _nodes(left, streams, 0, scale)}
    at |= {("r", n): (y, tall) for n, y, tall in _nodes(right, streams, 1, scale)}
    height = max((y + max(tall, _LEAST) for y, tall in at.values()), default=0) + _GAP
    used = dict.fromkeys(at, 0.0)
    x1, x2, parts = _NAMES, WIDTH - _NAMES, []
    for start, end, amount, tone in streams:
        if amount <= 0:
            continue
        thick = amount * scale
        a, b = at["l", start][0] + used["l", start], at["r", end][0] + used["r", end]
        used["l", start] += thick
        used["r", end] += thick
        middle = (x1 + x2) / 2
        shape = (
            f"M{x1} {a:.1f} C{middle} {a:.1f} {middle} {b:.1f} {x2} {b:.1f} L{x2} {b + thick:.1f} "
            f"C{middle} {b + thick:.1f} {middle} {a + thick:.1f} {x1} {a + thick:.1f} Z"
        )
        said = element("title", {}, f"{start} to {end}: {amount:,.0f}")
        parts.append(element("path", {"d": shape, "class": f"stream fill-{tone}"}, said))
    for (side, name), (y, tall) in at.items():
        x = x1 - 6 if side == "l" else x2
        parts.append(element("rect", {"x": x, "y": y, "width": 6, "height": max(tall, 1), "class": "fill-ink"}))
        x, anchor = (x1 - 10, "end") if side == "l" else (x2 + 10, "start")
        middle = y + max(tall, 8) / 2
        shown = fitting(name, _NAMES - 10)
        parts += [_text(x, middle, shown, anchor, "ink"), _text(x, middle + 12, say(tall / scale), anchor)]
    return _drawn(height, title, parts)


def _nodes(names: Sequence[str], streams: Sequence[Flow], side: int, scale: float) -> list[tuple[str, float, float]]:
    """(name, top, height) of the nodes of one column, spread evenly."""
    y, found = float(_GAP), []
    for name in names:
        tall = sum(s[2] for s in streams if s[side] == name) * scale
        found.append((name, y, tall))
        y += max(tall, _LEAST) + _GAP
    return found

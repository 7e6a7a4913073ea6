"""Drawings as SVG, in the page's own colours so that they follow light and dark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from cxid.privacy import html_text

WIDTH = 360  # units of every drawing: on a phone one unit is one pixel, so that text stays legible
_GAP, _LEAST = 10, 22  # between the nodes of a column; room for the two lines of text of a thin one


def element(tag: str, attributes: Mapping[str, str | float], *inside: Markup | str) -> Markup:
    """One SVG element; texts inside and values of attributes are made inert."""
    said = "".join(f' {name}="{html_text(_number(value))}"' for name, value in attributes.items())
    content = "".join(i if isinstance(i, Markup) else html_text(i) for i in inside)
    return Markup(f"<{tag}{said}>{content}</{tag}>")


def _number(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


def _text(x: float, y: float, words: str, anchor: str = "middle", tone: str = "quiet") -> Markup:
    return element("text", {"x": x, "y": y, "text-anchor": anchor, "class": tone}, words)


def _drawn(height: float, title: str, parts: Sequence[Markup]) -> Markup:
    box = {"viewBox": f"0 0 {WIDTH} {height:g}", "role": "img", "aria-label": title}
    return element("svg", box, *parts)


def columns(title: str, bars: Sequence[tuple[str, float, str]], marks: Mapping[str, str] | None = None) -> Markup:
    """A histogram: (label below, height 0 to 1, tone) from left to right; `marks`: label -> word above a line there."""
    height, top, foot = 150.0, 24.0, 20.0
    room = height - top - foot
    step = WIDTH / max(len(bars), 1)
    parts = []
    for n, (label, share, tone) in enumerate(bars):
        tall = max(share * room, 1.0 if share > 0 else 0.0)
        box: dict[str, str | float] = {
            "x": n * step + 0.5, "y": top + room - tall, "width": max(step - 1, 1), "height": tall,
            "class": f"fill-{tone}",
        }  # fmt: skip
        parts.append(element("rect", box, element("title", {}, label)))
        if word := (marks or {}).get(label):
            x = n * step
            at: dict[str, str | float] = {"x1": x, "x2": x, "y1": top - 6, "y2": top + room, "class": "mark"}
            parts += [element("line", at), _text(x, top - 10, word, tone="ink")]
    every = max(1, round(len(bars) / 8))
    for n, (label, _, _) in enumerate(bars):
        if n % every == 0:
            at_edge = n * step < 3 * len(label)  # half of it would stand outside
            x, anchor = (0.0, "start") if at_edge else ((n + 0.5) * step, "middle")
            parts.append(_text(x, height - 6, label, anchor))
    parts.append(element("line", {"x1": 0, "x2": WIDTH, "y1": top + room, "y2": top + room, "class": "axis"}))
    return _drawn(height, title, parts)


def line(title: str, points: Sequence[float | None], *, height: float = 40) -> Markup:
    """A line through figures from left to right, with gaps where there is none, over its own range."""
    known = [p for p in points if p is not None]
    if not known:
        return _drawn(height, title, ())
    low, high = min(known), max(known)
    step = WIDTH / max(len(points) - 1, 1)
    path, pen = [], "M"
    for n, point in enumerate(points):
        if point is None:
            pen = "M"
            continue
        y = height - 4 - (0.5 if high == low else (point - low) / (high - low)) * (height - 8)
        path.append(f"{pen}{n * step:.1f} {y:.1f}")
        pen = "L"
    last = max(n for n, p in enumerate(points) if p is not None)
    end = path[-1][1:].split()
    dot = element("circle", {"cx": end[0], "cy": end[1], "r": 3, "class": "fill-a"})
    drawn = element("path", {"d": " ".join(path), "class": "line"})
    return _drawn(height, title, (drawn, dot) if last >= 0 else (drawn,))


Flow = tuple[str, str, float, str]  # from, to, amount, tone


def flows(title: str, streams: Sequence[Flow], figures: Mapping[str, str]) -> Markup:
    """Streams between two columns, as thick as what they carry; `figures`: name of a node -> its figure in words."""
    left = list(dict.fromkeys(f for f, _, n, _ in streams if n > 0))
    right = list(dict.fromkeys(t for _, t, n, _ in streams if n > 0))
    total = sum(n for *_, n, _ in streams) or 1
    room = 26.0 * max(len(left), len(right), 1)
    at = {("l", n): (y, tall) for n, y, tall in _nodes(left, streams, 0, room / total)}
    at |= {("r", n): (y, tall) for n, y, tall in _nodes(right, streams, 1, room / total)}
    height = max((y + max(tall, _LEAST) for y, tall in at.values()), default=0) + _GAP
    used = dict.fromkeys(at, 0.0)
    x1, x2, parts = 104, WIDTH - 104, []
    for start, end, amount, tone in streams:
        if amount <= 0:
            continue
        thick = amount * room / total
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
        parts += [_text(x, middle, name, anchor, "ink"), _text(x, middle + 12, figures.get(name, ""), anchor)]
    return _drawn(height, title, parts)


def _nodes(names: Sequence[str], streams: Sequence[Flow], side: int, scale: float) -> list[tuple[str, float, float]]:
    """(name, top, height) of the nodes of one column, spread evenly."""
    y, found = float(_GAP), []
    for name in names:
        tall = sum(s[2] for s in streams if s[side] == name) * scale
        found.append((name, y, tall))
        y += max(tall, _LEAST) + _GAP
    return found

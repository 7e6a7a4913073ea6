"""What happened to a customer: sparklines by month and channel, moments that matter, the last touchpoints."""

from __future__ import annotations

from collections.abc import Sequence

from cxid.cli._console import Console
from cxid.cli._customer.frame import table, title
from cxid.cli._customer.words import day, minute, money, plain, second
from cxid.cli._grid import text_width
from cxid.cli._terminal import Terminal
from cxid.customer_page.model import CustomerPage, Month, Timeline

_MOST_MONTHS = 60
_FEWEST_MONTHS = 6
_BARS, _PLAIN_BARS = "▁▂▃▄▅▆▇█", ".:-=+*#@"
_ALL = "all"


def sparkline(amounts: Sequence[int], largest: int, terminal: Terminal) -> str:
    """One sign for each amount, as high as its part of the largest; none for nothing."""
    bars = _BARS if terminal.unicode else _PLAIN_BARS
    steps = len(bars)
    return "".join(bars[min(steps, -(-a * steps // largest)) - 1] if a > 0 and largest > 0 else " " for a in amounts)


def draw_timeline(console: Console, page: CustomerPage) -> None:
    """Months, moments, touchpoints."""
    line = page.timeline
    if console.screen.is_tty:
        _draw_months(console, line)
    else:
        months = [(m.month, channel, n) for m in line.months for channel, n in m.channels.items()]
        table(console, "Timeline", ("month", "channel", "events"), months)
    _draw_moments(console, line)
    _draw_touchpoints(console, line)


def _draw_months(console: Console, line: Timeline) -> None:
    """A sparkline for each channel, most events first; one scale for all, so that they can be compared."""
    totals: dict[str, int] = {}
    for month in line.months:
        for channel, events in month.channels.items():
            totals[channel] = totals.get(channel, 0) + events
    ranked = sorted(totals, key=lambda channel: (-totals[channel], channel))
    rows = [_ALL, *ranked] if len(ranked) > 1 else ranked
    left = max((text_width(console.safe(r)) for r in rows), default=0)
    right = len(f"{line.events:,}")
    room = min(_MOST_MONTHS, console.screen.width - left - right - 6)
    spans = _every_month([m.month for m in line.months])
    shown = spans[-room:] if room >= _FEWEST_MONTHS else []
    undated = f", {line.undated:,} without a time" if line.undated else ""
    span = f", {spans[0]} to {spans[-1]}" if spans else ""
    cut = f", the last {len(shown)} months drawn" if 0 < len(shown) < len(spans) else ""
    title(console, f"Timeline: {line.events:,} events{span}{cut}{undated}")
    counts = {m.month: m for m in line.months}
    for row in rows:
        amounts = [_events(counts.get(month), row) for month in shown]
        drawn = sparkline(amounts, max((m.events for m in line.months), default=0), console.screen)
        label = console.safe(row)
        total = line.events - line.undated if row == _ALL else totals[row]
        console.text(f"  {label}{' ' * (left - text_width(label))}  {drawn}  {total:>{right},}")
    if shown:
        console.text(f"  {' ' * left}  {_years(shown)}".rstrip(), style="dim")


def _events(month: Month | None, row: str) -> int:
    if month is None:
        return 0
    return month.events if row == _ALL else month.channels.get(row, 0)


def _every_month(months: Sequence[str]) -> list[str]:
    """Every month from the first to the last, those without events too."""
    if not months:
        return []
    first, last = (int(m[:4]) * 12 + int(m[5:]) - 1 for m in (months[0], months[-1]))
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(first, last + 1)]


def _years(months: Sequence[str]) -> str:
    """The years under their January, the first where the line begins if there is room for it."""
    axis = [" "] * (len(months) + 4)
    for at, month in enumerate(months):
        if month.endswith("-01") or (at == 0 and not any(m.endswith("-01") for m in months[1:6])):
            axis[at : at + 4] = list(month[:4])
    return "".join(axis).rstrip()


def _draw_moments(console: Console, line: Timeline) -> None:
    when = day if console.screen.is_tty else second
    rows = [(when(m.time), m.what, m.words, m.source) for m in line.moments]
    table(console, "Moments that matter", ("time (UTC)", "what", "detail", "source"), rows)


def _draw_touchpoints(console: Console, line: Timeline) -> None:
    is_tty = console.screen.is_tty
    rows = [
        (minute(t.time) if is_tty else second(t.time), t.source, t.channel, t.type, money(t.value, t.currency),
         t.campaign, plain(t.sentiment), t.stage)
        for t in line.touchpoints
    ]  # fmt: skip
    more = f" of {line.events:,}" if line.events > len(rows) else ""
    heading = "The touchpoint" if len(rows) == 1 and not more else f"Last {len(rows)}{more} touchpoints"
    columns = ("time (UTC)", "source", "channel", "what", "value", "campaign", "sentiment", "stage")
    table(console, heading, columns, rows, spare=("stage", "channel"))

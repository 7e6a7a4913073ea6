"""One moment of long work in words: the line that is redrawn on a terminal, the heartbeat, the line of a stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cxid.cli._terminal import Terminal

_BAR_WIDTH = 16
_NARROW = 60  # columns, below which a word that can be spared is
_MANY = 1000  # units, from which on it tells something how many are done in a second

# Stage -> (table, what its rows are): what a stage is told to have made.
_MADE: Mapping[str, Sequence[tuple[str, str]]] = {
    "sources": (("record", "records"), ("event", "events")),
    "normalise": (("record_norm", "records"),),
    "link": (("link_compared", "pairs compared"),),
    "stitch": (("customer", "customers"),),
    "golden": (("golden_provenance", "golden values"),),
    "household": (("household", "customers with a home"),),
    "profile": (("profile", "profiles"), ("touchpoint", "touchpoints")),
    "report": (("report_figure", "figures"),),
}


@dataclass(frozen=True)
class Units:
    """What is counted: `done` of `total`, None where nobody knows how many there are; `rate` a second, None so too."""

    done: float
    total: float | None
    what: str
    rate: float | None = None


@dataclass(frozen=True)
class Moment:
    """Everything that is known at one moment. Seconds and MB; None is what nobody knows."""

    place: str  # "[3/9]", '' for work that is no stage
    stage: str
    step: str
    seconds: float  # since the stage began
    share: float | None = None
    units: Units | None = None
    left: float | None = None
    left_in_all: float | None = None
    memory_mb: int | None = None
    spill_mb: int = 0


# -- the lines ----------------------------------------------------------------------------------------------


def redrawn(now: Moment, screen: Terminal) -> str:
    """The line of a terminal: within its width, the least important left out first."""
    parts: list[tuple[int, str]] = [(0, now.place), (3, now.stage)]  # (the larger the sooner it goes, text)
    if now.share is not None:
        parts += [(7, bar(now.share, screen)), (1, percent(now.share))]
    parts.append((0, now.step))
    after: list[tuple[int, str]] = []
    if now.units is not None:
        after.append((4, counted(now.units, short=True)))
        after += [(8, rate(now.units))] if now.units.rate else []
    about = "about " if screen.width >= _NARROW else ""
    after.append((2, f"{about}{span(max(now.left, 1))} left" if now.left is not None else span(now.seconds)))
    if now.left_in_all is not None:
        after.append((6, f"{span(now.left_in_all)} for all"))
    after += [(5, size_mb(now.memory_mb))] if now.memory_mb is not None else []
    after += [(5, f"{size_mb(now.spill_mb)} on disk")] if now.spill_mb else []
    for dropped in range(9, 0, -1):
        head, tail = _kept(parts, dropped), _kept(after, dropped)
        line = ", ".join([" ".join(head), *tail])
        if len(line) < screen.width:
            return line
    mark = "…" if screen.unicode else ".."
    return line if len(line) < screen.width else line[: max(screen.width - 1 - len(mark), 0)] + mark


def _kept(parts: Sequence[tuple[int, str]], dropped: int) -> list[str]:
    return [text for rank, text in parts if text and rank < dropped]


def heartbeat(now: Moment) -> str:
    """The same for a log, where nothing is left out."""
    said = [f"{now.stage}: {now.step}" if now.stage and now.step else now.stage or now.step]
    if now.units is not None:
        said.append(counted(now.units) + (f" ({rate(now.units)})" if now.units.rate else ""))
    said.append(f"{span(now.seconds)} so far")
    if now.share is not None:
        said.append(f"{percent(now.share)} of the {'stage' if now.stage else 'work'}")
    if now.left is not None:
        said.append(f"about {span(max(now.left, 1))} left")
    if now.left_in_all is not None:
        said.append(f"about {span(now.left_in_all)} for all that is left of the run")
    if now.memory_mb is not None:
        said.append(size_mb(now.memory_mb))
    if now.spill_mb:
        said.append(f"{size_mb(now.spill_mb)} spilled to disk")
    return ", ".join(said)


def finished(place: str, stage: str, took: str, rows: Mapping[str, int], peak_mb: int, width: int | None) -> str:
    """The line of a stage that is over; within `width`, the least important left out first, where there is one."""
    begin = f"{place} {stage:<9} {took:>8}"
    made = [f"{rows[table]:,} {what}" for table, what in _MADE.get(stage, ()) if rows.get(table)]
    peak = [f"peak {size_mb(peak_mb)}"] if peak_mb else []
    for told in ([*made, *peak], made, made[:1], []):
        line = f"{begin}  {', '.join(told)}".rstrip()
        if width is None or len(line) < width:
            break
    return line


# -- figures ------------------------------------------------------------------------------------------------


def bar(share: float, screen: Terminal) -> str:
    """A bar that is full only when all is done."""
    filled = min(int(_BAR_WIDTH * share), _BAR_WIDTH - 1)
    full, empty = ("█", "░") if screen.unicode else ("#", ".")
    return full * filled + empty * (_BAR_WIDTH - filled)


def percent(share: float) -> str:
    """Rounded down: nothing is done before it is."""
    return f"{int(100 * share)}%"


def counted(units: Units, *, short: bool = False) -> str:
    """`1,200 of 2,800 pairs`; `1.2k of 2.8k pairs` when short."""
    if units.what == "bytes":
        done, total = size_mb(units.done / 2**20), None if units.total is None else size_mb(units.total / 2**20)
        return done if total is None else f"{done} of {total}"
    number = few if short else "{:,.0f}".format
    return number(units.done) + ("" if units.total is None else f" of {number(units.total)}") + f" {units.what}"


def rate(units: Units) -> str:
    """`410k/s`, `12 MB/s`."""
    assert units.rate is not None
    return f"{size_mb(units.rate / 2**20) if units.what == 'bytes' else few(units.rate)}/s"


def is_fast(done: float, total: float | None) -> bool:
    """Whether it tells something how many units are done in a second."""
    return max(done, total or 0) >= _MANY


def few(number: float) -> str:
    """A count in three digits: 999, 41k, 1.94M."""
    for size, sign in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if number >= size:
            scaled = number / min(size, 1e3 if sign == "k" else size)
            return f"{scaled:.0f}{sign}" if scaled >= 100 or sign == "k" else f"{scaled:#.3g}{sign}"
    return f"{number:,.0f}"


def size_mb(mb: float) -> str:
    """`612 MB`, `1.4 GB`; less than a MB in kB."""
    if mb >= 1000:
        return f"{mb / 1024:.1f} GB"
    return f"{mb:.0f} MB" if mb >= 1 or not mb else f"{mb * 1024:.0f} kB"


def span(seconds: float) -> str:
    """A span of time, the longer the coarser: `8 s`, `2 min 35 s`, `17 min`, `2 h 05 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 600:
        minutes, rest = divmod(whole - whole % 5, 60)
        return f"{minutes} min {rest:02d} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"

"""What a page is made of. Texts are plain; only what draws the page turns them into HTML.

Every block says its `kind`, which is the name of its template, its `caption` ('' for none), and whether it is `wide`:
whether it takes the whole width of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from cxid.figures import Finding

_NARROW = 5  # columns of a table that takes half of the page


@dataclass(frozen=True)
class Card:
    """One figure that stands by itself, with a word below it; tone: '', good, look or bad."""

    name: str
    value: str
    below: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Cards:
    """Figures side by side."""

    kind: ClassVar[str] = "cards"
    caption: ClassVar[str] = ""
    wide: ClassVar[bool] = True
    cards: Sequence[Card]


@dataclass(frozen=True)
class Contents:
    """What the other sections have to say, each as a way to it: (name of the section, title, lede)."""

    kind: ClassVar[str] = "contents"
    wide: ClassVar[bool] = True
    caption: str
    sections: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class Findings:
    """Sentences of judgement, each with the command that shows more."""

    kind: ClassVar[str] = "findings"
    wide: ClassVar[bool] = True
    caption: str
    said: Sequence[Finding]


@dataclass(frozen=True)
class Remedy:
    """What holds the result back, how large a part of it, and what bears on it: a key of the config, a command."""

    text: str
    part: str
    config: str
    command: str


@dataclass(frozen=True)
class Remedies:
    """What to do, the most telling first."""

    kind: ClassVar[str] = "remedies"
    wide: ClassVar[bool] = True
    caption: str
    remedies: Sequence[Remedy]


@dataclass(frozen=True)
class Bar:
    """One line of a bar chart: its share of the longest, 0 to 1, the figure, a remark; tone as a class of colour.

    `before` is the share of a second, thinner bar above it.
    """

    label: str
    share: float
    figure: str
    remark: str = ""
    tone: str = "a"
    before: float | None = None


@dataclass(frozen=True)
class Bars:
    """Lines with bars: a table that also reads as one."""

    kind: ClassVar[str] = "bars"
    caption: str
    columns: tuple[str, str, str]  # of label, figure, remark; '' for no remark
    bars: Sequence[Bar]
    wide: bool = False


@dataclass(frozen=True)
class Piece:
    """A part of a stacked bar: its share of the whole line."""

    name: str
    share: float
    figure: str
    tone: str


@dataclass(frozen=True)
class Stack:
    """One line of stacked bars."""

    label: str
    pieces: Sequence[Piece]
    remark: str = ""


@dataclass(frozen=True)
class Stacks:
    """Lines that each are parts of a whole, with the names of the parts."""

    kind: ClassVar[str] = "stacks"
    wide: ClassVar[bool] = True
    caption: str
    names: Sequence[tuple[str, str]]  # name, tone
    stacks: Sequence[Stack]


@dataclass(frozen=True)
class Grid:
    """A table; columns of figures stand to the right."""

    kind: ClassVar[str] = "grid"
    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    figures: frozenset[int] = frozenset()  # columns that hold figures
    codes: frozenset[int] = frozenset()  # columns that hold commands

    @property
    def wide(self) -> bool:
        return len(self.columns) > _NARROW


@dataclass(frozen=True)
class Heat:
    """A table whose cells are coloured by how full they are: (figure, 0 to 1, what the cell is called)."""

    kind: ClassVar[str] = "heat"
    caption: str
    across: Sequence[str]
    down: Sequence[str]
    cells: Sequence[Sequence[tuple[str, float, str]]]
    names: tuple[str, str] = ("", "")  # of what goes down, and across
    wide: bool = False


@dataclass(frozen=True)
class Picture:
    """A drawing, what it shows in one sentence, and its figures as a table for who cannot see it."""

    kind: ClassVar[str] = "picture"
    wide: ClassVar[bool] = False
    caption: str
    drawing: Markup
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Fall:
    """One line of a waterfall: what is compared, the two values, agreement in words, bits and where they start."""

    name: str
    a: str
    b: str
    words: str
    bits: str
    total: str
    left: float  # where the bar begins, 0 to 1
    width: float
    is_for: bool


@dataclass(frozen=True)
class Waterfall:
    """How the weight of one pair comes about."""

    kind: ClassVar[str] = "waterfall"
    wide: ClassVar[bool] = True
    caption: str
    a: str
    b: str
    outcome: str
    falls: Sequence[Fall]
    total: str
    command: str


@dataclass(frozen=True)
class SourceSet:
    """Customers known to the same sources: in which of the plot's sources they are, in how many more, how many."""

    known: Sequence[bool]
    more: int
    figure: str
    share: float  # of the largest set

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last source that the set is in; (0, 0) for none."""
        places = [n for n, is_in in enumerate(self.known) if is_in]
        return (places[0], places[-1]) if places else (0, 0)


@dataclass(frozen=True)
class Overlap:
    """Sets of sources that customers are known to, the largest first, as an UpSet plot."""

    kind: ClassVar[str] = "overlap"
    wide: ClassVar[bool] = True
    caption: str
    sources: Sequence[str]
    sets: Sequence[SourceSet]

    @property
    def has_more(self) -> bool:
        return any(s.more for s in self.sets)


@dataclass(frozen=True)
class Measure:
    """A metric: its value, what it is made of, how it stands to its target, its course over time."""

    name: str
    value: str
    basis: str
    target: str
    tone: str
    course: Markup | None
    span: str


@dataclass(frozen=True)
class Measures:
    """The metrics of one phase, and their figures of each period: (period, one figure a metric)."""

    kind: ClassVar[str] = "measures"
    wide: ClassVar[bool] = True
    caption: str
    measures: Sequence[Measure]
    periods: Sequence[Sequence[str]]


Block = Cards | Contents | Findings | Remedies | Bars | Stacks | Grid | Heat | Picture | Waterfall | Overlap | Measures


@dataclass(frozen=True)
class Section:
    """A part of the page: a name to link to, what it says in a sentence or two, and how to read it."""

    name: str
    title: str
    lede: str
    blocks: Sequence[Block]
    note: str = ""

"""What an explanation is made of. Weights are micro-bits, probabilities millionths."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum

MICRO = 1_000_000


@dataclass(frozen=True, order=True)
class Record:
    """A record and the customer that the build gave it to."""

    record_no: int
    source: str
    key: str
    customer_id: str

    @property
    def ref(self) -> str:
        """How a user names it."""
        return f"{self.source}:{self.key}"


@dataclass(frozen=True)
class Step:
    """One line of the waterfall: a field, or a figure in brackets such as (prior)."""

    name: str
    values: tuple[tuple[str, ...], tuple[str, ...]]  # as written, of either record; () where there are none
    level: str  # as the tables have it
    words: str
    weight: int
    total: int  # of this line and all above
    m: float | None = None  # share of matching pairs at this level
    u: float | None = None  # share of unrelated pairs at this level
    silent: bool = False  # says nothing: a side has no such column, or it is told elsewhere


class Sharing(StrEnum):
    """What came of one part of a blocking rule, or of a rule."""

    SHARED = "shared"
    DIFFERS = "differs"
    MISSING = "missing"


@dataclass(frozen=True)
class Tried:
    """A blocking rule held against two records: `parts` are those of its parts that they do not share."""

    rule: str
    outcome: Sharing
    parts: tuple[tuple[str, Sharing], ...] = ()


@dataclass(frozen=True)
class Weighed:
    """A pair of records: the lines of its waterfall and what they come to."""

    a: Record
    b: Record
    pattern: int
    levels: tuple[int, ...]
    steps: tuple[Step, ...]
    weight: int
    is_kept: bool  # the build has scored this pattern, so `weight` is its own figure

    @property
    def probability(self) -> int:
        return probability(self.weight)


@dataclass(frozen=True)
class Scored:
    """A pair as the build scored it. `rules` is 0 for identical records."""

    rules: int
    pattern: int
    weight: int
    probability: int
    household: int
    rivals: int = 0  # micro-bits of the weight that other candidates of the two records gave or took


class LinkKind(StrEnum):
    """What holds two records, or groups of records, together."""

    IDENTICAL = "identical"  # the same in every compared value
    MODEL = "model"  # the pair scores at or above the cut
    STITCH = "stitch"  # an identifier that they share
    COMPOSITE = "composite"  # two groups that are one person only when taken together
    DECISION = "decision"  # somebody said so


@dataclass(frozen=True)
class Link:
    """What joins two records of one customer, or stands for the joining of two groups."""

    a: Record
    b: Record
    kind: LinkKind
    probability: int
    weight: int | None = None  # of the pair's own score, where it has one
    detail: str = ""  # the type of the identifier that both carry
    words: tuple[str, ...] = ()  # what speaks loudest for it


@dataclass(frozen=True)
class BestLevel:
    """A field of two groups taken as wholes: its best level, what it weighs, and a pair that shows it."""

    name: str
    level: str
    words: str
    weight: int
    a: Record
    b: Record


@dataclass(frozen=True)
class Composite:
    """Two groups compared as wholes.

    `worth` is `weight` and `rivals`, less what is asked for because many pairs had a chance to agree.
    """

    left: tuple[Record, ...]
    right: tuple[Record, ...]
    levels: tuple[BestLevel, ...]
    pairs: int
    weight: int
    rivals: int
    worth: int


class Outcome(StrEnum):
    """Why two records are one customer, or are not."""

    SAME_RECORD = "same_record"
    IDENTICAL = "identical"
    DECIDED = "decided"
    DIRECT = "direct"
    IDENTIFIER = "identifier"
    COMPOSITE = "composite"
    PATH = "path"
    HELD = "held"  # one customer, by evidence that is not kept
    REFUSED = "refused"
    GROUPS_APART = "groups_apart"  # this pair is above the cut, the groups as wholes are not
    BELOW_CUT = "below_cut"
    BELOW_FLOOR = "below_floor"  # compared, and too weak to be kept
    NEVER_PAIRED = "never_paired"


@dataclass(frozen=True)
class Refusal:
    """A guard that keeps two groups apart. `lines` are those of decisions.csv."""

    guard: str
    detail: str
    a: Record | None = None
    b: Record | None = None
    lines: tuple[int, ...] = ()
    values: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


@dataclass(frozen=True)
class Verdict:
    """The decision about two records, with what it rests on."""

    outcome: Outcome
    words: str
    lines: tuple[int, ...] = ()
    path: tuple[Link, ...] = ()
    composites: tuple[Composite, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    mean: int | None = None  # of all pairs between the two groups
    strongest: tuple[Record, Record] | None = None  # between the two groups, when it is another pair

    @property
    def is_joined(self) -> bool:
        return self.outcome in _JOINED


_JOINED = {
    Outcome.SAME_RECORD, Outcome.IDENTICAL, Outcome.DECIDED, Outcome.DIRECT, Outcome.IDENTIFIER, Outcome.COMPOSITE,
    Outcome.PATH, Outcome.HELD,
}  # fmt: skip


@dataclass(frozen=True)
class PairAnswer:
    """Why two records are, or are not, one customer."""

    weighed: Weighed
    cut: int
    found_by: tuple[str, ...]
    tried: tuple[Tried, ...]
    verdict: Verdict
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Member:
    """A record of a customer with a few of its values and its best link."""

    record: Record
    values: dict[str, str]
    link_kind: str
    probability: int


@dataclass(frozen=True)
class Split:
    """The two parts that a customer would fall into without a link; `across` is how many links join them."""

    link: Link
    left: tuple[Record, ...]
    right: tuple[Record, ...]
    across: int


@dataclass(frozen=True)
class Neighbour:
    """Another customer that came near: the strongest pair, what keeps it apart, in words."""

    a: Record
    b: Record
    weight: int
    probability: int
    against: tuple[str, ...]
    outcome: str


@dataclass(frozen=True)
class Held:
    """An identifier of a customer: which of its records carry it, and its events that do."""

    id_type: str
    id_value: str
    link_kind: str
    probability: int
    records: tuple[Record, ...]
    events: int
    with_: tuple[str, ...] = ()  # identifiers of this customer that share events with it, for those on no record


@dataclass(frozen=True)
class CustomerAnswer:
    """How a customer holds together."""

    customer_id: str
    cut: int
    members: tuple[Member, ...]
    links: tuple[Link, ...]  # the strongest that hold it: a tree
    split: Split | None
    edges: int
    density: float | None
    weakest: int
    flags: str
    refusals: tuple[tuple[Refusal, str], ...]  # and the other customer
    identifiers: tuple[Held, ...]
    identifier_count: int
    events: dict[str, int]  # by source
    neighbours: tuple[Neighbour, ...]
    notes: tuple[str, ...] = field(default=())


def probability(weight: int) -> int:
    """Millionths at a weight in micro-bits."""
    bits = max(-60.0, min(60.0, weight / MICRO))
    return round(MICRO / (1.0 + math.exp2(-bits)))

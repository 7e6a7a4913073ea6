"""What a simulation asks and answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from cxid.config.triggers import Trigger


@dataclass(frozen=True)
class Ask:
    """One trigger, the moments that it is replayed at (UTC), the days that are followed after each.

    Without moments there are `replays` of them, a window apart. `detect` is the difference, as a share, of which the
    needed size of a trial is told.
    """

    name: str
    trigger: Trigger
    moments: tuple[datetime, ...]
    window_days: int
    detect: float = 0.02
    replays: int = 3


@dataclass(frozen=True)
class Known:
    """What was known at a moment, and what is left out because nobody can tell whether it was."""

    records: int
    records_left_out: int  # changed later: what they said then is not known
    records_undated: int  # taken as known always
    events: int
    events_left_out: int
    customers: int


@dataclass(frozen=True)
class Followed:
    """A group of customers and what they did within the window. Revenue is in one currency."""

    customers: int
    buyers: int
    orders: int
    revenue: Decimal
    silent: int  # did nothing of their own


@dataclass(frozen=True)
class Replay:
    """One moment: who was hit (chosen under the cap), split by the keyed hash, beside everybody else then known."""

    moment: datetime
    known: Known
    holds: int  # customers of whom the condition held
    no_consent: int
    capped: int
    act: Followed
    holdout: Followed
    others: Followed


@dataclass(frozen=True)
class Difference:
    """treated less control of one outcome, with the 95 % interval; `treated` and `control` are its means."""

    outcome: str  # bought, revenue or silent
    treated: float
    control: float
    difference: float
    low: float
    high: float

    @property
    def is_sure(self) -> bool:
        """The interval leaves 0 out."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Uplift:
    """What a trial says of those in it: arms, differences, and how large a trial would have to be."""

    who: str  # everybody in the trial, or those whom the trigger would have hit
    treated: Followed
    control: Followed
    differences: tuple[Difference, ...] = ()
    needed: int = 0  # customers in each arm, to find `detect` in four trials of five
    found_from: float | None = None  # the smallest difference that this trial finds in four of five; None when small
    refused: str = ""  # why nothing is concluded


@dataclass(frozen=True)
class Trial:
    """Where the arms come from, and what speaks for and against them."""

    kind: str  # treatment log or holdout
    source: str
    since: datetime | None
    until: datetime | None
    customers: int
    of_nobody: int  # rows without a customer
    in_both_arms: int
    too_late: int  # the window is not over
    mixed_households: int  # held out, with a treated customer in the household
    share: float  # meant to be treated
    mismatch: float  # probability of arms as uneven as these by chance
    uplifts: tuple[Uplift, ...]
    refused: str = ""


@dataclass(frozen=True)
class Simulation:
    """The answer. `refused` says why nothing is said of an effect, '' where a trial allows it."""

    run_id: str
    name: str
    when: str
    action: str
    as_of: datetime
    window_days: int
    detect: float
    currency: str
    other_currencies: int  # purchases left out of revenue
    replays: tuple[Replay, ...]
    trials: tuple[Trial, ...]
    refused: str = ""
    notes: tuple[str, ...] = ()

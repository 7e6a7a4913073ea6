"""What scored pairs say against truth: a curve over cuts, calibration, and where true pairs were lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import ceil, floor

from cxid.evaluate.measures import PairCounts

MICRO = 1_000_000
BANDS = (0.0, 0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1.0)


@dataclass(frozen=True)
class Tally:
    """How many pairs of records share all of this."""

    weight: int  # micro-bits
    probability: int  # millionths
    rules: int
    is_match: bool
    is_joined: bool
    guard: str
    pairs: int


@dataclass(frozen=True)
class CutRow:
    """Scored pairs at or above a cut, taken as matches one by one, without clustering."""

    bits: float
    pairs: PairCounts


@dataclass(frozen=True)
class BandRow:
    """Scored pairs whose probability lies in [low, high): the mean that was said, and the share that are matches."""

    low: float
    high: float
    pairs: int
    said: float
    seen: float


@dataclass(frozen=True)
class RuleRow:
    """A blocking rule: scored pairs of known truth that it proposed, true ones, and those no other rule proposed."""

    rule: str
    pairs: int
    true_pairs: int
    alone: int


@dataclass(frozen=True)
class Funnel:
    """Every true pair once: joined, or why not. All but `guards` are counts of pairs."""

    true_pairs: int
    scored: int  # proposed by blocking and scored above the floor
    above_cut: int
    joined: int
    joined_below_cut: int  # scored under the cut, joined through others
    joined_unscored: int  # never scored, joined through others
    lost_unknown: int  # a record that the build does not have
    lost_unscored: int  # never proposed, or scored under the floor
    lost_below_cut: int
    lost_above_cut: int  # the evidence of the whole group, or a guard
    guards: tuple[tuple[str, int], ...]  # of lost_above_cut: guard -> pairs, '' for the group's evidence


def curve(tallies: Sequence[Tally], true_pairs: int) -> tuple[list[CutRow], CutRow | None]:
    """(one row for each whole bit, the row of best F1 over every weight there is), highest cut first."""
    rows, best = [], None
    right = wrong = 0
    ordered = sorted(tallies, key=lambda t: -t.weight)
    next_bit = floor(ordered[0].weight / MICRO) if ordered else 0
    for weight, group in groupby(ordered, key=lambda t: t.weight):
        while weight < next_bit * MICRO:  # all at or above that bit have been counted
            rows.append(CutRow(float(next_bit), PairCounts(right, wrong, true_pairs - right)))
            next_bit -= 1
        for tally in group:
            right, wrong = right + tally.pairs * tally.is_match, wrong + tally.pairs * (not tally.is_match)
        here = CutRow(weight / MICRO, PairCounts(right, wrong, true_pairs - right))
        if best is None or (here.pairs.f1 or 0.0) > (best.pairs.f1 or 0.0):
            best = here
    if ordered:
        lowest = ordered[-1].weight
        while next_bit >= ceil(lowest / MICRO) - 1:
            rows.append(CutRow(float(next_bit), PairCounts(right, wrong, true_pairs - right)))
            next_bit -= 1
    return rows, best


def at_or_above(tallies: Sequence[Tally], cut: int, true_pairs: int) -> PairCounts:
    """Scored pairs at or above a cut in micro-bits, taken as matches."""
    above = [t for t in tallies if t.weight >= cut]
    right = sum(t.pairs for t in above if t.is_match)
    return PairCounts(right, sum(t.pairs for t in above) - right, true_pairs - right)


def calibration(tallies: Sequence[Tally]) -> list[BandRow]:
    """The bands of probability in which pairs lie, lowest first."""
    rows = []
    for low, high in pairwise(BANDS):
        inside = [t for t in tallies if low <= t.probability / MICRO and (t.probability / MICRO < high or high == 1.0)]
        if pairs := sum(t.pairs for t in inside):
            said = sum(t.pairs * t.probability for t in inside) / MICRO / pairs
            rows.append(BandRow(low, high, pairs, said, sum(t.pairs for t in inside if t.is_match) / pairs))
    return rows


def by_rule(tallies: Sequence[Tally], rules: Sequence[tuple[int, str]]) -> list[RuleRow]:
    """What each blocking rule (number, words) brought, best first."""
    rows = []
    for number, words in rules:
        bit = 1 << number
        own = [t for t in tallies if t.rules & bit]
        true = [t for t in own if t.is_match]
        rows.append(
            RuleRow(
                words, sum(t.pairs for t in own), sum(t.pairs for t in true),
                sum(t.pairs for t in true if t.rules == bit),
            )
        )  # fmt: skip
    return sorted(rows, key=lambda r: (-r.true_pairs, r.rule))


def funnel(tallies: Sequence[Tally], counts: PairCounts, known_true: int, cut: int) -> Funnel:
    """Where true pairs went; `counts` of the published customers, `known_true` pairs of records that the build has."""
    true = [t for t in tallies if t.is_match]

    def pairs(chosen: Sequence[Tally]) -> int:
        return sum(t.pairs for t in chosen)

    above, below = [t for t in true if t.weight >= cut], [t for t in true if t.weight < cut]
    lost = [t for t in above if not t.is_joined]
    unscored = counts.right - pairs([t for t in true if t.is_joined])
    guards = {t.guard for t in lost}
    return Funnel(
        true_pairs=counts.right + counts.missed,
        scored=pairs(true),
        above_cut=pairs(above),
        joined=counts.right,
        joined_below_cut=pairs([t for t in below if t.is_joined]),
        joined_unscored=unscored,
        lost_unknown=counts.right + counts.missed - known_true,
        lost_unscored=known_true - pairs(true) - unscored,
        lost_below_cut=pairs([t for t in below if not t.is_joined]),
        lost_above_cut=pairs(lost),
        guards=tuple(sorted((g, pairs([t for t in lost if t.guard == g])) for g in guards)),
    )

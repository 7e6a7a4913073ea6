"""The choice among blocking rules: most likely matches for the pairs that they cost."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from cxid.stages.link.atoms import Atom
from cxid.stages.link.keys import Codes, KeySample, distinct

MOST_RULES = 60  # their bits share one BIGINT
_SAMPLE_PAIRS = 1_500_000  # that all rules together may hold in memory
_FILLED = 0.95  # of the budget is planned for: the sample may err
_WHOLE = 1000  # odds are kept as integers, so that sums are exact
_NEEDLESS = 0.05  # of a pass, in pairs that only this rule finds
_ROUNDS = 3  # of buying rules and giving needless ones back
_PASS = 0.1  # what a rule costs beside its pairs, in pairs per record: one pass over the records
_DEPENDENT_BITS = 3.0  # fields that agree often agree together: so much of their evidence is counted twice
_STEEP = 2.0  # doubtful pairs are many, and would outweigh the sure ones if odds were taken at their word
_WORTH = 1 / 50  # likely matches per pair under which a rule is not taken
_FREE = 2_000_000  # pairs that are spent whatever they yield: seconds of work, and wide candidates show
# the estimator what unrelated pairs and households look like


@dataclass(frozen=True)
class Budget:
    """Limits of the search."""

    pairs: int
    block_cap: int  # records in one block


@dataclass(frozen=True)
class Rule:
    """Records that share all of these atoms are compared."""

    atoms: tuple[Atom, ...]
    estimate: float  # pairs, from the sample

    @property
    def words(self) -> str:
        return " + ".join(a.name for a in self.atoms)

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(f for a in self.atoms for f in a.fields)


@dataclass
class _Purse:
    """Pairs that are bought already, and what each further rule would add."""

    held: Sequence[Codes]  # the sampled pairs of each rule of the pool
    likely: Codes  # how likely each sampled pair is a match, in 1/1000
    scale: float  # pairs in the data for each pair in the sample
    fixed: float  # what a rule costs beside its pairs, in pairs

    def __post_init__(self) -> None:
        self.times = np.zeros(len(self.likely), np.int64)  # how many bought rules hold each pair

    @property
    def spent(self) -> float:
        return float(np.count_nonzero(self.times)) * self.scale

    def offer(self, number: int) -> tuple[float, float]:
        """(likely matches, pairs) that the rule adds."""
        return self._held(number, 0)

    def loss(self, number: int) -> tuple[float, float]:
        """(likely matches, pairs) that only this one of the bought rules finds."""
        return self._held(number, 1)

    def _held(self, number: int, times: int) -> tuple[float, float]:
        pairs = self.held[number]
        pairs = pairs[self.times[pairs] == times]
        return float(self.likely[pairs].sum()) / _WHOLE * self.scale, len(pairs) * self.scale

    def earns(self, number: int) -> float:
        gain, pairs = self.offer(number)
        return gain / (pairs + self.fixed)

    def buy(self, number: int) -> None:
        self.times[self.held[number]] += 1

    def give_back(self, number: int) -> None:
        self.times[self.held[number]] -= 1


def _buy(purse: _Purse, chosen: list[int], left: Sequence[int], budget: int) -> None:
    """Rules of the pool by what they earn, until the budget, the places or the likely matches run out."""
    queue = [(-purse.earns(i), i) for i in left]
    heapq.heapify(queue)
    while queue and len(chosen) < MOST_RULES:
        _, number = heapq.heappop(queue)
        worth = purse.earns(number)
        if queue and -worth > queue[0][0]:
            heapq.heappush(queue, (-worth, number))
            continue
        after = purse.spent + purse.offer(number)[1]
        if worth < _WORTH and after > _FREE:
            break
        if after <= budget * _FILLED:
            purse.buy(number)
            chosen.append(number)


def _give_back(purse: _Purse, chosen: list[int]) -> None:
    """Lets go of rules that later ones made needless: hardly a pair, and no likely match, is theirs alone."""
    for number in tuple(chosen):
        gain, pairs = purse.loss(number)
        if pairs < _NEEDLESS * purse.fixed and gain < _WORTH * purse.fixed:
            purse.give_back(number)
            chosen.remove(number)


def choose(pool: Sequence[Rule], atoms: Sequence[Atom], sample: KeySample, budget: Budget) -> list[Rule]:
    """Rules in the order in which they earn most, until the budget or the likely matches run out.

    Greedy by (new likely matches) / (new pairs + one pass); what later rules made needless is given back and its
    place filled. How likely a match a pair of the sample is, the rarity of what it shares says: even odds are at one
    chance in as many as there are records, less the evidence that is counted twice.
    """
    total = sum(r.estimate for r in pool) * sample.rate**2
    thin = max(1, int(-(-total // _SAMPLE_PAIRS)))
    with ThreadPoolExecutor(sample.threads) as threads:
        held = list(threads.map(lambda rule: sample.pairs(rule.atoms, budget.block_cap, thin), pool))
    every = distinct(np.concatenate([np.zeros(0, np.int64), *held]))
    short = np.log2(max(sample.records, 2)) + _DEPENDENT_BITS - sample.bits(every, atoms)
    likely = np.rint(_WHOLE / (1 + np.exp2(np.minimum(_STEEP * short, 60)))).astype(np.int64)
    places = [np.searchsorted(every, h) for h in held]
    purse = _Purse(places, likely, thin / sample.rate**2, _PASS * sample.records)
    chosen: list[int] = []
    for _ in range(_ROUNDS):
        _buy(purse, chosen, [i for i in range(len(pool)) if i not in chosen], budget.pairs)
        _give_back(purse, chosen)
    return [pool[i] for i in chosen]

"""The choice among blocking rules: most likely matches for the pairs that they cost."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cxid.stages.link.atoms import Atom
from cxid.stages.link.keys import Codes, KeySample

MOST_RULES = 60  # their bits share one BIGINT
_SAMPLE_PAIRS = 4_000_000  # that all rules together may hold in memory
_PASS = 0.1  # what a rule costs beside its pairs, in pairs per record: one pass over the records
_WORTH = 1 / 400  # likely matches per pair under which a rule is not taken
_FREE = 3_000_000  # pairs that are spent whatever they yield: seconds of work, and wide candidates show
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

    covered: npt.NDArray[np.bool_]
    likely: npt.NDArray[np.bool_]
    scale: float  # pairs in the data for each pair in the sample
    spent: float = 0.0

    def offer(self, held: Codes) -> tuple[float, float]:
        """(likely matches, pairs) that these pairs add."""
        new = held[~self.covered[held]]
        return float(self.likely[new].sum()) * self.scale, len(new) * self.scale

    def buy(self, held: Codes, pairs: float) -> None:
        self.covered[held] = True
        self.spent += pairs


def choose(pool: Sequence[Rule], atoms: Sequence[Atom], sample: KeySample, budget: Budget) -> list[Rule]:
    """Rules in the order in which they earn most, until the budget or the likely matches run out.

    Greedy by (new likely matches) / (new pairs + one pass). A likely match is a pair of the sample whose
    shared values are rarer, taken together, than one pair in all pairs of the data.
    """
    total = sum(r.estimate for r in pool) * sample.rate**2
    thin = max(1, int(-(-total // _SAMPLE_PAIRS)))
    held = [sample.pairs(r.atoms, budget.block_cap, thin) for r in pool]
    every = np.unique(np.concatenate([np.zeros(0, np.int64), *held]))
    likely = sample.bits(every, atoms) >= np.log2(max(sample.records, 2))
    purse = _Purse(np.zeros(len(every), bool), likely, thin / sample.rate**2)
    places = [np.searchsorted(every, h) for h in held]
    fixed = _PASS * sample.records

    def earns(number: int) -> float:
        gain, pairs = purse.offer(places[number])
        return gain / (pairs + fixed)

    queue = [(-earns(i), i) for i in range(len(pool))]
    heapq.heapify(queue)
    chosen: list[Rule] = []
    while queue and len(chosen) < MOST_RULES:
        _, number = heapq.heappop(queue)
        worth = earns(number)
        if queue and -worth > queue[0][0]:
            heapq.heappush(queue, (-worth, number))
            continue
        pairs = purse.offer(places[number])[1]
        cheap = purse.spent + pairs <= _FREE
        if worth < _WORTH and not cheap:
            break
        if purse.spent + pairs <= budget.pairs:
            purse.buy(places[number], pairs)
            chosen.append(pool[number])
    return chosen

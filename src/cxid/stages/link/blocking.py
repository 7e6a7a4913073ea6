"""The search for blocking rules: the loosest conjunctions of key atoms that a pair budget allows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations

from cxid.stages.link.atoms import Atom
from cxid.stages.link.choice import Budget, Rule, choose
from cxid.stages.link.keys import KeySample, Size

_MOST_ATOMS = 3
_MOST_LEFT_OUT = 0.1  # a rule is not taken when more than this share of its records sits in blocks over the cap
_POOL = 120  # rules of one width, the shortest and widest first
_WIDTHS = (10.0, 3.0, 1.0)  # pairs per record that one rule may propose


def _disjoint(atoms: Iterable[Atom]) -> bool:
    seen = [f for a in atoms for f in a.fields]
    return len(seen) == len(set(seen))


def _closures(atoms: Sequence[Atom]) -> dict[str, frozenset[str]]:
    """For each atom, itself and everything coarser."""
    direct = {a.name: a.coarser for a in atoms}

    def reach(name: str) -> frozenset[str]:
        return frozenset({name}).union(*(reach(c) for c in direct.get(name, ())))

    return {name: reach(name) for name in direct}


class Search:
    """Sizes of conjunctions on one sample, each measured once."""

    def __init__(self, atoms: Sequence[Atom], sample: KeySample, budget: Budget) -> None:
        self._atoms, self._sample, self._budget = tuple(atoms), sample, budget
        self._coarser = _closures(atoms)
        self._sizes: dict[tuple[str, ...], Size] = {}

    def _size(self, atoms: tuple[Atom, ...]) -> Size:
        key = tuple(a.name for a in atoms)
        if key not in self._sizes:
            self._sizes[key] = self._sample.size(atoms, self._budget.block_cap)
        return self._sizes[key]

    def _fits(self, atoms: tuple[Atom, ...], width: float) -> bool:
        size = self._size(atoms)
        return size.pairs <= width * self._sample.records and size.left_out <= _MOST_LEFT_OUT

    def _covers(self, loose: tuple[Atom, ...], tight: tuple[Atom, ...]) -> bool:
        """Every pair that `tight` proposes, `loose` proposes too."""
        reached = frozenset().union(*(self._coarser[a.name] for a in tight))
        return all(a.name in reached for a in loose)

    def _fitting(self, width: float) -> list[tuple[Atom, ...]]:
        """Conjunctions that fit and hold no smaller one that fits."""
        found: list[tuple[Atom, ...]] = []
        fits: set[frozenset[str]] = set()
        for count in range(1, _MOST_ATOMS + 1):
            new = []
            for atoms in combinations(self._atoms, count):
                names = [a.name for a in atoms]
                smaller = (frozenset(c) for k in range(1, count) for c in combinations(names, k))
                if _disjoint(atoms) and not any(c in fits for c in smaller) and self._fits(atoms, width):
                    new.append(atoms)
            fits |= {frozenset(a.name for a in atoms) for atoms in new}
            found += new
        return found

    def loosest(self, width: float) -> list[Rule]:
        """The rules of at most `width` pairs per record that no looser one makes needless."""
        kept: list[tuple[Atom, ...]] = []
        order: Callable[[tuple[Atom, ...]], tuple[float, int, str]] = lambda a: (  # noqa: E731
            -self._size(a).pairs,
            sum(len(self._coarser[x.name]) for x in a),
            " + ".join(x.name for x in a),
        )
        for atoms in sorted(self._fitting(width), key=order):
            nothing = self._sample.rate == 1.0 and self._size(atoms).pairs == 0
            if not nothing and not any(self._covers(k, atoms) for k in kept):
                kept.append(atoms)
        kept.sort(key=lambda a: (len(a), order(a)))
        return [Rule(a, self._size(a).pairs) for a in kept[:_POOL]]

    def pool(self) -> list[Rule]:
        """Rules of several widths: which of them are worth their pairs is not decided by size alone."""
        found: dict[tuple[str, ...], Rule] = {}
        for width in _WIDTHS:
            for rule in self.loosest(width):
                found.setdefault(tuple(a.name for a in rule.atoms), rule)
        return list(found.values())

    def best(self) -> list[Rule]:
        """The rules of the pool that find most likely matches for their pairs, within the budget."""
        return choose(self.pool(), self._atoms, self._sample, self._budget)

"""Average-link agglomeration one merge at a time, by the definition; slow and obvious."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations


@dataclass(frozen=True)
class Rules:
    """Who must stay apart. `facts` of a node: rule -> the values that it has of that field."""

    max_group: int = 50
    single_sources: Mapping[str, frozenset[int]] = field(default_factory=dict)  # source -> its nodes
    never_merge: Sequence[Mapping[int, frozenset[str]]] = ()
    apart: frozenset[frozenset[int]] = frozenset()


def _forbidden(left: frozenset[int], right: frozenset[int], size: Mapping[int, int], rules: Rules) -> str | None:
    """The guard that keeps two clusters apart, the first of: group_size, one_per_source, never_merge, decision."""
    if sum(size[n] for n in left | right) > rules.max_group:
        return "group_size"
    if any(left & nodes and right & nodes for nodes in rules.single_sources.values()):
        return "one_per_source"
    for facts in rules.never_merge:
        for a in left:
            for b in right:
                if facts.get(a) and facts.get(b) and not facts[a] & facts[b]:
                    return "never_merge"
    if any(frozenset((a, b)) in rules.apart for a in left for b in right):
        return "decision"
    return None


def agglomerate(
    size: Mapping[int, int], weights: Mapping[tuple[int, int], int], rules: Rules, *, cut: int
) -> tuple[set[frozenset[int]], set[tuple[frozenset[int], frozenset[int], str]]]:
    """The final clusters, and (cluster, cluster, guard) of every merge that a guard refused on the way."""
    unscored = min(-1_000_000, cut - 1_000_000)
    clusters = {frozenset([n]) for n in size}
    dead: dict[frozenset[int], str] = {}  # pair of nodes whose clusters met and were kept apart

    def mean(left: frozenset[int], right: frozenset[int]) -> Fraction:
        total = sum(size[a] * size[b] * weights.get((min(a, b), max(a, b)), unscored) for a in left for b in right)
        return Fraction(total, sum(size[a] for a in left) * sum(size[b] for b in right))

    def blocked(left: frozenset[int], right: frozenset[int]) -> bool:
        return any(frozenset((a, b)) in dead for a in left for b in right)

    while True:
        open_pairs = [
            (-mean(left, right), min(min(left), min(right)), max(min(left), min(right)), left, right)
            for left, right in combinations(clusters, 2)
            if not blocked(left, right)
        ]
        open_pairs = [p for p in open_pairs if -p[0] >= cut]
        if not open_pairs:
            break
        _, _, _, left, right = min(open_pairs, key=lambda p: p[:3])
        guard = _forbidden(left, right, size, rules)
        if guard:
            dead[frozenset((min(left), min(right)))] = guard
            continue
        clusters -= {left, right}
        clusters.add(left | right)
    refused = set()
    for pair, guard in dead.items():
        a, b = sorted(pair)
        owner = {n: c for c in clusters for n in c}
        refused.add((owner[a], owner[b], guard))
    return clusters, refused

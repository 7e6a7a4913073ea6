"""Measures of a clustering in plain Python, pair by pair and record by record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations


def pair_sets(labels: Sequence[str]) -> set[tuple[int, int]]:
    """Positions of records with equal labels, two by two."""
    return {(i, j) for i, j in combinations(range(len(labels)), 2) if labels[i] == labels[j]}


def pair_counts(entity: Sequence[str], customer: Sequence[str]) -> tuple[int, int, int]:
    """(right, wrong, missed) pairs."""
    true, found = pair_sets(entity), pair_sets(customer)
    return len(true & found), len(found - true), len(true - found)


def bcubed(entity: Sequence[str], customer: Sequence[str]) -> tuple[Fraction, Fraction]:
    """(precision, recall), averaged over records."""
    precision = recall = Fraction(0)
    for i in range(len(entity)):
        mine = {j for j in range(len(entity)) if customer[j] == customer[i]}
        same = {j for j in range(len(entity)) if entity[j] == entity[i]}
        precision += Fraction(len(mine & same), len(mine))
        recall += Fraction(len(mine & same), len(same))
    return precision / len(entity), recall / len(entity)


def expanded(
    pairs: Mapping[tuple[int, int], int], stars: Mapping[int, tuple[Sequence[int], int]], records: int
) -> dict[tuple[int, int], int]:
    """Weight of every pair of records that scored pairs of distinct records stand for.

    `stars`: record -> (the records identical to it, their weight); `pairs` are between records that stand for others.
    """
    members = {i: [i, *stars[i][0]] if i in stars else [i] for i in range(records)}
    found = {}
    for (a, b), weight in pairs.items():
        found |= {(min(x, y), max(x, y)): weight for x in members[a] for y in members[b]}
    for rep, (others, weight) in stars.items():
        found |= {(min(x, y), max(x, y)): weight for x, y in combinations([rep, *others], 2)}
    return found

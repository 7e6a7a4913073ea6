"""Pairwise and B-cubed scores by looking at every pair of records and at every record."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def pairwise(entities: Sequence[str], customers: Sequence[str]) -> tuple[float, float]:
    """(precision, recall) over all pairs of records; 1 where there is nothing to be wrong about."""
    both = found = true = 0
    for i, j in combinations(range(len(entities)), 2):
        found += customers[i] == customers[j]
        true += entities[i] == entities[j]
        both += customers[i] == customers[j] and entities[i] == entities[j]
    return (both / found if found else 1.0), (both / true if true else 1.0)


def bcubed(entities: Sequence[str], customers: Sequence[str]) -> tuple[float, float]:
    """(precision, recall): for each record the share of its customer, of its entity, that rightly stands with it."""
    precision = recall = 0.0
    for i in range(len(entities)):
        customer = {j for j in range(len(entities)) if customers[j] == customers[i]}
        entity = {j for j in range(len(entities)) if entities[j] == entities[i]}
        precision += len(customer & entity) / len(customer)
        recall += len(customer & entity) / len(entity)
    return precision / len(entities), recall / len(entities)


def hang_together(records: int, pairs: Sequence[tuple[int, int]]) -> list[int]:
    """The smallest record that each record hangs together with, found by painting until nothing changes."""
    colour = list(range(records))
    changed = True
    while changed:
        changed = False
        for a, b in pairs:
            low = min(colour[a], colour[b])
            changed = changed or colour[a] != low or colour[b] != low
            colour[a] = colour[b] = low
    return colour

"""The counts that the estimator works on, collected from the engine."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cxid.engine.base import Engine
from cxid.stages.link.choice import Rule
from cxid.stages.link.compare import Comparer
from cxid.stages.link.estimate.chance import Chance
from cxid.stages.link.estimate.model import Evidence
from cxid.stages.link.keys import KeySample
from cxid.stages.link.levels import Comparison, LevelKind
from cxid.stages.link.patterns import Floats, Patterns, Space

RANDOM_PAIRS = 600_000


def offsets(records: int, pairs: int) -> tuple[list[int], int]:
    """(distances, step): ranks a distance apart, from every step-th record, make about `pairs` pairs."""
    most = (records - 1) // 2
    if most < 1:
        return [1], 1
    count = min(most, max(1, -(-pairs // records)), 2_000)
    step = max(1, records * count // pairs)
    return sorted({1 + (most - 1) * (2 * i + 1) // (2 * count) for i in range(count)}), step


def random_patterns(space: Space, comparer: Comparer) -> Patterns:
    """Patterns of pairs that nothing brought together."""
    records = comparer.records
    distances, step = offsets(len(records), RANDOM_PAIRS)
    ranks = np.arange(0, len(records), step)
    a = np.tile(records[ranks], len(distances))
    b = np.concatenate([records[(ranks + d) % len(records)] for d in distances])
    may = (comparer.alone[a] != comparer.alone[b]) | (comparer.alone[a] < 0)
    a, b = a[may], b[may]
    codes, place = np.unique(comparer.patterns(a, b), return_inverse=True)
    pairs = np.bincount(place, comparer.copies[a].astype(np.float64) * comparer.copies[b], len(codes))
    return Patterns.of(space, codes, np.asarray(pairs, dtype=np.float64))


def candidate_patterns(engine: Engine, space: Space, rules: Sequence[Rule]) -> Patterns:
    """Patterns of candidates and of identical records, with the pairs that a rule blind to each field found."""
    masks = [sum(1 << i for i, r in enumerate(rules) if c.name not in r.fields) for c in space.comparisons]
    blind = ", ".join(
        f"coalesce(sum(twice) FILTER (WHERE (rules & {m}) <> 0), 0) AS apart{i}" for i, m in enumerate(masks)
    )
    found = engine.fetch(
        f"SELECT pattern, sum(twice) AS twice, {blind} FROM (SELECT pattern, rules, copies * 2 AS twice "
        "FROM link_candidate UNION ALL SELECT pattern, 0 AS rules, twice FROM link_double) AS every "
        "GROUP BY pattern ORDER BY pattern"
    )
    apart = [found.column(f"apart{i}").to_numpy().astype(float) / 2 for i in range(space.fields)]
    pairs = found.column("twice").to_numpy().astype(float) / 2
    return Patterns.of(space, found.column("pattern").to_numpy(), pairs, np.column_stack(apart))


def exact_rates(engine: Engine, space: Space, records: int) -> tuple[Floats, Floats]:
    """(share of all pairs that agree exactly, records that share their value) by band, as cells; `records` all told."""
    rate, population = np.zeros(space.cells), np.zeros(space.cells)
    pairs = max(records * (records - 1.0), 1.0)
    found = engine.fetch(
        "SELECT field, CAST(band AS INTEGER) AS band, CAST(sum(different * records) AS BIGINT) AS people, "
        "CAST(sum(different * records * (records - 1)) AS BIGINT) AS twice "
        "FROM link_value GROUP BY field, band ORDER BY field, band"
    )
    for row in found.to_pylist():
        cell = int(space.offsets[row["field"]]) + row["band"]
        rate[cell], population[cell] = row["twice"] / pairs, row["people"]
    return rate, population


def both_exact(sample: KeySample, comparisons: Sequence[Comparison]) -> Floats:
    """Share of all pairs that agree exactly on two fields, for each two, from the key sample."""
    size = len(comparisons)
    found = np.zeros((size, size))
    told = range(sum(c.levels[0].kind is not LevelKind.CONTEXT for c in comparisons))
    pairs = max(sample.taken * (sample.taken - 1) / 2.0, 1.0)
    for i in told:
        for j in told[i + 1 :]:
            found[i, j] = sample.agreeing((comparisons[i].name, comparisons[j].name)) / pairs
            found[j, i] = found[i, j]
    return found


def gather(
    engine: Engine, space: Space, rules: Sequence[Rule], sample: KeySample, *, comparer: Comparer, all_pairs: float
) -> Evidence:
    """Everything the estimate rests on."""
    records = engine.count("link_member")
    rate, population = exact_rates(engine, space, records)
    chance = Chance(rate, both_exact(sample, space.comparisons), random_patterns(space, comparer))
    numbers = {c.name: i for i, c in enumerate(space.comparisons)}
    covered = [frozenset(numbers[f] for f in r.fields if f in numbers) for r in rules]
    return Evidence(candidate_patterns(engine, space, rules), chance, population, all_pairs, records, covered)

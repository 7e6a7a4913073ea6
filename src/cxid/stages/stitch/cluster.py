"""From evidence on pairs of records to clusters of records."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from cxid.engine.base import Engine
from cxid.sql import load
from cxid.stages.stitch.agglomerate import (
    LARGEST_WEIGHT,
    ONE_BIT,
    SMALLEST_WEIGHT,
    Clusters,
    Graph,
    Guard,
    Ints,
    agglomerate,
    unscored_weight,
)
from cxid.stages.stitch.decided import UNDECIDED, Decided, put_links_first
from cxid.stages.stitch.facts import Restraints, write_facts
from cxid.stages.stitch.guards import ApartGuard, SizeGuard, SourceGuard, ValueGuard

_BATCH_EDGES = 4_000_000  # edges held in memory at once; a component is never split
IDENTIFIER_WEIGHT = 24 * ONE_BIT  # a shared personal identifier: sure, also against eleven unscored records
FAMILY_WEIGHT = (
    3 * ONE_BIT
)  # the same between people who look like one household: eight in ten such pairs are one person


def log_odds(probability: float) -> int:
    """The weight in micro-bits at which a pair has this probability."""
    return round(math.log2(probability / (1 - probability)) * ONE_BIT)


def write_nodes(engine: Engine, restraints: Restraints, cut: int) -> None:
    """Tables stitch_node and stitch_scored: identical records as one node, and the scored pairs of nodes."""
    engine.run("stitch_identical", load("stitch", "identical"), {"cut": cut})
    engine.components("stitch_identical_group", "SELECT a, b FROM stitch_identical")
    engine.run("stitch_node", load("stitch", "node"), {"max_group": restraints.max_group})
    engine.run("stitch_scored", load("stitch", "scored"))
    engine.drop("stitch_identical", "stitch_identical_group")


def write_clusters(engine: Engine, restraints: Restraints, cut: int, decided: Decided = UNDECIDED) -> None:
    """Tables stitch_edge, stitch_cluster (record_no, cluster) and stitch_refused (a, b, guard, detail).

    Reads stitch_scored and stitch_shared (pairs of nodes that share an identifier, may be empty). Components
    in which every pair is strong need no further thought; the others are agglomerated, in batches.
    """
    engine.run(
        "stitch_edge",
        load("stitch", "edge"),
        {
            "cut": cut,
            "unscored": unscored_weight(cut),
            "largest": LARGEST_WEIGHT,
            "smallest": SMALLEST_WEIGHT,
            "identifier": IDENTIFIER_WEIGHT,
            "family": FAMILY_WEIGHT,
        },
    )
    put_links_first(engine, decided)
    engine.components("stitch_component_node", f"SELECT a, b FROM stitch_edge WHERE weight >= {cut}")
    engine.run("stitch_component", load("stitch", "component"), {"cut": cut})
    write_facts(engine, restraints)
    engine.run(
        "stitch_hard_component",
        load("stitch", "hard_component"),
        {"max_group": restraints.max_group, "batch_edges": _BATCH_EDGES},
    )
    _mark_apart(engine, decided)
    engine.run("stitch_hard_edge", load("stitch", "hard_edge"))
    engine.run("stitch_hard_node", load("stitch", "hard_node"))
    _agglomerate_batches(engine, restraints, cut, decided)
    engine.run("stitch_cluster", load("stitch", "cluster"))
    engine.drop(
        "stitch_component",
        "stitch_component_node",
        "stitch_hard_component",
        "stitch_hard_edge",
        "stitch_hard_node",
        "stitch_label",
        "stitch_fact",
        "stitch_trouble",
    )


def _mark_apart(engine: Engine, decided: Decided) -> None:
    """Components that hold a pair kept apart by decision are agglomerated, however alike their records are."""
    if not decided.apart:
        return
    engine.append(
        "stitch_hard_component",
        "SELECT DISTINCT n.component, CAST(-1 AS BIGINT) AS batch FROM stitch_apart AS p "
        "INNER JOIN stitch_component_node AS n ON p.a = n.node "
        "WHERE n.component NOT IN (SELECT component FROM stitch_hard_component)",
    )


def _agglomerate_batches(engine: Engine, restraints: Restraints, cut: int, decided: Decided) -> None:
    """Tables stitch_label (node, cluster) and stitch_refused, from the hard components."""
    engine.load("stitch_label", _labels(np.zeros(0, np.int64), np.zeros(0, np.int64)))
    engine.load("stitch_refused", _refusals([], np.zeros((0, 3), np.int64)))
    names = restraints.guard_names
    for batch in _batches(engine):
        record, graph, guards = _read_batch(engine, restraints, decided, batch)
        clusters = agglomerate(graph, guards, cut=cut)
        engine.load("stitch_part", _labels(record, _smallest_record(record, clusters.label)))
        engine.append("stitch_label", "SELECT * FROM stitch_part")
        engine.load("stitch_part", _refusals(names, _refused_pairs(record, graph, clusters)))
        engine.append("stitch_refused", "SELECT * FROM stitch_part")
        engine.drop("stitch_part")


def _batches(engine: Engine) -> Iterator[int]:
    found = engine.fetch("SELECT DISTINCT batch FROM stitch_hard_component ORDER BY batch")
    yield from found.column("batch").to_pylist()


def _read_batch(
    engine: Engine, restraints: Restraints, decided: Decided, batch: int
) -> tuple[Ints, Graph, list[Guard]]:
    """The record numbers of the batch's nodes in tie order, their graph, and the guards over them."""
    columns = ", ".join(["n.node", "n.size", *(f"f.{c}" for c in restraints.fact_columns)])
    facts = " INNER JOIN stitch_fact AS f ON n.node = f.node" if restraints.guarded else ""
    nodes = engine.fetch(
        f"SELECT {columns} FROM stitch_hard_node AS n{facts} WHERE n.batch = ? ORDER BY n.tie, n.node",
        [batch],
    )
    edges = engine.fetch("SELECT a, b, weight FROM stitch_hard_edge WHERE batch = ?", [batch])
    record = _ints(nodes, "node")
    by_number = np.argsort(record)

    def position(numbers: Ints) -> Ints:
        return np.asarray(by_number[np.searchsorted(record, numbers, sorter=by_number)], np.int64)

    graph = Graph(
        size=_ints(nodes, "size"),
        a=position(_ints(edges, "a")),
        b=position(_ints(edges, "b")),
        weight=_ints(edges, "weight"),
    )
    guards: list[Guard] = [SizeGuard(graph.size, restraints.max_group)]
    guards += [SourceGuard(_ints(nodes, f"source_{i}") > 0) for i in range(len(restraints.single_sources))]
    for i, rule in enumerate(restraints.never_merge):
        slots = [_ints(nodes, f"rule_{i}_{j}") for j in range(len(rule.columns))]
        guards.append(ValueGuard(np.stack(slots, axis=1)))
    guards.append(ApartGuard(len(record), _apart_in(record, decided)))
    return record, graph, guards


def _apart_in(record: Ints, decided: Decided) -> list[tuple[int, int]]:
    """The decided pairs that lie in this batch, by position."""
    if not decided.apart:
        return []
    place = {int(number): at for at, number in enumerate(record)}
    return [(place[a], place[b]) for a, b in decided.apart if a in place and b in place]


def _ints(table: pa.Table, column: str) -> Ints:
    return np.asarray(table.column(column).to_numpy(), np.int64)


def _smallest_record(record: Ints, label: Ints) -> Ints:
    """For each node the smallest record number of its cluster."""
    smallest = np.full(len(record), np.iinfo(np.int64).max)
    np.minimum.at(smallest, label, record)
    return np.asarray(smallest[label], np.int64)


def _refused_pairs(record: Ints, graph: Graph, clusters: Clusters) -> Ints:
    """One row (record, record, guard) per pair of final clusters that a guard kept apart: its strongest scored pair."""
    if not len(clusters.low):
        return np.zeros((0, 3), np.int64)
    nodes = len(record)
    wanted = clusters.low * nodes + clusters.high
    order = np.argsort(wanted)
    wanted = wanted[order]
    left, right = clusters.label[graph.a], clusters.label[graph.b]
    key = np.minimum(left, right) * nodes + np.maximum(left, right)
    at = np.minimum(np.searchsorted(wanted, key), len(wanted) - 1)
    crossing = np.flatnonzero(wanted[at] == key)
    a, b = record[graph.a[crossing]], record[graph.b[crossing]]
    a, b = np.minimum(a, b), np.maximum(a, b)
    ranked = np.lexsort((b, a, -graph.weight[crossing], at[crossing]))
    group = at[crossing][ranked]
    first = ranked[np.flatnonzero(np.concatenate([[True], group[1:] != group[:-1]]))]
    return np.stack([a[first], b[first], clusters.guard[order][at[crossing][first]]], axis=1)


def _labels(node: Ints, cluster: Ints) -> pa.Table:
    return pa.table({"node": pa.array(node, pa.int64()), "cluster": pa.array(cluster, pa.int64())})


def _refusals(names: list[tuple[str, str]], rows: Ints) -> pa.Table:
    return pa.table(
        {
            "a": pa.array(rows[:, 0], pa.int64()),
            "b": pa.array(rows[:, 1], pa.int64()),
            "guard": pa.array([names[g][0] for g in rows[:, 2]], pa.string()),
            "detail": pa.array([names[g][1] for g in rows[:, 2]], pa.string()),
        }
    )

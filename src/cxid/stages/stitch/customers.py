"""Customers: what holds each together, and its weakest link."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import minimum_spanning_tree

from cxid.engine.base import Engine
from cxid.sql import load
from cxid.stages.stitch.agglomerate import DECIDED_MEAN, Ints

_MILLION = 1_000_000
_BATCH_EDGES = 4_000_000


def write_links(engine: Engine, cut: int) -> None:
    """Tables stitch_inside, stitch_twin, stitch_record_link and stitch_weakest: what holds each cluster together."""
    engine.run("stitch_inside", load("stitch", "inside"), {"cut": cut, "decided": DECIDED_MEAN})
    for name in ("twin", "record_link"):
        engine.run(f"stitch_{name}", load("stitch", name))
    engine.load("stitch_weakest", _weakest_table(np.zeros(0, np.int64), np.zeros(0, np.int64)))
    engine.run(
        "stitch_tree_batch",
        "WITH sizes AS (SELECT cluster, count(*) AS edges FROM stitch_inside GROUP BY cluster) "
        "SELECT cluster, CAST(floor((sum(edges) OVER (ORDER BY cluster) - edges) / $batch) AS BIGINT) AS batch "
        "FROM sizes",
        {"batch": _BATCH_EDGES},
    )
    batches = engine.fetch("SELECT DISTINCT batch FROM stitch_tree_batch ORDER BY batch").column("batch").to_pylist()
    for batch in batches:
        edges = engine.fetch(
            "SELECT i.cluster, i.a, i.b, i.probability FROM stitch_inside AS i "
            "INNER JOIN stitch_tree_batch AS t ON i.cluster = t.cluster WHERE t.batch = ?",
            [batch],
        )
        cluster, a, b, probability = (np.asarray(c.to_numpy(), np.int64) for c in edges.columns)
        engine.load("stitch_part", weakest_links(cluster, a, b, probability))
        engine.append("stitch_weakest", "SELECT * FROM stitch_part")
    engine.drop("stitch_part", "stitch_tree_batch")


def weakest_links(cluster: Ints, a: Ints, b: Ints, probability: Ints) -> pa.Table:
    """(cluster, weakest): the smallest probability on each cluster's maximum spanning tree, in millionths."""
    nodes, flat = np.unique(np.concatenate([a, b]), return_inverse=True)
    count = len(a)
    doubt = (_MILLION + 1 - probability).astype(np.float64)  # at least 1: a zero would be no edge
    graph = coo_matrix((doubt, (flat[:count], flat[count:])), shape=(len(nodes), len(nodes)))
    tree = minimum_spanning_tree(graph.tocsr()).tocoo()
    owner = np.zeros(len(nodes), np.int64)
    owner[flat[:count]] = cluster
    clusters, place = np.unique(owner[tree.row], return_inverse=True)
    worst = np.zeros(len(clusters), np.int64)
    np.maximum.at(worst, place, tree.data.astype(np.int64))
    return _weakest_table(clusters, _MILLION + 1 - worst)


def _weakest_table(cluster: Ints, weakest: Ints) -> pa.Table:
    return pa.table({"cluster": pa.array(cluster, pa.int64()), "weakest": pa.array(weakest, pa.int64())})

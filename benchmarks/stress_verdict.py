"""What the linkage makes of gathered evidence: fit, status, clusters as the next stage joins them, and the truth."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from stress_evidence import Labelled

from cxid.sql import load
from cxid.stages.link.estimate.gate import Status, log2_odds
from cxid.stages.link.estimate.homes import judged
from cxid.stages.link.estimate.model import fit
from cxid.stages.link.score import micro
from cxid.stages.stitch.agglomerate import ONE_BIT, Graph, agglomerate
from cxid.stages.stitch.guards import SizeGuard

BANDS = (0.1, 0.5, 0.95)
_FLOOR = -6.0 * ONE_BIT
_LARGEST = 12 * ONE_BIT


@dataclass(frozen=True)
class Verdict:
    """Shares from 0 to 1; pairs of records after clustering unless said otherwise."""

    status: str
    checked: float | None
    matches: float  # expected among candidates
    true: float  # there are among candidates
    best: float  # F1 of pairs at the best cut
    best_cut: float
    at_zero: float  # F1 of pairs at even odds
    f1: float
    precision: float
    recall: float
    estimated: float | None  # precision of the merges as the model sees it
    bands: tuple[tuple[float, float], ...]  # pairs, and the true share of them, below and between BANDS
    seconds: float

    @property
    def lost(self) -> float:
        """What a cut chosen by labels would gain."""
        return self.best - self.at_zero


def judge(labelled: Labelled) -> Verdict:
    """Fit the model to the evidence and compare what comes of it with the truth."""
    patterns = labelled.evidence.patterns
    begun = time.process_time()
    model, gate = judged(patterns, fit(labelled.evidence))
    seconds = time.process_time() - begun
    bits = log2_odds(patterns, model.mixture) - gate.bar
    true = true_pairs(labelled)
    every = all_true(labelled)
    cut, f1, at_zero = best_cut(bits, patterns.pairs, true, every)
    label = clusters(labelled, micro(bits))
    precision, recall = compared(labelled.entity, of_records(labelled, bits, label))
    return Verdict(
        gate.status.value, gate.precision, float(model.mixture.pairs[0]), float(true.sum()), f1, cut, at_zero,
        harmonic(precision, recall), precision, recall,
        None if gate.status is Status.NOT_IDENTIFIED else estimated_precision(labelled, micro(bits), label),
        banded(bits, patterns.pairs, true), seconds,
    )  # fmt: skip


def copies(labelled: Labelled) -> Any:
    return np.bincount(labelled.node, minlength=len(labelled.itself))


def _who(labelled: Labelled) -> Any:
    """The entity of each node, -1 where its identical records are several people."""
    order = np.argsort(labelled.node, kind="stable")
    node, entity = labelled.node[order], labelled.entity[order]
    starts = np.flatnonzero(np.r_[True, node[1:] != node[:-1]])
    low, high = np.minimum.reduceat(entity, starts), np.maximum.reduceat(entity, starts)
    return np.where(low == high, low, -1 - np.arange(len(starts)))


def true_pairs(labelled: Labelled) -> Any:
    """Pairs of records of one person, by pattern."""
    who, size = _who(labelled), copies(labelled)
    same = (who[labelled.a] == who[labelled.b]) * (size[labelled.a] * size[labelled.b])
    width = len(labelled.evidence.patterns.codes)
    found = np.bincount(labelled.pattern, same, width)
    with_copies = np.flatnonzero((labelled.itself >= 0) & (who >= 0))
    n = size[with_copies].astype(float)
    return found + np.bincount(labelled.itself[with_copies], n * (n - 1) / 2, width)


def all_true(labelled: Labelled) -> float:
    n = np.bincount(labelled.entity).astype(float)
    return float((n * (n - 1) / 2).sum())


def best_cut(bits: Any, pairs: Any, true: Any, every: float) -> tuple[float, float, float]:
    """(bits, F1 of pairs there, F1 at 0 bits) where the cut is chosen by the truth."""
    order = np.argsort(-bits, kind="stable")
    f1 = 2 * np.cumsum(true[order]) / (np.cumsum(pairs[order]) + every)
    at = int(f1.argmax())
    above = int((bits >= 0).sum())
    return float(bits[order][at]), float(f1[at]), float(f1[above - 1]) if above else 0.0


def clusters(labelled: Labelled, weight: Any, cut: int = 0) -> Any:
    """The label of each node, as the next stage joins them, identifiers apart."""
    w = np.clip(weight[labelled.pattern], -_LARGEST - 1, _LARGEST)
    kept = w >= min(_FLOOR, cut)
    size = np.minimum(copies(labelled), 50).astype(np.int64)
    graph = Graph(size, labelled.a[kept].astype(np.int64), labelled.b[kept].astype(np.int64), w[kept].astype(np.int64))
    return agglomerate(graph, [SizeGuard(size, 50)], cut=cut).label


def of_records(labelled: Labelled, bits: Any, label: Any) -> Any:
    """The label of each record; identical ones stay apart where even that scores against one person."""
    found = label[labelled.node].astype(np.int64)
    apart = (labelled.itself >= 0) & (bits[np.maximum(labelled.itself, 0)] < 0)
    first = np.zeros(len(found), bool)
    first[np.unique(labelled.node, return_index=True)[1]] = True
    alone = np.flatnonzero(apart[labelled.node] & ~first)
    found[alone] = len(label) + alone
    return found


def compared(entity: Any, label: Any) -> tuple[float, float]:
    """(precision, recall) over pairs of records."""

    def pairs(numbers: Any) -> float:
        _, n = np.unique(numbers, return_counts=True)
        return float((n * (n - 1.0) / 2).sum())

    both = pairs(entity.astype(np.int64) * (int(label.max()) + 1) + label)
    found, true = pairs(label), pairs(entity)
    return (both / found if found else 1.0), (both / true if true else 1.0)


def harmonic(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def estimated_precision(labelled: Labelled, weight: Any, label: Any) -> float | None:
    """What the report says of the customers: the share of their pairs that is expected to be right."""
    w = weight[labelled.pattern]
    kept = w >= _FLOOR
    pairs = {"record_no_a": labelled.a[kept], "record_no_b": labelled.b[kept], "weight": w[kept]}
    con = duckdb.connect()
    con.register("link_pair", pa.table(pairs))
    con.register("record_customer", pa.table({"record_no": np.arange(len(label)), "customer_id": label}))
    con.execute("CREATE TABLE link_summary (name VARCHAR, value VARCHAR)")
    found = con.execute(load("report", "summary")).fetchall()
    return float(found[0][1]) if found else None


def banded(bits: Any, pairs: Any, true: Any) -> tuple[tuple[float, float], ...]:
    edges = [-math.inf, *(math.log2(p / (1 - p)) for p in BANDS), math.inf]
    found = []
    for low, high in pairwise(edges):
        inside = (bits >= low) & (bits < high)
        n = float(pairs[inside].sum())
        found.append((n, float(true[inside].sum()) / n if n else math.nan))
    return tuple(found)

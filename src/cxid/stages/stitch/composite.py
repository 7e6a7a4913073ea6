"""Clusters that are one person only when all of their records are taken together.

Two poor records of a person agree with a third and not with each other, so that the mean of all pairs between two
clusters can stay below the cut although nobody who sees both clusters would doubt. A cluster is therefore also
looked at as one composite record: on each field two clusters agree as well as the best of their pairs does. Of
many pairs some agree by chance, and levels may come from different pairs, so a composite of k pairs is asked for
2 log2(k) bits more. What the rivals of the strongest pair say counts as it does among records, and so do guards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from cxid.engine.base import Engine
from cxid.sql import load
from cxid.stages.stitch.agglomerate import ONE_BIT, Guard, Ints, follow, mutual_best
from cxid.stages.stitch.decided import Decided
from cxid.stages.stitch.facts import Restraints, write_facts
from cxid.stages.stitch.guards import ApartGuard, SizeGuard, SourceGuard, ValueGuard
from cxid.weighing import Weighing, read_weighing

_PENALTY = 2.0  # bits for each doubling of the pairs that a composite is made of


@dataclass(frozen=True)
class Composites:
    """Pairs of clusters by position: the best level of each field, and the row of the pair that stands for them."""

    low: Ints
    high: Ints
    levels: Ints
    strongest: Ints
    weight: Ints  # of the strongest pair
    rivals: Ints  # what the strongest pair's rivals add to it
    refused: Ints  # the guard that refused the merge, -1 for none

    def take(self, chosen: Ints) -> Composites:
        return Composites(
            self.low[chosen],
            self.high[chosen],
            self.levels[chosen],
            self.strongest[chosen],
            self.weight[chosen],
            self.rivals[chosen],
            self.refused[chosen],
        )

    def relabelled(self, target: Ints) -> Composites:
        """The pairs after merges: parallel ones as one, on each field the better of their levels."""
        low, high = target[self.low], target[self.high]
        apart = np.flatnonzero(low != high)
        low, high = np.minimum(low, high)[apart], np.maximum(low, high)[apart]
        if not len(apart):
            return self.take(apart)
        left = self.take(apart)
        key = low * len(target) + high
        order = np.lexsort((left.strongest, -left.weight, key))
        starts = np.flatnonzero(np.concatenate([[True], key[order][1:] != key[order][:-1]]))
        first = order[starts]
        levels = np.minimum.reduceat(left.levels[order], starts, axis=0)
        refused = np.maximum.reduceat(left.refused[order], starts)
        return Composites(
            low[first], high[first], levels, left.strongest[first], left.weight[first], left.rivals[first], refused
        )


@dataclass(frozen=True)
class Joined:
    """`label` is the position of each cluster's new cluster; one row (strongest pair, weight) for each merge,
    and one (strongest pair, guard) for each merge that a guard refused."""

    label: Ints
    merges: Ints
    refusals: Ints


def join_composites(start: Composites, nodes: Ints, weighing: Weighing, guards: Sequence[Guard], *, cut: int) -> Joined:
    """What becomes of clusters of so many `nodes` when those merge whose composites weigh at least `cut` micro-bits."""
    pairs, size, label = start, nodes.astype(np.float64), np.arange(len(nodes), dtype=np.int64)
    weight = weighing.weigh(weighing.pack(pairs.levels))
    merges: list[Ints] = []
    while len(pairs.low):
        many = size[pairs.low] * size[pairs.high]
        worth = weight + pairs.rivals - np.rint(_PENALTY * ONE_BIT * np.log2(many)).astype(np.int64)
        live = np.flatnonzero((worth >= cut) & (many > 1) & (pairs.refused < 0))
        if not len(live):
            break
        best = live[mutual_best(pairs.low[live], pairs.high[live], worth[live].astype(np.float64), len(nodes))]
        allowed = best[_unrefused(pairs, best, guards)]
        if not len(allowed):
            continue
        low, high = pairs.low[allowed], pairs.high[allowed]
        for guard in guards:
            guard.merge(low, high)
        merges.append(np.stack([pairs.strongest[allowed], worth[allowed]], axis=1))
        size[low] += size[high]
        label[high] = low
        target = np.arange(len(nodes), dtype=np.int64)
        target[high] = low
        pairs = pairs.relabelled(target)
        weight = weighing.weigh(weighing.pack(pairs.levels))
    kept_apart = pairs.refused >= 0
    refusals = np.stack([pairs.strongest[kept_apart], pairs.refused[kept_apart]], axis=1)
    return Joined(follow(label), np.concatenate([np.zeros((0, 2), np.int64), *merges]), refusals)


def _unrefused(pairs: Composites, best: Ints, guards: Sequence[Guard]) -> np.ndarray:
    """For each pair of `best` whether all guards allow it; the others are marked with the guard that does not."""
    low, high = pairs.low[best], pairs.high[best]
    for position, guard in enumerate(guards):
        refused = guard.forbids(low, high) & (pairs.refused[best] < 0)
        pairs.refused[best[refused]] = position
    return np.asarray(pairs.refused[best] < 0)


def write_composites(engine: Engine, restraints: Restraints, cut: int, decided: Decided) -> None:
    """stitch_cluster and stitch_refused after the joining of composites, and stitch_composite_link (a, b, probability).

    stitch_composite_link has, for each merge, the strongest pair of records between the two clusters.
    """
    weighing = read_weighing(engine.fetch("SELECT * FROM link_class"), engine.fetch("SELECT * FROM link_tie"))
    engine.load("stitch_composite_link", _links(pa.table({"a": [], "b": []}), np.zeros((0, 2), np.int64)))
    if weighing is None:
        return
    scales, levels = weighing.scales, weighing.levels
    engine.load("stitch_radix", pa.table({"scale": scales, "levels": np.array(levels, np.int64)}))
    engine.run("stitch_composite", load("stitch", "composite"))
    engine.run("stitch_composite_member", load("stitch", "composite_member"))
    pairs = engine.fetch(
        "SELECT a, b, pattern, weight, rivals, least(record_no_a, record_no_b) AS record_no_a, "
        "greatest(record_no_a, record_no_b) AS record_no_b FROM stitch_composite ORDER BY a, b"
    )
    cluster, nodes, records = _clusters(engine)
    ends = pairs.select(["record_no_a", "record_no_b"]).rename_columns(["a", "b"])
    if pairs.num_rows:
        start = _start(pairs, cluster, weighing)
        guards = _guards(engine, restraints, decided, cluster, records)
        joined = join_composites(start, nodes, weighing, guards, cut=cut)
        engine.load("stitch_composite_link", _links(ends, joined.merges))
        _relabel(engine, cluster, joined.label)
        _refuse(engine, restraints, ends, joined.refusals)
    engine.drop("stitch_radix", "stitch_composite", "stitch_composite_member")


def _clusters(engine: Engine) -> tuple[Ints, Ints, Ints]:
    """(name, nodes, records) of each cluster, in the order that breaks ties."""
    found = engine.fetch(
        "SELECT component, count(*) AS nodes, CAST(sum(records) AS BIGINT) AS records FROM stitch_composite_member "
        "GROUP BY component ORDER BY min(tie), component"
    )
    cluster, nodes, records = (np.asarray(c.to_numpy(), np.int64) for c in found.columns)
    return cluster, nodes, records


def _positions(cluster: Ints, names: Ints) -> Ints:
    order = np.argsort(cluster)
    return np.asarray(order[np.searchsorted(cluster, names, sorter=order)], np.int64)


def _start(pairs: pa.Table, cluster: Ints, weighing: Weighing) -> Composites:
    a, b = (_positions(cluster, pairs.column(c).to_numpy()) for c in ("a", "b"))
    return Composites(
        np.minimum(a, b),
        np.maximum(a, b),
        weighing.unpack(pairs.column("pattern").to_numpy()),
        np.arange(pairs.num_rows, dtype=np.int64),
        np.asarray(pairs.column("weight").to_numpy(), np.int64),
        np.asarray(pairs.column("rivals").to_numpy(), np.int64),
        np.full(pairs.num_rows, -1, np.int64),
    )


def _guards(engine: Engine, restraints: Restraints, decided: Decided, cluster: Ints, records: Ints) -> list[Guard]:
    """The same guards as among records, in the same order, over clusters."""
    guards: list[Guard] = [SizeGuard(records, restraints.max_group)]
    if restraints.guarded:
        write_facts(engine, restraints, members="stitch_composite_member")
        facts = engine.fetch("SELECT * FROM stitch_fact ORDER BY node")
        at = _positions(cluster, facts.column("component").to_numpy())
        for i in range(len(restraints.single_sources)):
            present = np.zeros(len(cluster), np.int64)
            np.maximum.at(present, at, facts.column(f"source_{i}").to_numpy())
            guards.append(SourceGuard(present > 0))
        for i, rule in enumerate(restraints.never_merge):
            slots = [facts.column(f"rule_{i}_{j}").to_numpy() for j in range(len(rule.columns))]
            guards.append(ValueGuard(np.stack(slots, axis=1), at, len(cluster)))
        engine.drop("stitch_fact", "stitch_trouble")
    guards.append(ApartGuard(len(cluster), _apart(engine, decided, cluster)))
    return guards


def _apart(engine: Engine, decided: Decided, cluster: Ints) -> list[tuple[int, int]]:
    """The clusters of records that were decided to be different people, by position."""
    if not decided.apart:
        return []
    found = engine.fetch(
        "SELECT ca.cluster AS a, cb.cluster AS b FROM stitch_apart AS p "
        "INNER JOIN stitch_cluster AS ca ON p.a = ca.record_no INNER JOIN stitch_cluster AS cb ON p.b = cb.record_no "
        "WHERE ca.cluster <> cb.cluster"
    )
    known = set(cluster.tolist())
    rows = [(r["a"], r["b"]) for r in found.to_pylist() if r["a"] in known and r["b"] in known]
    place = {int(name): at for at, name in enumerate(cluster)}
    return [(place[a], place[b]) for a, b in rows]


def _links(ends: pa.Table, merges: Ints) -> pa.Table:
    """(a, b, probability) of the pairs that stand for merges."""
    rows, bits = merges[:, 0], merges[:, 1] / ONE_BIT
    probability = np.rint(ONE_BIT / (1 + np.exp2(-np.clip(bits, -60, 60)))).astype(np.int32)
    a, b = (np.asarray(ends.column(c).to_numpy(), np.int64)[rows] for c in ("a", "b"))
    return pa.table({"a": a, "b": b, "probability": probability})


def _relabel(engine: Engine, cluster: Ints, label: Ints) -> None:
    """stitch_cluster with the merged clusters under the name of their smallest record."""
    name = np.full(len(cluster), np.iinfo(np.int64).max)
    np.minimum.at(name, label, cluster)
    changed = np.flatnonzero(name[label] != cluster)
    engine.load("stitch_renamed", pa.table({"old": cluster[changed], "cluster": name[label][changed]}))
    engine.run(
        "stitch_joined",
        "SELECT c.record_no, coalesce(r.cluster, c.cluster) AS cluster FROM stitch_cluster AS c "
        "LEFT JOIN stitch_renamed AS r ON c.cluster = r.old",
    )
    engine.rename("stitch_joined", "stitch_cluster")
    engine.drop("stitch_renamed")


def _refuse(engine: Engine, restraints: Restraints, ends: pa.Table, refusals: Ints) -> None:
    names = restraints.guard_names
    rows = refusals[:, 0]
    table = pa.table(
        {
            "a": ends.column("a").to_numpy()[rows],
            "b": ends.column("b").to_numpy()[rows],
            "guard": pa.array([names[g][0] for g in refusals[:, 1]], pa.string()),
            "detail": pa.array([names[g][1] for g in refusals[:, 1]], pa.string()),
        }
    )
    engine.load("stitch_part", table)
    engine.append("stitch_refused", "SELECT a, b, guard, detail FROM stitch_part")
    engine.drop("stitch_part")

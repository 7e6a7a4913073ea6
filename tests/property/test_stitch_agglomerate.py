"""Clustering in rounds over arrays gives what merging the best pair again and again gives."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cxid.stages.stitch.agglomerate import Clusters, Graph, Guard, agglomerate
from cxid.stages.stitch.guards import ApartGuard, SizeGuard, SourceGuard, ValueGuard
from tests.reference.stitch_clusters import Rules
from tests.reference.stitch_clusters import agglomerate as naive

NAMES = ("group_size", "one_per_source", "one_per_source", "never_merge", "decision")


@st.composite
def problems(draw: st.DrawFn) -> tuple[dict[int, int], dict[tuple[int, int], int], Rules, int]:
    n = draw(st.integers(2, 10))
    nodes = range(n)
    pairs = [(a, b) for a in nodes for b in nodes if a < b]
    few = st.integers(-12, 12).map(lambda bits: bits * 1_000_000)  # few values: many ties
    many = st.integers(-12_000_000, 12_000_000)
    weights = draw(st.dictionaries(st.sampled_from(pairs), st.one_of(few, many), max_size=30))
    size = {i: draw(st.integers(1, 3)) for i in nodes}
    facts = draw(
        st.dictionaries(st.sampled_from(list(nodes)), st.frozensets(st.sampled_from("123"), min_size=1, max_size=2))
    )
    rules = Rules(
        max_group=draw(st.integers(3, 30)),
        single_sources={
            name: draw(st.frozensets(st.sampled_from(list(nodes)), max_size=4)) for name in ("loyalty", "billing")
        },
        never_merge=(facts,),
        apart=frozenset(frozenset(p) for p in draw(st.lists(st.sampled_from(pairs), max_size=3))),
    )
    return size, weights, rules, draw(st.sampled_from([0, 0, 4_247_928, -3_169_925]))


def fast(size: dict[int, int], weights: dict[tuple[int, int], int], rules: Rules, cut: int) -> Clusters:
    n = len(size)
    graph = Graph(
        size=np.array([size[i] for i in range(n)], np.int64),
        a=np.array([a for a, _ in weights], np.int64),
        b=np.array([b for _, b in weights], np.int64),
        weight=np.array(list(weights.values()), np.int64),
    )
    codes = np.zeros((n, 2), np.int64)
    for node, values in rules.never_merge[0].items():
        for slot, value in enumerate(sorted(values)):
            codes[node, slot] = int(value)
    guards: list[Guard] = [SizeGuard(graph.size, rules.max_group)]
    guards += [SourceGuard(np.isin(np.arange(n), list(nodes))) for nodes in rules.single_sources.values()]
    guards += [ValueGuard(codes), ApartGuard(n, [tuple(sorted(p)) for p in rules.apart])]
    return agglomerate(graph, guards, cut=cut)


@settings(max_examples=300, deadline=None)
@given(problems())
def test_rounds_over_arrays_give_the_clusters_and_refusals_of_one_merge_at_a_time(problem) -> None:
    size, weights, rules, cut = problem
    wanted, refused = naive(size, weights, rules, cut=cut)
    found = fast(size, weights, rules, cut)
    clusters = {frozenset(np.flatnonzero(found.label == label).tolist()) for label in set(found.label.tolist())}
    assert clusters == wanted
    members = {min(c): c for c in clusters}
    kept_apart = {
        (*sorted((members[int(low)], members[int(high)]), key=min), NAMES[guard])
        for low, high, guard in zip(found.low, found.high, found.guard, strict=True)
    }
    assert {(a, b) for a, b, _ in kept_apart} == {tuple(sorted(r[:2], key=min)) for r in refused}


@settings(max_examples=100, deadline=None)
@given(problems())
def test_no_guard_is_ever_broken(problem) -> None:
    size, weights, rules, cut = problem
    label = fast(size, weights, rules, cut).label
    for cluster in ({int(i) for i in np.flatnonzero(label == root)} for root in set(label.tolist())):
        assert len(cluster) == 1 or sum(size[n] for n in cluster) <= rules.max_group
        assert all(len(cluster & nodes) <= 1 for nodes in rules.single_sources.values())
        values = [rules.never_merge[0][n] for n in cluster if n in rules.never_merge[0]]
        assert all(a & b for a in values for b in values)
        assert not any(pair <= cluster for pair in rules.apart if len(pair) == 2)


def test_a_large_tangle_of_equal_weights_is_done_in_seconds() -> None:
    rng = np.random.default_rng(7)
    n, m = 30_000, 120_000
    a, b = rng.integers(0, n, m), rng.integers(0, n, m)
    low, high = np.minimum(a, b), np.maximum(a, b)
    _, first = np.unique(low * n + high, return_index=True)
    first = first[(low != high)[first]]
    weight = np.full(len(first), 12_000_000)
    graph = Graph(np.ones(n, np.int64), low[first], high[first], weight)
    found = agglomerate(graph, [SizeGuard(graph.size, 50)], cut=0)
    assert np.bincount(found.label).max() <= 50

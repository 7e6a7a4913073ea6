"""Counts by SQL, by the library and by hand agree; every true pair has one fate."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cxid.engine.duckdb import DuckDBEngine
from cxid.evaluate import library
from cxid.evaluate.against_truth import tally
from cxid.evaluate.measures import measure
from cxid.evaluate.scored import curve, funnel
from tests.reference.evaluation import bcubed, expanded, pair_counts, pair_sets

_LABELS = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz")), min_size=1, max_size=14)
_STEADY = settings(max_examples=25, deadline=None, phases=[Phase.generate])


def _load(engine: DuckDBEngine, entity: list[str], customer: list[str]) -> None:
    numbers = pa.array(range(len(entity)), pa.int64())
    engine.load(
        "eval_record", pa.table({"truth_no": numbers, "entity": entity, "record_no": numbers, "customer_id": customer})
    )


@_STEADY
@given(_LABELS)
def test_measures_are_those_of_the_definition_and_of_the_library(rows: list[tuple[str, str]]) -> None:
    entity, customer = [list(c) for c in zip(*rows, strict=True)]
    engine = DuckDBEngine(threads=1)
    _load(engine, entity, customer)
    found = measure(engine)
    counts = pair_counts(entity, customer)
    assert (found.pairs.right, found.pairs.wrong, found.pairs.missed) == counts
    precision, recall = bcubed(entity, customer)
    assert abs(found.bcubed_precision - precision) < 1e-12
    assert abs(found.bcubed_recall - recall) < 1e-12
    true, joined = sorted(pair_sets(entity)), sorted(pair_sets(customer))
    by_library = library.count_pairs(true, joined)
    assert (by_library.right, by_library.wrong, by_library.missed) == counts
    if true and joined:
        shares = library.shares(true, joined)
        assert all(
            abs(a - b) < 1e-12 for a, b in zip(shares, (found.pairs.precision, found.pairs.recall), strict=False)
        )
        assert abs(shares[2] - found.pairs.f1) < 1e-12
    engine.close()


@st.composite
def _worlds(draw: st.DrawFn) -> dict:
    records = draw(st.integers(4, 9))
    entity = draw(st.lists(st.sampled_from("abc"), min_size=records, max_size=records))
    customer = draw(st.lists(st.sampled_from("xyz"), min_size=records, max_size=records))
    copies = draw(st.integers(0, 2))  # the last records are identical to the first
    stars = {0: (list(range(records - copies, records)), 7_000_000)} if copies else {}
    firsts = range(records - copies)
    every = [(a, b) for a in firsts for b in firsts if a < b]
    pairs = draw(st.dictionaries(st.sampled_from(every), st.integers(-6, 12).map(lambda b: b * 1_000_000 + 1)))
    guarded = draw(st.sets(st.sampled_from(sorted(pairs)), max_size=2)) if pairs else set()
    return {"entity": entity, "customer": customer, "stars": stars, "pairs": pairs, "guarded": guarded}


@_STEADY
@given(_worlds())
def test_every_true_pair_is_counted_once_where_it_went(world: dict) -> None:
    entity, customer = world["entity"], world["customer"]
    engine = DuckDBEngine(threads=1)
    _load(engine, entity, customer)
    scored = [(a, b, 1, w) for (a, b), w in world["pairs"].items()]
    scored += [(rep, other, 0, w) for rep, (others, w) in world["stars"].items() for other in others]
    columns = list(zip(*scored, strict=True)) or [[], [], [], []]
    names = ("record_no_a", "record_no_b", "rules", "weight")
    pairs = {n: pa.array(c, pa.int64()) for n, c in zip(names, columns, strict=True)}
    probability = pa.array([round(1e6 / (1 + 2 ** (-w / 1e6))) for w in columns[3]], pa.int32())
    engine.load("link_pair", pa.table(pairs | {"probability": probability}))
    numbers = pa.array(range(len(entity)), pa.int64())
    engine.load("record", pa.table({"record_no": numbers}))
    engine.load("record_customer", pa.table({"record_no": numbers, "customer_id": customer}))
    ends = sorted(world["guarded"])
    engine.load(
        "refused_merge",
        pa.table(
            {
                "record_no_a": pa.array([a for a, _ in ends], pa.int64()),
                "record_no_b": pa.array([b for _, b in ends], pa.int64()),
                "guard": pa.array(["never_merge" for _ in ends], pa.string()),
            }
        ),
    )
    counts = measure(engine).pairs
    tallies = tally(engine)
    weights = expanded(world["pairs"], world["stars"], len(entity))
    assert sum(t.pairs for t in tallies) == len(weights)
    true = pair_sets(entity)
    cut = 0
    found = funnel(tallies, counts, len(true), cut)
    apart = {p for p in true if customer[p[0]] != customer[p[1]]}
    assert found.true_pairs == len(true)
    assert found.scored == sum(p in weights for p in true)
    assert found.above_cut == sum(weights.get(p, -1) >= cut for p in true)
    assert found.lost_unscored == sum(p not in weights for p in apart)
    assert found.lost_below_cut == sum(p in weights and weights[p] < cut for p in apart)
    assert found.lost_above_cut == sum(weights.get(p, -1) >= cut for p in apart) == sum(n for _, n in found.guards)
    kept_apart = {frozenset((customer[a], customer[b])) for a, b in ends}
    guarded = sum(weights.get(p, -1) >= cut and frozenset(customer[i] for i in p) in kept_apart for p in apart)
    assert dict(found.guards).get("never_merge", 0) == guarded
    assert found.joined + found.lost_unscored + found.lost_below_cut + found.lost_above_cut == len(true)
    rows, best = curve(tallies, len(true))
    for row in rows:
        at = {p for p, w in weights.items() if w >= row.bits * 1_000_000}
        assert (row.pairs.right, row.pairs.wrong, row.pairs.missed) == (len(at & true), len(at - true), len(true - at))
    assert best is None or all((best.pairs.f1 or 0) >= (r.pairs.f1 or 0) for r in rows)
    engine.close()

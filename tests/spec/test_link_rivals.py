"""What other candidates of a record say about a pair across two sources."""

from __future__ import annotations

import math
import random

import pyarrow as pa
import pytest

from cxid.engine.base import Engine
from cxid.engine.duckdb import DuckDBEngine
from cxid.stages.link.rivals import weigh_rivals

Pairs = dict[tuple[int, int], float]


@pytest.fixture
def engine() -> Engine:
    return DuckDBEngine(memory_limit="256MB", threads=1)


def _weighed(
    engine: Engine,
    sources: dict[int, str],
    pairs: Pairs,
    *,
    identical: frozenset[tuple[int, int]] = frozenset(),
    alone: str = "",
    trusted: bool = True,
) -> dict[tuple[int, int], tuple[float, float, float]]:
    """(weight, rivals, probability) of each pair, from records by source and the bits of pairs."""
    numbers = sorted(sources)
    engine.load("record_norm", pa.table({"record_no": numbers, "source": [sources[n] for n in numbers]}))
    barred = pa.array([0 if sources[n] == alone else None for n in numbers], pa.int32())
    engine.load("link_record", pa.table({"record_no": numbers, "alone": barred, "copies": [1] * len(numbers)}))
    rows = list(pairs.items())
    micro = [round(bits * 1e6) for _, bits in rows]
    table = {
        "record_no_a": pa.array([p[0] for p, _ in rows], pa.int64()),
        "record_no_b": pa.array([p[1] for p, _ in rows], pa.int64()),
        "rules": pa.array([0 if p in identical else 1 for p, _ in rows], pa.int64()),
        "pattern": pa.array([1] * len(rows), pa.int64()),
        "weight": pa.array(micro, pa.int64()),
        "probability": pa.array([round(1e6 / (1 + 2.0 ** -(w / 1e6))) for w in micro], pa.int32()),
        "household": pa.array([0] * len(rows), pa.int32()),
        "rivals": pa.array([0] * len(rows), pa.int64()),
    }
    engine.load("link_pair", pa.table(table))
    weigh_rivals(engine, trusted=trusted)
    found = engine.fetch("SELECT * FROM link_pair").to_pylist()
    assert [(r["record_no_a"], r["record_no_b"]) for r in found] == sorted(pairs), "every pair once, in order"
    return {
        (r["record_no_a"], r["record_no_b"]): (r["weight"] / 1e6, r["rivals"] / 1e6, r["probability"] / 1e6)
        for r in found
    }


# 100 people in both registers, each sure of one other: nearly everybody has somebody in the other source.
_BOTH = dict.fromkeys(range(1000, 1100), "shop") | dict.fromkeys(range(2000, 2100), "club")
_SURE: Pairs = {(1000 + i, 2000 + i): 20.0 for i in range(100)}
# 100 of each who are in one register only
_APART = dict.fromkeys(range(3000, 3100), "shop") | dict.fromkeys(range(4000, 4100), "club")


@pytest.mark.parametrize(
    ("story", "background", "pairs", "asked", "low", "high"),
    [
        ("the only candidate where nearly everybody has one gains", _SURE, {(1, 11): -1.0}, (1, 11), 4, 7),
        ("the only candidate where nobody else has one stays", {}, {(1, 11): -1.0}, (1, 11), -0.2, 0.2),
        ("of two equal candidates neither is one", {}, {(1, 11): 4.0, (1, 12): 4.0}, (1, 11), -4.1, -3.9),
        ("nor where nearly everybody has one", _SURE, {(1, 11): 4.0, (1, 12): 4.0}, (1, 11), -3.9, 0),
        ("a candidate beside a far better one falls by 8 bits", {}, {(1, 11): 3.0, (1, 12): 30.0}, (1, 11), -8.1, -7.9),
        ("and the better one keeps its weight", {}, {(1, 11): 3.0, (1, 12): 30.0}, (1, 12), -8.1, 0.1),
        ("two candidates that are one person are no rivals", {},
         {(1, 11): 4.0, (1, 12): 4.0, (11, 12): 9.0}, (1, 11), -0.2, 0.2),
        ("candidates that may be one person are weaker rivals", {},
         {(1, 11): 4.0, (1, 12): 20.0, (11, 12): -2.0}, (1, 11), -2.2, -1.8),
        ("a candidate in a third source is no rival", {}, {(1, 11): 4.0, (1, 21): 4.0}, (1, 11), -0.2, 0.2),
        ("pairs within a source are left alone", _SURE, {(1, 2): 4.0, (1, 3): 4.0}, (1, 2), 0, 0),
    ],
)  # fmt: skip
def test_rivals_move_a_pair(
    engine: Engine, story: str, background: Pairs, pairs: Pairs, asked: tuple[int, int], low: float, high: float
) -> None:
    sources = {1: "shop", 2: "shop", 3: "shop", 11: "club", 12: "club", 13: "club", 21: "till"}
    sources |= _BOTH if background else _APART
    before = {**background, **pairs}
    found = _weighed(engine, sources, before)
    weight, rivals, probability = found[asked]
    assert low <= rivals <= high, story
    assert weight == pytest.approx(before[asked] + rivals), story
    if rivals:
        assert probability == pytest.approx(1 / (1 + 2.0**-weight), abs=1e-6), story


def test_a_source_that_holds_each_person_once_has_only_rivals(engine: Engine) -> None:
    sources = {1: "shop", 11: "club", 12: "club"} | _APART
    found = _weighed(engine, sources, {(1, 11): 12.0, (1, 12): 25.0}, alone="club")
    assert found[1, 11][0] == pytest.approx(12 - 25, abs=0.1)
    assert found[1, 12][0] > 12


def test_a_model_that_is_not_trusted_only_loses_by_rivals(engine: Engine) -> None:
    sources = {1: "shop", 2: "shop", 11: "club", 12: "club", 13: "club"} | _BOTH
    found = _weighed(engine, sources, {**_SURE, (1, 11): -1.0, (2, 12): 4.0, (2, 13): 4.0}, trusted=False)
    assert found[1, 11][:2] == (-1.0, 0.0)
    assert found[2, 12][1] == pytest.approx(-4, abs=0.1)


def test_identical_records_keep_their_weight(engine: Engine) -> None:
    sources = {1: "shop", 11: "club", 12: "club"} | _APART
    found = _weighed(engine, sources, {(1, 11): 30.0, (1, 12): 5.0}, identical=frozenset({(1, 11)}))
    assert found[1, 11][:2] == (30.0, 0.0)
    assert found[1, 12][1] == pytest.approx(0, abs=0.2), "what is identical to a record is no rival of its candidates"


@pytest.mark.parametrize("seed", range(8))
def test_rivals_weigh_what_the_formula_says(engine: Engine, seed: int) -> None:
    draw = random.Random(seed)
    sources = {n: draw.choice(("a", "b", "c")) for n in range(1, 31)}
    every = [(i, j) for i in sources for j in sources if i < j]
    pairs = {p: round(draw.uniform(-6, 12), 3) for p in draw.sample(every, 90)}
    found = _weighed(engine, sources, pairs)
    for pair, (_, rivals, _) in found.items():
        assert rivals == pytest.approx(_expected(sources, pairs, pair), abs=1e-4), pair


def _expected(sources: dict[int, str], pairs: Pairs, pair: tuple[int, int]) -> float:
    """The same by the definition: slow, obvious, in floating point."""

    def bits(a: int, b: int) -> float | None:
        return pairs.get((min(a, b), max(a, b)))

    def side(record: int, candidate: int) -> float:
        mine, theirs = sources[record], sources[candidate]
        records = [n for n, s in sources.items() if s == mine]
        has = 0.0
        for n in records:
            chances = [1 / (1 + 2.0**-w) for m, s in sources.items() if s == theirs and (w := bits(n, m)) is not None]
            has += max(chances, default=0.0)
        top, below = 1.0, max(0.1, 1 - has / len(records))
        for other, s in sources.items():
            weight = bits(record, other)
            if s != theirs or other == candidate or weight is None:
                continue
            between = bits(candidate, other)
            if between is not None and between >= 0:
                continue
            top += 2.0 ** (weight - (8.0 if between is None else min(8.0, -between)))
            below += 2.0**weight
        return math.log2(top / below)

    a, b = pair
    return side(a, b) + side(b, a) if sources[a] != sources[b] else 0.0

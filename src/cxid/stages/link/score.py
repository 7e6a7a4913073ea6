"""Weights in micro-bits, and the tables that stitch, review and report read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from cxid.engine.base import Engine
from cxid.sql import load
from cxid.stages.link.levels import LevelKind
from cxid.stages.link.patterns import Floats, Ints, Patterns
from cxid.stages.link.saved import Learned
from cxid.weighing import NANO, odds

MICRO = 1_000_000
_FOR_REVIEW = -2.0  # bits: one in five
PRIOR, TOGETHER, DECISIONS = "(prior)", "(together)", "(decisions)"


def micro(bits: Floats) -> Ints:
    return np.rint(bits * MICRO).astype(np.int64)


def field_bits(learned: Learned) -> Ints:
    """Micro-bits that each level adds against unrelated pairs, field by field."""
    shares = learned.weighing.shares
    return micro((shares[0] - shares[-1]) / NANO)


def prior_bits(learned: Learned) -> int:
    """Micro-bits of a pair about which nothing is known."""
    priors = learned.weighing.priors
    return round(MICRO * (float(priors[0] - priors[-1]) / NANO + learned.gate.bar))


def untaught_odds(patterns: Patterns, learned: Learned) -> Floats:
    """log2 of match over all else, with the bits that are asked on top of the prior; decisions aside."""
    return odds(learned.weighing.joint(patterns.codes))


def score_patterns(patterns: Patterns, learned: Learned, taught: Floats | None = None) -> pa.Table:
    """(pattern, weight, probability, household) of every pattern; `taught` are the bits that decisions add to each."""
    joint = learned.weighing.joint(patterns.codes)
    bits = odds(joint) + (0.0 if taught is None else taught)
    bits = bits if learned.held is None else np.where(learned.held, np.maximum(bits, _FOR_REVIEW), bits)
    weight = micro(bits)
    probability = np.rint(MICRO / (1 + np.exp2(-np.clip(bits, -60, 60)))).astype(np.int32)
    home = np.zeros(len(bits)) if learned.household is None else learned.shares(joint)[learned.household]
    return pa.table(
        {
            "pattern": pa.array(patterns.codes, pa.int64()),
            "weight": pa.array(weight, pa.int64()),
            "probability": pa.array(probability, pa.int32()),
            "household": pa.array(np.rint(home * MICRO).astype(np.int32), pa.int32()),
        }
    )


def explain_patterns(
    patterns: Patterns, learned: Learned, scores: pa.Table, floor: int, taught: Floats | None = None
) -> pa.Table:
    """link_pattern: what each field adds; prior, fields, "(together)" and "(decisions)" sum to the pair's weight."""
    space = patterns.space
    weight = scores.column("weight").to_numpy()
    kept = np.flatnonzero(weight >= floor)
    cells = patterns.levels[kept] + space.offsets[:-1]
    adds = field_bits(learned)[cells]
    prior = np.full(len(kept), prior_bits(learned), np.int64)
    extra = [] if taught is None else [micro(taught)[kept]]
    together = weight[kept] - adds.sum(axis=1) - prior - sum(extra)
    names = np.array([lv.name for c in space.comparisons for lv in c.levels], dtype=object)
    fields = [*(c.name for c in space.comparisons), PRIOR, TOGETHER, *([DECISIONS] if extra else [])]
    words = [
        *(names[cells[:, i]] for i in range(space.fields)),
        *(np.full(len(kept), w, object) for w in _WORDS[: 2 + len(extra)]),
    ]
    return pa.table(
        {
            "pattern": pa.array(np.tile(patterns.codes[kept], len(fields)), pa.int64()),
            "field": pa.array(np.repeat(np.array(fields, object), len(kept)), pa.string()),
            "level": pa.array(np.concatenate(words), pa.string()),
            "weight": pa.array(np.concatenate([*adds.T, prior, together, *extra]).astype(np.int64), pa.int64()),
        }
    )


_WORDS = (
    "before anything is compared",
    "what the fields say together, beyond one by one",
    "what people decided of pairs like it",
)


def _level_rows(patterns: Patterns, learned: Learned) -> Iterator[dict[str, object]]:
    space, shares = patterns.space, np.exp2(learned.weighing.shares / NANO)
    bits, seen = field_bits(learned), patterns.tally(patterns.pairs)
    for number, comparison in enumerate(space.comparisons):
        for level_no, level in enumerate(comparison.levels):
            cell = int(space.offsets[number]) + level_no
            neutral = level.kind is LevelKind.NEUTRAL
            yield {
                "field": comparison.name,
                "level_no": level_no,
                "level": level.name,
                "m": 0 if neutral else round(float(shares[0, cell]) * 1e9),
                "u": 0 if neutral else round(float(shares[-1, cell]) * 1e9),
                "weight": int(bits[cell]),
                "pairs": int(seen[cell]),
            }


def write_model(engine: Engine, patterns: Patterns, learned: Learned) -> None:
    """link_model, for people to read."""
    types = {"field": pa.string(), "level_no": pa.int32(), "level": pa.string()}
    schema = pa.schema({**types, **dict.fromkeys(("m", "u", "weight", "pairs"), pa.int64())})
    engine.load("link_level", pa.Table.from_pylist(list(_level_rows(patterns, learned)), schema))
    engine.run("link_model", load("link", "link_model"))
    engine.drop("link_level")


def write_rules(engine: Engine, words: Sequence[str], largest: Sequence[int]) -> None:
    """blocking_rule with what each rule proposed and how much of it scored as a match."""
    engine.load(
        "link_rule",
        pa.table(
            {
                "rule_no": pa.array(range(len(words)), pa.int32()),
                "rule": pa.array(list(words), pa.string()),
                "largest_block": pa.array(list(largest), pa.int64()),
            }
        ),
    )
    engine.run("blocking_rule", load("link", "blocking_rule"))
    engine.drop("link_rule")

"""The published build, and its scores, against the pairs that people decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from cxid.config.decisions import Action, Decision
from cxid.engine.base import Engine
from cxid.evaluate.against_truth import published_cut
from cxid.evaluate.measures import PairCounts
from cxid.evaluate.scored import BandRow, CutRow, Tally, calibration, curve
from cxid.sql import load


@dataclass(frozen=True)
class DecisionReport:
    """Everything that `cxid eval` says of decisions.

    `customers` are the published ones, which obey every decision that the build knew; `scores` are the pairs at
    or above the cut, which know of none unless weights were refitted to them.
    """

    links: int
    unlinks: int
    gone: int  # of both, those whose records the build does not have
    known: int  # of both, those that the build knew
    unscored: int  # pairs that blocking did not propose, or that scored under the floor
    cut_bits: float
    customers: PairCounts
    scores: PairCounts
    cuts: tuple[CutRow, ...]
    best: CutRow | None
    calibration: tuple[BandRow, ...]
    disagreeing: tuple[dict[str, Any], ...]  # decided one way, scored the other, the surest first

    @property
    def at_cut(self) -> PairCounts:
        """The scored pairs at or above the cut."""
        return self.scores


def evaluate_decisions(
    engine: Engine, decisions: Sequence[Decision], errors: int, library: Callable[[], Any]
) -> DecisionReport:
    """The published run in `engine` against links and unlinks. Pairs are measured by recordlinkage."""
    pairs = {d.pair: d for d in decisions if d.action is not Action.PIN}  # the last word on a pair
    _load(engine, list(pairs.values()))
    cut = published_cut(engine)
    rows = engine.fetch(load("evaluate", "eval_decided")).to_pylist()
    placed = [r for r in rows if r["is_joined"] is not None]
    count = library().count_pairs
    true = [_pair(r) for r in placed if r["is_match"]]
    scored = [r for r in placed if r["weight"] is not None]
    tallies = [Tally(r["weight"], r["probability"], 0, r["is_match"], r["is_joined"], "", 1) for r in scored]
    cuts, best = curve(tallies, len(true))
    return DecisionReport(
        links=sum(d.action is Action.LINK for d in pairs.values()),
        unlinks=sum(d.action is Action.UNLINK for d in pairs.values()),
        gone=len(rows) - len(placed),
        known=_known(engine, pairs.values()),
        unscored=len(placed) - len(scored),
        cut_bits=cut / 1_000_000,
        customers=count(true, [_pair(r) for r in placed if r["is_joined"]]),
        scores=count(true, [_pair(r) for r in scored if r["weight"] >= cut]),
        cuts=tuple(cuts),
        best=best,
        calibration=tuple(calibration(tallies)),
        disagreeing=tuple(_disagreeing(placed, {d.line: d for d in pairs.values()}, cut)[:errors]),
    )


def _pair(row: dict[str, Any]) -> tuple[int, int]:
    a, b = row["record_no_a"], row["record_no_b"]
    return (a, b) if a < b else (b, a)


def _load(engine: Engine, decisions: Sequence[Decision]) -> None:
    """Tables eval_decision and eval_member."""
    ends = [d.pair for d in decisions]
    engine.load(
        "eval_decision",
        pa.table(
            {
                "line": pa.array([d.line for d in decisions], pa.int64()),
                "is_match": pa.array([d.action is Action.LINK for d in decisions], pa.bool_()),
                "source_a": pa.array([a[0] for a, _ in ends], pa.string()),
                "record_key_a": pa.array([a[1] for a, _ in ends], pa.string()),
                "source_b": pa.array([b[0] for _, b in ends], pa.string()),
                "record_key_b": pa.array([b[1] for _, b in ends], pa.string()),
            }
        ),
    )
    engine.run("eval_member", load("evaluate", "eval_member"))


def _known(engine: Engine, decisions: Any) -> int:
    """How many of the decisions the published build was given."""
    if "decision" not in {r["table_name"] for r in _tables(engine)}:
        return 0
    rows = engine.fetch(
        "SELECT action, source_a, record_key_a, source_b, record_key_b FROM decision WHERE action <> 'pin'"
    ).to_pylist()
    ends = [((r["source_a"], r["record_key_a"]), (r["source_b"], r["record_key_b"])) for r in rows]
    told = {(r["action"], min(two), max(two)) for r, two in zip(rows, ends, strict=True)}
    return sum((d.action.value, *d.pair) in told for d in decisions)


def _tables(engine: Engine) -> list[dict[str, Any]]:
    return list(engine.fetch("SELECT table_name FROM information_schema.tables").to_pylist())


def _disagreeing(rows: list[dict[str, Any]], decisions: dict[int, Decision], cut: int) -> list[dict[str, Any]]:
    wrong = [r for r in rows if r["is_match"] != (r["weight"] is not None and r["weight"] >= cut)]
    wrong.sort(key=lambda r: (-abs((r["weight"] if r["weight"] is not None else cut) - cut), r["line"]))
    found = []
    for row in wrong:
        (source_a, key_a), (source_b, key_b) = decisions[row["line"]].pair
        found.append(
            {
                "line": row["line"], "decision": decisions[row["line"]].action.value,
                "source_a": source_a, "record_key_a": key_a, "source_b": source_b, "record_key_b": key_b,
                "weight": row["weight"], "probability": row["probability"],
            }
        )  # fmt: skip
    return found

"""Pairs of records weighed again: each field's two values, its level and what it adds to the total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cxid.explain.few import Few, best_slots, find_patterns, make_link_records
from cxid.explain.model import Step, Weighed
from cxid.explain.run import Mask, Run, Saved, as_is, listed
from cxid.explain.words import MISSING, NOT_IN_SOURCE, agreement
from cxid.stages.link.levels import Comparison, LevelKind
from cxid.weighing import Weighing

PRIOR, TOGETHER, DECISIONS = "(prior)", "(together)", "(decisions)"
_WORDS = {
    PRIOR: "any two records",
    TOGETHER: "beyond one by one",
    DECISIONS: "decided pairs like it",
}


@dataclass(frozen=True)
class Weights:
    """What a pattern weighs, line by line; `is_kept` says that the figures are those that the build wrote."""

    fields: Mapping[str, int]
    prior: int
    together: int
    decisions: int | None
    is_kept: bool

    @property
    def total(self) -> int:
        return sum(self.fields.values()) + self.prior + self.together + (self.decisions or 0)


def read_weights(run: Run, patterns: Sequence[int]) -> dict[int, Weights]:
    """What each pattern weighs: as the build wrote it, or by the saved model where the build kept no such pattern."""
    rows: dict[int, dict[str, int]] = {}
    found = run.engine.fetch(
        f"SELECT pattern, field, weight FROM run_link_pattern WHERE pattern IN ({listed(patterns)})"
    )
    for row in found.to_pylist():
        rows.setdefault(row["pattern"], {})[row["field"]] = row["weight"]
    return {p: _kept(rows[p]) if p in rows else _anew(run.saved, p) for p in patterns}


def _kept(rows: dict[str, int]) -> Weights:
    fields = {name: weight for name, weight in rows.items() if name not in _WORDS}
    return Weights(fields, rows[PRIOR], rows[TOGETHER], rows.get(DECISIONS), True)


def _anew(saved: Saved, pattern: int) -> Weights:
    levels = unpack(saved, [pattern])[0]
    fields = {c.name: saved.levels[c.name, level].weight for c, level in zip(saved.comparisons, levels, strict=True)}
    total = int(_weighing(saved).weigh(np.array([pattern], np.int64))[0])
    return Weights(fields, saved.prior, total - saved.prior - sum(fields.values()), None, False)


def _weighing(saved: Saved) -> Weighing:
    if saved.weighing is None:
        raise ValueError("nothing was compared")
    return saved.weighing


def unpack(saved: Saved, patterns: Sequence[int]) -> list[tuple[int, ...]]:
    """The level numbers of each pattern, in the order of the fields."""
    rows = _weighing(saved).unpack(np.array(patterns, np.int64))
    return [tuple(int(n) for n in row) for row in rows]


def weigh_pairs(few: Few, pairs: Sequence[tuple[int, int]], mask: Mask = as_is) -> list[Weighed]:
    """Pairs of numbers of `few`, compared and weighed anew."""
    saved = few.run.saved
    make_link_records(few, saved)
    patterns = find_patterns(few, saved, pairs)
    weights = read_weights(few.run, patterns)
    written = _Values(few, mask)
    found = []
    for pair, pattern, levels in zip(pairs, patterns, unpack(saved, patterns), strict=True):
        steps = _steps(saved, weights[pattern], levels, written.of(pair))
        a, b = (few.record(n) for n in pair)
        found.append(Weighed(a, b, pattern, levels, steps, weights[pattern].total, weights[pattern].is_kept))
    return found


class _Values:
    """What either record holds in each compared field, as written; the best two where a field has several columns."""

    def __init__(self, few: Few, mask: Mask) -> None:
        self._few, self._mask = few, mask
        written = few.run.written(list(few.numbers))
        self._written = {number: written.get(no, {}) for no, number in few.numbers.items()}
        self._compared = {r["record_no"]: r for r in few.engine.fetch("SELECT * FROM record_norm").to_pylist()}

    def of(self, pair: tuple[int, int]) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
        best = best_slots(self._few, self._few.run.saved, pair)
        found: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        for comparison in self._few.run.saved.comparisons:
            slots = comparison.field.slots
            if not slots:
                a, b = (self._few.record(n).source for n in pair)
                found[comparison.name] = ((a,), (b,))
                continue
            one, other = ((s,) for s in best[comparison.name]) if comparison.name in best else (slots, slots)
            found[comparison.name] = (self._side(pair[0], comparison, one), self._side(pair[1], comparison, other))
        return found

    def _side(self, number: int, comparison: Comparison, slots: tuple[str, ...]) -> tuple[str, ...]:
        """Values that were compared, as written where the source has the column, else as they were compared."""
        compared, written = self._compared[number], self._written[number]
        present = [s for s in slots if compared[s] is not None]
        return tuple(self._mask(written.get(s) or compared[s], comparison.field.type) for s in present)


def _steps(
    saved: Saved,
    weights: Weights,
    levels: Sequence[int],
    values: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]],
) -> tuple[Step, ...]:
    """The waterfall from the prior to the total."""
    steps = [_figure(PRIOR, weights.prior, 0)]
    for comparison, number in zip(saved.comparisons, levels, strict=True):
        name, level = comparison.name, saved.levels[comparison.name, number]
        a, b = values[name]
        kind = comparison.levels[number].kind
        weight = weights.fields[name]
        steps.append(
            Step(
                name=name,
                values=(a, b),
                level=level.words,
                words=_words(comparison, level.words, (not a, not b)),
                weight=weight,
                total=steps[-1].total + weight,
                m=level.m,
                u=level.u,
                silent=kind is LevelKind.NEUTRAL,
            )
        )
    steps.append(_figure(TOGETHER, weights.together, steps[-1].total))
    if weights.decisions is not None:
        steps.append(_figure(DECISIONS, weights.decisions, steps[-1].total))
    return tuple(steps)


def _figure(name: str, weight: int, before: int) -> Step:
    return Step(name, ((), ()), "", _WORDS[name], weight, before + weight)


def _words(comparison: Comparison, level: str, missing: tuple[bool, bool]) -> str:
    if not comparison.field.slots:
        return level
    if level in (MISSING, NOT_IN_SOURCE):
        return agreement(comparison.field.type, level, missing)
    return agreement(comparison.field.type, level, (False, False))

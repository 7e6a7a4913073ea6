"""Decided pairs as labels of agreement patterns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from cxid.engine.base import Engine
from cxid.stages.link.patterns import Ints, Patterns

Flags = npt.NDArray[np.bool_]

# Identical records are compared once: two decisions on the same two distinct records are one label, and none
# where they contradict each other.
_LABELS = """
WITH decided AS (
    SELECT least(a.rep, b.rep) AS rep_a, greatest(a.rep, b.rep) AS rep_b, d.action = 'link' AS is_match
    FROM decision AS d
    INNER JOIN link_member AS a ON d.record_no_a = a.record_no
    INNER JOIN link_member AS b ON d.record_no_b = b.record_no
    WHERE d.action IN ('link', 'unlink')
),
labelled AS (
    SELECT rep_a, rep_b, bool_and(is_match) AS is_match
    FROM decided GROUP BY rep_a, rep_b HAVING bool_and(is_match) = bool_or(is_match)
),
doubles AS (SELECT record_no_a AS rep, min(pattern) AS pattern FROM link_double GROUP BY record_no_a)
SELECT l.rep_a, l.rep_b, l.is_match, coalesce(c.pattern, d.pattern) AS pattern
FROM labelled AS l
LEFT JOIN link_candidate AS c ON c.pair = l.rep_a * 2147483648 + l.rep_b
LEFT JOIN doubles AS d ON l.rep_a = l.rep_b AND d.rep = l.rep_a
ORDER BY l.rep_a, l.rep_b
"""


@dataclass(frozen=True)
class Labels:
    """Labelled pairs: the number of their pattern, whether they are a match, the component of records they lie in."""

    pattern: Ints
    is_match: Flags
    component: Ints
    unscored: int = 0  # decided pairs that blocking did not propose

    @property
    def matches(self) -> int:
        return int(self.is_match.sum())

    @property
    def others(self) -> int:
        return len(self.is_match) - self.matches

    def take(self, chosen: Flags) -> Labels:
        return Labels(self.pattern[chosen], self.is_match[chosen], self.component[chosen])


def read_labels(engine: Engine, patterns: Patterns) -> Labels:
    """The links and unlinks of this build among its candidate pairs."""
    none = np.zeros(0, np.int64)
    if "decision" not in engine.tables() or not engine.count("decision"):
        return Labels(none, np.zeros(0, np.bool_), none)
    found = engine.fetch(_LABELS).to_pylist()
    scored = [r for r in found if r["pattern"] is not None]
    codes = np.array([r["pattern"] for r in scored], np.int64)
    at = np.minimum(np.searchsorted(patterns.codes, codes), len(patterns.codes) - 1)
    known = patterns.codes[at] == codes if len(codes) else np.zeros(0, np.bool_)
    ends = np.array([(r["rep_a"], r["rep_b"]) for r in scored], np.int64).reshape(-1, 2)
    labels = Labels(
        at.astype(np.int64), np.array([r["is_match"] for r in scored], np.bool_), components(ends[:, 0], ends[:, 1])
    ).take(known)
    return Labels(labels.pattern, labels.is_match, labels.component, len(found) - len(labels.pattern))


def components(a: Ints, b: Ints) -> Ints:
    """For each pair the number of the component of records that it lies in, from 0 in order of appearance."""
    if not len(a):
        return np.zeros(0, np.int64)
    nodes, flat = np.unique(np.concatenate([a, b]), return_inverse=True)
    graph = coo_matrix((np.ones(len(a)), (flat[: len(a)], flat[len(a) :])), shape=(len(nodes), len(nodes)))
    label = connected_components(graph, directed=False)[1][flat[: len(a)]]
    _, first, place = np.unique(label, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first))[place], np.int64)


def folds(component: Ints, count: int) -> Ints:
    """The fold of each pair: whole components, large ones first, each to the fold that is smallest by then."""
    _, place, size = np.unique(component, return_inverse=True, return_counts=True)
    filled, fold = np.zeros(count, np.int64), np.zeros(len(size), np.int64)
    for number in np.lexsort((np.arange(len(size)), -size)):
        fold[number] = int(np.argmin(filled))
        filled[fold[number]] += size[number]
    return np.asarray(fold[place], np.int64)

"""The same measures by the recordlinkage library, over pairs that are held in memory.

Importing it takes seconds and hundreds of megabytes, so only what needs it loads this module.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import recordlinkage

from cxid.evaluate.measures import PairCounts

Pair = tuple[int, int]


def _index(pairs: Iterable[Pair]) -> pd.MultiIndex:
    return pd.MultiIndex.from_tuples(list(pairs), names=["a", "b"]) if pairs else _NOTHING


_NOTHING = pd.MultiIndex.from_arrays([[], []], names=["a", "b"])


def count_pairs(true: Iterable[Pair], found: Iterable[Pair]) -> PairCounts:
    """Counts of pairs (the smaller record first) from the library's own measures of two sets of links."""
    links_true, links_found = _index(true), _index(found)
    return PairCounts(
        int(recordlinkage.true_positives(links_true, links_found)),
        int(recordlinkage.false_positives(links_true, links_found)),
        int(recordlinkage.false_negatives(links_true, links_found)),
    )


def shares(true: Iterable[Pair], found: Iterable[Pair]) -> tuple[float, float, float]:
    """(precision, recall, F1) by the library; both sets must hold a pair. F1 is 0 where none is right."""
    links_true, links_found = _index(true), _index(found)
    precision = float(recordlinkage.precision(links_true, links_found))
    recall = float(recordlinkage.recall(links_true, links_found))
    fscore = float(recordlinkage.fscore(links_true, links_found)) if precision + recall else 0.0
    return precision, recall, fscore

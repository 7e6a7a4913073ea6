"""Which pair a question is about, where it names customers and not records."""

from __future__ import annotations

from collections.abc import Sequence

from cxid.explain.few import Few, every_pair, find_patterns, make_link_records
from cxid.explain.model import Record
from cxid.explain.run import Run
from cxid.explain.weighing import read_weights

_MOST_PAIRS = 2_000  # compared anew where the build scored none


def strongest_pair(run: Run, left: Sequence[Record], right: Sequence[Record]) -> tuple[Record, Record] | None:
    """The strongest pair of different records, one of either side; None where there is none.

    As the build scored it; where it scored no pair between the two, as they weigh when compared now.
    """
    if not left or not right:
        return None
    known = {r.record_no: r for r in (*left, *right)}
    mine, theirs = ([r.record_no for r in side] for side in (left, right))
    scored = run.scored_between(mine, theirs)
    if scored:
        a, b = min(scored, key=lambda pair: (-scored[pair].weight, pair))
        return known[a], known[b]
    few = Few.of(run, known.values())
    pairs = every_pair([few.numbers[n] for n in mine], [few.numbers[n] for n in theirs])[:_MOST_PAIRS]
    if not pairs:
        return None
    if run.saved.weighing is None:
        return few.record(pairs[0][0]), few.record(pairs[0][1])
    make_link_records(few, run.saved)
    patterns = find_patterns(few, run.saved, pairs)
    weights = read_weights(run, sorted(set(patterns)))
    best = min(zip(pairs, patterns, strict=True), key=lambda found: (-weights[found[1]].total, found[0]))
    return few.record(best[0][0]), few.record(best[0][1])

"""The proposed pairs with their patterns, and the records that are identical."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa

from cxid.engine.base import Engine
from cxid.stages.context import StageContext
from cxid.stages.link.compare import Comparer, Copies, read_copies
from cxid.stages.link.levels import Comparison
from cxid.stages.link.pairs import Ints
from cxid.stages.link.relations import DOUBLES, PAIR_BASE, PAIR_BITS
from cxid.stages.link.taken import OPEN, Compared

_PAIRS_AT_ONCE = 2_000_000  # some 100 bytes each while they are compared; half as many as records where that is more
_ASKED = "link_asked"  # records of pairs that nobody has compared

# both ends of open pairs, and the first of identical records, which are compared with themselves
_ASKED_FOR = f"""
SELECT pair // {PAIR_BASE} AS record_no FROM link_open
UNION SELECT pair % {PAIR_BASE} AS record_no FROM link_open
UNION SELECT rep AS record_no FROM link_member WHERE record_no <> rep
"""

_CLOSED = f"""
SELECT c.pair, c.rules, c.copies, CASE WHEN c.pattern = {OPEN} THEN o.pattern ELSE c.pattern END AS pattern
FROM link_candidate AS c LEFT JOIN link_told AS o ON o.pair = c.pair
"""


def write_candidates(ctx: StageContext, comparer: Comparer, total: int) -> None:
    """Tables link_candidate (pair, rules, copies, pattern), of the `total` pairs of link_proposal, and link_double.

    copies: pairs of records that a pair stands for. link_proposal gives way to it.
    """
    ctx.reporter.step("comparing pairs")
    _map_pairs(ctx.engine, "link_candidate", "link_proposal", _told(ctx, comparer, total), comparer.copies)
    ctx.engine.drop("link_proposal")
    _write_doubles(ctx.engine, comparer)


def write_rest(ctx: StageContext, comparisons: Sequence[Comparison], known: Compared) -> None:
    """The same tables, where the run before has compared most of the pairs."""
    engine = ctx.engine
    ctx.reporter.step("comparing pairs")
    _map_pairs(engine, "link_candidate", "link_proposal", known.patterns, read_copies(engine))
    engine.drop("link_proposal")
    engine.run("link_open", f"SELECT pair, rules FROM link_candidate WHERE pattern = {OPEN} ORDER BY pair")
    engine.run(_ASKED, _ASKED_FOR)
    comparer = Comparer(engine, comparisons, asked=_ASKED)
    _map_pairs(engine, "link_told", "link_open", _told(ctx, comparer, engine.count("link_open")), comparer.copies)
    compared_now = engine.count("link_told")
    ctx.reporter.log("pairs_taken_over", pairs=engine.count("link_candidate") - compared_now, compared=compared_now)
    engine.run("link_closed", _CLOSED)
    engine.rename("link_closed", "link_candidate")
    engine.drop("link_open", "link_told", *(name for name in engine.tables() if name.startswith(_ASKED)))
    _write_doubles(engine, comparer)


def _told(ctx: StageContext, comparer: Comparer, total: int) -> Callable[[Ints], Ints]:
    """Pairs -> patterns, telling of how many of the `total` pairs; of a batch at work the part that is compared."""
    done = 0

    def compared(pair: Ints) -> Ints:
        nonlocal done
        before, size = done, len(pair)
        done += size
        return comparer.patterns(
            pair >> PAIR_BITS, pair & PAIR_BASE - 1,
            told=lambda part: ctx.reporter.progress(before + round(part * size), total, "pairs"),
        )  # fmt: skip

    return compared


def _map_pairs(engine: Engine, name: str, source: str, patterns: Callable[[Ints], Ints], each: Copies) -> None:
    """Table `name` (pair, rules, copies, pattern) of the pairs in `source` (pair, rules), some at a time."""

    def told(batch: pa.Table) -> pa.Table:
        pair = batch.column("pair").to_numpy()
        copies = each[pair >> PAIR_BITS].astype(np.int64) * each[pair & PAIR_BASE - 1]
        return batch.append_column("copies", pa.array(copies)).append_column("pattern", pa.array(patterns(pair)))

    at_once = max(_PAIRS_AT_ONCE, engine.count("link_record") // 2)
    engine.map_rows(name, source, told, batch_rows=at_once)


def _write_doubles(engine: Engine, comparer: Comparer) -> None:
    """link_double, from the pattern of each record with itself where there are identical ones."""
    found = engine.fetch("SELECT record_no, rep FROM link_member WHERE record_no <> rep ORDER BY record_no")
    record, rep = found.column("record_no").to_numpy(), found.column("rep").to_numpy()
    pattern = comparer.patterns(rep, rep) + comparer.apart(rep, record)
    engine.load("link_itself", pa.table({"record_no": record, "pattern": pattern}))
    engine.run("link_double", DOUBLES)
    engine.drop("link_itself")

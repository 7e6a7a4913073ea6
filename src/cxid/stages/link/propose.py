"""Rules into candidate pairs: blocks over the cap taken apart, each pair once with its rules, the budget held.

The engine makes the keys and keeps the pairs, in memory or spilled; sorting keys and pairs is a matter of
integers, done here for one rule, and for one range of records, at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from cxid.engine.base import Engine
from cxid.stages.context import StageContext
from cxid.stages.link.atoms import Atom
from cxid.stages.link.choice import Rule
from cxid.stages.link.pairs import Blocks, Ints, Keys, Truths, blocks_of
from cxid.stages.link.relations import PAIR_BASE, keys_sql

_SORTED_AT_ONCE = 8_000_000  # proposals of one range of records
_NUMBER_BITS = 6  # of a rule's number
_Ways = list[tuple[Keys, Truths]]


@dataclass(frozen=True)
class Proposal:
    """What came of the rules."""

    rules: tuple[Rule, ...]
    largest: tuple[int, ...]  # block of each rule
    pairs: int  # different ones
    uncovered: int  # at most this many pairs of blocks over the cap were not proposed by their rule


def _keys(engine: Engine, atoms: Sequence[Atom], within: str = "") -> tuple[_Ways, Ints]:
    """The keys of a conjunction in each of its ways, and the records that have one."""
    found = engine.fetch(keys_sql(atoms, within))
    ways = []
    for name in found.column_names[1:]:
        column = found.column(name).combine_chunks()
        has = column.is_valid().to_numpy(zero_copy_only=False)
        ways.append((column.fill_null(0).to_numpy(), has))
    return ways, found.column("record_no").to_numpy()


@dataclass
class _Writer:
    """Table link_part (pair, rule), and what is known of each rule."""

    engine: Engine
    wholes: Sequence[Atom]
    cap: int
    alone: Ints | None  # by record number: the source that holds each person once, -1 for all others

    def write(self, rule: Rule, number: int, blocks: Blocks) -> int:
        """Proposes the pairs of the blocks; says how many are owed: all when a block is over the cap, else 0."""
        crowded = blocks.sizes > self.cap
        small = blocks.chosen(~crowded) if crowded.any() else blocks
        self._add(number, small)
        if not crowded.any():
            return 0
        crowd = blocks.chosen(crowded)
        self._refine(rule, number, crowd)
        return small.count(self.alone) + crowd.count(self.alone)

    def _add(self, number: int, blocks: Blocks) -> None:
        for a, b in blocks.pairs(self.alone):
            rule = np.full(len(a), number, np.uint8)
            self.engine.extend("link_part", pa.table({"pair": a * PAIR_BASE + b, "rule": rule}))

    def _refine(self, rule: Rule, number: int, crowd: Blocks) -> None:
        """Blocks over the cap, split by one more field at a time."""
        self.engine.load("link_crowd", pa.table({"record_no": crowd.members()}))
        for atom in self.wholes:
            if not set(atom.fields) & rule.fields:
                finer = blocks_of(*_keys(self.engine, (*rule.atoms, atom), "link_crowd"))
                self._add(number, finer.chosen(finer.sizes <= self.cap))
        self.engine.drop("link_crowd")


def _sorted_parts(engine: Engine) -> Iterator[pa.Table]:
    """The proposals (pair, rule), each once, in ascending order, one range of records after the other."""
    total = engine.count("link_part")
    top = int(engine.scalar("SELECT coalesce(max(pair), 0) FROM link_part")) // PAIR_BASE + 1
    parts = max(1, -(-total // _SORTED_AT_ONCE))
    for part in range(parts):
        low, high = (top * p // parts * PAIR_BASE for p in (part, part + 1))
        where = "" if parts == 1 else f" WHERE pair >= {low} AND pair < {high}"
        found = engine.fetch(f"SELECT pair, rule FROM link_part{where}")
        pair, rule = found.column("pair").to_numpy(), found.column("rule").to_numpy().astype(np.int64)
        a, b = np.divmod(pair, PAIR_BASE)
        width = max(1, int(b.max(initial=0)).bit_length())
        base = int(a.min(initial=low // PAIR_BASE))
        code = ((((a - base) << width) | b) << _NUMBER_BITS) | rule
        code.sort()
        code = code[np.concatenate([np.ones(min(len(code), 1), bool), code[1:] != code[:-1]])]
        both = code >> _NUMBER_BITS
        pair = ((both >> width) + base) * PAIR_BASE + (both & (1 << width) - 1)
        yield pa.table({"pair": pair, "rule": code & (1 << _NUMBER_BITS) - 1})


def _gather(engine: Engine, rules: int) -> Ints:
    """Table link_proposal (pair, rules), ascending, from link_part; says how many pairs each rule proposed."""
    found = np.zeros(rules, np.int64)
    engine.run("link_proposal", "SELECT CAST(0 AS BIGINT) AS pair, CAST(0 AS BIGINT) AS rules WHERE FALSE")
    for part in _sorted_parts(engine):
        pair, rule = part.column("pair").to_numpy(), part.column("rule").to_numpy()
        found += np.bincount(rule, minlength=rules)
        starts = np.flatnonzero(np.concatenate([np.ones(min(len(pair), 1), bool), pair[1:] != pair[:-1]]))
        bits = np.bitwise_or.reduceat(np.int64(1) << rule, starts) if len(starts) else rule
        engine.extend("link_proposal", pa.table({"pair": pair[starts], "rules": bits}))
    return found


def _hold_budget(engine: Engine, rules: int, budget: int) -> list[int]:
    """Numbers of the rules that stay so that the different pairs fit the budget.

    Of the rules that alone found enough to be rid of, the least goes; where none did, the one that found most.
    """
    kept = list(range(rules))
    while len(kept) > 1 and (over := engine.count("link_proposal") - budget) > 0:
        counted = engine.fetch(
            "SELECT rules, count(*) AS pairs FROM link_proposal WHERE bit_count(rules) = 1 GROUP BY rules"
        ).to_pylist()
        own = dict.fromkeys(kept, 0) | {row["rules"].bit_length() - 1: row["pairs"] for row in counted}
        enough = [i for i in kept if own[i] >= over]
        kept.remove(min(enough, key=lambda i: (own[i], i)) if enough else max(kept, key=lambda i: (own[i], -i)))
        mask = sum(1 << i for i in kept)
        engine.run("link_kept", f"SELECT pair, rules & {mask} AS rules FROM link_proposal WHERE (rules & {mask}) <> 0")
        engine.rename("link_kept", "link_proposal")
    return kept


def _alone(engine: Engine) -> Ints | None:
    """By record number, the source that holds each person once; None where there is no such source."""
    found = engine.fetch("SELECT record_no, alone FROM link_record WHERE alone IS NOT NULL")
    if not found.num_rows:
        return None
    by_record = np.full(int(engine.scalar("SELECT max(record_no) FROM link_record")) + 1, -1, np.int64)
    by_record[found.column("record_no").to_numpy()] = found.column("alone").to_numpy()
    return by_record


def _blocked(ctx: StageContext, rules: Sequence[Rule]) -> Iterator[Blocks]:
    """The blocks of each rule; while one rule's are used the next one's keys are sorted."""
    with ThreadPoolExecutor(1) as pool:
        ahead: Future[Blocks] | None = None
        for number, rule in enumerate(rules):
            ctx.reporter.progress(number, len(rules), "blocking rules")
            following = pool.submit(blocks_of, *_keys(ctx.engine, rule.atoms))
            if ahead is not None:
                yield ahead.result()
            ahead = following
        if ahead is not None:
            yield ahead.result()


def propose(ctx: StageContext, rules: Sequence[Rule], atoms: Sequence[Atom], *, budget: int, cap: int) -> Proposal:
    """Writes link_proposal (pair, rules), ascending, and says what it holds."""
    engine = ctx.engine
    writer = _Writer(engine, [a for a in atoms if a.whole], cap, _alone(engine))
    engine.run("link_part", "SELECT CAST(0 AS BIGINT) AS pair, CAST(0 AS UTINYINT) AS rule WHERE FALSE")
    largest, wanted = [], np.zeros(len(rules), np.int64)
    for number, blocks in enumerate(_blocked(ctx, rules)):
        largest.append(blocks.largest)
        wanted[number] = writer.write(rules[number], number, blocks)
    uncovered = int(np.maximum(wanted - _gather(engine, len(rules)), 0).sum())
    engine.drop("link_part")
    kept = _hold_budget(engine, len(rules), budget)
    if len(kept) < len(rules):
        ctx.reporter.warn(
            "pair-budget",
            f"{len(rules) - len(kept)} blocking rules were left out to stay within the pair budget; "
            "raise match.pairs_per_record to use them",
        )
    return Proposal(tuple(rules), tuple(largest), engine.count("link_proposal"), uncovered)

"""Rules into candidate pairs: blocks over the cap taken apart, each pair once with its rules, the budget held.

The engine makes the keys and keeps the pairs, in memory or spilled; sorting keys and pairs is a matter of
integers, done here for one rule, and for one range of records, at a time.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import pyarrow as pa

from cxid.engine.base import Engine
from cxid.stages.context import StageContext
from cxid.stages.link.atoms import Atom
from cxid.stages.link.choice import Rule
from cxid.stages.link.pairs import Blocks, Ints, Keys, Truths, blocks_of, changes, mixed
from cxid.stages.link.relations import PAIR_BITS, hashes_sql, keys_sql

_SORTED_AT_ONCE = 8_000_000  # proposals of one range of records
_RECORD_BITS, _RULE_BITS = 28, 6  # of a record's number, of a rule's
_Ways = list[tuple[Keys, Truths]]


@dataclass(frozen=True)
class Proposal:
    """What came of the rules."""

    rules: tuple[Rule, ...]
    largest: tuple[int, ...]  # block of each rule
    pairs: int  # different ones
    uncovered: int  # at most this many pairs of blocks over the cap were not proposed by their rule


def _crowd_keys(engine: Engine, atoms: Sequence[Atom]) -> tuple[_Ways, Ints]:
    """The keys of a conjunction in each of its ways for the records of link_crowd, and those that have one."""
    found = engine.fetch(keys_sql(atoms, "link_crowd"))
    ways = []
    for name in found.column_names[1:]:
        column = found.column(name).combine_chunks()
        has = column.is_valid().to_numpy(zero_copy_only=False)
        ways.append((column.fill_null(0).to_numpy(), has))
    return ways, found.column("record_no").to_numpy()


class _Hashes:
    """What the records have to be keyed by, as integers: read once for all rules, let go after the last that asks."""

    def __init__(self, engine: Engine, rules: Sequence[Rule]) -> None:
        self._engine = engine
        self._asked = Counter(atom.name for rule in rules for atom in rule.atoms)
        self._held: dict[str, list[Keys]] = {}
        found = engine.fetch("SELECT record_no FROM link_record").column("record_no").to_numpy()
        every = engine.fetch("SELECT record_no FROM record_norm").column("record_no").to_numpy()
        compared = np.zeros(int(every.max(initial=0)) + 1, np.bool_)
        compared[found] = True
        self._chosen = None if len(found) == len(every) else np.flatnonzero(compared[every])
        self.rows: Ints = every if self._chosen is None else every[self._chosen]

    def of(self, rule: Rule) -> list[list[Keys]]:
        """For each atom of the rule, for each of its slots, a number of every record; 0 is no key."""
        found = [self._read(atom) for atom in rule.atoms]
        self._asked.subtract(atom.name for atom in rule.atoms)
        for atom in rule.atoms:
            if not self._asked[atom.name]:
                del self._held[atom.name]
        return found

    def _read(self, atom: Atom) -> list[Keys]:
        if atom.name not in self._held:
            found = [column.to_numpy() for column in self._engine.fetch(hashes_sql(atom)).columns]
            self._held[atom.name] = found if self._chosen is None else [h.take(self._chosen) for h in found]
        return self._held[atom.name]


def _blocks(hashes: Sequence[Sequence[Keys]], rows: Ints) -> Blocks:
    """The blocks of a rule, from the numbers of its atoms."""
    ways: _Ways = []
    for way in product(*hashes):
        key, has = way[0], way[0] != 0
        for more in way[1:]:
            key = mixed(key, more)
            has &= more != 0
        ways.append((key, has))
    return blocks_of(ways, rows)


@dataclass
class _Proposed:
    """Pairs and the rules that propose them, one integer each: here while they are few, beyond in table link_part."""

    engine: Engine
    held: list[Ints] = field(default_factory=list)
    count: int = 0

    def add(self, a: Ints, b: Ints, rule: int) -> None:
        """Smaller records, larger records."""
        self.held.append(a << _RECORD_BITS + _RULE_BITS | b << _RULE_BITS | rule)
        self.count += len(a)
        if self.count > _SORTED_AT_ONCE:
            self._put_away()

    def _put_away(self) -> None:
        part = pa.table({"code": self._taken()})
        (self.engine.extend if "link_part" in self.engine.tables() else self.engine.load)("link_part", part)

    def _taken(self) -> Ints:
        code = np.concatenate([np.zeros(0, np.int64), *self.held])
        self.held, self.count = [], 0
        return code

    def in_order(self) -> Iterator[Ints]:
        """What was added, each once, in ascending order, one range of records after the other."""
        if "link_part" not in self.engine.tables():
            yield _in_order(self._taken())
            return
        self._put_away()
        top = (int(self.engine.scalar("SELECT max(code) FROM link_part")) >> _RECORD_BITS + _RULE_BITS) + 1
        parts = -(-self.engine.count("link_part") // _SORTED_AT_ONCE)
        for part in range(parts):
            bounds = [top * p // parts << _RECORD_BITS + _RULE_BITS for p in (part, part + 1)]
            found = self.engine.fetch("SELECT code FROM link_part WHERE code >= ? AND code < ?", bounds)
            yield _in_order(found.column("code").to_numpy().copy())
        self.engine.drop("link_part")


def _in_order(code: Ints) -> Ints:
    """Ascending, each once."""
    code.sort()
    new = changes(code)
    return code if new.all() else code[new]


@dataclass
class _Writer:
    """Puts what the rules propose together, and says what is known of each."""

    engine: Engine
    proposed: _Proposed
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
            self.proposed.add(a, b, number)

    def _refine(self, rule: Rule, number: int, crowd: Blocks) -> None:
        """Blocks over the cap, split by one more field at a time."""
        self.engine.load("link_crowd", pa.table({"record_no": crowd.members()}))
        for atom in self.wholes:
            if not set(atom.fields) & rule.fields:
                finer = blocks_of(*_crowd_keys(self.engine, (*rule.atoms, atom)))
                self._add(number, finer.chosen(finer.sizes <= self.cap))
        self.engine.drop("link_crowd")


def _gather(engine: Engine, proposed: _Proposed, rules: int) -> Ints:
    """Table link_proposal (pair, rules), ascending; says how many pairs each rule proposed."""
    found = np.zeros(rules, np.int64)
    engine.drop("link_proposal")
    for code in proposed.in_order():
        rule, both = code & (1 << _RULE_BITS) - 1, code >> _RULE_BITS
        found += np.bincount(rule, minlength=rules)
        starts = np.flatnonzero(changes(both))
        bits = np.bitwise_or.reduceat(np.int64(1) << rule, starts) if len(starts) else rule
        both = both.take(starts)
        pair = both >> _RECORD_BITS << PAIR_BITS | both & (1 << _RECORD_BITS) - 1
        part = pa.table({"pair": pair, "rules": bits})
        (engine.extend if "link_proposal" in engine.tables() else engine.load)("link_proposal", part)
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
    """The blocks of each rule; while one rule's are used the next ones' keys are sorted."""
    hashes, ahead = _Hashes(ctx.engine, rules), max(1, ctx.engine.threads - 1)
    with ThreadPoolExecutor(ahead) as pool:
        waiting: deque[Future[Blocks]] = deque()
        for number, rule in enumerate(rules):
            ctx.reporter.progress(number, len(rules), "blocking rules")
            waiting.append(pool.submit(_blocks, hashes.of(rule), hashes.rows))
            if len(waiting) > ahead:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def propose(
    ctx: StageContext,
    rules: Sequence[Rule],
    atoms: Sequence[Atom],
    *,
    cap: int,
    budget: int | None,
    idle: Collection[int] = (),
) -> Proposal:
    """Writes link_proposal (pair, rules), ascending, and says what it holds.

    Rules are left out until the pairs fit the `budget`; None where whoever asks looks after it. The numbers in `idle`
    are of rules that propose nothing.
    """
    engine = ctx.engine
    ctx.reporter.step("proposing pairs")
    proposed = _Proposed(engine)
    writer = _Writer(engine, proposed, [a for a in atoms if a.whole], cap, _alone(engine))
    largest, wanted = [0] * len(rules), np.zeros(len(rules), np.int64)
    active = [number for number in range(len(rules)) if number not in idle]
    for number, blocks in zip(active, _blocked(ctx, [rules[n] for n in active]), strict=True):
        largest[number] = blocks.largest
        wanted[number] = writer.write(rules[number], number, blocks)
    ctx.reporter.step("sorting pairs")
    uncovered = int(np.maximum(wanted - _gather(engine, proposed, len(rules)), 0).sum())
    kept = len(rules) if budget is None else len(_hold_budget(engine, len(rules), budget))
    if kept < len(rules):
        ctx.reporter.warn(
            "pair_budget",
            f"{len(rules) - kept} blocking rules were left out to stay within the pair budget; "
            "raise match.pairs_per_record to use them",
        )
    return Proposal(tuple(rules), tuple(largest), engine.count("link_proposal"), uncovered)

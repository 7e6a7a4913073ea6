"""The stage: what it reads and writes, and the order of its steps."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from math import log2

import numpy as np
import pyarrow as pa

from cxid.config.model import Match
from cxid.contracts import TABLES
from cxid.engine.base import Engine, quote
from cxid.model import Field
from cxid.sql import load
from cxid.stages.context import StageContext
from cxid.stages.link.atoms import key_atoms
from cxid.stages.link.blocking import Search
from cxid.stages.link.choice import Budget
from cxid.stages.link.compare import Comparer
from cxid.stages.link.estimate.gate import Gate, Status, log2_odds
from cxid.stages.link.estimate.homes import judged
from cxid.stages.link.estimate.model import Evidence, Model, fit
from cxid.stages.link.evidence import gather
from cxid.stages.link.keys import sample_keys
from cxid.stages.link.levels import Comparison, comparisons, origin
from cxid.stages.link.patterns import Space, packable
from cxid.stages.link.propose import Proposal, propose
from cxid.stages.link.records import make_records
from cxid.stages.link.relations import (
    DOUBLES,
    PAIR_BASE,
    PAIR_BITS,
    make_fields,
    make_sources,
)
from cxid.stages.link.rivals import weigh_rivals
from cxid.stages.link.saved import write_saved
from cxid.stages.link.score import MICRO, explain_patterns, field_bits, score_patterns, write_model, write_rules
from cxid.stages.link.summary import Outcome, Work, write_summary
from cxid.stages.link.supervised.refit import Task, Taught, learn
from cxid.stages.link.target import Cut, chosen_cut

READS: tuple[str, ...] = ("record_norm", "decision")
WRITES: tuple[str, ...] = (
    "blocking_rule",
    "link_pattern",
    "link_pair",
    "link_field",
    "link_source",
    "link_model",
    "link_class",
    "link_tie",
    "link_summary",
)

_FLOOR_BITS = -6.0
_SMALLEST_CAP, _CAP_PER_PAIR = 50, 10  # records in one block, by the pairs that a record may have
_PAIRS_AT_ONCE = 2_000_000  # some 100 bytes each while they are compared; half as many as records where that is more
_EARLY = 2_000_000  # records whose numbers are made beside the search of rules; those of more would take memory from it
_WORK = ("member", "value", "record", "proposal", "candidate", "double", "score")


def _empty(engine: Engine, *names: str) -> None:
    """Tables as their contract has them, without rows."""
    for name in names:
        columns = ", ".join(f"CAST(NULL AS {c.type}) AS {quote(c.name)}" for c in TABLES[name].columns)
        engine.run(name, f"SELECT {columns} WHERE FALSE")


def _counts(engine: Engine, fields: Sequence[Field], count: str) -> list[int]:
    """A count over each field's first values, such as `count(...)`."""
    columns = ", ".join(f"{count.replace('...', quote(f.slots[0]))} AS c{i}" for i, f in enumerate(fields))
    return [column[0].as_py() for column in engine.fetch(f"SELECT {columns} FROM record_norm").columns]


def _usable(engine: Engine, fields: Sequence[Field]) -> list[Field]:
    """Fields that have a value somewhere."""
    if not fields or not engine.count("record_norm"):
        return []
    return [f for f, n in zip(fields, _counts(engine, fields, "count(...)"), strict=True) if n]


def _compared(ctx: StageContext, fields: Sequence[Field]) -> tuple[Comparison, ...]:
    """The comparisons that fit into one pattern; with too many fields those of fewest values go."""
    usable = _usable(ctx.engine, fields)
    several = usable and int(ctx.engine.scalar("SELECT count(DISTINCT source) FROM record_norm")) > 1
    last = (origin(),) if several else ()
    found = (*comparisons(tuple(usable)), *last)
    if packable(found) == len(found):
        return found
    different = dict(zip(usable, _counts(ctx.engine, usable, "count(DISTINCT ...)"), strict=True))
    while packable(found) < len(found):
        dropped = usable.pop(min(range(len(usable)), key=lambda i: (different[usable[i]], -i)))
        ctx.reporter.warn("too-many-fields", f"{dropped.name} is not compared: too many fields for one pattern")
        found = (*comparisons(tuple(usable)), *last)
    return found


@dataclass(frozen=True)
class _Job:
    """What all steps need to know."""

    ctx: StageContext
    match: Match
    space: Space

    @property
    def engine(self) -> Engine:
        return self.ctx.engine

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(c.field for c in self.space.comparisons[: self.space.telling])

    @property
    def budget(self) -> int:
        return self.match.pairs_per_record * self.engine.count("link_record")

    @property
    def block_cap(self) -> int:
        return max(_SMALLEST_CAP, _CAP_PER_PAIR * self.match.pairs_per_record)

    @property
    def floor(self) -> int:
        """Micro-bits under which a pair is not kept: nobody would look at it."""
        review = log2(self.match.review / (1 - self.match.review))
        return round(MICRO * min(_FLOOR_BITS, review))


def _prepare(job: _Job) -> None:
    """link_source, link_member, link_value, link_record, link_field."""
    make_sources(job.engine, job.fields)
    make_records(job.engine, job.fields, job.match.one_per_source)
    make_fields(job.engine, job.space.comparisons)


def _all_pairs(engine: Engine) -> float:
    """Pairs of records that may be one person."""
    found = engine.fetch("SELECT alone, CAST(sum(copies) AS BIGINT) AS n FROM link_record GROUP BY alone").to_pylist()
    n = sum(r["n"] for r in found)
    barred = sum(r["n"] * (r["n"] - 1) / 2 for r in found if r["alone"] is not None)
    return float(max(n * (n - 1) / 2 - barred, 1.0))


def _write_doubles(engine: Engine, comparer: Comparer) -> None:
    """link_double, from the pattern of each record with itself where there are identical ones."""
    found = engine.fetch("SELECT record_no, rep FROM link_member WHERE record_no <> rep ORDER BY record_no")
    record, rep = found.column("record_no").to_numpy(), found.column("rep").to_numpy()
    pattern = comparer.patterns(rep, rep) + comparer.apart(rep, record)
    engine.load("link_itself", pa.table({"record_no": record, "pattern": pattern}))
    engine.run("link_double", DOUBLES)
    engine.drop("link_itself")


def _write_candidates(job: _Job, comparer: Comparer, total: int) -> None:
    """link_candidate (pair, rules, copies, pattern); copies: pairs of records that a pair stands for."""
    done = 0

    def compared(batch: pa.Table) -> pa.Table:
        nonlocal done
        pair = batch.column("pair").to_numpy()
        a, b = pair >> PAIR_BITS, pair & PAIR_BASE - 1
        copies = comparer.copies[a].astype(np.int64) * comparer.copies[b]
        job.ctx.reporter.progress(done, total, "pairs")
        done += batch.num_rows
        return batch.append_column("copies", pa.array(copies)).append_column(
            "pattern", pa.array(comparer.patterns(a, b))
        )

    at_once = max(_PAIRS_AT_ONCE, job.engine.count("link_record") // 2)
    job.engine.map_rows("link_candidate", "link_proposal", compared, batch_rows=at_once)
    job.ctx.reporter.progress(total, total, "pairs")


def _collect(job: _Job) -> tuple[Evidence, Proposal]:
    """link_candidate and link_double, and the counts over them."""
    engine = job.engine
    atoms = key_atoms(job.fields)
    sample = sample_keys(engine, atoms, engine.count("link_record"))
    search = Search(atoms, sample, Budget(job.budget, job.block_cap))
    with ThreadPoolExecutor(1) as pool:
        searched = pool.submit(search.best)
        early = Comparer(engine, job.space.comparisons) if sample.records <= _EARLY else None
        rules = searched.result()
    job.ctx.reporter.log("link.search", rules=len(rules))
    proposal = propose(job.ctx, rules, atoms, budget=job.budget, cap=job.block_cap)
    comparer = early or Comparer(engine, job.space.comparisons)
    _write_candidates(job, comparer, proposal.pairs)
    engine.drop("link_proposal")
    _write_doubles(engine, comparer)
    return gather(engine, job.space, rules, sample, comparer=comparer, all_pairs=_all_pairs(engine)), proposal


def _learn(job: _Job, evidence: Evidence, model: Model, gate: Gate) -> Taught:
    """What people decided adds to the evidence; nothing where they decided little."""
    patterns = evidence.patterns
    score = log2_odds(patterns, model.mixture) - gate.bar
    return learn(job.engine, Task(patterns, score, field_bits(patterns.space, model) / MICRO))


def _cut(job: _Job, evidence: Evidence, scores: pa.Table, gate: Gate) -> Cut | None:
    """Where a precision that is asked for puts the cut; None where none is asked for. Warns when it is out of reach."""
    target = job.match.target_precision
    if target is None:
        return None
    review = log2(job.match.review / (1 - job.match.review))
    cut = chosen_cut(scores.column("weight").to_numpy() / MICRO, evidence.patterns.pairs, target, review)
    reached = cut.reached and gate.status is not Status.NOT_IDENTIFIED
    if not reached:
        best = "the columns cannot tell" if cut.reached else f"the best cut is expected to reach {cut.precision:.3f}"
        job.ctx.reporter.warn("target-precision", f"match.target_precision {target:g} cannot be promised: {best}")
    return replace(cut, reached=reached)


def _publish(job: _Job, evidence: Evidence, model: Model, gate: Gate, proposal: Proposal) -> None:
    """The five tables of this stage."""
    engine = job.engine
    taught = _learn(job, evidence, model, gate)
    scores = score_patterns(evidence.patterns, model, gate.bar, taught.bits)
    engine.load("link_score", scores)
    engine.load("link_pattern", explain_patterns(evidence.patterns, model, scores, job.floor, taught.bits))
    engine.run("link_pair", load("link", "link_pair"), {"floor": job.floor})
    if job.space.telling < job.space.fields:  # several sources
        weigh_rivals(engine, trusted=gate.status is not Status.NOT_IDENTIFIED)
    write_rules(engine, [r.words for r in proposal.rules], proposal.largest)
    write_model(engine, evidence.patterns, model)
    write_saved(engine, evidence.patterns.space, model, gate.bar)
    cut = _cut(job, evidence, scores, gate)
    work = Work(proposal.pairs, proposal.uncovered, job.budget)
    write_summary(engine, Outcome(evidence, model, gate, work, taught, job.match, cut))


def run(ctx: StageContext, *, fields: tuple[Field, ...], match: Match) -> None:
    """Scores every candidate pair of records; writes the tables named in WRITES."""
    engine = ctx.engine
    space = Space(_compared(ctx, fields))
    if not space.fields:
        _empty(engine, *WRITES)
        engine.run("link_summary", load("link", "nothing_to_link"))
        return
    job = _Job(ctx, match, space)
    _prepare(job)
    evidence, proposal = _collect(job)
    model, gate = judged(evidence.patterns, fit(evidence))
    _publish(job, evidence, model, gate, proposal)
    if gate.status != "identified":
        ctx.reporter.warn(f"linkage-{gate.status.value.replace('_', '-')}", gate.sentence)
    engine.drop(*(f"link_{name}" for name in _WORK))

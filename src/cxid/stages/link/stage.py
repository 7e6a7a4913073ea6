"""The stage: what it reads and writes, and the order of its steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

from cxid.config.model import Match
from cxid.contracts import TABLES
from cxid.engine.base import Engine, quote
from cxid.model import Field
from cxid.sql import load
from cxid.stages.context import StageContext
from cxid.stages.link.atoms import key_atoms
from cxid.stages.link.blocking import Search
from cxid.stages.link.choice import Budget
from cxid.stages.link.estimate.gate import Gate, check
from cxid.stages.link.estimate.model import Evidence, Model, fit
from cxid.stages.link.evidence import gather
from cxid.stages.link.keys import sample_keys
from cxid.stages.link.levels import Comparison, comparisons
from cxid.stages.link.patterns import Space, packable, scales
from cxid.stages.link.propose import Proposal, propose
from cxid.stages.link.relations import (
    candidates_sql,
    doubles_sql,
    make_members,
    make_records,
    make_sources,
    make_value_counts,
    pattern_sql,
)
from cxid.stages.link.score import MICRO, explain_patterns, score_patterns, write_model, write_rules
from cxid.stages.link.summary import Outcome, write_summary

READS: tuple[str, ...] = ("record_norm",)
WRITES: tuple[str, ...] = ("blocking_rule", "link_pattern", "link_pair", "link_model", "link_summary")

_FLOOR_BITS = -6.0
_SMALLEST_CAP, _CAP_PER_PAIR = 50, 10  # records in one block, by the pairs that a record may have
_WORK = ("member", "value", "source", "record", "proposal", "candidate", "double", "score")


def _empty(engine: Engine, *names: str) -> None:
    """Tables as their contract has them, without rows."""
    for name in names:
        columns = ", ".join(f"CAST(NULL AS {c.type}) AS {quote(c.name)}" for c in TABLES[name].columns)
        engine.run(name, f"SELECT {columns} WHERE FALSE")


def _usable(engine: Engine, fields: Sequence[Field]) -> list[tuple[Field, int]]:
    """Fields that have a value somewhere, with how many different ones."""
    if not fields or not engine.count("record_norm"):
        return []
    counts = ", ".join(f"count(DISTINCT {quote(f.slots[0])}) AS c{i}" for i, f in enumerate(fields))
    row = engine.fetch(f"SELECT {counts} FROM record_norm").to_pylist()[0]
    return [(f, n) for f, n in zip(fields, row.values(), strict=True) if n]


def _compared(ctx: StageContext, fields: Sequence[Field]) -> tuple[Comparison, ...]:
    """The comparisons that fit into one pattern; with too many fields those of fewest values go."""
    usable = _usable(ctx.engine, fields)
    while packable(comparisons(tuple(f for f, _ in usable))) < len(usable):
        least = min(range(len(usable)), key=lambda i: (usable[i][1], -i))
        dropped, _ = usable.pop(least)
        ctx.reporter.warn("too-many-fields", f"{dropped.name} is not compared: too many fields for one pattern")
    return comparisons(tuple(f for f, _ in usable))


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
        return tuple(c.field for c in self.space.comparisons)

    @property
    def pattern(self) -> str:
        return pattern_sql(self.space.comparisons, scales(self.space.comparisons))

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
    """link_member, link_value, link_source, link_record, link_double."""
    make_members(job.engine, job.fields, job.match.one_per_source)
    make_value_counts(job.engine, job.fields)
    make_sources(job.engine, job.fields)
    make_records(job.engine, job.fields, job.match.one_per_source)
    job.engine.run("link_double", doubles_sql(job.pattern))


def _all_pairs(engine: Engine) -> float:
    """Pairs of records that may be one person."""
    found = engine.fetch("SELECT alone, CAST(sum(copies) AS BIGINT) AS n FROM link_record GROUP BY alone").to_pylist()
    n = sum(r["n"] for r in found)
    barred = sum(r["n"] * (r["n"] - 1) / 2 for r in found if r["alone"] is not None)
    return float(max(n * (n - 1) / 2 - barred, 1.0))


def _collect(job: _Job) -> tuple[Evidence, Proposal]:
    """link_candidate, and the counts over it."""
    engine = job.engine
    atoms = key_atoms(job.fields)
    sample = sample_keys(engine, atoms, engine.count("link_record"))
    rules = Search(atoms, sample, Budget(job.budget, job.block_cap)).best()
    job.ctx.reporter.log("link.search", rules=len(rules))
    proposal = propose(job.ctx, rules, atoms, budget=job.budget, cap=job.block_cap)
    job.ctx.reporter.progress(0, proposal.pairs, "pairs")
    engine.run("link_candidate", candidates_sql(job.pattern))
    engine.drop("link_proposal")
    job.ctx.reporter.progress(proposal.pairs, proposal.pairs, "pairs")
    pairs = _all_pairs(engine)
    return gather(engine, job.space, rules, sample, pattern=job.pattern, all_pairs=pairs), proposal


def _publish(job: _Job, evidence: Evidence, model: Model, gate: Gate, proposal: Proposal) -> None:
    """The five tables of this stage."""
    engine = job.engine
    scores = score_patterns(evidence.patterns, model, gate.bar)
    engine.load("link_score", scores)
    engine.load("link_pattern", explain_patterns(evidence.patterns, model, scores, job.floor))
    engine.run("link_pair", load("link", "link_pair"), {"floor": job.floor})
    write_rules(engine, [r.words for r in proposal.rules], proposal.largest)
    write_model(engine, evidence.patterns, model)
    write_summary(engine, Outcome(evidence, model, gate, proposal.pairs, proposal.uncovered, job.budget))


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
    model = fit(evidence)
    gate = check(evidence.patterns, model.mixture, model.anchors)
    _publish(job, evidence, model, gate, proposal)
    if gate.status != "identified":
        ctx.reporter.warn(f"linkage-{gate.status.value.replace('_', '-')}", gate.sentence)
    engine.drop(*(f"link_{name}" for name in _WORK))

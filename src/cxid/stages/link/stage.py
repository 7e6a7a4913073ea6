"""The stage: what it reads and writes, and the order of its steps."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from math import log2

import pyarrow as pa

from cxid.config.model import Match
from cxid.contracts import TABLES
from cxid.engine.base import Engine, quote
from cxid.model import Field
from cxid.runs.usual import WRITING
from cxid.sql import load
from cxid.stages.context import StageContext
from cxid.stages.link.atoms import key_atoms
from cxid.stages.link.blocking import Search
from cxid.stages.link.candidates import write_candidates, write_rest
from cxid.stages.link.choice import Budget
from cxid.stages.link.compare import Comparer
from cxid.stages.link.estimate.gate import Status
from cxid.stages.link.estimate.homes import judged
from cxid.stages.link.estimate.model import fit
from cxid.stages.link.evidence import candidate_patterns, gather
from cxid.stages.link.kept import EARLIER, Kept, Wanted, decided, find_kept, learned_figures, take_over
from cxid.stages.link.keys import sample_keys
from cxid.stages.link.levels import Comparison, comparisons, origin
from cxid.stages.link.patterns import Patterns, Space, packable
from cxid.stages.link.propose import Proposal, propose
from cxid.stages.link.records import make_records
from cxid.stages.link.relations import make_fields, make_sources
from cxid.stages.link.rivals import weigh_rivals
from cxid.stages.link.saved import Learned, read_back, written
from cxid.stages.link.score import (
    MICRO,
    explain_patterns,
    field_bits,
    score_patterns,
    untaught_odds,
    write_model,
    write_rules,
)
from cxid.stages.link.summary import Outcome, Work, write_summary
from cxid.stages.link.supervised.lesson import NOTHING, read_lesson
from cxid.stages.link.supervised.refit import Task, Taught, learn, recall
from cxid.stages.link.taken import compared_before
from cxid.stages.link.target import Cut, chosen_cut

READS: tuple[str, ...] = ("record", "record_norm", "decision")
WRITES: tuple[str, ...] = (
    "blocking_rule",
    "link_pattern",
    "link_pair",
    "link_compared",
    "link_field",
    "link_source",
    "link_model",
    "link_class",
    "link_tie",
    "link_band",
    "link_alone",
    "link_taught",
    "link_summary",
)

_FLOOR_BITS = -6.0
_KEPT_ORDERS = ("source", "field_no", "class_no field_no level_no", "field_no_a field_no_b agree_a agree_b")
_SMALLEST_CAP, _CAP_PER_PAIR = 50, 10  # records in one block, by the pairs that a record may have
_EARLY = 2_000_000  # records whose numbers are made beside the search of rules; those of more would take memory from it
_OUTGROWN = 1.2  # of the budget, by kept rules: a tenth more of records makes a fifth more of pairs
_PREPARING = "finding identical records"
_PAIRING = ("proposing pairs", "sorting pairs", "comparing pairs")
_LEARNING = (_PREPARING, "finding blocking rules", *_PAIRING, "fitting the model", "scoring pairs", WRITING)
_KEEPING = (_PREPARING, *_PAIRING, "scoring pairs", WRITING)
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
        ctx.reporter.warn("too_many_fields", f"{dropped.name} is not compared: too many fields for one pattern")
        found = (*comparisons(tuple(usable)), *last)
    return found


@dataclass(frozen=True)
class _Job:
    """What all steps need to know."""

    ctx: StageContext
    match: Match
    space: Space
    wanted: Wanted
    told: Kept | str  # the model that is kept, or why one is learned

    @property
    def kept(self) -> Kept | None:
        return self.told if isinstance(self.told, Kept) else None

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
    """link_source, link_member, link_value, link_band, link_record, link_field."""
    engine, kept = job.engine, job.kept is not None
    job.ctx.reporter.plan(*(_KEEPING if kept else _LEARNING))
    job.ctx.reporter.step(_PREPARING)
    if kept:
        take_over(engine, ("source", "field", "class", "tie"), _KEPT_ORDERS)
    else:
        make_sources(engine, job.fields)
    make_records(engine, job.fields, job.match.one_per_source, kept=kept)
    if not kept:
        make_fields(engine, job.space.comparisons)


def _all_pairs(engine: Engine) -> float:
    """Pairs of records that may be one person."""
    found = engine.fetch("SELECT alone, CAST(sum(copies) AS BIGINT) AS n FROM link_record GROUP BY alone").to_pylist()
    n = sum(r["n"] for r in found)
    barred = sum(r["n"] * (r["n"] - 1) / 2 for r in found if r["alone"] is not None)
    return float(max(n * (n - 1) / 2 - barred, 1.0))


@dataclass(frozen=True)
class _Found:
    """Candidate pairs, and the model to weigh them with."""

    proposal: Proposal
    patterns: Patterns
    all_pairs: float
    learned: Learned


def _compare(job: _Job, proposal: Proposal) -> None:
    """link_candidate and link_double, with a model that is kept."""
    known = compared_before(job.ctx, job.fields)
    if known is None:
        write_candidates(job.ctx, Comparer(job.engine, job.space.comparisons), proposal.pairs)
    else:
        write_rest(job.ctx, job.space.comparisons, known)


def _learn_model(job: _Job) -> _Found:
    """Searches rules, compares what they propose, and fits a model to it."""
    engine = job.engine
    atoms = key_atoms(job.fields)
    job.ctx.reporter.step("finding blocking rules")
    sample = sample_keys(engine, atoms, engine.count("link_record"))
    search = Search(atoms, sample, Budget(job.budget, job.block_cap))
    with ThreadPoolExecutor(1) as pool:
        searched = pool.submit(search.best)
        early = Comparer(engine, job.space.comparisons) if sample.records <= _EARLY else None
        rules = searched.result()
    job.ctx.reporter.log("link.search", rules=len(rules))
    proposal = propose(job.ctx, rules, atoms, budget=job.budget, cap=job.block_cap)
    comparer = early or Comparer(engine, job.space.comparisons)
    write_candidates(job.ctx, comparer, proposal.pairs)
    job.ctx.reporter.step("fitting the model")
    evidence = gather(engine, job.space, rules, sample, comparer=comparer, all_pairs=_all_pairs(engine))
    model, gate = judged(evidence.patterns, fit(evidence))
    learned = written(engine, job.space, model, gate)
    return _Found(proposal, evidence.patterns, evidence.all_pairs, learned)


def _keep_model(job: _Job, kept: Kept, budget: int | None = None) -> _Found | None:
    """Compares what the kept rules propose; None when that is too far over the budget that they were chosen for.

    With a `budget`, rules are left out until it is held.
    """
    engine, atoms = job.engine, key_atoms(job.fields)
    rules = kept.blocking(atoms)
    proposal = propose(job.ctx, rules, atoms, budget=budget, cap=job.block_cap, idle=kept.idle)
    if budget is None and proposal.pairs > _OUTGROWN * job.budget:
        engine.drop("link_proposal")
        return None
    _compare(job, proposal)
    patterns = candidate_patterns(engine, job.space, ())
    household = kept.figures["household_class"]
    learned = read_back(
        engine, patterns, kept.gate, int(kept.figures["anchor_rules"]), int(household) if household else None
    )
    return _Found(proposal, patterns, _all_pairs(engine), learned)


def _teach(job: _Job, found: _Found) -> tuple[Taught, dict[str, str]]:
    """What people decided adds to the evidence, nothing where they decided little; and what rests on how much."""
    engine, patterns, kept = job.engine, found.patterns, job.kept
    task = Task(patterns, untaught_odds(patterns, found.learned), field_bits(found.learned) / MICRO)
    if kept is not None and not kept.is_taught_anew:
        taught = recall(engine, task, read_lesson(engine.fetch("SELECT * FROM kept_taught")), kept.figures)
        counted = {"learned_decisions": kept.figures["learned_decisions"], "decisions_changed": str(kept.redecided)}
    else:
        taught = learn(engine, task)
        counted = {"learned_decisions": str(decided(engine)), "decisions_changed": "0"}
    engine.load("link_taught", NOTHING if taught.lesson is None else taught.lesson.table())
    return taught, counted


def _cut(job: _Job, found: _Found, scores: pa.Table) -> Cut | None:
    """Where a precision that is asked for puts the cut; None where none is asked for. Warns when it is out of reach."""
    target, gate = job.match.target_precision, found.learned.gate
    if target is None:
        return None
    cut = None if job.kept is None else job.kept.cut(target)
    if cut is None:
        review = log2(job.match.review / (1 - job.match.review))
        cut = chosen_cut(scores.column("weight").to_numpy() / MICRO, found.patterns.pairs, target, review)
        cut = replace(cut, reached=cut.reached and gate.status is not Status.NOT_IDENTIFIED)
    if not cut.reached:
        untold = gate.status is Status.NOT_IDENTIFIED or cut.precision >= target
        best = "the columns cannot tell" if untold else f"the best cut is expected to reach {cut.precision:.3f}"
        job.ctx.reporter.warn("target_precision", f"match.target_precision {target:g} cannot be promised: {best}")
    return cut


def _publish(job: _Job, found: _Found) -> None:
    """The tables of this stage that are not written yet."""
    engine, patterns, learned = job.engine, found.patterns, found.learned
    job.ctx.reporter.step("scoring pairs")
    taught, counted = _teach(job, found)
    scores = score_patterns(patterns, learned, taught.bits)
    engine.load("link_score", scores)
    engine.load("link_pattern", explain_patterns(patterns, learned, scores, job.floor, taught.bits))
    engine.run("link_pair", load("link", "link_pair"), {"floor": job.floor})
    engine.run("link_compared", load("link", "link_compared"))
    if job.space.telling < job.space.fields:  # several sources
        weigh_rivals(engine, trusted=learned.gate.status is not Status.NOT_IDENTIFIED, kept=job.kept is not None)
    else:
        _empty(engine, "link_alone")
    write_rules(engine, [r.words for r in found.proposal.rules], found.proposal.largest)
    write_model(engine, patterns, learned)
    work = Work(found.proposal.pairs, found.proposal.uncovered, job.budget)
    cut = _cut(job, found, scores)
    history = learned_figures(job.ctx, job.wanted, job.told) | counted
    outcome = Outcome(patterns, found.all_pairs, learned, work, taught, job.match, cut, history)
    write_summary(engine, outcome)
    job.ctx.reporter.log("link.model", words=history["model"], kept=job.kept is not None)


def _kept(job: _Job) -> _Found | None:
    """The pairs, weighed by the model that is kept; None where none is, or where its rules propose too much."""
    if job.kept is None:
        return None
    _prepare(job)
    return _keep_model(job, job.kept)


def _go_back(job: _Job, kept: Kept, fields: tuple[Field, ...]) -> tuple[_Job, _Found | None]:
    """The model of the run before, which was trusted, in the place of one that is not; told with what to look for."""
    job.ctx.reporter.warn(
        "linkage_kept",
        f"learned anew the linkage would not be trusted, so that of {kept.learned_in} stays; look among the new rows "
        "for those that name nobody, such as test accounts; `cxid build --refit` learns anew all the same",
    )
    kept = replace(kept, instead="learned anew it would not be trusted")
    job = replace(job, space=Space(kept.comparisons(fields)), told=kept)
    _prepare(job)
    return job, _keep_model(job, kept, job.budget)


def run(ctx: StageContext, *, fields: tuple[Field, ...], match: Match, basis: str = "", refit: bool = False) -> None:
    """Scores every candidate pair of records; writes the tables named in WRITES.

    `basis` stands for all that learning depends on beside the data; `refit` has the model learned anew.
    """
    engine, wanted = ctx.engine, Wanted(basis, refit)
    told, trusted = find_kept(ctx, wanted)
    engine.drop("kept_record", "kept_decision")  # the only large ones, and asked for the last time
    space = Space(_compared(ctx, fields) if isinstance(told, str) else told.comparisons(fields))
    if not space.fields:
        _empty(engine, *WRITES)
        engine.run("link_summary", load("link", "nothing_to_link"))
        return
    job = _Job(ctx, match, space, wanted, told)
    found = _kept(job)
    if found is None:
        if job.kept is not None:
            reason = f"the blocking rules of {job.kept.learned_in} propose too many pairs by now"
            job = replace(job, space=Space(_compared(ctx, fields)), told=reason)
        _prepare(job)
        found = _learn_model(job)
        if trusted is not None and found.learned.gate.status is Status.NOT_IDENTIFIED:
            job, found = _go_back(job, trusted, fields)
    assert found is not None
    _publish(job, found)
    gate = found.learned.gate
    if gate.status != "identified":
        ctx.reporter.warn(f"linkage_{gate.status.value}", gate.sentence)
    engine.drop(*(f"link_{name}" for name in _WORK), *EARLIER)

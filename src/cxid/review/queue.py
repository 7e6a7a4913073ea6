"""The questions of a project as they are asked: doubts and the audit mixed, without what is decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from cxid.config.decisions import Record as Key
from cxid.config.decisions import read_decisions
from cxid.config.model import Config
from cxid.engine.base import Engine
from cxid.explain.model import Record
from cxid.review.audit import Passed, audit_of
from cxid.review.questions import Cause, Question, find_questions, find_records, mixed
from cxid.review.session import Known


@dataclass(frozen=True)
class Wish:
    """How many questions, which share of them from the audit, and about which source ('': all)."""

    limit: int
    audit: float
    source: str = ""


@dataclass(frozen=True)
class Queue:
    """The questions in order; `owners` are the customers of records that decisions name; `doubts` is how many pairs
    are in doubt at all and not decided."""

    questions: tuple[Question, ...]
    owners: Mapping[Key, str]
    doubts: int


def make_queue(engine: Engine, config: Config, run_id: str, wish: Wish) -> Queue:
    """What to ask about the published run in `engine`. Pairs that somebody passed on come last."""
    passed = Passed(config.root, run_id)
    keys = {end for d in read_decisions(config).rows if d.b is not None for end in d.pair}
    owners = {key: r.customer_id for key, r in find_keys(engine, keys).items()}
    found = find_questions(engine, wish.source)
    known = Known(config, {**owners, **owners_of(found)})
    known.refresh()
    doubts = [q for q in found if not known.settles(q)]
    doubts = sorted(doubts, key=lambda q: q.ends in passed)
    audit: list[Question] = []
    if wish.audit:
        audit = [q for q in _audit(engine, config, run_id, passed) if not known.settles(q)]
    return Queue(tuple(mixed(doubts, audit, wish.audit, wish.limit)), owners, len(doubts))


def owners_of(questions: Iterable[Question]) -> dict[Key, str]:
    """The customers of the records that are asked about."""
    return {end: r.customer_id for q in questions for end, r in zip(q.ends, (q.a, q.b), strict=True)}


def _audit(engine: Engine, config: Config, run_id: str, passed: Passed) -> Iterable[Question]:
    """The sample of the run in its order; who stands left says nothing, so the smaller record does."""
    pairs = [p for p in audit_of(config.root, run_id, engine).pairs if p not in passed]
    records = find_keys(engine, {end for pair in pairs for end in pair})
    numbers = ", ".join(str(r.record_no) for r in records.values()) or "NULL"
    rows = engine.fetch(
        "SELECT record_no_a, record_no_b, probability FROM link_pair "
        f"WHERE record_no_a IN ({numbers}) AND record_no_b IN ({numbers})"
    ).to_pylist()
    scores = {(r["record_no_a"], r["record_no_b"]): r["probability"] for r in rows}
    for one, other in pairs:
        a, b = sorted((records[one], records[other]))
        yield Question(a, b, Cause.AUDIT, scores.get((a.record_no, b.record_no)))


def find_keys(engine: Engine, keys: Collection[Key]) -> dict[Key, Record]:
    """The records of a run that have these keys."""
    ordered = sorted(keys)
    engine.load(
        "review_key",
        pa.table(
            {
                "source": pa.array([s for s, _ in ordered], pa.string()),
                "record_key": pa.array([k for _, k in ordered], pa.string()),
            }
        ),
    )
    found = engine.fetch(
        "SELECT r.record_no, r.source, r.record_key, c.customer_id FROM record AS r "
        "INNER JOIN review_key AS k ON r.source = k.source AND r.record_key = k.record_key "
        "INNER JOIN record_customer AS c ON r.record_no = c.record_no"
    ).to_pylist()
    records = (Record(r["record_no"], r["source"], r["record_key"], r["customer_id"]) for r in found)
    return {(r.source, r.key): r for r in records}


def records_around(engine: Engine, question: Question) -> tuple[Record, ...]:
    """All records of the customers of a question, in the order of their numbers."""
    rows = engine.fetch(
        "SELECT record_no FROM record_customer WHERE customer_id IN (?, ?)",
        [question.a.customer_id, question.b.customer_id],
    ).to_pylist()
    return tuple(sorted(find_records(engine, (r["record_no"] for r in rows)).values()))

"""Which pairs `cxid review` asks about, and in which order: worlds of a few customers, written as text."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pytest

from cxid.contracts import TABLES
from cxid.engine.duckdb import DuckDBEngine
from cxid.explain.model import Record
from cxid.review.questions import Cause, Question, find_questions, mixed
from tests.spec.test_report_figures import ARROW

CERTAIN = 1_000_000
WORDS = {Cause.NEAR: "near", Cause.WEAK_LINK: "weak", Cause.REFUSED: "refused"}


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(memory_limit="256MB", threads=1)
    yield made
    made.close()


def load(engine: DuckDBEngine, name: str, rows: list[dict[str, object]]) -> None:
    table = TABLES[name]
    schema = pa.schema([(c.name, ARROW[c.type]) for c in table.columns])
    engine.load(name, pa.Table.from_pylist([{c: r.get(c) for c in schema.names} for r in rows], schema=schema))


def make_world(engine: DuckDBEngine, customers: str, pairs: str, refused: str = "") -> dict[str, int]:
    """`customers`: 'A .9: a1 a2; B: b1', with the probability of the weakest link; a record that begins with
    'club-' is of source club. `pairs`: 'a1 b1 .60; ...', '=' for identical ones. `refused`: 'a1 b1 guard; ...'."""
    groups = [group.split(":") for group in customers.split(";")]
    members = {head.split()[0]: body.split() for head, body in groups}
    weakest = {head.split()[0]: float(head.split()[1]) if len(head.split()) > 1 else 1.0 for head, _ in groups}
    number = {key: n for n, key in enumerate((k for group in members.values() for k in group), start=1)}
    load(
        engine, "record",
        [{"record_no": n, "source": "club" if k.startswith("club-") else "crm", "record_key": k, "row_digest": ""} for k, n in number.items()],
    )  # fmt: skip
    load(
        engine,
        "record_customer",
        [
            {"record_no": number[k], "customer_id": c, "link_kind": "model", "probability": 1}
            for c, ks in members.items()
            for k in ks
        ],
    )
    load(
        engine, "customer",
        [{"customer_id": c, "record_count": len(ks), "weakest": round(weakest[c] * CERTAIN)} for c, ks in members.items()],
    )  # fmt: skip
    rows = []
    for a, b, p in (pair.split() for pair in pairs.split(";") if pair.strip()):
        share = 1.0 if p == "=" else float(p)
        rows.append(
            {"record_no_a": number[a], "record_no_b": number[b], "rules": 0 if p == "=" else 1, "pattern": 0,
             "weight": round(share * CERTAIN), "probability": round(share * CERTAIN), "household": 0, "rivals": 0}
        )  # fmt: skip
    load(engine, "link_pair", rows)
    load(
        engine, "refused_merge",
        [dict(zip(("record_no_a", "record_no_b", "guard", "detail"), (number[a], number[b], guard, ""), strict=True))
         for a, b, guard in (r.split() for r in refused.split(";") if r.strip())],
    )  # fmt: skip
    return number


def told(questions: list[Question]) -> list[str]:
    return [f"{WORDS[q.cause]} {q.a.key} {q.b.key} {q.stake / CERTAIN:.2f}" for q in questions]


ORDER = [
    ("nearer to even is asked first, where two records are apart",
     "A: a; B: b; C: c; D: d", "a b .10; c d .45", "", ["near c d 0.45", "near a b 0.10"]),
    ("a weak link comes before a strong one",
     "A .6: a1 a2; B .9: b1 b2", "a1 a2 .6; b1 b2 .9", "", ["weak a1 a2 0.40", "weak b1 b2 0.10"]),
    ("the larger the customers, the sooner",
     "A: a; B: b; C: c1 c2 c3; D: d1 d2", "a b .50; c1 d1 .20", "", ["near c1 d1 1.20", "near a b 0.50"]),
    ("a link in the middle holds more than one at the end",
     "A .8: a1 a2 a3 a4", "a1 a2 1; a2 a3 .8; a3 a4 .8",
     "", ["weak a2 a3 0.80", "weak a3 a4 0.60"]),
    ("of two customers the strongest pair alone is asked",
     "A: a1 a2; B: b1 b2", "a1 b1 .3; a2 b2 .4; a1 b2 .1", "", ["near a2 b2 1.60"]),
    ("what stronger links hold anyway is not asked",
     "A .95: a1 a2 a3", "a1 a2 .99; a2 a3 .95; a1 a3 .5", "", ["weak a2 a3 0.10", "weak a1 a2 0.02"]),
    ("sure links and identical records are no question",
     "A: a1 a2; B: b1 b2", "a1 a2 =; b1 b2 1", "", []),
    ("pairs apart that hardly can be one person are no question",
     "A: a; B: b", "a b .009", "", []),
    ("unless a guard refused them",
     "A: a; B: b", "a b .009", "a b evidence", ["refused a b 0.01"]),
    ("what the config refuses is even at most, however sure the scores are",
     "A: a; B: b; C: c; D: d", "a b .99; c d .6", "a b never_merge", ["near c d 0.60", "refused a b 0.50"]),
    ("a refused merge that nobody scored is even",
     "A: a1 a2; B: b", "", "a2 b evidence", ["refused a2 b 1.00"]),
    ("the guard may have met another pair than the strongest",
     "A: a1 a2; B: b", "a1 b .8", "a2 b group_size", ["refused a1 b 1.00"]),
    ("what people decided in the build is no question",
     "A: a1 a2; B: b; C: c", "a1 b .8; a1 c .3", "a2 b decision; a1 b evidence", ["near a1 c 0.60"]),
    ("groups that are held by more than pairs are as doubtful as their weakest link, not as the pair",
     "A .9: a1 a2", "a1 a2 .2", "", ["weak a1 a2 0.10"]),
    ("parts that no scored pair holds are asked about by their first records",
     "A .7: a1 a2 a3", "a1 a2 1", "", ["weak a1 a3 0.60"]),
    ("equal stakes follow the order of records",
     "A: a; B: b; C: c; D: d", "c d .5; a b .5", "", ["near a b 0.50", "near c d 0.50"]),
]  # fmt: skip


@pytest.mark.parametrize(("customers", "pairs", "refused", "asked"), [c[1:] for c in ORDER], ids=[c[0] for c in ORDER])
def test_the_most_useful_question_comes_first(
    engine: DuckDBEngine, customers: str, pairs: str, refused: str, asked: list[str]
) -> None:
    make_world(engine, customers, pairs, refused)
    assert told(find_questions(engine)) == asked


def test_a_source_is_asked_about_alone(engine: DuckDBEngine) -> None:
    make_world(
        engine, "A: a; B: club-b; C: c; D .8: d club-d; E .8: e1 e2", "a club-b .3; a c .6; d club-d .8; e1 e2 .8"
    )
    assert told(find_questions(engine, "club")) == ["near a club-b 0.30", "weak d club-d 0.20"]


@pytest.mark.parametrize("turned", [False, True])
def test_the_order_of_rows_does_not_matter(engine: DuckDBEngine, turned: bool) -> None:
    pairs = ["a1 b1 .3", "a2 b2 .3", "a1 c .3", "b1 c .2"]
    make_world(engine, "A: a1 a2; B: b1 b2; C: c", "; ".join(reversed(pairs) if turned else pairs))
    assert told(find_questions(engine)) == ["near a1 b1 1.20", "near a1 c 0.60", "near b1 c 0.40"]


def question(name: str, cause: Cause = Cause.NEAR) -> Question:
    return Question(Record(1, "crm", name, "A"), Record(2, "crm", name + "'", "B"), cause, None)


MIXES = [
    ("every fifth is drawn at random", "abcdefgh", "xyz", 0.2, 10, "abcdxefghy"),
    ("half and half", "abc", "xyz", 0.5, 6, "axbycz"),
    ("none", "abc", "xyz", 0.0, 9, "abc"),
    ("nothing else", "abc", "xyz", 1.0, 9, "xyzabc"),
    ("the rest when one runs out", "ab", "wxyz", 0.2, 5, "abwxy"),
    ("no more than asked for", "abcdef", "x", 0.2, 3, "abc"),
    ("a pair in doubt that was drawn is asked once", "abcd", "bx", 0.5, 9, "abcxd"),
]


@pytest.mark.parametrize(
    ("doubts", "audit", "share", "limit", "asked"), [m[1:] for m in MIXES], ids=[m[0] for m in MIXES]
)
def test_the_audit_is_mixed_in_evenly(doubts: str, audit: str, share: float, limit: int, asked: str) -> None:
    found = mixed([question(d) for d in doubts], [question(a, Cause.AUDIT) for a in audit], share, limit)
    assert "".join(q.a.key for q in found) == asked

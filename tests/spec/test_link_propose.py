"""What the rules propose: every pair once, hot keys refined, the budget held."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxid.engine.duckdb import DuckDBEngine
from cxid.stages.context import Silent, StageContext
from cxid.stages.link import propose as room
from cxid.stages.link.atoms import Atom
from cxid.stages.link.choice import Rule
from cxid.stages.link.propose import Proposal, propose

PHONE, EMAIL, CITY = (Atom((name,), name, (name,), whole=True) for name in ("phone", "email", "city"))
ATOMS = (PHONE, EMAIL, CITY)
COLUMNS = "SELECT record_no, CAST(NULL AS INTEGER) AS alone"
N = 100_000


def _proposed(
    tmp_path: Path, records: str, *rules: Rule, cap: int = 300, budget: int = 10**9, threads: int = 2
) -> tuple[DuckDBEngine, Proposal, Silent]:
    engine, reporter = DuckDBEngine(threads=threads), Silent()
    engine.run("record_norm", records)
    engine.run("link_record", "SELECT record_no, alone FROM record_norm")
    context = StageContext(engine, tmp_path, reporter=reporter)
    return engine, propose(context, rules, ATOMS, budget=budget, cap=cap), reporter


def _rule(*atoms: Atom) -> Rule:
    return Rule(atoms, 0.0)


def _pairs(engine: DuckDBEngine) -> list[tuple[int, int, int]]:
    rows = engine.fetch("SELECT pair // 2147483648 AS a, pair % 2147483648 AS b, rules FROM link_proposal").to_pylist()
    return [(r["a"], r["b"], r["rules"]) for r in rows]


SMALL = f"""{COLUMNS}, phone, email, city FROM (VALUES
    (1, 'p', 'e', 'x'), (2, 'p', 'e', 'y'), (3, 'p', NULL, 'x'), (4, NULL, 'e', NULL), (5, NULL, NULL, 'x')
    ) AS t(record_no, phone, email, city)"""


def test_a_pair_of_several_rules_stands_once_with_a_bit_for_each(tmp_path: Path) -> None:
    engine, proposal, _ = _proposed(tmp_path, SMALL, _rule(PHONE), _rule(EMAIL), _rule(PHONE, CITY))
    assert _pairs(engine) == [(1, 2, 0b011), (1, 3, 0b101), (1, 4, 0b010), (2, 3, 0b001), (2, 4, 0b010)]
    assert proposal.largest == (3, 3, 2)
    assert proposal.uncovered == 0


@pytest.mark.parametrize("at_once", [1, 2, 1000])
def test_the_table_is_the_same_however_many_proposals_are_sorted_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    rules = (_rule(PHONE), _rule(EMAIL), _rule(CITY))
    expected = _pairs(_proposed(tmp_path, SMALL, *rules)[0])
    monkeypatch.setattr(room, "_SORTED_AT_ONCE", at_once)
    assert _pairs(_proposed(tmp_path, SMALL, *rules)[0]) == expected


def test_the_table_is_the_same_for_any_order_of_records_and_any_threads(tmp_path: Path) -> None:
    records = f"""{COLUMNS}, CAST(record_no % 700 AS VARCHAR) AS phone, CAST(record_no % 611 AS VARCHAR) AS email,
        NULL AS city FROM (SELECT range AS record_no FROM range(1, 4000)) AS r"""
    rules = (_rule(PHONE), _rule(EMAIL))
    expected = _pairs(_proposed(tmp_path, records, *rules, threads=1)[0])
    shuffled = f"{records} ORDER BY hash(record_no)"
    for threads in (1, 2, 4):
        assert _pairs(_proposed(tmp_path, shuffled, *rules, threads=threads)[0]) == expected


HOT = f"""{COLUMNS},
    CASE WHEN record_no % 5 = 0 THEN 'switchboard' ELSE CAST(record_no // 10 * 10 + record_no % 5 AS VARCHAR) END AS phone,
    CAST(record_no // 20 AS VARCHAR) AS email, 'one city' AS city
    FROM (SELECT range AS record_no FROM range({N})) AS r"""


def test_a_value_that_a_fifth_of_all_records_share_is_split_by_other_fields(tmp_path: Path) -> None:
    engine, proposal, _ = _proposed(tmp_path, HOT, _rule(PHONE))
    hot = {(a, b) for a, b, _ in _pairs(engine) if a % 5 == 0 and b % 5 == 0}
    wanted = {(a, b) for a in range(0, N, 5) for b in range(a + 5, a // 20 * 20 + 20, 5)}
    assert hot == wanted, "those who share the hot phone and an e-mail are compared"
    assert proposal.largest == (N // 5,)
    assert proposal.uncovered == N // 5 * (N // 5 - 1) // 2 - len(wanted), "what is left out is counted"
    assert proposal.pairs == len(wanted) + N // 5 * 2, "every block within the cap is whole"


def test_a_column_with_one_value_proposes_nothing_but_says_what_it_left_out(tmp_path: Path) -> None:
    records = f"{COLUMNS}, NULL AS phone, NULL AS email, 'one' AS city FROM (SELECT range AS record_no FROM range({N}))"
    engine, proposal, _ = _proposed(tmp_path, records, _rule(CITY))
    assert engine.count("link_proposal") == proposal.pairs == 0
    assert proposal.uncovered == N * (N - 1) // 2


def test_over_the_budget_the_rule_goes_that_frees_enough_and_finds_least_alone(tmp_path: Path) -> None:
    records = f"""{COLUMNS}, CAST(record_no // 2 AS VARCHAR) AS phone, CAST(record_no // 10 AS VARCHAR) AS email,
        CAST(record_no // 5 AS VARCHAR) AS city FROM (SELECT range AS record_no FROM range(1000))"""
    # pairs: phone 500, city 2000 of which 400 share the phone, email 4500 that hold all others
    engine, proposal, reporter = _proposed(tmp_path, records, _rule(PHONE), _rule(EMAIL), _rule(CITY), budget=4000)
    assert proposal.pairs == len(_pairs(engine)) == 2100
    assert {r for *_, r in _pairs(engine)} == {0b001, 0b100, 0b101}
    assert [code for code, _ in reporter.warnings] == ["pair_budget"]


def test_without_rules_there_are_no_pairs(tmp_path: Path) -> None:
    engine, proposal, _ = _proposed(tmp_path, SMALL)
    assert _pairs(engine) == []
    assert proposal == Proposal((), (), 0, 0)

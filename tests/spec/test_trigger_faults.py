"""What is wrong with a trigger is told at its word in cxid.yml, before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxid.config.loading import load_config
from cxid.triggering import place_in_value, trigger_problems

_BASE = """sources:
  crm: {path: crm.csv, kind: people, key: id, columns: {email: email}}
  log: {path: log.csv, kind: events, time: at, type: {from: type}, ids: {email: email}}
  areas: {path: areas.csv, kind: enrichment, join: email, columns: {income: income}}
"""


def _faults(tmp_path: Path, text: str) -> list[tuple[str, str]]:
    """(the text at the place, message) of every fault."""
    file = tmp_path / "cxid.yml"
    file.write_text(_BASE + text, encoding="utf-8")
    lines = (_BASE + text).split("\n")
    found = trigger_problems(load_config(tmp_path, env={}))
    return [(lines[p.line - 1][p.column - 1 :], p.message) for p in found]


@pytest.mark.parametrize(
    ("when", "at", "message"),
    [
        ("revenue > 1 and revenu > 2", "revenu > 2", 'the profile has no column "revenu", did you mean revenue'),
        ("orders > 'x'", "> 'x'", "a number does not compare with a text"),
        ("orders = '3'", "= '3'", "write 3 without quotes"),
        ("top_category > 3", "> 3", "a text does not compare with a number"),
        ("last_seen > 3", "> 3", "a time does not compare with a number"),
        ("last_seen > 'soon'", "'soon'", "a time compares with a time"),
        ("as_of - last_seen > 30", "> 30", "such as 30 days"),
        ("as_of - last_seen > 1 month", "1 month", "no fixed length"),
        ("orders and is_known", "orders and", "compare it with something"),
        ("orders + 1", "+ 1", "expected a condition, found a number"),
        ("1 < orders < 3", "< 3", "join with and"),
        ("nps_last = null", "= null", "write is null"),
        ("nps_last <> null", "<> null", "write is not null"),
        ("is_known > true", "> true", "neither larger nor smaller"),
        ("last_seen < now() - 1 day", "now()", "as_of"),
        ("upper(sources) = 'X'", "upper(", "there is coalesce"),
        ("orders && 3", "&& 3", "did you mean and?"),
        ("orders > 3 )", ")", "expected and, or, or the end"),
        ("(orders > 3", "", "expected )"),
        ("sources = 'a", "'a", "no closing"),
        ("last_seen > 2026-02-30", "2026-02-30", "there is no date"),
        ("orders in ()", ")", "expected a column"),
        ("orders > 9999999999999999999", "9999", "at most 18 digits"),
        ("(" * 60 + "1" + ")" * 60, "(", "within each other"),
        ("may_offers = true", "may_offers", "no column"),  # without a source of consents
        ("income > 3", "> 3", "a text does not compare"),
    ],
)
def test_a_fault_is_told_at_its_word(tmp_path: Path, when: str, at: str, message: str) -> None:
    [(found, said)] = _faults(tmp_path, f"triggers:\n  t:\n    action: x\n    when: |\n      {when}\n")
    assert found.startswith(at)
    assert message in said


def test_every_fault_is_told_at_once_in_file_order(tmp_path: Path) -> None:
    text = """kpis: {targets: {repeat_rat: 1}, churn_days: 5, segment: rfm}
triggers:
  a: {when: orders > 1, action: x, cap: 3, channel: email}
  b: {when: orders > 1, action: x, purpose: offers, order: revenu desc}
  C: {when: orders > 1, action: x, trial: {source: crm, treated: a, control: a}}
"""
    beginnings = [
        "there is no such metric",
        "shorter than a month",
        "the profile has no column of this name",
        "say who comes first when more are hit",
        "a channel goes with the purpose that customers consent to",
        "no source of kind consent says who agrees to it",
        'the profile has no column "revenu"',
        "a trigger's name has lower-case letters",
        "no source of kind events has this name",
        '"a" cannot mean both treated and held out',
    ]
    found = [message for _, message in _faults(tmp_path, text)]
    assert [f[: len(b)] for f, b in zip(found, beginnings, strict=True)] == beginnings


@pytest.mark.parametrize(
    ("raw", "value", "at", "place"),
    [
        ("w: a > bb", "a > bb", 4, (1, 8)),
        ("w: 'a = ''x'' or b'", "a = 'x' or b", 11, (1, 18)),
        ('w: "a = \\"x\\" or b"', 'a = "x" or b', 11, (1, 18)),
        ("w: >\n  a and\n  b > c\n", "a and b > c\n", 10, (3, 7)),
        ("w: |\n  a and\n  b > c\n", "a and\nb > c\n", 10, (3, 7)),
        ("w: ${X}", "a > b", 4, (1, 4)),
    ],
)
def test_a_place_in_a_value_is_found_in_the_file(raw: str, value: str, at: int, place: tuple[int, int]) -> None:
    assert place_in_value(raw, (1, 4), value, at) == place


def test_good_triggers_have_no_fault(tmp_path: Path) -> None:
    text = """triggers:
  t: {when: "income = 'high' and areas_income is not null or stage in ('lapsed')", action: x,
      trial: {source: log, treated: [a], control: [b, c]}}
"""
    assert _faults(tmp_path, text) == []

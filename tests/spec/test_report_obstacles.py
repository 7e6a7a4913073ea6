"""What holds a result back, by its figures: a table of figures and what is to be said of them."""

from __future__ import annotations

from typing import Any

import pytest

from cxid.figures import Figures, obstacles

SURE = {"sure_micro_bits": 4247928, "review_micro_bits": -3169925}
EMAIL = {"label": "email", "level": "same", "m": "0.9", "u": "0.0001", "weight": 13000000, "pairs": 10}
GENDER = {"label": "gender", "level": "same", "m": "0.9", "u": "0.5", "weight": 850000, "pairs": 10}
DOUBT = {"label": "review", "decided_by": "model", "pairs": 20, "doubtful": 20}


def figures(**sections: Any) -> Figures:
    """Sections as lists of rows, or as label -> amount."""
    told = {}
    for name, rows in sections.items():
        listed = [{"label": k, "amount": v} for k, v in rows.items()] if isinstance(rows, dict) else rows
        told[name] = tuple({k: str(v) for k, v in row.items()} for row in listed)
    return Figures("r0001-00000000", told)


def joined(pairs: int, doubtful: int = 0, by: str = "model") -> dict[str, Any]:
    return {"label": "merged", "decided_by": by, "pairs": pairs, "doubtful": doubtful}


def source(label: str, customers: int, only_here: int, records: int = 0) -> dict[str, Any]:
    return {"label": label, "customers": customers, "only_here": only_here, "records": records}


def rejected(label: str, reason: str, amount: int) -> dict[str, Any]:
    return {"label": label, "file": "x.csv", "reason": reason, "field": "", "amount": amount, "first_line": 2}


CASES: dict[str, tuple[dict[str, Any], list[tuple[str, int, str, str]]]] = {
    # what the figures are -> (kind, amount, unit, config key) of what is said
    "nothing at all": ({}, []),
    "a sound run": ({"joins": [joined(10, by="decision")], "summary": {"status": "identified"}}, []),
    "a careful model": (
        {"summary": {"status": "careful", "reason": "x"}, "funnel": {"people records": 9}},
        [("careful_model", 9, "records", "")],
    ),
    "a model that tells nobody apart": (
        {"summary": {"status": "not_identified", "reason": "x"}, "funnel": {"people records": 9}},
        [("untrusted_model", 9, "records", "sources.*.columns")],
    ),
    "no people, so no model is missed": ({"summary": {"status": "not_identified"}, "funnel": {"people records": 0}}, []),
    "a precision out of reach": (
        {"summary": {"target_reached": "no", "target_precision": "0.99"}, "funnel": {"people records": 9}},
        [("target_precision", 9, "records", "match.target_precision")],
    ),
    "a precision that is reached": ({"summary": {"target_reached": "yes"}, "funnel": {"people records": 9}}, []),
    "nobody checked a pair": ({"joins": [joined(10)]}, [("unchecked", 10, "pairs", "")]),
    "pairs in doubt on both sides": (
        {"joins": [joined(80, 5, "decision"), DOUBT]},
        [("doubtful_pairs", 25, "pairs", "")],
    ),
    "a field that would settle them, empty": (
        {"joins": [joined(80, by="decision"), DOUBT], "summary": SURE, "model": [EMAIL],
         "lacking": [{"label": "email", "pairs": 20, "missing": 12, "unmapped": 0}]},
        [("doubtful_pairs", 20, "pairs", ""), ("lacking_fields", 12, "pairs", "")],
    ),
    "the same, in few sources": (
        {"joins": [joined(80, by="decision"), DOUBT], "summary": SURE, "model": [EMAIL],
         "lacking": [{"label": "email", "pairs": 20, "missing": 1, "unmapped": 12}]},
        [("doubtful_pairs", 20, "pairs", ""), ("lacking_fields", 13, "pairs", "sources.*.columns.email")],
    ),
    "a field that most of them have": (
        {"joins": [joined(80, by="decision"), DOUBT], "summary": SURE, "model": [EMAIL],
         "lacking": [{"label": "email", "pairs": 20, "missing": 9, "unmapped": 0}]},
        [("doubtful_pairs", 20, "pairs", "")],
    ),
    "a field that would settle nothing": (
        {"joins": [joined(80, by="decision"), DOUBT], "summary": SURE, "model": [GENDER],
         "lacking": [{"label": "gender", "pairs": 20, "missing": 20, "unmapped": 0}]},
        [("doubtful_pairs", 20, "pairs", "")],
    ),
    "the budget of pairs is spent": (
        {"summary": {"uncovered_pairs": 5, "candidates": 95, "pair_budget": 95}},
        [("uncovered_pairs", 5, "pairs", "match.pairs_per_record")],
    ),
    "a model past its time": (
        {"summary": {"changed_since_learned": 11, "learned_records": 100}},
        [("old_model", 11, "records", "")],
    ),
    "a model still good": ({"summary": {"changed_since_learned": 10, "learned_records": 100}}, []),
    "guards at work; what people decided is no obstacle": (
        {"guards": [{"label": "group_size", "detail": "", "refused": 2}, {"label": "group_size", "detail": "x", "refused": 1},
                    {"label": "decision", "detail": "", "refused": 7}]},
        [("refused_merges", 3, "merges", "match.max_group")],
    ),
    "identifiers of too many people; those of the config are no obstacle": (
        {"hubs": [{"label": "phone", "reason": "shared", "identifiers": 3, "most_people": 44},
                  {"label": "email", "reason": "configured", "identifiers": 9, "most_people": 0}]},
        [("shared_identifiers", 3, "identifiers", "match.hub_limit")],
    ),
    "events of nobody": (
        {"funnel": {"events": 200}, "events": [{"label": "pos", "events": 100}],
         "ownerless": [{"label": "pos", "reason": "no_identifier", "events": 30},
                       {"label": "pos", "reason": "names_nobody", "events": 10}]},
        [("ownerless_events", 40, "events", "sources.pos.ids")],
    ),
    "events of identifiers that name nobody": (
        {"funnel": {"events": 200}, "events": [{"label": "pos", "events": 100}],
         "ownerless": [{"label": "pos", "reason": "names_nobody", "events": 10}]},
        [("ownerless_events", 10, "events", "match.hub_limit")],
    ),
    "few events of nobody": (
        {"funnel": {"events": 2000}, "events": [{"label": "pos", "events": 1001}],
         "ownerless": [{"label": "pos", "reason": "no_identifier", "events": 10}]},
        [],
    ),
    "a source that links to nobody": (
        {"contributions": [source("crm", 100, 0, records=100), source("shop", 50, 50, records=60), source("web", 99, 1)]},
        [("strange_source", 50, "customers", "sources.shop.columns")],
    ),
    "the only source links to nobody by nature": ({"contributions": [source("crm", 100, 100, records=100)]}, []),
    "rejected rows by reason": (
        {"funnel": {"rows": 1000}, "quarantine": [rejected("pos", "bad_time", 9), rejected("web", "bad_time", 1),
                                                  rejected("pos", "duplicate_row", 500)]},
        [("quarantine", 10, "rows", "sources.pos.time")],
    ),
    "a handful of rejected rows in one line": (
        {"funnel": {"rows": 100_000}, "quarantine": [rejected("pos", "bad_time", 2), rejected("pos", "bad_quote", 3)]},
        [("quarantine", 5, "rows", "")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_holds_a_result_back_follows_from_its_figures(case: str) -> None:
    sections, expected = CASES[case]
    assert [(o.name, o.amount, o.unit, o.config) for o in obstacles(figures(**sections))] == expected


@pytest.mark.parametrize("case", CASES)
def test_each_names_its_size_and_the_next_command(case: str) -> None:
    for obstacle in obstacles(figures(**CASES[case][0])):
        assert obstacle.command.startswith("cxid ")
        assert 0 <= obstacle.share <= 1
        is_whole = obstacle.name in ("careful_model", "untrusted_model", "target_precision")
        assert is_whole or f"{obstacle.amount:,}" in obstacle.text or obstacle.name == "lacking_fields"


def test_the_largest_part_comes_first() -> None:
    found = obstacles(
        figures(
            funnel={"events": 100, "rows": 100_000},
            events=[{"label": "pos", "events": 50}],
            ownerless=[{"label": "pos", "reason": "no_identifier", "events": 40}],
            joins=[joined(80), DOUBT],
            quarantine=[rejected("pos", "bad_time", 2)],
        )
    )
    assert [o.name for o in found] == ["ownerless_events", "doubtful_pairs", "unchecked", "quarantine"]

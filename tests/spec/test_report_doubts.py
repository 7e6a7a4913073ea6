"""Figures of pairs in doubt, of events of nobody, of what each source contributes, and of what changed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from cxid.engine.duckdb import DuckDBEngine
from cxid.figures.describe import DESCRIBED
from cxid.stages import report
from cxid.stages.context import StageContext
from tests.spec.test_report_figures import COMPANY, figures_of, load_company


def _pair(a: str, b: str, decision: str, weight: str, *, by: str = "model", pattern: int = 1) -> dict[str, Any]:
    ends = {"source_a": "crm", "record_key_a": a, "source_b": "crm", "record_key_b": b}
    return {**ends, "decision": decision, "weight": Decimal(weight), "decided_by": by, "pattern": pattern}


# Customer cx_1 holds records 1 and 2 and is to review; cx_2 holds record 3 and is not. A sure link weighs 4 bits.
MORE: dict[str, list[dict[str, Any]]] = {
    "link_summary": [
        {"name": "sure_micro_bits", "value": "4000000"},
        {"name": "expected_precision", "value": "0.9000"},
    ],
    "match_pair": [
        _pair("1", "2", "merged", "3.9"),  # in doubt: weak, and of a customer to review
        _pair("1", "2", "merged", "4.0"),  # at the line: sure
        _pair("3", "3", "merged", "1.0"),  # weak, but the customer holds together otherwise
        _pair("1", "2", "merged", "1.0", by="decision"),  # people said so
        _pair("1", "3", "review", "-2.0", pattern=2),
        _pair("2", "3", "apart", "-2.0", by="never_merge", pattern=2),
    ],
    "match_level": [
        {"pattern": 1, "field": "email", "level": "missing"},
        {"pattern": 1, "field": "city", "level": "exact, rare"},
        {"pattern": 2, "field": "email", "level": "not in source"},
        {"pattern": 2, "field": "city", "level": "different"},
    ],
    "event": [
        *COMPANY["event"],
        *({"event_no": n, "source": "pos", "kind": "events"} for n in (4, 5, 6, 7)),
    ],
    "event_customer": [*COMPANY["event_customer"], *({"event_no": n} for n in (4, 5, 6, 7))],
    "event_id": [
        {"event_no": 4, "id_type": "phone", "id_value": "?"},
        {"event_no": 5, "id_type": "phone", "id_value": "+410000"},
        {"event_no": 6, "id_type": "phone", "id_value": "+410000"},
        {"event_no": 6, "id_type": "phone", "id_value": "+411111"},
    ],
    "event_identifier": [
        {"event_no": 5, "id_type": "phone", "id_value": "+410000"},
        {"event_no": 6, "id_type": "phone", "id_value": "+410000"},
        {"event_no": 6, "id_type": "phone", "id_value": "+411111"},
    ],
    "record_name": [{"record_no": 3, "given_name": "Ann"}],
    "hub_identifier": [{"id_type": "phone", "id_value": "+410000", "people": 9, "reason": "shared"}],
}


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[set[tuple[str, str, str, str]]]:
    """(section, label, name, value) of every figure; the run before had five records and no precision."""
    engine = DuckDBEngine()
    load_company(engine, {**COMPANY, **MORE}, ("email", "given_name"))
    before = [("funnel", "people records", "amount", "5"), ("weights", "6", "pairs", "1")]
    names = ("section", "label", "name", "value")
    engine.load("previous_report_figure", pa.Table.from_pylist([dict(zip(names, f, strict=True)) for f in before]))
    report.run(StageContext(engine=engine, work_dir=tmp_path_factory.mktemp("work")))
    found = engine.fetch("SELECT section, label, name, value FROM report_figure").to_pylist()
    yield {tuple(row.values()) for row in found}
    engine.close()


@pytest.mark.parametrize(
    ("section", "label", "figures"),
    [
        # figures of rows that share a label stand in the order of their values
        ("joins", "merged", {"decided_by": ["decision", "model"], "pairs": ["1", "3"], "doubtful": ["0", "1"]}),
        ("joins", "review", {"decided_by": ["model"], "pairs": ["1"], "doubtful": ["1"]}),
        ("joins", "apart", {"decided_by": ["never_merge"], "pairs": ["1"], "doubtful": ["0"]}),
        ("lacking", "email", {"pairs": ["2"], "missing": ["1"], "unmapped": ["1"]}),
        ("ownerless", "web", {"reason": ["no_identifier"], "events": ["1"]}),
        (
            "ownerless",
            "pos",
            {"reason": ["names_nobody", "no_identifier", "undecided", "unusable"], "events": ["1"]},
        ),
        (
            "contributions",
            "crm",
            {"records": ["3"], "events": ["0"], "customers": ["2"], "only_here": ["1"], "known_only_here": ["1"],
             "golden_values": ["2"]},
        ),
        (
            "contributions",
            "web",
            {"records": ["0"], "events": ["3"], "customers": ["2"], "only_here": ["1"], "known_only_here": ["0"],
             "golden_values": ["0"]},
        ),
        (  # a whole name that was taken apart counts as its parts
            "fields",
            "given_name",
            {"records": ["3"], "filled_records": ["1"], "customers": ["2"], "filled_customers": ["0"]},
        ),
        ("changes", "people records", {"before": ["5"], "after": ["3"]}),
    ],
)  # fmt: skip
def test_a_section_says_what_the_tables_hold(
    rows: set[tuple[str, str, str, str]], section: str, label: str, figures: dict[str, list[str]]
) -> None:
    found: dict[str, list[str]] = {}
    for at, of, name, value in sorted(rows):
        if (at, of) == (section, label):
            found.setdefault(name, []).append(value)
    assert found == figures


def test_only_what_both_runs_tell_is_compared(rows: set[tuple[str, str, str, str]]) -> None:
    assert {label for section, label, *_ in rows if section == "changes"} == {"people records"}


def test_a_first_build_has_nothing_to_compare(tmp_path: Path) -> None:
    engine = DuckDBEngine()
    load_company(engine, COMPANY, ())
    assert [section for section, _ in figures_of(engine, tmp_path) if section == "changes"] == []
    engine.close()


def test_every_figure_is_described(rows: set[tuple[str, str, str, str]]) -> None:
    assert {*report.SECTIONS, "changes"} | {"run", "gates", "timings"} == set(DESCRIBED)
    assert {(section, name) for section, _, name, _ in rows if name not in DESCRIBED[section].figures} == set()

"""What each limit of `checks` measures, as small tables: records and their customers then and now."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cxid import gates
from cxid.config.model import Checks, Config
from cxid.engine.base import Engine
from cxid.engine.duckdb import DuckDBEngine
from cxid.errors import GateError

RUN = "r0002-00000000"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = DuckDBEngine(memory_limit="256MiB", allowed=[tmp_path])
    yield made
    made.close()


def _write(folder: Path, name: str, columns: dict[str, list[Any]], types: dict[str, pa.DataType]) -> None:
    folder.mkdir(exist_ok=True)
    arrays = {c: pa.array(values, types.get(c, pa.string())) for c, values in columns.items()}
    pq.write_table(pa.table(arrays), folder / f"{name}.parquet")


def _run(folder: Path, groups: str, golden: dict[str, dict[str, str | None]] | None = None) -> Path:
    """Tables of a run. `groups`: "A: crm1 crm2, B: web1"; an identifier is written as "@phone"."""
    members = [
        (customer.strip(), member)
        for customer, listed in (g.split(":") for g in groups.split(",") if g.strip())
        for member in listed.split()
    ]
    records = [(c, m) for c, m in members if not m.startswith("@")]
    _write(folder, "identity_map", {
        "customer_id": [c for c, _ in members],
        "source": ["" if m.startswith("@") else m.rstrip("0123456789") for _, m in members],
        "record_key": ["" if m.startswith("@") else m for _, m in members],
    }, {})  # fmt: skip
    sizes = {c: sum(1 for other, _ in records if other == c) for c, _ in records}
    grouped = {c: n for c, n in sizes.items() if n > 1}
    _write(folder, "match_group", {"customer_id": list(grouped), "size": list(grouped.values())}, {"size": pa.int64()})
    _write(folder, "identity_event", {"run_id": [RUN], "event": ["absorbed"], "cause": ["data"]}, {})
    golden = golden or {c: {} for c, _ in members}
    fields = sorted({f for values in golden.values() for f in values})
    _write(folder, "golden_customer", {
        "customer_id": list(golden), "record_count": [1] * len(golden),
        **{f: [values.get(f) for values in golden.values()] for f in fields},
    }, {"record_count": pa.int64()})  # fmt: skip
    return folder


def _judge(engine: Engine, tmp_path: Path, then: Any, now: Any, **checks: Any) -> list[gates.Verdict]:
    before = None if then is None else _run(tmp_path / "then", *then)
    ground = gates.Ground(engine, RUN, _run(tmp_path / "now", *now), before)
    return gates.judge(ground, Checks.model_validate(checks))


CHURN = {
    "nobody moves": ("A: crm1 crm2, B: crm3", "A: crm1 crm2, B: crm3", "0"),
    "new records and new customers are no churn": ("A: crm1, B: crm2", "A: crm1 crm9, B: crm2, C: crm8", "0"),
    "two of three become one: the id that ends": ("A: crm1 crm2, B: crm3, C: crm4", "A: crm1 crm2 crm3, C: crm4", "0.333333"),
    "a split that leaves most of the records": ("A: crm1 crm2 crm3, B: crm4", "A: crm1 crm2, N: crm3, B: crm4", "0"),
    "a split in halves keeps most with nobody": ("A: crm1 crm2, B: crm4", "A: crm1, N: crm2, B: crm4", "0.5"),
    "records that left are not asked about": ("A: crm1 crm2 crm3, B: crm4", "A: crm1, B: crm4", "0"),
    "a customer without records left does not count": ("A: crm1, B: crm4", "B: crm4", "0"),
    "what is left of it went to another": ("A: crm1 crm2 crm3, B: crm4", "B: crm4 crm1", "0.5"),
    "the same key in another source is another record": ("A: crm1, B: web1", "A: crm1, C: web1", "0.5"),
    "identifiers do not count": ("A: crm1 @p1, B: @p2", "A: crm1 @p2, C: @p1", "0"),
    "everybody is another": ("A: crm1, B: crm2", "C: crm1, D: crm2", "1"),
}  # fmt: skip


@pytest.mark.parametrize(("then", "now", "share"), CHURN.values(), ids=CHURN.keys())
def test_id_churn_is_the_share_of_ids_that_do_not_keep_most_of_their_records(
    engine: Engine, tmp_path: Path, then: str, now: str, share: str
) -> None:
    (verdict,) = _judge(engine, tmp_path, (then,), (now,), id_churn_max="50%")
    assert (verdict.gate.value, verdict.gate.passed) == (share, Decimal(share) <= Decimal("0.5"))


SHIFT = {
    "the same": ("A: crm1 crm2, B: crm3", "A: crm1 crm2, B: crm3", "0"),
    "two customers become one: twice the records each": ("A: crm1, B: crm2", "A: crm1 crm2", "1"),
    "one becomes two: half the records each": ("A: crm1 crm2", "A: crm1, B: crm2", "0.5"),
    "records that only one run has do not count": ("A: crm1, B: crm2 crm7", "A: crm1 crm8 crm9, B: crm2", "0"),
    "a merge and a split are as many customers": ("A: crm1 crm2, B: crm3, C: crm4", "A: crm1, N: crm2, B: crm3 crm4", "0"),
    "nothing in both": ("A: crm1", "B: crm2", "0"),
}  # fmt: skip


@pytest.mark.parametrize(("then", "now", "change"), SHIFT.values(), ids=SHIFT.keys())
def test_consolidation_shift_is_the_change_of_records_per_customer_over_records_in_both_runs(
    engine: Engine, tmp_path: Path, then: str, now: str, change: str
) -> None:
    (verdict,) = _judge(engine, tmp_path, (then,), (now,), consolidation_shift_max="60%")
    assert (verdict.gate.value, verdict.gate.passed) == (change, Decimal(change) <= Decimal("0.6"))


LOST = {
    "none": ("A: crm1 web1", "A: crm1 web1 crm2", "0", "crm"),
    "of one source": ("A: crm1 crm2 crm3 crm4 web1 web2", "A: crm1 crm2 crm3 web1", "0.5", "web"),
    "a whole source": ("A: crm1 web1", "A: crm1", "1", "web"),
    "another customer is no loss": ("A: crm1, B: crm2", "C: crm1 crm2", "0", "crm"),
}  # fmt: skip


@pytest.mark.parametrize(("then", "now", "share", "source"), LOST.values(), ids=LOST.keys())
def test_records_lost_is_the_largest_share_of_one_source(
    engine: Engine, tmp_path: Path, then: str, now: str, share: str, source: str
) -> None:
    (verdict,) = _judge(engine, tmp_path, (then,), (now,), records_lost_max="20%")
    assert (verdict.gate.value, verdict.gate.passed) == (share, Decimal(share) <= Decimal("0.2"))
    assert verdict.said.startswith(f"source {source}: ")


GOLDEN = {
    "the same": ({"A": {"email": "a@x"}}, {"A": {"email": "a@x"}}, "0"),
    "another value": ({"A": {"email": "a@x"}, "B": {"email": "b@x"}}, {"A": {"email": "z@x"}, "B": {"email": "b@x"}}, "0.5"),
    "no value any more": ({"A": {"email": "a@x"}}, {"A": {"email": None}}, "1"),
    "a first value is no change": ({"A": {"email": None}, "B": {"email": "b@x"}}, {"A": {"email": "a@x"}, "B": {"email": "b@x"}}, "0"),
    "only customers in both runs": ({"A": {"email": "a@x"}, "B": {"email": "b@x"}}, {"A": {"email": "a@x"}, "C": {"email": "b@x"}}, "0"),
    "the field where most changed": (
        {"A": {"city": "Rome", "email": "a@x"}, "B": {"city": "Oslo", "email": "b@x"}},
        {"A": {"city": "Bari", "email": "a@x"}, "B": {"city": "Bonn", "email": "z@x"}},
        "1",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("then", "now", "share"), GOLDEN.values(), ids=GOLDEN.keys())
def test_golden_change_is_the_largest_share_of_one_field(
    engine: Engine, tmp_path: Path, then: dict[str, Any], now: dict[str, Any], share: str
) -> None:
    groups = "A: crm1, B: crm2"
    (verdict,) = _judge(engine, tmp_path, (groups, then), (groups, now), golden_change_max="40%")
    assert (verdict.gate.value, verdict.gate.passed) == (share, Decimal(share) <= Decimal("0.4"))


@pytest.mark.parametrize(
    ("largest", "passed"), [("A: crm1", True), ("A: crm1 crm2", True), ("A: crm1 crm2 web1", False)]
)
def test_the_largest_group_counts_records(engine: Engine, tmp_path: Path, largest: str, passed: bool) -> None:
    (verdict,) = _judge(engine, tmp_path, None, (f"{largest}, B: crm8 @p1 @p2 @p3",), largest_group_max=2)
    assert verdict.gate.passed is passed


def test_a_share_exactly_at_its_limit_passes(engine: Engine, tmp_path: Path) -> None:
    then, now = "A: crm1, B: crm2, C: crm3", "A: crm1 crm2, C: crm3"
    (verdict,) = _judge(engine, tmp_path, (then,), (now,), id_churn_max=str(Decimal(1) / 3))
    assert not verdict.gate.passed  # a third is a little more than 0.333...
    (verdict,) = _judge(engine, tmp_path, ("A: crm1, B: crm2",), ("A: crm1 crm2",), id_churn_max="0.5")
    assert verdict.gate.passed


def test_a_first_build_passes_whatever_is_compared_and_no_limit_is_no_gate(engine: Engine, tmp_path: Path) -> None:
    strict = {"id_churn_max": 0, "consolidation_shift_max": 0, "golden_change_max": 0, "records_lost_max": 0}
    assert _judge(engine, tmp_path, None, ("A: crm1 crm2",), **strict) == []
    assert _judge(engine, tmp_path, ("A: crm1",), ("B: crm1",)) == []


def test_every_gate_is_measured_when_asked_for(engine: Engine, tmp_path: Path) -> None:
    ground = gates.Ground(
        engine, RUN, _run(tmp_path / "now", "A: crm1", {"A": {"email": "a@x"}}),
        _run(tmp_path / "then", "A: crm1", {"A": {"email": "a@x"}}),
    )  # fmt: skip
    found = gates.judge(ground, Checks(), every=True)
    assert (gates.QUARANTINE, *(v.gate.name for v in found)) == gates.LIMITS
    assert all(v.gate.passed and v.gate.limit == "" for v in found)


def test_the_message_names_the_worst_first_with_their_records_sources_and_causes(
    engine: Engine, tmp_path: Path
) -> None:
    then = "A: crm1 crm2, B: crm3, C: web1, D: crm4 crm5, E: crm6"
    now = "A: crm1 crm2 crm3 web1, D: crm4, N: crm5, E: crm6"
    verdicts = _judge(engine, tmp_path, (then,), (now,), id_churn_max="10%")
    with pytest.raises(GateError) as held:
        gates.hold(verdicts, RUN)
    assert held.value.message.splitlines() == [
        f"nothing was published: run {RUN} is over id_churn_max",
        "3 of 5 customers (60.00%) would not keep most of their records, checks.id_churn_max is 10%",
        "  A: takes in 2 earlier customers with 2 records (crm 3, web 1)",
        "  D: keeps 1 of its 2 records (crm 1)",
        "  changes by cause: data 1",
    ]
    assert f"cxid build --accept {RUN}" in held.value.hint


def test_an_accepted_limit_holds_nothing_back_and_says_so(engine: Engine, tmp_path: Path) -> None:
    found = _judge(engine, tmp_path, ("A: crm1, B: crm2",), ("A: crm1 crm2",), id_churn_max=0, records_lost_max=0)
    accepted = [gates.accept(v, {"id_churn_max", "records_lost_max"}) for v in found]
    gates.hold(accepted, RUN)
    assert [(v.gate.passed, v.gate.accepted) for v in accepted] == [(False, True), (True, False)]


QUARANTINE = {
    "the source over its own limit": ({"crm": (1, 100), "web": (3, 100)}, "crm", "0.01", False),
    "the highest share when all pass": ({"crm": (0, 100), "web": (3, 100)}, "web", "0.03", True),
    "a source without rows": ({"crm": (0, 0)}, "crm", "0", True),
}


@pytest.mark.parametrize(("counts", "source", "value", "passed"), QUARANTINE.values(), ids=QUARANTINE.keys())
def test_quarantine_tells_the_source_nearest_to_its_limit(
    counts: dict[str, tuple[int, int]], source: str, value: str, passed: bool
) -> None:
    people = {"kind": "people", "path": "a.csv", "key": "k", "columns": {"email": "e"}}
    sources = {"crm": {**people, "quarantine_max": "0.5%"}, "web": people}
    config = Config.model_validate({"sources": sources, "checks": {"quarantine_max": "5%"}})
    facts = [{"event": "sources.rejected", "source": s, "rejected": r, "rows": n} for s, (r, n) in counts.items()]
    (verdict,) = gates.quarantine(config, facts)
    assert (verdict.gate.value, verdict.gate.passed) == (value, passed)
    assert verdict.said.startswith(f"source {source}: ")

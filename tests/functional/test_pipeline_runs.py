"""Builds of a small project from outside: what is published, what is kept, what a failure leaves behind."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cxid import api, pipeline
from cxid.errors import ContractError, GateError, InputError, LockError, UsageError
from cxid.runs import lock
from cxid.runs.home import Home
from cxid.stages.context import StageContext
from tests.reference import small_stages
from tests.reference.small_stages import small_config, small_project


@pytest.fixture(autouse=True)
def _small_stages(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(pipeline, "STAGES", pipeline.STAGES)  # put back afterwards
    small_stages.install()
    yield


def _account(root: Path) -> dict[str, Any]:
    """run_results.json of the newest run."""
    newest = max(root.glob(".cxid/runs/*/run_results.json"), key=lambda p: p.stat().st_mtime_ns)
    found: dict[str, Any] = json.loads(newest.read_text())
    return found


def _outputs(root: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted((root / "output").iterdir()) if p.suffix != ".duckdb"}


def test_a_build_publishes_every_format_and_says_what_it_counted(tmp_path: Path) -> None:
    result = api.build(small_project(tmp_path, "torn"))
    assert (result.status, result.counts["records"], result.counts["customers"]) == ("published", 3, 2)
    assert (result.counts["joined_customers"], result.counts["quarantined"]) == (1, 1)
    assert [(w.stage, w.code) for w in result.warnings] == [("sources", "rejected")]
    assert {p.suffix for p in result.output_dir.iterdir()} == {".csv", ".parquet", ".duckdb"}
    assert (
        tmp_path / "output" / "quarantine.csv"
    ).read_text() == 'source,file,line,reason,field\ncrm,crm.csv,5,ragged,""\n'


def test_a_second_build_says_unchanged_and_touches_nothing(tmp_path: Path) -> None:
    first = api.build(small_project(tmp_path))
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*") if p.is_file() and p.name != "lock"}
    second = api.build(small_config(tmp_path))
    assert (second.status, second.run_id, second.counts) == ("unchanged", first.run_id, first.counts)
    assert {p: p.stat().st_mtime_ns for p in before} == before


def test_force_builds_again_with_the_same_bytes(tmp_path: Path) -> None:
    first = api.build(small_project(tmp_path))
    before = _outputs(tmp_path)
    second = api.build(small_config(tmp_path), force=True)
    assert (second.status, second.run_id[:5], first.run_id[:5]) == ("published", "r0002", "r0001")
    assert _outputs(tmp_path) == before


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_the_bytes_do_not_depend_on_threads_or_the_order_of_rows(tmp_path: Path, threads: int) -> None:
    api.build(small_project(tmp_path / "one"), threads=2)
    two = small_project(tmp_path / "two")
    lines = (tmp_path / "two" / "crm.csv").read_text().splitlines()
    (tmp_path / "two" / "crm.csv").write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n")
    api.build(two, threads=threads)
    one, other = _outputs(tmp_path / "one"), _outputs(tmp_path / "two")
    run_ids = [(tmp_path / p / ".cxid/published").readlink().name.encode() for p in ("one", "two")]
    csv = {n for n in one if n.endswith(".csv")}
    assert {n: one[n].replace(run_ids[0], b"") for n in csv} == {n: other[n].replace(run_ids[1], b"") for n in csv}


def test_outputs_that_somebody_damaged_are_built_anew(tmp_path: Path) -> None:
    api.build(small_project(tmp_path))
    before = _outputs(tmp_path)
    (tmp_path / "output" / "profile.csv").write_text("oops")
    assert api.build(small_config(tmp_path)).status == "published"
    assert _outputs(tmp_path) == before


def test_ids_of_the_run_before_are_handed_to_the_next(tmp_path: Path) -> None:
    first = api.build(small_project(tmp_path))
    second = api.build(small_project(tmp_path, "4,dan@example.org"))
    engine = api.published_engine(api.open_published(small_config(tmp_path)))
    since = engine.fetch("SELECT record_key, since_run FROM identity_map ORDER BY record_key").to_pylist()
    engine.close()
    assert [row["since_run"] for row in since] == [first.run_id] * 3 + [second.run_id]
    assert second.previous_counts == first.counts


def test_a_gate_that_fails_publishes_nothing_and_leaves_an_account(tmp_path: Path) -> None:
    api.build(small_project(tmp_path))
    before = _outputs(tmp_path)
    with pytest.raises(GateError):
        api.build(small_project(tmp_path, *["torn"] * 5))
    account = _account(tmp_path)
    assert (account["status"], account["error"]["stage"], account["error"]["exit_code"]) == (
        "gate_failed",
        "sources",
        "1",
    )
    assert _outputs(tmp_path) == before
    failed = next(r for r in api.list_runs(small_config(tmp_path)) if r.status == "gate_failed")
    assert {p.name for p in failed.run_dir.iterdir()} >= {"manifest.json", "run_results.json", "log.jsonl"}
    assert [p.name for p in (failed.run_dir / "tables").iterdir()] == ["quarantine.parquet"]


def test_a_customer_above_the_limit_stops_the_build(tmp_path: Path) -> None:
    small_project(tmp_path, "4,ann@example.org")
    with pytest.raises(GateError, match="largest customer holds 3 records"):
        api.build(small_config(tmp_path, checks={"largest_group_max": 2}))
    (gate,) = _account(tmp_path)["gates"]
    assert gate == {"name": "largest_group_max", "limit": "2", "value": "3", "passed": False, "accepted": False}
    assert not (tmp_path / "output").exists()
    assert [g.passed for g in api.build(small_config(tmp_path, checks={"largest_group_max": 3})).gates] == [True]


def test_a_missing_input_leaves_the_outputs_and_an_account(tmp_path: Path) -> None:
    api.build(small_project(tmp_path))
    before = _outputs(tmp_path)
    (tmp_path / "crm.csv").unlink()
    with pytest.raises(FileNotFoundError):  # the small stages do not say it better
        api.build(small_config(tmp_path))
    assert _account(tmp_path)["status"] == "failed"
    assert _outputs(tmp_path) == before


def test_gates_that_were_passed_before_a_kill_are_told_after_it(tmp_path: Path) -> None:
    def fail(ctx: StageContext, **parts: object) -> None:
        raise ValueError

    small_project(tmp_path)
    config = small_config(tmp_path, checks={"largest_group_max": 9})
    small_stages.make_stage("golden", ("record", "identity_map"), small_stages.GOLDEN, fail)
    with pytest.raises(ValueError):
        api.build(config)
    small_stages.install()
    result = api.build(config)
    assert [s.resumed for s in result.stages] == [True, True, False]
    assert [(g.name, g.value) for g in result.gates] == [("largest_group_max", "2")]


def test_a_stage_that_breaks_its_contract_is_named(tmp_path: Path) -> None:
    def forget(ctx: StageContext, **parts: object) -> None:
        small_stages.make_golden(ctx, **parts)
        ctx.engine.run("profile", "SELECT 'x' AS customer_id")

    small_stages.make_stage("golden", ("record", "identity_map"), small_stages.GOLDEN, forget)
    with pytest.raises(
        ContractError, match="stage golden broke the contract of table profile: column as_of is missing"
    ):
        api.build(small_project(tmp_path))
    assert _account(tmp_path)["status"] == "failed"


def test_a_stage_that_reads_what_nobody_wrote_is_named(tmp_path: Path) -> None:
    small_stages.make_stage("golden", ("record", "attic"), small_stages.GOLDEN, small_stages.make_golden)
    with pytest.raises(ContractError, match="stage golden reads attic, which does not exist"):
        api.build(small_project(tmp_path))


def test_a_crash_leaves_its_class_and_no_words_that_may_quote_the_data(tmp_path: Path) -> None:
    def crash(ctx: StageContext, **parts: object) -> None:
        raise ValueError("cannot read ann@example.org")

    small_stages.make_stage("golden", ("record", "identity_map"), small_stages.GOLDEN, crash)
    with pytest.raises(ValueError, match="ann"):
        api.build(small_project(tmp_path))
    assert _account(tmp_path)["error"]["class"] == "ValueError"
    for path in tmp_path.glob(".cxid/runs/*/*.json*"):
        assert "ann@" not in path.read_text()


def test_a_file_that_changes_while_it_is_read_stops_the_build(tmp_path: Path) -> None:
    def late(ctx: StageContext, **parts: Any) -> None:
        (tmp_path / "crm.csv").write_text("key,email\n9,zoe@example.org\n")
        small_stages.read_sources(ctx, **parts)

    small_stages.make_stage("sources", (), small_stages.SOURCES, late)
    with pytest.raises(InputError, match="source crm changed while"):
        api.build(small_project(tmp_path))


def test_a_run_of_other_inputs_that_was_never_finished_loses_its_tables_and_keeps_its_account(tmp_path: Path) -> None:
    def fail(ctx: StageContext, **parts: object) -> None:
        raise ValueError

    small_stages.make_stage("golden", ("record", "identity_map"), small_stages.GOLDEN, fail)
    with pytest.raises(ValueError):
        api.build(small_project(tmp_path))
    (failed,) = api.list_runs(small_config(tmp_path))
    assert (failed.run_dir / "tables" / "record.parquet").exists()
    small_stages.install()
    api.build(small_project(tmp_path, "4,dan@example.org"))
    assert not (failed.run_dir / "tables" / "record.parquet").exists()
    assert [(r.status, r.is_current) for r in api.list_runs(small_config(tmp_path))].count(("failed", False)) == 1


def test_a_table_that_was_damaged_after_its_stage_is_not_resumed_from(tmp_path: Path) -> None:
    def fail(ctx: StageContext, **parts: object) -> None:
        raise ValueError

    api.build(small_project(tmp_path / "calm"))
    small_stages.make_stage("golden", ("record", "identity_map"), small_stages.GOLDEN, fail)
    with pytest.raises(ValueError):
        api.build(small_project(tmp_path / "hurt"))
    (failed,) = api.list_runs(small_config(tmp_path / "hurt"))
    victim = failed.run_dir / "tables" / "identity_map.parquet"
    content = bytearray(victim.read_bytes())
    content[40] ^= 1
    victim.write_bytes(content)
    small_stages.install()
    result = api.build(small_config(tmp_path / "hurt"))
    assert [(s.name, s.resumed) for s in result.stages] == [("sources", True), ("stitch", False), ("golden", False)]
    assert _outputs(tmp_path / "hurt") == _outputs(tmp_path / "calm")


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"status": "published", "stages": [{"name": "sources"}]}'])
def test_an_account_that_nobody_can_read_costs_a_build_and_no_more(tmp_path: Path, content: str) -> None:
    first = api.build(small_project(tmp_path))
    before = _outputs(tmp_path)
    (first.run_dir / "run_results.json").write_text(content)
    assert api.build(small_config(tmp_path)).status == "published"
    assert _outputs(tmp_path) == before
    assert api.list_runs(small_config(tmp_path))[-1].is_current


def test_another_moment_is_another_build_and_nonsense_is_refused_at_once(tmp_path: Path) -> None:
    first = api.build(small_project(tmp_path), as_of="2026-01-01")
    assert api.build(small_config(tmp_path), as_of="2026-01-01").status == "unchanged"
    assert api.build(small_config(tmp_path, profile={"as_of": "2026-01-01"})).status == "unchanged"
    assert api.build(small_config(tmp_path), as_of="2026-02-01").run_id != first.run_id
    with pytest.raises(UsageError, match="neither a date nor a time"):
        api.build(small_config(tmp_path), as_of="next week")


def test_five_published_runs_are_kept(tmp_path: Path) -> None:
    for n in range(7):
        api.build(small_project(tmp_path, *(f"{i},p{i}@example.org" for i in range(10, 10 + n))))
    runs = api.list_runs(small_config(tmp_path))
    assert [r.run_id[:5] for r in runs] == ["r0003", "r0004", "r0005", "r0006", "r0007"]
    assert [r.is_current for r in runs] == [False] * 4 + [True]
    assert api.open_published(small_config(tmp_path)).run_id == runs[-1].run_id


def test_everything_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        api.build(small_project(tmp_path))
        assert os.umask(0) == 0
    finally:
        os.umask(before)
    for path in (tmp_path / ".cxid", *(tmp_path / ".cxid").rglob("*")):
        if not path.is_symlink():
            assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path


def test_without_a_build_there_is_nothing_to_open(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no build yet") as raised:
        api.open_published(small_project(tmp_path))
    assert "cxid build" in raised.value.hint
    assert api.list_runs(small_config(tmp_path)) == []


def test_a_second_build_is_refused_by_name_while_one_runs(tmp_path: Path) -> None:
    config = small_project(tmp_path)
    home = Home(tmp_path.resolve())
    home.make()
    with lock.held(home.lock), pytest.raises(LockError, match=f"pid {os.getpid()}, started 20"):
        api.build(config)
    assert api.build(config).status == "published"


def test_only_csv_still_leaves_the_tables_for_looking(tmp_path: Path) -> None:
    small_project(tmp_path)
    config = small_config(tmp_path, outputs={"formats": ["csv"], "dir": "to/here"})
    result = api.build(config)
    assert {p.suffix for p in (tmp_path / "to/here").iterdir()} == {".csv", ".duckdb"}
    assert result.output_dir == tmp_path / "to/here"
    assert "golden_customer" in api.open_published(config).tables


def test_the_published_engine_reaches_no_other_file(tmp_path: Path) -> None:
    config = small_project(tmp_path)
    api.build(config)
    engine = api.published_engine(api.open_published(config))
    with pytest.raises(Exception, match="disabled by configuration"):
        engine.fetch(f"SELECT * FROM read_csv('{tmp_path}/crm.csv')")
    engine.close()

"""What a second build takes over from the first, as a user sees it; and when it takes over nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cxid import api
from cxid.built import BuildResult
from cxid.config.loading import load_config
from cxid.config.model import Config
from tests.functional.cli_harness import cxid
from tests.functional.test_pipeline_end_to_end import make_project


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    config = make_project(tmp_path_factory.mktemp("built"))
    api.build(config)
    return config.root


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Config:
    """A copy of a project that was built, with one row more in its log."""
    root = shutil.copytree(built, tmp_path / "project", symlinks=True)
    with (root / "data" / "web.csv").open("a", encoding="utf-8") as file:
        file.write("2026-02-20 09:00:00,view,ck1,\n")
    return load_config(root)


def _outputs(result: BuildResult) -> dict[str, str]:
    return {p.name: p.read_bytes().hex() for p in sorted((result.run_dir / "output").glob("*.parquet"))}


def test_a_build_tells_what_it_took_over(project: Config) -> None:
    done = cxid("build", "-C", project.root)
    assert done.code == 0
    assert any(line.startswith("not computed again: 3 files") for line in done.err.splitlines())


def test_a_table_of_the_run_before_that_is_damaged_is_not_read(project: Config) -> None:
    sound = load_config(shutil.copytree(project.root, project.root.with_name("sound"), symlinks=True))
    (project.root / ".cxid" / "published" / "tables" / "record_norm.parquet").write_bytes(b"PAR1 nothing")
    result, expected = api.build(project), api.build(sound, full_refresh=True)
    assert result.run_id == expected.run_id
    assert _outputs(result) == _outputs(expected)


def test_a_full_refresh_takes_nothing_over_and_builds_though_nothing_changed(project: Config) -> None:
    first = api.build(project)
    assert first.taken_over
    assert api.build(project).status == "unchanged"
    full = api.build(project, full_refresh=True)
    assert (full.status, full.taken_over) == ("published", {})
    assert _outputs(full)["golden_customer.parquet"] == _outputs(first)["golden_customer.parquet"]


def test_a_plan_takes_over_too_and_the_build_after_it_goes_on(project: Config) -> None:
    plan = api.plan(project)
    assert any(f["event"] == "source_taken_over" for s in plan.stages for f in s.facts)
    done = api.build(project)
    assert done.run_id == plan.run_id
    assert all(s.resumed for s in done.stages)
    assert done.taken_over["files"] == 3

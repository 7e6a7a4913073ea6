"""Commands around a build: doctor, schema, version, demo, init, and what damaged outputs lead to."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from cxid.errors import ExitCode
from tests.functional.cli_harness import cxid, write_project
from tests.functional.report_figures import FIGURES


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(tmp_path_factory.mktemp("project"), FIGURES)


def test_doctor_works_without_a_project_and_with_a_broken_one(tmp_path: Path) -> None:
    done = cxid("doctor", "-C", tmp_path, "-f", "json")
    checks = {c["check"]: c for c in json.loads(done.out)}
    assert done.code == 0
    assert checks["config"]["status"] == "warning"
    assert {"python", "duckdb", "memory", "processors", "locale", "engine: exact money"} <= set(checks)
    assert all(c["next"] for c in checks.values() if c["status"] != "ok")
    (tmp_path / "cxid.yml").write_text("sources: {}\n", encoding="utf-8")
    assert cxid("doctor", "-C", tmp_path).code == 2


def test_doctor_sees_the_published_run_and_the_lock(project: Path) -> None:
    checks = {c["check"]: c["detail"] for c in json.loads(cxid("doctor", "-C", project, "-f", "json").out)}
    assert checks["published run"] == "r0001-00000000"
    assert checks["lock"] == "free"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_doctor_sees_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        done = cxid("doctor", "-C", tmp_path, "-f", "json")
    finally:
        tmp_path.chmod(0o700)
    assert done.code == 2


def test_schema_is_json_on_stdout_or_a_file(tmp_path: Path) -> None:
    printed = json.loads(cxid("schema").out)
    assert cxid("schema", "--write", "-C", tmp_path).code == 0
    assert json.loads((tmp_path / ".cxid" / "schema.json").read_text(encoding="utf-8")) == printed
    assert printed["title"] == "cxid.yml"


def test_version_is_printed_alone() -> None:
    done = cxid("--version")
    assert (done.code, done.out, done.err) == (0, "cxid 0.1.0\n", "")


def test_demo_refuses_a_folder_in_use(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = cxid("demo", tmp_path)
    assert done.code == 2
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_demo_writes_a_company_and_names_the_next_step(tmp_path: Path) -> None:
    done = cxid("demo", tmp_path / "acme", "--people", "60", "-f", "json")
    assert done.code == 0
    assert all((tmp_path / "acme" / f["file"]).is_file() for f in json.loads(done.out))
    assert f"next: cxid build -C {tmp_path / 'acme'}" in done.err


PEOPLE = """customer_no,first_name,last_name,email,town
1,Ann,Smith,ann@example.com,Leeds
2,Bob,Jones,bob@example.com,York
3,Cid,Brown,cid@example.com,Hull
4,Dora,Green,dora@example.com,Bath
"""


def test_init_writes_a_config_that_loads_and_says_what_it_understood(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "customers.csv").write_text(PEOPLE, encoding="utf-8")
    done = cxid("init", "-C", tmp_path)
    assert done.code == 0, done.err
    assert "columns.email\temail" in done.out
    assert "cxid build" in done.err
    assert (
        (tmp_path / "cxid.yml")
        .read_text(encoding="utf-8")
        .startswith("# yaml-language-server: $schema=./.cxid/schema.json")
    )
    assert json.loads((tmp_path / ".cxid" / "schema.json").read_text(encoding="utf-8"))
    assert cxid("runs", "-C", tmp_path, "-f", "json").out == "[]\n"  # the config is valid
    again = cxid("init", "-C", tmp_path)
    assert again.code == 2
    assert "--force" in again.err
    forced = cxid("init", tmp_path / "data" / "customers.csv", "--force", "-f", "json", "-C", tmp_path)
    assert json.loads(forced.out)["config"]["sources"]


def test_init_without_data_says_so(tmp_path: Path) -> None:
    done = cxid("init", "-C", tmp_path)
    assert (done.code, done.out) == (2, "")
    assert "cxid init data" in done.err
    assert list(tmp_path.iterdir()) == []


def test_init_names_a_file_that_is_not_there(tmp_path: Path) -> None:
    done = cxid("init", tmp_path / "nosuch.csv", "-C", tmp_path)
    assert done.code == 2
    assert "nosuch.csv: no such file" in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [["report"], ["show", "cx_ann"], ["find", "smith"]], ids=lambda c: c[0])
def test_damaged_outputs_are_told_and_not_called_a_bug(command: list[str], tmp_path: Path) -> None:
    write_project(tmp_path, FIGURES)
    for name in ("golden_customer", "report_figure"):
        file = tmp_path / ".cxid" / "published" / "tables" / f"{name}.parquet"
        file.write_bytes(file.read_bytes()[:100])
    done = cxid(*command, "-C", tmp_path)
    assert (done.code, done.out) == (int(ExitCode.INPUT), "")
    assert "cxid build --force" in done.err

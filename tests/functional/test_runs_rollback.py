"""Back to an earlier run, and what `clean` takes away: checked before, checked after, never the published run."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cxid import api, pipeline
from cxid.errors import InputError, LockError, UsageError
from cxid.runs import lock
from cxid.runs.home import Home
from tests.conftest import ROOT
from tests.functional.cli_harness import cxid
from tests.reference import small_stages
from tests.reference.small_stages import small_config, small_project

CONFIG = "version: 1\nsources: {crm: {path: crm.csv, kind: people, key: key, columns: {email: email}}}\n"


@pytest.fixture(autouse=True)
def _small_stages(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(pipeline, "STAGES", pipeline.STAGES)  # put back afterwards
    small_stages.install()
    yield


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of three published runs, each with one record more than the one before."""
    root = tmp_path_factory.mktemp("runs") / "acme"
    before = pipeline.STAGES
    small_stages.install()
    for n in range(3):
        api.build(small_project(root, *(f"{i},p{i}@example.org" for i in range(10, 10 + n))))
    pipeline.STAGES = before
    (root / "cxid.yml").write_text(CONFIG)
    return root


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    shutil.copytree(built, tmp_path / "acme", symlinks=True)
    return tmp_path / "acme"


def runs(project: Path) -> dict[str, str]:
    """r0001 -> whole id of each run that there is."""
    return {p.name[:5]: p.name for p in Home(project).run_dirs()}


def published(project: Path) -> str:
    return (Home(project).published_id() or "")[:5]


def outputs(project: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted((project / "output").iterdir()) if p.suffix != ".duckdb"}


def everything(project: Path) -> dict[str, int]:
    return {
        str(p.relative_to(project)): p.lstat().st_mtime_ns
        for p in project.rglob("*")
        if p.is_file() and p.name != "lock"
    }


# -- rollback ----------------------------------------------------------------------------------------------


def test_a_rollback_brings_back_ids_and_outputs_to_the_byte_and_can_be_undone(project: Path) -> None:
    now, first = outputs(project), runs(project)["r0001"]
    done = api.rollback(small_config(project))
    assert (done.before[:5], done.folder.run_id[:5], published(project)) == ("r0003", "r0002", "r0002")
    api.rollback(small_config(project), first)
    assert published(project) == "r0001"
    assert (project / "output" / "identity_map.csv").read_text().count("\n") == 4
    assert outputs(project) == {
        p.name: p.read_bytes()
        for p in Home(project).run_dir(first).joinpath("output").iterdir()
        if p.suffix != ".duckdb"
    }
    api.rollback(small_config(project), "r0003")
    assert outputs(project) == now


def test_the_next_build_goes_on_from_the_run_gone_back_to(project: Path) -> None:
    api.rollback(small_config(project), "r0001")
    again = api.build(small_config(project))  # the inputs are still those of the third run
    assert (again.status, again.run_id[:5]) == ("published", "r0004")
    assert again.previous_counts["records"] == 3
    engine = api.published_engine(api.open_published(small_config(project)))
    since = engine.fetch("SELECT record_key, since_run FROM identity_map ORDER BY record_key").to_pylist()
    engine.close()
    known = {r["record_key"]: r["since_run"][:5] for r in since}
    assert known == {"1": "r0001", "2": "r0001", "3": "r0001", "10": "r0004", "11": "r0004"}
    assert json.loads((again.run_dir / "manifest.json").read_text())["previous"] == runs(project)["r0001"]
    api.rollback(small_config(project))
    assert published(project) == "r0003"  # of what was published before it, the last


def test_inputs_as_they_were_then_are_no_change(project: Path) -> None:
    api.rollback(small_config(project), "r0002")
    config = small_project(project, "10,p10@example.org")
    assert (api.build(config).status, published(project)) == ("unchanged", "r0002")


def test_old_runs_are_kept_and_removed_as_ever_and_the_published_one_stays(project: Path) -> None:
    api.rollback(small_config(project), "r0001")
    for n in range(6):
        api.build(small_project(project, *(f"{i},q{i}@example.org" for i in range(30, 31 + n))))
        assert published(project) in runs(project)
    assert sorted(runs(project)) == ["r0005", "r0006", "r0007", "r0008", "r0009"]


@pytest.mark.parametrize(
    "hurt", ["tables/identity_map.parquet", "tables/record.parquet", "output/profile.csv", "output/cxid.duckdb", "run_results.json"]
)  # fmt: skip
@pytest.mark.parametrize("how", ["gone", "changed"])
def test_a_run_that_is_not_whole_is_refused_and_nothing_changes(project: Path, hurt: str, how: str) -> None:
    file = Home(project).run_dir(runs(project)["r0002"]) / hurt
    content = file.read_bytes()
    file.unlink()  # an output has a second name in tables: only this one is hurt
    if how == "changed":
        file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    before = everything(project)
    if hurt == "output/cxid.duckdb" and how == "changed":  # analysts may write into it
        api.rollback(small_config(project), "r0002")
        return
    wanted = UsageError if hurt == "run_results.json" else InputError
    with pytest.raises(wanted) as caught:
        api.rollback(small_config(project), "r0002")
    assert everything(project) == before
    assert published(project) == "r0003"
    assert hurt in caught.value.message or wanted is UsageError


@pytest.mark.parametrize(
    ("run", "said"),
    [
        ("r0003", "is the published one already"),
        ("r0", '"r0" fits 3 runs'),
        ("r0009", 'no run "r0009"'),
        ("../../etc", 'no run "../../etc"'),
        ("", '"" fits 3 runs'),
    ],
)
def test_a_run_that_cannot_be_gone_back_to_is_named(project: Path, run: str, said: str) -> None:
    done = cxid("runs", "rollback", run, "-C", project)
    assert (done.code, done.out) == (2, "")
    assert said in done.err and "next: `cxid runs` lists" in done.err
    assert published(project) == "r0003"


def test_without_a_run_before_there_is_no_way_back(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no build yet"):
        api.rollback(small_config(tmp_path))
    assert list(tmp_path.iterdir()) == []
    api.build(small_project(tmp_path))
    with pytest.raises(UsageError, match=r"no run before r0001-.* is kept"):
        api.rollback(small_config(tmp_path))


def test_a_run_that_was_never_published_cannot_be(project: Path) -> None:
    small_project(project, *["torn"] * 5)
    assert cxid("build", "-C", project, "-q").code == 1
    failed = next(r.run_id for r in api.list_runs(small_config(project)) if r.status == "gate_failed")
    assert f"run {failed} was never published" in cxid("runs", "rollback", failed, "-C", project).err


def test_while_a_build_runs_nobody_goes_back_or_cleans(project: Path) -> None:
    with lock.held(Home(project).lock):
        for args in (("runs", "rollback"), ("clean",), ("clean", "--yes")):
            assert cxid(*args, "-C", project).code == 11
        with pytest.raises(LockError):
            api.rollback(small_config(project))


def test_the_command_tells_what_it_did_and_how_to_undo_it(project: Path) -> None:
    done = cxid("runs", "rollback", "-C", project)
    assert done.code == 0
    assert done.out.splitlines()[0] == "count\tnow\tbefore"
    assert "records\t4\t5" in done.out
    assert f"published {runs(project)['r0002']} again" in done.err
    assert f"undo: cxid runs rollback -C {project} {runs(project)['r0003']}" in done.err or (
        f"rollback {runs(project)['r0003']}" in done.err
    )
    told = json.loads(cxid("runs", "rollback", "r0003", "-f", "json", "-C", project).out)
    assert (told["run_id"][:5], told["before"][:5], told["counts"]["records"]) == ("r0003", "r0002", 5)
    log = (Home(project).run_dir(told["run_id"]) / "log.jsonl").read_text().splitlines()
    assert json.loads(log[-1])["event"] == "rolled_back"
    assert "rollback" in cxid("runs", "rolback", "-C", project).err
    assert [r["is_current"] for r in json.loads(cxid("runs", "-f", "json", "-C", project).out)] == [True, False, False]


# -- clean -------------------------------------------------------------------------------------------------


def litter(project: Path) -> None:
    """What kills, failures and bugs leave behind."""
    folder = Home(project).folder
    for name in ("runs/r0000-00000000.gone/tables/record.parquet", "replaced-output/profile.csv", "published.part"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x" * 100)
    (folder / "crash-20260101T000000-1.txt").write_text("y" * 50)
    work = folder / "runs" / runs(project)["r0003"] / "work"
    work.mkdir()
    (work / "spill").write_bytes(b"z" * 10)
    dead = folder / "runs" / "r0004-0123abcd"
    (dead / "tables").mkdir(parents=True)
    (dead / "stages").mkdir()
    (dead / "tables" / "record.parquet").write_bytes(b"w" * 1000)
    (dead / "manifest.json").write_text("{}")


def test_clean_lists_with_sizes_and_removes_nothing_by_itself(project: Path) -> None:
    litter(project)
    before = everything(project)
    done = cxid("clean", "--keep", "2", "-f", "json", "-C", project)
    listed = {(r["kind"], r["name"]): (r["bytes"], r["removed"]) for r in json.loads(done.out)}
    old = Home(project).run_dir(runs(project)["r0001"])
    inodes = {p.stat().st_ino: p.stat().st_size for p in old.rglob("*") if p.is_file()}
    assert listed == {
        ("old run", old.name): (sum(inodes.values()), False),  # a file of two names counts once
        ("unfinished run", "r0004-0123abcd"): (1000, False),
        ("leftover", "runs/r0000-00000000.gone"): (100, False),
        ("leftover", "replaced-output"): (100, False),
        ("leftover", "published.part"): (100, False),
        ("leftover", f"runs/{runs(project)['r0003']}/work"): (10, False),
        ("crash file", "crash-20260101T000000-1.txt"): (50, False),
    }
    assert "cxid clean --keep 2 --yes" in done.err
    assert everything(project) == before


def test_clean_with_yes_removes_what_it_lists_and_the_project_is_whole(project: Path) -> None:
    litter(project)
    seen, current = outputs(project), runs(project)["r0003"]
    done = cxid("clean", "--keep", "1", "--yes", "-C", project)
    assert done.code == 0
    assert "removed 8 things" in done.err
    assert sorted(runs(project)) == ["r0003", "r0004"]  # of a run never published the account stays
    assert [p.name for p in Home(project).run_dir("r0004-0123abcd").iterdir() if p.is_file()] == ["manifest.json"]
    assert outputs(project) == seen
    assert cxid("clean", "--keep", "1", "-C", project).err == "nothing to remove\n"
    assert api.build(small_config(project)).status == "unchanged"
    assert Home(project).published_id() == current


def test_clean_keeps_the_published_run_also_when_it_is_the_oldest(project: Path) -> None:
    api.rollback(small_config(project), "r0001")
    assert cxid("clean", "--keep", "2", "--yes", "-C", project).code == 0
    assert sorted(runs(project)) == ["r0001", "r0003"]
    assert cxid("clean", "--keep", "1", "--yes", "-q", "-C", project).code == 0
    assert sorted(runs(project)) == [published(project)] == ["r0001"]


def test_clean_has_nothing_to_say_of_a_new_project(tmp_path: Path) -> None:
    (tmp_path / "cxid.yml").write_text(CONFIG)
    assert cxid("clean", "--yes", "-f", "json", "-C", tmp_path).out == "[]\n"
    assert [p.name for p in tmp_path.iterdir()] == ["cxid.yml"]


@pytest.mark.parametrize(("answer", "left"), [("n", 3), ("", 3), ("yes", 1), ("Y", 1)])
def test_on_a_terminal_clean_asks(project: Path, answer: str, left: int) -> None:
    done = cxid("clean", "--keep", "1", "-C", project, tty=True, stdin=answer + "\n")
    assert done.code == 0
    assert "remove 2 things" in done.err and "[y/N]" in done.err
    assert len(runs(project)) == left


def test_nobody_is_asked_where_nobody_can_answer(project: Path) -> None:
    for options in (["--no-input"], ["-f", "json"]):
        assert "[y/N]" not in cxid("clean", "--keep", "1", *options, "-C", project, tty=True, stdin="y\n").err
    assert "[y/N]" not in cxid("clean", "--keep", "1", "-C", project, stdin="y\n").err
    assert len(runs(project)) == 3


def test_on_a_real_terminal_the_question_stands_behind_the_list(project: Path) -> None:
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "cxid", "clean", "--keep", "1", "-C", str(project)]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=slave, stdout=slave, stderr=slave, env={**os.environ, "TERM": "xterm"}
    )
    os.close(slave)
    seen = b""
    while b"[y/N]" not in seen:
        seen += os.read(master, 4096)
    assert seen.index(b"old run") < seen.index(b"[y/N]")
    os.write(master, b"y\n")
    while b"removed 2 things" not in seen:
        seen += os.read(master, 4096)
    assert process.wait(timeout=20) == 0
    os.close(master)
    assert len(runs(project)) == 1


def test_what_a_kill_left_of_a_removed_run_goes_with_the_next_build(project: Path) -> None:
    old: Any = Home(project).run_dir(runs(project)["r0001"])
    old.rename(old.with_name(old.name + ".gone"))
    small_project(project, "77,z@example.org")
    api.build(small_config(project))
    assert not list(Home(project).runs.glob("*.gone"))

"""`cxid plan` and the limits of `checks` from outside: a changed threshold, a poisoned file, a build that is accepted."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.functional.cli_harness import cxid
from tests.functional.test_identity_lasts import CONFIG, _rows

HEADER = "id,given,family,born,mail"


def _write(project: Path, rows: list[str], more: str = "") -> None:
    project.mkdir(parents=True, exist_ok=True)
    (project / "cxid.yml").write_text(CONFIG + more)
    (project / "crm.csv").write_text("\n".join([HEADER, *rows]) + "\n")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one published run of 56 people, some of them twice."""
    project = tmp_path_factory.mktemp("built")
    _write(project, [*_rows(), *_twice()])
    assert cxid("build", "-C", project, "-q").code == 0
    return project


def _twice() -> list[str]:
    """Some people again under another key."""
    return [f"9{row}" for row in _rows()[:12]]


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "project"
    shutil.copytree(built, copy, symlinks=True)
    return copy


def _published(project: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted((project / "output").iterdir())}


def _plan(project: Path, *more: str, code: int = 0) -> Any:
    done = cxid("plan", "-C", project, "-f", "json", "-q", *more)
    assert done.code == code, done.err
    return json.loads(done.out)


def _statuses(project: Path) -> list[str]:
    return [run["status"] for run in json.loads(cxid("runs", "-C", project, "-f", "json").out)]


def test_a_first_plan_is_published_by_the_build_that_follows_without_doing_anything_twice(tmp_path: Path) -> None:
    _write(tmp_path, _rows(), "checks: {id_churn_max: 0, consolidation_shift_max: 0, golden_change_max: 0}\n")
    plan = _plan(tmp_path, "--exit-code", code=10)
    assert (plan["status"], plan["previous"], plan["diff"], plan["would_publish"]) == ("planned", None, None, True)
    assert plan["counts"]["records"] == 56
    assert not (tmp_path / "output").exists()
    assert _statuses(tmp_path) == ["planned"]
    kinds = [row["kind"] for row in json.loads(cxid("clean", "-C", tmp_path, "-f", "json").out)]
    assert kinds == ["unfinished run"]
    done = json.loads(cxid("build", "-C", tmp_path, "-f", "json", "-q").out)
    assert (done["run_id"], {s["resumed"] for s in done["stages"]}) == (plan["run_id"], {True})
    assert _plan(tmp_path, "--exit-code")["status"] == "unchanged"


def test_a_plan_is_the_build_that_it_foretells(project: Path, tmp_path: Path) -> None:
    rows = [*_rows()[1:], *_twice(), "700,Zoe,Quist,1990-01-02,zoe@x.example"]
    _write(project, rows)
    calm = tmp_path / "calm"
    shutil.copytree(project, calm, symlinks=True)
    before = _published(project)
    plan = _plan(project)
    assert _published(project) == before
    assert plan["counts"]["records"] == len(rows)
    customers = plan["diff"]["identity"]["customers"]
    assert (customers["created"], customers["merged"]) == (1, 0)
    assert {"golden_customer", "identity_map"} <= set(plan["changed_tables"])
    assert plan["blocking_rules"] and {"rule", "pairs", "pairs_before", "largest_block"} <= set(
        plan["blocking_rules"][0]
    )
    assert [s["name"] for s in plan["stages"]][-1] == "report"
    assert plan["estimate"]["full_seconds"] > plan["estimate"]["seconds"]
    assert cxid("build", "-C", project, "-q").code == 0
    assert cxid("build", "-C", calm, "-q").code == 0
    one, other = _published(project), _published(calm)
    assert {n: b for n, b in one.items() if n != "cxid.duckdb"} == {
        n: b for n, b in other.items() if n != "cxid.duckdb"
    }


def test_a_plan_before_a_threshold_change_tells_what_would_split_and_which_limit_would_hold(project: Path) -> None:
    strict = "match: {auto: 0.9999999, sure: 0.99999999}\nchecks: {id_churn_max: 5%}\n"
    _write(project, [*_rows(), *_twice()], strict)
    plan = _plan(project, "--exit-code", code=1)
    assert not plan["would_publish"]
    (over,) = [gate for gate in plan["gates"] if not gate["passed"]]
    customers = plan["diff"]["identity"]["customers"]
    assert (over["name"], customers["split"] > 0) == ("id_churn_max", True)
    assert over["causes"].startswith("changes by cause: config")
    told = cxid("plan", "-C", project).out
    assert "id_churn_max" in told and "would stop the build" in told and "Who is who" in told
    assert cxid("plan", "-C", project).code == 0  # telling is no failure


def test_a_plan_that_changes_nothing_says_so(project: Path) -> None:
    text = (project / "crm.csv").read_text()
    (project / "crm.csv").write_text(text + "\n")  # another file, the same rows
    plan = _plan(project, "--exit-code", code=0)
    assert (plan["status"], plan["is_change"], plan["changed_tables"]) == ("planned", False, [])


def test_discard_keeps_nothing(project: Path) -> None:
    _write(project, _rows())
    before = sorted(str(p) for p in project.rglob("*"))
    plan = _plan(project, "--discard")
    assert plan["run_dir"] is None
    assert sorted(str(p) for p in project.rglob("*")) == before
    assert _statuses(project) == ["published"]


def test_a_poisoned_file_is_held_back_can_be_looked_at_and_accepted_once(project: Path) -> None:
    """Decisions that join twenty strangers, two by two: nothing is published before a person looked."""
    decided = "\n".join(f"link,crm,{n:03d},crm,{n + 1:03d}" for n in range(20, 40, 2))
    (project / "decisions.csv").write_text(f"action,source_a,key_a,source_b,key_b\n{decided}\n")
    _write(project, [*_rows(), *_twice()], "checks: {id_churn_max: 5%, consolidation_shift_max: 50%}\n")
    before = _published(project)
    held = cxid("build", "-C", project, "-q")
    assert held.code == 1
    assert _published(project) == before
    lines = held.err.splitlines()
    run = next(r for r in json.loads(cxid("runs", "-C", project, "-f", "json").out) if r["status"] == "gate_failed")
    assert lines[0] == f"error[limit_passed]: nothing was published: run {run['run_id']} is over id_churn_max"
    assert lines[1] == "10 of 56 customers (17.86%) would not keep most of their records, checks.id_churn_max is 5%"
    assert lines[2].startswith("  cx_") and "takes in 1 earlier customer with 1 record (crm 2)" in lines[2]
    assert "  changes by cause: decision 10" in lines
    assert "\n" not in run["error"]
    assert cxid("report", run["run_id"], "-s", "gates", "-C", project).code == 0
    asked = cxid("why", lines[2].split(":")[0].strip(), "--run", run["run_id"], "-C", project)
    assert asked.code == 0 and "2 records" in asked.out

    other = cxid("build", "-C", project, "-q", "--accept", "r0002-00000000")
    assert (other.code, "no longer those of that run" in other.err) == (2, True)
    assert cxid("build", "-C", project, "-q").code == 1  # still
    done = json.loads(cxid("build", "-C", project, "-q", "-f", "json", "--accept", run["run_id"]).out)
    assert done["run_id"] == run["run_id"] and all(s["resumed"] for s in done["stages"])
    churn = next(g for g in done["gates"] if g["name"] == "id_churn_max")
    assert churn == {"name": "id_churn_max", "limit": "0.05", "value": "0.178571", "passed": False, "accepted": True}
    assert "published over its limits" in cxid("report", "-s", "verdict", "-C", project).out


def test_a_raised_limit_is_no_other_run(project: Path) -> None:
    rows = [*_rows()[:40], *_twice()]
    _write(project, rows, "checks: {records_lost_max: 10%}\n")
    held = cxid("build", "-C", project, "-q")
    assert held.code == 1
    assert "source crm: 16 of 68 records of the last run are gone (23.53%), checks.records_lost_max is 10%" in held.err
    _write(project, rows, "checks: {records_lost_max: 30%}\n")
    done = json.loads(cxid("build", "-C", project, "-q", "-f", "json").out)
    assert all(s["resumed"] for s in done["stages"])


def test_rejected_rows_over_their_limit_can_be_accepted_and_are_judged_again_by_the_next_build(project: Path) -> None:
    rows = [*_rows(), *_twice(), *["torn"] * 8]
    _write(project, rows)
    held = cxid("build", "-C", project, "-q")
    assert held.code == 1 and "8 of 76 rows rejected" in held.err
    plan = cxid("plan", "-C", project, "-q")
    assert plan.code == 1 and "8 of 76 rows rejected" in plan.err
    done = json.loads(cxid("build", "-C", project, "-q", "-f", "json", "--accept", "quarantine_max").out)
    (gate,) = done["gates"]
    assert (gate["name"], gate["passed"], gate["accepted"]) == ("quarantine_max", False, True)


@pytest.mark.parametrize(
    ("word", "hint"), [("id_churn", "did you mean id_churn_max?"), ("everything", "limits: quarantine_max, ")]
)
def test_a_word_that_is_no_limit_is_told(project: Path, word: str, hint: str) -> None:
    done = cxid("build", "-C", project, "--accept", word)
    assert (done.code, hint in done.err) == (2, True)


def test_the_rows_of_a_plan_are_csv(project: Path) -> None:
    _write(project, _rows())
    done = cxid("plan", "-C", project, "-q", "-f", "csv")
    lines = done.out.splitlines()
    assert lines[0] == "part,name,figure,value"
    assert "plan,status,,planned" in lines
    assert any(line.startswith("blocking_rules,") for line in lines)
    assert any(line.startswith("customers,merged,,") for line in lines)


def test_a_plan_takes_the_place_of_the_one_before(project: Path) -> None:
    _write(project, _rows())
    first = _plan(project)
    _write(project, _rows()[:-1])
    second = _plan(project)
    runs = {r["run_id"]: r["status"] for r in json.loads(cxid("runs", "-C", project, "-f", "json").out)}
    assert (runs[first["run_id"]], runs[second["run_id"]]) == ("dropped", "planned")
    assert cxid("diff", second["previous"], second["run_id"], "-C", project).code == 0

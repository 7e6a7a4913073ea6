"""`cxid diff` over real builds: another day's data, then a decision and a changed key."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cxid.diff.comparing import compare_runs
from tests.conftest import ROOT
from tests.functional.cli_harness import Outcome, cxid

ESCAPE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
VALUES = ("Whitfield", "Achebe", "achebe", "mailhaven", "07700", "SY8", "Nair")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three runs of two systems: r0001; another day's rows; two records kept apart and another rule for e-mail."""
    root = tmp_path_factory.mktemp("diff") / "two"
    shutil.copytree(ROOT / "examples" / "two-systems", root, ignore=shutil.ignore_patterns(".cxid", "output"))
    _build(root)
    crm, orders = root / "data" / "crm.csv", root / "data" / "orders.csv"
    header, *rows = crm.read_text(encoding="utf-8").splitlines()
    rows[0] = (
        rows[0].replace("m.whitfield@postbox.example", "margaret@whitfield.example").replace("2026-03-02", "2026-07-02")
    )
    del rows[-1]
    rows.append("1999,Ines,Kowalski,1971-02-03,ines@kowalski.example,07700 900199,1 New Road,Wem,SY4 5AA,2026-07-01")
    crm.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    with orders.open("a", encoding="utf-8") as file:
        file.write("99999,2026-07-05 10:00:00,w-501,,100.00,GBP\n")
    _build(root)
    assert cxid("unlink", "crm:1002", "crm:1003", "-C", root).code == 0
    config = root / "cxid.yml"
    config.write_text(config.read_text(encoding="utf-8").replace("email: latest", "email: longest"), encoding="utf-8")
    _build(root)
    return root


def _build(root: Path) -> None:
    done = cxid("build", "-q", "-C", root)
    assert (done.code, done.err) == (0, "")


def document(project: Path, *names: str) -> dict[str, Any]:
    done = cxid("diff", *names, "-f", "json", "-C", project)
    assert (done.code, done.err) == (0, "")
    assert ESCAPE.search(done.out) is None
    found: dict[str, Any] = json.loads(done.out)
    return found


def table(project: Path, number: int, name: str) -> list[dict[str, Any]]:
    run = next((project / ".cxid" / "runs").glob(f"r{number:04d}-*"))
    rows: list[dict[str, Any]] = pq.read_table(run / "tables" / f"{name}.parquet").to_pylist()
    return rows


def test_without_names_it_is_the_published_run_against_the_one_before(project: Path) -> None:
    told = document(project)
    assert (told["before"]["run_id"][:5], told["after"]["run_id"][:5]) == ("r0002", "r0003")
    for names in (("r0002",), ("2", "3"), ("r0002", "r0003"), (told["before"]["run_id"], told["after"]["run_id"])):
        assert document(project, *names) == told


def test_what_went_in_is_told_by_rows_keys_and_decisions(project: Path) -> None:
    first, second = document(project, "1", "2")["inputs"], document(project, "2", "3")["inputs"]
    rows = {s["source"]: (s["added"], s["removed"], s["changed"]) for s in first["sources"]}
    assert rows == {"crm": (1, 1, 1), "shop": (0, 0, 0), "orders": (1, 0, 0)}
    assert (first["keys"], first["decisions"], first["config_changed"]) == ([], [], False)
    assert {s["source"]: (s["added"], s["removed"], s["changed"]) for s in second["sources"]} == dict.fromkeys(
        rows, (0, 0, 0)
    )
    assert [(k["key"], k["what"]) for k in second["keys"]] == [("golden.email", "changed")]
    assert second["decisions"] == [{"action": "unlink", "added": 1, "removed": 0}]


@pytest.mark.parametrize(("a", "b"), [(1, 2), (2, 3)])
def test_between_neighbours_the_numbers_are_those_of_identity_event(project: Path, a: int, b: int) -> None:
    told = document(project, str(a), str(b))["identity"]
    events = [e for e in table(project, b, "identity_event") if e["run_no"] == b]
    counted = Counter(
        "split" if e["event"] == "created" and e["other_customer_id"] else e["event"]
        for e in events
        if e["event"] in ("created", "absorbed", "retired")
    )
    customers = told["customers"]
    assert [customers[n] for n in ("created", "split", "merged", "retired")] == [
        counted[n] for n in ("created", "split", "absorbed", "retired")
    ]
    causes = {(e["customer_id"], e["other_customer_id"]): e["cause"] for e in events if e["event"] != "merged"}
    assert all(m["cause"] == causes[m["customer_id"], m["other_customer_id"]] for m in told["moves"])
    assert customers["before"] == len(table(project, a, "customer"))
    assert customers["after"] == len(table(project, b, "customer"))


def test_a_decision_is_a_split_with_the_command_that_says_why(project: Path) -> None:
    done = cxid("diff", "-s", "moves", "-C", project)
    splits = [m for m in document(project)["identity"]["moves"] if m["event"] == "split"]
    assert [m["cause"] for m in splits] == ["decision"]
    line = f"cxid why {splits[0]['customer_id']} {splits[0]['other_customer_id']}"
    assert f"next: {line} -C {project}" in done.out
    assert cxid(*line.split()[1:], "-C", project).code == 0
    back = next(x for x in cxid("diff", "3", "1", "-s", "moves", "-C", project).out.splitlines() if "next:" in x)
    assert " --run r0001-" in back  # another run than the published one is named
    assert cxid(*back.split()[2:], "-C", project).code == 0


def test_runs_far_apart_and_backwards_add_up(project: Path) -> None:
    for names in (("1", "3"), ("3", "1")):
        told = document(project, *names)
        c = told["identity"]["customers"]
        assert c["after"] == c["before"] + c["created"] + c["split"] - c["merged"] - c["retired"]
        for kpi in told["bridge"]:
            if kpi["change"] is not None:
                assert round(kpi["behaviour"] + kpi["identity"], 6) == round(kpi["change"], 6)


def test_the_kpis_are_those_of_the_profile_tables(project: Path) -> None:
    found = {k["name"]: k for k in document(project, "1", "3")["bridge"]}
    for side, number in (("before", 1), ("after", 3)):
        profiles = table(project, number, "profile")
        orders = [p["orders"] for p in profiles if p["orders"]]
        customers = table(project, number, "customer")
        assert found["customers"][side] == len(profiles) == len(customers)
        assert found["known_customers"][side] == sum(c["is_known"] for c in customers)
        assert found["buying_customers"][side] == len(orders)
        assert found["orders"][side] == sum(orders)
        assert found["repeat_rate"][side] == round(sum(n > 1 for n in orders) / len(orders), 6)
        assert found["revenue_gbp"][side] == float(sum(p["revenue"] or 0 for p in profiles))
        assert found["revenue_per_buyer_gbp"]["counted"][side]["denominator"] == len(orders)


def test_a_decision_on_the_same_data_is_all_identity(project: Path) -> None:
    bridge = document(project, "2", "3")["bridge"]
    assert {k["name"]: k["behaviour"] for k in bridge if k["behaviour"]} == {}
    assert {k["name"] for k in bridge if k["identity"]} >= {"customers", "known_customers"}


def test_golden_values_flip_by_field_and_are_shown_only_when_asked_for(project: Path) -> None:
    quiet = cxid("diff", "1", "2", "-C", project)
    assert not any(value in quiet.out + quiet.err for value in VALUES)
    flips = {f["field"]: f for f in document(project, "1", "2")["golden"]["fields"]}
    assert flips["email"]["flipped"] == 1
    assert list(flips["email"]["examples"][0]) == ["customer_id"]
    shown = json.loads(cxid("diff", "1", "2", "--values", "-f", "json", "-C", project).out)
    email = next(f for f in shown["golden"]["fields"] if f["field"] == "email")
    assert (email["examples"][0]["before"], email["examples"][0]["after"]) == (
        "m.whitfield@postbox.example",
        "margaret@whitfield.example",
    )
    masked = cxid("diff", "1", "2", "--values", "--masked", "-s", "golden", "-C", project).out
    assert "m*********@p********" in masked or "m********@p********" in masked
    assert "whitfield" not in masked


def test_exit_code_says_whether_something_differs(project: Path, tmp_path: Path) -> None:
    assert cxid("diff", "--exit-code", "-C", project).code == 10
    assert cxid("diff", "-C", project).code == 0
    twin = tmp_path / "twin"
    shutil.copytree(project, twin, symlinks=True)
    last = next((twin / ".cxid" / "runs").glob("r0003-*"))
    shutil.copytree(last, last.with_name("r0004-00000000"))
    done = cxid("diff", "3", "4", "--exit-code", "-C", twin)
    assert (done.code, done.err) == (0, "nothing differs\n")


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_terminal_gets_lines_that_fit(project: Path, width: int) -> None:
    done = cxid("diff", "1", "3", "-C", project, tty=True, env={"COLUMNS": str(width)})
    plain = re.sub(r"\x1b\[[0-9;]*m", "", done.out)
    assert done.code == 0
    assert ESCAPE.search(plain) is None
    assert [x for x in plain.splitlines() if len(x) > width and "next:" not in x] == []
    assert "KPI bridge" in plain


def test_a_pipe_and_the_flat_formats_have_full_values(project: Path) -> None:
    piped = cxid("diff", "1", "3", "-C", project).out
    assert ESCAPE.search(piped.replace("\t", "")) is None
    rows = list(csv.reader(io.StringIO(cxid("diff", "1", "3", "-f", "csv", "-C", project).out)))
    assert rows[0] == ["part", "name", "value"]
    assert ["identity.customers", "before", str(len(table(project, 1, "customer")))] in rows
    lines = cxid("diff", "1", "3", "-f", "jsonl", "-s", "bridge", "-C", project).out.splitlines()
    assert {json.loads(line)["part"].split(".")[0] for line in lines} == {"", "before", "after", "bridge"}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["r0009"], 'no run "r0009"'),
        (["3", "3"], "both are run r0003"),
        (["r000"], '"r000" fits 3 runs'),
        (["r0000", "r0001"], 'no run "r0000"'),
        (["-s", "kpis"], 'no section "kpis"'),
        (["--masked"], "--masked goes with --values"),
    ],
    ids=str,
)
def test_a_mistake_is_told_with_the_next_step(project: Path, args: list[str], said: str) -> None:
    done: Outcome = cxid("diff", *args, "-C", project)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "next:" in done.err


def test_one_run_alone_has_nothing_to_be_compared_with(project: Path, tmp_path: Path) -> None:
    twin = tmp_path / "twin"
    shutil.copytree(project, twin, symlinks=True)
    assert cxid("runs", "rollback", "r0001", "-C", twin).code == 0
    done = cxid("diff", "-C", twin)
    assert done.code == 2
    assert "there is no run before r0001" in done.err


def test_a_caller_gets_it_in_one_call_and_nothing_is_written(project: Path) -> None:
    runs = sorted((project / ".cxid" / "runs").iterdir())
    before = {p: p.stat().st_mtime_ns for p in project.rglob("*") if p.is_file()}
    diff = compare_runs(runs[0], runs[2])
    assert diff.is_changed
    assert diff.identity.churn >= 0
    assert {p: p.stat().st_mtime_ns for p in project.rglob("*") if p.is_file()} == before

"""Each command on a small project: what it finds, writes and says."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cxid.built import BuildResult
from cxid.checking import Finding, Severity
from cxid.errors import ExitCode, GateError, InputError, Interrupted, LockError, ResourceError
from tests.functional.cli_harness import cxid, write_project
from tests.functional.report_figures import FIGURES


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(tmp_path_factory.mktemp("project"), FIGURES)


# -- show and find -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reference", "customers"),
    [
        ("cx_ann", ["cx_ann"]),
        ("crm:1", ["cx_ann"]),
        ("crm:a:2", ["cx_ann"]),  # a key may hold a colon
        ("email=ann@x.example", ["cx_ann"]),
        ("email=ANN@X.example", ["cx_ann"]),
        ("given_name=annchen", ["cx_ann"]),  # accents do not matter
        ("phone=+43 664 1234567", ["cx_ann"]),
        ("phone=0664 1234567", ["cx_ann"]),  # as it is dialled at home
        ("family_name=Smith", ["cx_ann", "cx_bob"]),
    ],
)
def test_a_reference_names_its_customers(project: Path, reference: str, customers: list[str]) -> None:
    done = cxid("show", reference, "-C", project, "-f", "json")
    found = json.loads(done.out)
    assert done.code == 0
    assert [c["customer_id"] for c in (found if isinstance(found, list) else [found])] == customers


@pytest.mark.parametrize(
    "reference",
    [
        "cx_nobody",
        "crm:99",
        "nosuch:1",
        "email=nobody@x.example",
        "nosuch=1",
        "ann",
        "phone=1",
        "email=%",
        "crm:1' OR '1'='1",
        "=",
    ],
)
def test_a_reference_that_names_nobody_says_how_to_search(project: Path, reference: str) -> None:
    done = cxid("show", reference, "-C", project)
    assert (done.code, done.out) == (2, "")
    assert "next: " in done.err


def test_an_id_of_the_past_shows_what_it_is_now(project: Path) -> None:
    for command in (["show", "cx_old"], ["find", "cx_old"]):
        done = cxid(*command, "-C", project, "-f", "json")
        assert done.err.splitlines()[0] == "cx_old is now cx_ann since run r0001-00000000"
        found = json.loads(done.out)
        assert (found[0] if isinstance(found, list) else found)["customer_id"] == "cx_ann"
    gone = cxid("show", "cx_gone", "-C", project)
    assert (gone.code, gone.out) == (2, "")
    assert "cx_gone was retired in run r0001-00000000: nothing of it is left in the data" in gone.err
    (project / ".cxid/published/tables/customer_alias.parquet").unlink()  # as an older version leaves a run
    assert "no customer of this reference" in cxid("show", "cx_old", "-C", project).err


def test_show_has_everything_about_one_customer(project: Path) -> None:
    customer = json.loads(cxid("show", "cx_ann", "-C", project, "-f", "json").out)
    email = next(v for v in customer["values"] if v["field"] == "email")
    assert (email["source"], email["record_key"], email["conflict"]) == ("crm", "1", True)
    assert email["others"] == [{"value": "a.smith@x.example", "source": "crm", "record_key": "a:2"}]
    assert [(r["source"], r["record_key"]) for r in customer["records"]] == [("crm", "1"), ("crm", "a:2")]
    assert [i["id_type"] for i in customer["identifiers"]] == ["email", "phone"]
    assert [t["time"][8:10] for t in customer["timeline"]["touchpoints"]] == [
        f"{d:02d}" for d in range(25, 5, -1)
    ]  # the last 20
    assert customer["profile"]["orders"] == 3


def test_masked_values_cannot_be_read(project: Path) -> None:
    for format_ in ("table", "json", "csv"):
        out = cxid("show", "cx_ann", "--mask", "-C", project, "-f", format_).out
        assert not any(secret in out for secret in ("ann@x.example", "a.smith@", "1234567", "Smith"))
        assert "cx_ann" in out


@pytest.mark.parametrize(
    ("words", "customers"),
    [
        (["smith"], ["cx_ann", "cx_bob"]),  # more records first
        (["bob", "smith"], ["cx_bob"]),
        (["smi", "änn"], ["cx_ann"]),  # parts of words, accents
        (["664123"], ["cx_ann"]),
        (["a:2"], ["cx_ann"]),
        (["cx_bob"], ["cx_bob"]),
        (["zzz"], []),
        (["%"], []),
        (["'; DROP TABLE golden_customer; --"], []),
    ],
)
def test_find_ranks_whoever_holds_every_word(project: Path, words: list[str], customers: list[str]) -> None:
    done = cxid("find", *words, "-C", project, "-f", "json")
    assert done.code == 0
    assert [c["customer_id"] for c in json.loads(done.out)] == customers


def test_find_says_when_there_are_more(project: Path) -> None:
    done = cxid("find", "smith", "-n", "1", "-C", project, "-f", "jsonl")
    assert len(done.out.splitlines()) == 1
    assert "--limit" in done.err


# -- query ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "DROP VIEW golden_customer",
        "COPY golden_customer TO 'stolen.csv'",
        "EXPLAIN ANALYZE COPY golden_customer TO 'stolen.csv'",
        "SELECT 1; SELECT 2",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "ATTACH 'other.db'",
        "SET enable_external_access = true",
        "INSTALL httpfs",
        "PRAGMA database_list",
        "SELEC 1",
        "SELECT nosuch FROM golden_customer",
        "SELECT CAST(given_name AS INTEGER) FROM golden_customer",
        "-- nothing",
        "",
    ],
)
def test_a_query_reads_the_outputs_and_nothing_else(
    project: Path, sql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = cxid("query", sql, "-C", project)
    assert (done.code, done.out) == (2, "")
    assert "Traceback" not in done.err
    assert "root:" not in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "sql", ["SHOW TABLES", "DESCRIBE profile", "EXPLAIN SELECT 1", "FROM profile", "WITH a AS (SELECT 1 AS b) FROM a"]
)
def test_whatever_only_reads_is_allowed(project: Path, sql: str) -> None:
    done = cxid("query", sql, "-C", project, "-f", "json")
    assert done.code == 0
    assert json.loads(done.out)


def test_columns_of_one_name_are_told_apart(project: Path) -> None:
    assert json.loads(cxid("query", "SELECT 1 AS a, 2 AS a, 3 AS a_2", "-f", "json", "-C", project).out) == [
        {"a": 1, "a_2": 2, "a_2_2": 3}
    ]


def test_every_kind_of_value_is_written(project: Path) -> None:
    sql = (
        "SELECT 1.50::DECIMAL(9,2) AS money, 'infinity'::DOUBLE AS endless, DATE '2026-01-02' AS day, true AS yes, [1, 2] AS list, "
        "{'a': 1} AS struct, NULL AS nothing, 'x'::BLOB AS bytes, 170141183460469231731687303715884105727 AS huge"
    )
    row = json.loads(cxid("query", sql, "-f", "json", "-C", project).out)[0]
    assert row["money"] == 1.5
    assert (row["endless"], row["nothing"]) == (None, None)
    assert (row["day"], row["yes"], row["list"], row["struct"], row["bytes"]) == (
        "2026-01-02",
        True,
        [1, 2],
        {"a": 1},
        "78",
    )
    for format_ in ("table", "csv", "jsonl"):
        assert cxid("query", sql, "-f", format_, "-C", project).code == 0


# -- nothing there yet --------------------------------------------------------------------------------------


def test_nothing_published_yet_is_said(tmp_path: Path) -> None:
    (tmp_path / "cxid.yml").write_text("sources: {a: {path: a.csv, kind: people, key: k, columns: {email: e}}}\n")
    for command in (["report"], ["show", "cx_1"], ["find", "x"], ["query", "SELECT 1"]):
        done = cxid(*command, "-C", tmp_path)
        assert (done.code, done.out) == (2, "")
        assert "cxid build" in done.err
    done = cxid("runs", "-C", tmp_path, "-f", "json")
    assert (done.code, done.out) == (0, "[]\n")


# -- build ---------------------------------------------------------------------------------------------------


def _result(**more: Any) -> BuildResult:
    stage = SimpleNamespace(name="sources", seconds=1.0, peak_mb=100, resumed=False, rows={"record": 5})
    told: dict[str, Any] = {
        "run_id": "r0002-00000000",
        "status": "published",
        "run_dir": Path("x"),
        "output_dir": Path("output"),
        "stages": (stage,),
        "counts": {"records": 5, "customers": 3},
        "previous_counts": {"records": 4, "customers": 3},
        "warnings": (SimpleNamespace(stage="link", code="wide", message="many pairs"),) * 2,
        "gates": (SimpleNamespace(name="largest_group_max", limit="50", value="4", passed=True, accepted=False),),
        "seconds": 2.5,
        "identity": {},
        "model": "",
        "taken_over": {},
    }
    return BuildResult(**{**told, **more})


def _build_with(monkeypatch: pytest.MonkeyPatch, outcome: Any) -> dict[str, Any]:
    """Put `outcome` (a result or an error) in the place of the real build; what it was called with comes back."""
    called: dict[str, Any] = {}

    def build(config: Any, **options: Any) -> Any:
        called.update(options)
        options["observer"].stage_started("sources", 1, 1)
        options["observer"].stage_finished("sources", 1.0, {}, resumed=False)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    monkeypatch.setattr("cxid.api.build", build)
    return called


def test_the_end_of_a_build_tells_counts_changes_gates_warnings_and_the_next_step(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _build_with(monkeypatch, _result())
    done = cxid("build", "-C", project)
    assert done.out == "\tcount\tchange\npeople records\t5\t+1\ncustomers\t3\tsame\n"
    assert done.err.splitlines() == [
        "[1/1] sources      1.0 s",
        "gate largest_group_max: 4, limit 50: passed",
        "warning link/wide: many pairs (2 times)",
        "published r0002-00000000 in 2.5 s",
        "outputs: output",
        f"next: cxid report -C {project}",
    ]


def test_the_end_of_a_build_tells_what_became_of_customers(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for changes, said in (
        ({"created": 1200, "split": 0, "merged": 3, "retired": 1}, "1,200 new, 3 merged into others, 1 retired"),
        ({"created": 0, "split": 2, "merged": 0, "retired": 0}, "2 split off"),
        ({"created": 0, "split": 0, "merged": 0, "retired": 0}, "the same customers"),
    ):
        _build_with(monkeypatch, _result(identity=changes))
        assert f"customers since the last run: {said}" in cxid("build", "-C", project).err.splitlines()
        assert json.loads(cxid("build", "-C", project, "-f", "json").out)["identity"] == changes


def test_the_end_of_a_build_tells_what_was_not_computed_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for taken, said in (
        ({"files": 41, "customers": 1200}, "41 files and 1,200 customers' golden values"),
        ({"files": 1, "customers": 1}, "1 file and 1 customer's golden values"),
    ):
        _build_with(monkeypatch, _result(taken_over=taken))
        assert f"not computed again: {said}" in cxid("build", "-C", project).err.splitlines()
        assert json.loads(cxid("build", "-C", project, "-f", "json").out)["taken_over"] == taken


def test_options_reach_the_build(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called = _build_with(monkeypatch, _result())
    args = ["--as-of", "2026-11-01", "--memory-limit", "2GB", "--threads", "3", "--force", "--accept", "id_churn_max"]
    args.append("--full-refresh")
    assert cxid("build", *args, "-q", "-C", project).code == 0
    del called["observer"]
    assert called == {
        "as_of": "2026-11-01",
        "memory_limit": "2GB",
        "threads": 3,
        "force": True,
        "full_refresh": True,
        "refit": False,
        "accept": ["id_churn_max"],
    }


def test_quiet_is_silent_on_success_and_speaks_on_failure(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _build_with(monkeypatch, _result())
    done = cxid("build", "-q", "-C", project)
    assert (done.code, done.out, done.err) == (0, "", "")
    _build_with(monkeypatch, GateError("too many rejects", hint="look at quarantine"))
    done = cxid("build", "-q", "-C", project)
    assert (done.code, done.out) == (1, "")
    assert done.err == "error[limit_passed]: too many rejects\nnext: look at quarantine\n"


def test_nothing_changed_is_said(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _build_with(monkeypatch, _result(status="unchanged"))
    assert "nothing changed since r0002-00000000" in cxid("build", "-C", project).err
    assert json.loads(cxid("build", "-C", project, "-f", "json").out)["status"] == "unchanged"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (GateError("x"), ExitCode.GATE_FAILED),
        (InputError("x"), ExitCode.INPUT),
        (ResourceError("x"), ExitCode.RESOURCES),
        (LockError("x"), ExitCode.LOCKED),
        (Interrupted("x"), ExitCode.INTERRUPTED),
        (KeyboardInterrupt(), ExitCode.INTERRUPTED),
        (MemoryError(), ExitCode.RESOURCES),
        (PermissionError(13, "Permission denied", "/some/file"), ExitCode.USAGE),
        (OSError(28, "No space left on device", "/some/file"), ExitCode.RESOURCES),
    ],
    ids=lambda v: type(v).__name__,
)
def test_each_failure_has_its_exit_code(
    project: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: ExitCode
) -> None:
    _build_with(monkeypatch, error)
    done = cxid("build", "-C", project)
    assert (done.code, done.out) == (int(code), "")
    assert "Traceback" not in done.err
    assert list((project / ".cxid").glob("crash-*")) == []


# -- check ---------------------------------------------------------------------------------------------------


def _finding(severity: str, code: int = 2, line: int = 8) -> Finding:
    return Finding(
        file="cxid.yml", line=line, column=5, path="sources.crm.key", severity=Severity(severity), message="not unique",
        hint="mend it", exit_code=ExitCode(code), code="duplicate_key",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("findings", "code"),
    [
        ([], 0),
        ([_finding("warning")], 0),
        ([_finding("error", 2)], 2),
        ([_finding("error", 4)], 4),
        ([_finding("error", 2), _finding("warning"), _finding("error", 4)], 4),
    ],
)
def test_check_tells_every_finding_with_its_place(
    project: Path, monkeypatch: pytest.MonkeyPatch, findings: list[Finding], code: int
) -> None:
    monkeypatch.setattr("cxid.api.check.check_config", lambda config: findings)
    done = cxid("check", "-C", project)
    assert (done.code, done.out) == (code, "")
    for found in findings:
        assert (
            f"cxid.yml:8:5: sources.crm.key: {found.severity}[duplicate_key]: not unique\n  next: mend it\n" in done.err
        )
    assert ("no errors" in done.err) is (code == 0)
    listed = json.loads(cxid("check", "-C", project, "-f", "json").out)
    assert [f["severity"] for f in listed] == [f.severity for f in findings]
    quiet = cxid("check", "-q", "-C", project)
    assert (quiet.err == "") is (code == 0)

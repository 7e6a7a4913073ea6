"""Each kind of situation that a user can bring about, as the command line tells it: its code, its exit code."""

from __future__ import annotations

import fcntl
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cxid.errors import ErrorCode
from tests.functional.cli_harness import cxid, write_project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_project(tmp_path_factory.mktemp("project"))
    (folder / "there.csv").write_text("x", encoding="utf-8")
    (folder / "empty").mkdir()
    (folder / "other").mkdir()
    (folder / "other" / "cxid.yml").write_text((folder / "cxid.yml").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "wrong").mkdir()
    (folder / "wrong" / "cxid.yml").write_text("version: 1\nsourcess: {}\n", encoding="utf-8")
    return folder


# In a project with a published run: what is typed, and what comes of it.
TYPED = [
    ("bild", ErrorCode.USAGE),
    ("show", ErrorCode.USAGE),
    ("show cx_ann --bogus", ErrorCode.USAGE),
    ("report -s nosuch", ErrorCode.USAGE),
    ("show cx_ann -C PROJECT/empty", ErrorCode.CONFIG_MISSING),
    ("show cx_ann -C PROJECT/wrong", ErrorCode.CONFIG),
    ("show cx_ann -C PROJECT/other", ErrorCode.NO_BUILD),
    ("runs rollback -C PROJECT/other", ErrorCode.NO_BUILD),
    ("show cx_ann -t nosuch", ErrorCode.TARGET_UNKNOWN),
    ("report r9999", ErrorCode.RUN_UNKNOWN),
    ("diff r9999", ErrorCode.RUN_UNKNOWN),
    ("why cx_ann", ErrorCode.RUN_INCOMPLETE),
    ("show cx_none", ErrorCode.CUSTOMER_UNKNOWN),
    ("show cx_gone", ErrorCode.CUSTOMER_UNKNOWN),
    ("show crm:77", ErrorCode.CUSTOMER_UNKNOWN),
    ("show ann", ErrorCode.REFERENCE_INVALID),
    ("show nosuch:1", ErrorCode.SOURCE_UNKNOWN),
    ("show nosuch=1", ErrorCode.COLUMN_UNKNOWN),
    ("pin cx_ann nosuch=1", ErrorCode.COLUMN_UNKNOWN),
    ("link family_name=Smith crm:3", ErrorCode.REFERENCE_AMBIGUOUS),
    ("simulate nosuch", ErrorCode.TRIGGER_UNKNOWN),
    ("query SELEC", ErrorCode.SQL),
    ("query DROP+TABLE+profile", ErrorCode.SQL),
    ("query SELECT+*+FROM+nosuch", ErrorCode.SQL),
    ("demo PROJECT", ErrorCode.FILE_EXISTS),
    ("init", ErrorCode.FILE_EXISTS),
    ("init PROJECT/nosuch.csv --force", ErrorCode.PATH_INVALID),
    ("report --html PROJECT/empty", ErrorCode.PATH_INVALID),
    ("report --html PROJECT/nosuch/report.html", ErrorCode.PATH_INVALID),
    ("eval PROJECT/nosuch.csv", ErrorCode.FILE_MISSING),
    ("review import PROJECT/nosuch.csv", ErrorCode.FILE_MISSING),
    ("review", ErrorCode.NO_TERMINAL),
    ("export --no-purpose --pseudonymise", ErrorCode.PSEUDONYM_KEY),
]


@pytest.mark.parametrize(("typed", "code"), TYPED, ids=lambda v: str(v))
def test_what_is_typed_has_the_code_of_its_situation(project: Path, typed: str, code: ErrorCode) -> None:
    words = [w.replace("PROJECT", str(project)).replace("+", " ") for w in typed.split()]
    done = cxid(*words, *([] if "-C" in words else ["-C", project]))
    told = re.findall(r"^error\[(\w+)\]: ", done.err, re.MULTILINE)
    assert (done.code, told) == (int(code.exit_code), [str(code)]), done.err
    assert done.out == ""


PEOPLE = "no,name,mail\n1,Ann Smith,ann@x.example\n2,Bob Jones,bob@x.example\n"
# A file of people, and what is wrong with it.
FILES: list[tuple[str, bytes | None, str, ErrorCode]] = [
    ("missing.csv", None, "", ErrorCode.FILE_MISSING),
    ("nothing.csv", b"", "", ErrorCode.FILE_EMPTY),
    ("blank.csv", b"\n\n", "", ErrorCode.FILE_EMPTY),
    ("header.csv", b"no,name,mail\n", "", ErrorCode.FILE_EMPTY),
    ("twice.csv", b"no,name,name\n1,Ann,ann@x.example\n", "", ErrorCode.HEADER),
    ("column.csv", PEOPLE.replace("mail", "email").encode(), "", ErrorCode.COLUMN_MISSING),
    ("semicolon.csv", PEOPLE.replace(",", ";").encode(), "", ErrorCode.DELIMITER),
    ("damaged.parquet", b"PAR1 and nothing more", "", ErrorCode.FILE_UNREADABLE),
    ("damaged.csv.gz", gzip.compress(PEOPLE.encode() * 50)[:60], "", ErrorCode.FILE_UNREADABLE),
    ("letters.csv", PEOPLE.replace("Ann", "Änne").encode("cp1252") * 20, "", ErrorCode.ENCODING),
    ("wide.csv", PEOPLE.encode("utf-16")[:-1], ", encoding: utf-16", ErrorCode.ENCODING),
]


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """What `cxid check` says of each source, by its name."""
    folder = tmp_path_factory.mktemp("files")
    lines = []
    for file, content, more, _ in FILES:
        if content is not None:
            (folder / file).write_bytes(content)
        name = file.replace(".", "_")
        columns = "{full_name: name, email: mail}"
        lines.append(f"  {name}: {{path: {file}, kind: people, key: no, columns: {columns}{more}}}")
    (folder / "cxid.yml").write_text("sources:\n" + "\n".join(lines) + "\n", encoding="utf-8")
    listed = json.loads(cxid("check", "-C", folder, "-f", "json").out)
    return {str(f["path"]).split(".")[1]: f for f in listed if f["severity"] == "error"}


@pytest.mark.parametrize(("file", "code"), [(f, c) for f, _, _, c in FILES], ids=lambda v: str(v))
def test_a_file_that_is_wrong_has_the_code_of_its_fault(
    findings: dict[str, dict[str, object]], file: str, code: ErrorCode
) -> None:
    found = findings[file.replace(".", "_")]
    assert found["code"] == str(code), found


# -- what stands in the way of a build ---------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "crm.csv").write_text(PEOPLE, encoding="utf-8")
    text = "sources:\n  crm: {path: crm.csv, kind: people, key: no, columns: {full_name: name, email: mail}}\n"
    (tmp_path / "cxid.yml").write_text(text, encoding="utf-8")
    (tmp_path / ".cxid" / "state").mkdir(parents=True)
    yield tmp_path


def codes(err: str) -> list[str]:
    return re.findall(r"^error\[(\w+)\]: ", err, re.MULTILINE)


def test_a_lock_that_is_held(small: Path) -> None:
    with (small / ".cxid" / "lock").open("w", encoding="utf-8") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = cxid("build", "-q", "-C", small)
    assert (done.code, codes(done.err)) == (11, ["lock_held"])


def test_a_state_of_a_newer_version(small: Path) -> None:
    (small / ".cxid" / "state" / "version").write_text('{"version": 99}', encoding="utf-8")
    done = cxid("build", "-q", "-C", small)
    assert (done.code, codes(done.err)) == (12, ["state_version"])


def test_an_output_folder_with_something_else_in_it(small: Path) -> None:
    (small / "output").mkdir()
    (small / "output" / "letter.txt").write_text("mine", encoding="utf-8")
    done = cxid("build", "-q", "-C", small)
    assert (done.code, codes(done.err)) == (2, ["folder_unusable"])


def test_decisions_that_contradict_and_decisions_that_cannot_be_read(small: Path) -> None:
    decisions = small / "decisions.csv"
    decisions.write_text("action,source_a,key_a,source_b,key_b\nlink,crm,1,crm,2\n", encoding="utf-8")
    done = cxid("unlink", "crm:1", "crm:2", "-C", small)
    assert (done.code, codes(done.err)) == (2, ["decision_conflict"])
    decisions.write_text("action,source_a,key_a,source_b,key_b\nglue,crm,1,crm,2\n", encoding="utf-8")
    done = cxid("build", "-q", "-C", small)
    assert (done.code, codes(done.err)) == (2, ["decisions"])
    assert done.err.startswith("decisions.csv:2:") or "/decisions.csv:2:" in done.err.splitlines()[0]


def test_a_build_that_fails_leaves_its_code(small: Path) -> None:
    (small / "crm.csv").write_text("no,name\n1,Ann\n", encoding="utf-8")
    done = cxid("build", "-q", "-C", small)
    assert (done.code, codes(done.err)) == (4, ["column_missing"])
    (results,) = small.glob(".cxid/runs/*/run_results.json")
    assert json.loads(results.read_text(encoding="utf-8"))["error"]["code"] == "column_missing"
    log = [json.loads(line) for line in (results.parent / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["code"] for line in log if line["event"] == "run_failed"] == ["column_missing"]

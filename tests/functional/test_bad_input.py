"""Bad input through the command line: for each kind its exit code, its message, the next step, and the old outputs."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow.csv
import pyarrow.parquet as pq
import pytest
import zstandard

from tests.functional.cli_harness import cxid

Damage = Callable[[Path], object]
GIVEN = ("Ann", "Bob", "Carla", "Dmitri", "Elsa", "Farid", "Greta")
FAMILY = ("Smith", "Keller", "Okafor", "Rossi", "Turner")
HEADER = "id,first,last,mail,born,town\n"
PEOPLE = HEADER + "".join(
    f"{i},{GIVEN[i % 7]},{FAMILY[i % 5]},p{i}@canary.example,{1950 + i}-03-1{i % 9},Rome\n" for i in range(1, 41)
)
VISITS = "cookie,mail,at\n" + "".join(
    f"ck{i % 9},p{i}@canary.example,2026-0{i % 9 + 1}-11 10:00:00\n" for i in range(40)
)
SALES = "no,at,total,mail\n" + "".join(
    f"{i},2026-02-0{i % 9 + 1}T12:00:00,{i}.50,p{i}@canary.example\n" for i in range(1, 41)
)
CONFIG = """sources:
  crm:
    path: crm.csv
    kind: people
    key: id
    columns: {given_name: first, family_name: last, email: mail, birth_date: born, city: town}
  web: {path: web*.csv, kind: events, time: at, ids: {cookie: cookie, email: mail}}
  pos: {path: pos.csv, kind: transactions, key: no, time: at, amount: total, ids: {email: mail}}
"""
VALUES = ("canary", "Keller", "Okafor")  # of the data: none may show in a message, a log or a manifest
EVIL = '"; drop table x; --'
EVIL_IN_CSV, EVIL_IN_YAML = '"""; drop table x; --"', "'\"; drop table x; --'"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a published run."""
    folder = tmp_path_factory.mktemp("built")
    for name, text in (("cxid.yml", CONFIG), ("crm.csv", PEOPLE), ("web.csv", VISITS), ("pos.csv", SALES)):
        (folder / name).write_text(text, encoding="utf-8")
    assert cxid("build", "-q", "-C", folder).code == 0
    return folder


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "project", symlinks=True))


def _outputs(project: Path) -> dict[str, str]:
    return {
        p.name: hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted((project / ".cxid/published/output").iterdir())
    }


def _write(name: str, data: str | bytes) -> Damage:
    return lambda p: (p / name).write_bytes(data.encode() if isinstance(data, str) else data)


def _change(name: str, old: str, new: str) -> Damage:
    def damage(project: Path) -> None:
        text = (project / name).read_text(encoding="utf-8")
        assert old in text
        (project / name).write_text(text.replace(old, new), encoding="utf-8")

    return damage


def _packed(suffix: str, data: bytes) -> Damage:
    """The people in another kind of file."""

    def damage(project: Path) -> None:
        (project / f"crm{suffix}").write_bytes(data)
        _change("cxid.yml", "path: crm.csv", f"path: crm{suffix}")(project)

    return damage


def _parquet() -> bytes:
    sink = io.BytesIO()
    table = pyarrow.csv.read_csv(io.BytesIO((PEOPLE + PEOPLE[len(HEADER) :] * 20).encode()))
    pq.write_table(table, sink, write_page_checksum=True, use_dictionary=False)
    return sink.getvalue()


def _flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 16]) + data[place + 1 :]


def _all(*damages: Damage) -> Damage:
    return lambda p: [damage(p) for damage in damages]


def _own_folder(project: Path) -> None:
    (project / "output").unlink()
    (project / "output").mkdir()
    (project / "output" / "mine.txt").write_text("precious", encoding="utf-8")
    _write("crm.csv", PEOPLE + "99,Zoe,Young,,,\n")(project)


def _file_for_state(project: Path) -> None:
    (project / ".cxid").rename(project / "aside")
    (project / ".cxid").write_text("a note", encoding="utf-8")


# name -> (damage, exit code of build, words of its message, words of its next step, exit code of check)
CASES: dict[str, tuple[Damage, int, str, str, int]] = {
    "missing file": (lambda p: (p / "crm.csv").unlink(), 4, "crm.csv: no such file", "paths start from the config's folder", 4),
    "misspelt file": (_change("cxid.yml", "pos.csv", "poss.csv"), 4, "poss.csv: no such file", "did you mean pos.csv?", 4),
    "backslashes": (_change("cxid.yml", "path: crm.csv", r"path: data\crm.csv"), 4, r"data\crm.csv: no such file", "forward slashes", 4),
    "a folder": (lambda p: ((p / "crm.csv").unlink(), (p / "crm.csv").mkdir()), 4, "is a folder, not a file", "crm.csv/*.csv", 4),
    "empty file": (_write("crm.csv", ""), 4, "crm.csv: the file is empty (0 bytes)", "export it again", 4),
    "a byte order mark alone": (_write("crm.csv", "\ufeff"), 4, "crm.csv: there is no text", "export it again", 4),
    "zero bytes alone": (_write("crm.csv", bytes(3000)), 4, 'crm.csv: no column "id"', "correct the columns", 4),
    "header only": (_write("crm.csv", HEADER), 4, "source crm: a header and no rows in crm.csv", "export it again", 4),
    "ragged rows": (_write("crm.csv", PEOPLE + "77,Zoe\n" * 9), 1, "9 of 49 rows rejected (18.4%, limit 5.0%): too_few_columns 9; the first at crm.csv:42", "quarantine.parquet", 1),
    "repeated keys": (_write("crm.csv", PEOPLE + PEOPLE[len(HEADER) :].replace("Rome", "Oslo")), 1, "duplicate_key 40; the first at crm.csv:2", "raise quarantine_max of crm", 1),
    "cp1252 under utf-8": (_write("crm.csv", PEOPLE.replace("Rome", "Köln").encode("cp1252")), 4, "40 rows of crm.csv are not valid utf-8", "encoding: cp1252", 4),
    "utf-16 under utf-8": (_write("crm.csv", PEOPLE.encode("utf-16")), 4, "crm.csv: the header is not readable as utf-8", "encoding: utf-16", 4),
    "another delimiter": (_write("crm.csv", PEOPLE.replace(",", ";")), 4, "not separated by the configured delimiter", 'delimiter: ";"', 4),
    "truncated gzip": (_packed(".csv.gz", gzip.compress(PEOPLE.encode())[:-30]), 4, "crm.csv.gz: the compressed file ends too early", "copy or export it again", 4),
    "truncated zstandard": (_packed(".csv.zst", zstandard.compress(PEOPLE.encode())[:-30]), 4, "crm.csv.zst: the compressed file ends too early", "copy or export it again", 4),
    "truncated Parquet": (_packed(".parquet", _parquet()[:-50]), 4, "crm.parquet: not a readable Parquet file", "copy or export it again", 4),
    "flipped bit in Parquet": (_packed(".parquet", _flipped(_parquet(), 900)), 4, "crm.parquet: not a readable Parquet file", "copy or export it again", 4),
    "duplicate header": (_change("crm.csv", "id,first,last", "id,first,first"), 4, 'the header names "first" twice', "rename one of the columns", 4),
    "missing column": (_change("crm.csv", "first,last", "frist,last"), 4, 'crm.csv: no column "first", did you mean "frist"?', "the file has: id, frist", 4),
    "a column missing in one file of a glob": (_write("web2.csv", "cookie,at\nc,2026-01-01\n"), 4, 'web2.csv: no column "mail"', "correct the columns of source web", 4),
    "times that fit no format": (_write("pos.csv", SALES.replace("2026-02-0", "99.99.0")), 1, "bad_time 40; the first at pos.csv:2", "raise quarantine_max of pos", 1),
    "times in another format": (_write("pos.csv", SALES.replace("2026-02-0", "27/02/202").replace("T", " ")), 4, 'of "at" do not fit ISO 8601', 'format: "%d/%m/%Y %H:%M:%S"', 4),
    "decimal commas": (_write("pos.csv", SALES.replace(".50,", ";50,").replace(",", "|").replace(";", ",")), 4, "not separated by", 'delimiter: "|"', 4),
    "times that stand for none": (_write("web.csv", VISITS.replace("2026-01", "9999-12").replace("2026-02", "0001-01")), 1, "bad_time", "raise quarantine_max of web", 1),
    "unknown config key": (_change("cxid.yml", "    key: id", "    kay: id"), 2, 'cxid.yml:5:5: sources.crm.kay: unknown key, did you mean "key"?', "`cxid schema`", 2),
    "a key twice in the config": (_change("cxid.yml", "    key: id", "    key: id\n    key: id"), 2, "cxid.yml:6:5: this key stands here twice", "remove one", 2),
    "no YAML": (_write("cxid.yml", b"\xff\xfe\x00"), 2, "not UTF-8 text", "save the file as UTF-8", 2),
    "an odd field name": (_change("cxid.yml", "city: town", f"{EVIL_IN_YAML}: town"), 2, "a name has lower-case letters, digits and _", "`cxid schema`", 2),
    "a folder of one's own for outputs": (_own_folder, 2, "holds files that cxid did not write", "another folder in outputs.dir", 2),
    "outputs in place of the project": (_write("cxid.yml", CONFIG + "outputs: {dir: .}\n"), 2, "is in use for something else", "such as output", 2),
    "a file in place of the state": (_file_for_state, 2, ".cxid: is a file, and cxid keeps its state", "move it away", 0),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_bad_input_has_its_code_its_message_and_its_next_step_and_leaves_the_outputs(project: Path, name: str) -> None:
    damage, code, message, step, code_of_check = CASES[name]
    before = _outputs(project)
    damage(project)
    done = cxid("build", "-q", "-C", project)
    assert (done.code, done.out) == (code, ""), done.err
    assert message in done.err
    assert step in done.err
    checked = cxid("check", "-f", "json", "-C", project)
    assert checked.code == code_of_check, checked.err
    assert code_of_check == 2 or isinstance(json.loads(checked.out), list)
    if (project / "aside").is_dir():
        (project / ".cxid").unlink()
        (project / "aside").rename(project / ".cxid")
    assert _outputs(project) == before
    assert not [
        p for p in (project / ".cxid").rglob("*") if p.suffix == ".part" or p.name == "work" or "crash" in p.name
    ]
    accounts = [p.read_text(encoding="utf-8") for p in (project / ".cxid").rglob("*.json*") if p.is_file()]
    for text in (done.err, checked.out, checked.err, *accounts):
        assert not [value for value in VALUES if value in text]


# name -> (damage, rows of quarantine as file:line reason, words of a warning)
BORNE: dict[str, tuple[Damage, list[str], str]] = {
    "one ragged row": (_write("crm.csv", PEOPLE + "77,Zoe\n"), ["crm.csv:42 too_few_columns"], ""),
    "reordered columns in a glob": (_write("web2.csv", "at,mail,cookie\n2026-03-03 10:00:00,p1@canary.example,c9\n"), [], ""),
    "an odd column": (_change("crm.csv", "town\n", EVIL_IN_CSV + "\n"), [], ""),
    "an odd key": (_all(_change("crm.csv", "id,", EVIL_IN_CSV + ","), _change("cxid.yml", "key: id", f"key: {EVIL_IN_YAML}")), [], ""),
    "an odd identifier": (_all(_change("web.csv", "cookie,", EVIL_IN_CSV + ","), _change("cxid.yml", "cookie: cookie", f"cookie: {EVIL_IN_YAML}")), [], ""),
    "events without identifiers": (_write("web.csv", "cookie,mail,at\n" + ",,2026-01-01 10:00:00\n" * 20), [], 'source web: no row has a value in "cookie", "mail"'),
    "no value at all": (_write("crm.csv", HEADER + "".join(f"{i},,,,,\n" for i in range(9))), [], 'source crm: no row has a value in "first"'),
    "one person": (_write("crm.csv", HEADER + "1,Ann,Smith,a@canary.example,,\n"), [], ""),
    "an event of a far year": (_write("web.csv", VISITS + "c,,2101-01-01 10:00:00\n"), [], "the latest event lies in the future"),
}  # fmt: skip
BORNE["an odd column"] = (
    _all(BORNE["an odd column"][0], _change("cxid.yml", ", city: town", f", city: {EVIL_IN_YAML}")),
    [],
    "",
)


@pytest.mark.parametrize("name", BORNE)
def test_what_can_be_borne_is_published_and_told(project: Path, name: str) -> None:
    damage, refused, warning = BORNE[name]
    damage(project)
    done = cxid("build", "-f", "json", "-C", project)
    assert done.code == 0, done.err
    listed = cxid("query", "SELECT file, line, reason FROM quarantine ORDER BY line", "-f", "json", "-C", project)
    assert [f"{r['file']}:{r['line']} {r['reason']}" for r in json.loads(listed.out)] == refused
    assert any(warning in w["message"] for w in json.loads(done.out)["warnings"]) or not warning


def test_a_path_that_the_database_cannot_open_is_told_at_once(built: Path, tmp_path: Path) -> None:
    for name in ("what?", "back\\slash"):
        folder = Path(shutil.copytree(built, tmp_path / name, symlinks=True))
        done = cxid("build", "--force", "-q", "-C", folder)
        assert done.code == 2
        assert "the database cannot open files in a folder with" in done.err
        assert "rename the project's folder" in done.err


@pytest.mark.parametrize("name", ["sp ace", "ünï😀", "gl[o]b*", "quo'te", "$(x);`y`", "new\nline"])
def test_an_odd_path_of_a_project_is_as_good_as_any(built: Path, tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(built, tmp_path / name, symlinks=True))
    assert cxid("query", "SELECT count(*) FROM golden_customer", "-f", "csv", "-C", folder).code == 0
    if name in ("gl[o]b*", "quo'te"):
        assert cxid("build", "--force", "-q", "-C", folder).code == 0


def test_an_error_of_a_query_quotes_the_query_and_not_the_data(built: Path) -> None:
    done = cxid("query", "SELECT CAST(family_name AS INT) FROM golden_customer", "-C", built)
    assert done.code == 2
    assert "Could not convert string '…'" in done.err
    done = cxid("query", "SELECT CAST('12x' AS INT)", "-C", built)
    assert "'12x'" in done.err

"""Files that are no data, or bad data: init says so plainly and goes on with the rest."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from cxid.config.guess import guess_config, render_yaml
from cxid.config.loading import parse_config
from cxid.errors import InputError
from tests.functional.guess_files import people, write_csv

ROWS: list[list[object]] = [[p.number, p.given, p.family, p.email] for p in people("en", 60)]
HEADER = ["id", "first_name", "last_name", "email"]

BAD = [
    ("empty.csv", b"", "empty"),
    ("blank.csv", b"\n\n\n", "empty"),
    ("junk.csv", bytes(range(256)) * 40, "no text"),
    ("header_only.csv", b"id,name,email\n", "no row"),
    ("numbers.csv", b"1,200,3.5\n2,300,4.5\n3,400,5.5\n", "no header line"),
    ("double.csv", b"name,name,email\na,b,c@mail.example\n", "columns 1 and 2"),
    ("one_column.csv", b"word\nred\ngreen\nblue\n", "single column"),
    ("cut.csv.gz", gzip.compress(b"email,name\n" + os.urandom(50_000).hex().encode())[:-20], "cannot be read"),
    ("not_packed.csv.gz", b"email,name\n", "cannot be read"),
    ("cut.csv.zst", b"\x28\xb5\x2f\xfd\x04", "cannot be read"),
    ("torn.parquet", b"PAR1 and nothing else", "cannot be read"),
    ("list.jsonl", b"[1,2]\n[3]\n", "not JSON objects"),
    ("truth.csv", b"record_id,cluster\n1,2\n2,2\n", "answer"),
    ("photo.png", b"\x89PNG", "not a kind of file"),
    ("sheet.XLSX", b"PK", "save each of its sheets as CSV"),
    ("document.json", b'[\n  {"email": "ann@x.example"}\n]', "one object a line"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "why"), BAD, ids=[n for n, _, _ in BAD])
def test_a_file_that_cannot_be_used_is_left_out_with_the_reason(
    tmp_path: Path, name: str, data: bytes, why: str
) -> None:
    (tmp_path / name).write_bytes(data)
    write_csv(tmp_path / "crm.csv", HEADER, ROWS)
    guess = guess_config([tmp_path], root=tmp_path)
    assert set(guess.config["sources"]) == {"crm"}
    [left] = [x for x in guess.left_out if not x.column]
    assert left.source.endswith(name)
    assert why in left.why


def test_when_no_file_can_be_used_the_error_says_why(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    with pytest.raises(InputError, match="empty") as caught:
        guess_config([tmp_path], root=tmp_path)
    assert caught.value.hint


def test_no_value_of_the_data_stands_in_the_config_or_the_evidence(tmp_path: Path) -> None:
    write_csv(tmp_path / "crm.csv", HEADER, ROWS)
    (tmp_path / "no_header.csv").write_text("Ann,Smith,secret@mail.example\nBob,Jones,other@mail.example\n")
    guess = guess_config([tmp_path], root=tmp_path)
    said = render_yaml(guess) + repr(guess)
    assert not [v for row in ROWS for v in row[1:] if isinstance(v, str) and len(v) > 4 and v in said]
    assert "secret" not in said


NAMES = [
    '"; drop table x; --',
    "a: b # c",
    "naïve [col]",
    "{x}",
    "- dash",
    "tab\there",
    "true",
    "01234",
    "été",
    "'quoted'",
    "é\u202e",
    "x" * 300,
]


def test_hostile_column_names_come_back_from_the_config_as_they_are(tmp_path: Path) -> None:
    rows: list[list[object]] = [[*row, *(f"{i}{row[0]}" for i in range(len(NAMES)))] for row in ROWS]
    write_csv(tmp_path / "crm.csv", [*HEADER, *NAMES], rows)
    guess = guess_config([tmp_path], root=tmp_path)
    config = parse_config(render_yaml(guess).encode(), tmp_path / "cxid.yml", env={})
    mapped = {n for c in config.sources["crm"].columns.values() for n in c.from_}  # type: ignore[union-attr]
    assert set(NAMES) <= mapped


def test_a_column_without_a_name_is_passed_over(tmp_path: Path) -> None:
    write_csv(tmp_path / "crm.csv", ["", *HEADER], [[i, *row] for i, row in enumerate(ROWS)])
    source = guess_config([tmp_path], root=tmp_path).config["sources"]["crm"]
    assert source["key"] == "id"
    assert "" not in source["columns"].values()


def test_one_letter_that_is_not_utf_8_at_the_end_of_a_long_file_decides_the_encoding(tmp_path: Path) -> None:
    body = b"".join(b"%d,Ann,Smith,a%d@mail.example\n" % (i, i) for i in range(60_000))
    (tmp_path / "crm.csv").write_bytes(
        b"id,first_name,last_name,email\n" + body + "60000,Zoë,Müller,z@mail.example\n".encode("cp1252")
    )
    assert guess_config([tmp_path], root=tmp_path).config["sources"]["crm"]["encoding"] == "latin-1"


def test_a_euro_sign_of_windows_is_cp1252_and_an_old_dos_file_is_cp850(tmp_path: Path) -> None:
    for name, codec, city in (("shop", "cp1252", "Köln – Süd €"), ("till", "cp850", "Köln Süd")):
        write_csv(tmp_path / f"{name}.csv", [*HEADER, "city"], [[*row, city] for row in ROWS], encoding=codec)
    sources = guess_config([tmp_path], root=tmp_path).config["sources"]
    assert (sources["shop"]["encoding"], sources["till"]["encoding"]) == ("cp1252", "cp850")


def test_a_name_with_signs_of_globs_is_one_file(tmp_path: Path) -> None:
    write_csv(tmp_path / "we[ird]*.csv", HEADER, ROWS)
    guess = guess_config([tmp_path / "we[ird]*.csv"], root=tmp_path)
    assert next(iter(guess.config["sources"].values()))["path"] == "we[ird]*.csv"


def test_the_same_files_give_the_same_config_in_any_order(tmp_path: Path) -> None:
    write_csv(tmp_path / "b.csv", HEADER, ROWS)
    write_csv(tmp_path / "a.csv", HEADER, ROWS[::-1])
    one = guess_config([tmp_path / "a.csv", tmp_path / "b.csv"], root=tmp_path)
    two = guess_config([tmp_path / "b.csv", tmp_path / "a.csv"], root=tmp_path)
    assert render_yaml(one) == render_yaml(two)

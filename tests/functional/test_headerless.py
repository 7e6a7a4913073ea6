"""Files without a header line: init names their columns by what they hold, and the build reads every line."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from cxid.config.guess.project import guess_config
from cxid.config.guess.render import render_yaml
from cxid.config.guess.sample import sample_file
from cxid.config.loading import parse_config
from cxid.errors import InputError
from tests.functional.guess_files import people
from tests.reference.sources_runner import run_sources

NAMES = ["id", "given_name", "family_name", "email", "birth_date", "city"]
CITIES = ["London", "Leeds", "Bristol", "Manchester", "Liverpool", "Birmingham", "Sheffield", "Glasgow"]
LINES = [
    f"k{p.number:04d},{p.given},{p.family},{p.email},{p.born('{y}-{m:02d}-{d:02d}')},{CITIES[p.number % 8]}"
    for p in people("en", 120)
]
TEXT = "".join(f"{line}\n" for line in LINES)

WRITTEN: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "commas": ("crm.csv", str.encode),
    "semicolons": ("crm.csv", lambda t: t.replace(",", ";").encode()),
    "tabs": ("crm.tsv", lambda t: t.replace(",", "\t").encode()),
    "bars": ("crm.txt", lambda t: t.replace(",", "|").encode()),
    "gzip": ("crm.csv.gz", lambda t: gzip.compress(t.encode())),
    "zstandard and tabs": ("crm.tsv.zst", lambda t: zstandard.compress(t.replace(",", "\t").encode())),
    "CRLF and a mark": ("crm.csv", lambda t: b"\xef\xbb\xbf" + t.replace("\n", "\r\n").encode()),
    "utf-16": ("crm.csv", lambda t: t.encode("utf-16")),
    "all values quoted": ("crm.csv", lambda t: "".join(
        ",".join(f'"{c}"' for c in line.split(",")) + "\n" for line in t.splitlines()).encode()),
    "a line that says the delimiter": ("crm.csv", lambda t: b"sep=;\n" + t.replace(",", ";").encode()),
}  # fmt: skip


@pytest.mark.parametrize("how", WRITTEN)
def test_init_names_the_columns_and_the_build_reads_every_row(tmp_path: Path, how: str) -> None:
    name, write = WRITTEN[how]
    (tmp_path / name).write_bytes(write(TEXT))
    guess = guess_config([tmp_path], root=tmp_path)
    source = guess.config["sources"]["crm"]
    assert (source["header"], source["kind"], source["key"]) == (NAMES, "people", "id")
    assert {"given_name", "family_name", "email", "birth_date", "city"} <= set(source["columns"])
    text = render_yaml(guess)
    assert "(?) the file has no header line" in text and "by its header" not in text
    config = parse_config(text.encode(), tmp_path / "cxid.yml", env={})
    assert config.sources["crm"].header == tuple(NAMES)
    read = run_sources(tmp_path, text[text.index("sources:") + len("sources:\n") :])
    above = how.startswith("a line that says")
    assert read.ledger() == [(name, 120 + above, int(above), 120, 0, 0, 0)]
    keys = read.rows("SELECT record_key FROM record ORDER BY record_no")
    assert keys == [(f"k{p.number:04d}",) for p in people("en", 120)]


SOURCE = (
    "  crm: {path: crm.csv, kind: people, key: id, header: [id, name, city], columns: {given_name: name, city: city}}"
)
GOOD = [f"{i},Ann{i},Rome" for i in range(1, 41)]


def _with(line: int, text: str) -> list[str]:
    return [*GOOD[: line - 1], text, *GOOD[line:]]


ROWS: dict[str, tuple[list[str], list[tuple[int, str]], int]] = {
    "clean": (GOOD, [], 40),
    "the first line too short": (_with(1, "1,Ann"), [(1, "too_few_columns")], 39),
    "a line too long": (_with(7, "7,Ann,Rome,x"), [(7, "too_many_columns")], 39),
    "an open quote": (_with(7, '7,"Ann,Rome'), [(7, "bad_quote")], 39),
    "line breaks in a value, then a short row": ([*_with(3, '3,"A\nB",Rome'), "x"], [(42, "too_few_columns")], 40),
    "blank lines above": (["", "", *_with(2, "x")], [(4, "too_few_columns")], 39),
    "a row without its key": (_with(5, ",Ann,Rome"), [(5, "missing_key")], 39),
    "delimiters at the end of every line hold nothing": ([f"{line}," for line in GOOD], [], 40),
}


@pytest.mark.parametrize("case", ROWS)
def test_rejected_rows_are_told_by_their_line_of_the_file(tmp_path: Path, case: str) -> None:
    lines, rejected, accepted = ROWS[case]
    (tmp_path / "crm.csv").write_text("".join(f"{line}\n" for line in lines))
    read = run_sources(tmp_path, f"{SOURCE}\n")
    assert [(line, reason) for _, line, reason, _ in read.quarantine()] == rejected
    assert [(f[2], f[3]) for f in read.ledger()] == [(0, accepted)]


REFUSED = [
    ("crm.csv", "\n".join(["ID,Name,City", *GOOD]), "crm.csv: its first line is a header"),
    ("crm.csv", "\n".join(f"{line},x" for line in GOOD), "its rows have 4 values, the `header` in the config names 3"),
    ("crm.csv", "\n".join(line.replace(",", ";") for line in GOOD), "its rows have 1 value, the `header`"),
    ("crm.jsonl", '{"id": 1}\n', "only CSV files can lack a header, and this is jsonl"),
]


@pytest.mark.parametrize(("name", "text", "why"), REFUSED, ids=["a header", "wider", "another delimiter", "no CSV"])
def test_a_header_that_does_not_fit_its_file_is_refused(tmp_path: Path, name: str, text: str, why: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError) as raised:
        run_sources(tmp_path, SOURCE.replace("crm.csv", name))
    assert why in str(raised.value) and "Ann" not in str(raised.value)


FIRST_LINES = [
    # first line, later lines alike, whether it is a header
    ("Anna,Smith,London", "Peter,Jones,Leeds;Mary,Smith,London;Anna,Brown,York;John,Hall,London;Mary,Hall,Bath", False),
    ("r0001,12 High St,AB1 2CD", "r0002,3 Low Rd,ZZ9 9ZZ;r0003,8 The Lane,AB1 3CD;r0004,1 Moor,AB2 2XD", False),
    ("1,200,3.5", "2,300,4.5;3,400,5.5", False),
    ("id,2021,2022,2023", "1,3,4,5;2,6,7,8", True),
    ("id,2021", "1,3;2,6", True),
    ("name,city", "Anna,London;Peter,York", True),
    ("customer no 1,name", "17,Anna;18,Peter", True),
    ("kunde,ort,plz", "Anna,Bonn,53111;Uwe,Ulm,89073", True),
    ("2024-01-01,a1,9.5", "2024-01-02,a2,7;2024-01-03,a7,8", False),
    ("NULL,a@b.example,x", "7,c@d.example,y;8,e@f.example,z", False),
]


@pytest.mark.parametrize(("first", "rest", "header"), FIRST_LINES, ids=[f for f, _, _ in FIRST_LINES])
def test_a_first_line_is_data_where_it_looks_as_the_lines_below(
    tmp_path: Path, first: str, rest: str, header: bool
) -> None:
    (tmp_path / "f.csv").write_text("\n".join([first, *(rest.split(";") * 3)]) + "\n")
    found = sample_file(tmp_path / "f.csv")
    assert found.has_header is header
    assert len(found.rows) == 3 * len(rest.split(";")) + (not header)


def test_parts_of_a_file_that_was_cut_take_the_header_of_the_first(tmp_path: Path) -> None:
    half = len(LINES) // 2
    (tmp_path / "crm_1.csv").write_text("\n".join(["no,vorname,nachname,mail,geboren,ort", *LINES[:half]]) + "\n")
    (tmp_path / "crm_2.csv").write_text("\n".join(LINES[half:]) + "\n")
    sources = guess_config([tmp_path], root=tmp_path).config["sources"]
    first, second = sources.values()
    assert "header" not in first
    assert second["header"] == ["no", "vorname", "nachname", "mail", "geboren", "ort"]
    assert first["columns"] == second["columns"]


def test_purchases_without_a_header_are_read_beside_their_people(tmp_path: Path) -> None:
    (tmp_path / "crm.csv").write_text("\n".join(["id,first_name,last_name,email,dob,city", *LINES]) + "\n")
    bought = [f"o{i},k{1 + i % 110:04d},2026-0{1 + i % 9}-1{i % 9} 10:0{i % 10}:00,{i % 40}.95" for i in range(300)]
    (tmp_path / "orders.csv").write_text("\n".join(bought) + "\n")
    orders = guess_config([tmp_path], root=tmp_path).config["sources"]["orders"]
    assert orders["kind"] == "transactions"
    assert orders["header"] == ["id", "column_2", "time", "amount"]
    assert list(orders["ids"].values()) == ["column_2"]

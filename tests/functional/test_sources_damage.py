"""Damaged and odd files: each kind of damage, and the line or the error that it comes to."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from cxid.errors import GateError, InputError
from tests.reference.sources_runner import run_sources

GOOD = "id,name,city\n" + "".join(f"{i},Ann{i},Rome\n" for i in range(1, 41))
CRM = "  crm: {path: %s, kind: people, key: id, columns: {given_name: name, city: city}%s}"


def _with(line: int, text: str) -> bytes:
    """GOOD with physical line `line` replaced."""
    lines = GOOD.split("\n")
    lines[line - 1] = text
    return "\n".join(lines).encode()


def _flipped(data: bytes) -> bytes:
    """One bit in the middle changed."""
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 8]) + data[middle + 1 :]


# name -> (bytes, config more, [(line, reason)], (accepted, newlines, rejected, blank))
ROWS: dict[str, tuple[bytes, str, list[tuple[int, str]], tuple[int, int, int, int]]] = {
    "clean": (GOOD.encode(), "", [], (40, 0, 0, 0)),
    "no newline at the end": (GOOD.rstrip("\n").encode(), "", [], (40, 0, 0, 0)),
    "blank lines at the end": ((GOOD + "\n\n").encode(), "", [], (40, 0, 0, 2)),
    "blank line in the middle, then a short row": (_with(10, "") + b"x\n", "", [(42, "too_few_columns")], (39, 0, 1, 1)),
    "blank lines above the header": (b"\n\n" + GOOD.encode(), "", [], (40, 0, 0, 2)),
    "too few columns": (_with(7, "6,Ann6"), "", [(7, "too_few_columns")], (39, 0, 1, 0)),
    "too many columns": (_with(7, "6,Ann6,Rome,x"), "", [(7, "too_many_columns")], (39, 0, 1, 0)),
    "delimiters at the end hold nothing": (_with(7, "6,Ann6,Rome,,"), "", [], (40, 0, 0, 0)),
    "white space alone": (_with(7, "   "), "", [(7, "too_few_columns")], (39, 0, 1, 0)),
    "unclosed quote": (_with(7, '6,"Ann6,Rome'), "", [(7, "bad_quote")], (39, 0, 1, 0)),
    "unclosed quote in the last line": (_with(41, '40,"Ann,Rome'), "", [(41, "bad_quote")], (39, 0, 1, 0)),
    "text after a closing quote": (_with(7, '6,"Ann"6,Rome'), "", [(7, "bad_quote")], (39, 0, 1, 0)),
    "an open quote closed many rows later": (
        _with(7, '6,"Ann6,Rome').replace(b"20,Ann20,Rome", b'20,5",Rome'), "", [(7, "bad_quote")], (39, 0, 1, 0),
    ),
    "quote inside an unquoted value": (_with(7, '6,5" pipe,Rome'), "", [], (40, 0, 0, 0)),
    "line breaks in a value": (_with(7, '6,"Ann\nB\n\nC",Rome'), "", [], (40, 3, 0, 0)),
    "a short row after line breaks": (_with(7, '6,"A\nB",Rome\nshort'), "", [(9, "too_few_columns")], (40, 1, 1, 0)),
    "a row with line breaks and too many columns": (_with(7, '6,"A\nB",Rome,x'), "", [(7, "too_many_columns")], (39, 0, 2, 0)),
    "CRLF": (GOOD.replace("\n", "\r\n").encode(), "", [], (40, 0, 0, 0)),
    "CR": (GOOD.replace("\n", "\r").encode(), "", [], (40, 0, 0, 0)),
    "mixed line ends": (GOOD.replace("\n", "\r\n", 9).replace("Rome\n2", "Rome\r2").encode(), "", [], (40, 0, 0, 0)),
    "byte order mark": (b"\xef\xbb\xbf" + GOOD.encode(), "", [], (40, 0, 0, 0)),
    "utf-16 with mark": (GOOD.encode("utf-16"), ", encoding: utf-16", [], (40, 0, 0, 0)),
    "utf-16-be without mark": (GOOD.encode("utf-16-be"), ", encoding: utf-16-be", [], (40, 0, 0, 0)),
    "latin-1": (GOOD.replace("Ann7", "Zoé").encode("latin-1"), ", encoding: latin-1", [], (40, 0, 0, 0)),
    "cp1252": (GOOD.replace("Ann7", "Zo€").encode("cp1252"), ", encoding: cp1252", [], (40, 0, 0, 0)),
    "one byte that is not utf-8": (_with(7, "6,Ann,Rome").replace(b"5,Ann5", b"5,\xff"), "", [(6, "bad_encoding")], (39, 0, 1, 0)),
    "half a character of utf-16": (GOOD.encode("utf-16-le")[:-1], ", encoding: utf-16-le", [(41, "bad_encoding")], (39, 0, 1, 0)),
    "a line of five million bytes": (_with(7, "6," + "x" * 5_000_000 + ",Rome"), "", [(7, "line_too_long")], (39, 0, 1, 0)),
    "NUL inside a value": (_with(7, "6,An\0n,Rome"), "", [], (40, 0, 0, 0)),
    "semicolons": (GOOD.replace(",", ";").encode(), ", delimiter: ';'", [], (40, 0, 0, 0)),
    "tabs and no quotes": (_with(7, '6,"Ann,Rome').replace(b",", b"\t"), ', delimiter: "\\t", quote: ""', [], (40, 0, 0, 0)),
    "a delimiter outside ASCII": (GOOD.replace(",", "¦").encode("latin-1"), ", delimiter: '¦', encoding: latin-1", [], (40, 0, 0, 0)),
    "backslash before a quote": (_with(7, '6,"A \\"n\\" n",Rome'), ", escape: '\\'", [], (40, 0, 0, 0)),
    "header over two lines": (b'"id",name,"ci\nty",city\n' + b"1,a,b,c\n" * 1, "", [], (1, 0, 0, 0)),
    "gzip": (gzip.compress(GOOD.encode()), "", [], (40, 0, 0, 0)),
    "two gzip members": (gzip.compress(GOOD[:99].encode()) + gzip.compress(GOOD[99:].encode()), "", [], (40, 0, 0, 0)),
    "zstandard in two frames": (zstandard.compress(GOOD[:99].encode()) + zstandard.compress(GOOD[99:].encode()), "", [], (40, 0, 0, 0)),
    "missing key": (_with(7, ",Ann6,Rome"), "", [(7, "missing_key")], (39, 0, 1, 0)),
    "missing key after line breaks": (_with(7, '6,"A\nB",Rome\n,"x\ny",Rome'), "", [(9, "missing_key")], (40, 1, 2, 0)),
    "the same row twice": (GOOD.encode() + b"6,Ann6,Rome\n", "", [(42, "duplicate_row")], (40, 0, 1, 0)),
    "the same key twice": (GOOD.encode() + b"6,,Rome\n", "", [(42, "duplicate_key")], (40, 0, 1, 0)),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_damage_costs_its_own_lines_and_no_others(tmp_path: Path, name: str) -> None:
    data, more, rejects, counts = ROWS[name]
    (tmp_path / "crm.csv").write_bytes(data)
    outcome = run_sources(tmp_path, CRM % ("crm.csv", more))
    assert [(line, reason) for _, line, reason, _ in outcome.quarantine()] == rejects
    [(_, physical, header, *rest)] = outcome.ledger()
    assert tuple(rest) == counts
    assert physical == header + sum(rest)
    assert outcome.engine.count("record") == counts[0]


# name -> (file name, bytes, config more, part of the message, part of the hint)
ERRORS: dict[str, tuple[str, bytes | Callable[[Path], None], str, str, str]] = {
    "empty file": ("a.csv", b"", "", "a.csv: the file is empty", "export"),
    "blank lines only": ("a.csv", b"\n\n\n", "", "only blank lines", "export"),
    "truncated gzip": ("a.csv.gz", gzip.compress(GOOD.encode() * 50)[:-40], "", "ends too early", "again"),
    "damaged gzip": ("a.csv.gz", gzip.compress(GOOD.encode())[:-6] + b"123456", "", "damaged", "again"),
    "truncated zstandard": ("a.csv.zst", zstandard.compress(GOOD.encode() * 50)[:-10], "", "ends too early", "again"),
    "damaged zstandard": ("a.csv.zst", _flipped(zstandard.ZstdCompressor(write_checksum=True).compress(GOOD.encode())), "", "damaged", "again"),
    "not gzip": ("a.csv.gz", GOOD.encode(), "", "not compressed", "rename"),
    "a zip archive": ("a.csv", b"PK\x03\x04" + b"x" * 99, "", "zip archive", "CSV"),
    "Parquet named csv": ("a.csv", b"PAR1" + b"x" * 99, "", "a Parquet file", "parquet"),
    "text named Parquet": ("a.parquet", GOOD.encode(), "", "a.parquet: not a readable Parquet file", "again"),
    "header named twice": ("a.csv", GOOD.replace("city", "name", 1).encode(), "", 'names "name" twice', "rename"),
    "missing column": ("a.csv", GOOD.replace("name", "Nmae", 1).encode(), "", 'no column "name", did you mean "Nmae"', "crm"),
    "another delimiter": ("a.csv", GOOD.replace(",", ";").encode(), "", "not separated", 'delimiter: ";"'),
    "utf-16 read as utf-8": ("a.csv", GOOD.encode("utf-16"), "", "not readable as utf-8", "encoding: utf-16"),
    "utf-16 without a mark": ("a.csv", GOOD.encode("utf-16-le"), "", "not readable as utf-8", "encoding: utf-16-le"),
    "utf-8 read as utf-16": ("a.csv", GOOD.encode(), ", encoding: utf-16", "", "encoding: utf-8"),
    "latin-1 read as utf-8": ("a.csv", GOOD.replace("Rome", "Köln").encode("latin-1"), "", "are not valid utf-8", "encoding: cp1252"),
    "an open quote in the header": ("a.csv", b'id,"name,city\n1,2,3\n', "", "is no header", "quote"),
    "header only": ("a.csv", b"id,name,city\n", "", "source crm: a header and no rows in a.csv", "export it again"),
}  # fmt: skip


@pytest.mark.parametrize("name", ERRORS)
def test_a_file_that_cannot_be_trusted_is_an_error_that_says_what_to_do(tmp_path: Path, name: str) -> None:
    file, data, more, message, hint = ERRORS[name]
    assert isinstance(data, bytes)
    (tmp_path / file).write_bytes(data)
    error = run_sources(tmp_path, CRM % (file, more), catch=True).error
    assert isinstance(error, InputError), error
    assert message in error.message
    assert hint in error.hint
    assert "Ann" not in error.message + error.hint


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
def test_one_bad_quote_in_a_hundred_thousand_rows_costs_one_row(tmp_path: Path, suffix: str) -> None:
    rows = [f'{i},"Ann, {i}",Rome' if i % 2 else f"{i},Bo{i},Oslo" for i in range(100_000)]
    rows[50_001] = '50001,"Ann,Rome'
    data = ("id,name,city\n" + "\n".join(rows)).encode()
    pack = {"": bytes, ".gz": gzip.compress, ".zst": zstandard.compress}[suffix]
    (tmp_path / f"crm.csv{suffix}").write_bytes(pack(data))
    outcome = run_sources(tmp_path, CRM % (f"crm.csv{suffix}", ""))
    assert outcome.quarantine() == [(f"crm.csv{suffix}", 50_003, "bad_quote", "")]
    assert outcome.engine.count("record") == 99_999


def _parquet(path: Path, rows: int = 5_000) -> bytes:
    table = pa.table(
        {"id": range(rows), "name": [f"Ann{i * 7919 % rows}" for i in range(rows)], "city": ["Rome"] * rows}
    )
    pq.write_table(table, path, write_page_checksum=True, use_dictionary=False)
    return path.read_bytes()


def test_a_damaged_or_truncated_parquet_file_is_never_read_short(tmp_path: Path) -> None:
    path = tmp_path / "crm.parquet"
    whole = _parquet(path)
    for bad in (
        whole[:-100],
        whole[: len(whole) // 2],
        whole[:2000] + bytes([whole[2000] ^ 4]) + whole[2001:],
        whole[:30],
    ):
        path.write_bytes(bad)
        error = run_sources(tmp_path, CRM % ("crm.parquet", ""), catch=True).error
        assert isinstance(error, InputError)
        assert "crm.parquet: not a readable Parquet file" in error.message
    path.write_bytes(whole)
    assert run_sources(tmp_path, CRM % ("crm.parquet", "")).engine.count("record") == 5_000


def test_bad_json_lines_go_to_quarantine(tmp_path: Path) -> None:
    good = [f'{{"id": {i}, "name": "Ann", "city": "Rome"}}' for i in range(50)]
    bad = ['{"id": 1', "[1, 2]", '{"id": NaN}', '{"id": "\\ud800"}', "42", "[" * 50_000]
    lines = [*good, "", *bad, '{"id": 99, "x": "\\ud83d\\ude00"}']
    (tmp_path / "crm.jsonl").write_text("\n".join(lines))
    outcome = run_sources(tmp_path, CRM % ("crm.jsonl", ", quarantine_max: 50%"))
    assert [(line, reason) for _, line, reason, _ in outcome.quarantine()] == [(52 + i, "bad_json") for i in range(6)]
    assert outcome.ledger() == [("crm.jsonl", 58, 0, 51, 0, 6, 1)]


def test_missing_files_and_columns_of_every_source_are_told_at_once(tmp_path: Path) -> None:
    _parquet(tmp_path / "b.parquet", 10)
    (tmp_path / "d").mkdir()
    config = (
        "  a: {path: no.csv, kind: people, key: id, columns: {city: c}}\n"
        "  b: {path: b.parquet, kind: people, key: id, columns: {city: cty}}\n"
        "  c: {path: 'no/*.csv', kind: people, key: id, columns: {city: c}}\n"
        "  d: {path: d, kind: people, key: id, columns: {city: c}}"
    )
    error = run_sources(tmp_path, config, catch=True).error
    assert isinstance(error, InputError)
    assert error.message.split("\n") == [
        "no.csv: no such file",
        'b.parquet: no column "cty", did you mean "city"?',
        "no/*.csv: no file matches",
        "d: is a folder, not a file",
    ]


def test_too_many_rejects_stop_the_build_and_can_be_looked_at(tmp_path: Path) -> None:
    (tmp_path / "crm.csv").write_bytes(_with(7, "short") + b",x,y\n,x,y\n1,other,Rome\n")
    outcome = run_sources(tmp_path, CRM % ("crm.csv", ""), catch=True)
    assert isinstance(outcome.error, GateError)
    assert outcome.error.message == (
        "source crm: 4 of 43 rows rejected (9.3%, limit 5.0%): missing_key 2, duplicate_key 1, too_few_columns 1; the first at crm.csv:2"
        if ("crm.csv", 2, "duplicate_key", "id") in outcome.quarantine()
        else "source crm: 4 of 43 rows rejected (9.3%, limit 5.0%): missing_key 2, duplicate_key 1, too_few_columns 1; the first at crm.csv:7"
    )
    assert len(outcome.quarantine()) == 4
    assert run_sources(tmp_path, CRM % ("crm.csv", ", quarantine_max: 10%")).error is None


WRONG = {  # config of the time or amount -> what the hint says
    "time: t, amount: a": 'format: "%d/%m/%Y"',
    "time: {from: t, format: '%m-%d-%Y'}, amount: a": 'format: "%d/%m/%Y"',
    "time: {from: t, format: '%d/%m/%Y'}, amount: a": 'amount: {from: a, decimal: ","}',
    "time: e, amount: {from: a, decimal: ','}": 'format: "epoch_ms"',
}


@pytest.mark.parametrize("roles", WRONG)
def test_one_cause_behind_most_rejects_is_named(tmp_path: Path, roles: str) -> None:
    rows = [f"{i % 28 + 1:02}/03/2024;1709288430{i:03};{i},50" for i in range(40)]
    (tmp_path / "f.csv").write_text("\n".join(["t;e;a", *rows]))
    outcome = run_sources(
        tmp_path, f"  e: {{path: f.csv, kind: transactions, delimiter: ';', ids: {{c: e}}, {roles}}}", catch=True
    )
    assert isinstance(outcome.error, InputError)
    assert WRONG[roles] in outcome.error.hint
    assert outcome.engine.count("quarantine") == 40


def test_columns_in_another_order_and_of_any_name_are_found_by_name(tmp_path: Path) -> None:
    evil = '"; drop table x; --'
    (tmp_path / "a1.csv").write_text(f'id,"{evil.replace(chr(34), chr(34) * 2)}",city\n1,Ann,Rome\n')
    (tmp_path / "a2.csv").write_text(f' city ,id,more,"{evil.replace(chr(34), chr(34) * 2)}"\nOslo,2,x,Bo\n')
    config = f"  crm: {{path: a*.csv, kind: people, key: id, columns: {{given_name: '{evil}', city: city}}}}"
    outcome = run_sources(tmp_path, config)
    assert outcome.rows("SELECT record_key, given_name, city FROM record ORDER BY record_no") == [
        ("1", "Ann", "Rome"),
        ("2", "Bo", "Oslo"),
    ]
    (tmp_path / "a3.csv").write_text("id,city\n3,Rome\n")
    error = run_sources(tmp_path, config, catch=True).error
    assert isinstance(error, InputError)
    assert error.message.startswith("a3.csv: no column")


def test_a_name_with_glob_signs_is_meant_literally_and_links_are_followed(tmp_path: Path) -> None:
    (tmp_path / "we[ird]*.csv").write_text("id,city\n1,Rome\n")
    (tmp_path / "link.csv").symlink_to(tmp_path / "we[ird]*.csv")
    for path in ("'we[ird]*.csv'", "link.csv"):
        outcome = run_sources(tmp_path, f"  crm: {{path: {path}, kind: people, key: id, columns: {{city: city}}}}")
        assert outcome.rows("SELECT record_key FROM record") == [("1",)]


def test_events_without_rows_are_a_warning_and_a_register_without_people_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,city\n")
    (tmp_path / "b.csv").write_text("id,city\n1,Rome\n")
    people = "  %s: {path: %s.csv, kind: people, key: id, columns: {city: city}}\n"
    error = run_sources(tmp_path, people % ("a", "a") + people % ("b", "b"), catch=True).error
    assert isinstance(error, InputError)
    assert error.message == "source a: a header and no rows in a.csv"
    config = "  a: {path: a.csv, kind: events, time: id, ids: {card: city}}\n" + people % ("b", "b")
    outcome = run_sources(tmp_path, config)
    assert outcome.reporter.warnings == [("no_rows", "source a: a.csv has a header and no rows")]
    assert outcome.ledger() == [("a.csv", 1, 1, 0, 0, 0, 0), ("b.csv", 2, 1, 1, 0, 0, 0)]

"""The writer of extracts: quoting, encodings, compression, and where broken rows come to stand."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path

import numpy as np
import pytest

from cxid.demo import writing
from cxid.demo.writing import Broken, Dialect, Ledger, numbered, stamp, write_csv, write_json_lines

TEXTS = ["plain", 'with "quotes"', "a,b;c", "two\nlines", "", "Ärger – naïve"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_csv_reader_gets_back_what_was_written(tmp_path: Path, delimiter: str, encoding: str) -> None:
    write_csv(Ledger(tmp_path), tmp_path / "x.csv", {"n": np.arange(6), "t": TEXTS}, Dialect(delimiter, encoding))
    with (tmp_path / "x.csv").open(encoding=encoding, newline="") as file:
        rows = list(csv.reader(file, delimiter=delimiter))
    assert rows == [["n", "t"], *([str(i), t] for i, t in enumerate(TEXTS))]


def test_utf_16_has_one_mark_however_many_chunks_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "CHUNK", 2)
    dialect = Dialect(";", "utf-16-le", b"\xff\xfe")
    write_csv(Ledger(tmp_path), tmp_path / "x.csv", {"a": ["1", "2", "3"], "b": ["x", "y", "z"]}, dialect)
    assert (tmp_path / "x.csv").read_bytes().decode("utf-16") == "a;b\n1;x\n2;y\n3;z\n"


def test_gzip_holds_no_time_so_two_files_are_alike(tmp_path: Path) -> None:
    for name in ("a", "b"):
        path = tmp_path / f"{name}.csv.gz"
        write_csv(Ledger(tmp_path), path, {"a": TEXTS, "b": TEXTS}, Dialect(compression="gzip"))
    assert (tmp_path / "a.csv.gz").read_bytes() == (tmp_path / "b.csv.gz").read_bytes()
    with gzip.open(tmp_path / "a.csv.gz", "rt", newline="") as file:
        assert [row[0] for row in csv.reader(file)] == ["a", *TEXTS]


@pytest.mark.parametrize("chunk", [1, 2, 3, 100])
def test_broken_rows_are_noted_at_their_physical_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(writing, "CHUNK", chunk)
    ledger = Ledger(tmp_path)
    broken = [Broken(3, "late", "r3"), Broken(0, "early", "r1"), Broken(3, "later", "r4"), Broken(1, "mid", "r2")]
    columns = {"a": ["1", "2\n2", "3", "4"], "b": ["w", "x", "y\ny\ny", "z"]}
    write_csv(ledger, tmp_path / "x.csv", columns, Dialect(), ("shop", broken))
    lines = (tmp_path / "x.csv").read_text().split("\n")
    found = {reason: lines[line - 1] for source, file, line, reason in ledger.broken}
    assert found == {"r1": "early", "r2": "mid", "r3": "late", "r4": "later"}
    assert {(source, file) for source, file, _, _ in ledger.broken} == {("shop", "x.csv")}
    assert [f.rows for f in ledger.files] == [4]


def test_json_lines_leave_out_what_is_missing(tmp_path: Path) -> None:
    columns = {"t": ['a "b" \\ c', None, "x\ny"], "n": np.array([1, 2, 3])}
    write_json_lines(Ledger(tmp_path), tmp_path / "x.jsonl", columns)
    rows = [json.loads(line) for line in io.StringIO((tmp_path / "x.jsonl").read_text())]
    assert rows == [{"t": 'a "b" \\ c', "n": 1}, {"n": 2}, {"t": "x\ny", "n": 3}]


def test_keys_and_times_are_written_at_a_fixed_width() -> None:
    assert numbered("w", [7, 12345], 4).to_pylist() == ["w0007", "w12345"]
    assert stamp([0, 86_399]).to_pylist() == ["1970-01-01 00:00:00", "1970-01-01 23:59:59"]

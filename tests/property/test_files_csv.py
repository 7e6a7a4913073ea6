"""CSV files of any shape: the engine's path and the splitter's path agree with a reader that goes by character."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxid.config.model import PeopleSource
from cxid.engine.duckdb import DuckDBEngine
from cxid.files.dialect import Dialect, plain_dialect
from cxid.files.splitter import Splitter
from cxid.files.text import plain_text
from cxid.stages.context import StageContext
from cxid.stages.sources.located import LocatedSource, SourceFile
from cxid.stages.sources.reading import RAW, SourceReader
from tests.reference.csv_oracle import Read, read_csv

HEADERS = {1: "c", 2: "c,d", 3: "c,d,e"}
FIELD = st.sampled_from(
    ["", "a", "bc", '"q"', '""', '"x,y"', '"l1\nl2"', '"a""b"', 'in"side', ' "s" ', "é", '"\n\n"', '"open', 'x"']
)
LINE = st.lists(FIELD, min_size=1, max_size=4).map(",".join)
TEXT = st.one_of(
    st.lists(st.one_of(LINE, st.just("")), max_size=12).map("\n".join),
    st.text(alphabet='a," \n', max_size=40),
)
SIGNS = [(",", '"'), (",", '"'), (";", "'"), ("\t", '"'), ("|", ""), ("§", '"'), (" ", '"'), (",", "«")]


def _trimmed(read: Read) -> list[tuple[int, tuple[str | None, ...]]]:
    return [(line, tuple(v or None for v in values)) for line, values in read.rows]


def _by_splitter(path: Path, width: int, block: int) -> tuple[list[tuple[int, tuple[str | None, ...]]], Splitter]:
    splitter = Splitter(path, Dialect(), width, range(width), block=block)
    rows = []
    for table in splitter.tables():
        for row in table.to_pylist():
            rows.append((row["line"], tuple(row[f"c{i}"] for i in range(width))))
    return rows, splitter


@given(body=TEXT, width=st.sampled_from([1, 2, 3]), block=st.sampled_from([16, 64, 1 << 20]))
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_splitter_agrees_with_the_oracle_whatever_its_block(
    tmp_path: Path, body: str, width: int, block: int
) -> None:
    text = HEADERS[width] + "\n" + body
    path = tmp_path / "f.csv"
    path.write_bytes(text.encode())
    expected = read_csv(text, width)
    rows, splitter = _by_splitter(path, width, block)
    rejects = splitter.rejects
    assert rows == _trimmed(expected)
    assert (
        list(zip(rejects.lines, rejects.spans, rejects.table()["reason"].to_pylist(), strict=True)) == expected.rejects
    )
    assert splitter.blank_lines == expected.blanks


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(threads=1)
    yield made
    made.close()


@given(
    body=TEXT,
    width=st.sampled_from([1, 2, 3]),
    ends=st.sampled_from(["\n", "\r\n", "\r"]),
    signs=st.sampled_from(SIGNS),
)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_line_of_a_file_is_accounted_for(
    tmp_path: Path, engine: DuckDBEngine, body: str, width: int, ends: str, signs: tuple[str, str]
) -> None:
    delimiter, quote = signs
    text = (HEADERS[width] + "\n" + body).translate({ord(","): delimiter, ord('"'): quote or "~"})
    path = tmp_path / "f.csv"
    path.write_bytes(text.replace("\n", ends).encode())
    names = tuple(HEADERS[width].split(","))
    written = {"delimiter": delimiter, "quote": quote}
    source = PeopleSource.model_validate({"kind": "people", "path": "f.csv", "key": "c", "columns": {}, **written})
    dialect, replaced = plain_dialect(delimiter, quote, None)
    located = LocatedSource("s", source, (SourceFile(path, "f.csv", "csv", 1),), names, dialect, replaced)
    reader = SourceReader(StageContext(engine, tmp_path), [])
    [ledger] = reader.read(located)
    rows = engine.fetch(f"SELECT * FROM {RAW} ORDER BY row_no").to_pylist()
    reader.close()
    expected = read_csv(text, width, delimiter=delimiter, quote=quote)
    assert [(r["line"], tuple(r[f"c{i}"] for i in range(width))) for r in rows] == _trimmed(expected)
    assert sorted(zip(ledger.rejects.lines, ledger.rejects.spans, strict=True)) == [
        (a, b) for a, b, _ in expected.rejects
    ]
    assert ledger.remainder == 0
    assert ledger.lines == len(text.removesuffix("\n").split("\n"))


@given(
    text=st.text(alphabet='ab,\n\r"é€', max_size=200),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"]),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_encoding_and_line_end_becomes_the_same_plain_text(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "f"
    path.write_bytes(("x" + text).encode(encoding))
    plain = plain_text(path, encoding=encoding, quote='"', replaced={}, copy=tmp_path / "copy")
    wanted = ("x" + text).replace("\r\n", "\n").replace("\r", "\n")
    assert plain.path.read_bytes() == wanted.encode()
    lines = wanted.removesuffix("\n").split("\n")
    assert (plain.lines, plain.blank_lines, plain.undecodable) == (len(lines), lines.count(""), False)
    last = max(i for i, line in enumerate(lines) if line)
    assert plain.inner_blanks is ("" in lines[:last])

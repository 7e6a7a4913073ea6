"""Questions in a spreadsheet and back: what Excel does to a file, and every fault by its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from cxid.config.decisions import read_decisions
from cxid.config.loading import load_config
from cxid.config.model import Config
from cxid.engine.duckdb import DuckDBEngine
from cxid.errors import ConfigError, InputError
from cxid.explain.model import Record
from cxid.review.audit import Passed
from cxid.review.intake import take_in
from cxid.review.questions import Cause, Question
from cxid.review.session import Answer, Signature
from cxid.review.sheet import pair_text, read_sheet, write_sheet
from cxid.review.sides import Line, Mark

CONFIG = """version: 1
sources:
  crm: {path: crm.csv, kind: people, key: no, columns: {given_name: n, email: mail}}
  shop: {path: shop.csv, kind: people, key: no, columns: {given_name: n}}
  web: {path: web.csv, kind: events, time: at, ids: {email: mail}}
"""
RUN = "r0001-00000000"
ANN = Signature("Ann", "2026-11-22", "review")
KEYS = ("1", "2", "3", "4", "00123")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "cxid.yml").write_text(CONFIG)
    return load_config(tmp_path)


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(memory_limit="256MB", threads=1)
    rows = [(n, "crm", key) for n, key in enumerate(KEYS, 1)]
    made.load(
        "record", pa.table(dict(zip(("record_no", "source", "record_key"), zip(*rows, strict=True), strict=True)))
    )
    made.run("record_customer", "SELECT record_no, 'cx' || record_no AS customer_id FROM record")
    yield made
    made.close()


def question(a: str, b: str, source: str = "crm") -> Question:
    return Question(Record(1, source, a, "A"), Record(2, source, b, "B"), Cause.NEAR, None)


def sheet_of(
    *questions: tuple[Question, list[Line]], fields: tuple[str, ...] = ("given_name",), separator: str = ","
) -> str:
    out = io.StringIO(newline="")
    write_sheet(out, questions, fields, separator)
    return out.getvalue()


def rows_of(text: str, separator: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=separator))


def test_a_sheet_has_a_line_for_each_pair_with_both_values_side_by_side() -> None:
    lines = [Line("given_name", ("Ann",), (), Mark.ONE_SIDED), Line("phone", ("1", "2"), ("3",), Mark.DIFFERENT)]
    assert rows_of(sheet_of((question("1", "2"), lines), fields=("given_name", "phone"))) == [
        ["decision", "pair", "note", "given_name a", "given_name b", "phone a", "phone b"],
        ["", "crm:1 crm:2", "", "Ann", "", "1 | 2", "3"],
    ]


def test_a_spreadsheet_runs_nothing_of_it() -> None:
    evil = '=HYPERLINK("http://x","y")'
    text = sheet_of((question("=1", "@2"), [Line("given_name", (evil,), ("+1 DDE",), Mark.DIFFERENT)]))
    assert rows_of(text)[1] == ["", "crm:%3D1 crm:@2", "", "'" + evil, "'+1 DDE"]


@pytest.mark.parametrize(
    "key", ["00123", "1-2", "1E5", "=1+1", "a b", "a:b", "ü;,\"'", "%41", "\u200bx", "12:30", "TRUE"]
)
def test_a_key_that_a_spreadsheet_would_change_comes_back_as_it_was(key: str) -> None:
    text = sheet_of((question(key, "2"), []))
    answered = text.replace("\r\n,", "\r\nsame,", 1)
    (entry,) = read_sheet(answered.encode(), "f.csv").entries
    assert entry.pair == (("crm", key), ("crm", "2"))
    assert pair_text(*entry.pair).isascii()


def as_saved(cells: list[list[str]], how: str) -> bytes:
    """The bytes that a program leaves after somebody filled the sheet in."""
    separator, end = (";" if "semicolons" in how else "\t" if "tabs" in how else ","), ("\n" if "LF" in how else "\r\n")
    out = io.StringIO(newline="")
    csv.writer(
        out, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL if "quoted" in how else csv.QUOTE_MINIMAL
    ).writerows(cells)
    text = ("sep=;\r\n" if "sep" in how else "") + out.getvalue()
    if "old Mac" in how:
        text = text.replace("\r\n", "\r")
    encoding = (
        "utf-16" if "utf-16" in how else "cp1252" if "cp1252" in how else "utf-8-sig" if "BOM" in how else "utf-8"
    )
    return text.encode(encoding)


SAVED = [
    "plain LF",
    "BOM",
    "BOM, semicolons",
    "cp1252, semicolons",
    "utf-16, tabs",
    "quoted",
    "sep, semicolons",
    "old Mac",
]


@pytest.mark.parametrize("how", SAVED)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_whatever_a_spreadsheet_saves_is_read_the_same(how: str, separator: str) -> None:
    exported = sheet_of(
        *(
            (question(*two), [Line("given_name", ("Zoë, A;B",), ("x\ny",), Mark.DIFFERENT)])
            for two in ("12", "13", "14", "23")
        ),
        separator=separator,
    )
    cells = rows_of(exported, separator)
    for row, answer in zip(cells[1:], ("Same", " different ", "", "UNSURE"), strict=True):
        row[0] = answer
    cells[2][2] = "zwei\nLeute: Zoë"
    cells.append([""] * len(cells[0]))  # an empty line at the end
    found = read_sheet(as_saved(cells, how), "f.csv")
    assert [(e.pair[0][1] + e.pair[1][1], e.answer, e.note) for e in found.entries] == [
        ("12", Answer.SAME, ""), ("13", Answer.DIFFERENT, "zwei Leute: Zoë"), ("23", Answer.UNSURE, ""),
    ]  # fmt: skip
    assert (found.empty, found.problems) == (1, ())


def test_columns_may_be_moved_and_lines_removed_and_sorted() -> None:
    text = "Note,PAIR , extra,Decision\r\n,crm:3 crm:4,,no\r\nwhy,crm:1 crm:2,,yes\r\n"
    found = read_sheet(text.encode(), "f.csv").entries
    assert [(e.line, e.answer, e.note) for e in found] == [(2, Answer.DIFFERENT, ""), (3, Answer.SAME, "why")]


FAULTS = [
    ("an unknown word", ["perhaps,crm:1 crm:2"], ['f.csv:2:1: "decision" is none of same, different, unsure; leave it empty where nothing is decided']),
    ("a pair that was changed", ["same,crm:1", "same,", "same,crm:1 crm2", "same,1 2"], [f'f.csv:{n}:1: "pair" is not as cxid wrote it' for n in (2, 3, 4, 5)]),
    ("one record twice", ["same,crm:1 crm:1"], ['f.csv:2:1: "pair" names one record twice']),
    ("two answers for a pair, either way round", ["same,crm:1 crm:2", "different,crm:2 crm:1"], ["f.csv:3:1: line 2 says same of the same pair"]),
    ("a record that the build does not have", ["same,crm:1 crm:9"], ["f.csv:2:1: the build has no such record: its second"]),
    ("no source of people", ["same,web:1 crm:2"], ["f.csv:2:1: its first record is of no source of people in the config"]),
    ("lines that contradict each other", ["same,crm:1 crm:2", "different,crm:1 crm:3", "same,crm:2 crm:3"], ["f.csv:4:1: contradicts lines 2, 3"]),
    ("a line that decisions.csv speaks against", ["same,crm:3 crm:4"], ["f.csv:2:1: contradicts line 2 of decisions.csv"]),
    ("all at once, in order", ["same,crm:3 crm:4", "what,crm:1 crm:2", "same,crm:8 crm:2"],
     ["f.csv:2:1: contradicts line 2 of decisions.csv", 'f.csv:3:1: "decision" is none of same, different, unsure; leave it empty where nothing is decided', "f.csv:4:1: the build has no such record: its first"]),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "said"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_every_fault_is_told_by_its_line_and_nothing_is_written(
    engine: DuckDBEngine, config: Config, lines: list[str], said: list[str]
) -> None:
    file = config.root / "decisions.csv"
    file.write_text("action,source_a,key_a,source_b,key_b\nunlink,crm,3,crm,4\n")
    before = file.read_bytes()
    sheet = read_sheet("\n".join(["decision,pair", *lines]).encode(), "f.csv")
    with pytest.raises(ConfigError) as caught:
        take_in(engine, config, RUN, sheet, ANN)
    assert caught.value.message.splitlines() == said
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"a,b\n1,2\n", "it has no column decision and pair"),
        (b"PK\x03\x04\0\0\x08", "not a CSV file"),
        (b'decision,pair\nsame,"' + b"x" * 140_000, "a quote is open"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused(content: bytes, said: str) -> None:
    with pytest.raises((InputError, ConfigError), match=said):
        read_sheet(content, "f.csv")


def test_answers_become_decisions_with_the_note_as_reason_and_a_second_import_adds_nothing(
    engine: DuckDBEngine, config: Config
) -> None:
    text = "decision,pair,note\nsame,crm:1 crm:00123,\ndifferent,crm:2 crm:3,brothers\nunsure,crm:3 crm:4,\n,crm:1 crm:4,\n"
    sheet = read_sheet(text.encode(), "f.csv")
    dry = take_in(engine, config, RUN, sheet, ANN, write=False)
    assert len(dry.added.rows) == 2 and not (config.root / "decisions.csv").exists()
    taken = take_in(engine, config, RUN, sheet, ANN)
    assert (taken.same, taken.different, taken.unsure, len(taken.added.rows)) == (1, 1, 1, 2)
    assert [(d.action.value, d.a[1], d.b and d.b[1], d.who, d.when, d.reason) for d in read_decisions(config).rows] == [
        ("link", "1", "00123", "Ann", "2026-11-22", "review"),
        ("unlink", "2", "3", "Ann", "2026-11-22", "brothers"),
    ]
    assert (("crm", "4"), ("crm", "3")) in Passed(config.root, RUN)
    again = take_in(engine, config, RUN, sheet, ANN)
    assert (len(again.added.rows), len(again.added.known)) == (0, 2)

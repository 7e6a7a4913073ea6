"""decisions.csv: what it may say, and what is told of a line that may not stand."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from cxid.config.decisions import Action, parse_decisions, read_decisions
from cxid.config.loading import load_config
from cxid.errors import ConfigError

HEADER = "action,source_a,key_a,source_b,key_b,field,value,who,when,reason\n"


def _parse(text: str | bytes) -> tuple[list[tuple[str, ...]], list[tuple[int, str]]]:
    content = text if isinstance(text, bytes) else text.encode()
    rows, problems = parse_decisions(content, sources=("crm", "shop"), fields=("email", "city"))
    return [(r.action.value, *r.a, *(r.b or ())) for r in rows], [(p.line, p.message) for p in problems]


@pytest.mark.parametrize(
    ("story", "text", "rows"),
    [
        ("a link and an unlink", HEADER + "link,crm,1,shop,2,,,ann,2026-01-31,seen\nunlink,crm,1,crm,3,,,,,\n",
         [("link", "crm", "1", "shop", "2"), ("unlink", "crm", "1", "crm", "3")]),
        ("a pin", HEADER + "pin,crm,1,,,email,a@x.example,ann,2026-01-31T10:00:00,\n", [("pin", "crm", "1")]),
        ("columns in any order, those not needed left out", "key_b,source_b,key_a,source_a,action\n2,shop,1,crm,LINK\n",
         [("link", "crm", "1", "shop", "2")]),
        ("blank lines, a byte order mark, lines ended by CRLF", "\ufeff" + HEADER.replace("\n", "\r\n") + "\r\nlink,crm,1,crm,2,,,,,\r\n",
         [("link", "crm", "1", "crm", "2")]),
        ("a reason over two lines", HEADER + 'link,crm,1,crm,2,,,,,"one\ntwo"\nunlink,crm,3,crm,4,,,,,\n',
         [("link", "crm", "1", "crm", "2"), ("unlink", "crm", "3", "crm", "4")]),
        ("the same decision twice", HEADER + "link,crm,1,crm,2,,,,,\nlink,crm,2,crm,1,,,,,\n",
         [("link", "crm", "1", "crm", "2"), ("link", "crm", "2", "crm", "1")]),
        ("only a header", HEADER, []),
    ],
)  # fmt: skip
def test_what_decisions_may_say(story: str, text: str, rows: list) -> None:
    assert _parse(text) == (rows, []), story


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (b"", 1, "the file is empty: it needs a header"),
        ("action,source_a\nlink,crm\n", 1, 'the header lacks "key_a"'),
        ("action,source_a,key_a,sourceb\n", 1, 'unknown column in the header, did you mean "source_b"?'),
        ("action,source_a,key_a,key_a\n", 1, 'the header has "key_a" twice'),
        (HEADER + "lnk,crm,1,crm,2,,,,,\n", 2, 'unknown action, did you mean "link"?'),
        (HEADER + "\nlink,crm,1,,,,,,,\n", 3, "link needs source_b and key_b"),
        (HEADER + "link,crm,1,crm,2,email,x,,,\n", 2, "link takes no field and no value"),
        (HEADER + "pin,crm,1,,,,,,,\n", 2, "pin needs field and value"),
        (HEADER + "pin,crm,1,,,emial,x,,,\n", 2, 'no source of people has this field, did you mean "email"?'),
        (HEADER + "link,crn,1,crm,2,,,,,\n", 2, 'source_a is no source of people in the config, did you mean "crm"?'),
        (HEADER + "unlink,crm,1,crm,1,,,,,\n", 2, "unlink names one record twice"),
        (HEADER + "link,crm,1,crm,2,,,,31/01/2026,\n", 2,
         "when is neither a date nor a time: write it as 2026-11-01 or 2026-11-01T12:30:00"),
        (HEADER + "link,crm,1,crm\n", 2, "4 values under 10 columns"),
        (HEADER + 'link,crm,1,crm,2,,,,,"a\nb"\nlnk,crm,1,crm,2,,,,,\n', 4, 'unknown action, did you mean "link"?'),
        ((HEADER + "link,crm,1,crm,2,,,,,\n").encode() + b"\xff\n", 3, "not UTF-8 text; save the file as UTF-8"),
        (HEADER + "link,crm,1,crm,2,,,,,\nunlink,crm,2,crm,1,,,,,\n", 3, "unlink contradicts: line 2 links these two records"),
        (HEADER + "unlink,crm,1,shop,9,,,,,\nlink,crm,1,crm,2,,,,,\nlink,shop,9,crm,2,,,,,\n", 2,
         "unlink contradicts: lines 3, 4 link these two records"),
        (HEADER + "pin,crm,1,,,city,Rome,,,\npin,crm,1,,,city,Roma,,,\n", 3,
         "pins the field that line 2 pins to another value"),
    ],
)  # fmt: skip
def test_what_is_told_of_a_wrong_line(text: str | bytes, line: int, said: str) -> None:
    assert _parse(text)[1] == [(line, said)]


def test_every_wrong_line_is_told_at_once_with_file_and_line_and_no_value(tmp_path: Path) -> None:
    config = "version: 1\nsources: {crm: {path: crm.csv, kind: people, key: no, columns: {email: mail}}}\n"
    (tmp_path / "cxid.yml").write_text(config)
    loaded = load_config(tmp_path)
    assert read_decisions(loaded).rows == ()
    (tmp_path / "decisions.csv").write_text(
        HEADER + "link,crm,secret-1,crm,secret-2,,,,soon,\nunlnk,crm,secret-1,crm,3,,,,,\n"
    )
    with pytest.raises(ConfigError) as caught:
        read_decisions(loaded)
    lines = caught.value.message.splitlines()
    assert [line.split(": ")[0] for line in lines] == [f"{tmp_path}/decisions.csv:{n}:1" for n in (2, 3)]
    assert "secret" not in caught.value.message
    (tmp_path / "decisions.csv").write_text(HEADER + "pin,crm,1,,,email,a@x.example,,,\n")
    assert [d.action for d in read_decisions(loaded).rows] == [Action.PIN]


def test_a_quote_that_swallows_the_rest_of_a_long_file_is_told_by_its_line() -> None:
    text = 'action,source_a,key_a,source_b,key_b\nlink,crm,1,web,2\nlink,crm,"3,web,4\n' + "link,crm,5,web,6\n" * 9_000
    before = csv.field_size_limit(131_072)  # what Python sets; init sets another
    rows, problems = parse_decisions(text.encode(), sources=("crm", "web"), fields=())
    csv.field_size_limit(before)
    assert rows == ()
    assert [(p.line, p.message) for p in problems] == [(3, "a value that does not end: a quote is open")]

"""A line such as sep=; before the header, as spreadsheets write it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxid.files.dialect import Dialect
from cxid.files.header import read_header
from cxid.files.text import plain_text

CASES = [
    (b"a;b\n1;2\n", 1),
    (b"sep=;\na;b\n1;2\n", 2),
    (b'"sep=;"\na;b\n1;2\n', 2),
    (b"SEP=;\r\na;b\r\n1;2\r\n", 2),
]


@pytest.mark.parametrize(("data", "lines"), CASES)
def test_the_line_is_passed_over_with_the_header(tmp_path: Path, data: bytes, lines: int) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(data)
    plain = plain_text(path, encoding="utf-8", quote='"', replaced={}, copy=tmp_path / "copy")
    header = read_header(plain, "f.csv", Dialect(delimiter=";"))
    assert (header.names, header.lines, header.leading_blanks) == (("a", "b"), lines, 0)

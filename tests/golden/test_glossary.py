"""The glossary: its words are used on the pages, and every column and command is one of its words or a plain one."""

from __future__ import annotations

import re
from functools import cache

import pytest

from cxid.cli._registry import COMMANDS
from cxid.contracts import PUBLISHED
from tests.conftest import ROOT

PAGE = ROOT / "docs/glossary.md"
ROWS = re.findall(r"^\| ([^|]+) \| ([^|]+) \|([^|]*)\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
WORDS = [word for word, _, _ in ROWS if word not in ("word", "---")]
SHOWN = {name for _, _, where in ROWS for name in re.findall(r"`([^`]+)`", where)}
# Columns that say what they are, and commands whose names are everyday words.
PLAIN_COLUMNS = {
    "currency", "facts", "figure", "file", "high", "line", "low", "margin", "matches", "missing", "note", "place",
    "status", "time", "unit", "value",
}  # fmt: skip
PLAIN_COMMANDS = {"clean", "completion", "demo", "docs", "doctor", "identify", "query", "report", "schema"}


@cache
def prose() -> str:
    pages = [p for p in (ROOT / "docs").rglob("*.md") if p != PAGE]
    return " ".join(p.read_text(encoding="utf-8").lower() for p in [*pages, ROOT / "README.md"])


def columns() -> set[str]:
    return {column.name for table in PUBLISHED for column in table.columns}


@pytest.mark.parametrize("word", WORDS)
def test_a_word_of_the_glossary_is_used(word: str) -> None:
    parts = word.lower().removesuffix("s").split(" ")
    assert re.search(r"\b" + r"[ _]".join(map(re.escape, parts)), prose())


def test_the_glossary_explains_a_word_once() -> None:
    assert len(WORDS) == len(set(WORDS)) > 40


def test_every_published_column_is_a_word_of_the_glossary_or_a_plain_one() -> None:
    assert columns() - SHOWN - PLAIN_COLUMNS == set()
    assert columns() >= PLAIN_COLUMNS


def test_every_command_is_a_word_of_the_glossary_or_a_plain_one() -> None:
    told = {name.removeprefix("cxid ") for name in SHOWN if name.startswith("cxid ")}
    assert set(COMMANDS) == told | PLAIN_COMMANDS


def test_what_a_word_appears_as_exists() -> None:
    config = (ROOT / "docs/reference/config.md").read_text(encoding="utf-8")
    keys = set(re.findall(r"^\| `(\w+)` \|", config, re.MULTILINE))
    names = {name for name in SHOWN if not name.startswith("cxid ")}
    assert names - keys - columns() == set()

"""Words for a missing value that people are called too (Null, None, Nan, Na): which they are, column by column.

A system that writes None for nothing does so in many columns, for many people, and in its own letters; a person called
None stands once or twice in a column of other names. docs/decisions/0402-words-for-nothing.md has the rule's reasons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from cxid.config.model import PeopleSource
from cxid.engine.base import Engine, quote
from cxid.model import Field, FieldType
from cxid.stages.normalise.names import WORDS_AND_NAMES

NAME, MARK = "name", "mark"  # contexts of a value: it is a name, it is a word for nothing
_SEPARATOR = chr(31)
_FEWEST = 3  # people beside whom a word may stand and still be a name, however small the column
_RARER = 4  # else it may be as frequent as the name that one in four people has a rarer name than
_STYLE = 0.1  # share of a column's names that are written with the same kind of letters
_NO_VALUES = frozenset(("record_no", "source", "record_key", "updated_at"))
_PARTS = (FieldType.GIVEN_NAME, FieldType.MIDDLE_NAME, FieldType.FAMILY_NAME)
_LISTED = "(" + ", ".join(f"'{w}'" for w in sorted(WORDS_AND_NAMES)) + ")"


def name_words(
    engine: Engine, sources: Mapping[str, PeopleSource], fields: Sequence[Field]
) -> dict[tuple[str, str], str]:
    """(source, field) -> the words for nothing that are names there, as `context` wants them; `fields` of `record`.

    Sources and fields without such words are left out; a text without a name says that there all of them mean nothing.
    """
    parts = [f for f in fields if f.type in _PARTS]
    found: dict[tuple[str, str], str] = {}
    others = _other_columns(engine, fields)
    for field in parts:
        columns: dict[str, _Column] = {}  # what is counted of a column holds for all its words
        for row in _candidates(engine, field):
            source, key = row["source"], (row["source"], field.name)
            column = columns.setdefault(source, _Column(engine, source, field, _partner(field, parts)))
            is_name = column.is_name(row["raw"], others)
            found[key] = found.get(key, _SEPARATOR) + (row["raw"] + _SEPARATOR if is_name else "")
    return {key: words for key, words in found.items() if key[0] in sources}


def context(value: str, words: str) -> str:
    """SQL for the context of a value, `words` being SQL for what `name_words` gave for its source and field."""
    named = f"position(concat(chr(31), {value}, chr(31)) IN {words}) > 0"
    return f"CASE WHEN lower({value}) NOT IN {_LISTED} THEN '' WHEN {named} THEN '{NAME}' ELSE '{MARK}' END"


def _other_columns(engine: Engine, fields: Sequence[Field]) -> list[str]:
    """Columns of `record` that hold neither names nor countries (NA is one)."""
    apart = {s for f in fields if f.type in (*_PARTS, FieldType.FULL_NAME, FieldType.COUNTRY) for s in f.slots}
    typed = engine.fetch("SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'record'")
    text = {r["column_name"] for r in typed.to_pylist() if r["data_type"] == "VARCHAR"}
    return [c for c in engine.columns("record") if c in text and c not in apart | _NO_VALUES]


def _partner(field: Field, parts: Sequence[Field]) -> str | None:
    """The column with the other part of the name."""
    wanted = FieldType.GIVEN_NAME if field.type is FieldType.FAMILY_NAME else FieldType.FAMILY_NAME
    return next((f.slots[0] for f in parts if f.type is wanted), None)


def _candidates(engine: Engine, field: Field) -> list[dict[str, str]]:
    slots = " UNION ".join(
        f"SELECT DISTINCT source, {quote(s)} AS raw FROM record WHERE lower({quote(s)}) IN {_LISTED}"
        for s in field.slots
    )
    return list(engine.fetch(f"SELECT source, raw FROM ({slots}) AS v ORDER BY source, raw").to_pylist())


@dataclass(frozen=True)
class _Column:
    """One name column of one source."""

    engine: Engine
    source: str
    field: Field
    partner: str | None

    @property
    def _values(self) -> str:
        """SQL for its values: raw, and who each stands beside; takes the source for each slot."""
        beside = "CAST(record_no AS VARCHAR)"
        if self.partner:
            beside = f"coalesce(lower({quote(self.partner)}), {beside})"
        return " UNION ALL ".join(
            f"SELECT {quote(s)} AS raw, {beside} AS beside FROM record WHERE source = ? AND {quote(s)} IS NOT NULL"
            for s in self.field.slots
        )

    def is_name(self, word: str, others: Sequence[str]) -> bool:
        """Whether the word, written so, is a name in this column."""
        return self._is_in_style(word) and not self._is_used_for_nothing(word, others) and not self._is_frequent(word)

    def _count(self, sql: str, values: Sequence[str] = ()) -> int:
        return int(self.engine.scalar(sql, [*[self.source] * len(self.field.slots), *values]) or 0)

    def _is_in_style(self, word: str) -> bool:
        """Whether the column's names are written with the same kind of letters: all small, all capitals, or mixed."""
        if word not in (word.lower(), word.upper(), word.capitalize()):
            return False
        small, capital, every = self._styles
        alike = small if word == word.lower() else capital if word == word.upper() else every - small - capital
        return alike >= _STYLE * every if every else word == word.capitalize()

    @cached_property
    def _styles(self) -> tuple[int, int, int]:
        """Different names of the column: in small letters, in capitals, all of them."""
        row = self.engine.fetch(
            "SELECT count(CASE WHEN raw = lower(raw) THEN 1 END) AS small, "
            "count(CASE WHEN raw = upper(raw) THEN 1 END) AS capital, count(*) AS names "
            f"FROM (SELECT DISTINCT raw FROM ({self._values}) AS v "
            f"WHERE lower(raw) <> upper(raw) AND lower(raw) NOT IN {_LISTED}) AS n",
            [self.source] * len(self.field.slots),
        ).to_pylist()[0]
        return row["small"], row["capital"], row["names"]

    def _is_used_for_nothing(self, word: str, others: Sequence[str]) -> bool:
        """Whether the source writes the word where no name stands, or for both parts of one name."""
        places = [f"{quote(c)} = ?" for c in others]
        if self.partner:
            places += [f"({quote(s)} = ? AND {quote(self.partner)} = {quote(s)})" for s in self.field.slots]
        if not places:
            return False
        found = f"SELECT count(*) FROM record WHERE source = ? AND ({' OR '.join(places)})"
        return int(self.engine.scalar(found, [self.source, *[word] * len(places)])) > 0

    def _is_frequent(self, word: str) -> bool:
        """Whether the word stands beside more people than names that are not common do."""
        mine = self._count(f"SELECT count(DISTINCT beside) FROM ({self._values}) AS v WHERE raw = ?", [word])
        if mine <= _FEWEST:
            return False
        return mine > self._usual

    @cached_property
    def _usual(self) -> int:
        """People beside the name that one in four people has a rarer name than."""
        return self._count(
            f"WITH per AS (SELECT raw, count(*) AS n, count(DISTINCT beside) AS people FROM ({self._values}) AS v "
            f"WHERE lower(raw) NOT IN {_LISTED} GROUP BY raw), "
            "ranked AS (SELECT people, sum(n) OVER (ORDER BY people, raw ROWS UNBOUNDED PRECEDING) AS upto, "
            f"sum(n) OVER () AS total FROM per) SELECT min(people) FROM ranked WHERE upto * {_RARER} >= total"
        )

"""SQL expressions that turn the text of a column into a value: the one place where sources' SQL is built.

Functions outside the portable subset live here and nowhere else in the stage: `try_strptime` (dates by
format), `make_timestamp` (epochs) and `AT TIME ZONE`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cxid.config.model import SPLIT_VALUES, Column, Constant, Source
from cxid.config.months import month_words
from cxid.config.rules import EPOCHS
from cxid.engine.base import literal
from cxid.errors import ErrorCode, InputError
from cxid.stages.sources.words import ANSWER_WORDS, SENTIMENT_WORDS, STATUS_WORDS

# White space and invisible characters around a value, as Unicode knows them.
_SPACE = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u200b\u200c\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
_SPECIFIERS = set("aAwdbBmyYHIpMSfzZjUWcxXgGnuV")
_ISO_DAY = r"\d{4}([-/])\d{1,2}([-/])\d{1,2}"
_ISO_TIME = _ISO_DAY + r"([ T]\d{1,2}:\d{2}(:\d{2}([.,]\d{1,12})?)?( ?(Z|z|UTC|GMT|[-+]\d{2}(:?\d{2})?))?)?"
_OFFSET = r"\d:\d{2}.*(Z|z|UTC|GMT|[-+]\d{2}:?(\d{2})?)$"
# Two-digit birth years up to this one are of our century; nobody is born after it.
_BIRTH_PIVOT = 2026
_LOWER = "rtrim(lower({}), '.')"
_SHORTENED = {
    "k": 1_000, "tsd": 1_000, "m": 1_000_000, "mn": 1_000_000, "mio": 1_000_000, "mln": 1_000_000,
    "b": 1_000_000_000, "bn": 1_000_000_000, "mrd": 1_000_000_000,
}  # fmt: skip
_GROUP, _MINUS = r" '’_\x{00A0}\x{202F}\x{2009}", r"−\-"


@dataclass
class Bindings:
    """Values of a statement, each under a name of its own."""

    values: dict[str, str] = field(default_factory=dict)

    def add(self, value: str) -> str:
        """The placeholder for a value; the same value gets the same one."""
        for name, known in self.values.items():
            if known == value:
                return f"${name}"
        name = f"p{len(self.values)}"
        self.values[name] = value
        return f"${name}"


@dataclass
class Expressions:
    """Builds expressions over the relation `clean` of one source: t0, t1 ... are its needed columns, trimmed."""

    source: Source
    needed: Sequence[str]
    bindings: Bindings = field(default_factory=Bindings)

    def clean(self, raw: str) -> str:
        """SELECT that gives `clean`: trimmed text, NULL where it is empty or one of `null_values`."""
        columns = []
        for i in range(len(self.needed)):
            text = _trimmed(f"c{i}")
            if self.source.null_values:
                missing = ", ".join(self.bindings.add(v.strip()) for v in self.source.null_values if v.strip())
                text = f"CASE WHEN {text} IN ({missing}) THEN NULL ELSE {text} END" if missing else text
            columns.append(f", {text} AS t{i}")
        return f"SELECT row_no, file_no, line, value_newlines{''.join(columns)} FROM {raw}"

    # -- text ---------------------------------------------------------------------------------------------

    def of(self, name: str) -> str:
        return f"t{self.needed.index(name)}"

    def slots(self, column: Column) -> list[str]:
        """One expression for each value of a column reference."""
        cells = [self.of(name) for name in column.from_]
        if column.join is not None:
            cells = [f"nullif(concat_ws({self.bindings.add(column.join)}, {', '.join(cells)}), '')"]
        if column.split is None:
            return cells
        sign, places = self.bindings.add(column.split), range(1, SPLIT_VALUES + 1)
        return [f"nullif(trim(split_part({cell}, {sign}, {n})), '')" for cell in cells for n in places]

    def text(self, column: Column) -> str:
        """The first value that is there."""
        slots = self.slots(column)
        return slots[0] if len(slots) == 1 else f"coalesce({', '.join(slots)})"

    def constant_or_text(self, value: Constant | Column | None, default: str | None = None) -> str:
        """A constant, a column's text, or `default` where there is none."""
        if isinstance(value, Constant):
            return self.bindings.add(value.value)
        # Every bound value must occur in the SQL, so the default is bound only where it is used.
        fallback = "CAST(NULL AS VARCHAR)" if default is None else self.bindings.add(default)
        if value is None:
            return fallback
        return self.text(value) if default is None else f"coalesce({self.text(value)}, {fallback})"

    def key(self, names: Sequence[str]) -> str:
        """The key's text; several columns joined by |, NULL only when all are missing."""
        if len(names) == 1:
            return self.of(names[0])
        parts = [rf"coalesce(replace(replace({self.of(n)}, '\', '\\'), '|', '\|'), '')" for n in names]
        missing = " AND ".join(f"{self.of(n)} IS NULL" for n in names)
        return f"CASE WHEN {missing} THEN NULL ELSE concat_ws('|', {', '.join(parts)}) END"

    # -- dates and times ------------------------------------------------------------------------------------

    def time(self, column: Column) -> str:
        """UTC timestamp, NULL where the text does not fit the format (or ISO 8601 when there is none)."""
        return self.moment(self.text(column), column.format)

    def moment(self, text: str, form: str | None) -> str:
        if form is None:
            eight = f"regexp_full_match({text}, '\\d{{8}}')"
            return f"CASE WHEN {eight} THEN {self._local(_compact(text))} ELSE {self._iso(text)} END"
        if form in EPOCHS:
            return f"coalesce({_epoch(text, form)}, {self._iso(text)})"
        return f"coalesce({self._by_format(text, form)}, {self._iso(text)})"

    def date_text(self, text: str, form: str | None) -> str:
        """A date as ISO text (2001-12-31); the text itself where it is no date."""
        iso = f"try_cast(CASE WHEN regexp_full_match({text}, '{_ISO_DAY}([ T].*)?') THEN {_dashed(text)} END AS DATE)"
        if form is None:
            compact = f"CAST({_compact(text)} AS DATE)"
            day = f"CASE WHEN regexp_full_match({text}, '\\d{{8}}') THEN {compact} ELSE {iso} END"
        elif form in EPOCHS:
            day = f"CAST({_epoch(text, form)} AS DATE)"
        else:
            parsed = f"CAST({self._parsed(text, form)} AS DATE)"
            if "%y" in form and "%Y" not in form:
                parsed = (
                    f"CASE WHEN year({parsed}) > {_BIRTH_PIVOT} THEN {parsed} - INTERVAL 100 YEAR ELSE {parsed} END"
                )
            day = f"coalesce(CAST({parsed} AS DATE), {iso})"
        return f"coalesce(strftime({day}, '%Y-%m-%d'), {text})"

    def _by_format(self, text: str, form: str) -> str:
        parsed = self._parsed(text, form)
        return parsed if re.search("%[zZ]", form) else self._local(parsed)

    def _parsed(self, text: str, form: str) -> str:
        """Timestamp of a text by its format, UTC where that has an offset; years of fewer than four digits refused."""
        unknown = {f"%{s}" for s in re.findall(r"%-?(.)", form)} - {f"%{s}" for s in _SPECIFIERS} - {"%%"}
        if unknown:
            raise InputError(
                f"format {form}: {min(unknown)} is not known",
                hint="use strptime codes such as %d/%m/%Y %H:%M",
                code=ErrorCode.VALUE_FORMAT,
            )
        parsed = f"try_strptime({text}, {self.bindings.add(form)})"
        if re.search("%[bB]", form) and not re.search("%[aApZ]", form):  # a word alone: the month, in any language
            numbered = re.sub("%[bB]", "%m", form)
            parsed = f"coalesce({parsed}, try_strptime({_month_as_number(text)}, {self.bindings.add(numbered)}))"
        if re.search("%[zZ]", form):
            parsed = f"({parsed} AT TIME ZONE 'UTC')"
        return f"CASE WHEN year({parsed}) BETWEEN 1000 AND 9999 THEN {parsed} END"

    def _local(self, wall: str) -> str:
        """A wall-clock time of the source's zone as UTC."""
        if self.source.timezone == "UTC":
            return wall
        return f"(({wall}) AT TIME ZONE {self.bindings.add(self.source.timezone)}) AT TIME ZONE 'UTC'"

    def _iso(self, text: str) -> str:
        dashed = f"regexp_replace({text}, '^(\\d{{4}})[-/](\\d{{1,2}})[-/]', '\\1-\\2-')"
        dashed = f"replace({dashed}, ',', '.')"
        zoned = f"regexp_replace({dashed}, ' ?(Z|z|UTC|GMT)$', '+00:00')"
        zoned = f"regexp_replace({zoned}, ' ?([-+]\\d{{2}}):?(\\d{{2}})$', '\\1:\\2')"
        there = f"CAST(try_cast({zoned} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS TIMESTAMP)"
        here = self._local(f"try_cast({dashed} AS TIMESTAMP)")
        return (
            f"CASE WHEN NOT regexp_full_match({text}, '{_ISO_TIME}') THEN NULL "
            f"WHEN regexp_matches({text}, '{_OFFSET}') THEN {there} ELSE {here} END"
        )

    # -- numbers --------------------------------------------------------------------------------------------

    def decimal(self, column: Column, sql_type: str) -> str:
        """A number; grouping signs, a currency and accountants' minus signs are understood, NULL where it is none."""
        return number(self.text(column), column.decimal, sql_type)

    def counted(self, column: Column) -> str:
        """A whole number of people or things, also where it is shortened: 12.5K, 1,2 Mio."""
        text = self.text(column)
        short = rf"regexp_extract(lower({text}), '[0-9]\s*({'|'.join(_SHORTENED)})\.?$', 1)"
        bare = rf"regexp_replace({text}, '\s*\p{{L}}+\.?$', '')"
        times = " ".join(f"WHEN {literal(word)} THEN {factor}" for word, factor in _SHORTENED.items())
        long = number(f"CASE WHEN {short} <> '' THEN {bare} END", column.decimal, "DECIMAL(24,4)")
        plain = self.decimal(column, "DECIMAL(24,4)")
        whole = f"CASE WHEN {short} <> '' THEN {long} * CASE {short} {times} END ELSE {plain} END"
        return f"try_cast(round({whole}, 0) AS BIGINT)"

    def due(self, column: Column) -> str:
        """A promised time; a day without a clock, or with its first moment, is promised until its end."""
        text, moment = self.text(column), self.time(column)
        if column.format is None:
            whole_day = (
                rf"(NOT contains({text}, ':') OR regexp_matches({text}, '[ T]0?0:00(:00([.,]0+)?)?($|[^0-9:])'))"
            )
        elif column.format in EPOCHS:
            return moment
        else:
            whole_day = "FALSE" if re.search("%[-]?[HIXc]", column.format) else "TRUE"
        return f"CASE WHEN {whole_day} THEN {moment} + INTERVAL 1 DAY - INTERVAL 1 MICROSECOND ELSE {moment} END"

    def answer(self, column: Column, worst: str, best: str) -> str:
        """The answer of a survey: a number, or a word for a place between the worst and the best one."""
        share = f"CAST({_cases(f'lower({self.text(column)})', ANSWER_WORDS)} AS DECIMAL(9,4))"
        said = f"CAST({worst} + {share} * ({best} - {worst}) AS DECIMAL(9,4))"
        return f"coalesce({self.decimal(column, 'DECIMAL(9,4)')}, {said})"

    def sentiment(self, column: Column) -> str:
        words = _cases(f"lower({self.text(column)})", SENTIMENT_WORDS)
        return f"coalesce({self.decimal(column, 'DECIMAL(9,4)')}, CAST({words} AS DECIMAL(9,4)))"


def implausible(time: str) -> str:
    """Whether a time is none that anything happened at: systems write 0001-01-01 or 9999-12-31 for "not known"."""
    return f"({time} < TIMESTAMP '1900-01-01 00:00:00' OR {time} >= TIMESTAMP '2200-01-01 00:00:00')"


def number(text: str, decimal: str, sql_type: str) -> str:
    """A number written with the given decimal sign. A sign in the wrong place makes it none: 12,50 is not 1250."""
    point = re.escape(decimal)
    simple = f"[-+]?\\d+({point}\\d*)?" + ("([eE][-+]?\\d+)?" if decimal == "." else "")
    group = _GROUP + ("," if decimal == "." else ".")
    money = r"(?:\p{L}{0,3}-?\p{Sc}\p{L}{0,3}|\p{L}{2,4}\.?|[元円원])?"
    lakh = "|\\d{1,2}(?:,\\d{2})+,\\d{3}" if decimal == "." else ""
    shape = (
        rf"^\(?\s*[+{_MINUS}]?\s*{money}\s*[+{_MINUS}]?\s*(\d{{1,3}}(?:[{group}]\d{{3}})+{lakh}|\d*)"
        rf"(?:{point}(\d*)|{point}[{_MINUS}]{{1,2}})?\s*{money}\s*[{_MINUS}]?\s*\)?$"
    ).replace("'", "''")
    # The shape stands once: an engine compiles it as often as it is written, and its classes of letters are dear.
    # What it fits becomes `whole|fraction`; a text that has a | itself is made to fit nothing.
    parted = f"regexp_replace(replace({text}, '|', '#'), '{shape}', '\\1|\\2')"
    figures = f"replace(regexp_replace({parted}, '[^0-9|]', '', 'g'), '|', '.')"
    sign = f"CASE WHEN regexp_matches({text}, '^[^0-9]*[(−-]|[0-9] ?[−-]$') THEN '-' ELSE '' END"
    digits = rf"{sign} || '0' || nullif(nullif(regexp_extract({figures}, '^\d*\.\d*$'), ''), '.') || '0'"
    plain = text if decimal == "." else f"replace({text}, ',', '.')"
    return (
        f"CASE WHEN regexp_full_match({text}, '{simple}') THEN try_cast({plain} AS {sql_type}) "
        f"ELSE try_cast({digits} AS {sql_type}) END"
    )


def status(text: str) -> str:
    """granted, denied or unknown."""
    return f"coalesce({_cases(f'lower({text})', STATUS_WORDS)}, 'unknown')"


def _cases(text: str, words: Mapping[str, Sequence[str]]) -> str:
    branches = " ".join(f"WHEN {text} IN ({_listed(known)}) THEN {literal(value)}" for value, known in words.items())
    return f"CASE {branches} END"


def _listed(words: Sequence[str]) -> str:
    return ", ".join(literal(w) for w in sorted(words))


def _trimmed(text: str) -> str:
    """The text without white space around it. Trimming is slow, so values that start and end visibly skip it."""
    visible = f"left({text}, 1) BETWEEN '!' AND '~' AND right({text}, 1) BETWEEN '!' AND '~'"
    spaced = f"regexp_matches({text}, '^[\\pZ\\pC]|[\\pZ\\pC]$')"
    bare = f"nullif(trim({text}, {literal(_SPACE)}), '')"
    return f"CASE WHEN {visible} THEN {text} WHEN {spaced} THEN {bare} ELSE {text} END"


def _month_as_number(text: str) -> str:
    """The text with the name of its month as two figures."""
    word = rf"regexp_extract({text}, '[\pL\pM]{{3,}}\.?')"
    names: dict[int, list[str]] = {}
    for name, number in month_words().items():
        names.setdefault(number, []).append(name)
    cases = " ".join(f"WHEN {_LOWER.format(word)} IN ({_listed(w)}) THEN '{n:02}'" for n, w in sorted(names.items()))
    return f"replace({text}, {word}, CASE {cases} END)"


def _dashed(text: str) -> str:
    dashes = f"regexp_replace({text}, '^(\\d{{4}})[-/](\\d{{1,2}})[-/](\\d{{1,2}})', '\\1-\\2-\\3')"
    return f"regexp_extract({dashes}, '^[-0-9]+')"


def _compact(text: str) -> str:
    return f"try_cast(concat(substr({text}, 1, 4), '-', substr({text}, 5, 2), '-', substr({text}, 7, 2)) AS TIMESTAMP)"


def _epoch(text: str, form: str) -> str:
    factor = {"epoch_s": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}[form]
    digits = 17 if form == "epoch_us" else 14
    fits = f"regexp_full_match({text}, '-?\\d{{1,{digits}}}(\\.\\d+)?')"
    counted = f"CASE WHEN {fits} THEN try_cast({text} AS DECIMAL(28,6)) END"
    return f"make_timestamp(try_cast({counted} * {factor} AS BIGINT))"

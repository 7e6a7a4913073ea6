"""Names for the columns of a file without a header line, from what their values look like.

The names are words that `read_meaning` knows, so that the rest of init judges the file as if it had said them itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from cxid.config.guess.columns import generations, guess_column, looks_like_whole_names
from cxid.config.guess.places import POSTCODES, is_country, valid_phones
from cxid.config.guess.shapes import NULLS, Values, measure

_MOST = 0.9  # of the values must look so
_OWN = ("email", "phone")  # a person may have several: the others of a kind are numbered
_REACHED = ("email", "phone", "birth_date", "street", "given_name", "family_name", "full_name")
_NUMBERED = re.compile(r"\d+[a-zA-Z]?,? [^\W\d][\w' .-]+|[^\W\d][\w' .-]+,? \d+ ?[a-zA-Z]?")
_AS_SAID = ("email", "phone", "gender", "currency", "given_name", "family_name", "full_name", "city", "postcode")


@dataclass(frozen=True)
class Named:
    """A name for a column, why, and how sure; '' for why where nothing is known of it."""

    name: str
    why: str = ""
    sure: float = 0.0


# ---- is the first line a header? ---------------------------------------------------------------------------------


def is_header(first: Sequence[str], rows: Sequence[Sequence[str | None]], known: Sequence[bool]) -> bool:
    """False when the first line is like the lines below it; `known` says which cells are words for columns."""
    filled = [c.strip() for c in first if c.strip()]
    if any("@" in c and "." in c for c in filled):
        return False
    like = unlike = 0
    for place, cell in enumerate(first):
        if not cell.strip() or cell.strip().lower() in NULLS:
            continue
        column = [r[place] for r in rows[:200]]
        own, below = measure([cell]), measure(column)
        if _is_like(cell, own, column, below):
            like += 1
        elif (below.has_digit >= _MOST or below.email >= _MOST) and not own.has_digit:
            unlike += 1
            if known[place]:
                return True  # a word for a column over figures
    if like and sum(known) + unlike <= like:
        return False
    repeated = sum(1 for i, c in enumerate(first) if c.strip() and sum(r[i] == c for r in rows[:2000]) >= 2)
    return not (not any(known) and repeated >= max(1, len(filled) // 2))


def _is_like(cell: str, own: Values, column: Sequence[str | None], below: Values) -> bool:
    """Whether a cell looks as the values below it do in a way that names of columns seldom do."""
    if (own.number and below.number) or (own.dates and below.dates):
        return True
    if (own.uuid and below.uuid >= _MOST) or (own.hash_bits and below.hash_bits):
        return True
    if any(mine and theirs >= 0.25 for mine, theirs in ((own.given, below.given), (own.city, below.city))):
        return True
    shape = _shape(cell)
    filled = [c for c in column if c]
    return "9" in shape and bool(filled) and sum(_shape(c) == shape for c in filled) >= _MOST * len(filled)


def _shape(text: str) -> str:
    """The text with every digit as 9 and every letter as a."""
    return re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", text.strip()))


# ---- names -------------------------------------------------------------------------------------------------------


def name_columns(columns: Sequence[Sequence[str | None]]) -> tuple[Named, ...]:
    """A name for each column, from left to right; every name once."""
    values = [measure(cells) for cells in columns]
    found: list[Named | None] = [_by_shape(v) for v in values]
    _name_people(values, found)
    _name_places(values, found)
    _name_times(values, found)
    _name_row(values, found)
    return _distinct(found)


def _has(found: Sequence[Named | None], *names: str) -> bool:
    return any(n is not None and n.name in names for n in found)


def _share(v: Values, pattern: re.Pattern[str]) -> float:
    return sum(1 for x in v.sample if pattern.fullmatch(x)) / max(1, len(v.sample))


def _by_shape(v: Values) -> Named | None:
    """What the values of a column show by themselves."""
    if not v.filled:
        return None
    guess = guess_column("", v)
    if guess.meaning in _AS_SAID:
        return Named(guess.meaning, guess.why, guess.sure)
    if v.dates is not None or v.uuid or v.ip >= _MOST or v.url >= _MOST:
        return None
    written = any(not x.isdigit() or x.startswith("0") for x in v.sample)
    if v.phone >= _MOST and written and v.variety > 0.2 and valid_phones(v.sample) >= 0.8:
        return Named("phone", "most values are valid phone numbers", 0.6)
    if (share := _share(v, _NUMBERED)) >= 0.8 and v.words >= 2 and v.variety > 0.3:
        return Named("street", f"{share:.0%} of the values are words with a number, as streets are", 0.6)
    if v.number and not v.number.whole and v.number.share >= _MOST and v.distinct > 5:
        return Named("amount", "numbers with decimals", 0.4)
    if v.distinct > 1 and sum(map(is_country, v.sample)) >= _MOST * len(v.sample):
        return Named("country", "names or codes of countries", 0.6)
    return None


def _is_name(v: Values) -> bool:
    return v.letters >= _MOST and v.words < 1.6 and v.length >= 3 and v.distinct > 20 and v.dates is None


def _name_people(values: Sequence[Values], found: list[Named | None]) -> None:
    """Given and family names in any language, in a file that says how its people are reached or when they were born."""
    if not (_has(found, *_REACHED) or any(generations(v) for v in values)):
        return
    open_ = [i for i, v in enumerate(values) if found[i] is None and _is_name(v)]
    given, family = (
        next((i for i, n in enumerate(found) if n is not None and n.name == name), None)
        for name in ("given_name", "family_name")
    )
    if given is None and family is None and not _has(found, "full_name"):
        pair = next(((a, b) for a, b in pairwise(open_) if b == a + 1), None)
        if pair is not None:
            given, family = sorted(pair, key=lambda i: (values[i].distinct, i))
            found[given] = Named("given_name", "words of letters, fewer different ones than in the column beside", 0.4)
            found[family] = Named("family_name", "words of letters, more different ones than in the column beside", 0.4)
            return
    elif (given is None) != (family is None):
        known = given if given is not None else family
        beside = [i for i in open_ if known is not None and abs(i - known) == 1]
        if beside:
            other = max(beside, key=lambda i: (values[i].variety, -i))
            name = "family_name" if given is not None else "given_name"
            found[other] = Named(name, "words of letters beside the other part of the name", 0.5)
    if not _has(found, "given_name", "family_name", "full_name"):
        whole = [i for i, v in enumerate(values) if found[i] is None and looks_like_whole_names(v)]
        if whole:
            best = max(whole, key=lambda i: (values[i].variety, -i))
            found[best] = Named("full_name", f"{values[best].words:.1f} words of letters a value, as names have", 0.5)


def _name_places(values: Sequence[Values], found: list[Named | None]) -> None:
    """Postcodes that are mere numbers, and cities, beside a street or each other."""
    if not _has(found, "postcode"):
        for i, v in enumerate(values):
            best = max((_share(v, p) for p in POSTCODES.values()), default=0.0)
            settled = _has(found, "street", "city") and v.variety < 0.98
            if found[i] is None and best >= _MOST and v.distinct > 5 and settled:
                found[i] = Named("postcode", f"{best:.0%} of the values have the shape of postcodes", 0.5)
                break
    if not _has(found, "city"):
        near = {i for i, n in enumerate(found) if n is not None and n.name in ("street", "postcode")}
        beside = [i for i, v in enumerate(values) if found[i] is None and v.letters >= 0.8 and v.distinct > 5]
        beside = [i for i in beside if {i - 1, i + 1} & near]
        if beside:
            found[beside[0]] = Named("city", "words of letters beside the street or postcode", 0.5)


def _name_times(values: Sequence[Values], found: list[Named | None]) -> None:
    """Dates of birth of people; of other files the first time."""
    dates = [i for i, v in enumerate(values) if found[i] is None and v.dates is not None and v.dates.share >= _MOST]
    people = _has(found, "given_name", "family_name", "full_name")
    births = [i for i in dates if generations(values[i])]
    if people and births:
        found[births[0]] = Named("birth_date", "dates over several generations, none in the future", 0.6)
    elif not people and dates:
        clocks = [i for i in dates if (d := values[i].dates) is not None and (d.clock or d.epoch)]
        found[(clocks or dates)[0]] = Named("time", "dates", 0.5)


def _name_row(values: Sequence[Values], found: list[Named | None]) -> None:
    """The first column that numbers the rows."""
    for i, v in enumerate(values):
        plain = found[i] is None and v.dates is None and not v.hash_bits and v.words < 1.1
        if plain and v.fill == 1 and v.variety == 1 and (v.has_digit > _MOST or v.uuid):
            found[i] = Named("id", "never empty, and every value is another", 0.6)
            return


def _distinct(found: Sequence[Named | None]) -> tuple[Named, ...]:
    """Every name once: the second phone is phone_2, other columns that come again are numbered by place."""
    named: list[Named] = []
    count: dict[str, int] = {}
    for place, column in enumerate(found, start=1):
        if column is None:
            named.append(Named(f"column_{place}"))
            continue
        seen = count[column.name] = count.get(column.name, 0) + 1
        if seen == 1:
            named.append(column)
        elif column.name in _OWN:
            named.append(Named(f"{column.name}_{seen}", column.why, column.sure))
        else:
            named.append(Named(f"column_{place}"))
    return tuple(named)

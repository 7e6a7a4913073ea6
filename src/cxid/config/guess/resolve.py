"""Columns seen side by side: what is open about one is settled by the others of its file."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from cxid.config.guess.columns import ColumnGuess, generations, guess_column, is_grade, looks_like_whole_names
from cxid.config.guess.datasets import Dataset
from cxid.config.guess.places import valid_phones
from cxid.config.guess.words import homonyms, listed, read_header, words_of

_ROW_NAMES = ("id", "row_id", "customer_id", "person_id", "member_id", "user_id", "account_id", "number", "uuid")
_PLAIN_TRUTH = frozenset(("truth", "groundtruth", "cluster", "clusterid", "label", "trueid", "matchid", "duplicate"))
_WHO = frozenset(("PERSON", "CUSTOMER", "MEMBER", "USER", "ACCOUNT", "CARD", "SUBSCRIBER", "HANDLE"))
_NO_NAMES = listed(
    "CITY STREET ADDRESS REGION COUNTRY DISTRICT PLACE PRODUCT COMPANY STORE AGENT CAMPAIGN CATEGORY"
    " COMMENT OCCUPATION STATUS BANK EMPLOYER SPOUSE PARENT CHILD EMERGENCY DOCTOR SURVEY SCREEN EVENT ACTION"
)
_MAILED = listed("newsletter newsletters mailing mailings mailinglist marketing")
_SUBSCRIBED = listed("subscribed abonniert abonne abonnee suscrito subscrito assinante geabonneerd")
_CONTACT = frozenset(("contact", "contacto", "contato", "contatto", "kontakt", "number", "numero", "numer", "nr"))
_NUMBERED = re.compile(r"\d+[a-zA-Z]?,? [^\W\d][\w' .-]+|[^\W\d][\w' .-]+,? \d+ ?[a-zA-Z]?")
CLOCK = re.compile(r"\d{1,2}[:.]\d{2}([:.]\d{2})?")


def resolve(dataset: Dataset) -> Dataset:
    """The extract with every ambiguous column settled."""
    columns = _homonyms(_without_prefix(dataset))
    columns = _names(columns)
    columns = [_whole_name(c, columns) for c in columns]
    columns = [_initial(c, columns) for c in columns]
    columns = [_number(c, columns) for c in columns]
    columns = _unnamed_names(columns)
    columns = _birth_parts(columns)
    columns = _birth_by_value(columns)
    columns = [_wants_a_person(c, columns) for c in columns]
    columns = [_figure(c, columns, dataset) for c in columns]
    columns = [_permission(c, dataset) for c in columns]
    return replace(dataset, columns=tuple(columns))


def _has(columns: list[ColumnGuess], *meanings: str) -> bool:
    return any(c.meaning in meanings and not c.reading.stranger for c in columns)


def _without_prefix(dataset: Dataset) -> list[ColumnGuess]:
    """Columns read again without a first word that nearly all of them share (KUN_NAME, KUN_ORT)."""
    columns = list(dataset.columns)
    firsts = Counter(w[0] for c in columns if len(w := words_of(c.name)) > 1)
    if not firsts or len(columns) < 4:
        return columns
    prefix, count = firsts.most_common(1)[0]
    if count < 0.75 * len(columns) or read_header(prefix).atoms[:1] not in ((), ("CUSTOMER",), ("PERSON",), ("ROW",)):
        return columns
    fixed = []
    for column in columns:
        words = words_of(column.name)
        rest = " ".join(words[1:]) if len(words) > 1 and words[0] == prefix else column.name
        again = guess_column(rest, column.values)
        keep = column.meaning and (
            not again.meaning or column.sure >= again.sure or column.meaning in ("customer_id", "person_id")
        )
        fixed.append(column if keep else replace(again, name=column.name))
    return fixed


def _homonyms(columns: list[ColumnGuess]) -> list[ColumnGuess]:
    """Columns whose header is a word of the file's language that means something else in others (Turkish ad, il)."""
    words = {w for c in columns for w in words_of(c.name)}
    for meant, alone in homonyms():
        if len(words & alone) < 2:
            continue
        for place, c in enumerate(columns):
            own = [meant.get(w, w) for w in words_of(c.name)]
            if own != words_of(c.name):
                columns[place] = replace(guess_column(" ".join(own), c.values), name=c.name)
    return columns


def _names(columns: list[ColumnGuess]) -> list[ColumnGuess]:
    """A column called just name: the given, the family or the whole one, by its neighbours and its words."""
    given, family = _has(columns, "given_name"), _has(columns, "family_name")
    fixed = []
    for c in columns:
        if c.meaning != "name":
            fixed.append(c)
        elif given and not family and c.values.words < 1.6:
            fixed.append(c.as_("family_name", "called name beside a given name", 0.85))
        elif family and not given:
            whole = c.values.words >= 1.7
            fixed.append(c.as_("full_name" if whole else "given_name", "called name beside a family name", 0.85))
        else:
            why = f"called name, {c.values.words:.1f} words a value"
            fixed.append(c.as_("full_name", why, 0.8 if c.values.words >= 1.6 else 0.5))
    return fixed


def _whole_name(c: ColumnGuess, columns: list[ColumnGuess]) -> ColumnGuess:
    """A part of the name that holds all of it: two words a value, and no column for the other part."""
    other = {"given_name": "family_name", "family_name": "given_name"}.get(c.meaning)
    if other is None or c.reading.stranger or _has(columns, other, "full_name", "name"):
        return c
    inverted = sum(1 for v in c.values.sample if ", " in v) / max(1, len(c.values.sample))
    said = {"NAME", "FAMILY"} & set(read_header(c.name).atoms) and "GIVEN" in read_header(c.name).atoms
    if c.values.words >= (1.7 if said or other == "given_name" else 1.9) or inverted >= 0.5:
        return c.as_("full_name", f"{c.values.words:.1f} words a value, and no other part of the name", 0.7)
    return c


def _wants_a_person(c: ColumnGuess, columns: list[ColumnGuess]) -> ColumnGuess:
    """Columns of a people file that their values and their neighbours explain better than their headers."""
    v = c.values
    if c.meaning == "truth" and v.variety > 0.995:
        others = [o for o in columns if o is not c and o.meaning in _ROW_NAMES and o.values.variety > 0.995]
        if not others and not _PLAIN_TRUTH & set(words_of(c.name)):
            return c.as_("id", "names each row, and no other column does", 0.5)
    if words_of(c.name) == ["uid"] and v.variety < 0.9 and not _has(columns, *_ROW_NAMES[2:7], "email", "phone"):
        return c.as_("user_id", "a uid that comes back, and nothing else names who it was", 0.6)
    if c.reading.stranger and {*read_header(c.name).atoms} == {"SPOUSE"} and v.has_digit > 0.9 and v.variety > 0.99:
        plain = replace(c, reading=replace(c.reading, stranger=False))
        return plain.as_("id", "called partner, and numbers each row", 0.6)
    contact = bool(set(words_of(c.name)) & _CONTACT)
    open_ = c.meaning == "" or (c.meaning == "person_id" and contact)
    if open_ and v.phone >= 0.9 and not (c.reading.stranger or v.dates or v.ip):
        typed = any(not x.isdigit() or x.startswith("0") for x in v.sample)
        if (contact or typed) and valid_phones(v.sample) >= 0.8:
            return c.as_("phone", "most values are valid phone numbers", 0.6)
    if (
        {"POSTCODE", "CITY"} <= set(read_header(c.name).atoms)
        and v.has_digit > 0.7
        and v.letters < 0.3
        and v.words > 1.7
    ):
        return c.as_("postcode_city", "postcode and city in one column", 0.7)
    if c.meaning == "" and not _has(columns, "street") and _has(columns, "given_name", "family_name", "full_name"):
        numbered = sum(1 for x in v.sample if _NUMBERED.fullmatch(x)) / max(1, len(v.sample))
        if numbered >= 0.8 and v.variety > 0.3 and v.words >= 2:
            return c.as_("street", f"{numbered:.0%} of the values are words with a number, as streets are", 0.6)
    return c


def _figure(c: ColumnGuess, columns: list[ColumnGuess], dataset: Dataset) -> ColumnGuess:
    """The amount of a file whose only money includes its tax; the grade of a survey whose column says value."""
    money = [o for o in columns if o.meaning in ("moneykind", "amount")]
    if c.meaning == "moneykind" and "AMOUNT" in read_header(c.name).atoms and money == [c]:
        return c.as_("amount", "the only money of the file", 0.6)
    asked = dataset.words & {"SURVEY", "SCORE"} and not _has(columns, "score")
    if asked and c.meaning in ("", "amount", "number", "note", "result") and is_grade(c.values):
        return c.as_("score", "the grades of a file of answers", 0.7)
    return c


def _permission(c: ColumnGuess, dataset: Dataset) -> ColumnGuess:
    """A yes or no to mail: what is called newsletter, or called subscribed in the list of a newsletter.

    Elsewhere subscribed may mean a contract.
    """
    words, file = set(words_of(c.name)), set(words_of(dataset.name))
    of_mail = words & _MAILED or (words & _SUBSCRIBED and file & _MAILED)
    if of_mail and c.meaning in ("campaign", "flag", "status", "") and c.values.yes_no >= 0.9:
        return c.as_("consent_status", "yes or no to mail, by its header and values", 0.8)
    return c


def _initial(c: ColumnGuess, columns: list[ColumnGuess]) -> ColumnGuess:
    if c.meaning != "initial":
        return c
    if _has(columns, "given_name", "full_name"):
        return c.as_("middle_name", "initials beside a given name", 0.7)
    return c.as_("given_name", "initials, and no given name beside them", 0.6)


def _short(c: ColumnGuess) -> bool:
    return c.values.length <= 6 and c.values.variety < 0.9


def _number(c: ColumnGuess, columns: list[ColumnGuess]) -> ColumnGuess:
    if c.meaning == "number" and _has(columns, "street") and not _has(columns, "house_number") and _short(c):
        return c.as_("house_number", "a number beside a street", 0.7)
    if c.meaning == "number":
        return c.as_("id", "called number, and stands alone", 0.5)
    return c


def _unnamed_names(columns: list[ColumnGuess]) -> list[ColumnGuess]:
    """The names of a file that says how its people are reached and no header of which says name (caller, contact)."""
    if _has(columns, "given_name", "family_name", "full_name", "name"):
        return columns
    if not _has(columns, "email", "phone", "birth_date", "loyalty_card", "national_id", "postcode", "postcode_city"):
        return columns
    found = [
        c
        for c in columns
        if c.meaning == "" and not set(read_header(c.name).atoms) & _NO_NAMES and looks_like_whole_names(c.values)
    ]
    if not found:
        return columns
    best = max(found, key=lambda c: (bool(set(read_header(c.name).atoms) & _WHO), c.values.variety, c.values.fill))
    why = f"{best.values.words:.1f} words of letters a value, as names have them, and no other column holds names"
    return [replace(c, reading=replace(c.reading, stranger=False)).as_("full_name", why, 0.5) if c is best else c
            for c in columns]  # fmt: skip


def _birth_parts(columns: list[ColumnGuess]) -> list[ColumnGuess]:
    """Year, month and day of a person's birth in three columns that do not say birth."""
    if _has(columns, "birth_date", "birth_year") or not _has(columns, "given_name", "family_name", "full_name"):
        return columns
    roles = {"YEAR": "birth_year", "MONTH": "birth_month", "DAY": "birth_day"}
    found = {}
    for c in columns:
        atoms = set(read_header(c.name).atoms)
        for atom, meaning in roles.items():
            if atoms == {atom} and c.values.number and c.values.number.whole and meaning not in found:
                found[meaning] = c
    year = found.get("birth_year")
    if len(found) < 3 or year is None or not year.values.number or year.values.distinct < 20:
        return columns
    back = {c.name: meaning for meaning, c in found.items()}
    return [
        c.as_(back[c.name], "year, month and day of a person, spread as birthdays are", 0.7) if c.name in back else c
        for c in columns
    ]


def _birth_by_value(columns: list[ColumnGuess]) -> list[ColumnGuess]:
    """The one date of a person that spans generations, where no header says birth."""
    if _has(columns, "birth_date", "birth_year") or not _has(columns, "given_name", "family_name", "full_name"):
        return columns
    wide = [c for c in columns if c.meaning in ("date", "time") and generations(c.values)]
    if len(wide) != 1:
        return columns
    return [
        c.as_("birth_date", "the only date, over several generations, none in the future", 0.6) if c is wide[0] else c
        for c in columns
    ]

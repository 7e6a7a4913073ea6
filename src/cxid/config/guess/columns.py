"""What one column means: what its header says, held against what its values look like."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from cxid.config.guess.meanings import Reading, other_readings, read_meaning
from cxid.config.guess.places import POSTCODES
from cxid.config.guess.shapes import Values
from cxid.config.guess.words import listed, read_header, words_of

_DATES_BY_HEADER = ("birth_date", "time", "updated_at", "created_at", "seen_at", "expires_at", "date")
_HAPPENS = listed(
    "SENT SURVEY SEEN ORDER PURCHASE EVENT ACTION SUPPORT CONSENT RECEIPT TRANSACTION SCREEN SESSION BILLING"
)
_UNITS = re.compile(r"\b(flat|apt|apartment|unit|suite|floor|top|stiege|wohnung|piso|interno)\b", re.I)
ENOUGH = 0.5  # share of values that must fit what the header says
# Meanings whose values say who a row is about, exactly.
ID_MEANINGS = (
    "customer_id", "person_id", "member_id", "loyalty_card", "user_id", "account_id", "contract_id", "subscriber_id",
    "cookie", "device_id", "handle", "email_hash", "phone_hash",
)  # fmt: skip


@dataclass(frozen=True)
class ColumnGuess:
    """A column and what it means, with the reason."""

    name: str
    reading: Reading
    values: Values
    meaning: str  # '' when nobody knows
    sure: float
    why: str

    def renamed(self, name: str) -> ColumnGuess:
        return replace(self, name=name)

    def as_(self, meaning: str, why: str, sure: float = 0.8) -> ColumnGuess:
        """The same column with another meaning."""
        return replace(self, meaning=meaning, why=why, sure=sure)


def guess_column(name: str, values: Values) -> ColumnGuess:
    """What the column means. The header proposes, the values dispose; where the header is silent, they propose."""
    reading = read_meaning(name)
    if not values.filled:
        return ColumnGuess(name, reading, values, "", 0.0, "no value in the sample")
    if reading.meaning in (*ID_MEANINGS, "name") and values.email >= ENOUGH:
        why = f"{values.email:.0%} of the values are e-mail addresses"
        return ColumnGuess(name, reading, values, "email", 0.9, why)
    if reading.meaning:
        fit = fit_of(reading.meaning, values)
        if fit >= ENOUGH and (moment := _moment(name, reading, values)):
            return ColumnGuess(name, reading, values, moment, 0.7, f"{_dated(values):.0%} of the values are dates")
        if fit >= ENOUGH:
            sure = round(reading.sure * min(1.0, 0.4 + 0.6 * fit), 2)
            return ColumnGuess(name, reading, values, reading.meaning, sure, _because(reading, values, fit))
    second = _second_reading(name, reading, values)
    if second is not None:
        return second
    meaning, sure, why = _by_values(values, reading)
    if reading.meaning and not meaning:
        why = f"the header says {reading.meaning}, its values do not look like it"
    return ColumnGuess(name, reading, values, meaning, sure, why)


def _second_reading(name: str, reading: Reading, values: Values) -> ColumnGuess | None:
    """What else a header can mean whose first meaning the values refuse: street with number, mail as post."""
    if reading.meaning == "house_number" and _street(values) >= ENOUGH:
        return ColumnGuess(name, reading, values, "street", 0.7, "header, and the values hold more than a number")
    words = words_of(name)
    if reading.meaning == "email" and "mail" in words:
        return guess_column(" ".join("mailing" if w == "mail" else w for w in words), values).renamed(name)
    if reading.meaning == "note" and is_grade(values):
        return ColumnGuess(name, reading, values, "score", 0.7, "header, and the values are grades")
    for other in other_readings(name):
        if other.meaning in _FITS and (fit := fit_of(other.meaning, values)) >= ENOUGH:
            return ColumnGuess(name, other, values, other.meaning, other.sure, _because(other, values, fit))
    return None


def _moment(name: str, reading: Reading, v: Values) -> str:
    """The meaning of a column that holds written dates under a header that says what happened, not when; '' else."""
    written = v.dates is not None and v.dates.share >= 0.9 and not v.dates.epoch and v.digits < 0.5
    if not written or reading.meaning in (*_DATES_BY_HEADER, "birth_year"):
        return ""
    return "time" if set(read_header(name).atoms) & _HAPPENS else "date"


def _because(reading: Reading, values: Values, fit: float) -> str:
    if reading.meaning in _FITS and fit < 1:
        return f"header, and {fit:.0%} of the values fit"
    return "header" if reading.meaning not in _FITS else "header and values"


# ---- do the values fit the header? -------------------------------------------------------------------------------


def _named(v: Values) -> float:
    return 0.0 if v.email > 0.3 or v.dates is not None else min(1.0, v.letters / 0.9)


def _dated(v: Values) -> float:
    return v.dates.share if v.dates else 0.0


def _birth(v: Values) -> float:
    d = v.dates
    return d.share if d and not d.epoch and d.middle_year <= 2100 else 0.0


def _counted(v: Values) -> float:
    return v.number.share if v.number else 0.0


def _between(low: float, high: float) -> Callable[[Values], float]:
    def fit(v: Values) -> float:
        if not v.number or not v.number.whole:
            return 0.0
        inside = sum(1 for x in v.sample if x.isdigit() and low <= int(x) <= high)
        return inside / max(1, len(v.sample))

    return fit


def _place(v: Values) -> float:
    return 0.0 if v.email > 0.3 or _dated(v) > 0.5 else 1.0


def _area(v: Values) -> float:
    if v.digits > 0.9 and v.distinct <= 2:
        return 0.0  # a flag
    return 1.0 if v.letters > 0.5 or (v.length <= 6 and v.variety < 0.5) else 0.3


def _postcode(v: Values) -> float:
    by_country = max((sum(1 for x in v.sample if p.fullmatch(x)) for p in POSTCODES.values()), default=0)
    return max(by_country / max(1, len(v.sample)), 0.6 if v.has_digit > 0.5 and 2 < v.length < 11 else 0.0)


def _gender(v: Values) -> float:
    few = len({x.lower() for x in v.sample}) <= 20
    return max(v.gender, 0.8 if v.length <= 1.2 else 0.0) if few else v.gender


def _number_id(v: Values) -> float:
    return 1.0 if v.has_digit >= 0.5 and 4 <= v.length <= 24 and not v.email else 0.0


def looks_like_whole_names(v: Values) -> bool:
    """Whether the values may be names of people in any language: two to four words of letters."""
    return v.letters >= 0.9 and 1.7 <= v.words <= 4 and 7 <= v.length <= 40 and v.variety > 0.01 and v.distinct > 20


def generations(v: Values) -> bool:
    """Whether the values are dates of birth by their range: over generations, none in the future."""
    d = v.dates
    return bool(
        d
        and not d.clock
        and not d.epoch
        and d.last_year - d.first_year >= 25
        and d.middle_year <= 2005
        and d.last_year <= 2027
    )


def _own_id(v: Values) -> float:
    if looks_like_whole_names(v):
        return 0.0
    if v.masked > 0.2 or (_dated(v) > 0.8 and not (v.dates and (v.dates.epoch or v.dates.format == "%Y%m%d"))):
        return 0.0
    return 1.0


def _device(v: Values) -> float:
    """A device id has many values; desktop, mobile, tablet do not name one."""
    return 0.0 if v.distinct <= 12 and v.filled > 40 and v.has_digit < 0.5 else 1.0


def _handle(v: Values) -> float:
    return 0.0 if v.words > 1.3 or (v.distinct <= 8 and v.filled > 40) else 1.0


def _house(v: Values) -> float:
    """A number with at most a letter or a flat; most values with words beside it are streets."""
    worded = sum(1 for x in v.sample if re.search(r"[^\W\d_]{3,}", x) and not _UNITS.search(x))
    if worded > 0.7 * len(v.sample):
        return 0.0
    return 1.0 if v.has_digit >= 0.5 and v.length <= 12 else 0.0


def _street(v: Values) -> float:
    return 1.0 if v.length >= 4 and v.email < 0.3 and v.digits < 0.5 else 0.0


def _consent(v: Values) -> float:
    return max(v.yes_no, _dated(v) * 0.0)


def is_grade(v: Values) -> bool:
    """Whole numbers of a scale up to ten."""
    n = v.number
    return bool(n and n.whole and n.share >= 0.95 and n.low >= 0 and n.high <= 10 and 1 < v.distinct < 12)


def _note(v: Values) -> float:
    return 0.0 if is_grade(v) else 1.0


def _few(v: Values) -> float:
    return 1.0 if v.distinct <= 60 or v.variety < 0.2 else 0.0


_FITS: dict[str, Callable[[Values], float]] = {
    "email": lambda v: v.email,
    "phone": lambda v: v.phone,
    "email_hash": lambda v: 1.0 if v.hash_bits else 0.0,
    "phone_hash": lambda v: 1.0 if v.hash_bits else 0.0,
    "given_name": _named, "family_name": _named, "full_name": _named, "middle_name": _named, "maiden_name": _named,
    "name": _named, "initial": lambda v: 1.0 if v.length <= 8 else 0.0, "infix": lambda v: v.letters,
    "birth_date": _birth, "birth_year": _between(1700, 2100), "birth_month": _between(1, 12),
    "birth_day": _between(1, 31), "age": _between(0, 120), "year": _between(1700, 2100),
    "time": _dated, "updated_at": _dated, "created_at": _dated, "seen_at": _dated, "expires_at": _dated,
    "date": _dated, "street": _street, "house_number": _house, "city": _place, "region": _area,
    "country": _area, "postcode": _postcode, "gender": _gender, "national_id": _number_id, "tax_id": _number_id,
    "passport_no": _number_id, "licence_no": _number_id, "insurance_no": _number_id, "amount": _counted,
    "unit_price": _counted, "quantity": _counted, "moneykind": _counted, "score": _counted, "reach": _counted,
    "currency": lambda v: max(v.currency, float(set(v.sample) <= set("€£$"))),
    "sentiment": lambda v: max(v.mood, _counted(v)), "consent_status": _consent, "device_id": _device,
    "cookie": _device, "handle": _handle, "loyalty_card": _own_id, "customer_id": _own_id, "member_id": _own_id,
    "user_id": _own_id, "account_id": _own_id, "person_id": _own_id, "subscriber_id": _own_id,
    "contract_id": _own_id, "note": _note, "title": lambda v: v.letters,
    "category": _few, "event_type": _few, "transaction_type": _few,
}  # fmt: skip


def fit_of(meaning: str, values: Values) -> float:
    """The share of the values that look as a column of this meaning does; 1 where there is nothing to look at."""
    check = _FITS.get(meaning)
    return check(values) if check else 1.0


# ---- what the values say alone -----------------------------------------------------------------------------------


def _by_values(v: Values, reading: Reading) -> tuple[str, float, str]:
    """The meaning that the values alone show, how sure, and why; '' when they show none."""
    if v.email >= 0.6:
        return "email", 0.9, f"{v.email:.0%} of the values are e-mail addresses"
    if v.hash_bits and v.variety > 0.02:
        kind = {32: "md5", 40: "sha1", 64: "sha256"}[v.hash_bits]
        hashed = "email_hash" if reading.meaning in ("email", "email_hash") else "hash"
        return hashed, 0.6, f"the values are {v.hash_bits} hex digits, as {kind} makes them"
    if v.uuid >= 0.8:
        return "uuid", 0.6, "the values are UUIDs"
    if v.dates and v.dates.share >= 0.8:
        return "date", 0.6, f"{v.dates.share:.0%} of the values are dates"
    plus = sum(1 for x in v.sample if re.match(r"\+|00[1-9]", x)) / max(1, len(v.sample))
    if v.phone >= 0.8 and plus >= 0.3 and not (v.number and v.number.low < 0):
        return "phone", 0.8, f"{v.phone:.0%} of the values are phone numbers, {plus:.0%} with a country code"
    if v.gender >= 0.9 and 2 <= v.distinct <= 6:
        return "gender", 0.7, "the few values are words for man and woman"
    if v.currency >= 0.9 and v.distinct <= 40:
        return "currency", 0.7, "the values are currency codes"
    return _names(v) or _postcodes(v) or ("", 0.0, "")


def _names(v: Values) -> tuple[str, float, str] | None:
    if v.letters < 0.8 or v.distinct < 5:
        return None
    if v.city >= 0.3 and v.city > v.given:
        return "city", 0.7, f"{v.city:.0%} of the values are well-known cities"
    if v.words >= 1.7 and v.given >= 0.25:
        return "full_name", 0.7, f"{v.given:.0%} of the values begin with a common given name"
    if v.words < 1.5 and v.given >= 0.25 and v.given > v.family:
        return "given_name", 0.7, f"{v.given:.0%} of the values are common given names"
    if v.words < 1.7 and v.family >= 0.15 and v.family > v.given:
        return "family_name", 0.7, f"{v.family:.0%} of the values are common family names"
    return None


def _postcodes(v: Values) -> tuple[str, float, str] | None:
    """Postcodes of countries whose shape nothing else has."""
    for country in ("GB", "NL", "CA", "PT", "BR"):
        share = sum(1 for x in v.sample if POSTCODES[country].fullmatch(x)) / max(1, len(v.sample))
        if share >= 0.8 and v.variety > 0.05:
            return "postcode", 0.7, f"{share:.0%} of the values have the shape of postcodes of {country}"
    return None

"""What the values of a column look like, measured on a sample."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from cxid.config.genders import gender_code, packed
from cxid.config.guess.dates import DateShape, find_dates
from cxid.config.guess.words import fold, listed

_LOOK = 1500  # values looked at with patterns: shares are then right within .04
NULLS = listed(
    r"null (null) <null> none n/a #n/a na n.a. n.a \n nan nil - --"
    r" --- . ? ?? missing undefined (blank) (empty) k.a. k.a"
    " unbekannt unknown inconnu desconhecido desconocido sconosciuto onbekend nicht-angegeben #null! n.d."
)
_OTHER_GENDERS = listed("u o unknown unbekannt")
YES_NO = listed(
    "yes no y n true false t f 1 0 ja nein j oui non o si sim nao granted denied grant deny opt-in opt-out optin optout"
    " opted_in opted_out opted-in opted-out in out given withdrawn revoked accepted rejected allow allowed disallowed"
    " consented active inactive subscribed unsubscribed erteilt widerrufen zugestimmt abgelehnt accorde refuse"
    " concedido negado aceptado rechazado retirado accettato rifiutato nee akkoord geweigerd unknown pending vero falso"
    " vrai faux verdadero wahr falsch sim. s agree agreed refused declined expired opted in opted out revocado"
    " concesso negato revocato concedida recusado revogado retire"
)
MOODS = listed(
    "positive neutral negative pos neu neg positiv negativ positif negatif positivo negativo neutro neutre neutraal"
    " positief negatief mixed very_positive very_negative gemischt"
)
CURRENCIES = listed(
    "EUR USD GBP CHF BRL MXN ARS CLP COP PEN CAD AUD NZD JPY CNY HKD SGD INR ZAR SEK NOK DKK PLN CZK HUF RON BGN TRY"
    " AED SAR ILS THB KRW IDR MYR PHP EGP NGN KES MAD RUB UAH ISK HRK RSD"
)
SYMBOLS = {"€": "EUR", "£": "GBP", "$": "USD", "R$": "BRL", "CHF": "CHF", "EUR": "EUR", "GBP": "GBP", "USD": "USD"}
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
_SIGNS = (";", "|", ",", "\n", " / ", " & ", " + ", " - ", " ")
_BETWEEN = re.compile(r"\s*[;|,\n]\s*|\s+[/&+]\s+")
_SEVERAL = 0.005  # share of the cells with several values that is worth a split
_HEX = {32: re.compile(r"[0-9a-fA-F]{32}"), 40: re.compile(r"[0-9a-fA-F]{40}"), 64: re.compile(r"[0-9a-fA-F]{64}")}
_UUID = re.compile(r"\{?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?")
_PHONE = re.compile(r"\+?[\d\s()./\-–]{6,24}(\s*(x|ext\.?)\s*\d{1,5})?", re.I)
_LETTERS = re.compile(r"[^\W\d_]+(?:[\s'’`´.,\-]+[^\W\d_]+)*\.?")
_URL = re.compile(r"(https?://|www\.|/[\w-]+)\S*")
_IP = re.compile(r"\d{1,3}(\.\d{1,3}){3}|[0-9a-fA-F:]{8,39}:[0-9a-fA-F:]*")
_NUMBER = re.compile(r"\(?[-+]?\s?(?P<body>\d[\d.,'\s]*\d|\d)\)?\s?-?")
_MONEY = re.compile(
    r"(?P<pre>R\$|[€£$]|[A-Z]{3})?\s*(?P<number>\(?[-+]?\s?[\d.,'\s]*\d\)?-?)\s*(?P<post>[€£$]|[A-Z]{3})?"
)


@dataclass(frozen=True)
class NumberShape:
    """How the numbers of a column are written, and their range."""

    share: float
    decimal: str  # "." or ","
    whole: bool
    low: float
    high: float
    symbol: str  # ISO code of a currency sign seen beside the numbers


@dataclass(frozen=True)
class Values:
    """A column's sample in figures; shares are of the filled values, 0 to 1."""

    rows: int
    filled: int
    distinct: int
    sample: tuple[str, ...]
    email: float
    phone: float
    hash_bits: int  # 32, 40 or 64 hex digits in nine of ten values, else 0
    uuid: float
    letters: float
    digits: float  # nothing but digits
    has_digit: float
    words: float  # words a value
    length: float
    url: float
    ip: float
    gender: float
    yes_no: float
    mood: float
    given: float  # share found among common given names
    family: float
    city: float
    currency: float
    masked: float
    number: NumberShape | None
    dates: DateShape | None

    @property
    def fill(self) -> float:
        return self.filled / self.rows if self.rows else 0.0

    @property
    def variety(self) -> float:
        return self.distinct / self.filled if self.filled else 0.0

    @property
    def constant(self) -> bool:
        return self.distinct <= 1


@cache
def _lists() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {"given": set(), "family": set(), "city": set()}
    for line in files(__package__).joinpath("people.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, names = line.split(":", 1)
            found[kind].update(n.replace("_", " ") for n in names.split())
    return {k: frozenset(v) for k, v in found.items()}


def measure(cells: Sequence[str | None], *, day_first: bool | None = None) -> Values:
    """The figures of a column's sample; None and empty texts are missing values."""
    filled = [c.strip() for c in cells if c is not None and c.strip() and c.strip().lower() not in NULLS]
    step = max(1, len(filled) // _LOOK)
    look = filled[::step][:_LOOK]
    n = len(look) or 1
    folded = [fold(v) for v in look]

    def share(pattern: re.Pattern[str]) -> float:
        return sum(1 for v in look if pattern.fullmatch(v)) / n

    def among(words: frozenset[str], texts: Sequence[str] = folded) -> float:
        return sum(1 for v in texts if v in words) / n

    lists = _lists()
    firsts = [w[0] if (w := re.findall(r"[a-z]+", v)) else "" for v in folded]
    lasts = [w[-1] if (w := re.findall(r"[a-z]+", v)) else "" for v in folded]
    return Values(
        rows=len(cells), filled=len(filled), distinct=len(set(filled)), sample=tuple(look),
        email=_share_of(_is_email, look), phone=_share_of(_is_phone, look),
        hash_bits=next((bits for bits, p in _HEX.items() if share(p) >= 0.9), 0), uuid=share(_UUID),
        letters=share(_LETTERS), digits=sum(1 for v in look if v.isdigit()) / n,
        has_digit=sum(1 for v in look if re.search(r"\d", v)) / n, words=sum(len(v.split()) for v in look) / n,
        length=sum(map(len, look)) / n, url=share(_URL), ip=share(_IP),
        gender=sum(map(_is_gender, look)) / n, yes_no=among(YES_NO),
        mood=among(MOODS), given=among(lists["given"], firsts), family=among(lists["family"], lasts),
        city=among(lists["city"]), currency=sum(1 for v in look if v.upper() in CURRENCIES) / n,
        masked=sum(1 for v in look if re.search(r"[*xX]{4}|••", v)) / n,
        number=_numbers(look), dates=find_dates(look, day_first=day_first) if look else None,
    )  # fmt: skip


def _is_gender(value: str) -> bool:
    return gender_code(value) is not None or packed(value) in _OTHER_GENDERS


def _is_email(value: str) -> bool:
    return bool(_EMAIL.fullmatch(value))


def _share_of(check: Callable[[str], bool], look: Sequence[str]) -> float:
    """The share of the values that pass, or all of whose parts pass where a cell holds several."""
    passed = sum(1 for v in look if check(v) or all(check(p) for p in _BETWEEN.split(v.strip(" ;,|"))))
    return passed / (len(look) or 1)


def separator(meaning: str, look: Sequence[str]) -> str:
    """The text that stands between several e-mails or phones in one cell; '' when cells hold one."""
    check = {"email": _is_email, "phone": _is_phone}[meaning]
    for sign in _SIGNS:
        several = [v.split(sign) for v in look if sign in v and not check(v)]
        good = sum(1 for parts in several if all(check(p.strip()) for p in parts if p.strip()))
        if good >= max(2, _SEVERAL * len(look)) and good >= 0.9 * len(several):
            return sign
    return ""


def _is_phone(value: str) -> bool:
    digits = sum(c.isdigit() for c in value)
    return bool(_PHONE.fullmatch(value)) and 6 <= digits <= 15


def _numbers(look: Sequence[str]) -> NumberShape | None:
    bodies: list[str] = []
    symbols: Counter[str] = Counter()
    for value in look:
        found = _MONEY.fullmatch(value)
        if found is None or not _NUMBER.fullmatch(found["number"].strip()):
            continue
        bodies.append(found["number"])
        sign = found["pre"] or found["post"]
        if sign in SYMBOLS or sign in CURRENCIES:
            symbols[SYMBOLS.get(sign, sign)] += 1
    if len(bodies) < 0.5 * len(look) or not bodies:
        return None
    decimal = _decimal_sign(bodies)
    numbers = [x for b in bodies if (x := _to_float(b, decimal)) is not None]
    if len(numbers) < 0.5 * len(look):
        return None
    symbol = symbols.most_common(1)[0][0] if symbols and symbols.most_common(1)[0][1] >= 0.3 * len(look) else ""
    whole = all(n == int(n) for n in numbers) and not any(decimal in b for b in bodies)
    return NumberShape(len(numbers) / len(look), decimal, whole, min(numbers), max(numbers), symbol)


def _decimal_sign(bodies: Sequence[str]) -> str:
    """The sign before the last part, where that part is no group of three or both signs stand in one value."""
    votes: Counter[str] = Counter()
    for body in bodies:
        marks = [c for c in body if c in ".,"]
        if not marks:
            continue
        last, tail = marks[-1], re.split(r"[.,]", re.sub(r"[^\d.,]", "", body))[-1]
        if len(set(marks)) == 2 or (marks.count(last) == 1 and len(tail) != 3):
            votes[last] += 1
        elif marks.count(last) > 1:
            votes["," if last == "." else "."] += 1
    return "," if votes[","] > votes["."] else "."


def _to_float(body: str, decimal: str) -> float | None:
    negative = "(" in body or "-" in body
    text = re.sub(r"[^\d.,]", "", body).replace("." if decimal == "," else ",", "").replace(",", ".")
    try:
        number = float(text)
    except ValueError:
        return None
    return -number if negative else number

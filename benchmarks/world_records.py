# ruff: noqa: E501
"""From a person to the rows that systems keep of them: what each knows, how it writes it, what goes wrong."""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

import phonenumbers
from world_people import _NUMBER_FIRST, Country, Home, Person

KEYS = {"a": "qsz", "b": "vgn", "c": "xvd", "d": "sfe", "e": "wrd", "f": "dgr", "g": "fht", "h": "gju", "i": "uok", "j": "hki",
        "k": "jlo", "l": "kop", "m": "nj", "n": "bm", "o": "ipl", "p": "ol", "q": "wa", "r": "etf", "s": "adw", "t": "ryg",
        "u": "yij", "v": "cbf", "w": "qes", "x": "zcs", "y": "tuh", "z": "xas"}  # fmt: skip
OCR = (("rn", "m"), ("m", "rn"), ("l", "1"), ("0", "O"), ("cl", "d"), ("5", "S"), ("u", "v"), ("1", "7"), ("8", "3"))
ROMAN_SWAPS = (("ya", "ia"), ("iy", "y"), ("iy", "ii"), ("kh", "h"), ("yu", "iu"), ("ks", "x"), ("ou", "u"), ("ch", "h"),
               ("zh", "j"), ("ei", "i"), ("f", "ph"), ("ou", "oo"), ("hiro", "hilo"), ("sh", "s"), ("ee", "i"))  # fmt: skip
MONTHS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
}
SALUTATIONS = {
    "de": "Herr Frau", "fr": "M. Mme", "es": "Sr. Sra.", "it": "Sig. Sig.ra", "nl": "Dhr. Mevr.", "pl": "Pan Pani",
    "tr": "Bay Bayan", "ru": "г-н г-жа", "en": "Mr Mrs", "pt": "Sr. Sra.", "sv": "Herr Fru", "cs": "Pan Paní",
}  # fmt: skip
SEX_WORDS = {
    "de": "männlich weiblich", "fr": "Homme Femme", "es": "Hombre Mujer", "it": "Maschio Femmina", "pl": "mężczyzna kobieta",
    "tr": "Erkek Kadın", "ru": "муж жен", "ja": "男 女", "zh": "男 女", "mf": "M F", "12": "1 2", "sv": "man kvinna",
    "el": "Άνδρας Γυναίκα", "ar": "ذكر أنثى", "ko": "남 여", "cs": "muž žena", "km": "K M",
}  # fmt: skip


@dataclass
class Errors:
    """How often things go wrong, per field and record."""

    typo: float = 0.04
    missing: float = 0.06
    swap: float = 0.01  # given and family name in each other's place
    dayswap: float = 0.01
    fold: float = 0.05  # accents lost
    upper: float = 0.0  # the whole row in capitals
    initial: float = 0.02
    nick: float = 0.5
    short_family: float = 0.1  # one of two family names
    middle: float = 0.5  # written at all
    old: float = 0.4  # the former home or name
    roman: float = 0.0  # Latin letters where the source is native


@dataclass
class Source:
    """A system: its file, its columns as header -> part, and how many people it has."""

    file: str  # name with ending; its stem is the source's name
    columns: dict[str, str]
    share: float = 1.0  # of the people
    more: float = 0.1  # chance of one more record, again and again
    errors: Errors = field(default_factory=Errors)
    delimiter: str = ","
    encoding: str = "utf-8"
    before: str = ""  # lines before the header
    most: int = 30


def record(c: Country, p: Person, source: Source) -> dict[str, str]:
    """The parts of one record of the person, faults included."""
    rng, e = c.rng, source.errors
    home = p.homes[0] if rng.random() < e.old else p.homes[-1]
    family = p.families[0] if rng.random() < e.old else p.families[-1]
    given = p.nick if p.nick and rng.random() < e.nick else p.given
    if " " in family and rng.random() < e.short_family:
        family = family.split()[0]
    if rng.random() < e.roman:
        given, family = _roman(c, given), _roman(c, family)
        home = Home(*(c.romanise(x) for x in vars(home).values()))
    middle = p.middle if rng.random() < e.middle else ""
    if rng.random() < e.initial:
        given = given[0] + rng.choice(["", "."])
    born = p.born
    if rng.random() < e.dayswap and born.day <= 12:
        born = date(born.year, born.day, born.month)
    parts = {
        "given": given, "middle": middle, "family": family, "sex": p.sex, "mobile": rng.choice(p.mobiles),
        "landline": home.landline if rng.random() < 0.6 else "", "email": rng.choice(p.emails), "born": born.isoformat(),
        "street": home.street, "number": home.number, "unit": home.unit, "postcode": home.postcode, "city": home.city,
        "region": home.region, "nid": p.national_id, "card": p.card, "cookie": p.cookie, "person": p.entity,
    }  # fmt: skip
    if len(p.emails) > 1 and rng.random() < 0.4:
        parts["email2"] = next(x for x in p.emails if x != parts["email"])
    if rng.random() < e.swap:
        parts["given"], parts["family"] = parts["family"], parts["given"]
    for name in parts:
        if name not in ("sex", "person", "card", "cookie"):
            parts[name] = _spoilt(rng, name, parts[name], e)
    if rng.random() < e.fold:
        for name in ("given", "middle", "family", "street", "city"):
            parts[name] = _bare(parts[name])
    if rng.random() < e.upper:
        parts |= {n: parts[n].upper() for n in ("given", "middle", "family", "street", "city")}
    return parts


def _roman(c: Country, text: str) -> str:
    latin = c.romanise(text)
    if latin == text or c.rng.random() < 0.75:
        return latin
    a, b = c.rng.choice(ROMAN_SWAPS)
    return latin.replace(a, b, 1)


def _bare(text: str) -> str:
    return "".join(x for x in unicodedata.normalize("NFD", text) if not unicodedata.combining(x))


def _spoilt(rng: random.Random, name: str, text: str, e: Errors) -> str:
    if not text:
        return text
    if rng.random() < (e.missing if name not in ("given", "family") else e.missing / 3):
        return ""
    rate = {"born": 0.4, "email": 0.5, "mobile": 0.4, "nid": 0.3}.get(name, 1.0)
    return mistyped(rng, text, digits=name in ("born", "mobile", "nid")) if rng.random() < e.typo * rate else text


def mistyped(rng: random.Random, text: str, *, digits: bool = False) -> str:
    """The text with one mistake of hand or eye."""
    at = rng.randrange(len(text))
    if digits:
        spots = [i for i, x in enumerate(text) if x.isdigit()][-6:]
        at = rng.choice(spots) if spots else at
        return text[:at] + rng.choice("0123456789") + text[at + 1 :]
    kind, old = rng.choice(("key", "drop", "double", "turn", "ocr")), text[at]
    if kind == "key":
        near = KEYS.get(old.lower()) or text
        new = rng.choice(near)
        return text[:at] + (new.upper() if old.isupper() else new) + text[at + 1 :]
    if kind == "drop" and len(text) > 2:
        return text[:at] + text[at + 1 :]
    if kind == "turn" and at + 1 < len(text):
        return text[:at] + text[at + 1] + old + text[at + 2 :]
    if kind == "ocr":
        for a, b in rng.sample(OCR, len(OCR)):
            if a in text:
                return text.replace(a, b, 1)
    return text[:at] + old + text[at:]


# ---- how a part is written in a column ---------------------------------------------------------------------------


def written(c: Country, parts: dict[str, str], part: str) -> str:
    """The cell of a column: `part` is a name of `parts` or a way to write several, with its argument behind a colon."""
    name, _, how = part.partition(":")
    if name in parts:
        return parts[name]
    return _WAYS[name](c, parts, how)


def _full(c: Country, p: dict[str, str], how: str) -> str:
    """`how` as a pattern of G, M, F and signs: "F, G M", "T G F", "FG" (no space)."""
    title = SALUTATIONS.get(c.locale[:2], "Mr Mrs").split()["mf".index(p["sex"])]
    words = {"G": p["given"], "M": p["middle"], "F": p["family"], "U": p["family"].upper(), "T": title}
    text = "".join(words.get(x, x) for x in how)
    return re.sub(r"\s+", " ", text).strip(" ,")


def _born(c: Country, p: dict[str, str], how: str) -> str:
    if not p["born"]:
        return ""
    year, month, day = (p["born"] + "-1-1").split("-")[:3]
    if how.startswith("words"):
        names = MONTHS[how[5:] or c.locale[:2]].split()
        number = int(month) if month.isdigit() and 1 <= int(month) <= 12 else 1
        return f"{int(day)} {names[number - 1]} {year}"
    if how == "jp":
        return f"{year}年{int(month)}月{int(day)}日"
    return how.replace("Y", year).replace("y", year[-2:]).replace("m", month).replace("d", day)


def _phone(c: Country, p: dict[str, str], how: str) -> str:
    """how: which number (mobile, landline or both), then nat, int or raw."""
    which, form = how.split("-")
    found = [p[w] for w in which.split("+") if p[w]]
    return " / ".join(_number(c, n, form) for n in found)


def _number(c: Country, number: str, form: str) -> str:
    if form == "raw":
        return number
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    kind = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if form in ("nat", "bare")
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    text = phonenumbers.format_number(parsed, kind)
    return re.sub(r"\D", "", text) if form == "bare" else text


def _emails(c: Country, p: dict[str, str], how: str) -> str:
    other = p.get("email2", "")
    return (how or "; ").join(x for x in dict.fromkeys((p["email"], other)) if x)


def _street(c: Country, p: dict[str, str], how: str) -> str:
    if not p["street"]:
        return ""
    unit = f" {how}{p['unit']}" if how and p["unit"] else ""
    pair = (p["number"], p["street"]) if c.region in _NUMBER_FIRST else (p["street"], p["number"])
    return " ".join(x for x in pair if x) + unit


def _address(c: Country, p: dict[str, str], how: str) -> str:
    street = _street(c, p, "")
    pieces = {"S": street, "P": p["postcode"], "C": p["city"], "R": p["region"]}
    return re.sub(r"^[\s,]+|[\s,]+$", "", "".join(pieces.get(x, x) for x in how or "S, P C"))


def _sex(c: Country, p: dict[str, str], how: str) -> str:
    return SEX_WORDS[how or c.locale[:2]].split()["mf".index(p["sex"])] if c.rng.random() > 0.03 else ""


def _choice(c: Country, p: dict[str, str], how: str) -> str:
    return c.rng.choice(how.split("|"))


def _moment(c: Country, p: dict[str, str], how: str) -> str:
    day = date.fromordinal(738_000 + c.rng.randrange(1800))
    return day.strftime(how or "%Y-%m-%d") + (f" {c.rng.randrange(24):02}:{c.rng.randrange(60):02}:{c.rng.randrange(60):02}"
                                             if how.endswith(" ") else "")  # fmt: skip


def _title(c: Country, p: dict[str, str], how: str) -> str:
    return SALUTATIONS.get(how or c.locale[:2], "Mr Mrs").split()["mf".index(p["sex"])]


def _roman_cell(c: Country, p: dict[str, str], how: str) -> str:
    return " ".join(_roman(c, p[x]) for x in how.split("+")) if all(p[x] for x in how.split("+")) else ""


_WAYS = {
    "full": _full, "birth": _born, "phone": _phone, "emails": _emails, "streetno": _street, "address": _address,
    "gender": _sex, "choice": _choice, "moment": _moment, "title": _title, "roman": _roman_cell,
    "amount": lambda c, p, how: f"{c.rng.uniform(1, 900):.2f}".replace(".", how or "."),
    "const": lambda c, p, how: how, "byear": lambda c, p, how: p["born"][:4],
}  # fmt: skip

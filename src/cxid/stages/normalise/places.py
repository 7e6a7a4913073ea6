"""Cities, streets, countries, postcodes and genders as they compare best."""

from __future__ import annotations

import re

from cxid.config.genders import gender_code
from cxid.stages.normalise.countries import ISO_CODES
from cxid.stages.normalise.folding import fold, fold_umlauts, says_nothing, words

STREET_TYPES = {
    spelling: forms.split()[0]
    for forms in (
        "st street str strasse straat strase",
        "av ave avenue avenida avda aven avn",
        "rd road",
        "dr drive drv",
        "ln lane",
        "ct court crt",
        "pl place platz plaza plz praca plein",
        "sq square",
        "blvd boulevard bd boul",
        "cres crescent cr cresc",
        "cl close",
        "tce terrace terr",
        "pde parade",
        "hwy highway",
        "pkwy parkway",
        "cir circle circ",
        "rua r",
        "rue",
        "calle",
        "via",
        "viale",
        "corso",
        "piazza",
        "weg wg",
        "allee",
        "gasse",
        "gata gatan",
        "vej",
        "laan",
        "gracht",
        "way wy",
        "trl trail",
        "grove gr grv",
        "gdns gardens",
        "walk wlk",
        "travessa tv",
        "alameda al",
        "paseo",
        "carrera cra",
        "quai",
        "chemin ch",
        "impasse imp",
        "ring",
        "damm",
        "ufer",
        "rodovia rod",
    )
    for spelling in forms.split()
}
UNITS = frozenset(
    words("apt apartment unit flat suite ste floor fl number no nr top stiege room rm box apto andar piso puerta")
)
_GLUED = re.compile(r"([a-z]{3,})(strasse|strase|str|straat)\Z")
_NUMBER = re.compile(r"\d+[a-z]?\Z")
_ZIP_PLUS_FOUR = re.compile(r"(\d{5})-\d{4}\Z")
_SAINTS = {"st": "saint", "ste": "saint", "sankt": "saint", "sainte": "saint", "skt": "saint"}


def city(value: str) -> str | None:
    """Words of a city or region, umlauts one way, Saint spelt out; None when the value says nothing."""
    folded = fold(value)
    if says_nothing(folded):
        return None
    return " ".join(_SAINTS.get(w, w) for w in words(fold_umlauts(folded))) or None


def street(value: str) -> str | None:
    """Words of a street with every street type in one spelling: Haupt-Str. 5 and Hauptstrasse 5 are one text."""
    folded = fold(value)
    if says_nothing(folded):
        return None
    found: list[str] = []
    for word in words(folded):
        glued = _GLUED.match(word) if word not in STREET_TYPES else None
        found += [glued[1], "st"] if glued else [STREET_TYPES.get(word, word)]
    return fold_umlauts(" ".join(found)) or None


def street_number(street: str | None) -> str | None:
    """The first number of a compared street that is not the number of a flat or a floor."""
    before = ""
    for word in street.split() if street else ():
        if _NUMBER.match(word) and before not in UNITS:
            return word
        before = word
    return None


def street_words(street: str | None) -> str | None:
    """The words of a compared street without numbers, street types and units; all its words when none is left."""
    if street is None:
        return None
    named = [w for w in street.split() if not w.isdigit() and not _NUMBER.match(w) and w not in UNITS]
    return " ".join([w for w in named if w not in STREET_TYPES] or named) or None


def postcode(value: str) -> str | None:
    """Letters and digits of a postcode; of a US ZIP+4 the first five; None for 00000 and the like."""
    folded = fold(value)
    if says_nothing(folded):
        return None
    if found := _ZIP_PLUS_FOUR.match(folded):
        folded = found[1]
    packed = "".join(words(folded))
    return None if set(packed) <= {"0"} or set(packed) <= {"9"} else packed


def country(value: str) -> str | None:
    """The ISO code of a country, lower case; the folded words of a name that the table does not know."""
    folded = fold(value)
    if folded in ISO_CODES:
        return ISO_CODES[folded]
    if says_nothing(folded):
        return None
    text = " ".join(words(folded))
    return ISO_CODES.get(text, text or None)


def gender(value: str, together: str = "") -> str | None:
    """m, f or x; the folded words of what nobody knows, None when the value says nothing.

    `together` names the two letters that the column has, where they have a meaning of their own (H and M).
    """
    folded = fold(value)
    if says_nothing(folded):
        return None
    return gender_code(value, together) or "".join(words(folded)) or None


def house_number(value: str) -> str | None:
    """Letters and digits of a house number: 12 A and 12a are one text."""
    folded = fold(value)
    return None if says_nothing(folded) else "".join(words(folded)) or None

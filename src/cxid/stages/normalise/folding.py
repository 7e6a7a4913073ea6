"""Text of any script as plain lower-case ASCII, and what counts as no value at all."""

from __future__ import annotations

import re

from anyascii import anyascii

# What people and systems write instead of a value, folded, in the languages of the market; bare names of nothing.
MISSING = frozenset(
    text
    for line in """
    n/a; n.a.; n.a; na; nan; null; (null); none; unknown; unk; undefined; missing; empty; tbd; tba; #n/a
    not available; not provided; not known; not specified; not applicable; not given; no data; no value; no name
    noname; unspecified; anonymous; unbekannt; keine; keine angabe; k.a.; k.a; ohne angabe; nicht bekannt
    inconnu; inconnue; non renseigne; aucun; aucune; desconocido; desconocida; sin datos; no consta; ninguno
    desconhecido; desconhecida; nao informado; sem informacao; nenhum; sconosciuto; sconosciuta; nessuno
    non disponibile; onbekend; geen; okand; ukendt; ukjent; no answer; declined; refused; not stated; not supplied
    nicht angegeben; nicht vorhanden; non communique; non precise; no informado; no disponible; non specificato
    non indicato; niet opgegeven; niet bekend; ej angivet; uppgift saknas; ikke oppgitt; ikke oplyst; ei tiedossa
    brak danych; nie podano; nieznany; nieznana; neuvedeno; nezadano; neznamy; neznama; nincs adat; ismeretlen
    nema podataka; nepoznato; nepoznat; bilinmiyor; belirtilmemis; tidak ada; tidak diketahui
    """.splitlines()
    for text in (part.strip() for part in line.split(";"))
    if text
)

_NO_LETTER = re.compile(r"[^a-z0-9]*\Z")
_CROSSED_OUT = re.compile(r"x{2,}\Z")
_NOT_WORD = re.compile(r"[^a-z0-9]+")

# ae, oe, ue between a consonant (or the start) and a consonant. Not before the l that ends Michael, Samuel, Noel
# and their daughters; not the gu and qu of Spanish, except where gue can only be a u with dots (Guenter).
_SPELT_UMLAUT = re.compile(
    r"(?:(?<![a-z])|(?<=[bcdfghjklmnprstvwxyz]))"
    r"(?!(?<=g)ue[^nt])([aou])e(?=[bcdfghjkmnpqrstvwxz]|l(?!(?:s|[aeo]|l[ae])?(?![a-z])))"
)
_DOUBLE_A = re.compile(r"aa+")


def fold(text: str) -> str:
    """The text in lower-case ASCII, runs of white space as one space, none at the ends."""
    plain = text if text.isascii() else anyascii(text)
    return " ".join(plain.lower().split())


def says_nothing(folded: str) -> bool:
    """Whether a folded value is a word for a missing value, crossed out, or has no letter and no digit."""
    return folded in MISSING or bool(_NO_LETTER.match(folded)) or bool(_CROSSED_OUT.match(folded))


def fold_umlauts(folded: str) -> str:
    """Spelt-out umlauts and ligatures as the bare vowel, so that Mueller, Muller and Mueller with dots are one text.

    The letters with dots have lost them in `fold` already. Both spellings end in the bare vowel because data that
    lost its accents has only that one; Danish and Norwegian aa, ae, oe follow the same way.
    """
    return _SPELT_UMLAUT.sub(r"\1", _DOUBLE_A.sub("a", folded))


def words(folded: str) -> list[str]:
    """The runs of letters and digits."""
    return [w for w in _NOT_WORD.split(folded) if w]


def plain_words(value: str) -> str | None:
    """Words with one space between, punctuation gone; None when the value says nothing."""
    folded = fold(value)
    return None if says_nothing(folded) else " ".join(words(folded)) or None


def alphanumeric(value: str) -> str | None:
    """Letters and digits only; None when the value says nothing or is one figure over and over or a run of them."""
    folded = fold(value)
    if says_nothing(folded):
        return None
    packed = "".join(words(folded))
    return None if is_filler(packed) else packed


def is_filler(text: str) -> bool:
    """Whether six figures or more are one figure over and over, or count up or down."""
    if len(text) < 6:
        return False
    one_over_and_over = len(set(text)) == 1 and text[0] in "0123456789x"
    return one_over_and_over or text in "01234567890123456789" or text in "98765432109876543210"

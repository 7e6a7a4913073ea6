"""Names of people as they compare best: no titles, no suffixes, one spelling of particles and umlauts."""

from __future__ import annotations

import re

import jellyfish

from cxid.stages.normalise.folding import fold, fold_umlauts, says_nothing, words

TITLES = frozenset(
    words("""
    mr mrs ms miss mx master dr prof professor sir dame rev reverend hon capt col sgt herr frau fraulein dipl ing
    mag med monsieur madame mademoiselle mme mlle mlles mmes sr sra srta senor senora senorita dra dott dottssa sig
    sigra signor signora dhr mevr mevrouw pan pani hr fru froken bay bayan sayin kyrios kyria gospodin gospodja
    gospoda domnul doamna shri smt bapak bpk ibu sdr sdri mgr bc judr mudr phdr drs ir avv lic arq""")
)
SUFFIXES = frozenset(words("jr sr jnr snr junior senior ii iii iv esq phd md dds mba bsc msc"))
# Joined to the word that follows, so that "de la Cruz", "dela Cruz" and "Delacruz" are one name.
PARTICLES = frozenset(
    words("""
    von van der den de del della dello delle di da do dos das du des la las le les lo los ter ten tom zu zum zur
    vom vander vande dela af av al el bin ibn ben mac mc o d st saint san santa abu fitz""")
)
CONNECTORS = frozenset(("y", "e", "und", "and"))
# A word of these and a family name begins, even when no more than one word stands before it.
FAMILY_PARTICLES = PARTICLES - {"o", "d", "st", "saint", "san", "santa", "ben", "al", "el"} | {"mc", "mac"}

# Words for a missing value that people are called too; `namewords` tells them apart column by column.
WORDS_AND_NAMES = frozenset(("na", "nan", "null", "unk", "none", "geen"))
_BY_WRITING = WORDS_AND_NAMES - {"none", "geen"}  # Python writes None, a Dutch form Geen
_APOSTROPHE = re.compile(r"['`´’]")
_NOT_LETTER = re.compile(r"[^a-z]+")


def name_words(value: str, *, is_name: bool | None = None) -> list[str]:
    """The words of a name in lower-case ASCII letters; O'Brien is one word, Smith-Jones two.

    [] when the value says nothing. `is_name` says it of a word that may be both, None leaves it to its writing.
    """
    folded = fold(value)
    nobody = names_nobody(value, folded) if is_name is None else says_nothing(folded) and not is_name
    return [] if nobody else letter_runs(folded)


def names_nobody(value: str, folded: str) -> bool:
    """Whether a value says nothing as a name. NULL, null, NaN and na mean missing; Null, Nan and Na are names."""
    return says_nothing(folded) and not (folded in _BY_WRITING and value.strip() == folded.capitalize())


def letter_runs(folded: str) -> list[str]:
    """The runs of letters of a folded text, apostrophes taken out."""
    return [w for w in _NOT_LETTER.split(_APOSTROPHE.sub("", folded)) if w]


def title_bounds(found: list[str]) -> tuple[int, int]:
    """Where the name starts and ends between titles before it and suffixes behind it; one word always stays."""
    start, end = 0, len(found)
    while start < end - 1 and found[start] in TITLES:
        start += 1
    while end > start + 1 and found[end - 1] in SUFFIXES:
        end -= 1
    return start, end


def without_titles(found: list[str]) -> list[str]:
    """The words without titles before and suffixes behind the name."""
    start, end = title_bounds(found)
    return found[start:end]


def join_particles(found: list[str]) -> list[str]:
    """The words with every particle joined to the word after it, connecting words left out."""
    joined: list[str] = []
    held = ""
    for position, word in enumerate(found):
        last = position == len(found) - 1
        if word in PARTICLES and not last:
            held += word
        elif word in CONNECTORS and position and not last:
            continue
        else:
            joined.append(held + word)
            held = ""
    return joined


def given_text(found: list[str]) -> str | None:
    """Words of a given or middle name as compared."""
    return fold_umlauts(" ".join(found)) or None


def family_text(found: list[str]) -> str | None:
    """Words of a family name as compared."""
    # Folded before and after: folding can make a particle of a word, and joining can make a double vowel.
    return fold_umlauts(" ".join(join_particles([fold_umlauts(w) for w in found]))) or None


def given_name(value: str, *, is_name: bool | None = None) -> str | None:
    """A given or middle name as compared, None when the value says nothing; `is_name` as for `name_words`."""
    return given_text(without_titles(name_words(value, is_name=is_name)))


def family_name(value: str, *, is_name: bool | None = None) -> str | None:
    """A family name as compared, None when the value says nothing; `is_name` as for `name_words`."""
    return family_text(without_titles(name_words(value, is_name=is_name)))


def phonetic(name: str | None) -> str | None:
    """The metaphone code of a compared name in lower case; the name's own letters where the code is empty."""
    if name is None:
        return None
    packed = name.replace(" ", "")
    code: str = jellyfish.metaphone(packed)
    return code.replace(" ", "").lower() or packed


def initial(name: str | None) -> str | None:
    """The first letter."""
    return name[0] if name else None

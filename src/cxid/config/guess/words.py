"""The words of headers and file names, in the languages of words.txt and words_world.txt: text in, meanings out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from anyascii import anyascii

from cxid.config.rules import RESERVED
from cxid.contracts import TABLES


def listed(text: str) -> frozenset[str]:
    """The words of a text, for lists that are read more easily so."""
    return frozenset(text.split())


# Words that carry no meaning of their own in a header.
NOISE = listed(
    "of de da do dos das del della dello der die den dem the la le les el los las du des d l di von van het a o il lo i"
    " your ihre votre su sua suo main primary haupt principal x in im on for fur fuer pour para per zu to from aus"
    " c f v my e y en am op el with mit dim fact tbl stg raw vw csv export extract dump final new neu"
)
_SHORT_DATE = {"y": "YEAR", "m": "MONTH", "d": "DAY", "j": "YEAR", "t": "DAY", "a": "YEAR"}
_RESERVED = (
    frozenset({c.name for t in ("record", "record_norm", "golden_customer") for c in TABLES[t].columns}) | RESERVED
)
_NAME_LENGTH = 60
_OWN_NUMBERS = frozenset(("NATIONAL", "SOCIAL", "TAX", "PASSPORT"))
_DONE = frozenset(("UPDATED", "CREATED", "SENT", "SEEN", "SURVEY", "ORDER", "CONSENT"))  # what may carry its moment
_COUNT = {"ONE": 1, "TWO": 2, "THREE": 3}
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_REMARK = re.compile(r"(?<=\S)\s*[(\[].*[)\]]\s*$")  # a remark behind the name: birth date (DD/MM/YYYY)
_INITIALS = re.compile(r"\b([A-Za-z])\. ?(?=[A-Za-z]\b)")  # C.P., C. P.: letters of one word
_PIECE = re.compile(r"[a-z]+|\d+")
# Words of scripts other than Latin, with the signs over and under their letters, and inner apostrophes.
_NATIVE = re.compile(r"[\u0370-\u1dff\u2c00-\u2dff\ua640-\ua69f]+(?:['’ʼ\"][\u0370-\u1dff]+)*")
_TO_LETTERS = str.maketrans("0123456789", "ghijklmnop")
# Scripts that put no spaces between words: kana, Chinese characters, Hangul, Thai.
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_FUSED = {"sha 256": "sha256", "md 5": "md5", "sha 1": "sha1", "e mail": "email", "e mails": "email", "zip 4": "zip4",
          "jeune fille": "jeunefille",
          "st name": "stname", "st num": "stnum", "st no": "stnum", "st nbr": "stnum"}  # fmt: skip


@dataclass(frozen=True)
class Header:
    """A header taken apart: its words, what they mean, and what nobody knows."""

    text: str
    atoms: tuple[str, ...]
    unknown: tuple[str, ...]
    index: int  # the number in it (phone_2 -> 2), 0 when there is none


@cache
def vocabulary() -> dict[str, str]:
    """Word -> meaning, from words.txt."""
    found: dict[str, str] = {}
    for line in files(__package__).joinpath("words.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            atom, words = line.split(":", 1)
            for word in words.split():
                found[word] = atom
    return _world().atoms | found


@dataclass(frozen=True)
class _World:
    """Words of words_world.txt, folded: single ones, phrases of several words, and those of scripts without spaces."""

    atoms: dict[str, str]
    phrases: dict[tuple[str, ...], str]
    unspaced: dict[str, str]  # as written -> folded


@cache
def _world() -> _World:
    found = _World({}, {}, {})
    for line in files(__package__).joinpath("words_world.txt").read_text(encoding="utf-8").splitlines():
        if not line or line[0] in "#~":
            continue
        atom, words = line.split(":", 1)
        for written in unicodedata.normalize("NFKC", words).split():
            pieces = _pieces(written.replace("_", " "))
            # Chinese characters of one sound would be one word in ASCII: these scripts keep their letters apart.
            unspaced = bool(_UNSPACED.fullmatch(written))
            folded = "zz" + written.encode().hex().translate(_TO_LETTERS) if unspaced else "".join(pieces)
            found.atoms.setdefault(folded, atom)
            if unspaced:
                found.unspaced[written] = folded
            elif len(pieces) > 1:
                found.phrases[tuple(pieces)] = folded
    return found


def _native(found: re.Match[str]) -> str:
    """A word of another script in ASCII letters; its apostrophes and soft signs are no ends of words."""
    return f" {re.sub('[^a-z0-9]', '', fold(found[0]))} "


def _pieces(text: str) -> list[str]:
    """The words and numbers of a text."""
    spread = _CAMEL.sub(" ", _INITIALS.sub(r"\1", str(anyascii(_NATIVE.sub(_native, text)))))
    return _PIECE.findall(spread.lower())


def _unspaced(found: re.Match[str]) -> str:
    """Known words taken from text that has no spaces, the longest first; the rest as it is."""
    text, known, at = found[0], _world().unspaced, 0
    parts: list[str] = []
    while at < len(text):
        end = next((e for e in range(len(text), at, -1) if text[at:e] in known), 0)
        parts.append(f" {known[text[at:end]]} " if end else text[at])
        at = end or at + 1
    return "".join(parts)


@cache
def homonyms() -> tuple[tuple[dict[str, str], frozenset[str]], ...]:
    """For each language with words that elsewhere mean something else: word -> plain header, and words it alone has."""
    found = []
    for line in files(__package__).joinpath("words_world.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("~"):
            _, pairs, alone = line.split(":")
            found.append(({w.strip(): h.strip() for w, h in (p.split("=") for p in pairs.split(";"))}, listed(alone)))
    return tuple(found)


def fold(text: str) -> str:
    """The text in lower-case ASCII letters."""
    return str(anyascii(text)).lower()


def words_of(text: str) -> list[str]:
    """The words and numbers of a header: split at signs, at camelCase humps, between letters and digits."""
    plain = _REMARK.sub(" ", text) or text
    if not plain.isascii():
        plain = _UNSPACED.sub(_unspaced, unicodedata.normalize("NFKC", plain))
    joined = " ".join(_pieces(plain))
    for apart, fused in _FUSED.items():
        joined = re.sub(rf"\b{apart}\b", fused, joined)
    return _with_phrases(joined.split())


def _with_phrases(words: list[str]) -> list[str]:
    """The words, those of a known phrase as one."""
    phrases = _world().phrases
    for size in range(min(4, len(words)), 1, -1):
        for at in range(len(words) - size + 1):
            if whole := phrases.get(tuple(words[at : at + size])):
                return [*_with_phrases(words[:at]), whole, *_with_phrases(words[at + size :])]
    return words


def snake(text: str) -> str:
    """A safe name: lower-case ASCII letters, digits and underscores, no digit first."""
    name = re.sub(r"[^a-z0-9]+", "_", _CAMEL.sub("_", str(anyascii(text))).lower()).strip("_")
    return f"c_{name}" if name[:1].isdigit() else name or "unnamed"


def free_name(header: str, taken: Collection[str], prefix: str) -> str:
    """A name for an attribute: safe, not reserved, not ending in a number, not taken."""
    name = re.sub(r"_?(\d+)$", r"_line\1", snake(header))[:_NAME_LENGTH].strip("_")
    if name in taken or name in _RESERVED or name.startswith("cx_"):
        name = f"{prefix}_{name}"[:_NAME_LENGTH].strip("_")
    base, count = name[: _NAME_LENGTH - 4], ord("b")
    while name in taken or name in _RESERVED:
        name, count = f"{base}_{chr(count)}", count + 1
    return name


@cache
def split_compound(word: str) -> tuple[str, ...]:
    """The known words that a compound is made of (kundennr -> kunden, nr), () when it is not."""
    known = vocabulary()
    short = {"id", "nr", "no", "dt"}
    best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(end):
            piece, before = word[start:end], best[start]
            if before is None or piece not in known or piece == word or (len(piece) < 4 and piece in _world().atoms):
                continue
            fits = len(piece) >= 3 or (piece in short and (end == len(word)) and start >= 3)
            here = best[end]
            if fits and (here is None or len(before) + 1 < len(here)):
                best[end] = (*before, piece)
        # A German joint: geburts+datum is listed, but kunden-s-nummer is not; allow one letter between known words.
        if best[end] is None and end >= 4 and word[end - 1] in "sn" and best[end - 1]:
            best[end] = best[end - 1]
    found = best[len(word)]
    return found if found and len(found) > 1 else ()


def _atoms_of(word: str) -> tuple[str, ...]:
    """The meanings of one word: its own, its parts' (customerid says more in two), its singular's."""
    known = vocabulary()
    if word in _world().phrases.values():
        return (known[word],)
    pieces = split_compound(word)
    own = known.get(word)
    meant = {known[p] for p in pieces}
    if own in _OWN_NUMBERS and own not in meant:  # personnummer is no number of a person as others have them
        return (own,)
    if pieces and (word not in known or known[pieces[-1]] in ("ID", "NUMBER", "NAME", "DATE", "CODE", "YEAR")):
        return tuple(known[p] for p in pieces)
    if word in known:
        return (known[word],)
    for ending in ("on", "at"):  # modifiedon, createdat
        done = word.removesuffix(ending)
        if done != word and known.get(done) in _DONE:
            return (known[done], "AT")
    for plural in ("en", "es", "s", "n", "e", "i"):
        single = word.removesuffix(plural)
        if single != word and len(single) > 3 and single in known:
            return (known[single],)
    return ()


@cache
def read_header(text: str) -> Header:
    """What the words of a header mean, in their order."""
    known = vocabulary()
    atoms: list[str] = []
    unknown: list[str] = []
    index = 0
    words = words_of(text)
    whole = "".join(words)
    if len(whole) > 3 and whole in known and not all(w in known for w in words):
        words = [whole]
    for word in words:
        meant = _atoms_of(word)
        if word.isdigit():
            index = int(word) if len(word) < 3 else index
        elif word in _SHORT_DATE and atoms and atoms[-1] in ("BIRTH", "DATE"):
            atoms.append(_SHORT_DATE[word])
        elif meant:
            atoms.extend(meant)
        elif word not in NOISE:
            unknown.append(word)
    index = index or next((_COUNT[a] for a in atoms if a in _COUNT), 0)
    return Header(text, tuple(a for a in atoms if a not in _COUNT), tuple(unknown), index)

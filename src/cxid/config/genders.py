"""Words for man and woman, in columns of a gender or of salutations, in many languages."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from anyascii import anyascii

_WORDS = {
    "m": (
        "m male man men boy masc mr mister sir masculino masculin masculine mann mannlich maennlich herr "
        "herrn hr homme h hombre varon uomo maschio maschile mand macho homem sr senor sig signor signore "
        "monsieur meneer dhr heer mijnheer manlijk menneske man han mies herra mężczyzna mezczyzna pan "
        "muž muz muško musko muški gospodin gosp moški férfi ferfi úr bărbat barbat domnul dl erkek bay "
        "bey муж мужской мужчина м г-н господин чол чоловік чоловіча пан мъж άνδρας ανδρας αρρεν άρρεν "
        "άρρην κος laki-laki laki pria lelaki bapak nam ông ذكر رجل السيد זכר גבר पुरुष श्री 男 男性 男子 先生 남 "
        "남자 남성 ชาย นาย mees vyras vīrietis virietis"
    ),
    "f": (
        "f female woman women girl w weiblich weib frau fr fraulein femenino feminino feminin féminin fem "
        "feminine femme mujer donna femmina femminile femea mulher kvinde kvinna mrs ms miss vrouw "
        "vrouwelijk v mme madame mlle mademoiselle sra srta señora senora senorita sig.ra sigra signora "
        "mevr mevrouw mw nainen rouva fru kobieta pani žena zena žensko zensko ženski gospođa gospodja "
        "gđa ženska nő no' hölgy femeie doamna dna kadın kadin bayan жен женский женщина ж г-жа госпожа "
        "жін жінка жіноча пані γυναίκα γυναικα θήλυ θηλυ κα perempuan wanita ibu nữ bà أنثى انثى امرأة "
        "السيدة נקבה אישה महिला स्त्री श्रीमती 女 女性 女子 女士 小姐 여 여자 여성 หญิง นาง นางสาว naine moteris "
        "sieviete"
    ),
    "x": (
        "x d divers diverse other nonbinary non-binary nb intersex autre otro outro altro andere muu "
        "annet annat andet"
    ),
}  # fmt: skip
_UNSURE = frozenset(("no", "han", "k", "ba"))  # folded words that mean something else more often
# What single letters and figures mean where a column has these two and no others: the Spanish H and M, the Polish
# K and M, the Indonesian L and P, the Hungarian F and N, the Turkish E and K, the Czech M and Z, the Finnish M and N,
# ISO 5218.
_PAIRS = {"hm": "mf", "km": "fm", "lp": "mf", "fn": "mf", "ek": "mf", "mz": "mf", "mn": "mf", "12": "mf"}
_NEITHER = frozenset("uxod?-09")


def letter_codes(letters: Iterable[str]) -> str:
    """The single characters of a column, sorted, where they have a meaning of their own together; '' else."""
    found = "".join(sorted({packed(c) for c in letters} - _NEITHER - {""}))
    return found if found in _PAIRS else ""


def gender_code(word: str, together: str = "") -> str | None:
    """m, f or x for a word; `together` is what `letter_codes` says of its column. None when it is not known."""
    plain = packed(word)
    if together and plain in together:
        return _PAIRS[together][together.index(plain)]
    return gender_words().get(plain)


@cache
def gender_words() -> dict[str, str]:
    """Folded letters and digits of a word -> m, f or x."""
    found: dict[str, str] = {}
    for code, text in _WORDS.items():
        for word in text.split():
            plain = packed(word)
            if plain not in _UNSURE or word in ("男", "女"):
                found.setdefault(plain, code)
    return found


def packed(text: str) -> str:
    """Lower-case ASCII letters and digits of a text."""
    return "".join(c for c in str(anyascii(text)).lower() if c.isalnum())

"""Encodings other than UTF-8 and those of western Europe, told by the letters that each language uses."""

from __future__ import annotations

from collections import Counter

# Code page, then the letters outside ASCII that a language writes. Case matters: in the wrong Cyrillic code page a text
# has Cyrillic letters too, but capitals inside its words.
_ALPHABETS = (
    ("cp1252", "äöüßéÄÖÜ"),
    ("cp1252", "éèêëàâçîïôùûüœÉÈÀÇ’"),
    ("cp1252", "áéíóúüñçÁÉÍÓÚÑªº¿¡"),
    ("cp1252", "áéíóúâêôãõàçÁÉÍÓÚÂÊÔÃÕÀÇªº"),
    ("cp1252", "àèéìíîòóùúÀÈÉÌÒÙ’"),
    ("cp1252", "åäöéÅÄÖæøéÆØÅ"),
    ("cp1252", "áðéíóúýþæöÁÐÉÍÓÚÝÞÆÖ"),
    ("cp1252", "ëéïöüèáóúÉ"),
    ("cp1250", "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"),
    ("cp1250", "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽäĺľŕôĽ"),
    ("cp1250", "áéíóöőúüűÁÉÍÓÖŐÚÜŰ"),
    ("cp1250", "ăâîşţĂÂÎŞŢ"),
    ("cp1250", "čćđšžČĆĐŠŽ"),
    ("iso8859-2", "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"),
    ("iso8859-2", "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽäĺľŕôĽ"),
    ("cp1254", "çğıöşüÇĞİÖŞÜâîû"),
    ("cp1257", "āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽąęėįųūĄĘĖĮŲõäöüÕÄÖÜ"),
    ("cp1251", "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґ№ўђјљњћџ"),
    ("koi8-r", "абвгдежзийклмнопрстуфхцчшщъыьэюяё№"),
    ("cp866", "абвгдежзийклмнопрстуфхцчшщъыьэюяё№"),
    ("cp1253", "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ"),
    ("cp1255", "אבגדהוזחטיכלמנסעפצקרשתםןףץך"),
    ("cp1256", "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئىةپچژگ"),
    ("cp874", "กขคฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮะัาำิีึืุูเแโใไ็่้๊๋์ๅๆฯ"),
)
_FREQUENT = {"cp1251": "оаеинтрвс", "koi8-r": "оаеинтрвс", "cp866": "оаеинтрвс", "cp1253": "αοιετσνυρ",
             "cp1255": "יוהאלרמבת",
             "cp1256": "اليمنردبعو", "cp874": "านรอกงเมยล"}  # fmt: skip
_LETTERS = 0.85  # of the letters outside ASCII must be those of the language
_CAPITALS = 0.45  # at most as many capitals of a script, which its list leaves out
_MIXED = 0.4  # plain letters within words that hold others: fewer than these, and the words are of another script
# Encodings of two bytes a letter, and the first bytes under which their common characters stand;
# the first of equals wins, so the narrower rows stand first.
_WIDE = (("cp949", ((0xB0, 0xC8),)), ("cp932", ((0x82, 0x83), (0x88, 0x97))), ("gb18030", ((0xB0, 0xD7),)),
         ("big5", ((0xA4, 0xC6),)), ("euc_jp", ((0xA4, 0xA5), (0xB0, 0xCF))))  # fmt: skip
_COMMON = 0.85


def guess_encoding(head: bytes, words: bytes) -> str:
    """The encoding of a file by its beginning and its words with bytes outside ASCII.

    '' when it is one of western Europe or none that is known.
    """
    plain = sum(65 <= b <= 90 or 97 <= b <= 122 for b in words) / max(1, len(words.replace(b" ", b"")))
    return (_two_bytes(head) if plain < _MIXED else "") or _one_byte(words, latin=plain >= _MIXED / 2)


def _one_byte(words: bytes, *, latin: bool) -> str:
    best, found, top = 0.0, "", 0.0
    western = 0.0
    for codec, letters in _ALPHABETS:
        if latin and letters[0] > "\u0370":
            continue
        text = words.decode(codec, errors="replace")
        share = _share(text, letters)
        if codec == "cp1252":
            western = max(western, share)
            continue
        # Where two scripts explain all letters, the one whose commonest letters are common wins.
        rank = share + sum(text.lower().count(c) for c in _FREQUENT.get(codec, "")) / max(1, len(text)) / 2
        if share >= _LETTERS and rank > top:
            best, found, top = share, codec, rank
    return found if best >= _LETTERS and best > western + 0.02 else ""


def _share(text: str, letters: str) -> float:
    """The share of the letters outside ASCII that are of the list, or capitals of its script at the start of words."""
    known = set(letters)
    capitals = {c.upper() for c in letters} - known
    counts = Counter(c for c in text if not c.isascii())
    total = sum(counts.values())
    if not total:
        return 0.0
    first = Counter(w[0] for w in text.split() if w and w[0] in capitals)
    small = sum(n for c, n in counts.items() if c in known)
    return (small + min(sum(first.values()), _CAPITALS * total)) / total


def _two_bytes(head: bytes) -> str:
    """The encoding under which all is valid and nearly all characters are common ones; '' when there is none."""
    text = head[: head.rfind(b"\n") + 1] or head
    best, found = _COMMON, ""
    for codec, rows in _WIDE:
        try:
            wide = [c for c in text.decode(codec) if ord(c) >= 0x80]
        except UnicodeDecodeError:
            continue
        pairs = [p for c, n in Counter(wide).items() for p in [c.encode(codec)] * n]
        common = sum(1 for p in pairs if len(p) == 2 and any(low <= p[0] <= high for low, high in rows))
        if pairs and common / len(pairs) > best + 0.005:
            best, found = common / len(pairs), codec
    return found

"""What goes wrong between a person and a system: slips of the keyboard, swaps, cases, notations."""

from __future__ import annotations

import numpy as np

from cxid.demo.words import Texts

NEAR = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk",
    "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad", "t": "ry",
    "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "x", "0": "9", "1": "2", "2": "13", "3": "24",
    "4": "35", "5": "46", "6": "57", "7": "68", "8": "79", "9": "80",
}  # fmt: skip
LOOKS = (("rn", "m"), ("m", "rn"), ("cl", "d"), ("l", "1"), ("o", "0"), ("e", "c"), ("u", "v"), ("h", "b"), ("5", "S"))
BRITISH_AREAS = (
    "20", "23", "24", "28", "29", "113", "114", "115", "116", "117", "118", "121", "131", "141", "151", "161", "191",
)  # fmt: skip
LONGEST_SHORT = 3  # shorter texts keep their letters: nobody mistypes "Li" and lets it stand


def slip(text: str, salt: int) -> str:
    """The text with one slip that `salt` decides: near key, transposed, doubled, left out, misread by a scanner."""
    if len(text) < LONGEST_SHORT:
        return text
    kind, at = salt % 20, 1 + (salt // 20) % (len(text) - 1)
    letter = text[at]
    if kind < 7 and letter.lower() in NEAR:
        near = NEAR[letter.lower()]
        return text[:at] + near[salt // 7 % len(near)] + text[at + 1 :]
    if kind < 12 and at + 1 < len(text) and text[at] != text[at + 1]:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind < 15:
        return text[:at] + letter + text[at:]
    if kind < 18:
        return text[:at] + text[at + 1 :]
    for seen, read in (*LOOKS[salt % len(LOOKS) :], *LOOKS):
        if seen in text[1:]:
            return text[0] + text[1:].replace(seen, read, 1)
    return text[:at] + text[at + 1 :]


class Slips:
    """Draws which records a mishap of a given rate hits; one record in ten is four times as careless."""

    def __init__(self, count: int, rng: np.random.Generator, *, careless: float = 0.10, factor: float = 4.0) -> None:
        self.count, self.rng = count, rng
        self.weight = np.where(rng.random(count) < careless, factor, 1.0)

    def hit(self, rate: float) -> np.ndarray:
        """Which records it happens to; `rate` is that of a careful record."""
        return np.asarray(self.rng.random(self.count) < np.minimum(rate * self.weight, 0.6))

    def mistype(self, values: Texts, rate: float) -> Texts:
        """The values with slips in some."""
        found, salts = values.copy(), self.rng.integers(0, 1 << 30, self.count)
        for i in np.flatnonzero(self.hit(rate)):
            found[i] = slip(found[i], int(salts[i]))
        return found

    def lose(self, values: Texts, rate: float) -> Texts:
        """The values with some missing."""
        found = values.copy()
        found[self.hit(rate)] = ""
        return found

    def change_case(self, values: Texts, rate: float) -> Texts:
        """The values with some in capitals and some in small letters."""
        found = values.copy()
        for i in np.flatnonzero(self.hit(rate)):
            found[i] = found[i].upper() if i % 2 else found[i].lower()
        return found


def mangle_birth(days: Texts, slips: Slips) -> Texts:
    """ISO days with day and month swapped, a digit wrong, or the first of January of a default year."""
    found, salts = days.copy(), slips.rng.integers(0, 1 << 20, slips.count)
    for i in np.flatnonzero(slips.hit(0.008)):
        year, month, day = found[i].split("-")
        if int(day) <= 12:
            found[i] = f"{year}-{day}-{month}"
    for i in np.flatnonzero(slips.hit(0.008)):
        year, month, day = found[i].split("-")
        salt = int(salts[i])
        if salt % 3 == 0:
            found[i] = f"{int(year) + (1 if salt % 2 else -1) * (10 if salt % 5 == 0 else 1)}-{month}-{day}"
        elif salt % 3 == 1:
            found[i] = f"{year}-{month}-{(int(day) + salt) % 28 + 1:02d}"
        else:
            found[i] = f"{year}-{(int(month) + salt) % 12 + 1:02d}-{min(int(day), 28):02d}"
    found[slips.rng.random(slips.count) < 0.015] = "1900-01-01"
    return found


def write_phone(number: str, style: int) -> str:
    """An E.164 number in one of the notations that people use; '' stays ''."""
    if not number:
        return ""
    code = next(c for c in ("351", "44", "49", "33") if number.startswith("+" + c))
    rest = number[len(code) + 1 :]
    zero = "" if code == "351" else "0"
    cut = next((len(area) for area in BRITISH_AREAS if rest.startswith(area)), 4) if code == "44" else 3
    area, body = rest[:cut], rest[cut:]
    half = len(body) // 2
    match style % 8:
        case 0:
            return number
        case 1:
            return f"+{code} {area} {body}"
        case 2:
            return f"{zero}{rest}" if zero else f"00{code}{rest}"
        case 3:
            return (
                f"{zero}{area} {body[:half]} {body[half:]}" if zero else f"+{code} {area} {body[:half]} {body[half:]}"
            )
        case 4:
            return f"({zero}{area}) {body}" if zero else f"{area} {body}"
        case 5:
            return f"+{code} ({zero}){area} {body}" if zero else f"+{code}-{area}-{body}"
        case 6:
            return f"00{code} {area}{body}"
        case _:
            return f"{zero}{area}-{body}" if zero else f"+{code} {area}{body}"


def write_day(iso: str, pattern: str) -> str:
    """An ISO day by a strftime pattern of %d, %m and %Y; '' stays ''."""
    return pattern.replace("%Y", iso[:4]).replace("%m", iso[5:7]).replace("%d", iso[8:10]) if iso else ""

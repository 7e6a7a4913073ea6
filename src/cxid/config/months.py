"""Names of months in many languages, whole and cut short, to their numbers."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from anyascii import anyascii

SHORTEST = 3  # letters of a name that is cut short


@cache
def month_words() -> dict[str, int]:
    """Lower-case name, whole or cut short, with and without its accents -> 1 to 12.

    What two languages use for different months is left out, unless it is the whole name or listed.
    """
    whole: dict[str, int] = {}
    cut: dict[str, set[int]] = {}
    lines = files(__package__).joinpath("months.txt").read_text(encoding="utf-8").splitlines()[1:]
    for line in lines:
        for number, forms in enumerate(line.split(), 1):
            for form in forms.split("/"):
                for name in (form, folded(form)):
                    whole.setdefault(name, number)
                    for end in range(SHORTEST, len(name)):
                        cut.setdefault(name[:end], set()).add(number)
    english = {name[:3]: n for n, name in enumerate(lines[0].replace("/sept", "").split(), 1)}
    return {name: next(iter(numbers)) for name, numbers in cut.items() if len(numbers) == 1} | whole | english


def month_number(word: str) -> int | None:
    """The number of a month's name in any case, with or without a dot behind it; None for other words."""
    plain = word.strip(". ").lower()
    return month_words().get(plain) or month_words().get(folded(plain))


def folded(text: str) -> str:
    """Lower-case ASCII."""
    return str(anyascii(text)).lower()

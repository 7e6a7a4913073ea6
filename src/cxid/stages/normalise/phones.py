"""Phone numbers of every country as '+' and digits."""

from __future__ import annotations

import re

import phonenumbers

from cxid.stages.normalise.folding import fold, is_filler, says_nothing

_NOT_DIGIT = re.compile(r"[^0-9]")


def phone_number(value: str, region: str) -> str | None:
    """`+<country code><number>` of a number written in `region` (ISO code); None when it is no number at all.

    A number that no plan knows keeps its digits: two records with the same wrong number still agree. Fillers such as
    0000000 and 1234567 are None: the last seven digits are one digit over and over, or all of it counts up or down.
    """
    folded = fold(value)
    if says_nothing(folded):
        return None
    number = _parsed(folded.removeprefix("tel:"), region) or "+" + _NOT_DIGIT.sub("", folded)
    repeated = len(set(number[-7:])) == 1
    return None if len(number) < 8 or repeated or is_filler(_NOT_DIGIT.sub("", folded)) else number


def _parsed(text: str, region: str) -> str | None:
    try:
        number = phonenumbers.parse(text, region.upper())
    except phonenumbers.NumberParseException:
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

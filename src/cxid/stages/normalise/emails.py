"""E-mail addresses as exact lower-case text."""

from __future__ import annotations

import re

from cxid.stages.normalise.folding import fold, words

# What stands before the @ where a form wanted an address and nobody had one. Compared without . _ and -.
PLACEHOLDERS = frozenset(
    words("""
    noemail nomail none na unknown test testing tester noreply donotreply dummy fake invalid null nobody noone no
    notprovided notgiven noaddress anonymous asdf asdfg qwerty keine keinemail keineemail ohne
    ohnemail unbekannt inconnu pasdemail sansemail sansmail aucun sinemail sincorreo notiene sinmail desconocido
    semail sememail naotem naopossui desconhecido senzaemail nessuna geenmail geenemail onbekend undisclosed
    noemailaddress nomailaddress noemailgiven noemailprovided emailnotprovided withoutemail declined refused
    keineangabe nichtvorhanden sansadresse pasdadresse notienecorreo nontiene nonha senzamail nonfornita nessunaemail
    brak brakemail brakmaila niemam nincs nincsemail nemaemail nemamemail ingenmail ingenemail ingenepost
    ikkeoppgitt saknas eiole eisahkopostia epostayok bezemailu bezmailu nezadano nepodat nepoznato tidakada tiada
    asdasd qwert qwertz azerty abcdef""")
)
_ADDRESS = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]+\Z")
_LOCAL_NOISE = r"[._\-]"


def email_address(value: str) -> str | None:
    """The address in lower case without mailto:, brackets and spaces; None when it is no address or a placeholder.

    Without an @ it is kept while it has a dot: a typing error, still one error away from what was meant.
    """
    text = fold(value)
    if "<" in text:
        text = text.split("<", 1)[1].split(">", 1)[0]
    text = text.replace(" ", "").removeprefix("mailto:").strip(".,;:<>\"'()[]")
    name, sign, host = text.partition("@")
    if not sign:
        return text if "." in text and len(text) >= 8 else None
    return text if name and host and not is_placeholder(name, host) else None


def is_placeholder(name: str, host: str) -> bool:
    """Whether the part before the @ means nobody, or is one letter repeated as the host is (x@x.com, aaa@aaa.de)."""
    plain = re.sub(_LOCAL_NOISE, "", name)
    first = host.split(".")[0]
    return plain in PLACEHOLDERS or (len(set(name)) == 1 and len(set(first)) == 1 and name[0] == first[:1])


def is_exact(email: str) -> bool:
    """Whether a compared address is one that mail could be sent to, so that it may identify."""
    return bool(_ADDRESS.match(email))


def email_local(email: str | None) -> str | None:
    """The part before the @ without dots and +tag; None when there is no @ or nothing is left."""
    if email is None or "@" not in email:
        return None
    return email.split("@")[0].split("+")[0].replace(".", "") or None

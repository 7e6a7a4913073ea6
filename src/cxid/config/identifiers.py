"""What kind of identifier a type is, told from its name in the config."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache


class IdentifierKind(StrEnum):
    """How the values of an identifier type are written, told from the type's name."""

    EMAIL = "email"  # an address
    PHONE = "phone"  # a number
    HASH = "hash"  # the hash of something, in hexadecimal
    HANDLE = "handle"  # a name in a network, with or without @
    DEVICE = "device"  # made by a machine, exact: cookie, device, session
    NUMBER = "number"  # a card, customer or account number, typed by people


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORDS = re.compile(r"[a-z0-9]+")
_EMAIL_NAMES = ("email", "mail")
_PHONE_NAMES = _listed("phone mobile telephone tel cell cellphone msisdn whatsapp sms handy landline telefon")
_HASH_NAMES = ("hash", "sha1", "sha256", "sha512", "md5")
_HANDLE_NAMES = _listed("handle username screen screenname twitter instagram tiktok nickname social github")
_DEVICE_NAMES = _listed(
    """cookie cookies device session anonymous anon visitor browser client idfa gaid aaid maid adid uuid guid
    fingerprint push install installation fbp gclid ga mac token"""
)


@cache
def identifier_kind(id_type: str) -> IdentifierKind:
    """The kind that the name of an identifier type tells; NUMBER when it tells none."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", id_type).lower()
    parts = set(_WORDS.findall(name.replace("_", " ")))
    if "hem" in parts or any(h in part for h in _HASH_NAMES for part in parts):
        return IdentifierKind.HASH
    if any(part.endswith(_EMAIL_NAMES) for part in parts) and not parts & {"id", "no", "campaign"}:
        return IdentifierKind.EMAIL
    if parts & _PHONE_NAMES:
        return IdentifierKind.PHONE
    if parts & _DEVICE_NAMES:
        return IdentifierKind.DEVICE
    return IdentifierKind.HANDLE if parts & _HANDLE_NAMES else IdentifierKind.NUMBER


@cache
def canonical_type(id_type: str) -> str:
    """The name under which the type's values are kept: every e-mail type is 'email', every phone type 'phone'."""
    kind = identifier_kind(id_type)
    return kind.value if kind in (IdentifierKind.EMAIL, IdentifierKind.PHONE) else id_type

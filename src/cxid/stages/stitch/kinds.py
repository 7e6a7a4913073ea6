"""What kind of thing an identifier type names, told from the words in its name.

An account names a person best; an address or handle reaches one; cards, phones and hashes are things that a
person owns and others may use; a device is used by whoever sits before it. The smaller rank decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import IntEnum

import pyarrow as pa

from cxid.model import Field, FieldType


class Rank(IntEnum):
    """How well an identifier names one person; from DEVICE on it names nobody by itself."""

    ACCOUNT = 1
    REACH = 2
    OWNED = 3
    DEVICE = 4
    SESSION = 5
    NETWORK = 6


_WORD = re.compile(r"[a-z]+|[0-9]+")
_NUMBERING = ("id", "ids", "no", "nr", "num", "number", "nummer", "key", "hash", "address", "addr")
_WORDS: tuple[tuple[Rank, frozenset[str]], ...] = tuple(
    (rank, frozenset(words.split()))
    for rank, words in (
        (Rank.NETWORK, "ip ipv ipaddress"),
        (Rank.SESSION, "session sessions sess sid visit visite sitzung sesion sessao"),
        (
            Rank.DEVICE,
            "cookie cookies device devices anonymous anon visitor browser fingerprint idfa idfv gaid aaid maid adid "
            "imei mac ga fbp fbc gclid install installation push token machine terminal hardware gerat geraet appareil "
            "dispositivo beacon",
        ),
        (
            Rank.OWNED,
            "hash hashed sha md hem phone mobile telephone tel cell msisdn handy telefon telefono telefone card "
            "karte carte carta tarjeta cartao loyalty iban wallet",
        ),
        (
            Rank.ACCOUNT,
            "account acct user users login username customer customers client clients member membership subscriber "
            "kunde kunden konto benutzer compte utilisateur cliente clientes cuenta usuario utente conta uid crm "
            "person profile contact patient student employee guest tax national passport",
        ),
    )
)


def rank_of(id_type: str) -> Rank:
    """The rank of an identifier type; a name that says nothing is taken for an address or handle."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", id_type).lower()
    found = set(_WORD.findall(name))
    found |= {word.removesuffix(end) for word in found for end in _NUMBERING if word.endswith(end) and word != end}
    for rank, words in _WORDS:
        if found & words:
            return rank
    return Rank.REACH


def is_hash(id_type: str) -> bool:
    """Whether the type's values are hashes of an e-mail address or a phone number."""
    return bool({"hash", "hashed", "sha", "md", "hem"} & set(_WORD.findall(id_type.lower())))


def type_table(id_types: Iterable[str], fields: tuple[Field, ...]) -> pa.Table:
    """One row per type: id_type, rank, is_personal, is_evidence (names one person, and linkage does not compare it)."""
    compared = {f.name for f in fields}
    compared |= {f.type.value for f in fields if f.type in (FieldType.EMAIL, FieldType.PHONE)}
    names = sorted(id_types)
    ranks = [rank_of(name) for name in names]
    return pa.table(
        {
            "id_type": pa.array(names, pa.string()),
            "rank": pa.array([int(r) for r in ranks], pa.int32()),
            "is_personal": pa.array([r < Rank.DEVICE for r in ranks], pa.bool_()),
            "is_evidence": pa.array(
                [r < Rank.DEVICE and n not in compared for n, r in zip(names, ranks, strict=True)], pa.bool_()
            ),
            "is_hash": pa.array([is_hash(n) for n in names], pa.bool_()),
        }
    )

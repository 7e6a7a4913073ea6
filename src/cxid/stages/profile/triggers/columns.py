"""Which columns a condition may name, known before anything is built."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from cxid.config.conditions import Type, type_of_column
from cxid.config.model import ConsentSource, EnrichmentSource, Source
from cxid.stages.profile.attributes import attributes

_OWN = {"customer_id": Type.TEXT, "as_of": Type.TIME}
NEXT = ("triggers", "trigger_reason", "suggested_action")  # what triggers themselves write


def known_columns(sources: Mapping[str, Source]) -> dict[str, Type]:
    """Column of `profile` -> its type, in a project with these sources; those of enrichment are texts.

    An attribute whose name is taken stands there with its source's name in front: both are known.
    """
    found = _OWN | {a.name: type_of_column(a.type) for a in attributes() if a.name not in NEXT}
    for source, part in sources.items():
        if isinstance(part, EnrichmentSource):
            for attribute in part.columns:
                for name in (_plain(attribute), f"{_plain(source)}_{_plain(attribute)}"):
                    found.setdefault(name, Type.TEXT)
                    found.setdefault(f"{name}_source", Type.TEXT)
    return found


def with_consents(columns: Mapping[str, Type], named: Iterable[str], sources: Mapping[str, Source]) -> dict[str, Type]:
    """The columns, and those of `named` that may be consents: may_<purpose>_<channel>, which only the data know."""
    if not any(isinstance(s, ConsentSource) for s in sources.values()):
        return dict(columns)
    return with_missing(columns, (n for n in named if n.startswith("may_")))


def with_missing(columns: Mapping[str, Type], named: Iterable[str]) -> dict[str, Type]:
    """The columns, and those of `named` that the data did not bring after all."""
    return {**{n: Type.FLAG if n.startswith("may_") else Type.TEXT for n in named}, **columns}


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")

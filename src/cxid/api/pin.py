"""A golden value that stands above every rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Unpack

from cxid.api.deciding import Decided, Say, Signature, decide, deciding, most_telling
from cxid.config.decisions import Action, Decision
from cxid.config.fields import golden_fields
from cxid.config.model import Config
from cxid.errors import ErrorCode, UsageError
from cxid.model import FieldType


def pin(
    config: Config, reference: str, values: Mapping[str, str], *, say: Say | None = None, **signature: Unpack[Signature]
) -> Decided:
    """Decide the golden value of fields: golden column -> value."""
    types = {s: f.type for f in golden_fields(config.sources) for s in f.slots}
    with deciding(config, say) as ground:
        wanted = [_checked(name.strip(), value.strip(), types) for name, value in values.items()]
        record = most_telling(ground, ground.named(reference))
        return decide(config, [Decision(0, Action.PIN, record, None, *cells) for cells in wanted], signature)


def _checked(name: str, value: str, types: Mapping[str, FieldType]) -> tuple[str, str]:
    if not name or not value:
        raise UsageError("a pin is FIELD=VALUE", hint="cxid pin crm:1042 email=ann@example.com")
    if name not in types:
        raise UsageError(
            "no golden column of this name", hint="there are: " + ", ".join(types), code=ErrorCode.COLUMN_UNKNOWN
        )
    if types[name] is FieldType.BIRTH_DATE and not _is_date(value):
        raise UsageError(f"{name} is a date", hint=f"write it as {name}=1980-12-31")
    return name, value


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False

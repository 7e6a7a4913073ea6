"""What every part of the config is, and the values that several parts share."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer


class Part(BaseModel):
    """A part of the config: immutable, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, str_strip_whitespace=False)


def zone(name: str) -> str:
    """The name of a time zone. Raises ValueError for one that the tz database does not know."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("unknown time zone; for example UTC or Europe/Berlin") from None
    return name


def share(value: Any) -> Any:
    """A percentage as the share that it is; anything else unchanged."""
    if isinstance(value, str) and (found := re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*%\s*", value)):
        return Decimal(found[1]) / 100
    return value


Share = Annotated[
    Decimal,
    BeforeValidator(share, json_schema_input_type=float | str),
    PlainSerializer(str, return_type=str),
    Field(ge=0, le=1, description="a share of the whole: 0.01 or 1%"),
]

Ratio = Annotated[
    Decimal,
    BeforeValidator(share, json_schema_input_type=float | str),
    PlainSerializer(str, return_type=str),
    Field(ge=0, description="a relative change: 0.03 or 3%; it may be above 1"),
]

"""Triggers: a condition over the profile, what to do where it holds, and who is left out."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from cxid.config.part import Part, Share

_DAYS = {"day": 1, "days": 1, "week": 7, "weeks": 7}


def _days(value: Any) -> Any:
    if isinstance(value, str) and (found := re.fullmatch(r"\s*(\d+)\s*([a-z]+)\s*", value.lower())):
        if found[2] not in _DAYS:
            raise ValueError("expected a number of days or weeks such as 90 days")
        return int(found[1]) * _DAYS[found[2]]
    return value


Days = Annotated[int, BeforeValidator(_days, json_schema_input_type=int | str), Field(ge=1, le=36_500)]


def _names(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_names, json_schema_input_type=str | list[str]), Field(min_length=1)]


class Trial(Part):
    """Where it is written who was treated and who was held out, by chance: what `cxid simulate` measures uplift by."""

    source: str = Field(description="source of kind events, the treatment log: a row for each customer in it")
    treated: Words = Field(description="types of its rows that mean treated")
    control: Words = Field(description="types of its rows that mean held out")
    campaign: str | None = Field(None, description="only rows of this campaign")
    share: Share = Field(Decimal("0.5"), description="share of customers that was meant to be treated")


class Trigger(Part):
    """A condition over the profile, with an action and who of those it hits is acted on."""

    when: str = Field(min_length=1, max_length=4000, description="condition over columns of the profile")
    action: str = Field(min_length=1, max_length=200, description="what shall be done; handed on as it is")
    cap: int | None = Field(None, ge=1, description="at most so many customers a build, the most important first")
    order: str | None = Field(
        None,
        max_length=1000,
        description="who is most important: an expression with asc or desc, or several",
    )
    cooldown: Days | None = Field(None, description="days after which the same customer may be chosen again")
    holdout: Share = Field(Decimal(0), description="share of customers that is never acted on, to measure the effect")
    holdout_key: str | None = Field(None, description="draws the holdout; the trigger's name when left out")
    purpose: str | None = Field(None, description="only customers who consent to this purpose")
    channel: str | None = Field(None, description="by which channel; the consent must hold for it")
    window: Days = Field(60, description="days after it in which `cxid simulate` looks at what customers did")
    trial: Trial | None = Field(None, description="a trial of the action that was made")

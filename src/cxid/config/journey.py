"""How long silence means something."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field, PlainSerializer, model_validator

from cxid.config.part import Part

Gaps = Annotated[Decimal, PlainSerializer(str, return_type=str), Field(gt=0, le=1000, decimal_places=3)]


class Journey(Part):
    """When a visit ends, and after how much silence a customer is at risk or lapsed."""

    session_minutes: int = Field(30, ge=1, le=1440, description="silence that ends a visit of a web site or an app")
    engaged_days: int = Field(
        90, ge=1, le=3650, description="silence after which somebody who never bought is engaged no more"
    )
    at_risk: Gaps = Field(Decimal(2), description="silence, in usual gaps between purchases, that means at_risk")
    lapsed: Gaps = Field(Decimal(4), description="silence, in usual gaps between purchases, that means lapsed")

    @model_validator(mode="after")
    def _in_order(self) -> Journey:
        if self.lapsed <= self.at_risk:
            raise ValueError("`lapsed` is a longer silence than `at_risk`: give it more gaps")
        return self

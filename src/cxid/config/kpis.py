"""What the figures of the whole company are measured over, and what they should be."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainSerializer

from cxid.config.part import Part, share

HIGHER_IS_BETTER = {
    "new_known_customers": True,
    "anonymous_to_known_rate": True,
    "cost_per_acquired_customer": False,
    "activation_rate": True,
    "days_to_second_purchase": False,
    "engaged_share": True,
    "repeat_rate": True,
    "churn_rate": False,
    "nps": True,
    "promoters_who_advocate": True,
    "revenue_from_influencers": True,
}
"""Every metric of table `kpi`, and whether a target is a floor or a ceiling."""


Target = Annotated[
    Decimal,
    BeforeValidator(share, json_schema_input_type=float | str),
    PlainSerializer(str, return_type=str),
]


class Kpis(Part):
    """Periods, the spans that metrics look over, and targets."""

    period: Literal["week", "month", "quarter", "year"] = Field(
        "month", description="length of a period, in profile.timezone; the whole span comes on top"
    )
    activation_days: int = Field(30, ge=1, le=3650, description="a new customer who buys within these is activated")
    churn_days: int = Field(
        180, ge=1, le=3650, description="who buys nothing for so long has left; not shorter than a period"
    )
    segment: str | None = Field(
        "rfm_segment", description="column of the profile that NPS is split by, beside the figure for everybody"
    )
    targets: dict[str, Target] = Field(
        {}, description="metric -> what it should be, e.g. repeat_rate: 30%; a ceiling for churn, costs and days"
    )

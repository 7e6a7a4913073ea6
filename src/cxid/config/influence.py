"""What counts as influence, and how much."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field, PlainSerializer

from cxid.config.part import Part, Share

Weight = Annotated[Decimal, PlainSerializer(str, return_type=str), Field(ge=0, le=100)]
Points = Annotated[int, Field(ge=0, le=1000)]


def _rising(tiers: dict[str, int]) -> dict[str, int]:
    if any(cut < 1 for cut in tiers.values()):
        raise ValueError("an audience is 1 or more")
    if len(set(tiers.values())) < len(tiers):
        raise ValueError("two tiers begin at the same audience")
    return tiers


class InfluenceWeights(Part):
    """Points of the score for each tenfold of what is counted."""

    followers: Weight = Field(Decimal(1), description="points per tenfold of followers")
    reach: Weight = Field(Decimal(1), description="points per tenfold of the reach of mentions, weighed by their tone")
    referrals: Weight = Field(Decimal(3), description="points per tenfold of referrals")
    reputation: Weight = Field(Decimal(1), description="points per tenfold of reputation in the community")


class ReputationPoints(Part):
    """Points of reputation for what somebody does in the community."""

    post: Points = Field(1, description="a question or other post")
    answer: Points = Field(3, description="an answer")
    accepted: Points = Field(10, description="an answer that was accepted as the solution, on top")
    like: Points = Field(1, description="a like or helpful vote received")


class Influence(Part):
    """How influence is scored, and who counts as an influencer."""

    weights: InfluenceWeights = Field(InfluenceWeights(), description="points per tenfold of each component")
    reputation: ReputationPoints = Field(ReputationPoints(), description="what earns reputation in the community")
    tiers: Annotated[dict[str, int], AfterValidator(_rising)] = Field(
        {"nano": 1_000, "micro": 10_000, "macro": 100_000, "mega": 1_000_000},
        description="name of a tier -> the audience from which it begins",
    )
    share: Share = Field(Decimal("0.05"), description="of the customers with a score, the share who are influencers")

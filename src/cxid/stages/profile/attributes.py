"""The sections of the profile in their order, and every attribute that they have."""

from __future__ import annotations

from cxid.stages.profile.section import Attribute, Section
from cxid.stages.profile.sections import (
    advocacy,
    attitude,
    consent,
    engagement,
    household,
    identity,
    journey,
    purchases,
    service,
    value,
)
from cxid.stages.profile.sections import attributes as described
from cxid.stages.profile.sections import next as next_

SECTIONS: tuple[Section, ...] = (
    identity.SECTION,
    purchases.SECTION,
    value.SECTION,
    engagement.SECTION,
    journey.SECTION,
    attitude.SECTION,
    advocacy.SECTION,
    service.SECTION,
    described.SECTION,
    household.SECTION,
    consent.SECTION,
    next_.SECTION,
)
"""Purchases before value and journey: both go by the sales that it finds."""


def attributes() -> tuple[Attribute, ...]:
    """Every attribute that is a column of `profile` in any project, in order; enrichment adds its own behind them."""
    return tuple(a for section in SECTIONS for a in section.attributes)

"""The sections of the page behind its overview, each made of the figures of a run."""

from __future__ import annotations

from collections.abc import Callable

from cxid.figures import Figures
from cxid.html.blocks import Section
from cxid.html.sections import customers, goals, golden, inputs, journeys, linkage, touchpoints, voices

SECTIONS: tuple[Callable[[Figures], Section | None], ...] = (
    customers.section,
    touchpoints.section,
    journeys.section,
    voices.section,
    goals.section,
    golden.section,
    linkage.section,
    inputs.section,
)
"""What a reader asks: who are they, where do we meet them, how do they move, what do they say; how good is it."""

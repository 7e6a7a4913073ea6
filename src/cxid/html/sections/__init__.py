"""The sections of the page in their order, each made of the figures of a run."""

from __future__ import annotations

from collections.abc import Callable

from cxid.figures import Figures
from cxid.html.blocks import Section
from cxid.html.sections import customers, goals, golden, inputs, linkage, overview, touchpoints

SECTIONS: tuple[Callable[[Figures], Section | None], ...] = (
    overview.section,
    customers.section,
    touchpoints.section,
    goals.section,
    golden.section,
    linkage.section,
    inputs.section,
)
"""What a reader asks: is it sound, who are they, where do we meet them, how good is it, what went in."""

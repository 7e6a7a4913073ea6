"""What the config says of households."""

from __future__ import annotations

from pydantic import Field

from cxid.config.part import Part


class Household(Part):
    """When customers are one household; nobody is merged by it."""

    max_size: int = Field(
        12, ge=2, description="customers that one household may hold; what is larger is an institution, not a home"
    )

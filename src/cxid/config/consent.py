"""What the config says of permissions."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from cxid.config.part import Part


class Permission(Part):
    """A purpose and a channel, as consent sources call them."""

    purpose: str = Field(min_length=1, description="what for")
    channel: str = Field("", description="by which channel; for all when left out")


def _permission(value: Any) -> Any:
    if isinstance(value, str):
        purpose, _, channel = value.partition("/")
        return {"purpose": purpose, "channel": channel}
    return value


PermissionRef = Annotated[Permission, BeforeValidator(_permission, json_schema_input_type=str | Permission)]
"""A permission, or a text: newsletter/email, or newsletter for all channels."""

"""How much an act of a customer says of engagement, and how long it is remembered."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field, PlainSerializer

from cxid.config.part import Part

POINTS = {
    "purchase": 10, "attend": 8, "refer": 8, "mention": 5, "post": 5, "signup": 5, "answer": 4, "cart": 4, "share": 4,
    "click": 3, "search": 2, "login": 2, "ticket": 2, "view": 1, "open": 1, "like": 1, "other": 1,
    "refund": 0, "unsubscribe": 0, "sent": 0, "delivered": 0, "bounce": 0, "document": 0, "handled": 0,
}  # fmt: skip
"""Points of an act: what costs the customer more effort counts more; what the company did counts nothing."""

HALF_LIVES = {
    "web": 30, "mobile": 30, "ads": 30, "email": 60, "social": 90, "community": 90, "support": 90, "other": 90,
    "store": 180, "event": 365, "purchase": 180,
}  # fmt: skip
"""Days after which an act counts half, by channel or by act: the rarer a contact of the kind is, the longer."""

Points = Annotated[Decimal, PlainSerializer(str, return_type=str), Field(ge=0, le=1_000_000, decimal_places=3)]


class Engagement(Part):
    """Points of what customers do, and how they fade. A key names a channel, an act, or a type of your data."""

    points: dict[str, Points] = Field(
        {}, description="act, type of your data, or channel.act -> points of one, e.g. {email.click: 5}"
    )
    half_life: dict[str, Annotated[int, Field(ge=1, le=36_500)]] = Field(
        {}, description="channel, act, or type of your data -> days after which it counts half"
    )

    def points_of(self, channel: str, act: str, said: str) -> Decimal:
        """Points of one such event: by its own word, else by channel and act, else by act, else by the defaults."""
        for name in (said.lower(), f"{channel}.{act}", act):
            if name in self._points:
                return self._points[name]
        return Decimal(POINTS[act])

    def half_life_of(self, channel: str, act: str, said: str) -> int:
        """Days after which one such event counts half: by its own word, act, channel; then the defaults so."""
        names = (said.lower(), f"{channel}.{act}", act, channel)
        given = next((self._half_life[n] for n in names if n in self._half_life), None)
        return given or next((HALF_LIVES[n] for n in (act, channel) if n in HALF_LIVES), HALF_LIVES["other"])

    @property
    def names(self) -> frozenset[str]:
        """Every key that the config gives."""
        return frozenset((*self._points, *self._half_life))

    @property
    def _points(self) -> dict[str, Decimal]:
        return {name.strip().lower(): value for name, value in self.points.items()}

    @property
    def _half_life(self) -> dict[str, int]:
        return {name.strip().lower(): value for name, value in self.half_life.items()}

"""Permissions the slow and obvious way: for every customer, purpose and channel, one identifier after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

ALL = ""  # every purpose, every channel


@dataclass(frozen=True)
class Word:
    """What one row says about an identifier."""

    identifier: str
    purpose: str
    channel: str
    status: str
    time: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True)
class World:
    """Who carries which identifier; `named`: the one customer whom an identifier names; hubs name nobody."""

    carried: frozenset[tuple[str, str]]  # customer, identifier
    named: dict[str, str]
    hubs: frozenset[str]

    def holders(self, identifier: str) -> set[str]:
        found = {c for c, i in self.carried if i == identifier}
        return found | ({self.named[identifier]} if identifier in self.named else set())

    def names(self, identifier: str, customer: str) -> bool:
        """A permission by it is surely this customer's own."""
        if self.named.get(identifier) == customer:
            return True
        return self.holders(identifier) == {customer} and identifier not in self.hubs


def answer(
    world: World, words: Sequence[Word], as_of: datetime, customer: str, purpose: str, channel: str
) -> str | None:
    """granted, denied or unknown; None where nothing was said of it."""
    bearing = [
        w for w in words
        if customer in world.holders(w.identifier) and w.purpose in (purpose, ALL) and w.channel in (channel, ALL)
    ]  # fmt: skip
    if not bearing:
        return None
    said = set()
    for identifier in {w.identifier for w in bearing}:
        known = [w for w in bearing if w.identifier == identifier and (w.time is None or w.time <= as_of)]
        said.add(_last(known, as_of, own=world.names(identifier, customer)))
    return "denied" if "denied" in said else "granted" if "granted" in said else "unknown"


def _last(words: list[Word], as_of: datetime, *, own: bool) -> str:
    """What an identifier says in the end."""
    if not words:
        return "unknown"
    if any(w.time is None and w.status == "denied" for w in words):
        return "denied"
    dated = [w for w in words if w.time is not None]
    latest = [w for w in dated if w.time == max(d.time for d in dated if d.time)] if dated else words
    for status in ("denied", "unknown"):
        if any(w.status == status for w in latest):
            return status
    first_end = min((w.expires_at for w in latest if w.expires_at), default=None)
    return "granted" if own and (first_end is None or first_end > as_of) else "unknown"


def withdrawn_at(world: World, words: Sequence[Word], as_of: datetime, asked: tuple[str, str, str]) -> datetime | None:
    """The latest refusal after as_of."""
    customer, purpose, channel = asked
    late = [
        w.time for w in words
        if customer in world.holders(w.identifier) and w.purpose in (purpose, ALL) and w.channel in (channel, ALL)
        and w.status == "denied" and w.time is not None and w.time > as_of
    ]  # fmt: skip
    return max(late, default=None)

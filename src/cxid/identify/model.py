"""The nouns of an answer to "who is this"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from cxid.notebook import Document, Table


class Status(StrEnum):
    """What an answer is."""

    IDENTIFIED = "identified"  # one customer, as sure as was asked for
    AMBIGUOUS = "ambiguous"  # customers that it may be; none of them is sure enough
    UNKNOWN = "unknown"  # nobody in the published build
    ERROR = "error"  # the request could not be read


@dataclass(frozen=True)
class Candidate:
    """A customer that may be meant: how probable that is, from 0 to 1, and why, in words."""

    customer_id: str
    confidence: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class Answer(Document):
    """Who it is. Profile, triggers and consent are those of an identified customer in the run that answered.

    `reasons` say what was found and what was not; `candidates` are the customers of an ambiguous answer, the likeliest
    first.
    """

    status: Status
    run_id: str
    customer_id: str | None = None
    confidence: float = 0.0
    reasons: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    profile: dict[str, Any] = field(default_factory=dict)
    triggers: tuple[dict[str, Any], ...] = ()
    consent: tuple[dict[str, Any], ...] = ()
    request_id: str | int | None = None
    code: str = ""  # of an error, as in cxid.errors.ErrorCode
    error: str = ""
    hint: str = ""

    @property
    def headline(self) -> str:
        if self.status is Status.ERROR:
            return self.error
        who = f" {self.customer_id}" if self.customer_id else ""
        return f"{self.status.value}{who}, confidence {self.confidence:.6f}, run {self.run_id}"

    def tables(self) -> Iterator[Table]:
        yield Table("", ("reason",), ((reason,) for reason in self.reasons))
        likely = ((c.customer_id, c.confidence, "; ".join(c.reasons)) for c in self.candidates)
        yield Table("Customers that it may be", ("customer", "confidence", "reasons"), likely)
        yield Table("Profile", ("attribute", "value"), self.profile.items())
        held = ((t.get("trigger"), t.get("action"), t.get("reason")) for t in self.triggers)
        yield Table("Triggers that hold", ("trigger", "action", "reason"), held)
        said = ((c.get("purpose"), c.get("channel"), c.get("status")) for c in self.consent)
        yield Table("Consent", ("purpose", "channel", "status"), said)

    def to_dict(self) -> dict[str, Any]:
        """The answer as one object for JSON; what does not belong to its status is left out."""
        asked = {} if self.request_id is None else {"request_id": self.request_id}
        if self.status is Status.ERROR:
            told = {"code": self.code, "error": self.error, "hint": self.hint}
            return {**asked, "status": self.status.value, **told, "run": self.run_id}
        found: dict[str, Any] = {
            **asked,
            "status": self.status.value,
            "customer_id": self.customer_id,
            "confidence": self.confidence,
            "reasons": list(self.reasons),
        }
        if self.status is Status.AMBIGUOUS:
            found["candidates"] = [
                {"customer_id": c.customer_id, "confidence": c.confidence, "reasons": list(c.reasons)}
                for c in self.candidates
            ]
        if self.status is Status.IDENTIFIED:
            found |= {"profile": self.profile, "triggers": list(self.triggers), "consent": list(self.consent)}
        return {**found, "run": self.run_id}

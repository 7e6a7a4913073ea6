"""What the page of a customer consists of.

The fields of these classes are the keys of `cxid show --format json`: docs/reference/show.md describes each. Times are
UTC without a zone, probabilities from 0 to 1, money in the currency named beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from cxid.notebook import Document, Table


@dataclass(frozen=True)
class Head:
    """Who it is, in the few words that a list of customers would show."""

    name: str | None
    age: int | None
    city: str | None
    is_known: bool  # False: known by devices alone
    first_seen: datetime | None
    last_seen: datetime | None
    stage: str | None
    stage_since: datetime | None
    sources: tuple[str, ...]
    record_count: int
    confidence: Decimal  # probability of the weakest link that holds the customer
    completeness: Decimal  # share of the people fields that have a value
    needs_review: bool


@dataclass(frozen=True)
class OtherValue:
    """A value of a field that did not survive."""

    value: str
    source: str
    record_key: str


@dataclass(frozen=True)
class GoldenValue:
    """A golden value, where it comes from, the rule that chose it, and the values that lost."""

    field: str
    value: str
    source: str | None
    record_key: str | None
    rule: str | None
    updated_at: datetime | None
    conflict: bool  # a losing value differs also when normalised
    others: tuple[OtherValue, ...]


@dataclass(frozen=True)
class Joined:
    """The link by which a record hangs on the customer: `to` is the other record, `because` what speaks loudest."""

    to: str
    kind: str
    probability: Decimal
    because: tuple[str, ...]


@dataclass(frozen=True)
class RecordOfCustomer:
    """A source record; `joined` is missing for the one that the others hang on, and where it cannot be traced."""

    source: str
    record_key: str
    link_kind: str
    probability: Decimal
    since_run: str
    joined: Joined | None

    @property
    def ref(self) -> str:
        """How a user names it."""
        return f"{self.source}:{self.record_key}"


@dataclass(frozen=True)
class WeakestLink:
    """The link that goes first. Without it and the `more` links that go across as well there would be two parts."""

    a: str
    b: str
    kind: str
    probability: Decimal
    because: tuple[str, ...]
    parts: tuple[tuple[str, ...], tuple[str, ...]]
    more: int
    command: str


@dataclass(frozen=True)
class ReviewReason:
    """Why somebody should look at the customer, and the command that shows it."""

    words: str
    command: str


@dataclass(frozen=True)
class HouseholdMember:
    """Another customer of the household; `rule` says how it came to it."""

    customer_id: str
    name: str | None
    age: int | None
    city: str | None
    rule: str


@dataclass(frozen=True)
class Household:
    """The customers who live together. `members` are the others; `rule` is how this one came to it."""

    household_id: str
    rule: str
    members: tuple[HouseholdMember, ...]


@dataclass(frozen=True)
class Identifier:
    """An identifier stitched to the customer."""

    id_type: str
    id_value: str
    link_kind: str
    probability: Decimal
    since_run: str


@dataclass(frozen=True)
class Month:
    """Events of a month, 2026-05, by channel."""

    month: str
    events: int
    channels: dict[str, int]


@dataclass(frozen=True)
class Moment:
    """A moment that matters: `what` is its kind, `words` what is to be said of it."""

    time: datetime
    what: str
    words: str
    source: str | None
    channel: str | None


@dataclass(frozen=True)
class Touchpoint:
    """One event."""

    time: datetime | None
    source: str
    channel: str
    type: str | None
    value: Decimal | None
    currency: str | None
    campaign: str | None
    sentiment: Decimal | None
    stage: str | None


@dataclass(frozen=True)
class Timeline:
    """What happened: how much in each month, the moments that matter oldest first, the last events newest first."""

    events: int
    undated: int
    months: tuple[Month, ...]
    moments: tuple[Moment, ...]
    touchpoints: tuple[Touchpoint, ...]


@dataclass(frozen=True)
class SurveyAnswer:
    """An answer of a survey, as its source gives it."""

    time: datetime | None
    source: str
    type: str | None
    score: Decimal


@dataclass(frozen=True)
class ConsentStatus:
    """What holds for a purpose and channel; `channel` '' stands for all that have no row of their own."""

    purpose: str
    channel: str
    status: str
    since: datetime | None
    source: str
    id_type: str
    expires_at: datetime | None
    conflict: bool
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class TriggerHolds:
    """A trigger that holds; `status` is act, or why not: holdout, capped, cooling or no_consent."""

    trigger: str
    action: str
    status: str
    reason: str
    since: datetime


@dataclass(frozen=True)
class IdentityEvent:
    """What happened to the customer's id in a run."""

    run_id: str
    event: str
    other_customer_id: str | None
    records: int
    identifiers: int
    cause: str


@dataclass(frozen=True)
class FormerId:
    """An id of the past that leads to this customer."""

    customer_id: str
    since_run: str


@dataclass(frozen=True)
class History:
    """The life of the customer's id, oldest first."""

    events: tuple[IdentityEvent, ...]
    former_ids: tuple[FormerId, ...]


@dataclass(frozen=True)
class Unknown:
    """Something that one would look for and that nothing is known of, and why."""

    about: str
    words: str


@dataclass(frozen=True, repr=False)
class CustomerPage(Document):
    """Everything about one customer in a run. `profile` has every column of the profile but the id."""

    run_id: str
    customer_id: str
    as_of: datetime | None
    head: Head
    summary: tuple[str, ...]
    values: tuple[GoldenValue, ...]
    records: tuple[RecordOfCustomer, ...]
    weakest_link: WeakestLink | None
    review: tuple[ReviewReason, ...]
    household: Household | None
    identifiers: tuple[Identifier, ...]
    timeline: Timeline
    profile: dict[str, Any]
    answers: tuple[SurveyAnswer, ...]
    consent: tuple[ConsentStatus, ...]
    triggers: tuple[TriggerHolds, ...]
    history: History
    unknown: tuple[Unknown, ...]

    @property
    def headline(self) -> str:
        """Id and what it rests on; no name, for what a program prints of an object ends in logs."""
        return f"{self.customer_id}: {self.head.record_count} records, {len(self.head.sources)} sources"

    def to_dict(self) -> dict[str, Any]:
        """The page as plain dictionaries and lists: the document of `cxid show --format json`."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    def tables(self) -> Iterable[Table]:
        """Summary, golden values, records, moments, triggers."""
        return (
            Table("", ("summary",), [(sentence,) for sentence in self.summary]),
            Table(
                "Golden values",
                ("field", "value", "source", "record", "rule"),
                [(v.field, v.value, v.source, v.record_key, v.rule) for v in self.values],
            ),
            Table(
                "Records",
                ("record", "joined to", "by", "probability"),
                [
                    (r.ref, *((r.joined.to, r.joined.kind, r.joined.probability) if r.joined else (None,) * 3))
                    for r in self.records
                ],
            ),
            Table(
                "Moments",
                ("time", "what", "detail", "source"),
                [(m.time, m.what, m.words, m.source) for m in self.timeline.moments],
            ),
            Table(
                "Triggers",
                ("trigger", "action", "status", "reason"),
                [(t.trigger, t.action, t.status, t.reason) for t in self.triggers],
            ),
        )


def _plain(content: Any) -> Any:
    """The same with lists for tuples."""
    if isinstance(content, dict):
        return {name: _plain(value) for name, value in content.items()}
    return [_plain(value) for value in content] if isinstance(content, list | tuple) else content

"""What is told of two runs that are compared. `before` and `after` are figures of the one and of the other."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Side:
    """One of the two runs. `as_of` is the moment its profiles speak of, '' when it has none."""

    run_id: str
    as_of: str


# ---- what went in ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SourceChange:
    """Files and rows of one source. Rows added, removed and changed are None where only their number is known."""

    source: str
    kind: str  # people, events, other; files of one source have one kind
    files_added: int
    files_removed: int
    files_changed: int
    rows_before: int
    rows_after: int
    added: int | None
    removed: int | None
    changed: int | None
    quarantined_before: int
    quarantined_after: int

    @property
    def is_changed(self) -> bool:
        """Whether anything of the source is not what it was."""
        files = self.files_added or self.files_removed or self.files_changed
        rows = self.added or self.removed or self.changed
        numbers = (self.rows_before, self.quarantined_before) != (self.rows_after, self.quarantined_after)
        return bool(files or rows or numbers)


@dataclass(frozen=True)
class KeyChange:
    """A key of the config by its dotted name; what: added, removed or changed. Values are not kept."""

    key: str
    what: str


@dataclass(frozen=True)
class DecisionChange:
    """Rows of decisions.csv by action: link, unlink, pin."""

    action: str
    added: int
    removed: int


@dataclass(frozen=True)
class VersionChange:
    """cxid, its code or the engine, where they differ."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class InputChange:
    """What went in. `keys` is empty with `config_changed` where a run of an older version did not keep its keys."""

    sources: tuple[SourceChange, ...]
    config_changed: bool
    keys: tuple[KeyChange, ...]
    decisions: tuple[DecisionChange, ...]
    versions: tuple[VersionChange, ...]

    @property
    def is_changed(self) -> bool:
        """Whether anything that went in is not what it was."""
        sources = any(s.is_changed for s in self.sources)
        return bool(sources or self.config_changed or self.decisions or self.versions)


# ---- who is who -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CustomerChange:
    """Customers then and now: after = before + created + split - merged - retired.

    `created` hold nothing that was a customer's before, `split` came off another customer; `merged` are ids that
    ended because most of what they held is now another customer's, `retired` because nothing of it is left.
    `regrouped` are customers that kept their id and gave records or identifiers to others, or took some in.
    """

    before: int
    after: int
    created: int
    split: int
    merged: int
    retired: int
    regrouped: int

    @property
    def kept(self) -> int:
        """Ids in both runs."""
        return self.before - self.merged - self.retired


@dataclass(frozen=True)
class MemberChange:
    """Records, or identifiers: after = before + added - removed; `moved` are at another customer id than before."""

    before: int
    after: int
    added: int
    removed: int
    moved: int

    @property
    def kept(self) -> int:
        """Those in both runs."""
        return self.before - self.removed


@dataclass(frozen=True)
class Move:
    """One thing that happened to customers.

    created: customer_id is new; split: it is new, and came off the other one; merged: it ended, and most of it is
    with the other one now; moved: members of it are with the other one now, and both ids stay or one is told of
    elsewhere; retired: it ended, and nothing of it is left. `records` and `identifiers` are those that it is about.
    """

    event: str
    customer_id: str
    other_customer_id: str  # '' when none
    records: int
    identifiers: int
    cause: str = ""  # data, config, decision; '' unless the second run was built on the first

    @property
    def command(self) -> str:
        """What says more of it, asked of the second run; '' where nothing of it is left there."""
        if self.event == "retired":
            return ""
        if self.event == "merged":
            return f"cxid why {self.other_customer_id}"
        if self.event == "created" or not self.records:
            return f"cxid show {self.other_customer_id if self.event == 'moved' else self.customer_id}"
        return f"cxid why {self.customer_id} {self.other_customer_id}"


@dataclass(frozen=True)
class IdentityChange:
    """Who is who. `moves` are the largest."""

    customers: CustomerChange
    records: MemberChange
    identifiers: MemberChange
    moves: tuple[Move, ...]

    @property
    def churn(self) -> Decimal:
        """Share of the records in both runs that are at another customer id now, 0 to 1; 0 without records."""
        return share(self.records.moved, self.records.kept)

    @property
    def is_changed(self) -> bool:
        """Whether a customer, a record or an identifier is not where it was."""
        return bool(self.moves) or any(m.added or m.removed or m.moved for m in (self.records, self.identifiers))


@dataclass(frozen=True)
class SizeChange:
    """Customers with so many records."""

    records: str  # "0", "1", "2", "3", "4-5", "6-10", ...
    before: int
    after: int


@dataclass(frozen=True)
class GroupChange:
    """A large customer now; `before` is how many records its id held then, None when it is new."""

    customer_id: str
    before: int | None
    after: int


# ---- golden values --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Flip:
    """A golden value that changed; the values are masked or left out unless they were asked for."""

    customer_id: str
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True)
class FieldChange:
    """A golden column, over customers that are in both runs.

    `had` have a value before, `flipped` another one now, `gained` have one now and had none, `lost` the reverse.
    """

    field: str
    had: int
    flipped: int
    gained: int
    lost: int
    examples: tuple[Flip, ...]

    @property
    def share(self) -> Decimal:
        """Flipped over had."""
        return share(self.flipped, self.had)


@dataclass(frozen=True)
class GoldenChange:
    """Golden values. `customers` are in both runs, `touched` have at least one value that flipped, came or went."""

    customers: int
    touched: int
    fields: tuple[FieldChange, ...]
    columns_added: tuple[str, ...]
    columns_removed: tuple[str, ...]

    @property
    def is_changed(self) -> bool:
        """Whether a value, or the list of columns, is not what it was."""
        return bool(self.touched or self.columns_added or self.columns_removed)


# ---- the matching model ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class WeightChange:
    """A level of agreement and the bits that it weighs; None where a run does not have it."""

    field: str
    level: str
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True)
class RuleChange:
    """A blocking rule and the pairs that it proposes; None where a run does not have it."""

    rule: str
    before: int | None
    after: int | None


@dataclass(frozen=True)
class ModelChange:
    """The matching. `figures` are (name, before, after) that differ: status, pairs, cut, prior, ..."""

    figures: tuple[tuple[str, str, str], ...]
    rules: tuple[RuleChange, ...]
    weights: tuple[WeightChange, ...]

    @property
    def is_changed(self) -> bool:
        """Whether the two runs match by other rules or weights."""
        return bool(self.figures or self.rules or self.weights)


# ---- the bridge -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ratio:
    """A figure as it is counted; `value` is numerator over denominator in six decimals, None over nothing."""

    numerator: Decimal
    denominator: Decimal | None = None  # None: a count or a sum, which is its own value

    @property
    def value(self) -> Decimal | None:
        """The figure."""
        if self.denominator is None:
            return self.numerator
        return share(self.numerator, self.denominator) if self.denominator else None


@dataclass(frozen=True)
class KpiChange:
    """One KPI: change = behaviour + identity, to the last decimal.

    `between` is the KPI of the second run's data under the first run's identity. behaviour = between - before,
    identity = after - between. All three are None where one of the figures is missing.
    """

    name: str
    unit: str  # count, share, points, or an ISO 4217 code, '' when unknown
    words: str
    before: Ratio
    between: Ratio
    after: Ratio

    @property
    def behaviour(self) -> Decimal | None:
        """What people did, and who came and went."""
        return _less(self.between.value, self.before.value)

    @property
    def identity(self) -> Decimal | None:
        """Who is taken for whom."""
        return _less(self.after.value, self.between.value)

    @property
    def change(self) -> Decimal | None:
        """All of it."""
        return _less(self.after.value, self.before.value)

    @property
    def is_changed(self) -> bool:
        """Whether it is not what it was, or would be another one under the first run's identity."""
        return not self.before.value == self.between.value == self.after.value


# ---- all of it ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RunDiff:
    """Two runs compared. A part is None where a run does not have the tables for it."""

    before: Side
    after: Side
    inputs: InputChange
    identity: IdentityChange
    sizes: tuple[SizeChange, ...]
    largest: tuple[GroupChange, ...]
    golden: GoldenChange | None
    model: ModelChange | None
    bridge: tuple[KpiChange, ...]

    @property
    def is_changed(self) -> bool:
        """Whether anything differs that went in or came out."""
        parts = (self.inputs, self.identity, self.golden, self.model, *self.bridge)
        return any(part.is_changed for part in parts if part is not None)


def share(part: int | Decimal, whole: int | Decimal) -> Decimal:
    """Part over whole in six decimals; 0 over nothing."""
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.000001")) if whole else Decimal(0)


def _less(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one - other

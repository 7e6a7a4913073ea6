"""What one row of a file is about, by weighing its columns, their values and the file's name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cxid.config.guess.columns import ID_MEANINGS, ColumnGuess
from cxid.config.guess.datasets import Dataset
from cxid.config.guess.words import read_header

PERSON_IDS = (*ID_MEANINGS, "email", "phone", "national_id", "tax_id")
_TIMES = ("time", "date", "created_at", "seen_at", "updated_at")
_TRUTH_FILES = frozenset(("TRUTH",))


@dataclass(frozen=True)
class KindGuess:
    """The kind, '' when the file is no source; the reasons; a score to compare by."""

    kind: str
    why: str
    score: float
    answer: bool = False  # holds no customer data: it answers or maps what other files say


@dataclass
class _Case:
    """What speaks for one kind."""

    score: float = 0.0
    reasons: tuple[tuple[float, str], ...] = ()
    possible: bool = True

    def say(self, weight: float, holds: object, reason: str) -> None:
        if holds:
            self.score += weight
            if weight > 0:
                self.reasons = (*self.reasons, (weight, reason))

    @property
    def told(self) -> str:
        """The three reasons that weigh most, in the order in which they were found."""
        best = sorted(self.reasons, key=lambda r: -r[0])[:3]
        return "; ".join(reason for weight, reason in self.reasons if (weight, reason) in best)

    def need(self, holds: object) -> None:
        self.possible = self.possible and bool(holds)


def identifiers(dataset: Dataset) -> list[ColumnGuess]:
    """Columns that say whose row it is."""
    return [c for c in dataset.find(*PERSON_IDS) if not c.values.constant]


def times(dataset: Dataset) -> list[ColumnGuess]:
    """Columns that can say when it happened, the best first."""
    found = [c for c in dataset.find(*_TIMES) if c.values.dates and c.values.dates.share >= 0.6]
    rank = {m: i for i, m in enumerate(_TIMES)}
    return sorted(
        found,
        key=lambda c: (
            c.values.fill < 0.9,
            "RESULT" in read_header(c.name).atoms,  # when a case was closed is not when it came up
            rank[c.meaning],
            -int(c.values.dates.clock if c.values.dates else 0),
        ),
    )


@dataclass(frozen=True)
class _Facts:
    dataset: Dataset
    names: bool
    birth: bool
    address: bool
    time: bool
    clock: bool
    ids: tuple[ColumnGuess, ...]

    def has(self, *meanings: str) -> bool:
        return bool(self.dataset.find(*meanings))

    def called(self, *atoms: str) -> bool:
        return bool(self.dataset.words & set(atoms))

    @property
    def repeats(self) -> bool:
        """Persons come back: the fullest identifier holds values several times."""
        held = [c for c in self.ids if c.values.fill > 0.3]
        return bool(held) and min(c.values.variety for c in held) < 0.9

    @property
    def goods(self) -> bool:
        """The names are those of things: a list of products or of the lines of orders."""
        sold = self.has("unit_price", "quantity") and self.has("product", "category", "row_key")
        named = any(c.sure >= 0.9 for c in self.dataset.find("given_name", "family_name"))
        return sold and not (named or self.birth or self.address or self.has("email", "phone"))

    @property
    def unique(self) -> bool:
        return any(c.values.variety > 0.98 and c.values.fill > 0.5 for c in self.ids)


def _facts(dataset: Dataset) -> _Facts:
    found = times(dataset)
    named = dataset.find("given_name", "family_name", "full_name")
    placed = dataset.find("street", "postcode", "city", "house_number")
    if found and dataset.find("row_key"):  # where an order goes does not make its row a person
        named, placed = ([c for c in cs if c.reading.place not in ("shipping", "billing")] for cs in (named, placed))
    return _Facts(
        dataset,
        bool(named),
        bool(dataset.find("birth_date", "birth_year")),
        bool(placed),
        bool(found),
        any(c.values.dates and c.values.dates.clock for c in found),
        tuple(identifiers(dataset)),
    )


def _people(f: _Facts, case: _Case) -> None:
    case.need(f.names or f.ids or f.has("national_id", "tax_id"))
    case.need(not f.goods)
    case.say(3, f.names, "it has names of persons")
    case.say(3, f.birth, "it has birth dates")
    case.say(1, f.has("gender"), "it has a gender")
    case.say(1.5, f.address, "it has an address")
    case.say(1, f.has("email", "phone"), "it has e-mails or phones")
    case.say(1, f.has("national_id", "tax_id", "maiden_name", "middle_name"), "it has numbers or names of one person")
    case.say(2, f.called("CUSTOMER", "PERSON", "MEMBER", "LOYALTY", "SUBSCRIBER", "ACCOUNT"), "the file is called so")
    case.say(1.5, f.unique, "an identifier occurs once")
    case.say(1, f.has("balance", "tier") and f.unique, "it has a balance or tier per identifier")
    case.say(
        -3, f.time and f.has("amount", "quantity") and f.has("row_key", "amount") and not f.birth and f.repeats, ""
    )
    case.say(-2, f.clock and f.has("event_type", "session_id") and f.repeats, "")


def _transactions(f: _Facts, case: _Case) -> None:
    case.need(f.time and f.ids and f.has("amount", "unit_price"))
    case.say(2, f.has("amount"), "it has amounts of money")
    case.say(2, f.has("row_key"), "it has numbers of orders or receipts")
    case.say(3, f.called("ORDER", "RECEIPT", "TRANSACTION", "PURCHASE", "STORE", "AMOUNT"), "the file is called so")
    dated = [
        c
        for c in f.dataset.find("time")
        if set(read_header(c.name).atoms) & {"ORDER", "PURCHASE", "RECEIPT", "TRANSACTION"}
    ]
    case.say(1.5, dated, "it has a date of purchase")
    case.say(
        1, f.has("product", "quantity", "unit_price", "currency", "store"), "it has products, quantities or currencies"
    )
    case.say(1, f.repeats, "persons come back")
    case.say(1, not f.names, "it has no names")
    paid_for = f.has("campaign") and not (f.has("product", "quantity", "currency", "store") or dated)
    case.say(-3, paid_for or f.called("AD"), "")  # what an advertisement cost
    case.say(-3, f.birth, "")
    case.say(-2, f.has("income", "balance"), "")


def _events(f: _Facts, case: _Case) -> None:
    case.need(f.time and f.ids)
    case.say(1.5, f.clock, "it has times of day")
    case.say(2, f.has("event_type"), "it has kinds of events")
    case.say(1.5, f.has("session_id", "screen", "platform", "ip"), "it has sessions, pages or platforms")
    case.say(
        3,
        f.called(
            "EVENT",
            "WEB",
            "APP",
            "AD",
            "SUPPORT",
            "CAMPAIGN",
            "EMAIL",
            "SESSION",
            "ACTION",
            "SENT",
            "SOCIAL_MEDIA",
            "SEEN",
        ),
        "the file is called so",
    )
    case.say(1, f.has("campaign", "channel"), "it has campaigns or channels")
    case.say(
        1.5,
        f.has("row_key") and f.has("category", "status", "support_type", "result"),
        "it has numbered cases with a status",
    )
    case.say(1, f.repeats, "persons come back")
    case.say(1, not f.names and not f.address, "it has no names and no address")
    case.say(-1.5, f.names, "")
    case.say(-3, f.birth, "")
    case.say(-1.5, f.has("amount"), "")
    case.say(-3, f.has("consent_status"), "")


def _mentions(f: _Facts, case: _Case) -> None:
    case.need(f.time and f.ids and (f.has("sentiment", "note") or f.called("SOCIAL_MEDIA")))
    case.say(3, f.called("SOCIAL_MEDIA", "HANDLE"), "the file is called so")
    case.say(2, f.has("sentiment"), "it has a sentiment")
    case.say(2, f.has("reach"), "it has a reach")
    case.say(1, f.has("likes"), "it has likes")
    case.say(1, f.has("note"), "it has a text")
    case.say(1, f.has("handle"), "it has handles")
    case.say(-2, f.names or f.birth, "")
    case.say(-3, f.unique and not f.has("sentiment"), "")


def _survey(f: _Facts, case: _Case) -> None:
    case.need(f.time and f.ids and f.has("score"))
    case.say(3.5, f.has("score"), "it has scores")
    case.say(3, f.called("SURVEY", "SCORE"), "the file is called so")
    case.say(1, f.has("note"), "it has a comment")
    case.say(1, not f.names and not f.address, "it has no names and no address")
    case.say(-3, f.birth, "")
    case.say(-2, f.has("amount"), "")


def _consent(f: _Facts, case: _Case) -> None:
    stated = f.has("consent_status") or (
        (f.called("CONSENT", "OPT") or f.has("purpose"))
        and any(c.values.yes_no > 0.6 for c in f.dataset.find("status", "flag", "result"))
    )
    case.need(f.ids and stated)
    case.say(2.5, stated, "it has a yes or no to contact")
    case.say(3, f.has("purpose"), "it has purposes")
    case.say(3, f.called("CONSENT", "OPT"), "the file is called so")
    case.say(1, f.has("expires_at"), "it has an expiry")
    case.say(-3, f.names, "")
    case.say(-3, f.birth or f.address, "")
    case.say(-3, f.has("amount", "event_type"), "")


def _enrichment(f: _Facts, case: _Case) -> None:
    areas = [c for c in f.dataset.find("postcode", "region", "city") if c.values.variety > 0.9]
    case.need(areas or f.unique)
    case.say(4, areas and not f.ids, "each postcode or place occurs once, and no person is named")
    case.say(
        1.5,
        f.unique and f.has("segment", "income", "frequency", "tier", "probability"),
        "it has one set of figures per identifier",
    )
    case.say(1, f.has("income", "segment"), "it has segments or incomes")
    case.say(2, f.called("SEGMENT", "POSTCODE", "INCOME", "REGION"), "the file is called so")
    case.say(-4, f.names or f.birth, "")
    case.say(-2, f.has("email", "phone"), "")
    case.say(-2, f.clock, "")


_JUDGES: tuple[tuple[str, Callable[[_Facts, _Case], None]], ...] = (
    ("consent", _consent), ("survey", _survey), ("mentions", _mentions), ("transactions", _transactions),
    ("events", _events), ("people", _people), ("enrichment", _enrichment),
)  # fmt: skip


def judge_kind(dataset: Dataset) -> KindGuess:
    """The kind whose case is strongest; '' with the reason when the file is no source."""
    refused = _no_source(dataset)
    if refused:
        return KindGuess("", refused, 0.0, answer=True)
    facts = _facts(dataset)
    cases = []
    for place, (kind, judge) in enumerate(_JUDGES):
        case = _Case()
        judge(facts, case)
        if case.possible and case.score >= 2:
            cases.append((-case.score, place, kind, case))
    if not cases:
        return KindGuess("", _why_none(facts), 0.0)
    score, _, kind, case = min(cases)[:4]
    return KindGuess(kind, case.told, -score)


def _no_source(dataset: Dataset) -> str:
    """Why a file that only answers questions about the others is no customer data; '' when it may be."""
    plain = [
        c
        for c in dataset.columns
        if c.meaning
        not in ("truth", "row_id", "id", "source_name", "household_id", "result", "row_key", "probability", "")
    ]
    truth = dataset.find("truth")
    named = bool(dataset.words & _TRUTH_FILES)
    if (named or truth) and not [c for c in plain if c.meaning not in ID_MEANINGS]:
        return "it only says which records belong together: an answer, not customer data"
    ids = [c for c in dataset.columns if c.meaning in PERSON_IDS]
    others = [c for c in dataset.columns if c not in ids]
    only_ids = all(c.meaning in ("id", "row_id", "uuid", "row_key", "") and c.values.variety > 0.9 for c in others)
    if len(dataset.columns) <= 3 and others and only_ids and not any(c.values.letters > 0.8 for c in others):
        return "it only maps identifiers to other numbers"
    if len(dataset.columns) == 1 and not ids:
        return "it has a single column that names no person"
    return ""


def _why_none(f: _Facts) -> str:
    if not f.ids and not f.names:
        return "no column names a person (no name, e-mail, phone or identifier)"
    if not f.time:
        return "its rows have no time, and it holds too little about persons to be a people source"
    return "too little in it says what its rows are about"

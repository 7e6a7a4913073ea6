"""Open once, ask many: who is this, from the published run, whichever that is at the moment."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from math import log2
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any

import numpy as np

from cxid.config.model import Config
from cxid.errors import CxidError, ErrorCode, UsageError
from cxid.identify.holding import Held, Holder, read_model
from cxid.identify.index import Index, Named
from cxid.identify.keys import CUSTOMER, RECORD, key_of
from cxid.identify.making import HUB, NOBODY, index_folder, is_made, make_index
from cxid.identify.model import Answer, Candidate, Status
from cxid.identify.question import Identifier as Asked
from cxid.identify.question import Question, Reader
from cxid.identify.searching import Searcher
from cxid.runs import disk
from cxid.runs.folder import RunFolder
from cxid.runs.home import Home
from cxid.runs.observer import Observer
from cxid.stages.stitch.kinds import Rank, rank_of

SURE = 0.9  # the least confidence of an answer that names one customer
_KNOWN = 0.5  # share of those asked about who are in the data
_POSSIBLE = 0.02  # the least confidence of a customer that is named as a possibility
_MOST_NAMED = 20  # customers that one identifier is held to mean
_REASONS = 12
_HIGHEST = 0.999999
_SETTLED = 13.0  # bits against nobody: nobody else is looked for
_MILLION = 1_000_000
_FAITH = {
    Rank.ACCOUNT: 0.995, Rank.REACH: 0.99, Rank.OWNED: 0.98, Rank.DEVICE: 0.95, Rank.SESSION: 0.95, Rank.NETWORK: 0.5,
}  # fmt: skip
"""How often whoever shows an identifier is the one whom it belongs to, by its rank; others borrow, inherit, mistype."""


@dataclass
class _Case:
    """One question on its way to an answer."""

    question: Question
    named: dict[int, float] = field(default_factory=dict)  # customer -> bits that identifiers give
    reasons: dict[int, list[str]] = field(default_factory=dict)
    general: list[str] = field(default_factory=list)
    apart: set[tuple[str, int]] = field(default_factory=set)
    owners: dict[str, int] = field(default_factory=dict)  # name of an identifier -> the customer that it names first

    def say(self, no: int, words: str) -> None:
        self.reasons.setdefault(no, []).append(words)


class _Opened:
    """A run that answers."""

    def __init__(self, config: Config, index: Index) -> None:
        self.index = index
        model = read_model(RunFolder(index.run_dir).tables)
        self.reader = Reader(config, model.fields)
        self.holder = Holder(index, model)
        self.searcher = Searcher(index, model.fields)


def _open(config: Config, run_dir: Path) -> _Opened:
    """The run with its index; one that cannot be read is made anew."""
    try:
        return _Opened(config, Index(run_dir))
    except (ValueError, EOFError, KeyError, FileNotFoundError):
        disk.remove(index_folder(run_dir.resolve()) / "meta.json")  # without it there is none
        make_index(run_dir)
        return _Opened(config, Index(run_dir))


class Identifier:
    """Answers who somebody is, from the published run of a project.

    Made by `project.identifier()`; use it in a `with` block, from one thread. When a build publishes, it goes on
    answering from the run before until the index of the new one is made beside (seconds), then from the new one; each
    answer names its run. It writes nothing into what is published.
    """

    def __init__(self, config: Config, *, sure: float = SURE, columns: Sequence[str] | None = None) -> None:
        """Raises UsageError when nothing is published, or for a column that neither profile nor golden record has."""
        self._config, self._home, self._sure = config, Home(config.root.resolve()), sure
        self._wanted = tuple(columns) if columns is not None else None
        with disk.translated(self._home.root):
            self._home.check_version()
            current = self._home.published_dir()
            if current is None:
                raise UsageError(
                    f"{self._home.root}: no build yet", hint="run `cxid build` first", code=ErrorCode.NO_BUILD
                )
            make_index(current)
            self._opened = _open(config, current)
        self._pointer = str(self._home.pointer)
        self._maker: Thread | None = None
        self._spoilt = ""  # a run that has no index and gets none
        self._check_columns()

    def __enter__(self) -> Identifier:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Wait for an index that is being made."""
        if self._maker is not None:
            self._maker.join()

    @property
    def run_id(self) -> str:
        """The run that the next answer comes from, unless another is published before."""
        return self._opened.index.run_id

    @property
    def _suffix(self) -> str:
        return f"/{self._opened.index.run_id}"

    @property
    def names(self) -> tuple[str, ...]:
        """What can be asked for: fields, identifier types, customer_id and record."""
        return self._opened.reader.names

    @property
    def people(self) -> int:
        """Customers of the run that have a record, so that they can be found by attributes."""
        return self._opened.index.people

    # -- asking -------------------------------------------------------------------------------------------

    def ask(self, request: Mapping[str, Any]) -> Answer:
        """Who has these identifiers and attributes: name -> text, whole number, or a list of them.

        Raises UsageError for a name that is not known and a value that is none.
        """
        self._refresh()
        opened = self._opened
        question = opened.reader.read(request)
        if question.is_empty and not question.silent:
            raise UsageError("nothing was asked", hint=f"ask for one of: {', '.join(self.names)}")
        answer = _Asking(opened, self._sure).answer(question)
        return self._told(opened.index, replace(answer, request_id=question.request_id))

    def _told(self, index: Index, answer: Answer) -> Answer:
        """The answer with what is told of its customer."""
        if answer.status is not Status.IDENTIFIED or answer.customer_id is None:
            return answer
        no = index.number(answer.customer_id)
        assert no is not None
        return replace(
            answer,
            profile=self._profile(index, no),
            triggers=tuple(index.told("trigger_hit", no, index.columns("trigger_hit"))),
            consent=tuple(index.told("consent", no, index.columns("consent"))),
        )

    def _profile(self, index: Index, no: int) -> dict[str, Any]:
        if self._wanted is None:
            return next(iter(index.told("profile", no)), {})
        found: dict[str, Any] = dict.fromkeys(self._wanted)
        for table in ("golden_customer", "profile"):
            wanted = tuple(c for c in self._wanted if c in index.columns(table))
            for row in index.told(table, no, wanted) if wanted else ():
                found |= row
        return found

    def _check_columns(self) -> None:
        index = self._opened.index
        known = (*index.columns("profile"), *index.columns("golden_customer"))
        if wrong := [c for c in self._wanted or () if c not in known]:
            raise UsageError(
                f"--columns: no column {', '.join(wrong)}",
                hint=f"profile and golden_customer have: {', '.join(dict.fromkeys(known))}",
                code=ErrorCode.COLUMN_UNKNOWN,
            )

    # -- keeping up ---------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        """Go over to the run that is published now, as soon as it has an index."""
        with suppress(OSError):
            if os.readlink(self._pointer).endswith(self._suffix):  # noqa: PTH115  # a Path takes ten times as long
                return
        if self._maker is not None and self._maker.is_alive():
            return
        current = self._home.published_dir()
        if current is None or current.name in (self.run_id, self._spoilt):
            return
        try:
            if is_made(current):
                self._maker = None
                self._opened = _open(self._config, current)
            else:
                self._maker = Thread(target=self._make, args=(current.name,), daemon=True)
                self._maker.start()
        except (OSError, CxidError):  # removed again at this moment, or another version's
            self._spoilt = current.name

    def _make(self, run_id: str) -> None:
        try:
            make_index(self._home.run_dir(run_id))
        except (OSError, CxidError):  # the run before goes on answering
            self._spoilt = run_id


def open_identifier(config: Config, *, sure: float = SURE, columns: Sequence[str] | None = None) -> Identifier:
    """Answers who somebody is, from the published run: open once, `ask` many times, close by a `with` block.

    `sure` is the confidence, from 0 to 1, that names one customer; `columns` are those of profile and golden record to
    give, all of profile that have a value when left out. Makes the run's index at the first time. Raises UsageError
    when nothing is published.
    """
    return Identifier(config, sure=sure, columns=columns)


def prepare(config: Config, observer: Observer | None = None) -> None:
    """Make the index of the published run unless it is there; `observer` hears how much of it is made.

    Raises UsageError for a run of a version that did not keep what an index is made of.
    """
    home = Home(config.root.resolve())
    with disk.translated(home.root):
        home.check_version()
        if (current := home.published_dir()) is not None:
            make_index(current, observer)


def is_ready(config: Config) -> bool:
    """Whether the published run can be asked at once; if not, its index is made first."""
    current = Home(config.root.resolve()).published_dir()
    return current is None or is_made(current)


class _Asking:
    """One question asked of an opened run."""

    def __init__(self, opened: _Opened, sure: float) -> None:
        self._index, self._holder, self._searcher = opened.index, opened.holder, opened.searcher
        self._sure = sure

    def answer(self, question: Question) -> Answer:
        case = _Case(question)
        for customer_id in question.customers:
            self._by_id(case, customer_id)
        for source, key in question.records:
            self._by_record(case, source, key)
        for asked in question.identifiers:
            self._by_identifier(case, asked)
        for name in question.silent:
            case.general.append(f"{name}: its value says nothing")
        held = self._holder.hold(question.row, list(case.named), frozenset(case.apart))
        if question.row and not self._is_settled(case, held):
            found = [no for no in self._searcher.find(question.row) if no not in case.named]
            held += self._holder.hold(question.row, found)
        return self._decide(case, held)

    def _is_settled(self, case: _Case, held: Sequence[Held]) -> bool:
        """Whether nobody else need be looked for.

        An identifier names a customer whom the attributes confirm, or the identifiers that name somebody are all that
        was asked.
        """
        if self._holder.spoken_for(case.question.row, {id_type for id_type, _ in case.apart}):
            return True
        return any(h.bits > 0 and self._base + case.named[h.no] + h.bits >= _SETTLED for h in held)

    # -- what names a customer ------------------------------------------------------------------------------

    def _by_id(self, case: _Case, customer_id: str) -> None:
        no = self._index.number(customer_id)
        if no is not None:
            self._name(case, "customer_id", [Named(no, _MILLION, 0)], 1.0)
            case.say(no, "customer_id is in use")
            return
        former = self._index.named(key_of(CUSTOMER, customer_id))
        if not former:
            case.general.append("customer_id was never published")
        elif former[0].no == NOBODY:
            case.general.append("customer_id is retired: nothing of it is left in the data")
        else:
            self._name(case, "customer_id", former[:1], 1.0)
            case.say(former[0].no, f"customer_id of the past is now {self._index.customer_id(former[0].no)}")

    def _by_record(self, case: _Case, source: str, key: str) -> None:
        found = self._index.named(key_of(RECORD, source, key))
        if not found:
            case.general.append(f"record: {source} has no such key")
            return
        self._name(case, "record", found[:1], 1.0)
        case.say(found[0].no, f"record of {source} belongs to this customer")

    def _by_identifier(self, case: _Case, asked: Asked) -> None:
        found: list[Named] = []
        for key in asked.keys:  # a hash tells nothing that the value has not told
            if found := self._index.named(key):
                break
        if not found:
            case.general.append(f"{asked.name}: not known")
            return
        if found[0].no == HUB:
            case.general.append(f"{asked.name}: names nobody, {found[0].seen} people carry it")
            return
        self._name(case, asked.name, found[:_MOST_NAMED], _FAITH[rank_of(asked.id_type)])
        others = len(found) - 1
        for number, each in enumerate(found[:_MOST_NAMED]):
            case.apart.add((asked.id_type, each.no))
            if not others:
                case.say(each.no, f"{asked.name}: names this customer alone")
            else:
                place = "this customer most" if number == 0 else "this customer too"
                shared = f"{others} other{'s' if others > 1 else ''} carry it" if others > 1 else "another carries it"
                case.say(each.no, f"{asked.name}: names {place} ({each.sure / _MILLION:.0%}), {shared}")

    def _name(self, case: _Case, name: str, found: Sequence[Named], faith: float) -> None:
        """Evidence of one identifier: shares of faith for whom it names, the rest for everybody else."""
        faith = min(faith, _HIGHEST)
        base = self._base
        for each in found:
            share = max(each.sure / _MILLION, 1e-6) * faith
            already = case.named.get(each.no, 0.0)
            case.named[each.no] = already + log2(share) - base - log2(1 - faith)
        case.owners.setdefault(name, found[0].no)

    @property
    def _base(self) -> float:
        """log2 of the probability that somebody is one certain customer, before anything is known, against nobody."""
        return log2(_KNOWN / max(self._index.people, 1)) - log2(1 - _KNOWN)

    # -- the answer -----------------------------------------------------------------------------------------

    def _decide(self, case: _Case, held: Sequence[Held]) -> Answer:
        """Each candidate's odds against the others and against nobody."""
        if not held:
            return self._made(case, Status.UNKNOWN)
        bits = np.array([self._base + case.named.get(h.no, 0.0) + h.bits for h in held])
        total = float(np.logaddexp2(np.logaddexp2.reduce(bits), 0.0))
        confidence = np.minimum(np.exp2(bits - total), _HIGHEST)
        order = sorted(range(len(held)), key=lambda i: (-confidence[i], held[i].no))
        likely = [(held[i], round(float(confidence[i]), 6)) for i in order if confidence[i] >= _POSSIBLE]
        if not likely:
            return self._made(case, Status.UNKNOWN, round(1 - float(np.exp2(np.logaddexp2.reduce(bits) - total)), 6))
        candidates = tuple(
            Candidate(self._index.customer_id(h.no), sure, tuple(self._reasons(case, h)[:_REASONS]))
            for h, sure in likely
        )
        if candidates[0].confidence >= self._sure:
            return self._made(case, Status.IDENTIFIED, candidates[0].confidence, candidates[:1])
        return self._made(case, Status.AMBIGUOUS, candidates[0].confidence, candidates)

    def _reasons(self, case: _Case, held: Held) -> list[str]:
        said = [*case.reasons.get(held.no, ()), *self._holder.words(held)]
        for name, no in case.owners.items():
            if no != held.no and not any(s.startswith(f"{name}:") for s in case.reasons.get(held.no, ())):
                said.append(f"conflict: {name} names another customer, {self._index.customer_id(no)}")
        return said

    def _made(
        self, case: _Case, status: Status, confidence: float = 1.0, candidates: tuple[Candidate, ...] = ()
    ) -> Answer:
        named = candidates[0] if status is Status.IDENTIFIED else None
        general = list(case.general)
        if status is Status.UNKNOWN and not general:
            general.append("nobody in the data is like this")
        return Answer(
            status=status,
            run_id=self._index.run_id,
            customer_id=named.customer_id if named else None,
            confidence=confidence,
            reasons=(*(named.reasons if named else ()), *general),
            candidates=candidates if status is Status.AMBIGUOUS else (),
        )

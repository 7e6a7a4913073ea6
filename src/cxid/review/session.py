"""A sitting: questions one by one, each answer written at once, the last one taken back on request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import combinations, pairwise, product

from cxid.config.deciding import add_decisions, remove_decisions
from cxid.config.decisions import Action, Decision, decisions_file, read_decisions
from cxid.config.decisions import Record as Key
from cxid.config.model import Config
from cxid.review.audit import Passed
from cxid.review.decided import Decided, decided_records, tell
from cxid.review.questions import Cause, Question


class Answer(StrEnum):
    """What a person says of two records."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Signature:
    """Who answers, when, and what stands as reason."""

    who: str
    when: str
    reason: str


@dataclass(frozen=True)
class Step:
    """What one key did: the question's place, the answer, the lines that were written."""

    place: int
    answer: Answer
    rows: tuple[Decision, ...]


@dataclass(frozen=True)
class Progress:
    """`matches` of `decided` questions were one person; `skipped` could not be told; `left` are still to be asked."""

    matches: int
    decided: int
    skipped: int
    left: int


@dataclass
class Known:
    """What decisions.csv says, read again when the file has changed."""

    config: Config
    owners: Mapping[Key, str]
    stamp: tuple[int, int] = (-1, -1)
    records: Decided[Key] = field(default_factory=Decided)
    customers: Decided[str] = field(default_factory=Decided)

    def refresh(self) -> None:
        stamp = self._stamp()
        if stamp == self.stamp:
            return
        rows = [d for d in read_decisions(self.config).rows if d.b is not None]
        self.stamp, self.records, self.customers = stamp, decided_records(rows), Decided()
        for row in rows:
            self._tell_customers(row)

    def add(self, rows: Sequence[Decision]) -> None:
        """What we wrote ourselves need not be read."""
        for row in rows:
            tell(self.records, row.action, *row.pair)
            self._tell_customers(row)
        self.stamp = self._stamp()

    def _tell_customers(self, row: Decision) -> None:
        a, b = (self.owners.get(key) for key in row.pair)
        if a and b and a != b:
            tell(self.customers, row.action, a, b)

    def _stamp(self) -> tuple[int, int]:
        file = decisions_file(self.config)
        told = file.stat() if file.is_file() else None
        return (told.st_mtime_ns, told.st_size) if told else (0, 0)

    def settles(self, question: Question) -> bool:
        """Whether decisions say the answer: of the records, or, where these are apart, of their customers."""
        if self.records.says(*question.ends) is not None:
            return True
        if question.cause is Cause.AUDIT:  # what was drawn needs an answer of its own
            return False
        ids = question.a.customer_id, question.b.customer_id
        return not question.is_joined and self.customers.says(*ids) is not None


class Session:
    """Questions, the one that is asked now, and what was answered."""

    def __init__(
        self, config: Config, run_id: str, questions: Sequence[Question], owners: Mapping[Key, str],
        signature: Signature,
    ) -> None:  # fmt: skip
        self._config, self._signature = config, signature
        mine = {end: r.customer_id for q in questions for end, r in zip(q.ends, (q.a, q.b), strict=True)}
        self._known = Known(config, {**owners, **mine})
        self._known.refresh()
        self._passed = Passed(config.root, run_id)
        self.questions = list(questions)
        self.steps: list[Step] = []
        self.place = self._next(0)

    @property
    def current(self) -> Question | None:
        """What is asked now, None when nothing is left."""
        return self.questions[self.place] if self.place < len(self.questions) else None

    @property
    def progress(self) -> Progress:
        said = [s.answer for s in self.steps]
        skipped = said.count(Answer.UNSURE)
        left = sum(not self._known.settles(q) for q in self.questions[self.place :])
        return Progress(said.count(Answer.SAME), len(said) - skipped, skipped, left)

    def answer(self, answer: Answer) -> None:
        """Write the answer to the question that is asked now, and go on to the next.

        Raises UsageError where decisions.csv says otherwise by now, ConfigError when it has faults; nothing has
        changed then.
        """
        question = self.current
        if question is None:
            return
        if answer is Answer.UNSURE:
            self._passed.add([question.ends])
            self._go_on(answer, (), self.place + 1)
            return
        action = Action.LINK if answer is Answer.SAME else Action.UNLINK
        self._write(answer, [Decision(0, action, *question.ends)], self.place + 1)

    def split(self, parts: Sequence[Sequence[Key]]) -> None:
        """Say of the records around the question who is who: no record of a part is one of another. Raises as `answer`.

        One part alone says that all of them are one person. The question stays where that does not answer it.
        """
        if len(parts) == 1:
            rows = [Decision(0, Action.LINK, a, b) for a, b in pairwise(parts[0])]
            self._write(Answer.SAME, rows, self.place)
            return
        apart = [(a, b) for one, other in combinations(parts, 2) for a, b in product(one, other)]
        self._write(Answer.DIFFERENT, [Decision(0, Action.UNLINK, a, b) for a, b in apart], self.place)

    def _write(self, answer: Answer, rows: Sequence[Decision], onward: int) -> None:
        self._known.refresh()  # what others wrote since the last key
        by = self._signature
        added = add_decisions(self._config, [replace(r, who=by.who, when=by.when, reason=by.reason) for r in rows])
        self._known.refresh() if added.known else self._known.add(added.rows)
        self._go_on(answer, added.rows, onward)

    def _go_on(self, answer: Answer, rows: tuple[Decision, ...], onward: int) -> None:
        self.steps.append(Step(self.place, answer, rows))
        self.place = self._next(onward)

    def undo(self) -> Step | None:
        """Take the last answer back, out of the file too, and ask again; None where there is none."""
        if not self.steps:
            return None
        step = self.steps[-1]
        if step.answer is Answer.UNSURE:
            self._passed.remove(self.questions[step.place].ends)
        elif step.rows:
            remove_decisions(self._config, step.rows)
            self._known.stamp = (-1, -1)
        self.steps.pop()
        self._known.refresh()
        self.place = step.place
        return step

    def _next(self, place: int) -> int:
        """The next question from here that nobody has answered meanwhile."""
        self._known.refresh()
        while place < len(self.questions) and self._known.settles(self.questions[place]):
            place += 1
        return place

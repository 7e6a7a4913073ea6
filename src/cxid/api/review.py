"""Pairs and groups in doubt: the questions out, the answers in."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict, Unpack

from cxid.api.deciding import Decided, Signature, decide, signed
from cxid.api.published import Published, open_published, opened, reading
from cxid.config.deciding import Added
from cxid.config.decisions import Action, Decision, decisions_file, known_names
from cxid.config.fields import record_fields
from cxid.config.model import Config
from cxid.engine.base import Engine
from cxid.errors import ErrorCode, InputError, UsageError
from cxid.notebook import Document, Listing, Table
from cxid.privacy import mask
from cxid.review.audit import Passed
from cxid.review.intake import take_in
from cxid.review.questions import Question
from cxid.review.queue import Queue, Wish, make_queue
from cxid.review.session import Answer
from cxid.review.session import Signature as Signed
from cxid.review.sheet import read_sheet, write_sheet
from cxid.review.sides import Cards, Line
from cxid.runs import disk

REASON = "review"
AUDIT = 0.2
_NEEDED = {
    "record", "record_norm", "record_name", "record_id", "record_customer", "customer", "link_pair", "refused_merge",
}  # fmt: skip


class Doubts(TypedDict, total=False):
    """What is asked: at most `limit` questions (100), the share `audit` of them drawn at random (0.2; 0 with a
    `source`), only pairs with a record of `source`, personal values `masked`.
    """

    limit: int
    audit: float | None
    source: str | None
    masked: bool


@dataclass(frozen=True)
class Asked:
    """Are these two records one person? `a` and `b` are source:key; `lines` are their values, field by field.

    `cause` says why it is asked, `probability` what the build says of it (0 to 1), None where it scored none.
    """

    a: str
    b: str
    cause: str
    probability: float | None
    is_joined: bool  # in the published run they are one customer
    lines: tuple[Line, ...]
    question: Question

    def to_dict(self) -> dict[str, Any]:
        """The question as plain values."""
        values = [{"field": line.name, "a": list(line.a), "b": list(line.b), "mark": line.mark.name.lower()}
                  for line in self.lines]  # fmt: skip
        told = {name: getattr(self, name) for name in ("a", "b", "cause", "probability", "is_joined")}
        return {**told, "values": values}


class Review(Listing[Asked]):
    """Questions about the published run, what puts most records right first.

    `doubts` is how many pairs are in doubt at all and not decided.
    """

    run_id: str = ""
    doubts: int = 0
    names: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        return f"{len(self):,} of {self.doubts:,} pairs in doubt, run {self.run_id}"

    def to_list(self) -> list[dict[str, Any]]:
        return [asked.to_dict() for asked in self]

    def tables(self) -> Iterable[Table]:
        rows = ((a.a, a.b, a.cause, a.probability, "; ".join(_sides(line) for line in a.lines)) for a in self)
        return [Table("", ("record", "record", "asked because", "probability", "values"), rows)]

    def to_csv(self, path: str | os.PathLike[str] | None = None, *, separator: str = ",") -> str:
        """The questions as a sheet to fill in, for `import_review`; written to `path`, which must be new."""
        if separator not in (",", ";", "\t"):
            raise UsageError("--separator is not known", hint="one of ',' ';' and '\\t'")
        file = None if path is None else Path(path)
        refuse_existing(file)
        out = io.StringIO(newline="")
        write_sheet(out, [(a.question, a.lines) for a in self], self.names, separator)
        if file is not None:
            with disk.translated(file):
                descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as target:
                    target.write(out.getvalue())
        return out.getvalue()


def refuse_existing(file: Path | None) -> None:
    """Raises UsageError for a sheet that is there already."""
    if file is not None and file.exists():
        raise UsageError(
            f"{file}: is there already",
            hint="answers in it would be lost: name another file",
            code=ErrorCode.FILE_EXISTS,
        )


def _sides(line: Line) -> str:
    a, b = (" | ".join(side) for side in (line.a, line.b))
    return f"{line.name}: {a}" if a == b else f"{line.name}: {a or '-'} / {b or '-'}"


@dataclass(frozen=True, repr=False)
class Imported(Document):
    """What came of a sheet: answers by what they say, and what they added to decisions.csv."""

    same: int
    different: int
    unsure: int
    unanswered: int
    added: Added
    is_written: bool

    @property
    def headline(self) -> str:
        lines = len(self.added.rows)
        return (
            f"{self.same + self.different:,} decided, {lines:,} lines {'added' if self.is_written else 'not written'}"
        )

    def to_dict(self) -> dict[str, int]:
        names = ("same", "different", "unsure", "unanswered")
        counts = {name: int(getattr(self, name)) for name in names}
        return {**counts, "lines": len(self.added.rows), "known": len(self.added.known)}

    def tables(self) -> Iterable[Table]:
        return [Table("", ("answer", "pairs"), self.to_dict().items())]


def review(config: Config, **wanted: Unpack[Doubts]) -> Review:
    """The questions that are expected to put most records right, each with the values of its two records."""
    with doubts(config, **wanted) as (published, _, queue, cards):
        cards.read(record for q in queue.questions for record in (q.a, q.b))
        found = Review(_asked(q, tuple(cards.lines(q.a, q.b))) for q in queue.questions)
        names = dict.fromkeys(line.name for asked in found for line in asked.lines)
        found.run_id, found.doubts, found.names = published.run_id, queue.doubts, tuple(sorted(names, key=cards.order))
    return found


def _asked(question: Question, lines: tuple[Line, ...]) -> Asked:
    sure = None if question.probability is None else question.probability / 1_000_000
    return Asked(question.a.ref, question.b.ref, question.cause.value, sure, question.is_joined, lines, question)


@contextmanager
def doubts(config: Config, **wanted: Unpack[Doubts]) -> Iterator[tuple[Published, Engine, Queue, Cards]]:
    """(published run, engine, questions, values of records). Raises UsageError for a run of an older version."""
    source, audit = wanted.get("source") or "", wanted.get("audit")
    if audit and source:
        raise UsageError(
            "--audit and --source do not go together: pairs of one source are no sample of all",
            hint="leave one of them out",
        )
    if source and source not in (people := known_names(config)["sources"]):
        raise UsageError(
            "no people source of this name",
            hint="people sources: " + (", ".join(people) or "none"),
            code=ErrorCode.SOURCE_UNKNOWN,
        )
    share = (0.0 if source else AUDIT) if audit is None else audit
    published = open_published(config)
    if not {*published.tables, *published.stage_tables} >= _NEEDED:
        said = f"run {published.run_id} is of an older version and did not keep what a review needs"
        raise UsageError(said, hint="run `cxid build`", code=ErrorCode.RUN_INCOMPLETE)
    hide = mask if wanted.get("masked") else None
    with reading(published) as engine:
        queue = make_queue(engine, config, published.run_id, Wish(wanted.get("limit", 100), share, source))
        yield published, engine, queue, Cards(engine, record_fields(config.sources), hide)


def answer(config: Config, asked: Asked, said: str, **signature: Unpack[Signature]) -> Decided:
    """Say of a question: same, different or unsure. What is unsure is asked last from now on."""
    if said not in list(Answer):
        raise UsageError(f'no answer "{said}"', hint=f"one of: {', '.join(Answer)}")
    signature.setdefault("reason", REASON)
    if said != Answer.UNSURE:
        action = Action.LINK if said == Answer.SAME else Action.UNLINK
        return decide(config, [Decision(0, action, *asked.question.ends)], signature)
    is_written = not signature.get("dry_run", False)
    if is_written:
        Passed(config.root, open_published(config).run_id).add([asked.question.ends])
    return Decided(Added(decisions_file(config)), is_written)


def import_review(config: Config, path: Path, **signature: Unpack[Signature]) -> Imported:
    """Take in the answers of a sheet, all or none."""
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(
            f"{path}: no such file", hint=f"cxid review export {path} writes it", code=ErrorCode.FILE_MISSING
        ) from error
    except IsADirectoryError as error:
        raise UsageError(
            f"{path}: is a folder", hint="name the file that was filled in", code=ErrorCode.PATH_INVALID
        ) from error
    return import_sheet(config, content, str(path), signature)


def import_sheet(config: Config, content: bytes, name: str, signature: Signature) -> Imported:
    """The same from the sheet's bytes; `name` is what messages call it."""
    sheet = read_sheet(content, name)
    if not sheet.entries and not sheet.problems:
        raise UsageError(
            f"{name}: nothing is answered yet",
            hint='fill in "decision" of some lines',
            code=ErrorCode.SHEET_INVALID,
        )
    is_written, by = not signature.get("dry_run", False), sign(config, signature)
    with opened(config) as (published, engine):
        taken = take_in(engine, config, published.run_id, sheet, by, write=is_written)
    return Imported(taken.same, taken.different, taken.unsure, sheet.empty, taken.added, is_written)


def sign(config: Config, signature: Signature) -> Signed:
    """Who answers, when and why, as every line is signed."""
    signature.setdefault("reason", REASON)
    blank: Sequence[Decision] = [Decision(0, Action.LINK, ("", ""))]
    told = signed(config.root, blank, signature)[0]
    return Signed(told.who, told.when, told.reason)

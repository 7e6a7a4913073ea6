"""Answers of a sheet on their way into decisions.csv: each held against the build and against what is decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cxid.config.deciding import Added, add_decisions
from cxid.config.decisions import Action, Decision, clashes, known_names, listed, read_decisions
from cxid.config.model import Config
from cxid.engine.base import Engine
from cxid.errors import ConfigError, ConfigProblem, ErrorCode
from cxid.review.audit import Passed
from cxid.review.queue import find_keys
from cxid.review.session import Answer, Signature
from cxid.review.sheet import Entry, Sheet


@dataclass(frozen=True)
class Taken:
    """What came of a sheet: how many said what, and what that added to decisions.csv."""

    same: int
    different: int
    unsure: int
    added: Added


def take_in(
    engine: Engine, config: Config, run_id: str, sheet: Sheet, signature: Signature, *, write: bool = True
) -> Taken:
    """Write the answers; without `write` only tell. All or nothing: raises ConfigError with every line at fault."""
    entries = sheet.entries
    problems = [*sheet.problems, *_unknown(engine, config, entries), *_contradicting(config, entries)]
    if problems:
        raise ConfigError(
            sheet.name,
            problems,
            hint="mend these lines and import again; nothing was written",
            code=ErrorCode.SHEET_INVALID,
        )
    rows = [
        Decision(0, _action(e), *e.pair, who=signature.who, when=signature.when, reason=e.note or signature.reason)
        for e in entries
        if e.answer is not Answer.UNSURE
    ]
    added = add_decisions(config, rows, write=write)
    unsure = [e.pair for e in entries if e.answer is Answer.UNSURE]
    if unsure and write:
        Passed(config.root, run_id).add(unsure)
    said = [e.answer for e in entries]
    return Taken(said.count(Answer.SAME), said.count(Answer.DIFFERENT), len(unsure), added)


def _action(entry: Entry) -> Action:
    return Action.LINK if entry.answer is Answer.SAME else Action.UNLINK


def _unknown(engine: Engine, config: Config, entries: Sequence[Entry]) -> Iterator[ConfigProblem]:
    """Lines about records that the published build does not have."""
    people = known_names(config)["sources"]
    records = find_keys(engine, {key for e in entries for key in e.pair})
    for entry in entries:
        for which, key in zip(("first", "second"), entry.pair, strict=True):
            if key[0] not in people:
                said = f"its {which} record is of no source of people in the config"
                yield ConfigProblem(entry.line, 1, "", said)
            elif key not in records:
                yield ConfigProblem(entry.line, 1, "", f"the build has no such record: its {which}")


def _contradicting(config: Config, entries: Sequence[Entry]) -> Iterator[ConfigProblem]:
    """Lines that decisions.csv, or other lines of the sheet, speak against."""
    there = read_decisions(config).rows
    after = max((d.line for d in there), default=0)
    new = [Decision(after + e.line, _action(e), *e.pair) for e in entries if e.answer is not Answer.UNSURE]
    for clash in clashes([*there, *new]):
        lines = (clash.decision.line, *clash.against)
        ours = sorted(line - after for line in lines if line > after)
        theirs = sorted(line for line in lines if line <= after)
        if not ours:
            continue
        against = [listed(ours[:-1])] if ours[:-1] else []
        against += [f"{listed(theirs)} of decisions.csv"] if theirs else []
        yield ConfigProblem(ours[-1], 1, "", f"contradicts {' and '.join(against)}")

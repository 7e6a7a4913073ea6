"""From a sample that people reviewed to precision and recall with intervals."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from cxid.errors import ConfigError, ConfigProblem, ErrorCode, InputError
from cxid.evaluate.intervals import Estimate, Stratum, part_of_both, ratio_of_means, stratified
from cxid.evaluate.measures import f_one
from cxid.evaluate.sample import DESIGN, GROUP_HEADER, PAIR_HEADER

_JOINED = frozenset({1, 2, 3, 4, 5})  # strata of sql/evaluate/sample_pair.sql
_NAMES = {
    1: "joined through others, not compared", 2: "joined, probability below .5", 3: "joined, .5 to .95",
    4: "joined, .95 to .999", 5: "joined, .999 or more", 6: "apart, below .1", 7: "apart, .1 to .5",
    8: "apart, .5 or more",
}  # fmt: skip
_GROUP_NAMES = {
    n + 3 * sure: f"{size} records, weakest link {'.95 or more' if sure else 'below .95'}"
    for sure in (0, 1)
    for n, size in ((1, "2"), (2, "3 to 5"), (3, "6 or more"))
}
_YES, _NO = {"yes", "y", "1", "true", "match", "same"}, {"no", "n", "0", "false", "different"}
_UNSURE = {"", "?", "unsure", "skip"}
_WHOSE = ("source_a", "key_a", "source_b", "key_b", "source", "key")  # what a row of either kind is about


@dataclass(frozen=True)
class StratumRow:
    """What was seen of one stratum: `good` of `seen` pairs that are one person, or customers that hold one person."""

    name: str
    size: int
    drawn: int
    seen: int
    good: int


@dataclass(frozen=True)
class ReviewReport:
    """Estimates from a reviewed sample, None where it cannot tell.

    Of pairs: precision of the joined ones; recall among the pairs that the build compared or joined. Of groups:
    precision of the pairs inside customers, B-cubed precision, the share of customers that hold one person only.
    """

    unit: str  # pairs or groups
    run_id: str
    drawn: int
    seen: int
    covered: float  # share of joined pairs, or of customers, that lie in strata with an answer
    precision: Estimate | None
    recall: Estimate | None
    f1: float | None
    bcubed_precision: Estimate | None
    pure: Estimate | None
    strata: tuple[StratumRow, ...]


def evaluate_review(path: Path) -> ReviewReport:
    """The estimates. Raises InputError for a file that is no sample, ConfigError with the lines of odd answers."""
    header, rows = _read(path)
    if tuple(header[: len(PAIR_HEADER)]) == PAIR_HEADER:
        return pair_report(path, rows)
    return _groups(path, rows)


_Line = tuple[int, dict[str, str]]


def _read(path: Path) -> tuple[list[str], list[_Line]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise InputError(
            f"{path}: no such file",
            hint="cxid eval --sample 200 --out sample.csv draws one",
            code=ErrorCode.FILE_MISSING,
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: not UTF-8 text", hint="save the file as CSV in UTF-8", code=ErrorCode.ENCODING
        ) from error
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = [name.strip() for name in next(reader, [])]
    known = any(tuple(header[: len(h)]) == h for h in (PAIR_HEADER, GROUP_HEADER))
    if not known or not set(DESIGN) <= set(header):
        raise InputError(
            f"{path}: not a sample that cxid wrote: its columns are missing",
            hint="keep every column; only the second one is yours to fill in",
            code=ErrorCode.COLUMN_MISSING,
        )
    begins, rows = reader.line_num + 1, []
    try:
        for cells in reader:
            if any(cells):
                rows.append((begins, dict(zip(header, (c.strip() for c in cells), strict=False))))
            begins = reader.line_num + 1
    except csv.Error as error:
        problem = ConfigProblem(begins, 1, "", "a value that does not end: a quote is open")
        raise ConfigError(
            str(path), [problem], hint="mend this line, or draw a new sample", code=ErrorCode.SHEET_INVALID
        ) from error
    if not rows:
        raise InputError(
            f"{path}: the sample is empty",
            hint="cxid eval --sample 200 --out sample.csv draws one",
            code=ErrorCode.FILE_EMPTY,
        )
    return header, rows


def _design(path: Path, rows: Sequence[_Line], names: dict[int, str], odd: Callable[[_Line], str]) -> None:
    """Raises ConfigError with every line whose design or answer cannot be read."""
    problems = []
    sizes: dict[str, str] = {}
    seen: dict[tuple[str, ...], int] = {}
    for line, row in rows:
        stratum, size = row.get("stratum", ""), row.get("stratum_size", "")
        written = stratum.isdecimal() and size.isdecimal() and int(stratum) in names and int(size) > 0
        if not written or size != sizes.setdefault(stratum, size):
            problems.append(ConfigProblem(line, 1, "", "stratum and stratum_size are not as cxid wrote them"))
        elif said := odd((line, row)):
            problems.append(ConfigProblem(line, 1, "", said))
        whose = tuple(row.get(c, "") for c in _WHOSE)
        if first := seen.get(whose):
            problems.append(ConfigProblem(line, 1, "", f"line {first} is about the same: keep one of the two"))
        seen.setdefault(whose, line)
    if len({row.get("run", "") for _, row in rows}) > 1:
        problems.append(ConfigProblem(1, 1, "", "rows of several builds: a sample speaks of one"))
    if problems:
        raise ConfigError(
            str(path), problems, hint="mend these lines, or draw a new sample", code=ErrorCode.SHEET_INVALID
        )


def _odd_pair(line: _Line) -> str:
    known = line[1].get("same", "").lower() in _YES | _NO | _UNSURE
    return "" if known else 'answer under "same" with yes, no, or nothing'


def pair_report(path: Path, rows: list[_Line]) -> ReviewReport:
    """The estimates from rows of a sample of pairs, each with its line. Raises ConfigError for odd ones."""
    _design(path, rows, _NAMES, _odd_pair)
    strata = []
    for number in sorted({int(r["stratum"]) for _, r in rows}):
        own = [r for _, r in rows if int(r["stratum"]) == number]
        answers = [r["same"].lower() for r in own]
        seen = [a for a in answers if a not in _UNSURE]
        yes = sum(a in _YES for a in seen)
        size = int(own[0]["stratum_size"])
        strata.append((number, StratumRow(_NAMES[number], size, len(own), len(seen), yes)))
    joined = [_stratum(s) for n, s in strata if n in _JOINED and s.seen]
    apart = [_stratum(s) for n, s in strata if n not in _JOINED and s.seen]
    precision = stratified(joined) if joined else None
    recall = None
    every_apart = all(s.seen for n, s in strata if n not in _JOINED)
    all_joined = sum(s.size for n, s in strata if n in _JOINED)
    if precision is not None and every_apart:
        missed = _total(apart, stratified(apart) if apart else Estimate(0.0, 0.0, 0.0))
        recall = _recall(_total(joined, precision), missed, all_joined - sum(s.size for s in joined), precision.value)
    return ReviewReport(
        "pairs", rows[0][1]["run"], len(rows), sum(s.seen for _, s in strata),
        sum(s.size for s in joined) / all_joined if all_joined else 0.0,
        precision, recall, f_one(precision.value if precision else None, recall.value if recall else None),
        None, None, tuple(s for _, s in strata),
    )  # fmt: skip


def _stratum(row: StratumRow) -> Stratum:
    return Stratum(row.size, row.seen, row.good)


def _total(strata: Sequence[Stratum], share: Estimate) -> Estimate:
    size = sum(s.size for s in strata)
    return Estimate(share.value * size, share.low * size, share.high * size)


def _recall(right: Estimate, missed: Estimate, unseen: int, share: float) -> Estimate:
    """right / (right + missed), where `unseen` joined pairs, of which nobody answered, may all be right or none."""
    none = part_of_both(right, missed)
    if not unseen:
        return none
    every = part_of_both(Estimate(right.value + unseen, right.low + unseen, right.high + unseen), missed)
    likely = right.value + share * unseen
    value = likely / (likely + missed.value) if likely + missed.value else 0.0
    return Estimate(value, min(none.low, every.low, value), max(none.high, every.high, value))


def _groups(path: Path, rows: list[_Line]) -> ReviewReport:
    _design(path, rows, _GROUP_NAMES, lambda line: "")
    by_group: dict[str, list[dict[str, str]]] = {}
    for _, row in rows:
        by_group.setdefault(row["no"], []).append(row)
    seen: dict[int, list[list[str]]] = {}
    strata = []
    for number in sorted({int(r["stratum"]) for _, r in rows}):
        own = [g for g in by_group.values() if int(g[0]["stratum"]) == number]
        answers = [[r.get("person", "").lower() for r in g] for g in own]
        seen[number] = [people for people in answers if not set(people) & _UNSURE]
        pure = sum(len(set(people)) == 1 for people in seen[number])
        size = int(own[0][0]["stratum_size"])
        strata.append((number, StratumRow(_GROUP_NAMES[number], size, len(own), len(seen[number]), pure)))
    told = [(s.size, seen[n]) for n, s in strata if s.seen]
    all_groups = sum(s.size for _, s in strata)
    some = bool(told)
    return ReviewReport(
        "groups", rows[0][1]["run"], len(by_group), sum(s.seen for _, s in strata),
        sum(size for size, _ in told) / all_groups,
        ratio_of_means([(size, [_pair_shares(p) for p in own]) for size, own in told]) if some else None,
        None, None,
        ratio_of_means([(size, [_bcubed(p) for p in own]) for size, own in told]) if some else None,
        stratified([_stratum(s) for _, s in strata if s.seen]) if some else None,
        tuple(s for _, s in strata),
    )  # fmt: skip


def _pair_shares(people: Sequence[str]) -> tuple[float, float]:
    """(right pairs, pairs) of one customer."""
    pairs = list(combinations(people, 2))
    return float(sum(a == b for a, b in pairs)), float(len(pairs))


def _bcubed(people: Sequence[str]) -> tuple[float, float]:
    """(sum over records of the share of the customer's records that are of its person, records)."""
    return sum(people.count(p) for p in people) / len(people), float(len(people))

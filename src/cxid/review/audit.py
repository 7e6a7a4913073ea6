"""The audit slice: pairs drawn at random by strata, so that precision has an interval that can be believed.

The pairs are those of `cxid eval --sample`, drawn once for a run and kept in `.cxid/review` without a value: after the
next build, which obeys the answers, nobody could draw them again. Answers are not kept here but read from
decisions.csv.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cxid.config.decisions import Record as Key
from cxid.engine.base import Engine
from cxid.errors import ErrorCode, InputError
from cxid.evaluate.reviewed import ReviewReport, pair_report
from cxid.evaluate.sample import Wish, pair_sample
from cxid.review.decided import Decided
from cxid.runs import disk
from cxid.runs.home import Home, run_number

SIZE = 200  # pairs: precision to about two points either way
SEED = 1
_PLACES = ("source_a", "key_a", "source_b", "key_b")
Pair = tuple[Key, Key]


@dataclass(frozen=True)
class Audit:
    """The sample of a run, in the order in which it is asked; `rows` are as `cxid eval --sample` writes them."""

    run_id: str
    rows: tuple[dict[str, str], ...]

    @property
    def pairs(self) -> list[Pair]:
        """The two records of each row."""
        return [_pair(row) for row in self.rows]


def _pair(row: dict[str, str]) -> Pair:
    return (row["source_a"], row["key_a"]), (row["source_b"], row["key_b"])


def review_folder(root: Path) -> Path:
    """Where what is known of reviews lies; it may not be there."""
    return Home(root.resolve()).folder / "review"


def audit_of(root: Path, run_id: str, engine: Engine) -> Audit:
    """The sample of the published run in `engine`: as it was drawn first, else drawn now and kept."""
    file = _file(root, run_id)
    if not file.is_file():
        header, rows = pair_sample(engine, Wish(SIZE, SEED, run_id, {}))
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
        with disk.translated(root):
            disk.make_folder(file.parent)
            disk.write_bytes(file, out.getvalue().encode(), fault="audit")
    return _read(file, run_id)


def _file(root: Path, run_id: str) -> Path:
    return review_folder(root) / f"{run_id}-audit.csv"


def _read(file: Path, run_id: str) -> Audit:
    return Audit(run_id, tuple(_rows(file)))


def _rows(file: Path) -> list[dict[str, str]]:
    """The rows of a file that we wrote. Raises InputError when somebody changed it into something else."""
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (csv.Error, UnicodeDecodeError):
        rows = [{}]
    if any(row.get(name) is None for row in rows for name in _PLACES):
        raise InputError(
            f"{file}: is damaged",
            hint="remove it: what it says can be drawn or answered again",
            code=ErrorCode.FILE_UNREADABLE,
        )
    return rows


def reached(audit: Audit, decided: Decided[Key], passed: Passed) -> Audit:
    """The sample with the answers, up to the first pair that nobody has looked at.

    Answers behind it do not count: doubtful pairs are answered out of turn, and would count as if they had been drawn.
    """
    rows, open_ = [], True
    for row in audit.rows:
        pair = _pair(row)
        said = decided.says(*pair)
        open_ = open_ and (said is not None or pair in passed)
        rows.append({**row, "same": "" if said is None or not open_ else "yes" if said else "no"})
    return Audit(audit.run_id, tuple(rows))


def audit_report(root: Path, decided: Decided[Key]) -> ReviewReport | None:
    """What the newest sample with an answer says, None where there is none."""
    folder = review_folder(root)
    files = folder.glob("*-audit.csv") if folder.is_dir() else ()
    for run_id in sorted((f.name.removesuffix("-audit.csv") for f in files), key=lambda r: (-run_number(r), r)):
        audit = reached(_read(_file(root, run_id), run_id), decided, Passed(root, run_id))
        if any(row["same"] for row in audit.rows):
            return pair_report(folder / f"{run_id}-audit.csv", list(enumerate(audit.rows, start=2)))
    return None


class Passed:
    """The pairs of a run that somebody looked at and could not tell, kept so that they are asked last."""

    def __init__(self, root: Path, run_id: str) -> None:
        self._root = root
        self._file = review_folder(root) / f"{run_id}-passed.csv"
        self._pairs = dict.fromkeys(_ordered(pair) for pair in self._read())

    def __contains__(self, pair: Pair) -> bool:
        return _ordered(pair) in self._pairs

    def add(self, pairs: Sequence[Pair]) -> None:
        self._pairs.update(dict.fromkeys(_ordered(pair) for pair in pairs))
        self._write()

    def remove(self, pair: Pair) -> None:
        self._pairs.pop(_ordered(pair), None)
        self._write()

    def _read(self) -> Iterator[Pair]:
        if self._file.is_file():
            yield from map(_pair, _rows(self._file))

    def _write(self) -> None:
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(_PLACES)
        writer.writerows([*a, *b] for a, b in self._pairs)
        with disk.translated(self._root):
            disk.make_folder(self._file.parent)
            disk.write_bytes(self._file, out.getvalue().encode(), fault="passed")


def _ordered(pair: Pair) -> Pair:
    return min(pair), max(pair)

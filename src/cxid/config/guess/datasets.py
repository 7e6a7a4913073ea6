"""Files put together: parts of one extract become one source; every other file is its own."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from cxid.config.guess.columns import ColumnGuess, guess_column
from cxid.config.guess.dialect import PLAIN
from cxid.config.guess.found import LeftOut
from cxid.config.guess.headerless import name_columns
from cxid.config.guess.sample import FileSample, Unusable, format_of, numbered, sample_file
from cxid.config.guess.shapes import NULLS, measure
from cxid.config.guess.words import listed, read_header, snake
from cxid.runs.observer import Observer

_SAMPLED_FILES = 24  # of the parts of one extract, spread over them
# Names of files that say little without their folder's.
_PLAIN_STEMS = listed(
    "log logs event events click clicks activity activities data export dump records list table users people file"
    " history receipts transactions orders tickets profiles members scans extract belege report responses sales"
    " sessions answers results messages contacts calls umsaetze buchungen bestellungen umfrage ventes vendas ventas"
)
_PLAIN_FOLDERS = listed("data raw input inputs in files csv export exports extracts daten donnees dados datos dati tmp")
_NAMES = frozenset(("GIVEN", "FAMILY", "NAME", "FULLNAME", "MIDDLE", "LAST"))
_SHEETS = frozenset((".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".numbers"))
_DIGITS = re.compile(r"\d+")
_SKIPPED = re.compile(r"(readme|license|licence|changelog)\b", re.I)


@dataclass(frozen=True)
class Dataset:
    """One extract: its files, some of its rows, and what its columns mean."""

    name: str
    paths: tuple[str, ...]  # for the config: files or globs, relative to the root
    files: tuple[FileSample, ...]
    columns: tuple[ColumnGuess, ...]
    nulls: tuple[str, ...]  # texts that mean missing

    @property
    def first(self) -> FileSample:
        return self.files[0]

    @property
    def row_count(self) -> int:
        return sum(f.row_count for f in self.files)

    @cached_property
    def rows(self) -> tuple[tuple[str | None, ...], ...]:
        return tuple(row for f in self.files for row in f.rows)

    @cached_property
    def words(self) -> frozenset[str]:
        """What the words of the file's name (and, for parts, of its folder) mean."""
        stem = stem_of(self.first.path)
        atoms = set(read_header(stem).atoms)
        if not atoms or len(self.files) > 1:
            atoms |= set(read_header(self.first.path.parent.name).atoms)
        return frozenset(atoms)

    def cells(self, column: str) -> list[str | None]:
        """The sample's values of a column, missing ones as None."""
        place = self.first.columns.index(column)
        return [_value(row[place], self.nulls) for row in self.rows]

    def find(self, *meanings: str, strangers: bool = False) -> list[ColumnGuess]:
        """The columns of these meanings, in file order."""
        return [c for c in self.columns if c.meaning in meanings and (strangers or not c.reading.stranger)]


def _value(cell: str | None, nulls: Sequence[str]) -> str | None:
    return None if cell is None or not cell.strip() or cell.strip() in nulls else cell.strip()


def stem_of(path: Path) -> str:
    """The file's name without its endings."""
    return re.sub(r"\.(csv|tsv|txt|tab|psv|jsonl|ndjson|parquet|pq|gz|zst)(?=\.|$)", "", path.name, flags=re.I)


# ---- which files -------------------------------------------------------------------------------------------------


def list_files(paths: Iterable[Path]) -> tuple[list[Path], list[LeftOut]]:
    """Every data file that the paths, folders and globs name, sorted; and those that are none."""
    found: dict[Path, None] = {}
    left: list[LeftOut] = []
    for path in paths:
        if path.is_file():
            named = [path]
        elif path.is_dir():
            named = [p for p in sorted(path.rglob("*")) if p.is_file() and not _hidden(p.relative_to(path))]
        else:
            named = [Path(p) for p in sorted(_named(path)) if Path(p).is_file()]
            if not named:
                left.append(LeftOut(path.as_posix(), "", "no such file"))
        for file in named:
            if not format_of(file):
                left.append(LeftOut(file.as_posix(), "", _unread(file)))
            elif _SKIPPED.match(file.name):
                left.append(LeftOut(file.as_posix(), "", "its name says that it describes, and holds no data"))
            else:
                found.setdefault(file)
    return sorted(found), left


def _unread(file: Path) -> str:
    """Why a file of that ending is left out, and what to make of it where something can be made."""
    if file.suffix.lower() in _SHEETS:
        return "a spreadsheet: save each of its sheets as CSV"
    return "not a kind of file that cxid reads"


def _named(pattern: Path) -> list[str]:
    """What a glob names; the config's own globs are read by the same function."""
    return glob.glob(str(pattern), recursive=True)  # noqa: PTH207 (patterns may be absolute)


def _hidden(path: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.parts) or "output" in path.parts[:-1]


# ---- grouping ----------------------------------------------------------------------------------------------------


def _telling(samples: Sequence[FileSample]) -> frozenset[Path]:
    """Folders whose names say what their files are about: several hold files, and the name is not data or the like."""
    folders = {s.path.parent for s in samples}
    return frozenset(f for f in folders if len(folders) > 1 and snake(f.name) not in _PLAIN_FOLDERS)


def read_datasets(files: Sequence[Path], root: Path, observer: Observer) -> tuple[list[Dataset], list[LeftOut]]:
    """The extracts that the files make up, in file order, and the files that cannot be used."""
    observer.step_started("", "reading files")
    left: list[LeftOut] = []
    samples: list[FileSample] = []
    for done, path in enumerate(files):
        observer.stage_progress("", done, len(files), "files")
        try:
            samples.append(sample_file(path))
        except Unusable as reason:
            left.append(LeftOut(_shown(path, root), "", str(reason)))
    groups: dict[object, list[FileSample]] = {}
    for sample in _with_siblings_fields(_headed_by_siblings(samples)):
        groups.setdefault(_group_key(sample), []).append(sample)
    names: set[str] = set()
    telling = _telling(samples)
    found = []
    observer.step_started("", "looking at columns")
    for done, group in enumerate(groups.values()):
        observer.stage_progress("", done, len(groups), "extracts")
        for part in _parts(group):
            name = _name(part, names, telling)
            names.add(name)
            found.append(_dataset(name, part, root))
    return sorted(found, key=lambda d: (str(d.first.path), d.name)), left


def _group_key(sample: FileSample) -> object:
    """Files with one key are parts of one extract: same folder, header, signs, and name but for numbers."""
    stem = stem_of(sample.path)
    pattern = _DIGITS.sub("#", stem)
    if re.fullmatch(r"[0-9a-f]{8}-[0-9a-f-]{27}.*", stem) or re.match(r"part-#", pattern):
        pattern = "part"
    dialect = sample.dialect and (sample.dialect.delimiter, sample.dialect.quote, sample.dialect.escape)
    ending = "".join(sample.path.suffixes[-2:])
    return sample.path.parent, pattern, ending, sample.columns, sample.has_header, dialect


def _headed_by_siblings(samples: Sequence[FileSample]) -> list[FileSample]:
    """Files without a header under the one of the first part, where a file was cut into parts."""
    headers: dict[object, tuple[str, ...]] = {}
    for sample in samples:
        if sample.has_header:
            headers.setdefault(_group_key(replace(sample, columns=numbered(len(sample.columns)))), sample.columns)
    unheaded = (not s.has_header and headers.get(_group_key(replace(s, has_header=True))) for s in samples)
    return [replace(s, columns=names) if names else s for s, names in zip(samples, unheaded, strict=True)]


def _with_siblings_fields(samples: Sequence[FileSample]) -> list[FileSample]:
    """JSON lines of one extract under the fields that any of its files has, where most fields are in every file.

    A row names its own fields in any order, and a rare one may be in no row of a quiet day.
    """
    seen: dict[object, list[tuple[str, ...]]] = {}
    for sample in samples:
        if sample.format == "jsonl":
            seen.setdefault(_group_key(replace(sample, columns=())), []).append(sample.columns)
    return [_relaid(s, seen[_group_key(replace(s, columns=()))]) if s.format == "jsonl" else s for s in samples]


def _relaid(sample: FileSample, headers: Sequence[tuple[str, ...]]) -> FileSample:
    every = tuple(dict.fromkeys(c for header in headers for c in header))
    if 2 * len(set.intersection(*map(set, headers))) < len(every):
        return sample
    place = {c: i for i, c in enumerate(sample.columns)}
    rows = tuple(tuple(row[place[c]] if c in place else None for c in every) for row in sample.rows)
    return replace(sample, columns=every, rows=rows)


def _parts(group: list[FileSample]) -> list[list[FileSample]]:
    """The group, or its files apart: where encodings differ, or where years name two or three copies of a register."""
    encodings = {s.encoding for s in group if s.encoding_why != PLAIN}
    years = [_years(stem_of(s.path)) for s in group]
    copies = len(group) <= 5 and all(len(y) >= 1 for y in years) and not _has_months(group)
    if len(group) > 1 and (len(encodings) > 1 or (copies and _people_like(group[0].columns))):
        return [[s] for s in group]
    return [group]


def _years(stem: str) -> list[str]:
    return [d for d in _DIGITS.findall(stem) if re.fullmatch(r"(19|20)\d\d", d)]


def _has_months(group: Sequence[FileSample]) -> bool:
    return any(re.search(r"(19|20)\d\d\D?(0[1-9]|1[0-2])(?!\d)", stem_of(s.path)) for s in group)


def _people_like(columns: Sequence[str]) -> bool:
    atoms = {a for c in columns for a in read_header(c).atoms}
    return bool(atoms & {"GIVEN", "FAMILY", "BIRTH", "MIDDLE"}) or {"FIRST", "LAST"} <= atoms


def _name(part: Sequence[FileSample], taken: set[str], telling: frozenset[Path]) -> str:
    """A short safe name from the file's stem: for parts without the numbers that tell them apart."""
    path = part[0].path
    stem = stem_of(path)
    if len(part) > 1:
        stem = re.sub(r"(^|[^A-Za-z]+)(part|chunk|split)?[^A-Za-z]*\d[\d\W_]*", "_", stem, flags=re.I).strip("_-. ")
        if len(stem) < 2 or stem.lower() in ("part", "data", "export", "file"):
            stem = path.parent.name
    if not any(c.isalpha() for c in stem):  # 2026-05.csv: a folder says more than a date
        stem = path.parent.name
    name = snake(stem)[:50]
    if name in ("records", "data", "export", "part", "file") and path.parent.name and name in taken:
        name = snake(path.parent.name)
    if name in _PLAIN_STEMS and path.parent in telling and name not in snake(path.parent.name).split("_"):
        name = f"{snake(path.parent.name)}_{name}"[:50]
    base, count = name, 2
    while name in taken:
        name, count = f"{base}_{count}", count + 1
    return name


def _shown(path: Path, root: Path) -> str:
    return Path(os.path.relpath(path, root)).as_posix()


def _dataset(name: str, part: Sequence[FileSample], root: Path) -> Dataset:
    step = max(1, len(part) // _SAMPLED_FILES)
    light = [s if i % step == 0 else replace(s, rows=()) for i, s in enumerate(part)]
    known = next((s for s in light if s.encoding_why != PLAIN), light[0])
    files = (replace(light[0], encoding=known.encoding, encoding_why=known.encoding_why), *light[1:])
    bare = Dataset(name, _patterns(part, root), files, (), ())
    nulls = find_nulls(bare)
    cells = [[_value(row[place], nulls) for row in bare.rows] for place in range(len(files[0].columns))]
    if not files[0].has_header and files[0].columns == numbered(len(cells)):
        return _named_dataset(replace(bare, nulls=nulls), cells)
    # A column without a name is left out: often a row number.
    columns = [guess_column(c, measure(own)) for c, own in zip(files[0].columns, cells, strict=True) if c]
    return replace(bare, columns=tuple(columns), nulls=nulls)


def _named_dataset(bare: Dataset, cells: Sequence[Sequence[str | None]]) -> Dataset:
    """A file without a header, its columns named by what they hold."""
    named = name_columns(cells)
    columns = []
    for name, own in zip(named, cells, strict=True):
        guess = guess_column(name.name, measure(own))
        columns.append(replace(guess, why=name.why, sure=min(guess.sure, name.sure)) if name.why else guess)
    names = tuple(n.name for n in named)
    return replace(bare, columns=tuple(columns), files=tuple(replace(f, columns=names) for f in bare.files))


def _patterns(part: Sequence[FileSample], root: Path) -> tuple[str, ...]:
    """One glob when it names exactly these files, else each file."""
    shown = tuple(_shown(s.path, root) for s in part)
    if len(part) == 1:
        return shown
    folder, ending = part[0].path.parent, part[0].path.name[len(stem_of(part[0].path)) :]
    stems = [stem_of(s.path) for s in part]
    low, high = min(stems), max(stems)
    same = next((i for i, c in enumerate(low) if high[i : i + 1] != c), len(low))
    prefix, own = low[:same].rstrip("0123456789"), {s.path for s in part}
    if not any(c.isalpha() for c in prefix):  # 2026-05, 2026-06: next year's files belong to it too
        prefix = ""
    for pattern in (f"{glob.escape(prefix)}*{ending}", f"*{ending}"):
        if {Path(p) for p in _named(Path(glob.escape(str(folder))) / pattern)} == own:
            return (Path(os.path.relpath(folder, root), pattern).as_posix(),)
    return shown


def find_nulls(dataset: Dataset) -> tuple[str, ...]:
    """Texts that mean missing: seen in two columns, or in one where most other values are unlike words, or often."""
    seen: dict[str, dict[str, int]] = {}
    for place, column in enumerate(dataset.first.columns):
        for row in dataset.rows:
            cell = row[place]
            if cell is not None and len(cell) < 16 and (text := cell.strip()).lower() in NULLS:
                by_column = seen.setdefault(text, {})
                by_column[column] = by_column.get(column, 0) + 1
    total = max(1, len(dataset.rows))
    found = []
    for text, columns in seen.items():
        often = any(n >= 0.005 * total and n >= 2 for n in columns.values())
        short = text.isalpha() and len(text) <= 3  # NA, nan: also codes and names
        written = any(c.isalpha() for c in text) and not text.isalpha()  # N/A, \N: nothing else is written so
        called = text.isalpha() and all(_NAMES & set(read_header(c).atoms) for c in columns)
        if called:  # Null, Na and None are names of people too: a build judges them column by column
            continue
        if (len(columns) >= 2 and text.isalnum()) or (often and not short) or written:
            found.append(text)
    return tuple(sorted(found))

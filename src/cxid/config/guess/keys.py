"""Which column names a row for ever, and which values a column holds: a whole pass over the files."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from cxid.config.guess.columns import ID_MEANINGS, ColumnGuess
from cxid.config.guess.datasets import Dataset
from cxid.config.guess.dialect import blocks, decode, parse
from cxid.config.guess.sample import FileSample, as_text, flat
from cxid.config.guess.words import listed, read_header

Hashes = np.ndarray[tuple[int], np.dtype[np.int64]]
BROKEN = 0.02  # of the rows may miss or repeat a key that the header names: the build rejects them
_COMPACT_AT = 4_000_000  # hashes held before doubles are thrown away


@dataclass(frozen=True)
class KeyGuess:
    """The columns that name a row, and how sure that is."""

    columns: tuple[str, ...]
    unique: bool
    why: str
    broken: int = 0  # rows that miss or repeat it


def read_columns(dataset: Dataset, columns: Sequence[str]) -> Iterator[list[list[str | None]]]:
    """The values of some columns of all files, in batches: one list a column, missing values None."""
    for file in dataset.files:
        if file.whole and file.rows:
            places = [file.columns.index(c) for c in columns]
            yield [[row[p] for row in file.rows] for p in places]
        elif file.format == "parquet":
            for batch in pq.ParquetFile(file.path).iter_batches(batch_size=131_072, columns=list(columns)):
                yield [[as_text(v) for v in batch.column(c).to_pylist()] for c in columns]
        elif file.format == "csv":
            yield from _csv_columns(file, columns)
        else:
            yield from _json_columns(file, columns)


def _csv_columns(file: FileSample, columns: Sequence[str]) -> Iterator[list[list[str | None]]]:
    dialect = file.dialect
    assert dialect is not None
    numbered = [str(i) for i in range(len(file.columns))]
    wanted = [numbered[file.columns.index(c)] for c in columns]
    read = 0
    try:
        with _unprinted_rows():
            reader = pa_csv.open_csv(
                file.path if file.path.suffix != ".zst" else pa.CompressedInputStream(str(file.path), "zstd"),
                read_options=pa_csv.ReadOptions(
                    encoding=file.encoding, column_names=numbered, skip_rows=file.header_lines,
                ),
                parse_options=pa_csv.ParseOptions(
                    delimiter=dialect.delimiter, quote_char=dialect.quote or False, escape_char=dialect.escape or False,
                    newlines_in_values=True, invalid_row_handler=lambda _: "skip",
                ),
                convert_options=pa_csv.ConvertOptions(
                    include_columns=wanted, column_types=dict.fromkeys(wanted, pa.string()),
                    strings_can_be_null=True, null_values=[""], check_utf8=False,
                ),
            )  # fmt: skip
        with _unprinted_rows():
            for batch in reader:
                read += batch.num_rows
                yield [batch.column(c).to_pylist() for c in wanted]
    except (pa.ArrowException, UnicodeError, LookupError):
        yield from _slow_columns(file, columns, read)


@contextmanager
def _unprinted_rows() -> Iterator[None]:
    """Nothing is printed where the reader cannot decode a row of another width to ask about it, and gives up."""
    before = sys.unraisablehook
    sys.unraisablehook = lambda told: None if told.exc_type is UnicodeDecodeError else before(told)
    try:
        yield
    finally:
        sys.unraisablehook = before


def _slow_columns(file: FileSample, columns: Sequence[str], read: int) -> Iterator[list[list[str | None]]]:
    """The same by the plain reader, for files that the fast one refuses; without the rows that it gave before."""
    assert file.dialect is not None
    places = [file.columns.index(c) for c in columns]
    text = decode(b"".join(blocks(file.path)), file.encoding)
    rows = [r for r in list(parse(text, file.dialect))[file.header_lines :] if len(r) == len(file.columns)]
    yield [[r[p] or None for r in rows[read:]] for p in places]


def _json_columns(file: FileSample, columns: Sequence[str]) -> Iterator[list[list[str | None]]]:
    rest = b""
    for block in blocks(file.path):
        lines = (rest + block).split(b"\n")
        rest = lines.pop()
        yield _json_values(lines, columns, file.encoding)
    yield _json_values([rest], columns, file.encoding)


def _json_values(lines: Sequence[bytes], columns: Sequence[str], encoding: str) -> list[list[str | None]]:
    found: list[list[str | None]] = [[] for _ in columns]
    for line in lines:
        try:
            record = json.loads(decode(line, encoding)) if line.strip() else None
        except ValueError:
            record = None
        if isinstance(record, dict):
            record = flat(record)
            for place, column in enumerate(columns):
                found[place].append(as_text(record.get(column)))
    return found


def distinct_values(dataset: Dataset, columns: Sequence[str]) -> dict[str, Hashes]:
    """Column -> sorted hashes of its distinct values over all files; hashes hold within this process only."""
    held: dict[str, list[Hashes]] = {c: [] for c in columns}
    size = dict.fromkeys(columns, 0)
    for batch in read_columns(dataset, columns):
        for column, values in zip(columns, batch, strict=True):
            texts = {v.strip() for v in set(values) if v}.difference(dataset.nulls, ("",))
            held[column].append(np.fromiter(map(hash, texts), np.int64, len(texts)))
            size[column] += len(held[column][-1])
            if size[column] > _COMPACT_AT:
                held[column] = [_distinct(held[column])]
                size[column] = 0
    return {c: _distinct(h) for c, h in held.items()}


def _distinct(parts: Sequence[Hashes]) -> Hashes:
    """The parts as one sorted array, each value once; ten times as fast here as numpy's unique."""
    whole = np.sort(np.concatenate(parts)) if parts else np.empty(0, np.int64)
    return whole[np.concatenate(([True], whole[1:] != whole[:-1]))] if len(whole) else whole


# ---- the key of a source -----------------------------------------------------------------------------------------

_RANK = {
    "row_id": 0, "id": 0, "customer_id": 1, "person_id": 1, "member_id": 1, "user_id": 2, "account_id": 2,
    "subscriber_id": 2, "national_id": 5, "tax_id": 5, "row_key": 1, "uuid": 2, "loyalty_card": 3, "contract_id": 3,
    "number": 3,
    "code": 4,
    "handle": 5, "device_id": 5, "cookie": 5, "email_hash": 5, "email": 6, "phone": 8,
}  # fmt: skip
_NAMED = 3  # ranks up to this one are numbers that somebody gave the row
_NEVER = listed(
    "postcode house_number"
    " given_name family_name full_name birth_date street city region country gender age time date amount note title"
    " middle_name updated_at created_at seen_at screen ip truth quantity unit_price score balance income"
)


def find_key(dataset: Dataset) -> KeyGuess:
    """The column or columns that name each row once; all columns, and not unique, when there are none."""
    whole = [c for c in dataset.columns if c.values.fill >= 0.9999 and not c.values.constant]
    # The texts that mean missing are dropped from the sample; a key has none of them either.
    candidates = sorted(
        (c for c in whole if c.meaning not in _NEVER), key=lambda c: (_rank(c), dataset.columns.index(c))
    )
    single = [c for c in candidates if c.values.variety >= 0.9999]
    named = [c for c in single if _rank(c) <= _NAMED]
    named += [c for c in _first_number(dataset) if c in single and c not in named]
    if found := _first_unique(dataset, named[:5]) or _nearly_unique(dataset):
        return found
    if found := _first_unique(dataset, [c for c in single if c not in named][:3]):
        return found
    parts = [c for c in whole if c.meaning not in ("note", "screen")]
    parts = sorted(parts, key=lambda c: (_rank(c), -c.values.distinct, dataset.columns.index(c)))[:7]
    for size in (2, 3):
        for columns in combinations(parts, size):
            names = [c.name for c in columns]
            if _sample_unique(dataset, names) and _is_unique(dataset, names):
                return KeyGuess(
                    tuple(names), True, f"unique together in all {_count(dataset)} rows, no single column is"
                )
    every = tuple(c.name for c in dataset.columns)
    unique = _is_unique(dataset, every)
    return KeyGuess(every, unique, "no column or pair of columns names a row: all columns together")


def _first_unique(dataset: Dataset, columns: Sequence[ColumnGuess]) -> KeyGuess | None:
    for column in columns:
        if _is_unique(dataset, [column.name]):
            why = f"{_said(column)}unique and never empty in all {_count(dataset)} rows"
            return KeyGuess((column.name,), True, why)
    return None


def _nearly_unique(dataset: Dataset) -> KeyGuess | None:
    """A column that its header calls the key and that fails it in a few broken rows only."""
    named = [c for c in dataset.columns if _RANK.get(c.meaning, 9) <= _NAMED and not c.reading.stranger]
    for column in sorted(named, key=lambda c: (_rank(c), dataset.columns.index(c))):
        if column.values.fill < 0.98 or column.values.variety < 0.98:
            continue
        parts = [
            np.fromiter((hash(v) for v in batch[0] if v), np.int64) for batch in read_columns(dataset, [column.name])
        ]
        filled, distinct = sum(map(len, parts)), len(_distinct(parts))
        rows = max(dataset.row_count, filled)
        if rows - distinct <= BROKEN * rows:
            broken = f"empty or repeated in {rows - distinct} of {rows:,} rows, which will be rejected"
            why = f"{_said(column)}{broken if rows > distinct else 'unique and never empty'}"
            return KeyGuess((column.name,), True, why, rows - distinct)
    return None


def find_event_key(dataset: Dataset) -> KeyGuess | None:
    """The column that names a row of an event-like source, None when there is none."""
    named = [c for c in dataset.columns if c.meaning in _EVENT_KEYS and c.values.fill >= 0.9999]
    single = [c for c in sorted(named, key=_rank) if c.values.variety >= 0.9999]
    return _first_unique(dataset, single) or _first_unique(dataset, _numbers_of_rows(dataset)) or _repeated(dataset)


_EVENT_KEYS = ("row_key", "row_id", "id", "uuid")


def _numbers_of_rows(dataset: Dataset) -> list[ColumnGuess]:
    """Columns that number the rows though nobody knows their headers: the first one, or one that says number or id."""
    found = []
    for place, c in enumerate(dataset.columns):
        v = c.values
        like = v.has_digit >= 0.99 and v.words <= 1.01 and not v.dates and not (v.number and not v.number.whole)
        said = place == 0 or set(read_header(c.name).atoms) & {"ID", "NUMBER", "KEY", "CODE"}
        if like and said and c.meaning in ("", "name", "full_name", "code", "number") and v.variety >= 0.9999:
            found.append(c)
    return [c for c in found if c.values.fill >= 0.9999 and not c.reading.stranger and not c.values.phone > 0.9]


def _repeated(dataset: Dataset) -> KeyGuess | None:
    """The number of an order whose few repetitions are the same row again; with its line where rows are lines."""
    numbers = [c for c in dataset.columns if c.meaning == "row_key" and c.values.fill >= 0.9999]
    lines = [c for c in dataset.columns if c.meaning == "line_no" and c.values.fill >= 0.9999]
    for number in numbers[:2]:
        for line in lines[:1]:
            if _is_unique(dataset, [number.name, line.name]):
                why = f"row key and line by their headers, unique together in all {_count(dataset)} rows"
                return KeyGuess((number.name, line.name), True, why)
        what = [c.name for c in dataset.columns if c.meaning in ("amount", "time", "date", "created_at")]
        if number.values.variety < 1 - BROKEN or not what:
            continue
        keys, rows = _distinct_count(dataset, [number.name]), _distinct_count(dataset, [number.name, *what])
        if keys[1] == rows[1] and keys[0] - keys[1] <= BROKEN * keys[0]:
            why = f"row key by its header; {keys[0] - keys[1]} of {keys[0]:,} rows are there twice and will be rejected"
            return KeyGuess((number.name,), True, why, keys[0] - keys[1])
    return None


def _distinct_count(dataset: Dataset, names: Sequence[str]) -> tuple[int, int]:
    """Rows, and how many differ in these columns."""
    held = [np.fromiter(map(hash, zip(*b, strict=True)), np.int64, len(b[0])) for b in read_columns(dataset, names)]
    return sum(map(len, held)), len(_distinct(held))


def _count(dataset: Dataset) -> str:
    return f"{dataset.row_count:,}" if dataset.row_count else str(len(dataset.rows))


def _said(column: ColumnGuess) -> str:
    return f"{column.meaning.replace('_', ' ')} by its header, " if column.meaning in _RANK else ""


def _rank(column: ColumnGuess) -> int:
    if column.reading.stranger or column.reading.meaning in ("company", "store", "agent", "product"):
        return 9
    if column.meaning in _RANK:
        return _RANK[column.meaning]
    atoms = set(read_header(column.name).atoms)
    named = atoms & {"ID", "KEY", "ROW"} or column.name.lower().endswith(("id", "_no", "nr", "key"))
    return 2 if named else 5 if column.meaning in ID_MEANINGS else 7


def _first_number(dataset: Dataset) -> list[ColumnGuess]:
    """The first column, when nobody knows its header and its values are numbers or codes: usually the row's name."""
    c = dataset.columns[0] if dataset.columns else None
    if c is None or c.meaning or c.values.has_digit < 0.99 or c.values.words > 1.01 or c.values.dates:
        return []
    return [c] if c.values.variety >= 0.9999 and not (c.values.number and not c.values.number.whole) else []


def _sample_unique(dataset: Dataset, names: Sequence[str]) -> bool:
    places = [dataset.first.columns.index(n) for n in names]
    seen = {tuple(row[p] for p in places) for row in dataset.rows}
    return len(seen) == len(dataset.rows)


def _is_unique(dataset: Dataset, names: Sequence[str]) -> bool:
    """No value is missing and none occurs twice, over all files."""
    held: list[Hashes] = []
    for batch in read_columns(dataset, names):
        rows = batch[0] if len(names) == 1 else list(zip(*batch, strict=True))
        if len(names) == 1 and (None in rows or "" in rows):
            return False
        held.append(np.fromiter(map(hash, rows), np.int64, len(rows)))
    return len(_distinct(held)) == sum(map(len, held))

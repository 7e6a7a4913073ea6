"""Records or customers that are two people, and customers that are several."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise, product
from pathlib import Path
from typing import TextIO, Unpack

from cxid.api.deciding import Decided, Ground, Named, Say, Signature, decide, deciding
from cxid.api.query import Rows
from cxid.config.decisions import Action, Decision, Record
from cxid.config.model import Config
from cxid.engine.base import quote
from cxid.errors import ConfigError, ConfigProblem, ErrorCode, UsageError
from cxid.references import list_columns

_Parts = list[tuple[Record, ...]]
_LINES = 100_000


class Splitting(Signature, total=False):
    """How one customer is split, and the signature.

    `apart` are records (source:key) that are somebody else, `keep` those that stay (all others); `parts` is a CSV file
    with source, record_key and part; `each` takes every record for somebody else. `together` links the records of
    each part, too.
    """

    apart: Sequence[str]
    keep: Sequence[str]
    parts: Path | str | TextIO | None
    each: bool
    together: bool


def unlink(config: Config, *references: str, say: Say | None = None, **how: Unpack[Splitting]) -> Decided:
    """Decide that records are different people: those of two or more references, or the parts of one customer."""
    ways = {"apart or keep": how.get("apart") or how.get("keep"), "parts": how.get("parts"), "each": how.get("each")}
    asked = [name for name, given in ways.items() if given]
    if len(asked) > 1 or (len(references) > 1 and asked):
        what = " and ".join(asked) if len(asked) > 1 else f"two references and {asked[0]}"
        raise UsageError(f"{what} do not go together", hint="ask one thing at a time")
    with deciding(config, say) as ground:
        if len(references) > 1:
            split = _apart([ground.named(reference) for reference in references])
        else:
            split = _split(ground, customer_of(ground, references[0]), how)
        return decide(config, list(_rows(split, how.get("together", False))), how)


def _rows(split: _Parts, together: bool) -> Iterator[Decision]:
    count = sum(len(a) * len(b) for a, b in combinations(split, 2))
    if count > _LINES:
        raise UsageError(
            f"that takes {count:,} lines, more than {_LINES:,}",
            hint="look for values that these records share by chance, and put them under match.ignore_values",
        )
    for a, b in combinations(split, 2):
        for one, other in product(a, b):
            yield Decision(0, Action.UNLINK, one, other)
    for records in split if together else ():
        for one, other in pairwise(records):
            yield Decision(0, Action.LINK, one, other)


def _apart(named: Sequence[Named]) -> _Parts:
    """The records of each reference; a record that is named itself is none of its customer's."""
    single = {n.records[0] for n in named if n.is_record}
    split = [n.records if n.is_record else tuple(r for r in n.records if r not in single) for n in named]
    seen: set[Record] = set()
    for n, records in zip(named, split, strict=True):
        if not records:
            raise UsageError(f"{n.name} has no other record than the one named", hint="`cxid show` lists its records")
        if seen & set(records):
            hint = f"to split a customer: cxid unlink {n.name} --apart SOURCE:KEY, or --list to see its records"
            raise UsageError(f"{n.name} is named twice", hint=hint)
        seen |= set(records)
    return split


# -- one customer, several people -------------------------------------------------------------------------


def customer_of(ground: Ground, reference: str) -> Named:
    named = ground.named(reference)
    if not named.customer_id:
        raise UsageError(
            "no build yet, so that there is no customer to split",
            hint="name two records: source:key",
            code=ErrorCode.NO_BUILD,
        )
    return Named(named.customer_id, named.customer_id, ground.records_of(named.customer_id), is_record=False)


def _split(ground: Ground, customer: Named, how: Splitting) -> _Parts:
    apart, keep, file = how.get("apart") or (), how.get("keep") or (), how.get("parts")
    if how.get("each"):
        split: _Parts = [(record,) for record in customer.records]
    elif file is not None:
        split = _read_parts(file, customer)
    elif apart or keep:
        gone = [_member(ground, customer, text) for text in dict.fromkeys(apart)]
        stays = [_member(ground, customer, text) for text in dict.fromkeys(keep)]
        if both := set(gone) & set(stays):
            raise UsageError(f"{len(both)} records are both kept and set apart", hint="name each once")
        rest = [r for r in customer.records if r not in {*gone, *stays}]
        split = [tuple(stays or rest), tuple(gone or rest)]
    else:
        raise UsageError(
            f"which of the {len(customer.records)} records of {customer.customer_id} are somebody else?",
            hint=f"cxid unlink {customer.name} --apart SOURCE:KEY [--apart ...]; --list shows them",
        )
    split = [records for records in split if records]
    if len(split) < 2:
        raise UsageError(
            f"that is one part of {customer.customer_id}: nobody is set apart",
            hint="a split needs records on both sides; --list shows them",
        )
    return split


def _member(ground: Ground, customer: Named, text: str) -> Record:
    found = ground.named(text)
    if not found.is_record:
        raise UsageError("--apart and --keep name records", hint="write source:key; --list shows them")
    if found.records[0] not in customer.records:
        raise UsageError(
            f"{text} is no record of {customer.customer_id}",
            hint=f"cxid unlink {customer.name} --list",
            code=ErrorCode.CUSTOMER_UNKNOWN,
        )
    return found.records[0]


def _read_parts(source: Path | str | TextIO, customer: Named) -> _Parts:
    """The records by part, those without a part left out. Raises ConfigError with every line at fault."""
    file = str(source) if isinstance(source, Path | str) else "parts"
    try:
        text = Path(source).read_text(encoding="utf-8-sig") if isinstance(source, Path | str) else source.read()
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{file}: not UTF-8 text", hint="save the file as CSV in UTF-8", code=ErrorCode.SHEET_INVALID
        ) from error
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header = [name.strip().lower() for name in next(reader, [])]
    missing = [n for n in ("source", "record_key", "part") if n not in header]
    if missing:
        hint = f"cxid unlink {customer.name} --list --format csv > parts.csv writes such a file"
        raise UsageError(f"{file}: the header lacks {' and '.join(missing)}", hint=hint, code=ErrorCode.SHEET_INVALID)
    parts: dict[str, list[Record]] = {}
    problems, seen = [], dict[Record, int]()
    for cells in _rows_of(reader, file):
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        if not row.get("part"):
            continue
        record = _known(customer, row.get("source", ""), row.get("record_key", ""))
        if record is None:
            problems.append(ConfigProblem(reader.line_num, 1, "", f"no record of {customer.customer_id}"))
        elif record in seen:
            problems.append(ConfigProblem(reader.line_num, 1, "", f"the record of line {seen[record]} again"))
        else:
            seen[record] = reader.line_num
            parts.setdefault(row["part"], []).append(record)
    if problems:
        raise ConfigError(
            file,
            problems,
            hint=f"cxid unlink {customer.name} --list shows the records",
            code=ErrorCode.SHEET_INVALID,
        )
    return [tuple(records) for records in parts.values()]


def _rows_of(reader: Iterator[list[str]], file: str) -> Iterator[list[str]]:
    """The rows of a CSV file. Raises UsageError when a quote in it is never closed."""
    try:
        yield from reader
    except csv.Error as error:
        raise UsageError(
            f"{file}: a value that does not end: a quote is open",
            hint="close it, then again",
            code=ErrorCode.SHEET_INVALID,
        ) from error


def _known(customer: Named, source: str, key: str) -> Record | None:
    """The record, also where the guard against formulas put an apostrophe before its key."""
    for text in (key, key[1:] if key.startswith("'") else key):
        if (source, text) in customer.records:
            return source, text
    return None


def list_records(config: Config, reference: str, *, say: Say | None = None) -> Rows:
    """The records of a customer with their own values, and an empty column for their part: a form for `parts`."""
    with deciding(config, say) as ground:
        customer, engine = customer_of(ground, reference), ground.engine
        fixed = ("source", "record_key")
        own = [n for n in engine.columns("record") if n not in ("record_no", "updated_at", "row_digest", *fixed)]
        shown = "".join(f", r.{quote(n)}" for n in list_columns(own)[1:-1] if n in own)
        found = engine.fetch(
            f"SELECT r.source, r.record_key, '' AS part{shown} FROM identity_map AS i JOIN record AS r "
            "ON r.source = i.source AND r.record_key = i.record_key WHERE i.customer_id = ? AND i.source <> '' "
            "ORDER BY r.source, r.record_key",
            [customer.customer_id],
        )
        return Rows(found)

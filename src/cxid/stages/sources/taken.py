"""Files that the run before read too: their rows are taken over from it, by file, and nothing of them is parsed again.

A file is the same when its bytes are and the config says the same of its source. A row of it stands for itself, but
for keys: which row of a key stays, and which is refused, may hang on another file of the source.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from cxid.config.basis import reading_basis
from cxid.config.model import ConsentSource, EnrichmentSource, PeopleSource, TransactionSource
from cxid.engine.base import Engine, quote
from cxid.model import Field
from cxid.stages.context import StageContext
from cxid.stages.sources.expressions import Expressions
from cxid.stages.sources.located import LocatedSource
from cxid.stages.sources.money import WORDS_AT_MOST, words_of_rows
from cxid.stages.sources.people import PERSON, PERSON_ID
from cxid.stages.sources.reading import RAW, Ledger
from cxid.stages.sources.refusals import HARMLESS

BEFORE: dict[str, str] = {
    f"earlier_{name}": name
    for name in (
        "source_file", "quarantine", "record", "record_id", "event", "event_id", "enrichment", "consent_row",
    )
}  # fmt: skip
_DUPLICATES = (*HARMLESS, "duplicate_key")
_TAKEN = "src_taken_file"


@dataclass
class EarlierFiles:
    """The files of the run before, as far as their rows may be taken over; none where nothing may be."""

    ctx: StageContext
    digests: Mapping[tuple[str, str], str]
    _files: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)  # source -> file -> its ledger

    def __post_init__(self) -> None:
        if not self.ctx.reused:
            return
        for row in self.ctx.engine.fetch("SELECT * FROM earlier_source_file ORDER BY source, file").to_pylist():
            self._files.setdefault(row["source"], {})[row["file"]] = row

    def find(self, located: LocatedSource) -> dict[str, dict[str, Any]]:
        """File as shown -> the ledger of the run before, for the files of a source that need not be read again."""
        before = self._files.get(located.name, {})
        basis = reading_basis(located.source)
        same = {
            file.shown: before[file.shown]
            for file in located.files
            if file.shown in before and self._is_same(located.name, before[file.shown], basis)
        }
        if not same:
            return {}
        is_less = len(same) < len(before)  # files are gone, or others now
        is_whole = not is_less and len(same) == len(located.files)
        if isinstance(located.source, ConsentSource | EnrichmentSource):
            return same if is_whole else {}
        is_of_parts = isinstance(located.source, PeopleSource) or any(f.format == "jsonl" for f in located.files)
        if is_less and (is_of_parts or self._hangs_on_others(located.name, same)):
            return {}
        return same

    def _is_same(self, source: str, row: Mapping[str, Any], basis: str) -> bool:
        return bool(row["basis"] == basis and row["digest"] == self.digests.get((source, row["file"])))

    def _hangs_on_others(self, source: str, files: Collection[str]) -> bool:
        """Whether the run before refused a row of these files because of another one, which may be gone."""
        reasons = ", ".join(f"'{reason}'" for reason in _DUPLICATES)
        found = self.ctx.engine.fetch(
            f"SELECT DISTINCT file FROM earlier_quarantine WHERE source = ? AND reason IN ({reasons}) ORDER BY file",
            [source],
        )
        return any(file in files for file in found.column(0).to_pylist())

    def meets(self, located: LocatedSource, known: Mapping[str, Mapping[str, Any]]) -> bool:
        """Whether a row of RAW has a key that a row of the `known` files has: then all files are read together."""
        source, engine = located.source, self.ctx.engine
        if isinstance(source, EnrichmentSource | ConsentSource) or RAW not in engine.tables():
            return False
        if isinstance(source, TransactionSource) and self._says_much(located, source):
            return True
        if not source.key:
            return False
        if isinstance(source, PeopleSource):
            keys = "SELECT record_key FROM earlier_record WHERE source = {}"
        else:
            parts = _ranges([(row["rows_before"], row["rows_read"], 0) for row in known.values()])
            within = " OR ".join(f"event_no BETWEEN {part.first} AND {part.last}" for part in parts) or "FALSE"
            keys = f"SELECT event_key FROM earlier_event WHERE source = {{}} AND ({within})"
        make = Expressions(source, located.needed)
        named = make.bindings.add(located.name)
        return bool(
            engine.scalar(
                f"WITH clean AS ({make.clean(RAW)}), fresh AS (SELECT {make.key(source.key)} AS k FROM clean) "
                f"SELECT count(*) FROM fresh WHERE k IN ({keys.format(named)})",
                make.bindings.values,
            )
        )

    def _says_much(self, located: LocatedSource, source: TransactionSource) -> bool:
        """Whether the source has so many words for what happened that not all of them are looked at."""
        engine = self.ctx.engine
        before = engine.scalar("SELECT count(DISTINCT type) FROM earlier_event WHERE source = ?", [located.name])
        return bool(2 * (before + len(words_of_rows(engine, located, source))) > WORDS_AT_MOST)

    # -- taking over --------------------------------------------------------------------------------------

    def describe(self, source: str, ledgers: Sequence[Ledger]) -> None:
        """What was refused in the files that are taken over, into their ledgers."""
        taken = {ledger.file: ledger for ledger in ledgers if ledger.taken}
        if not taken:
            return
        found = self.ctx.engine.fetch(
            "SELECT file, reason, count(*) AS n, min(line) AS line FROM earlier_quarantine WHERE source = ? "
            "GROUP BY file, reason ORDER BY file, reason",
            [source],
        ).to_pylist()
        for row in found:
            if ledger := taken.get(row["file"]):
                ledger.refused_rows += row["n"]
                ledger.reasons[row["reason"]] = row["n"]
                if row["reason"] not in HARMLESS:
                    ledger.first_refused = min(ledger.first_refused or row["line"], row["line"])

    def take(self, located: LocatedSource, ledgers: Sequence[Ledger], fields: Sequence[Field]) -> None:
        """Rows of the files that are taken over, into the tables of the source's kind and into the quarantine."""
        taken = [ledger for ledger in ledgers if ledger.taken]
        if not taken:
            return
        engine, source, name = self.ctx.engine, located.source, located.name
        if isinstance(source, PeopleSource):
            _take_people(engine, name, fields)
        elif isinstance(source, EnrichmentSource):
            engine.append("enrichment", "SELECT * FROM earlier_enrichment WHERE source = ?", [name])
        elif isinstance(source, ConsentSource):
            _take_consent(engine, name)
        else:
            before = [self._files[name][ledger.file]["rows_before"] for ledger in taken]
            moved = [(b, x.rows_read, x.rows_before - b) for b, x in zip(before, taken, strict=True)]
            _take_events(engine, name, _ranges(moved))
        engine.load(_TAKEN, pa.table({"file": [ledger.file for ledger in taken]}))
        engine.append(
            "quarantine",
            f"SELECT q.* FROM earlier_quarantine AS q INNER JOIN {_TAKEN} AS t ON q.file = t.file WHERE q.source = ?",
            [name],
        )
        engine.drop(_TAKEN)


@dataclass(frozen=True)
class _Range:
    """Rows of files that followed each other in the run before too: their numbers then, and what is added to them."""

    first: int
    last: int
    shift: int


def _ranges(files: Sequence[tuple[int, int, int]]) -> list[_Range]:
    """Files as (rows before, rows, shift), in as few ranges as they make."""
    found: list[_Range] = []
    for before, rows, shift in files:
        if found and found[-1].last == before and found[-1].shift == shift:
            found[-1] = _Range(found[-1].first, before + rows, shift)
        elif rows:
            found.append(_Range(before + 1, before + rows, shift))
    return found


def _take_people(engine: Engine, name: str, fields: Sequence[Field]) -> None:
    slots = "".join(f", {quote(s)}" for f in fields for s in f.slots)
    engine.append(
        PERSON,
        f"SELECT source, record_key, updated_at, row_digest{slots} FROM earlier_record WHERE source = ?",
        [name],
    )
    engine.append(
        PERSON_ID,
        "SELECT r.source, r.record_key, i.id_type, i.id_value FROM earlier_record_id AS i "
        "INNER JOIN earlier_record AS r ON i.record_no = r.record_no WHERE r.source = ?",
        [name],
    )


def _take_consent(engine: Engine, name: str) -> None:
    """Consents are numbered on from those of the sources before."""
    first = engine.scalar("SELECT min(consent_no) FROM earlier_consent_row WHERE source = ?", [name])
    if first is None:
        return
    columns = ", ".join(quote(c) for c in engine.columns("consent_row") if c != "consent_no")
    engine.append(
        "consent_row",
        f"SELECT consent_no + CAST(? AS BIGINT) AS consent_no, {columns} FROM earlier_consent_row WHERE source = ?",
        [engine.count("consent_row") + 1 - first, name],
    )


def _take_events(engine: Engine, name: str, ranges: Sequence[_Range]) -> None:
    columns = ", ".join(quote(c) for c in engine.columns("event") if c != "event_no")
    for part in ranges:
        numbers = [part.shift, part.first, part.last]
        engine.append(
            "event",
            f"SELECT event_no + CAST(? AS BIGINT) AS event_no, {columns} FROM earlier_event "
            "WHERE event_no BETWEEN ? AND ? AND source = ?",
            [*numbers, name],
        )
        engine.append(
            "event_id",
            "SELECT event_no + CAST(? AS BIGINT) AS event_no, id_type, id_value FROM earlier_event_id "
            "WHERE event_no BETWEEN ? AND ?",
            numbers,
        )

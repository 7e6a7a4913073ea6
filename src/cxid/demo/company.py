"""The sample company while it is being written: its people, its files, and the truth about both."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cxid.demo.people import People
from cxid.demo.words import Texts, Words
from cxid.demo.writing import Broken, Dialect, Ledger, csv_lines, numbered, texts, write_csv

SHOP = "harbourheath.example"


@dataclass
class Truth:
    """What each row and identifier really is; parts are (source or type, values, entities)."""

    people: list[tuple[str, pa.Array, pa.Array]] = field(default_factory=list)
    events: list[tuple[str, pa.Array, pa.Array, pa.Array]] = field(default_factory=list)
    identifiers: list[tuple[str, pa.Array, pa.Array]] = field(default_factory=list)
    figures: dict[str, pa.Array] = field(default_factory=dict)  # column of customers.csv -> one value per person
    channels: dict[str, np.ndarray] = field(default_factory=dict)  # channel -> person was there
    trial: dict[str, pa.Array] = field(default_factory=dict)  # column of trial.csv -> one value per person in it


@dataclass
class Company:
    """Everything that the writers of the single extracts share. People are numbered from 0; strangers follow."""

    seed: int
    words: Words
    people: People
    ledger: Ledger
    truth: Truth = field(default_factory=Truth)
    strangers: int = 0
    customer_no: Texts = field(default_factory=lambda: np.empty(0, dtype=object))  # '' without a crm record
    customer_no_other: Texts = field(default_factory=lambda: np.empty(0, dtype=object))  # another of theirs, if any
    card_no: Texts = field(default_factory=lambda: np.empty(0, dtype=object))  # '' without a loyalty card
    # Person and number of every loyalty record, in file order:
    card_holder: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    cards: Texts = field(default_factory=lambda: np.empty(0, dtype=object))
    profiled: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))  # people with a social profile

    def rng(self, name: str) -> np.random.Generator:
        """A generator of this name's own, so that one extract can change without the others."""
        return np.random.default_rng([self.seed, zlib.crc32(name.encode())])

    def data(self, path: str) -> Path:
        return self.ledger.root / "data" / path

    def new_strangers(self, count: int) -> np.ndarray:
        """Numbers for `count` people whom no register knows."""
        start = len(self.people) + self.strangers
        self.strangers += count
        return np.arange(start, start + count)

    def entities(self, who: np.ndarray) -> pa.Array:
        """p0000001 for a person, s0000001 for a stranger."""
        count = len(self.people)
        known = pa.array(who < count)
        return pc.if_else(known, numbered("p", who + 1, 7), numbered("s", who - count + 1, 7))

    def note_people(self, source: str, keys: Any, entities: pa.Array) -> None:
        self.truth.people.append((source, texts(keys), entities))

    def note_events(self, source: str, keys: Any, who: np.ndarray, identifiable: Any = None) -> None:
        """The entity of every keyed row; `identifiable` says for which the data could tell it."""
        known = pa.array(np.ones(len(who), dtype=bool) if identifiable is None else np.asarray(identifiable))
        self.truth.events.append((source, texts(keys), self.entities(who), pc.if_else(known, "true", "false")))

    def note_identifiers(self, id_type: str, values: Any, who: np.ndarray) -> None:
        """Who carries which identifier, normalised; '' is left out."""
        array, entities = texts(values), self.entities(who)
        there = pc.not_equal(array, "")
        self.truth.identifiers.append((id_type, array.filter(there), entities.filter(there)))

    def note_channel(self, channel: str, who: np.ndarray) -> None:
        seen = self.truth.channels.setdefault(channel, np.zeros(len(self.people), dtype=bool))
        seen[who[(who >= 0) & (who < len(self.people))]] = True

    def csv(
        self, source: str, path: str, columns: dict[str, Any], dialect: Dialect, broken: tuple[Broken, ...] = ()
    ) -> None:
        """An extract as CSV under data/."""
        write_csv(self.ledger, self.data(path), columns, dialect, (source, broken))

    def faults(self, rows: int, reasons: dict[str, Any], rng: np.random.Generator) -> tuple[Broken, ...]:
        """Broken rows for a file of `rows` good ones: reason -> function from row number to raw text."""
        each = max(1, min(5, rows // 4000))
        found = []
        for reason, spoil in reasons.items():
            for at in sorted(rng.choice(rows, size=min(each, rows), replace=False).tolist()):
                found.append(Broken(at, spoil(at), reason))
        return tuple(found)


def row_text(columns: dict[str, Any], at: int, delimiter: str, **changed: str) -> str:
    """Row `at` as raw CSV text that needs no quotes, some columns replaced by text as it is."""
    cells = []
    for name, values in columns.items():
        text = str(_cell(values, at))
        for sign in (delimiter, '"', "\n"):
            text = text.replace(sign, " ")
        cells.append(changed.get(name, text))
    return delimiter.join(cells)


def row_copy(columns: dict[str, Any], at: int, delimiter: str, **changed: str) -> str:
    """Row `at` as the file itself writes it, quotes and all, some columns replaced."""
    cells = [changed.get(name, str(_cell(values, at))) for name, values in columns.items()]
    return str(csv_lines([pa.array([cell]) for cell in cells], delimiter)[0].as_py())


def _cell(values: Any, at: int) -> Any:
    value = values[at]
    value = value.as_py() if isinstance(value, pa.Scalar) else value
    return "" if value is None else value

"""Small tables of records as the linkage stage reads them, and a way to run it on them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import jellyfish
import numpy as np
import pyarrow as pa

from cxid.config.fields import DERIVED
from cxid.config.model import Match
from cxid.engine.duckdb import DuckDBEngine
from cxid.model import Field, FieldType
from cxid.stages.context import Silent, StageContext
from cxid.stages.link import run
from cxid.stages.link.compare import Comparer
from cxid.stages.link.levels import Level, comparisons
from cxid.stages.link.patterns import unpack
from cxid.stages.link.records import make_records
from cxid.stages.link.relations import make_sources

T = FieldType
GIVEN, FAMILY = (
    Field("given_name", T.GIVEN_NAME, ("given_name",)),
    Field("family_name", T.FAMILY_NAME, ("family_name",)),
)
BIRTH, EMAIL = Field("birth_date", T.BIRTH_DATE, ("birth_date",)), Field("email", T.EMAIL, ("email",))
CITY, PHONE = Field("city", T.CITY, ("city",)), Field("phone", T.PHONE, ("phone",))
PEOPLE = (GIVEN, FAMILY, BIRTH, CITY, EMAIL)
Record = Mapping[str, str | None]
_SHORT = {"bob": "robert", "rob": "robert", "bill": "william", "liz": "elizabeth"}
_AKA = {s: f"|{'|'.join(sorted((s, f)))}|" for s, f in _SHORT.items()} | {f: f"|{f}|" for f in _SHORT.values()}


def derive(type_: FieldType, slot: str, value: str | None) -> dict[str, str | None]:
    """The derived columns of one value, simplest form."""
    if value is None:
        return {f"{slot}_{suffix}": None for suffix in DERIVED.get(type_, {})}
    swapped = value[:4] + value[6:8] + value[4:6]
    found = {
        "phonetic": jellyfish.metaphone(value) or None,
        "aka": _AKA.get(value),
        "initial": value[:1],
        "local": value.split("@")[0].replace(".", ""),
        "tail": value[-7:] if len(value) >= 7 else None,
        "swapped": swapped if value[6:8] <= "12" and swapped != value else None,
        "number": "".join(c for c in value if c.isdigit()) or None,
        "words": " ".join(w for w in value.split() if not w.isdigit()) or None,
    }
    return {f"{slot}_{suffix}": found[suffix] for suffix in DERIVED.get(type_, {})}


def table(fields: Sequence[Field], records: Sequence[Record]) -> pa.Table:
    """record_norm with `records` in the order given; a record may name its `source`."""
    columns: dict[str, list[str | None]] = {}
    for field in fields:
        for slot in field.slots:
            rows = [{slot: r.get(slot), **derive(field.type, slot, r.get(slot))} for r in records]
            for name in (slot, *(f"{slot}_{x}" for x in DERIVED.get(field.type, {}))):
                columns[name] = [row[name] for row in rows]
    numbers = pa.array(range(1, len(records) + 1), pa.int64())
    sources = pa.array([r.get("source") or "crm" for r in records], pa.string())
    texts = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    return pa.table({"record_no": numbers, "source": sources, **texts})


def linked(
    fields: Sequence[Field], records: Sequence[Record], tmp_path: Path, *, threads: int = 1, match: Match | None = None
) -> tuple[DuckDBEngine, Silent]:
    """An engine with the tables of the stage, run on these records."""
    engine, reporter = DuckDBEngine(threads=threads), Silent()
    engine.load("record_norm", table(fields, records))
    run(StageContext(engine, tmp_path, reporter=reporter), fields=tuple(fields), match=match or Match())
    return engine, reporter


def compared_levels(
    fields: Sequence[Field], records: Sequence[Record], pairs: Sequence[tuple[int, int]], *, threads: int = 1
) -> list[tuple[Level, ...]]:
    """The level of each field for pairs of records, counted from 0, with every record standing for itself."""
    engine, fields = DuckDBEngine(threads=threads), tuple(fields)
    engine.load("record_norm", table(fields, records))
    make_sources(engine, fields)
    make_records(engine, fields, sorted({r.get("source") or "crm" for r in records}))
    compared = comparisons(fields)
    a, b = (np.array([p[side] + 1 for p in pairs], np.int64) for side in (0, 1))
    found = unpack(Comparer(engine, compared).patterns(a, b), compared)
    engine.close()
    return [tuple(c.levels[n] for c, n in zip(compared, row, strict=True)) for row in found.tolist()]


def summary(engine: DuckDBEngine) -> dict[str, str]:
    return {r["name"]: r["value"] for r in engine.fetch("SELECT * FROM link_summary").to_pylist()}


_SOUNDS = ("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "ro", "tu", "va", "ze")


def _word(rng: random.Random, parts: int) -> str:
    return "".join(rng.choice(_SOUNDS) for _ in range(parts))


def company(
    people: int, *, seed: int = 1, repeat: float = 0.4, sources: Sequence[str] = ("crm",)
) -> tuple[list[dict[str, str | None]], list[int]]:
    """(records, person of each): people with typos, moves and missing values, some of them twice."""
    rng = random.Random(seed)
    given, family = [_word(rng, 2) for _ in range(60)], [_word(rng, 3) for _ in range(200)]
    cities = [_word(rng, 4) for _ in range(30)]
    records, truth = [], []
    for person in range(people):
        born = f"{rng.randint(1940, 2004)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
        first, last = rng.choice(given), rng.choice(family)
        base = {"given_name": first, "family_name": last, "birth_date": born, "city": rng.choice(cities)}
        base["email"] = f"{first}.{last}{person}@mail.example"
        for copy in range(2 if rng.random() < repeat else 1):
            record: dict[str, str | None] = {
                k: _noisy(rng, v, cities if k == "city" else None) for k, v in base.items()
            }
            record["source"] = sources[copy % len(sources)]
            records.append(record)
            truth.append(person)
    return records, truth


def _noisy(rng: random.Random, value: str, others: Sequence[str] | None) -> str | None:
    chance = rng.random()
    if chance < 0.08:
        return None
    if chance < 0.13:
        return rng.choice(others) if others else value[:1] + value[2:]
    return value

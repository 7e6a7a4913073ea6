"""Distinct records and the codes of their values, against a plain reading of every record."""

from __future__ import annotations

from collections import Counter
from math import floor, log2

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from cxid.engine.duckdb import DuckDBEngine
from cxid.model import Field, FieldType
from cxid.stages.link.levels import BANDS
from cxid.stages.link.records import make_records
from cxid.stages.link.relations import make_sources

NAME = Field("name", FieldType.TEXT, ("name",))
PHONE = Field("phone", FieldType.PHONE, ("phone", "phone_2"))
SLOTS = ("name", "phone", "phone_2")
_VALUE = st.one_of(st.none(), st.sampled_from("abcde"))
_RECORD = st.tuples(st.sampled_from(("crm", "shop")), _VALUE, _VALUE, _VALUE)
_RECORDS = st.lists(_RECORD, min_size=1, max_size=20)
Record = tuple[str, str | None, str | None, str | None]


def _codes(records: list[Record]) -> dict[tuple[int, str], int]:
    """(record number, slot) -> eight times the first place of the value, plus its band."""
    found = {}
    for field, columns in ((NAME, (1,)), (PHONE, (2, 3))):
        places: dict[str, list[int]] = {}
        for number, record in enumerate(records, start=1):
            for j, column in enumerate(columns):
                if (value := record[column]) is not None:
                    places.setdefault(value, []).append(number * len(columns) + j)
        top = max(log2(max((len(p) for p in places.values()), default=1)), 1.0 + BANDS)
        for number, record in enumerate(records, start=1):
            for slot, column in zip(field.slots, columns, strict=True):
                at = places.get(record[column] or "", [])
                band = min(BANDS - 1, floor((log2(len(at)) - 1) * BANDS / (top - 1))) if len(at) > 1 else 0
                found[number, slot] = min(at) * 8 + band if at else -1
    return found


def _reps(records: list[Record]) -> dict[int, int]:
    """Record number -> the first one that is identical; records of the shop stand for themselves."""
    first: dict[tuple[str | None, ...], int] = {}
    found = {}
    for number, (source, *values) in enumerate(records, start=1):
        if any(v is not None for v in values):
            found[number] = number if source == "shop" else first.setdefault(tuple(values), number)
    return found


@settings(max_examples=40, deadline=None)
@given(records=_RECORDS, shuffled=st.randoms(use_true_random=False))
def test_records_and_codes_are_those_of_a_plain_reading_in_any_order_of_rows(
    records: list[Record], shuffled: object
) -> None:
    rows = [dict(zip(("record_no", "source", *SLOTS), (i, *r), strict=True)) for i, r in enumerate(records, start=1)]
    shuffled.shuffle(rows)  # type: ignore[attr-defined]
    engine = DuckDBEngine(threads=1)
    texts = [(name, pa.string()) for name in ("source", *SLOTS)]
    engine.load("record_norm", pa.Table.from_pylist(rows, pa.schema([("record_no", pa.int64()), *texts])))
    make_sources(engine, (NAME, PHONE))
    make_records(engine, (NAME, PHONE), ("shop",))
    reps, codes = _reps(records), _codes(records)
    members = engine.fetch("SELECT record_no, rep FROM link_member ORDER BY record_no").to_pylist()
    assert {m["record_no"]: m["rep"] for m in members} == reps
    copies = Counter(reps.values())
    assert engine.fetch("SELECT * EXCLUDE (absent) FROM link_record").to_pylist() == [
        {"record_no": n, "rank": rank, "alone": 0 if records[n - 1][0] == "shop" else None, "copies": copies[n]}
        | {f"{slot}_code": codes[n, slot] for slot in SLOTS}
        for rank, n in enumerate(sorted(copies))
    ]
    engine.close()

"""The normalise stage over whole tables: several sources, their formats, their identifiers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pydantic import TypeAdapter

from cxid.config.fields import norm_columns, norm_fields, record_fields
from cxid.config.model import Match, Source
from cxid.engine.duckdb import DuckDBEngine
from cxid.stages import normalise
from cxid.stages.context import StageContext

TEXT = pa.string()
SOURCES: dict[str, Source] = {
    name: TypeAdapter(Source).validate_python({"path": f"{name}.csv", **config})
    for name, config in {
        "crm": {
            "kind": "people",
            "key": "id",
            "columns": {"given_name": "vorname", "family_name": "nachname", "email": "mail", "phone": ["mobil", "fest"],
                        "country": "land", "birth_date": {"from": "geb", "format": "%d.%m.%Y"}, "tier": "tier"},
            "ids": {"loyalty_card": "karte", "email_hash": "hash"},
        },
        "shop": {
            "kind": "people",
            "key": "id",
            "columns": {"full_name": "name", "email": "email", "birth_date": {"from": "dob", "format": "%m%d%Y"}},
        },
        "web": {"kind": "events", "time": "ts", "ids": {"cookie": "c", "email": "e", "receipt_email": "r"}},
    }.items()
}  # fmt: skip
RECORDS: list[dict[str, Any]] = [
    {"source": "crm", "given_name": "Jürgen", "family_name": "Müller", "email": "J.Mueller@X.de", "phone": "0151 2345678",
     "phone_2": "01 2345679", "country": "Österreich", "birth_date": "1980-04-03", "tier": "Gold"},
    {"source": "crm", "given_name": "n/a", "family_name": "Lee", "email": "noemail@x.de", "phone": "030 1234500",
     "birth_date": "31.02.1980"},
    {"source": "shop", "full_name": "Mueller, Juergen", "email": "dummy.box@shop.de", "birth_date": "04z31980"},
    {"source": "shop", "full_name": "handle42"},
]  # fmt: skip
IDS = [
    (1, "loyalty_card", "00-12 3"),
    (2, "loyalty_card", "n/a"),
    (2, "email_hash", hashlib.md5(b"j.mueller@x.de").hexdigest()),
]
EVENT_IDS = [
    (1, "cookie", "aB3"),
    (2, "email", "<Ann@X.com>"),
    (2, "receipt_email", "ann@x.com"),
    (3, "email", "dummy.box@shop.de"),
    (4, "cookie", "null"),
]


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(threads=1)
    yield made
    made.close()


def load(engine: DuckDBEngine, records: list[dict[str, Any]] = RECORDS) -> None:
    slots = [s for f in record_fields(SOURCES) for s in f.slots]
    table = {"record_no": pa.array(range(1, len(records) + 1), pa.int64())}
    table |= {name: pa.array([r.get(name) for r in records], TEXT) for name in ("source", *slots)}
    engine.load("record", pa.table(table))
    for name, rows in (("record", IDS), ("event", EVENT_IDS)):
        columns = {f"{name}_no": pa.int64(), "id_type": TEXT, "id_value": TEXT}
        engine.load(
            f"{name}_id", pa.table({c: pa.array([r[i] for r in rows], t) for i, (c, t) in enumerate(columns.items())})
        )
    engine.run("consent_row", "SELECT CAST(1 AS BIGINT) AS consent_no, '' AS id_type, '' AS id_value WHERE 1 = 0")


def run(engine: DuckDBEngine, match: Match | None = None) -> list[dict[str, Any]]:
    normalise.run(StageContext(engine, Path()), sources=SOURCES, country="DE", match=match or Match())
    return engine.fetch("SELECT * FROM record_norm").to_pylist()  # type: ignore[no-any-return]


def identifiers(engine: DuckDBEngine, of: str) -> set[tuple[Any, ...]]:
    rows = engine.fetch(f"SELECT {of}_no, id_type, id_value FROM {of}_identifier").to_pylist()
    assert len(rows) == len({tuple(r.values()) for r in rows})
    return {tuple(r.values()) for r in rows}


def test_the_columns_are_those_of_the_contract_and_nothing_else_is_left(engine: DuckDBEngine) -> None:
    load(engine)
    run(engine)
    assert list(engine.columns("record_norm")) == ["record_no", "source", *norm_columns(norm_fields(SOURCES))]
    assert set(engine.columns("record_norm").values()) == {"BIGINT", "VARCHAR"}
    assert engine.tables() == {*normalise.READS, *normalise.WRITES}


def test_a_whole_name_meets_the_parts_of_another_source(engine: DuckDBEngine) -> None:
    load(engine)
    crm, lee, shop, handle = run(engine)
    for column in ("given_name", "family_name", "given_name_phonetic", "family_name_phonetic", "given_name_initial"):
        assert crm[column] == shop[column] is not None
    assert (lee["given_name"], lee["family_name"]) == (None, "lee")
    assert (handle["given_name"], handle["family_name"]) == ("handle", None)


def test_dates_are_read_by_the_format_of_their_source(engine: DuckDBEngine) -> None:
    load(engine)
    dates = [(r["birth_date"], r["birth_date_swapped"]) for r in run(engine)]
    assert dates == [("19800403", "19800304"), ("19800231", None), ("198004z3", None), (None, None)]


def test_the_country_of_a_record_is_the_region_of_its_phones(engine: DuckDBEngine) -> None:
    load(engine)
    rows = run(engine)
    assert (rows[0]["phone"], rows[0]["phone_2"]) == ("+431512345678", "+4312345679")
    assert (rows[1]["phone"], rows[1]["phone_tail"]) == ("+49301234500", "1234500")


def test_addresses_and_phones_are_identifiers_beside_the_mapped_ones(engine: DuckDBEngine) -> None:
    load(engine)
    run(engine)
    found = identifiers(engine, "record")
    hashed = hashlib.md5(b"j.mueller@x.de").hexdigest()
    assert found == {
        (1, "email", "j.mueller@x.de"), (1, "email_hash", hashed), (1, "phone", "+431512345678"), (1, "phone", "+4312345679"),
        (1, "loyalty_card", "00123"), (2, "phone", "+49301234500"), (2, "email_hash", hashed),
        (3, "email", "dummy.box@shop.de"), (3, "email_hash", hashlib.md5(b"dummy.box@shop.de").hexdigest()),
    }  # fmt: skip


def test_every_e_mail_type_of_an_event_is_one_identifier(engine: DuckDBEngine) -> None:
    load(engine)
    run(engine)
    plain = {row for row in identifiers(engine, "event") if row[1] != "email_hash"}
    assert plain == {(1, "cookie", "aB3"), (2, "email", "ann@x.com"), (3, "email", "dummy.box@shop.de")}


def test_an_address_and_its_own_hash_on_one_event_are_one_hash(engine: DuckDBEngine) -> None:
    load(engine)
    hashed = hashlib.md5(b"ann@x.com").hexdigest()
    rows = [(1, "email", "Ann@X.com"), (1, "email_hash", hashed), (2, "email", "ann@x.com"), (3, "email_hash", hashed)]
    columns = {"event_no": pa.int64(), "id_type": TEXT, "id_value": TEXT}
    engine.load(
        "event_id", pa.table({c: pa.array([r[i] for r in rows], t) for i, (c, t) in enumerate(columns.items())})
    )
    run(engine)
    assert identifiers(engine, "event") == {
        (1, "email", "ann@x.com"), (1, "email_hash", hashed), (2, "email", "ann@x.com"), (2, "email_hash", hashed),
        (3, "email_hash", hashed),
    }  # fmt: skip


def test_values_that_the_config_ignores_are_gone_everywhere(engine: DuckDBEngine) -> None:
    load(engine)
    match = Match(ignore_values={"email": ("Dummy.Box@shop.de",), "phone": ("01512345678", "0043 151 2345678")})
    rows = run(engine, match)
    assert (rows[2]["email"], rows[2]["email_local"]) == (None, None)
    assert (rows[0]["phone"], rows[0]["phone_tail"]) == (None, None)
    assert not {
        r for of in ("record", "event") for r in identifiers(engine, of) if "dummy" in r[2] or "2345678" in r[2]
    }


def test_a_field_that_takes_no_part_in_matching_has_no_column(engine: DuckDBEngine) -> None:
    load(engine)
    row = run(engine, Match(ignore_fields=("email", "full_name")))[0]
    assert "email" not in row
    assert "middle_name" not in row


def test_the_order_of_the_rows_does_not_matter(engine: DuckDBEngine) -> None:
    load(engine)
    first = run(engine)
    engine.run("record", "SELECT * FROM record ORDER BY record_no DESC")
    engine.run("record_id", "SELECT * FROM record_id ORDER BY id_value")
    assert run(engine) == first


def test_a_date_that_forms_fill_in_says_nothing(engine: DuckDBEngine) -> None:
    days = [f"19{year}-{month:02}-15" for year in range(50, 99) for month in range(1, 13)]
    twins = ["1961-05-04"] * 12  # copies of one person stay
    load(engine, [{"source": "crm", "birth_date": d} for d in [*days * 2, *twins, *["1970-01-01"] * 40]])
    found = [r["birth_date"] for r in run(engine)]
    assert found.count(None) == 40
    assert "19700101" not in found
    assert found.count("19610504") == 12


def test_the_first_of_january_of_many_years_stays(engine: DuckDBEngine) -> None:
    days = [f"18{year}-{month:02}-15" for year in range(50, 70) for month in range(1, 13)]
    year_known = [f"18{year}-01-01" for year in range(50, 70) for _ in range(100 + year)]
    load(engine, [{"source": "crm", "birth_date": d} for d in [*days, *year_known]])
    assert None not in {r["birth_date"] for r in run(engine)}


def test_without_people_the_tables_are_empty(engine: DuckDBEngine) -> None:
    load(engine, [])
    assert run(engine) == []

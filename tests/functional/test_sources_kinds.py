"""Each kind of source, from files to the tables of its contract."""

from __future__ import annotations

import random
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cxid.contracts import TABLES
from cxid.stages import sources
from tests.reference.sources_runner import run_sources

PEOPLE = "  crm: {path: 'crm*.csv', kind: people, key: id, updated_at: at, columns: {given_name: name, phone: [m, l]}, ids: {card: card}, quarantine_max: 100%}"


def test_every_table_has_its_contracts_columns_also_when_it_is_empty(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,city\n1,Rome\n")
    outcome = run_sources(tmp_path, "  a: {path: a.csv, kind: people, key: id, columns: {city: city}}")
    for name in sources.WRITES:
        columns = outcome.engine.columns(name)
        contract = {c.name: c.type for c in TABLES[name].columns}
        assert {c: columns[c] for c in contract} == contract, name
        assert list(columns)[len(contract) :] == (["city"] if name == "record" else [])


def test_of_several_rows_of_a_key_the_latest_stays_then_the_fullest(tmp_path: Path) -> None:
    (tmp_path / "crm.csv").write_text(
        "id,at,name,m,l,card\n"
        "1,2024-01-01,Ann,07,,c1\n"
        "1,2024-03-01,Anna,,,c2\n"
        "1,,Older,07,08,c3\n"
        "2,2024-01-01,Bo,,,\n"
        "2,2024-01-01,Bo,07,,\n"
        "2,2024-01-01,Bo,07,,\n"
        "3,yesterday,Cy,,,\n"
    )
    outcome = run_sources(tmp_path, PEOPLE)
    assert outcome.rows("SELECT * EXCLUDE (row_digest) FROM record ORDER BY record_no") == [
        (1, "crm", "1", datetime(2024, 3, 1), "Anna", None, None),
        (2, "crm", "2", datetime(2024, 1, 1), "Bo", "07", None),
        (3, "crm", "3", None, "Cy", None, None),
    ]
    assert outcome.rows("SELECT * FROM record_id") == [(1, "card", "c2")]
    assert [row[1:] for row in outcome.quarantine()] == [
        (2, "duplicate_key", "id"), (4, "duplicate_key", "id"), (5, "duplicate_key", "id"), (7, "duplicate_row", "id"),
    ]  # fmt: skip
    assert outcome.reporter.warnings == [
        ("unread_values", "source crm: 1 updated_at times could not be read and were left empty")
    ]


def test_shuffled_rows_and_split_files_give_the_same_records(tmp_path: Path) -> None:
    chance = random.Random(7)
    rows = [
        f"{chance.randint(1, 60)},{chance.choice(['', '2024-01-01', '2024-02-01'])},{chance.choice(['Ann', 'Bo', 'José', ''])},"
        f"{chance.choice(['', '07'])},{chance.choice(['', '08'])},{chance.choice(['', 'c1', 'c2'])}"
        for _ in range(200)
    ]
    seen = set()
    for parts in (1, 3, 7):
        chance.shuffle(rows)
        for old in tmp_path.glob("*.csv"):
            old.unlink()
        for part in range(parts):
            (tmp_path / f"crm{part}.csv").write_text(
                "\n".join(["id,at,name,m,l,card", *rows[part::parts]]), encoding="utf-8"
            )
        outcome = run_sources(tmp_path, PEOPLE)
        records = outcome.rows("SELECT * FROM record ORDER BY record_no")
        identifiers = outcome.rows("SELECT * FROM record_id ORDER BY record_no, id_type, id_value")
        seen.add(repr((records, identifiers)))
        assert outcome.engine.count("quarantine") == 200 - len(records)
    assert len(seen) == 1


def test_records_of_several_sources_share_one_numbering_and_slots(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("id,mail\nz,b@x.org\nä,c@x.org\n", encoding="utf-8")
    (tmp_path / "a.csv").write_text("id,name\n10,Ann\n9,Bo\n")
    outcome = run_sources(
        tmp_path,
        "  b: {path: b.csv, kind: people, key: id, columns: {email: mail}}\n  a: {path: a.csv, kind: people, key: id, columns: {given_name: name}}",
    )
    assert outcome.rows("SELECT record_no, source, record_key, email, given_name FROM record ORDER BY record_no") == [
        (1, "a", "10", None, "Ann"), (2, "a", "9", None, "Bo"), (3, "b", "z", "b@x.org", None), (4, "b", "ä", "c@x.org", None),
    ]  # fmt: skip


def test_events_are_kept_with_or_without_identifiers_and_refused_without_a_time(tmp_path: Path) -> None:
    (tmp_path / "web.csv").write_text(
        "ts,what,cookie,mail,backup\n2024-01-01 10:00,view,c1,a@x.org,a@x.org\n2024-01-01 10:01,view,,,\n,view,c1,,\nnever,view,c1,,\n2024-01-01 10:02,,c1,a@x.org,b@x.org\n"
    )
    outcome = run_sources(
        tmp_path,
        "  web: {path: web.csv, kind: events, time: ts, type: {from: what}, ids: {cookie: cookie, email: [mail, backup]}, channel: site, quarantine_max: 50%}",
    )
    assert outcome.rows("SELECT event_key, kind, channel, time, type FROM event ORDER BY event_no") == [
        (None, "events", "site", datetime(2024, 1, 1, 10, 0), "view"),
        (None, "events", "site", datetime(2024, 1, 1, 10, 1), "view"),
        (None, "events", "site", datetime(2024, 1, 1, 10, 2), None),
    ]
    numbers = [r[0] for r in outcome.rows("SELECT event_no FROM event ORDER BY event_no")]
    assert outcome.rows("SELECT * FROM event_id ORDER BY event_no, id_type, id_value") == [
        (numbers[0], "cookie", "c1"), (numbers[0], "email", "a@x.org"),
        (numbers[2], "cookie", "c1"), (numbers[2], "email", "a@x.org"), (numbers[2], "email", "b@x.org"),
    ]  # fmt: skip
    assert [row[1:] for row in outcome.quarantine()] == [(4, "missing_time", "ts"), (5, "bad_time", "ts")]


def test_event_numbers_are_unique_over_all_sources_and_keys_over_one(tmp_path: Path) -> None:
    (tmp_path / "pos1.csv").write_text("no,t,total,card\n1,2024-01-01,5,a\n2,2024-01-01,6,b\n")
    (tmp_path / "pos2.csv").write_text("no,t,total,card\n2,2024-01-01,6,b\n3,2024-01-01,x,b\n,2024-01-02,7,\n")
    (tmp_path / "nps.jsonl").write_text('{"t": 1709288430, "nps": 9, "mail": "a@x.org"}\n')
    outcome = run_sources(
        tmp_path,
        "  pos: {path: [pos1.csv, pos2.csv], kind: transactions, key: no, time: t, amount: total, ids: {card: card}, quarantine_max: 50%}\n"
        "  nps: {path: nps.jsonl, kind: survey, time: {from: t, format: epoch_s}, score: nps, ids: {email: mail}}",
    )
    rows = outcome.rows("SELECT event_no, source, event_key, channel, type, amount, score FROM event ORDER BY event_no")
    assert len({r[0] for r in rows}) == 4
    assert [r[1:] for r in rows] == [
        ("pos", "1", "pos", "purchase", Decimal(5), None), ("pos", "2", "pos", "purchase", Decimal(6), None),
        ("pos", None, "pos", "purchase", Decimal(7), None), ("nps", None, "nps", "nps", None, Decimal(9)),
    ]  # fmt: skip
    assert outcome.quarantine() == [("pos2.csv", 2, "duplicate_row", "no"), ("pos2.csv", 3, "bad_number", "total")]


def test_enrichment_is_long_and_one_row_stands_for_a_value(tmp_path: Path) -> None:
    (tmp_path / "areas.csv").write_text("zip,income,segment\nA1,high,\nA1,low,urban\nB2,,\n,low,rural\n")
    (tmp_path / "crm.csv").write_text("id,zip\n1,A1\n")
    outcome = run_sources(
        tmp_path,
        "  crm: {path: crm.csv, kind: people, key: id, columns: {postcode: zip}}\n"
        "  area: {path: areas.csv, kind: enrichment, join: postcode, join_column: zip, columns: {income: income, segment: segment}, quarantine_max: 60%}",
    )
    assert outcome.rows("SELECT * FROM enrichment ORDER BY join_value, attribute") == [
        ("area", "postcode", "A1", "income", "low"), ("area", "postcode", "A1", "segment", "urban"),
        ("area", "postcode", "B2", "income", None), ("area", "postcode", "B2", "segment", None),
    ]  # fmt: skip
    assert [row[1:] for row in outcome.quarantine()] == [(2, "duplicate_key", "zip"), (5, "missing_key", "zip")]


def test_consent_is_never_granted_for_longer_than_was_said(tmp_path: Path) -> None:
    (tmp_path / "consent.csv").write_text(
        "mail,card,what,ok,until\na@x.org,c1,email,yes,2025-01-01\nb@x.org,,email,yes,soon\nc@x.org,,email,no,soon\n,,email,yes,\nd@x.org,,,yes,\n"
    )
    outcome = run_sources(
        tmp_path,
        "  ok: {path: consent.csv, kind: consent, ids: {email: mail, card: card}, purpose: {from: what}, status: ok, expires_at: until, quarantine_max: 50%}",
    )
    assert outcome.rows(
        "SELECT id_type, id_value, purpose, channel, status, expires_at FROM consent_row ORDER BY id_value"
    ) == [
        ("email", "a@x.org", "email", "", "granted", datetime(2025, 1, 1)),
        ("email", "b@x.org", "email", "", "unknown", None),
        ("card", "c1", "email", "", "granted", datetime(2025, 1, 1)),
        ("email", "c@x.org", "email", "", "denied", None),
    ]
    assert [row[1:] for row in outcome.quarantine()] == [
        (5, "missing_identifier", "mail|card"),
        (6, "missing_purpose", "what"),
    ]


def test_parquet_files_of_one_glob_may_differ_in_order_types_and_further_columns(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": [1, 2], "city": ["Rome", "Oslo"]}), tmp_path / "p1.parquet")
    pq.write_table(pa.table({"x": [0.5], "city": pa.array([b"Bonn"]), "id": pa.array([3.0])}), tmp_path / "p2.parquet")
    pq.write_table(
        pa.table({"id": pa.array([b"\xff", b"5"]).cast(pa.string(), safe=False), "city": ["a", "b"]}),
        tmp_path / "p3.parquet",
    )
    outcome = run_sources(
        tmp_path, "  p: {path: '*.parquet', kind: people, key: id, columns: {city: city}, quarantine_max: 50%}"
    )
    assert outcome.rows("SELECT record_key, city FROM record ORDER BY record_no") == [
        ("1", "Rome"),
        ("2", "Oslo"),
        ("3", "Bonn"),
        ("5", "b"),
    ]
    assert outcome.quarantine() == [("p3.parquet", 1, "bad_encoding", "")]


@pytest.mark.shared_data
def test_every_row_of_the_labelled_data_sets_is_kept(shared_data: Path, tmp_path: Path) -> None:
    for name in ("web_events", "purchases_cdnow", "historical_50k"):
        (tmp_path / name).symlink_to(shared_data / name)
    outcome = run_sources(
        tmp_path,
        "  web: {path: web_events/events.csv, kind: events, time: timestamp, type: {from: event}, ids: {user: user_id, session: session_id}}\n"
        "  cd: {path: purchases_cdnow/transactions.csv, kind: transactions, time: order_date, amount: amount, ids: {customer: customer_id}}\n"
        "  people: {path: historical_50k/*.parquet, kind: people, key: record_id, columns: {full_name: full_name, birth_date: dob}}",
    )
    assert outcome.rows("SELECT source, accepted FROM source_file ORDER BY source") == [
        ("cd", 69_659),
        ("people", 50_578),
        ("web", 31_106),
    ]
    assert outcome.rows("SELECT source, count(*) AS n FROM event GROUP BY source ORDER BY source") == [
        ("cd", 69_659),
        ("web", 31_106),
    ]
    assert outcome.rows("SELECT count(*) AS n, max(record_no) AS m FROM record") == [(50_578, 50_578)]
    assert outcome.rows("SELECT sum(amount) AS total FROM event WHERE source = 'cd'") == [(Decimal("2500315.6300"),)]
    assert outcome.engine.count("quarantine") == 0

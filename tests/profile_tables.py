"""Loads the tables that the profile stage reads."""

from __future__ import annotations

import pyarrow as pa

from cxid.contracts import EVENT
from cxid.engine.duckdb import DuckDBEngine
from tests.reference.profile import Event

_ARROW = {
    "VARCHAR": pa.string(),
    "TIMESTAMP": pa.timestamp("us"),
    "BIGINT": pa.int64(),
    "DECIMAL(9,4)": pa.decimal128(9, 4),
    "DECIMAL(18,4)": pa.decimal128(18, 4),
}
_EMPTY = {
    "record": "SELECT CAST(1 AS BIGINT) AS record_no, 'x' AS source, 'k' AS record_key, "
    "CAST(NULL AS TIMESTAMP) AS updated_at WHERE 1 = 0",
    "record_customer": "SELECT CAST(1 AS BIGINT) AS record_no, 'x' AS customer_id WHERE 1 = 0",
    "customer_alias": "SELECT 'x' AS old_customer_id, 'x' AS customer_id WHERE 1 = 0",
    "enrichment": "SELECT '' AS source, '' AS join_field, '' AS join_value, '' AS attribute, '' AS value WHERE 1 = 0",
    "household": "SELECT '' AS customer_id, '' AS household_id, '' AS rule WHERE 1 = 0",
    "record_identifier": "SELECT CAST(1 AS BIGINT) AS record_no, '' AS id_type, '' AS id_value WHERE 1 = 0",
    "hub_identifier": "SELECT '' AS id_type, '' AS id_value WHERE 1 = 0",
    "consent_row": "SELECT CAST(1 AS BIGINT) AS consent_no, '' AS source, '' AS id_type, '' AS id_value, '' AS purpose, "
    "'' AS channel, '' AS status, CAST(NULL AS TIMESTAMP) AS time, CAST(NULL AS TIMESTAMP) AS expires_at WHERE 1 = 0",
    "consent_identifier": "SELECT CAST(1 AS BIGINT) AS consent_no, '' AS id_type, '' AS id_value WHERE 1 = 0",
    "event_identifier": "SELECT CAST(1 AS BIGINT) AS event_no, '' AS id_type, '' AS id_value WHERE 1 = 0",
    "identifier_customer": "SELECT '' AS id_type, '' AS id_value, '' AS customer_id WHERE 1 = 0",
}


def load_events(engine: DuckDBEngine, events: list[Event], more: tuple[str, ...] = ()) -> None:
    """Tables event, event_customer, customer and golden_customer of these events; the others empty.

    `more` are customers without events.
    """
    text, numbers = pa.string(), pa.array(range(1, len(events) + 1), pa.int64())
    columns = {
        "source": text,
        "kind": text,
        "channel": text,
        "time": pa.timestamp("us"),
        "type": text,
        "amount": pa.decimal128(18, 4),
        "currency": text,
        "category": text,
        "campaign": text,
        "score": pa.decimal128(9, 4),
    }
    table = {"event_no": numbers, "event_key": pa.array([e.key for e in events], text)}
    table |= {name: pa.array([getattr(e, name) for e in events], type_) for name, type_ in columns.items()}
    for column in EVENT.columns:  # the rest: what such an event may say, where it says it
        if column.name not in table:
            said = [getattr(e, column.name, None) for e in events]
            table[column.name] = pa.array(said, _ARROW[column.type])
    engine.load("event", pa.table(table))
    owners = pa.array([e.customer for e in events], text)
    named = pa.array(["card"] * len(events), text)
    engine.load("event_customer", pa.table({"event_no": numbers, "customer_id": owners, "id_type": named}))
    ids = pa.array(sorted({e.customer for e in events if e.customer} | set(more)), text)
    engine.load("customer_ids", pa.table({"customer_id": ids}))
    engine.run("customer", "SELECT customer_id, TRUE AS is_known, CAST(0 AS BIGINT) AS record_count FROM customer_ids")
    engine.run(
        "golden_customer",
        "SELECT customer_id, CAST(NULL AS VARCHAR) AS postcode, CAST(1 AS DECIMAL(9, 6)) AS confidence, "
        "CAST(0 AS DECIMAL(9, 6)) AS completeness, FALSE AS needs_review FROM customer_ids",
    )
    for name, sql in _EMPTY.items():
        engine.run(name, sql)
    engine.drop("customer_ids")

"""Tables of rows and comparable values: what sources and normalise hand on."""

from __future__ import annotations

from cxid.contracts.table import Personal, Table
from cxid.contracts.table import column as _c

_P, _D, _S = Personal.PERSONAL, Personal.DIRECT, Personal.PSEUDONYM

# ---- sources -> normalise, stitch, golden, profile ------------------------------------------------

SOURCE_FILE = Table(
    "source_file",
    "input file",
    ("source", "file"),
    (
        _c("source", "VARCHAR", "the source's name in the config"),
        _c("file", "VARCHAR", "path relative to the project"),
        _c("digest", "VARCHAR", "sha256 of the bytes on disk"),
        _c("bytes", "BIGINT", "size on disk"),
        _c("physical_lines", "BIGINT", "lines of a text file; rows of a Parquet file"),
        _c("header_lines", "BIGINT", "1 for CSV, 2 with a line sep= above it; 0 where the file has none"),
        _c("accepted", "BIGINT", "rows taken"),
        _c("value_newlines", "BIGINT", "line breaks inside accepted values"),
        _c("rejected_lines", "BIGINT", "physical lines in quarantine"),
        _c("blank_lines", "BIGINT", "empty lines"),
        _c(
            "rows_before",
            "BIGINT",
            "rows of the files read before it: its events are numbered on from there",
            null=True,
        ),
        _c("rows_read", "BIGINT", "rows read of it, those refused for what they say included", null=True),
        _c("unread", "BIGINT", "optional values in it that could not be read", null=True),
        _c("filled", "VARCHAR", "columns of the config that a row of it fills, by number, as '0 1 4'", null=True),
        _c("basis", "VARCHAR", "sha256 of the part of the config that says what its rows are", null=True),
    ),
    ("source", "file"),
)
QUARANTINE = Table(
    "quarantine",
    "rejected row",
    ("source", "file", "line", "reason", "field"),
    (
        _c("source", "VARCHAR", "the source's name in the config"),
        _c("file", "VARCHAR", "path relative to the project"),
        _c("line", "BIGINT", "physical line of a text file, row of a Parquet file, from 1"),
        _c("reason", "VARCHAR", "why it was rejected: a code, see docs/reference/errors.md"),
        _c("field", "VARCHAR", "the column at fault, '' when it is the whole row"),
    ),
    ("source", "file", "line", "reason", "field"),
    published=True,
)
RECORD = Table(
    "record",
    "accepted row of a people source",
    ("record_no",),
    (
        _c("record_no", "BIGINT", "1..n in order of (source, record_key)"),
        _c("source", "VARCHAR", "the source's name in the config"),
        _c("record_key", "VARCHAR", "the row's key within its source", personal=_S),
        _c("updated_at", "TIMESTAMP", "when the row was last changed, UTC", null=True),
        _c("row_digest", "VARCHAR", "of every mapped value of the row: it changes when the row does", personal=_S),
    ),
    ("record_no",),
    slots=True,
)
"""Slots hold values as the source wrote them, trimmed; a date that fits its format is ISO (2001-12-31), one
that does not stays as written. NULL when missing, never ''."""

RECORD_ID = Table(
    "record_id",
    "identifier of a record, as written",
    ("record_no", "id_type", "id_value"),
    (
        _c("record_no", "BIGINT", "the record"),
        _c("id_type", "VARCHAR", "kind of identifier, the name under `ids` in the config"),
        _c("id_value", "VARCHAR", "the value as the source wrote it, trimmed", personal=_D),
    ),
)
EVENT = Table(
    "event",
    "accepted row of an event-like source",
    ("event_no",),
    (
        _c("event_no", "BIGINT", "internal number; never published"),
        _c("source", "VARCHAR", "the source's name in the config"),
        _c("event_key", "VARCHAR", "the row's key within its source, where it has one", null=True, personal=_S),
        _c("kind", "VARCHAR", "events, transactions, mentions or survey"),
        _c("channel", "VARCHAR", "where it happened: web, store, email, ..."),
        _c("time", "TIMESTAMP", "when it happened, UTC", null=True),
        _c("type", "VARCHAR", "what happened: view, purchase, refund, open, ...", null=True),
        _c("amount", "DECIMAL(18,4)", "money or other value", null=True, personal=_P),
        _c("currency", "VARCHAR", "ISO 4217 code", null=True),
        _c("category", "VARCHAR", "what it was about", null=True, personal=_P),
        _c("campaign", "VARCHAR", "the campaign that it came from", null=True),
        _c("score", "DECIMAL(9,4)", "the answer of a survey", null=True, personal=_P),
        _c("sentiment", "DECIMAL(9,4)", "tone of a text, -1 to 1", null=True, personal=_P),
        _c("reach", "BIGINT", "people who saw it", null=True),
        _c("likes", "BIGINT", "likes, helpful votes and the like that it got", null=True),
        _c("followers", "BIGINT", "followers of who wrote it, at that time", null=True, personal=_P),
        _c("score_worst", "DECIMAL(9,4)", "worst answer of the survey's scale, where the config says it", null=True),
        _c("score_best", "DECIMAL(9,4)", "best answer of it", null=True),
        _c("case_id", "VARCHAR", "the ticket or order that several rows belong to", null=True, personal=_S),
        _c("due_at", "TIMESTAMP", "when it was promised, UTC", null=True),
        _c("ended_at", "TIMESTAMP", "when it was over, UTC", null=True),
        _c("medium", "VARCHAR", "how it came: utm_medium", null=True),
        _c("origin", "VARCHAR", "from where it came: utm_source", null=True),
    ),
    ("event_no",),
)
EVENT_ID = Table(
    "event_id",
    "identifier of an event, as written",
    ("event_no", "id_type", "id_value"),
    (
        _c("event_no", "BIGINT", "the event"),
        _c("id_type", "VARCHAR", "kind of identifier, the name under `ids` in the config"),
        _c("id_value", "VARCHAR", "the value as the source wrote it, trimmed", personal=_D),
    ),
)
DECISION = Table(
    "decision",
    "row of decisions.csv",
    ("line",),
    (
        _c("line", "BIGINT", "where the row begins in the file"),
        _c("action", "VARCHAR", "link, unlink or pin"),
        _c("source_a", "VARCHAR", "source of one record"),
        _c("record_key_a", "VARCHAR", "key of that record", personal=_S),
        _c("record_no_a", "BIGINT", "the record, where the data still has it", null=True),
        _c("source_b", "VARCHAR", "source of the other record; a pin has none", null=True),
        _c("record_key_b", "VARCHAR", "key of the other record", null=True, personal=_S),
        _c("record_no_b", "BIGINT", "the record, where the data still has it", null=True),
        _c("field", "VARCHAR", "the field that a pin is about", null=True),
        _c("value", "VARCHAR", "the value that it pins", null=True, personal=_D),
        _c("who", "VARCHAR", "who decided", null=True, personal=_P),
        _c("decided_at", "VARCHAR", "when, as written", null=True),
        _c("reason", "VARCHAR", "why, as written", null=True, personal=_P),
    ),
    ("line",),
)
ENRICHMENT = Table(
    "enrichment",
    "attribute of a joining value",
    ("source", "join_field", "join_value", "attribute"),
    (
        _c("source", "VARCHAR", "the source's name in the config"),
        _c("join_field", "VARCHAR", "the people field or identifier type that it is joined by"),
        _c("join_value", "VARCHAR", "the value as written, trimmed", personal=_P),
        _c("attribute", "VARCHAR", "name of the attribute"),
        _c("value", "VARCHAR", "value of the attribute", null=True, personal=_P),
    ),
)
CONSENT_ROW = Table(
    "consent_row",
    "accepted row of a consent source",
    ("consent_no",),
    (
        _c("consent_no", "BIGINT", "internal number"),
        _c("source", "VARCHAR", "the source's name in the config"),
        _c("id_type", "VARCHAR", "kind of identifier"),
        _c("id_value", "VARCHAR", "the value as written, trimmed", personal=_D),
        _c("purpose", "VARCHAR", "what for: marketing, analytics, ..."),
        _c("channel", "VARCHAR", "by which channel, '' for all"),
        _c("status", "VARCHAR", "granted, denied or unknown", personal=_P),
        _c("time", "TIMESTAMP", "when it was said, UTC", null=True),
        _c("expires_at", "TIMESTAMP", "until when it holds, UTC", null=True),
    ),
)

# ---- normalise -> link, stitch ----------------------------------------------------------------------

CONSENT_IDENTIFIER = Table(
    "consent_identifier",
    "identifier of a consent row, normalised",
    ("consent_no", "id_type", "id_value"),
    (
        _c("consent_no", "BIGINT", "the row of consent_row"),
        _c("id_type", "VARCHAR", "kind of identifier"),
        _c("id_value", "VARCHAR", "normalised value", personal=_D),
    ),
)
RECORD_NORM = Table(
    "record_norm",
    "record, comparable",
    ("record_no",),
    (
        _c("record_no", "BIGINT", "the record"),
        _c("source", "VARCHAR", "the source's name in the config"),
    ),
    ("record_no",),
    slots=True,
)
"""Besides the slots of every compared field (folded to lower-case ASCII, NULL when missing, never ''), each
slot has its derived columns by type; `cxid.config.fields.norm_columns` lists them."""

NORM_RULE = Table(
    "norm_rule",
    "thing learned from all records of how their values are read",
    ("rule", "about", "value"),
    (
        _c("rule", "VARCHAR", "kind: letters of genders, words that are names, filler dates, order of names, hashes"),
        _c("about", "VARCHAR", "the source, field or type of identifier"),
        _c("value", "VARCHAR", "what was learned", personal=_P),
    ),
    ("rule", "about", "value"),
)
"""Where it is what it was in the run before, so is what becomes of a record that did not change."""

RECORD_NAME = Table(
    "record_name",
    "record whose whole name is taken apart",
    ("record_no",),
    (
        _c("record_no", "BIGINT", "the record"),
        _c("given_name", "VARCHAR", "as the source wrote it within the whole name", null=True, personal=_D),
        _c("middle_name", "VARCHAR", "as the source wrote it within the whole name", null=True, personal=_D),
        _c("family_name", "VARCHAR", "as the source wrote it within the whole name", null=True, personal=_D),
    ),
)
"""Filled when other sources hold names in parts. A part is NULL where the record has a column of its own for it."""

RECORD_IDENTIFIER = Table(
    "record_identifier",
    "identifier of a record, normalised",
    ("record_no", "id_type", "id_value"),
    (
        _c("record_no", "BIGINT", "the record"),
        _c("id_type", "VARCHAR", "kind of identifier; email and phone fields are here too"),
        _c("id_value", "VARCHAR", "normalised value", personal=_D),
    ),
)
EVENT_IDENTIFIER = Table(
    "event_identifier",
    "identifier of an event, normalised",
    ("event_no", "id_type", "id_value"),
    (
        _c("event_no", "BIGINT", "the event"),
        _c("id_type", "VARCHAR", "kind of identifier"),
        _c("id_value", "VARCHAR", "normalised value", personal=_D),
    ),
)

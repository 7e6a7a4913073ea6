"""Every table that one stage hands to another or to the user: grain, key, columns, order, personal data.

Stages meet here and nowhere else. The pipeline checks each table against its contract after the stage
that writes it. A table with `slots` has, besides its fixed columns, one VARCHAR column for each slot of
the people fields that the config maps (see `cxid.model.Field`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Personal(StrEnum):
    """How close a column is to a person; decides masking, logging and erasure."""

    NONE = "none"
    PSEUDONYM = "pseudonym"  # an id that means nothing outside
    PERSONAL = "personal"  # says something about a person
    DIRECT = "direct"  # names or reaches a person


@dataclass(frozen=True)
class Column:
    """One column: its SQL type, whether it may be missing, how personal it is, what it means."""

    name: str
    type: str
    note: str
    nullable: bool = False
    personal: Personal = Personal.NONE


@dataclass(frozen=True)
class Table:
    """One table. `key` is unique and never null; `order` is the total order it is published in."""

    name: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    order: tuple[str, ...] = ()
    slots: bool = False
    published: bool = False


def _c(name: str, type_: str, note: str, *, null: bool = False, personal: Personal = Personal.NONE) -> Column:
    return Column(name, type_, note, null, personal)


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
        _c("header_lines", "BIGINT", "1 for CSV, else 0"),
        _c("accepted", "BIGINT", "rows taken"),
        _c("value_newlines", "BIGINT", "line breaks inside accepted values"),
        _c("rejected_lines", "BIGINT", "physical lines in quarantine"),
        _c("blank_lines", "BIGINT", "empty lines"),
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
        _c("reason", "VARCHAR", "reason code, see docs/reference/quarantine.md"),
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
ENRICHMENT = Table(
    "enrichment",
    "attribute of a joining value",
    ("source", "join_field", "join_value", "attribute"),
    (
        _c("source", "VARCHAR", "the source's name in the config"),
        _c("join_field", "VARCHAR", "the people field or identifier type that it is joined by"),
        _c("join_value", "VARCHAR", "the value as written, trimmed", personal=_P),
        _c("attribute", "VARCHAR", "name of the attribute"),
        _c("value", "VARCHAR", "its value", null=True, personal=_P),
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

RECORD_NAME = Table(
    "record_name",
    "record whose whole name is taken apart",
    ("record_no",),
    (
        _c("record_no", "BIGINT", "the record"),
        _c("given_name", "VARCHAR", "as the source wrote it within the whole name", null=True, personal=_D),
        _c("middle_name", "VARCHAR", "the same", null=True, personal=_D),
        _c("family_name", "VARCHAR", "the same", null=True, personal=_D),
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

# ---- link -> stitch, report -------------------------------------------------------------------------

BLOCKING_RULE = Table(
    "blocking_rule",
    "blocking rule",
    ("rule_no",),
    (
        _c("rule_no", "INTEGER", "bit position in link_pair.rules"),
        _c("rule", "VARCHAR", "the rule in words, e.g. family_name + birth_date year"),
        _c("pairs", "BIGINT", "pairs it proposes"),
        _c("largest_block", "BIGINT", "records that share its most common key"),
        _c("matches", "BIGINT", "of its pairs, how many score above the cut"),
    ),
    ("rule_no",),
)
LINK_PATTERN = Table(
    "link_pattern",
    "agreement pattern",
    ("pattern", "field"),
    (
        _c("pattern", "BIGINT", "packed levels of all fields"),
        _c("field", "VARCHAR", "the compared field"),
        _c("level", "VARCHAR", "the level of agreement in words"),
        _c("weight", "BIGINT", "micro-bits that this level adds"),
    ),
    ("pattern", "field"),
)
LINK_PAIR = Table(
    "link_pair",
    "scored pair of records",
    ("record_no_a", "record_no_b"),
    (
        _c("record_no_a", "BIGINT", "the smaller record"),
        _c("record_no_b", "BIGINT", "the larger record"),
        _c("rules", "BIGINT", "bits of the blocking rules that proposed it; 0: identical records, a star per group"),
        _c("pattern", "BIGINT", "packed levels of all fields"),
        _c("weight", "BIGINT", "micro-bits: log2 of match over all else, times 1,000,000"),
        _c("probability", "INTEGER", "match probability in millionths"),
        _c("household", "INTEGER", "probability of one household, not one person, in millionths"),
    ),
    ("record_no_a", "record_no_b"),
)
LINK_MODEL = Table(
    "link_model",
    "level of a compared field",
    ("field", "level_no"),
    (
        _c("field", "VARCHAR", "the compared field"),
        _c("level_no", "INTEGER", "from 0"),
        _c("level", "VARCHAR", "the level in words"),
        _c("m", "DECIMAL(18,9)", "share of matching pairs at this level"),
        _c("u", "DECIMAL(18,9)", "share of unrelated pairs at this level"),
        _c("weight", "BIGINT", "micro-bits against unrelated pairs"),
        _c("pairs", "BIGINT", "candidate pairs at this level"),
    ),
    ("field", "level_no"),
)
LINK_SUMMARY = Table(
    "link_summary",
    "figure of the linkage",
    ("name",),
    (
        _c("name", "VARCHAR", "records, candidates, all_pairs, prior_millionths, expected_matches, status, ..."),
        _c("value", "VARCHAR", "the figure as text"),
    ),
    ("name",),
)

# ---- stitch -> golden, profile, report -----------------------------------------------------------------

RECORD_CUSTOMER = Table(
    "record_customer",
    "record",
    ("record_no",),
    (
        _c("record_no", "BIGINT", "the record"),
        _c("customer_id", "VARCHAR", "the customer", personal=_S),
        _c("link_kind", "VARCHAR", "exact, model, decision, stitch or single"),
        _c("probability", "INTEGER", "millionths: of its best link within the customer; 1000000 when single"),
    ),
    ("record_no",),
)
IDENTIFIER_CUSTOMER = Table(
    "identifier_customer",
    "identifier",
    ("id_type", "id_value"),
    (
        _c("id_type", "VARCHAR", "kind of identifier"),
        _c("id_value", "VARCHAR", "normalised value", personal=_D),
        _c("customer_id", "VARCHAR", "the customer", personal=_S),
        _c("link_kind", "VARCHAR", "stitch or single"),
        _c("probability", "INTEGER", "millionths"),
    ),
)
EVENT_CUSTOMER = Table(
    "event_customer",
    "event",
    ("event_no",),
    (
        _c("event_no", "BIGINT", "the event"),
        _c("customer_id", "VARCHAR", "the customer", null=True, personal=_S),
        _c("id_type", "VARCHAR", "the kind of identifier that decided", null=True),
    ),
)
CUSTOMER = Table(
    "customer",
    "customer",
    ("customer_id",),
    (
        _c("customer_id", "VARCHAR", "stable id", personal=_S),
        _c("is_known", "BOOLEAN", "has a record or an identifier that names a person, not only a device"),
        _c("record_count", "BIGINT", "records joined"),
        _c("identifier_count", "BIGINT", "identifiers stitched"),
        _c("weakest", "INTEGER", "probability of its weakest necessary link, millionths"),
        _c("needs_review", "BOOLEAN", "a link in the review band holds it, or a guard was at work"),
    ),
    ("customer_id",),
)
MATCH_GROUP = Table(
    "match_group",
    "customer with 2 or more records",
    ("customer_id",),
    (
        _c("customer_id", "VARCHAR", "the customer", personal=_S),
        _c("size", "BIGINT", "records"),
        _c("edges", "BIGINT", "scored pairs above the cut inside"),
        _c("density", "DECIMAL(9,6)", "edges over possible pairs"),
        _c("weakest_probability", "DECIMAL(9,6)", "of its weakest necessary link"),
        _c("flags", "VARCHAR", "why it deserves a look, '' when it does not"),
    ),
    ("customer_id",),
    published=True,
)
REFUSED_MERGE = Table(
    "refused_merge",
    "merge that a guard refused",
    ("record_no_a", "record_no_b", "guard"),
    (
        _c("record_no_a", "BIGINT", "a record on one side"),
        _c("record_no_b", "BIGINT", "a record on the other"),
        _c("guard", "VARCHAR", "never_merge, one_per_source, hub, group_size or evidence"),
        _c("detail", "VARCHAR", "field, source or identifier type at work"),
    ),
    ("record_no_a", "record_no_b", "guard"),
)
HUB_IDENTIFIER = Table(
    "hub_identifier",
    "identifier that names nobody",
    ("id_type", "id_value"),
    (
        _c("id_type", "VARCHAR", "kind of identifier"),
        _c("id_value", "VARCHAR", "normalised value", personal=_D),
        _c("people", "BIGINT", "different people who carry it"),
        _c("reason", "VARCHAR", "shared, configured or placeholder"),
    ),
)

# ---- published ------------------------------------------------------------------------------------------

IDENTITY_MAP = Table(
    "identity_map",
    "source record or identifier",
    ("source", "record_key", "id_type", "id_value"),
    (
        _c("customer_id", "VARCHAR", "the customer", personal=_S),
        _c("source", "VARCHAR", "the record's source, '' for an identifier"),
        _c("record_key", "VARCHAR", "the record's key, '' for an identifier", personal=_S),
        _c("id_type", "VARCHAR", "kind of identifier, '' for a record"),
        _c("id_value", "VARCHAR", "the identifier's normalised value, '' for a record", personal=_D),
        _c("link_kind", "VARCHAR", "exact, model, decision, stitch or single"),
        _c("probability", "DECIMAL(9,6)", "of its best link within the customer"),
        _c("since_run", "VARCHAR", "the run in which it came to this customer"),
    ),
    ("source", "record_key", "id_type", "id_value"),
    published=True,
)
GOLDEN_CUSTOMER = Table(
    "golden_customer",
    "customer",
    ("customer_id",),
    (
        _c("customer_id", "VARCHAR", "the customer", personal=_S),
        # the people fields stand here, one column per slot, in config order
        _c("is_known", "BOOLEAN", "has a record or an identifier that names a person, not only a device"),
        _c("record_count", "BIGINT", "records joined"),
        _c("source_count", "BIGINT", "sources that know the customer, events included"),
        _c("sources", "VARCHAR", "their names, sorted, joined by comma"),
        _c("first_seen", "TIMESTAMP", "earliest record or event", null=True),
        _c("last_seen", "TIMESTAMP", "latest record or event", null=True),
        _c("confidence", "DECIMAL(9,6)", "probability of the weakest necessary link"),
        _c("completeness", "DECIMAL(9,6)", "share of the people fields that have a value"),
        _c("needs_review", "BOOLEAN", "a link in the review band holds it, or a guard was at work"),
    ),
    ("customer_id",),
    slots=True,
    published=True,
)
GOLDEN_PROVENANCE = Table(
    "golden_provenance",
    "customer x field slot",
    ("customer_id", "field"),
    (
        _c("customer_id", "VARCHAR", "the customer", personal=_S),
        _c("field", "VARCHAR", "the slot's column in golden_customer"),
        _c("value", "VARCHAR", "the golden value", personal=_D),
        _c("source", "VARCHAR", "where it comes from"),
        _c("record_key", "VARCHAR", "the record it comes from", personal=_S),
        _c("rule", "VARCHAR", "the survivorship rule that chose it"),
        _c("updated_at", "TIMESTAMP", "when that record was last changed, UTC", null=True),
        _c("losing_values", "VARCHAR", "JSON list of {value, source, record_key}, best first", personal=_D),
        _c("conflict", "BOOLEAN", "a losing value differs also when normalised"),
    ),
    ("customer_id", "field"),
    published=True,
)
TOUCHPOINT = Table(
    "touchpoint",
    "event",
    (),
    (
        _c("customer_id", "VARCHAR", "the customer; NULL when no identifier says who", null=True, personal=_S),
        _c("time", "TIMESTAMP", "when it happened, UTC", null=True),
        _c("channel", "VARCHAR", "where it happened"),
        _c("source", "VARCHAR", "the source's name in the config"),
        _c("event_key", "VARCHAR", "the row's key within its source", null=True, personal=_S),
        _c("type", "VARCHAR", "what happened", null=True),
        _c("value", "DECIMAL(18,4)", "money or other value", null=True, personal=_P),
        _c("currency", "VARCHAR", "ISO 4217 code", null=True),
        _c("campaign", "VARCHAR", "the campaign that it came from", null=True),
        _c("sentiment", "DECIMAL(9,4)", "tone of a text, -1 to 1", null=True, personal=_P),
        _c("stage", "VARCHAR", "stage of the customer when it happened", null=True),
    ),
    (
        "customer_id",
        "time",
        "source",
        "event_key",
        "channel",
        "type",
        "value",
        "currency",
        "campaign",
        "sentiment",
        "stage",
    ),
    published=True,
)
PROFILE = Table(
    "profile",
    "customer",
    ("customer_id",),
    (
        _c("customer_id", "VARCHAR", "the customer", personal=_S),
        _c("as_of", "TIMESTAMP", "the moment that the profile speaks of, UTC"),
    ),
    ("customer_id",),
    published=True,
)
"""Besides these, the columns of `cxid.stages.profile.attributes`, section by section."""

MATCH_PAIR = Table(
    "match_pair",
    "scored pair above the floor",
    ("source_a", "record_key_a", "source_b", "record_key_b"),
    (
        _c("source_a", "VARCHAR", "source of one record"),
        _c("record_key_a", "VARCHAR", "its key", personal=_S),
        _c("source_b", "VARCHAR", "source of the other"),
        _c("record_key_b", "VARCHAR", "its key", personal=_S),
        _c("rules", "VARCHAR", "blocking rules that proposed it, joined by '; '"),
        _c("levels", "VARCHAR", "field=level (bits) for every field, joined by '; '"),
        _c("weight", "DECIMAL(18,6)", "log2 of match over all else"),
        _c("probability", "DECIMAL(9,6)", "match probability"),
        _c("decision", "VARCHAR", "merged, review or apart"),
        _c("decided_by", "VARCHAR", "model, stitch, decision, or the guard that refused"),
    ),
    ("source_a", "record_key_a", "source_b", "record_key_b"),
    published=True,
)

REPORT_FIGURE = Table(
    "report_figure",
    "figure of the report",
    ("section", "row_no", "name"),
    (
        _c("section", "VARCHAR", "funnel, sources, quarantine, blocking, weights, model, groups, events, ..."),
        _c("row_no", "INTEGER", "row of the section, from 1"),
        _c("label", "VARCHAR", "what the row is about: a source, a field, a rule, a group's customer_id", personal=_S),
        _c("name", "VARCHAR", "the figure's name"),
        _c("value", "VARCHAR", "the figure as text; one that is missing has no row"),
    ),
)

TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        SOURCE_FILE,
        QUARANTINE,
        RECORD,
        RECORD_ID,
        EVENT,
        EVENT_ID,
        ENRICHMENT,
        CONSENT_ROW,
        RECORD_NORM,
        RECORD_IDENTIFIER,
        EVENT_IDENTIFIER,
        BLOCKING_RULE,
        LINK_PATTERN,
        LINK_PAIR,
        LINK_MODEL,
        LINK_SUMMARY,
        RECORD_CUSTOMER,
        IDENTIFIER_CUSTOMER,
        EVENT_CUSTOMER,
        CUSTOMER,
        MATCH_GROUP,
        REFUSED_MERGE,
        HUB_IDENTIFIER,
        IDENTITY_MAP,
        GOLDEN_CUSTOMER,
        GOLDEN_PROVENANCE,
        TOUCHPOINT,
        PROFILE,
        MATCH_PAIR,
        REPORT_FIGURE,
    )
}
PUBLISHED: tuple[Table, ...] = tuple(t for t in TABLES.values() if t.published)

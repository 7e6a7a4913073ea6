"""Every table that one stage hands to another or to the user: grain, key, columns, order, personal data.

Stages meet here and nowhere else. The pipeline checks each table against its contract after the stage
that writes it. A table with `slots` has, besides its fixed columns, one VARCHAR column for each slot of
the people fields that the config maps (see `cxid.model.Field`).
"""

from __future__ import annotations

from cxid.contracts.links import (
    BLOCKING_RULE,
    CUSTOMER,
    EVENT_CUSTOMER,
    HUB_IDENTIFIER,
    IDENTIFIER_CUSTOMER,
    LINK_CLASS,
    LINK_MODEL,
    LINK_PAIR,
    LINK_PATTERN,
    LINK_SUMMARY,
    LINK_TIE,
    MATCH_GROUP,
    RECORD_CUSTOMER,
    REFUSED_MERGE,
)
from cxid.contracts.published import (
    GOLDEN_CUSTOMER,
    GOLDEN_PROVENANCE,
    IDENTITY_MAP,
    MATCH_PAIR,
    PROFILE,
    REPORT_FIGURE,
    TOUCHPOINT,
)
from cxid.contracts.rows import (
    CONSENT_ROW,
    DECISION,
    ENRICHMENT,
    EVENT,
    EVENT_ID,
    EVENT_IDENTIFIER,
    QUARANTINE,
    RECORD,
    RECORD_ID,
    RECORD_IDENTIFIER,
    RECORD_NAME,
    RECORD_NORM,
    SOURCE_FILE,
)
from cxid.contracts.table import Column, Personal, Table

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
        DECISION,
        RECORD_NORM,
        RECORD_NAME,
        RECORD_IDENTIFIER,
        EVENT_IDENTIFIER,
        BLOCKING_RULE,
        LINK_PATTERN,
        LINK_PAIR,
        LINK_CLASS,
        LINK_MODEL,
        LINK_SUMMARY,
        LINK_TIE,
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

__all__ = [
    "BLOCKING_RULE",
    "CONSENT_ROW",
    "CUSTOMER",
    "DECISION",
    "ENRICHMENT",
    "EVENT",
    "EVENT_CUSTOMER",
    "EVENT_ID",
    "EVENT_IDENTIFIER",
    "GOLDEN_CUSTOMER",
    "GOLDEN_PROVENANCE",
    "HUB_IDENTIFIER",
    "IDENTIFIER_CUSTOMER",
    "IDENTITY_MAP",
    "LINK_CLASS",
    "LINK_MODEL",
    "LINK_PAIR",
    "LINK_PATTERN",
    "LINK_SUMMARY",
    "LINK_TIE",
    "MATCH_GROUP",
    "MATCH_PAIR",
    "PROFILE",
    "PUBLISHED",
    "QUARANTINE",
    "RECORD",
    "RECORD_CUSTOMER",
    "RECORD_ID",
    "RECORD_IDENTIFIER",
    "RECORD_NAME",
    "RECORD_NORM",
    "REFUSED_MERGE",
    "REPORT_FIGURE",
    "SOURCE_FILE",
    "TABLES",
    "TOUCHPOINT",
    "Column",
    "Personal",
    "Table",
]

"""Tables of pairs and customers: what link, stitch and report hand on."""

from __future__ import annotations

from cxid.contracts.table import Personal, Table
from cxid.contracts.table import column as _c

_P, _D, _S = Personal.PERSONAL, Personal.DIRECT, Personal.PSEUDONYM

# ---- link -> stitch, report -------------------------------------------------------------------------

BLOCKING_RULE = Table(
    "blocking_rule",
    "rule that proposes pairs",
    ("rule_no",),
    (
        _c("rule_no", "INTEGER", "number of the rule in match_pair.rules, its bit in link_pair.rules"),
        _c("rule", "VARCHAR", "the rule in words, e.g. family_name + birth_date year"),
        _c("pairs", "BIGINT", "pairs it proposes"),
        _c("largest_block", "BIGINT", "records that share its most common key"),
        _c("matches", "BIGINT", "of its pairs, how many score above the cut"),
    ),
    ("rule_no",),
    published=True,
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
        _c("rivals", "BIGINT", "micro-bits of the weight that the pattern does not tell: other candidates in a source"),
    ),
    ("record_no_a", "record_no_b"),
)
LINK_COMPARED = Table(
    "link_compared",
    "pair of records that was compared",
    ("record_no_a", "record_no_b"),
    (
        _c("record_no_a", "BIGINT", "the smaller record"),
        _c("record_no_b", "BIGINT", "the larger record"),
        _c("pattern", "BIGINT", "packed levels of all fields"),
    ),
    ("record_no_a", "record_no_b"),
)
"""Also pairs that are not scored: the next build need not compare them again."""

LINK_FIELD = Table(
    "link_field",
    "compared field",
    ("field_no",),
    (
        _c("field_no", "INTEGER", "position in the pattern"),
        _c("field", "VARCHAR", "the compared field; last, where there are several sources, where records come from"),
        _c("type", "VARCHAR", "what its values mean, which says how they are compared"),
        _c("slots", "VARCHAR", "columns of the field in record_norm, joined by ','"),
        _c("largest", "BIGINT", "records that carry its most common value"),
    ),
    ("field_no",),
)
LINK_SOURCE = Table(
    "link_source",
    "people source",
    ("source",),
    (
        _c("source", "VARCHAR", "the source's name in the config"),
        _c("absent", "BIGINT", "a bit for each compared field that the source does not carry"),
    ),
    ("source",),
)
LINK_MODEL = Table(
    "link_model",
    "level of a compared field",
    ("field", "level_no"),
    (
        _c("field", "VARCHAR", "the compared field"),
        _c("level_no", "INTEGER", "number of the level within the field, from 0"),
        _c("level", "VARCHAR", "the level in words"),
        _c("m", "DECIMAL(18,9)", "share of matching pairs at this level"),
        _c("u", "DECIMAL(18,9)", "share of unrelated pairs at this level"),
        _c("weight", "BIGINT", "micro-bits against unrelated pairs"),
        _c("pairs", "BIGINT", "candidate pairs at this level"),
    ),
    ("field", "level_no"),
)
LINK_CLASS = Table(
    "link_class",
    "level of a compared field in one kind of pairs",
    ("class_no", "field_no", "level_no"),
    (
        _c("class_no", "INTEGER", "0: one person; the last: unrelated; between: households and other structure"),
        _c("field_no", "INTEGER", "position in the pattern; -1: the share of the class among all pairs"),
        _c("level_no", "INTEGER", "number of the level within the field, from 0"),
        _c("kind", "VARCHAR", "exact, partial, different, missing, neutral, context; prior"),
        _c("nano_bits", "BIGINT", "log2 of the share, times 1,000,000,000"),
    ),
    ("class_no", "field_no", "level_no"),
)
LINK_TIE = Table(
    "link_tie",
    "two fields that unrelated pairs tend to share together",
    ("field_no_a", "field_no_b", "agree_a", "agree_b"),
    (
        _c("field_no_a", "INTEGER", "position in the pattern"),
        _c("field_no_b", "INTEGER", "position in the pattern"),
        _c("agree_a", "INTEGER", "1: the first field agrees exactly"),
        _c("agree_b", "INTEGER", "1: the second field agrees exactly"),
        _c("nano_bits", "BIGINT", "log2 of how much likelier that is than independence says, times 1,000,000,000"),
    ),
    ("field_no_a", "field_no_b", "agree_a", "agree_b"),
)
LINK_BAND = Table(
    "link_band",
    "value of a compared field that is not of the rarest band",
    ("field_no", "value"),
    (
        _c("field_no", "INTEGER", "position in the pattern"),
        _c("value", "VARCHAR", "the normalised value", personal=_D),
        _c("band", "INTEGER", "how common it is, from 1 to 5: the level of an exact agreement on it"),
    ),
    ("field_no", "value"),
)
LINK_ALONE = Table(
    "link_alone",
    "people source, with another one",
    ("source", "other_source"),
    (
        _c("source", "VARCHAR", "the source's name in the config"),
        _c("other_source", "VARCHAR", "the other source's name"),
        _c("alone", "BIGINT", "of a million records of the source, how many have nobody to be in the other"),
    ),
    ("source", "other_source"),
)
LINK_TAUGHT = Table(
    "link_taught",
    "figure of what decisions teach",
    ("figure", "cell"),
    (
        _c("figure", "VARCHAR", "level, or start, slope, most, low, high, shift: see decisions/0103-refit"),
        _c("cell", "INTEGER", "number of the level among the levels of all fields; 0 for the others"),
        _c("nano_bits", "BIGINT", "the figure times 1,000,000,000"),
    ),
    ("figure", "cell"),
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
        _c("link_kind", "VARCHAR", "exact, model, composite, decision, stitch or single"),
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
        _c("probability", "INTEGER", "of its link to the customer, in millionths"),
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
        _c(
            "flags",
            "VARCHAR",
            "why it deserves a look, joined by '; ', '' when it does not; see docs/reference/errors.md",
        ),
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
FORMER_MEMBER = Table(
    "former_member",
    "record or identifier that an ended id held last",
    ("customer_id", "source", "record_key", "id_type", "id_value"),
    (
        _c("customer_id", "VARCHAR", "the ended id", personal=_S),
        _c("source", "VARCHAR", "the record's source, '' for an identifier"),
        _c("record_key", "VARCHAR", "the record's key, '' for an identifier", personal=_S),
        _c("id_type", "VARCHAR", "kind of identifier, '' for a record"),
        _c("id_value", "VARCHAR", "the identifier's normalised value, '' for a record", personal=_D),
    ),
)
"""What says whether an id comes back when a merge is undone, and who holds most of it meanwhile."""

IDENTITY_BASIS = Table(
    "identity_basis",
    "part of the config that decides who is who",
    ("part",),
    (
        _c("part", "VARCHAR", "match, or the name of a source after the word source"),
        _c("digest", "VARCHAR", "sha256 of what the config says there"),
    ),
    ("part",),
)

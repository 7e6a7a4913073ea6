"""Tables that users get."""

from __future__ import annotations

from cxid.contracts.table import Personal, Table, View
from cxid.contracts.table import column as _c

_P, _D, _S = Personal.PERSONAL, Personal.DIRECT, Personal.PSEUDONYM

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
        _c("link_kind", "VARCHAR", "exact, model, composite, decision, stitch or single"),
        _c("probability", "DECIMAL(9,6)", "of its best link within the customer"),
        _c("since_run", "VARCHAR", "the run in which it came to this customer"),
    ),
    ("source", "record_key", "id_type", "id_value"),
    published=True,
)
IDENTITY_EVENT = Table(
    "identity_event",
    "event in the life of a customer id",
    ("run_no", "event", "customer_id", "other_customer_id"),
    (
        _c("run_id", "VARCHAR", "the run in which it happened"),
        _c("run_no", "INTEGER", "number of that run: larger is later"),
        _c("event", "VARCHAR", "created, split, merged, absorbed or retired: see docs/explanation/identity.md"),
        _c("customer_id", "VARCHAR", "the id whose life it is", personal=_S),
        _c("other_customer_id", "VARCHAR", "the other id at it, '' when none", personal=_S),
        _c("records", "BIGINT", "records that moved between the two; of created: held, of retired: lost"),
        _c("identifiers", "BIGINT", "identifiers that moved between the two; of created: held, of retired: lost"),
        _c("cause", "VARCHAR", "data, config or decision: what changed since the run before"),
    ),
    ("run_no", "event", "customer_id", "other_customer_id"),
    published=True,
)
CUSTOMER_ALIAS = Table(
    "customer_alias",
    "customer id of the past that is in use no more",
    ("old_customer_id",),
    (
        _c("old_customer_id", "VARCHAR", "the id as it was published once", personal=_S),
        _c(
            "customer_id",
            "VARCHAR",
            "the customer that holds most of it now; missing when retired",
            null=True,
            personal=_S,
        ),
        _c("since_run", "VARCHAR", "the run since which that is so"),
    ),
    ("old_customer_id",),
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
        _c("sources", "VARCHAR", "names of the sources that know the customer, sorted, joined by comma"),
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
        _c("updated_at", "TIMESTAMP", "when the record with the golden value was last changed, UTC", null=True),
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
        _c("stage", "VARCHAR", "stage that it found the customer in; missing after as_of", null=True),
        _c("medium", "VARCHAR", "by what kind of way it came: cpc, email, referral ...", null=True),
        _c("origin", "VARCHAR", "from where it came: google, newsletter ...", null=True),
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
        "medium",
        "origin",
    ),
    published=True,
)
CUSTOMER_STAGE = Table(
    "customer_stage",
    "customer x time in one stage, up to as_of",
    ("customer_id", "since"),
    (
        _c("customer_id", "VARCHAR", "the customer", personal=_S),
        _c("stage", "VARCHAR", "unknown, aware, engaged, customer, repeat, advocate, at_risk or lapsed", personal=_P),
        _c("since", "TIMESTAMP", "when it began, UTC"),
        _c("until", "TIMESTAMP", "when the next one began; missing in the stage of as_of", null=True),
    ),
    ("customer_id", "since"),
    published=True,
)
"""A customer of whom no event is known has no row: unknown throughout, as everybody before the first row."""

HOUSEHOLD = Table(
    "household",
    "customer whose home is known, or who is joined to another",
    ("customer_id",),
    (
        _c("customer_id", "VARCHAR", "the customer", personal=_S),
        _c("household_id", "VARCHAR", "stable id of the household; customers who share it live together", personal=_S),
        _c("rule", "VARCHAR", "name_address, contact_address, linkage, name_contact; alone: no other is known"),
    ),
    ("customer_id",),
    published=True,
)
CONSENT = Table(
    "consent",
    "customer x purpose x channel",
    ("customer_id", "purpose", "channel"),
    (
        _c("customer_id", "VARCHAR", "the customer", personal=_S),
        _c("purpose", "VARCHAR", "what for, in lower case"),
        _c("channel", "VARCHAR", "by which channel, in lower case; '' for all that have no row of their own"),
        _c("status", "VARCHAR", "granted, denied or unknown, at as_of of the profile", personal=_P),
        _c("source", "VARCHAR", "where the word that decided comes from"),
        _c("time", "TIMESTAMP", "when that was said, UTC", null=True),
        _c("expires_at", "TIMESTAMP", "until when a permission holds or held, UTC; missing: without end", null=True),
        _c("id_type", "VARCHAR", "kind of the identifier by which it was said"),
        _c("conflict", "BOOLEAN", "one identifier of the customer agrees and another refuses"),
        _c("withdrawn_at", "TIMESTAMP", "a refusal said after as_of: not in status, but exports obey it", null=True),
    ),
    ("customer_id", "purpose", "channel"),
    published=True,
)
VALUE_MODEL = Table(
    "value_model",
    "figure of a model of what customers are worth",
    ("model", "currency", "figure"),
    (
        _c("model", "VARCHAR", "bg_nbd (how often people buy), gamma_gamma (what they spend) or lifecycle"),
        _c("currency", "VARCHAR", "whose spending it is, '' where money plays no part or names no currency"),
        _c("figure", "VARCHAR", "fitted (1 or 0), a parameter, or something to judge the model by"),
        _c("value", "DECIMAL(28,6)", "the figure; what was seen, where something is expected", null=True),
        _c("low", "DECIMAL(28,6)", "of a parameter: lower end of its 95 % interval", null=True),
        _c("high", "DECIMAL(28,6)", "of a parameter: upper end", null=True),
        _c("expected", "DECIMAL(28,6)", "what the fitted model expects to see instead of `value`", null=True),
        _c("note", "VARCHAR", "why no model was fitted", null=True),
    ),
    ("model", "currency", "figure"),
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
        _c("record_key_a", "VARCHAR", "key of that record", personal=_S),
        _c("source_b", "VARCHAR", "source of the other"),
        _c("record_key_b", "VARCHAR", "key of the other record", personal=_S),
        _c("rules", "VARCHAR", "numbers of the blocking rules that proposed it, as in blocking_rule, or 'identical'"),
        _c("pattern", "BIGINT", "levels of agreement of its fields: the rows of match_level with this number"),
        _c("weight", "DECIMAL(18,6)", "log2 of match over all else: the bits of its levels and of rivals"),
        _c("rivals", "DECIMAL(18,6)", "bits of the weight that other candidates in the same source gave or took"),
        _c("probability", "DECIMAL(9,6)", "match probability"),
        _c("decision", "VARCHAR", "merged, review or apart"),
        _c("decided_by", "VARCHAR", "model, composite, stitch, decision, or the guard that refused"),
    ),
    ("source_a", "record_key_a", "source_b", "record_key_b"),
    published=True,
)

MATCH_LEVEL = Table(
    "match_level",
    "pattern of agreement x compared field",
    ("pattern", "field"),
    (
        _c("pattern", "BIGINT", "the pattern, as in match_pair of the same run"),
        _c("field", "VARCHAR", "the compared field"),
        _c("level", "VARCHAR", "the level of agreement in words"),
        _c("weight", "DECIMAL(18,6)", "bits that this level adds"),
    ),
    ("pattern", "field"),
    published=True,
)
MATCH_PAIR_IN_WORDS = View(
    "match_pair_in_words",
    "scored pair above the floor",
    ("match_pair", "match_level", "blocking_rule"),
    (
        *MATCH_PAIR.columns[:4],
        _c("rules", "VARCHAR", "blocking rules that proposed it, joined by '; '"),
        _c("levels", "VARCHAR", "field=level (bits) for every field, joined by '; '"),
        *MATCH_PAIR.columns[6:],
    ),
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

"""What every section and figure of a report means, and of which type it is: the reference page and the JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from cxid.figures.model import Finding
from cxid.figures.obstacles import Obstacle

_JSON: Mapping[str, Any] = {
    "count": {"type": "integer"}, "number": {"type": "number"}, "text": {"type": "string"},
    "any": {"type": ["integer", "number", "string"]},
}  # fmt: skip
"""Type of a figure -> its type in JSON: `any` is a number where it can be one, and text where not."""


@dataclass(frozen=True)
class Described:
    """A section: what a row is, what its label says, and (type, meaning) of each figure that a row may have."""

    grain: str
    label: str
    figures: Mapping[str, tuple[str, str]]


def _part(grain: str, label: str, **figures: str) -> Described:
    """Each figure as "type: meaning"."""
    told = {name: (said.partition(": ")[0], said.partition(": ")[2]) for name, said in figures.items()}
    return Described(grain, label, told)


_CUSTOMERS = "count: customers"
_PAIRS = "count: pairs of records"

DESCRIBED: Mapping[str, Described] = {
    "run": _part("fact about the run", "started_at, seconds, as_of, previous", amount="any: the fact; times are UTC"),
    "funnel": _part("step from rows to customers", "the step", amount="count: rows, records, events or customers"),
    "identity": _part(
        "kind of change of customers since the run before", "created, split, merged, retired or moved",
        changes="count: changes", records="count: records they concern", by_data="count: changes that data caused",
        by_config="count: changes that the config caused", by_decision="count: changes that decisions caused"),
    "sources": _part(
        "source", "the source", files="count: files", bytes="count: bytes", lines="count: physical lines",
        header="count: header lines", accepted="count: rows accepted", inside_values="count: line breaks inside values",
        quarantined="count: lines rejected", blank="count: blank lines", unaccounted="count: lines lost, always 0"),
    "quarantine": _part(
        "source, file, reason and field of rejected rows, the most frequent 50", "the source", file="text: the file",
        reason="text: code of the reason, see quarantine.md", field="text: column at fault, empty for the whole row",
        amount="count: rows", first_line="count: line of the first"),
    "blocking": _part(
        "blocking rule", "the rule in words", pairs="count: pairs it proposes",
        matches="count: of these, above the cut", largest_block="count: records that share its most common key"),
    "weights": _part("whole bit of match weight that pairs have; -20 and 40 stand for all beyond", "bits from",
                     pairs=_PAIRS),
    "model": _part(
        "level of agreement of a compared field", "the field", level="text: the level in words",
        m="number: share of matching pairs at this level", u="number: share of unrelated pairs at this level",
        weight="count: micro-bits it adds: log2 of m over u, times 1,000,000", pairs="count: candidate pairs at it"),
    "summary": _part("figure of the linkage", "the figure's name, see below", amount="any: the figure"),
    "joins": _part(
        "what became of scored pairs of records, and who decided", "merged, review or apart",
        decided_by="text: model, composite, stitch, decision, or the guard that refused", pairs=_PAIRS,
        doubtful="count: of these, in review, or joined below match.sure in a customer to review"),
    "lacking": _part(
        "compared field that pairs in doubt lack on one side", "the field", pairs="count: pairs in doubt",
        missing="count: of these, it is empty on one side", unmapped="count: of these, a source does not have it"),
    "groups": _part("size class of customers with records", "records", customers=_CUSTOMERS, records="count: records"),
    "suspicious": _part(
        "customer that deserves a look, the largest 20", "the customer_id", size="count: records",
        edges="count: pairs above the cut inside", density="number: edges over possible pairs",
        weakest_probability="number: probability of its weakest necessary link", flags="text: why"),
    "guards": _part("guard and what it looked at, the most frequent 50", "the guard",
                    detail="text: field, source or identifier type", refused="count: merges refused"),
    "hubs": _part(
        "kind of identifier and reason why values of it name nobody", "the kind of identifier",
        reason="text: shared, configured or placeholder", identifiers="count: values",
        most_people="count: people who carry the most common one"),
    "overlap": _part("pair of sources, a source with itself included", "a source", other="text: the other source",
                     customers="count: customers that both know"),
    "sets": _part("set of sources that know a customer together, the twenty with most customers",
                  "the sources, parted by commas", customers=_CUSTOMERS, known="count: of these, known customers"),
    "contributions": _part(
        "source that knows customers", "the source", records="count: people records", events="count: events",
        customers="count: customers it knows", only_here="count: of these, known to no other source",
        known_only_here="count: of these, known customers", golden_values="count: golden values that come from it"),
    "events": _part(
        "source of events", "the source", kind="text: kind of the source", events="count: events",
        of_a_customer="count: of these, of a customer", of_a_known_customer="count: of these, of a known customer",
        customers="count: customers who have any"),
    "ownerless": _part(
        "source and reason why events of it belong to nobody", "the source",
        reason="text: no_identifier, unusable (none can be read as its kind), names_nobody or undecided",
        events="count: events"),
    "deciders": _part("kind of identifier that brought events to their customer", "the kind", events="count: events"),
    "channels": _part("channel", "the channel", events="count: events of customers", customers=_CUSTOMERS),
    "months": _part("month of events, UTC, the last thirty-six", "the month", events="count: events"),
    "paths": _part("channel of the first touch with the stage of today", "the channel", stage="text: the stage",
                   customers="count: known customers"),
    "purchases": _part(
        "currency of purchases and refunds", "the currency, empty where none is said", customers=_CUSTOMERS,
        purchases="count: purchases", refunds="count: refunds", revenue="number: purchases less refunds",
        revenue_of_customers="number: of this, of customers"),
    "rfm": _part(
        "cell of recency and frequency quintiles", "segment and quintiles", segment="text: the segment",
        recency="count: quintile, 5 is latest", frequency="count: quintile, 5 is most often", customers=_CUSTOMERS),
    "worth": _part(
        "currency in which customers spend", "the currency", customers="count: buyers",
        foretold="count: of these, with an expectation", clv="number: expected in the next twelve months",
        baseline="number: what the last twelve months make a year"),
    "buying": _part("number of repeat purchases", "the number", customers="count: customers who made as many",
                    expected="count: customers that the model expects"),
    "unvalued": _part("model of value that was not fitted", "what it tells", currency="text: in which currency",
                      note="text: why not"),
    "stages": _part("stage of known customers", "the stage", customers=_CUSTOMERS),
    "shift": _part("stage a year before as_of with the one of as_of", "the stage then", stage="text: the stage now",
                   customers="count: known customers"),
    "moves": _part("stage with the one that known customers entered from it", "the stage left",
                   stage="text: the one entered", customers=_CUSTOMERS, recent="count: of these, in the last 90 days"),
    "ages": _part("band of ages of known customers", "the band", customers=_CUSTOMERS),
    "households": _part("number of customers of one household", "the number", households="count: households",
                        customers=_CUSTOMERS),
    "consents": _part(
        "purpose and channel of permissions", "the purpose", channel="text: the channel", granted=_CUSTOMERS,
        denied=_CUSTOMERS, unknown=_CUSTOMERS, conflicts="count: customers whose sources contradict each other"),
    "kpis": _part(
        "metric and period, for everybody", "the metric, see kpi.md", phase="text: phase of the relationship",
        period="text: month as 2026-10, or total", currency="text: of an amount", value="number: the value",
        numerator="number: what it is made of", denominator="number: what that is divided by",
        margin="number: half the width of its interval", unit="text: share, customers, days, money, points",
        target="number: of kpis.targets", status="text: met, missed, no_target ...",
        complete="text: yes when the period is over", missing="text: what would feed it, where there is no value"),
    "nps": _part("group by the last answer to the question of recommending", "promoter, passive or detractor",
                 customers=_CUSTOMERS),
    "scores": _part("last answer to the question of recommending", "0 to 10", customers=_CUSTOMERS),
    "influence": _part(
        "tier of audience of customers who have a voice", "the tier", customers=_CUSTOMERS,
        influencers="count: of these, influencers", reach="count: reach of what they said",
        by_followers="number: sum of this part of their scores", by_reach="number: sum of this part",
        by_referrals="number: sum of this part", by_reputation="number: sum of this part"),
    "triggers": _part(
        "trigger that holds for somebody", "the trigger", action="text: the action", customers=_CUSTOMERS,
        act="count: to act on", holdout="count: held out", capped="count: over the cap", cooling="count: cooling down",
        no_consent="count: without permission"),
    "fields": _part(
        "people field", "the field", records="count: records", filled_records="count: of these, with a value",
        customers="count: customers with records", filled_customers="count: of these, with a golden value"),
    "survivorship": _part("people field with a source that golden values come from", "the field",
                          source="text: the source", chosen="count: values", conflicts="count: of these, others lost"),
    "changes": _part("what two runs are compared by, nothing in a first build", "step of funnel or figure of summary",
                     before="number: in the run before", after="number: in this run"),
    "gates": _part("limit of checks", "the limit", measured="any: what the run measured", limit="any: the limit",
                   outcome="text: passed, over, or accepted: over and published all the same"),
    "timings": _part("stage", "the stage", seconds="number: seconds", peak_mb="count: peak memory of the process, MB"),
}  # fmt: skip
SUMMARY: Mapping[str, str] = {
    "status": "identified, careful or not_identified: how far the data bears the model out",
    "reason": "why, in words",
    "expected_precision": "share of the pairs above the cut that are of one person, as the model estimates; or unknown",
    "expected_precision_of_customers": "the same of the pairs that customers hold together; missing where unknown",
    "checked_precision": "share that agrees on a field which was left out of the score; or unknown",
    "cut_micro_bits": "weight at which pairs are joined, match.auto, times 1,000,000",
    "review_micro_bits": "weight from which pairs left apart are kept for review, match.review, times 1,000,000",
    "sure_micro_bits": "weight below which a link marks its customer for review, match.sure, times 1,000,000",
    "expected_matches": "pairs of one person among all pairs, as the model estimates",
    "candidates": "pairs compared",
    "uncovered_pairs": "at most so many pairs of large blocks were left out to stay within pair_budget",
    "pair_budget": "pairs that may be compared: match.pairs_per_record times records",
    "records": "people records",
    "model": "whether the model was learned or kept, and why",
    "learned_records": "records that the model was learned from",
    "changed_since_learned": "records that came, went or changed since",
    "dependent_fields": "fields that unrelated pairs tend to share together",
    "target_reached": "yes or no, where match.target_precision is set",
}
"""The figures of `summary` that are there to be read; the others are for whoever works on the linkage."""
_OBSTACLE: Mapping[str, str] = {
    "name": "what kind of thing it is", "text": "the sentence", "amount": "how many are concerned",
    "unit": "what is counted", "share": "share of all of them, 0 where that cannot be said",
    "command": "the next command", "config": "the key of cxid.yml that bears on it, or empty",
}  # fmt: skip
_FINDING: Mapping[str, str] = {"level": "ok, look or bad", "text": "the sentence", "next": "the next command, or empty"}
_TYPES = {"int": "count", "float": "number", "str": "text"}


def _of_class(kind: type[Any], meanings: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    return {f.name: (_TYPES[str(f.type)], meanings[f.name]) for f in fields(kind)}


JUDGED: Mapping[str, tuple[str, Mapping[str, tuple[str, str]]]] = {
    "verdict": ("finding, gravest first", _of_class(Finding, _FINDING)),
    "obstacles": ("thing that holds the result back, largest first", _of_class(Obstacle, _OBSTACLE)),
}
"""Sections that are drawn from the others."""


def report_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the document that `cxid report --format json` writes."""
    sections = {name: _rows(figures, set(figures)) for name, (_, figures) in JUDGED.items()}
    for name, part in DESCRIBED.items():
        sections[name] = _rows({"label": ("text", part.label), **part.figures}, {"label"})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "cxid report",
        "type": "object",
        "properties": {"run_id": {"type": "string"}, **sections},
        "required": ["run_id"],
        "additionalProperties": False,
    }


def _rows(figures: Mapping[str, tuple[str, str]], needed: set[str]) -> dict[str, Any]:
    properties = {name: {**_JSON[type_], "description": meaning} for name, (type_, meaning) in figures.items()}
    row = {"type": "object", "properties": properties, "required": sorted(needed), "additionalProperties": False}
    return {"type": "array", "items": row}

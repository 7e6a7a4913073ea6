"""Report figures of a small company, as (section, row_no, label, name, value)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

_SECTIONS: dict[str, list[dict[str, str]]] = {
    "funnel": [
        {"label": "files", "amount": "3"},
        {"label": "rows", "amount": "120005"},
        {"label": "quarantined", "amount": "5"},
        {"label": "accepted", "amount": "120000"},
        {"label": "people records", "amount": "20000"},
        {"label": "customers with records", "amount": "15000"},
        {"label": "events", "amount": "100000"},
        {"label": "events of a customer", "amount": "90000"},
        {"label": "customers to review", "amount": "1200"},
    ],
    "sources": [
        {"label": "crm", "files": "1", "bytes": "9", "lines": "20007", "header": "1", "accepted": "20000",
         "inside_values": "0", "quarantined": "5", "blank": "1", "unaccounted": "0"},
        {"label": "web", "files": "2", "bytes": "9", "lines": "100002", "header": "2", "accepted": "100000",
         "inside_values": "0", "quarantined": "0", "blank": "0", "unaccounted": "0"},
    ],
    "quarantine": [
        {"label": "crm", "file": "crm \x1b[2J.csv", "reason": "too_few_columns", "field": "", "amount": "5", "first_line": "17"},
    ],
    "blocking": [{"label": "email", "pairs": "9000", "matches": "8000", "largest_block": "12"}],
    "weights": [
        {"label": "-20", "pairs": "5000"}, {"label": "-3", "pairs": "700"}, {"label": "0", "pairs": "12"},
        {"label": "21", "pairs": "8000"}, {"label": "40", "pairs": "300"},
    ],
    "model": [
        {"label": "email", "level": "same", "m": "0.800000000", "u": "0.000010000", "weight": "16287712", "pairs": "8000"},
        {"label": "email", "level": "different", "m": "0.200000000", "u": "0.999990000", "weight": "-2321914", "pairs": "1000"},
    ],
    "summary": [
        {"label": "status", "amount": "careful"}, {"label": "reason", "amount": "few pairs could be checked"},
        {"label": "expected_precision", "amount": "0.9712"}, {"label": "expected_precision_of_customers", "amount": "0.9850"},
        {"label": "review_micro_bits", "amount": "-3169925"}, {"label": "cut_micro_bits", "amount": "0"},
        {"label": "sure_micro_bits", "amount": "4247928"}, {"label": "candidates", "amount": "9000"},
        {"label": "uncovered_pairs", "amount": "1000"}, {"label": "pair_budget", "amount": "9000"},
    ],
    "changes": [
        {"label": "people records", "before": "19800", "after": "20000"},
        {"label": "known customers", "before": "15100", "after": "15000"},
        {"label": "events", "before": "100000", "after": "100000"},
        {"label": "expected_precision", "before": "0.9812", "after": "0.9712"},
    ],
    "identity": [
        {"label": "created", "changes": "120", "records": "140", "by_data": "120", "by_config": "0", "by_decision": "0"},
        {"label": "merged", "changes": "30", "records": "60", "by_data": "10", "by_config": "15", "by_decision": "5"},
    ],
    "joins": [
        {"label": "merged", "decided_by": "model", "pairs": "8000", "doubtful": "200"},
        {"label": "review", "decided_by": "model", "pairs": "300", "doubtful": "300"},
    ],
    "lacking": [{"label": "email", "pairs": "500", "missing": "400", "unmapped": "0"}],
    "contributions": [
        {"label": "crm", "records": "20000", "events": "0", "customers": "15000", "only_here": "6000",
         "known_only_here": "6000", "golden_values": "9000"},
        {"label": "web", "records": "0", "events": "100000", "customers": "12000", "only_here": "3000",
         "known_only_here": "0", "golden_values": "0"},
    ],
    "ownerless": [
        {"label": "web", "reason": "no_identifier", "events": "8000"},
        {"label": "web", "reason": "names_nobody", "events": "2000"},
    ],
    "stages": [{"label": "repeat", "customers": "900"}, {"label": "aware", "customers": "14100"}],
    "nps": [{"label": "detractor", "customers": "20"}, {"label": "promoter", "customers": "80"}],
    "influence": [
        {"label": "micro", "customers": "12", "influencers": "12", "reach": "120000", "by_followers": "24.0000",
         "by_reach": "12.0000", "by_referrals": "1.5000", "by_reputation": "0.0000"},
    ],
    "kpis": [
        {"label": "repeat_rate", "phase": "retention/advocacy", "period": "total", "currency": "", "value": "0.4",
         "numerator": "360", "denominator": "900", "unit": "share", "target": "0.5", "status": "missed", "complete": "yes"},
        {"label": "repeat_rate", "phase": "retention/advocacy", "period": "2026-04", "currency": "", "value": "0.45",
         "numerator": "90", "denominator": "200", "unit": "share", "target": "0.5", "status": "missed", "complete": "yes"},
        {"label": "nps", "phase": "retention/advocacy", "period": "total", "currency": "", "unit": "points",
         "status": "no_target", "complete": "yes", "missing": "a source of kind survey"},
    ],
    "groups": [
        {"label": "1", "customers": "11000", "records": "11000"}, {"label": "2", "customers": "3000", "records": "6000"},
        {"label": "51+", "customers": "1", "records": "60"},
    ],
    "suspicious": [
        {"label": "cx_bad", "size": "60", "edges": "59", "density": "0.033333", "weakest_probability": "0.510000",
         "flags": "sparse, large"},
    ],
    "guards": [{"label": "hub", "detail": "phone", "refused": "9"}],
    "hubs": [{"label": "phone", "reason": "shared", "identifiers": "3", "most_people": "44"}],
    "overlap": [
        {"label": "crm", "other": "crm", "customers": "15000"}, {"label": "crm", "other": "web", "customers": "9000"},
        {"label": "web", "other": "web", "customers": "12000"},
    ],
    "events": [
        {"label": "web", "kind": "events", "events": "100000", "of_a_customer": "90000", "of_a_known_customer": "60000",
         "customers": "12000"},
    ],
    "sets": [
        {"label": "crm", "customers": "6000", "known": "6000"}, {"label": "crm,web", "customers": "9000", "known": "9000"},
        {"label": "web", "customers": "3000", "known": "0"},
    ],
    "survivorship": [{"label": "email", "source": "crm", "chosen": "9000", "conflicts": "40"}],
    "channels": [{"label": "web", "events": "90000", "customers": "12000"}],
    "rfm": [{"label": "champions 55", "segment": "champions", "recency": "5", "frequency": "5", "customers": "90"}],
    "deciders": [{"label": "cookie", "events": "70000"}, {"label": "email", "events": "20000"}],
    "purchases": [
        {"label": "EUR", "customers": "900", "purchases": "2000", "refunds": "40", "revenue": "123456.7800",
         "revenue_of_customers": "120000.0000"},
    ],
    "fields": [
        {"label": "email", "records": "20000", "filled_records": "12000", "customers": "15000", "filled_customers": "11000"},
    ],
}  # fmt: skip


def _flat(sections: Mapping[str, list[dict[str, str]]]) -> Iterator[tuple[str, int, str, str, str]]:
    for section, rows in sections.items():
        for row_no, row in enumerate(rows, start=1):
            for name, value in row.items():
                if name != "label":
                    yield section, row_no, row["label"], name, value


FIGURES = tuple(_flat(_SECTIONS))

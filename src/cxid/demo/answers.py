"""The truth folder: which row and which identifier is whose, what each person really did, which lines are broken."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from cxid.demo.company import Company
from cxid.demo.writing import Dialect, texts, write_csv

COMMA = Dialect()


def write_truth(company: Company) -> None:
    """truth/people.csv, events.csv, identifiers.csv, customers.csv, trial.csv and broken.csv."""
    truth = company.truth
    _write(
        company,
        "people",
        {
            "record_id": _stack([keys for _, keys, _ in truth.people]),
            "source": _labels([(s, len(k)) for s, k, _ in truth.people]),
            "entity_id": _stack([entities for _, _, entities in truth.people]),
        },
    )
    _write(
        company,
        "events",
        {
            "record_id": _stack([keys for _, keys, _, _ in truth.events]),
            "source": _labels([(s, len(k)) for s, k, _, _ in truth.events]),
            "entity_id": _stack([entities for _, _, entities, _ in truth.events]),
            "identifiable": _stack([known for _, _, _, known in truth.events]),
        },
    )
    _write(
        company,
        "identifiers",
        _distinct(
            {
                "id_type": _labels([(t, len(v)) for t, v, _ in truth.identifiers]),
                "id_value": _stack([values for _, values, _ in truth.identifiers]),
                "entity_id": _stack([entities for _, _, entities in truth.identifiers]),
            }
        ),
    )
    _write(company, "customers", _customers(company))
    _write(company, "trial", truth.trial)
    broken = sorted(company.ledger.broken)
    _write(
        company,
        "broken",
        {
            name: pa.array([str(row[i]) for row in broken], pa.string())
            for i, name in enumerate(("source", "file", "line", "reason"))
        },
    )


def _customers(company: Company) -> dict[str, Any]:
    people, truth = company.people, company.truth
    names = sorted(truth.channels)
    bits = np.zeros(len(people), dtype=np.int64)
    for place, name in enumerate(names):
        bits |= truth.channels[name].astype(np.int64) << place
    found, at = np.unique(bits, return_inverse=True)
    lists = pa.array([" ".join(n for place, n in enumerate(names) if b >> place & 1) for b in found.tolist()])
    return {
        "entity_id": people.entity,
        "household_id": np.array([f"h{h:07d}" for h in people.household.tolist()], dtype=object),
        "given_name": people.given,
        "family_name": people.family,
        "family_name_before": people.family_before,
        "birth_date": people.birth,
        **truth.figures,
        "channels": lists.take(pa.array(at)),
    }


def _distinct(columns: dict[str, Any]) -> dict[str, Any]:
    """Sorted rows without repeats: one person may carry the same landline in many records."""
    table = pa.table(columns).group_by(list(columns)).aggregate([]).sort_by([(name, "ascending") for name in columns])
    return {name: table.column(name).combine_chunks() for name in columns}


def _stack(parts: list[pa.Array]) -> pa.Array:
    return pa.concat_arrays([texts(p) for p in parts])


def _labels(parts: list[tuple[str, int]]) -> pa.Array:
    names = pa.array([name for name, _ in parts])
    return names.take(pa.array(np.repeat(np.arange(len(parts)), [count for _, count in parts])))


def _write(company: Company, name: str, columns: dict[str, Any]) -> None:
    write_csv(company.ledger, company.ledger.root / "truth" / f"{name}.csv", columns, COMMA)

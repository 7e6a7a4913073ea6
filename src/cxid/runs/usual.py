"""What the steps of each stage usually take: for a run that no run before tells of.

Measured with `benchmarks/progress.py --weights` on 0.1 and 1 million people without events and on a sample company of
38,000 people with a million events. Only the proportions within a stage are used: seconds are another machine's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

WRITING = "checking and writing tables"
_UNKNOWN = (100_000, 300_000)  # records and events, before they are counted


@dataclass(frozen=True)
class Cost:
    """Seconds of a step: however little there is, for a million records more, for a million events more."""

    least: float
    records: float
    events: float


def usual(stage: str, records: int | None, events: int | None) -> dict[str, float]:
    """Step -> seconds, in the order of steps, of a stage with so many records and events; {} for one that is unknown.

    None stands for what is not counted yet.
    """
    people = _UNKNOWN[0] if records is None else records
    happened = _UNKNOWN[1] if events is None else events
    return {
        step: cost.least + (cost.records * people + cost.events * happened) / 1e6
        for step, cost in _COSTS.get(stage, {}).items()
    }


_COSTS: Mapping[str, Mapping[str, Cost]] = {
    "sources": {
        "reading files": Cost(1.1, 2.4, 8.6),
        "numbering records": Cost(0.09, 0.61, 0.0),
        WRITING: Cost(0.25, 0.77, 0.96),
    },
    "normalise": {
        "learning how values are written": Cost(0.033, 2.5, 0.13),
        "making people's values comparable": Cost(0.28, 4.3, 0.66),
        "making identifiers comparable": Cost(0.063, 0.57, 0.88),
        WRITING: Cost(0.35, 1.1, 0.42),
    },
    "link": {
        "finding identical records": Cost(0.11, 0.57, 0.026),
        "finding blocking rules": Cost(1.2, 1.3, 1.2),
        "proposing pairs": Cost(0.26, 1.0, 0.0),
        "sorting pairs": Cost(0.27, 0.17, 0.0),
        "comparing pairs": Cost(1.2, 0.32, 0.0),
        "fitting the model": Cost(2.2, 4.2, 1.3),
        "scoring pairs": Cost(0.2, 1.5, 0.67),
        WRITING: Cost(0.2, 1.2, 0.25),
    },
    "stitch": {
        "gathering identifiers": Cost(0.0, 2.7, 0.32),
        "joining records into customers": Cost(0.0, 3.6, 0.26),
        "finding whose identifiers and events they are": Cost(0.0, 2.4, 2.3),
        "giving customers their ids": Cost(0.0, 4.6, 0.78),
        "writing who is who": Cost(0.029, 3.6, 0.28),
        WRITING: Cost(0.15, 3.7, 1.1),
    },
    "golden": {
        "ranking records": Cost(0.0, 2.6, 0.15),
        "choosing golden values": Cost(0.016, 4.4, 0.93),
        "writing golden records": Cost(0.0, 5.7, 1.8),
        WRITING: Cost(0.0, 3.6, 0.53),
    },
    "household": {
        "reading addresses": Cost(0.0, 1.1, 0.17),
        "finding who shares a home": Cost(0.0, 1.4, 0.49),
        "forming households": Cost(0.024, 0.056, 0.035),
        "giving households their ids": Cost(0.031, 0.089, 0.058),
        WRITING: Cost(0.016, 0.044, 0.055),
    },
    "profile": {
        "gathering what customers did": Cost(0.021, 0.089, 2.1),
        "finding who agreed to what": Cost(0.029, 0.011, 1.0),
        "finding who spoke of us": Cost(0.021, 0.089, 0.12),
        "making section identity": Cost(0.0011, 0.99, 0.51),
        "making section purchases": Cost(0.0, 0.0, 0.63),
        "making section value": Cost(0.0, 0.0, 2.3),
        "making section engagement": Cost(0.0, 0.0, 2.6),
        "making section journey": Cost(0.0, 0.0, 2.7),
        "making section attitude": Cost(0.0, 0.0, 0.16),
        "making section advocacy": Cost(0.0, 0.0, 0.63),
        "making section service": Cost(0.0, 0.0, 0.28),
        "making section attributes": Cost(0.0078, 0.022, 0.0014),
        "making section household": Cost(0.0, 0.24, 0.011),
        "making section consent": Cost(0.0, 0.0, 0.21),
        "following customers through their stages": Cost(0.01, 0.0, 1.5),
        "adding attributes of sources": Cost(0.0078, 0.022, 0.084),
        "measuring KPIs": Cost(0.098, 0.22, 1.2),
        "testing triggers": Cost(0.034, 0.16, 0.14),
        "putting profiles together": Cost(0.053, 2.6, 1.1),
        WRITING: Cost(0.0, 2.4, 2.9),
    },
    "report": {
        "counting figures": Cost(0.13, 1.2, 2.2),
        WRITING: Cost(0.02, 0.0, 0.052),
    },
    "publish": {
        "writing outputs": Cost(0.0, 16.0, 6.4),
    },
}

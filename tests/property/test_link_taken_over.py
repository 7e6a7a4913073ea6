"""Patterns taken over from the run before are those that comparing anew gives, build after build."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from cxid.config.model import Match
from cxid.stages.link import WRITES
from tests.reference.kept_world import Builds, Decided
from tests.reference.link_world import Record, company


def changed(records: dict[str, Record], rng: random.Random, fresh: dict[str, Record]) -> dict[str, Record]:
    """The records of the next build: some gone, some with another value, some the same as another, some new."""
    left: dict[str, Record] = {}
    keys = sorted(records)
    for key in keys:
        fate = rng.random()
        if fate < 0.005:
            continue
        record = dict(records[key])
        if fate < 0.012:
            slot = rng.choice(["city", "given_name", "family_name", "birth_date"])
            record[slot] = records[rng.choice(keys)][slot]
        elif fate < 0.016:
            record = {**records[rng.choice(keys)], "source": record.get("source")}
        left[key] = record
    for key in rng.sample(sorted(fresh), min(3, len(fresh))):
        left[key] = fresh.pop(key)
    return dict(sorted(left.items()))


def flooded(records: dict[str, Record]) -> dict[str, Record]:
    """A value that nobody had becomes common, and moves up two bands."""
    more = {f"9{n:05d}": {**record, "city": "newtown"} for n, record in enumerate(list(records.values())[:12])}
    return dict(sorted({**records, **more}.items()))


def decided(rng: random.Random, records: dict[str, Record]) -> list[Decided]:
    pairs = [rng.sample(sorted(records), 2) for _ in range(3)]
    return [(rng.choice(["link", "unlink"]), a, b) for a, b in pairs]


@pytest.mark.parametrize("seed", range(3))
def test_builds_that_take_over_are_those_that_do_not(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    sources = ("crm",) if seed % 3 == 2 else ("crm", "shop")
    match = Match(one_per_source=("shop",)) if seed % 3 == 1 else Match()
    made, _ = company(300, seed=seed, sources=sources)
    every: dict[str, Record] = {f"{n:05d}": record for n, record in enumerate(made)}
    fresh = {key: every.pop(key) for key in rng.sample(sorted(every), 12)}
    records = every
    builds = Builds(tmp_path, match=match)
    builds.build(records)
    for number in range(3):
        records = flooded(records) if number == 1 else changed(records, rng, fresh)
        decisions = decided(rng, records)
        anew = replace(builds)
        told = anew.build(records, decided=decisions)
        assert builds.build(records, decided=decisions, taking=True) == told
        assert told["model"].startswith("kept from r0001")
        for name in WRITES:
            assert builds.rows(name) == anew.rows(name), name
        assert number != 1 or "newtown" in {row["value"] for row in builds.rows("link_band")}
        pairs = dict(builds.facts)["pairs_taken_over"]
        assert 0 < int(pairs["compared"]) < int(pairs["pairs"])
        assert builds.engine is not None
        assert {t for t in builds.engine.tables() if t.startswith(("link_", "kept_"))} <= set(WRITES)

"""A build that takes over what did not change is a full one: the same run, the same bytes, whatever changed."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cxid import api
from cxid.built import BuildResult
from cxid.config.loading import load_config
from cxid.contracts import PUBLISHED, TABLES
from tests.reference.changing_company import Company

BUILDS = 4
_TAKEN = ("source_taken_over", "golden_taken_over")


def _tables(result: BuildResult) -> dict[str, str]:
    """Table -> digest of its file, of every table that a stage wrote."""
    return {name: file.sha256 for stage in result.stages for name, file in stage.tables.items()}


def _rows(result: BuildResult, table: str) -> Counter[str]:
    return Counter(map(repr, pq.read_table(result.run_dir / "tables" / f"{table}.parquet").to_pylist()))


def _taken(result: BuildResult) -> set[Any]:
    return {fact["event"] for stage in result.stages for fact in stage.facts if "taken" in str(fact["event"])}


def differences(some: BuildResult, every: BuildResult) -> list[str]:
    """What differs between a build that took rows over and a full one; [] when they are the same."""
    found = [] if some.run_id == every.run_id else [f"run {some.run_id} is not {every.run_id}"]
    here, there = _tables(some), _tables(every)
    found += [f"table {name} is of one run" for name in here.keys() ^ there.keys()]
    published, ordered = {t.name for t in PUBLISHED}, {name for name, t in TABLES.items() if t.order}
    for name in sorted(here.keys() & there.keys()):
        if here[name] != there[name]:
            if name in published:
                found.append(f"published table {name} has other bytes")
            elif name in ordered or _rows(some, name) != _rows(every, name):
                found.append(f"table {name} has other rows")
    for what in ("counts", "identity", "model", "warnings", "gates"):
        if getattr(some, what) != getattr(every, what):
            found.append(f"{what}: {getattr(some, what)} is not {getattr(every, what)}")
    return found


def build_both(root: Path) -> tuple[BuildResult, BuildResult]:
    """The build of a project as it goes on, and the full one of a copy."""
    copy = root.with_name("copy")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(root, copy, symlinks=True)
    return api.build(load_config(root), force=True), api.build(load_config(copy), full_refresh=True)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
def test_whatever_changed_the_build_is_that_of_all_rows(seed: int, tmp_path: Path) -> None:
    root = tmp_path / "company"
    company, taken = Company.founded(seed, people=70), set[Any]()
    for n in range(BUILDS):
        if n:
            company.change(3 if n % 2 else 1)
        company.write(root)
        some, every = build_both(root)
        assert differences(some, every) == [], company.told
        assert not _taken(every)
        taken |= _taken(some)
    assert taken >= set(_TAKEN)

"""Rows that name nobody, poured into a small company: the customers that were there stay as they were."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from poison_groups import Effect, effect, members, read_groups
from poisons import inject, poisoned_kinds

from tests.functional.cli_harness import cxid

PEOPLE, ROWS = 1_000, 200


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("poison") / "company"
    assert cxid("demo", folder, "--people", str(PEOPLE)).code == 0
    assert cxid("build", "-C", folder).code == 0
    return folder


def _poisoned(company: Path, folder: Path, kinds: tuple[str, ...], *means: str) -> tuple[Effect, Path]:
    """What the rows did, and the company with them."""
    copy = folder / "poisoned"
    shutil.copytree(company, copy, symlinks=True)
    made = inject(copy, kinds, rows=ROWS, seed=7)
    done = cxid("build", "-C", copy, *means)
    assert done.code == 0, done.err
    hubs = sorted(copy.glob(".cxid/runs/r0002-*/tables/hub_identifier.parquet"))
    found = duckdb.execute("SELECT id_type, id_value FROM read_parquet(?)", [str(hubs[0])]).fetchall()
    return effect(company / "output", copy / "output", made, set(found)), copy


def test_poison_of_every_kind_leaves_the_others_as_they_were(company: Path, tmp_path: Path) -> None:
    done, copy = _poisoned(company, tmp_path, tuple(poisoned_kinds()))
    assert done.injected > ROWS // 2
    assert done.by_poison == done.by_weights == 0
    assert done.same + done.by_rival == done.groups
    assert done.by_rival <= done.groups // 500  # two candidates where there was one: a fair doubt
    assert done.same_id == done.same
    assert done.identifiers_same >= done.identifiers * 0.999
    assert done.false_pairs == 0
    assert done.misplaced <= 2
    sizes = [len(records) for records in members(read_groups(copy / "output")).values()]
    assert max(sizes) == max(len(records) for records in members(read_groups(company / "output")).values())


def test_one_address_on_many_names_joins_nobody_though_the_model_is_learned_anew(company: Path, tmp_path: Path) -> None:
    done, _ = _poisoned(company, tmp_path, ("dummy_emails", "switchboard"), "--refit")
    assert done.injected == ROWS
    assert done.by_poison <= 2
    assert done.same >= done.groups * 0.98
    assert done.same_id == done.same
    assert done.false_pairs == 0
    assert done.hubs >= 1  # told to the user as shared by many
    assert done.largest <= 4


def test_a_file_loaded_twice_finds_itself(company: Path, tmp_path: Path) -> None:
    done, _ = _poisoned(company, tmp_path, ("loaded_twice",))
    assert done.at_home == ROWS
    assert done.false_pairs == 0
    assert done.same >= done.groups * 0.98
    assert done.same_id == done.same

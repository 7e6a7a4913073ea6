"""The runs that the benchmarks make: a build with its figures, and a linkage by the peer where it is installed."""

from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from labelled import Labelled, SplinkSource
from runners import ENVIRONMENT, HERE, init_cxid, run_cxid, run_splink
from scoring import best_cut, score_people

GIVEN = ("ann", "bea", "carl", "dora", "emil", "fred", "gina", "hugo", "ida", "jon")
FAMILY = ("adler", "brook", "cole", "drake", "evans", "frost", "green", "hart", "irwin", "jones", "kent", "lowe")


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Labelled:
    """200 people, every third twice with a slip in the name."""
    folder, draw = tmp_path_factory.mktemp("people"), random.Random(7)
    rows: list[tuple[str, ...]] = []
    for person in range(200):
        given, family = draw.choice(GIVEN), draw.choice(FAMILY)
        born = f"{draw.randint(1940, 2004)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
        rest = (born, f"{given}.{family}{person}@mail.example", str(person))
        rows += [(given, family, *rest), (given + "a", family, *rest)] if person % 3 == 0 else [(given, family, *rest)]
    draw.shuffle(rows)
    file, truth = folder / "people.csv", folder / "truth.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        head = ("record_id", "first_name", "surname", "dob", "email")
        csv.writer(out).writerows([head, *((f"r{i}", *row[:-1]) for i, row in enumerate(rows))])
    with truth.open("w", encoding="utf-8", newline="") as out:
        head = ("record_id", "source", "entity_id")
        csv.writer(out).writerows([head, *((f"r{i}", "people", row[-1]) for i, row in enumerate(rows))])
    columns = {"given_name": "first_name", "family_name": "surname", "birth_date": "dob", "email": "email"}
    kinds = {name: name for name in columns}
    return Labelled("people", (file,), truth, kinds, (SplinkSource("people", file, columns),))


def test_a_build_tells_stages_relations_and_the_pairs_that_it_compared(people: Labelled, tmp_path: Path) -> None:
    project = tmp_path / "project"
    init_cxid(people.files, project)
    run = run_cxid(project, rows=True)
    assert list(run.steps) == [
        "sources",
        "normalise",
        "link",
        "stitch",
        "golden",
        "household",
        "profile",
        "report",
        "publish",
    ]
    assert run.candidate_pairs is not None and run.candidate_pairs >= 67
    assert 0 < run.scoring.wall < run.linkage.wall < run.whole.wall
    assert run.whole_peak_mb >= run.linkage_peak_mb > 50
    made = {r["what"]: r["rows"] for r in run.relations if r["stage"] == "link"}
    assert made["run link_pair"] is not None and made["run link_pair"] >= 67
    assert score_people(project / "output" / "identity_map.parquet", people.truth).f1 > 0.9


def test_a_build_ends_where_it_was_asked_to(people: Labelled, tmp_path: Path) -> None:
    project = tmp_path / "project"
    init_cxid(people.files, project)
    run = run_cxid(project, until="stitch")
    assert list(run.steps)[-1] == "stitch"
    (found,) = project.glob(".cxid/runs/*/tables/identity_map.parquet")
    assert score_people(found, people.truth).f1 > 0.9


def test_a_build_that_fails_leaves_its_reason(tmp_path: Path) -> None:
    (tmp_path / "cxid.yml").write_text(
        "version: 1\nproject: p\nsources: {a: {path: none.csv, kind: people, key: id, columns: {full_name: name}}}\n"
    )
    figures = tmp_path / "figures.json"
    command = [sys.executable, str(HERE / "cxid_build.py"), str(tmp_path), str(figures)]
    assert subprocess.run(command, capture_output=True).returncode != 0
    content: dict[str, Any] = json.loads(figures.read_text())
    assert "none.csv" in content["error"]


@pytest.mark.skipif(not (ENVIRONMENT / "made-from.txt").is_file(), reason="the peers' environment is not made")
def test_the_peer_links_the_same_people(people: Labelled, tmp_path: Path) -> None:
    run = run_splink(people.job(chance_pairs=1e5), tmp_path / "out")
    assert run.candidate_pairs is not None and run.candidate_pairs >= 67
    assert "load" in run.steps and run.linkage.wall < run.whole.wall
    assert score_people(tmp_path / "out" / "clusters.parquet", people.truth).records == 267
    assert best_cut(tmp_path / "out" / "pairs.parquet", people.truth).score.f1 > 0.8

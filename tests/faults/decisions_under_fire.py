"""Rollback, clean and decisions that are killed at every place, each in a fork of this process; what came of it as JSON.

A program of its own for the reason that `builds_under_fire` gives.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cxid import api
from cxid.config.deciding import add_decisions
from cxid.config.decisions import Action, Decision, read_decisions
from cxid.runs import publish
from cxid.runs.folder import RunFolder
from cxid.runs.home import Home
from cxid.runs.inputs import code_digest
from cxid.runs.results import load_results
from cxid.runs.rollback import damage
from tests.faults.builds_under_fire import in_fork, published_bytes
from tests.reference.small_stages import install, small_config, small_project


def prepare(root: Path) -> list[str]:
    """Three published runs; what a reader saw of each."""
    seen = []
    for n in range(3):
        config = small_project(root, *(f"{i},p{i}@example.org" for i in range(10, 10 + n)))
        assert in_fork(lambda config=config: api.build(config)) == 0  # type: ignore[misc]
        seen.append(published_bytes(root))
    return seen


def shoot(
    place: Path, action: str, work: Callable[[Path], object], judge: Callable[[Path, list[str]], list[str]]
) -> dict[str, Any]:
    """Fail `work` at one place after the other until it gets through; after each, judge what is there."""
    seen = prepare(place / "base")
    wrong: list[str] = []
    statuses: set[int] = set()
    for n in range(1, 100):
        root = place / f"n{n}"
        shutil.copytree(place / "base", root, symlinks=True)
        status = in_fork(lambda root=root: work(root), f"*:{n}:{action}")  # type: ignore[misc]
        wrong += [f"{n}: {said}" for said in judge(root, seen)]
        if in_fork(lambda root=root: work(root)) not in (0, 2 << 8):  # type: ignore[misc]
            wrong.append(f"{n}: the next try failed")
        wrong += [f"{n}, second try: {said}" for said in judge(root, seen)]
        shutil.rmtree(root)
        if status == 0:
            return {"shots": n - 1, "wrong": wrong, "statuses": sorted(statuses)}
        statuses.add(status)
    return {"shots": 100, "wrong": ["never got through"], "statuses": []}


def go_back(root: Path) -> None:
    api.rollback(small_config(root), "r0001")


def judge_rollback(root: Path, seen: list[str]) -> list[str]:
    """A reader sees the third run or the first, and what the link says is what the files are."""
    wrong = [] if published_bytes(root) in (seen[0], seen[2]) else ["a reader sees neither run"]
    current = RunFolder(Home(root).published_dir() or root)
    if list(damage(current, load_results(current.results, current.run_id))):
        wrong.append("the published run is not whole")
    return wrong


def clean(root: Path) -> None:
    config = small_config(root)
    api.clean(config, api.list_removable(config, 1), 1)


def judge_clean(root: Path, seen: list[str]) -> list[str]:
    """The published run is as it was, and every run that is listed is whole or gone."""
    wrong = [] if published_bytes(root) == seen[2] else ["a reader sees another run"]
    for run_id in publish.published_ids(Home(root)):
        folder = RunFolder(Home(root).run_dir(run_id))
        if list(damage(folder, load_results(folder.results, run_id))):
            wrong.append(f"{run_id[:5]} is half gone and still listed")
    return wrong


HEADER = b"action,source_a,key_a,source_b,key_b,field,value,who,when,reason\nlink,crm,1,crm,2,,,,,\n"


def decide(root: Path) -> None:
    file = root / "decisions.csv"
    if not file.exists():
        file.write_bytes(HEADER)
    add_decisions(small_config(root), [Decision(0, Action.UNLINK, ("crm", "3"), ("crm", n)) for n in "12"])


def judge_decisions(root: Path, seen: list[str]) -> list[str]:
    """The file has none of the new lines or all of them."""
    rows = read_decisions(small_config(root)).rows
    return [] if len(rows) in (1, 3) else [f"{len(rows)} decisions"]


if __name__ == "__main__":
    code_digest()
    install()
    job, folder, how = sys.argv[1:]
    jobs = {"rollback": (go_back, judge_rollback), "clean": (clean, judge_clean), "decide": (decide, judge_decisions)}
    print(json.dumps(shoot(Path(folder), how, *jobs[job])))

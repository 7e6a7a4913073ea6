"""Plans of a small project that fail on purpose, each in a fork of this process; what came of them as JSON.

A program of its own because pytest may have threads, and a fork of a process with threads can hang.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from cxid import api, planning
from cxid.runs.inputs import code_digest
from tests.faults.builds_under_fire import in_fork, names, prepare, published_bytes
from tests.reference.small_stages import install, small_config


def shoot(place: Path, action: str, stride: int, *, discard: bool) -> dict[str, Any]:
    """Fail at one place after the other until a plan gets through; after each, look, and build in peace."""
    base, calm, facts = prepare(place)
    wrong: list[str] = []
    statuses: set[int] = set()
    for n in range(1, 500, stride):
        root = place / f"n{n}"
        shutil.copytree(base, root, symlinks=True)
        config = small_config(root)
        status = in_fork(lambda config=config: api.plan(config, discard=discard), f"*:{n}:{action}")  # type: ignore[misc]
        if published_bytes(root) != facts["old"]:
            wrong.append(f"{n}: other outputs are published than before the plan")
        if [r.is_current for r in api.list_runs(config)] != [True, False][: 1 + (len(api.list_runs(config)) > 1)]:
            wrong.append(f"{n}: another run is published")
        if in_fork(lambda config=config: api.build(config)) != 0:  # type: ignore[misc]
            wrong.append(f"{n}: the build after it failed")
        if published_bytes(root) != facts["new"]:
            wrong.append(f"{n}: other bytes than an undisturbed build")
        if names(root) != names(calm):
            wrong.append(f"{n}: other files: {sorted(set(names(root)) ^ set(names(calm)))}")
        shutil.rmtree(root)
        if status == 0:
            return {"shots": n // stride, "wrong": wrong, "statuses": sorted(statuses)}
        statuses.add(status)
    return {"shots": 500, "wrong": ["never got through"], "statuses": []}


if __name__ == "__main__":
    code_digest()  # once for all forks: somebody may be editing the program meanwhile
    install()
    # The small stages lack the tables that runs are compared by; comparing reads and writes nothing.
    planning.compare_runs = lambda before, after, ask: None  # type: ignore[assignment,misc]
    folder, action, stride, *rest = sys.argv[1:]
    print(json.dumps(shoot(Path(folder), action, int(stride), discard="discard" in rest)))

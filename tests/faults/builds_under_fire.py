"""Builds of a small project that fail on purpose, each in a fork of this process; what came of them as JSON.

A program of its own because pytest may have threads, and a fork of a process with threads can hang.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cxid import api, faults
from cxid.config.loading import load_config
from cxid.errors import CxidError
from cxid.pipeline import STAGES
from cxid.runs.inputs import code_digest
from tests.functional.test_pipeline_end_to_end import make_project
from tests.reference.small_stages import install, small_config, small_project

NEW_ROWS = ("4,cid@example.org", "torn")


def in_fork(work: Callable[[], object], fault: str = "") -> int:
    """Run `work` in a fork with that fault; its wait status: 0, an exit code << 8, or the signal that ended it."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if fault:
                os.environ[faults.VARIABLE] = fault
            work()
            code = 0
        except CxidError as error:
            code = int(error.exit_code)
        except BaseException as error:
            print(repr(error), file=sys.stderr)
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1]


def published_bytes(root: Path) -> str:
    """One digest over every published file a reader can see, the database apart; '' when nothing is published."""
    try:
        folder = os.open(root / "output", os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return ""
    summed = hashlib.sha256()
    for name in sorted(os.listdir(folder)):  # noqa: PTH208 - of the folder that is open, wherever the link leads now
        summed.update(name.encode())
        descriptor = os.open(name, os.O_RDONLY, dir_fd=folder)
        with os.fdopen(descriptor, "rb") as file:
            summed.update(b"" if name.endswith(".duckdb") else file.read())
    os.close(folder)
    return summed.hexdigest()


def names(root: Path) -> list[str]:
    """Every file and folder of the project."""
    return sorted(str(p.relative_to(root)) for p in root.rglob("*"))


def prepare(place: Path) -> tuple[Path, Path, dict[str, Any]]:
    """A project with one published run and changed input, a copy of it built undisturbed, and what that looks like."""
    base, calm = place / "base", place / "calm"
    config = small_project(base)
    assert in_fork(lambda: api.build(config)) == 0
    small_project(base, *NEW_ROWS)
    shutil.copytree(base, calm, symlinks=True)
    before = published_bytes(calm)
    assert in_fork(lambda: api.build(small_config(calm))) == 0
    facts = {"old": before, "new": published_bytes(calm), "names": names(calm)}
    assert facts["old"] != facts["new"]
    return base, calm, facts


def shoot(place: Path, action: str, stride: int, first: bool) -> dict[str, Any]:
    """Fail at one place after the other until a build gets through; after each, build again in peace."""
    base, _, facts = prepare(place)
    if first:  # the very first build of a project
        shutil.rmtree(base / ".cxid")
        (base / "output").unlink()
        shutil.copytree(base, place / "calm-first", symlinks=True)
        assert in_fork(lambda: api.build(small_config(place / "calm-first"))) == 0
        facts = {"old": "", "new": published_bytes(place / "calm-first"), "names": names(place / "calm-first")}
    wrong: list[str] = []
    statuses: set[int] = set()
    for n in range(1, 500, stride):
        root = place / f"n{n}"
        shutil.copytree(base, root, symlinks=True)
        config = small_config(root)
        status = in_fork(lambda config=config: api.build(config), f"*:{n}:{action}")  # type: ignore[misc]
        if status == 0:
            return {"shots": n // stride, "wrong": wrong, "statuses": sorted(statuses)}
        statuses.add(status)
        seen = published_bytes(root)
        if seen not in (facts["old"], facts["new"]):
            wrong.append(f"{n}: a reader sees neither the old nor the new outputs")
        if in_fork(lambda config=config: api.build(config)) != 0:  # type: ignore[misc]
            wrong.append(f"{n}: the next build failed")
        if published_bytes(root) != facts["new"]:
            wrong.append(f"{n}: other bytes than an undisturbed build")
        if names(root) != facts["names"]:
            wrong.append(f"{n}: other files: {sorted(set(names(root)) ^ set(facts['names']))}")
        shutil.rmtree(root)
    return {"shots": 500, "wrong": ["never got through"], "statuses": []}


def watch(place: Path) -> dict[str, Any]:
    """Builds that follow one another while a reader looks every 5 ms: the states that it saw, and those there were."""
    root = place / "watched"
    small_project(root)
    states = []
    seen = place / "seen.json"
    reader = os.fork()
    if reader == 0:
        found: set[str] = set()
        signal.signal(signal.SIGTERM, lambda *_: (seen.write_text(json.dumps(sorted(found))), os._exit(0)))
        while True:
            found.add(published_bytes(root))
            time.sleep(0.005)
    for n in range(4):
        config = small_project(root, *(f"{i},p{i}@example.org" for i in range(10, 10 + n)))
        assert in_fork(lambda config=config: api.build(config)) == 0  # type: ignore[misc]
        states.append(published_bytes(root))
    os.kill(reader, signal.SIGTERM)
    os.waitpid(reader, 0)
    return {"states": states, "seen": json.loads(seen.read_text())}


def race(place: Path, racers: int) -> dict[str, Any]:
    """Many builds started at once: their exit codes."""
    root = place / "raced"
    config = small_project(root)
    gate = place / "go"

    def start() -> None:
        while not gate.exists():
            time.sleep(0.001)
        os.environ[faults.VARIABLE] = "lock.held:1:sleep"
        faults._SLEEP_SECONDS = 1.5
        api.build(config)

    children = []
    for _ in range(racers):
        child = os.fork()
        if child == 0:
            os._exit(in_fork(start) >> 8)
        children.append(child)
    gate.touch()
    begun = time.monotonic()
    codes, seconds = [], []
    for child in children:
        codes.append(os.waitpid(child, 0)[1] >> 8)
        seconds.append(round(time.monotonic() - begun, 2))
    return {"codes": sorted(codes), "published": published_bytes(root) != ""}


def stop_after_each_stage(place: Path) -> dict[str, Any]:
    """The real stages, killed after the first, the second ... and resumed: what then differs from a calm build."""
    names = [stage.name for stage in STAGES]
    for stage in STAGES:
        stage.load()
    calm = make_project(place / "calm")
    assert in_fork(lambda: api.build(calm)) == 0
    expected = published_bytes(calm.root)
    wrong = []
    for n, name in enumerate(names, 1):
        config = make_project(place / name)
        killed = in_fork(lambda config=config: api.build(config), f"marker.renamed:{n}:kill9")  # type: ignore[misc]
        healed = in_fork(lambda config=config: api.build(config))  # type: ignore[misc]
        (account,) = config.root.glob(".cxid/runs/*/run_results.json")
        resumed = [s["name"] for s in json.loads(account.read_text())["stages"] if s["resumed"]]
        if (killed, healed, resumed) != (signal.SIGKILL, 0, names[:n]):
            wrong.append(f"{name}: killed {killed}, healed {healed}, resumed {resumed}")
        if published_bytes(config.root) != expected:
            wrong.append(f"{name}: other bytes than an undisturbed build")
    return {"wrong": wrong, "stages": len(names)}


def stop_a_build_that_takes_over(place: Path) -> dict[str, Any]:
    """A build after a change, killed after a stage and gone on with: what then differs from a full build of it."""
    for stage in STAGES:
        stage.load()
    base = make_project(place / "base").root
    assert in_fork(lambda: api.build(load_config(base))) == 0
    lines = (base / "data/crm.csv").read_text(encoding="utf-8").splitlines()
    (base / "data/crm.csv").write_text("\n".join([lines[0], *lines[4:], "999,Zoe,Zapf,,,,,"]) + "\n", encoding="utf-8")
    calm = shutil.copytree(base, place / "calm", symlinks=True)
    assert in_fork(lambda: api.build(load_config(calm), full_refresh=True)) == 0
    expected, wrong = published_bytes(calm), []
    for n, again in ((1, False), (2, False), (3, True), (5, False)):
        root = shutil.copytree(base, place / f"killed-{n}", symlinks=True)
        config = load_config(root)
        killed = in_fork(lambda config=config: api.build(config), f"marker.renamed:{n}:kill9")  # type: ignore[misc]
        healed = in_fork(lambda config=config, again=again: api.build(config, full_refresh=again))  # type: ignore[misc]
        account = json.loads((root / ".cxid/published/run_results.json").read_text())
        resumed = sum(s["resumed"] for s in account["stages"])
        taken = any(f["event"] == "source_taken_over" for f in account["stages"][0]["facts"])
        if (killed, healed, resumed, taken) != (signal.SIGKILL, 0, 0 if again else n, not again):
            wrong.append(f"{n}: killed {killed}, healed {healed}, resumed {resumed}, taken over {taken}")
        if published_bytes(root) != expected:
            wrong.append(f"{n}: other bytes than a full build")
    return {"wrong": wrong}


if __name__ == "__main__":
    code_digest()  # once for all forks: somebody may be editing the program meanwhile
    job, folder, *rest = sys.argv[1:]
    if job not in ("stages", "taking-over"):
        install()
    jobs: dict[str, Callable[[], dict[str, Any]]] = {
        "shoot": lambda: shoot(Path(folder), rest[0], int(rest[1]), first="first" in rest),
        "stages": lambda: stop_after_each_stage(Path(folder)),
        "taking-over": lambda: stop_a_build_that_takes_over(Path(folder)),
        "watch": lambda: watch(Path(folder)),
        "race": lambda: race(Path(folder), int(rest[0])),
    }
    print(json.dumps(jobs[job]()))

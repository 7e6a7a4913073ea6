"""docs/reference/run-files.md tells every file of `.cxid` and every key of its JSON, held against real runs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "reference" / "run-files.md").read_text(encoding="utf-8")
# Objects whose keys are names of the reader's own: tables, files, keys of the config, steps.
NAMED = ("outputs", "stages[].tables", "stages[].steps", "config_keys", "bases", "counts")
OPEN = ("stages[].facts", "stages[].warnings", "stages[].gates", "config_keys", "bases", "counts", "stages[].steps")
TYPES = {"text": str, "integer": int, "number": (int, float), "boolean": bool, "object": dict, "list": list, "null": type(None)}  # fmt: skip


def told(section: str) -> dict[str, str]:
    """Key -> type of a section's table."""
    text = PAGE.split(f"## {section}\n")[1].split("\n## ")[0]
    return {m[1]: m[2] for m in re.finditer(r"^\| `([^`]+)` \| ([a-z ]+) \|", text, re.MULTILINE)}


def keys(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """(path, value) of each key within a document: lists as [], names of the reader's own as *."""
    if isinstance(value, dict):
        for key, inner in value.items():
            here = "*" if path in NAMED else key
            yield from ((p, v) for p, v in [(f"{path}.{here}".lstrip("."), inner)])
            yield from keys(inner, f"{path}.{here}".lstrip("."))
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner, f"{path}[]")


def found(two_runs: Path, name: str) -> list[tuple[str, Any]]:
    files = sorted((two_runs / ".cxid" / "runs").glob(f"*/{name}"))
    assert len(files) == 2
    listed = [k for file in files for k in keys(json.loads(file.read_text(encoding="utf-8")))]
    return [(path, value) for path, value in listed if not path.startswith(tuple(f"{o}." for o in OPEN) + tuple(f"{o}[" for o in OPEN))]  # fmt: skip


@pytest.mark.parametrize("name", ["manifest.json", "run_results.json"])
def test_the_page_tells_every_key_and_no_other(two_runs: Path, name: str) -> None:
    written = {path for path, _ in found(two_runs, name) if not path.endswith((".*", "tables.*"))}
    assert written == set(told(name)) - {p for p in told(name) if p.endswith("[]")}


@pytest.mark.parametrize("name", ["manifest.json", "run_results.json"])
def test_each_key_has_the_type_that_the_page_tells(two_runs: Path, name: str) -> None:
    types = told(name)
    wrong = [
        f"{path}: {value!r} is no {types[path]}"
        for path, value in found(two_runs, name)
        if path in types and not any(isinstance(value, TYPES[t]) for t in types[path].split(" or "))
    ]
    assert wrong == []


def test_the_page_tells_every_file(two_runs: Path) -> None:
    """Each file of the project's folder fits a path of the page, and each path that a build makes is there."""
    paths = re.findall(r"^\| `([^`]+)` \|", PAGE.split("## manifest.json")[0], re.MULTILINE)
    patterns = [re.compile(re.sub(r"[A-Z]{3,}", "[^/]+", re.escape(p)).replace(r"\*", "[^/]*") + ("" if not p.endswith("/") else ".*")) for p in paths]  # fmt: skip
    home = two_runs / ".cxid"
    files = [str(p.relative_to(home)) for p in home.rglob("*") if p.is_symlink() or p.is_file()]
    assert [f for f in files if not any(p.fullmatch(f) for p in patterns)] == []
    sometimes = {"schema.json", "state/exports/NAME.*", "runs/RUN/identify/", "crash-TIME-PID.txt"}
    unused = {path for path, p in zip(paths, patterns, strict=True) if not any(p.fullmatch(f) for f in files)}
    assert unused == sometimes


def test_the_log_has_only_events_that_the_page_tells(two_runs: Path) -> None:
    section = PAGE.split("## log.jsonl\n")[1]
    events = set(
        re.findall(r"`(\w+)`", " ".join(line.split("|")[1] for line in section.splitlines() if line.startswith("| `")))
    )
    lines = [json.loads(x) for log in two_runs.glob(".cxid/runs/*/log.jsonl") for x in log.read_text().splitlines()]
    assert {line["event"] for line in lines} <= events
    assert {"at", "event"} <= set.intersection(*(set(line) for line in lines))
    source = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "src" / "cxid").rglob("*.py"))
    assert set(re.findall(r"journal\.write\(\s*\"(\w+)\"", source)) <= events

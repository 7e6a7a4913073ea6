"""init on the exports of many systems: each column is taken for what a careful person would take it for."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from cxid.config.guess import guess_config, render_yaml
from cxid.config.loading import parse_config
from cxid.model import DEFAULT_TYPES
from tests.functional.guess_columns import VALUES, Row
from tests.functional.guess_schemas import SCHEMAS

ROWS, PEOPLE = 150, 90
_PARTS = (
    "time", "amount", "category", "campaign", "score", "sentiment", "reach", "status", "updated_at", "due", "end",
    "likes", "followers", "case",
)  # fmt: skip
_OR_CONSTANT = ("type", "channel", "currency", "purpose")  # a text there is a constant, not a column


def write(path: Path, language: str, kind: str, columns: list[list[str]]) -> None:
    """The file, in which each row is a person of its own in a people source and persons come back elsewhere."""
    rows = [Row(language, i if kind == "people" else (i * 7) % PEOPLE, i) for i in range(ROWS)]
    cells = [[str(VALUES[value](row)) for _, value, _ in columns] for row in rows]
    names = [name for name, _, _ in columns]
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".jsonl":
        lines = (json.dumps(nested({n: c for n, c in zip(names, row, strict=True) if c})) for row in cells)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter="\t" if path.suffix == ".txt" else ";").writerows([names, *cells])


def nested(flat: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in flat.items():
        *outer, last = name.split(".")
        inner = found
        for part in outer:
            inner = inner.setdefault(part, {})
        inner[last] = value
    return found


def named(reference: Any) -> list[str]:
    if isinstance(reference, dict):
        return named(reference["from"])
    return [reference] if isinstance(reference, str) else list(reference)


def roles(source: dict[str, Any]) -> dict[str, set[str]]:
    """Column -> what the config uses it for; attributes count as not used."""
    found: dict[str, set[str]] = {}
    for field, reference in source.get("columns", {}).items():
        kind = reference.get("type") if isinstance(reference, dict) else None
        if (kind or DEFAULT_TYPES.get(field, "attribute")) != "attribute":
            for column in named(reference):
                found.setdefault(column, set()).add(field)
    for reference in source.get("ids", {}).values():
        for column in named(reference):
            found.setdefault(column, set()).add("id")
    if len(named(source.get("key", []))) == 1:
        found.setdefault(named(source["key"])[0], set()).add("key")
    for part in (*_PARTS, *_OR_CONSTANT):
        reference = source.get(part, [])
        constant = isinstance(reference, str) and part in _OR_CONSTANT
        for column in [] if constant else named(reference):
            found.setdefault(column, set()).add(part)
    return found


def wrong(columns: list[list[str]], source: dict[str, Any]) -> list[str]:
    """The columns that are used for something else than wanted."""
    found = roles(source)
    faults = []
    for name, _, want in columns:
        have = found.get(name, set())
        fields = have - {"key", "id"}
        if want == "-":
            good = not have
        elif want in ("key", "id"):
            good = want in have
        else:
            good = fields == set(want.split(","))
        if want != "?" and not good:
            faults.append(f"{name} is {sorted(have) or 'not used'}, not {want}")
    return faults


@pytest.mark.parametrize(
    ("language", "files"), [pytest.param(spoken, files, id=name) for name, spoken, files in SCHEMAS]
)
def test_each_column_is_what_a_careful_person_takes_it_for(
    language: str, files: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    columns = {path: [c.strip().split("|") for c in text.split("; ")] for path, _, text in files}
    for path, kind, _ in files:
        write(tmp_path / path, language, kind, columns[path])

    guess = guess_config([tmp_path], root=tmp_path)
    text = render_yaml(guess)

    assert YAML(typ="safe", pure=True).load(text) == guess.config
    parse_config(text.encode(), Path("cxid.yml"), env={})
    faults = []
    for path, kind, _ in files:
        found = [s for s in guess.config["sources"].values() if s["path"] == path]
        if kind not in [s["kind"] for s in found] and (kind or found):
            faults.append(f"{path} is {[s['kind'] for s in found]}, not {kind or 'left out'}")
        faults += [f"{path}: {f}" for s in found if s["kind"] == kind for f in wrong(columns[path], s)]
    assert faults == []

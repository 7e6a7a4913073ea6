"""What a build costs when little changed.

python benchmarks/incremental.py [--records 1000000] [--people 20000] [--write]

Two projects are built, changed, and built twice more from the same state: once with `--full-refresh`, once taking over
what did not change. *people*: one register of the generator; 1 % of its rows change and 1 % come. *company*: the
sample company; one new file with a day of its web log. The published tables of both builds are compared by digest.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from labelled import CACHE, Folders, people
from machine import measured, measured_run, stamp
from pages import number, page, ratio, table
from runners import HERE, busy, fresh, init_cxid

_SHARE = 0.01


@dataclass(frozen=True)
class Case:
    """A project that stands after its first build, and what then happens to its files."""

    name: str
    project: Path
    change: Callable[[], str]  # in words


def main() -> None:
    options = arguments().parse_args()
    folders = Folders(cache=options.cache)
    load, parts = busy(), []
    for case in (register(folders, options), company(options)):
        if case is not None:
            parts.append(measure(case, options))
            print(parts[-1], flush=True)
    if options.write:
        page("incremental", "What a build costs when little changed", stamp(), load, *parts)


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=1_000_000, help="of the register; 0 leaves it out")
    parser.add_argument("--people", type=int, default=20_000, help="of the sample company; 0 leaves it out")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", type=Path, default=CACHE, help="generated data and work files; may be removed")
    parser.add_argument("--write", action="store_true", help="write the page of results")
    return parser


def register(folders: Folders, options: argparse.Namespace) -> Case | None:
    if not options.records:
        return None
    made = people(folders, options.records, options.seed).files[0]
    project = fresh(folders.cache / "incremental-people")
    file = project / made.name
    rows = pq.read_table(made)
    pq.write_table(rows, file)
    init_cxid((file,), kept := folders.cache / "incremental-init")
    config = (kept / "cxid.yml").read_text(encoding="utf-8")
    (project / "cxid.yml").write_text(config.replace(_shown(config, made.name), file.name), encoding="utf-8")

    def change() -> str:
        pq.write_table(changed_people(rows, options.seed), file)
        return f"{len(rows):,} records; 1 % of them changed, 1 % new"

    return Case("people", project, change)


def _shown(config: str, name: str) -> str:
    """The path of the file as the config writes it."""
    line = next(line for line in config.splitlines() if "path:" in line and name in line)
    return line.split("path:")[1].split("#")[0].strip()


def changed_people(rows: pa.Table, seed: int) -> pa.Table:
    """1 % of the rows with another city and a letter more in the surname; 1 % copies of others under new keys."""
    chance, count = random.Random(seed), round(len(rows) * _SHARE)
    moved = set(chance.sample(range(len(rows)), count))
    mask = pa.array([i in moved for i in range(len(rows))])
    table = rows
    for name, other in (("city", pa.scalar("springfield")), ("surname", None)):
        column = table.column(name)
        new = other if other is not None else pc.binary_join_element_wise(column, "x", "")
        table = table.set_column(table.column_names.index(name), name, pc.if_else(mask, new, column))
    copies = table.take(pa.array(chance.sample(range(len(rows)), count)))
    key = copies.column("unique_id")
    highest = pc.max(rows.column("unique_id")).as_py()
    numbers = pa.array(range(highest + 1, highest + 1 + count), key.type)
    copies = copies.set_column(copies.column_names.index("unique_id"), rows.schema.field("unique_id"), numbers)
    return pa.concat_tables([table, copies])


def company(options: argparse.Namespace) -> Case | None:
    """The sample company without the last day of its web log, which then comes as a file."""
    if not options.people:
        return None
    project = options.cache / "incremental-company"
    shutil.rmtree(project, ignore_errors=True)
    cxid = [sys.executable, "-m", "cxid"]
    measured_run([*cxid, "demo", str(project), "--people", str(options.people), "--seed", str(options.seed)])
    last = sorted((project / "data" / "web").glob("*.parquet"))[-1]
    events = pq.read_table(last)
    time = next(f.name for f in events.schema if pa.types.is_timestamp(f.type) or f.name.endswith(("time", "at", "ts")))
    days = pc.utf8_slice_codeunits(pc.cast(events.column(time), pa.string()), 0, 10)
    day = pc.max(days).as_py()
    is_new = pc.equal(days, day)
    new = events.filter(is_new)
    pq.write_table(events.filter(pc.invert(is_new)), last)

    def change() -> str:
        pq.write_table(new, last.with_name(f"{last.stem}-last-day.parquet"))
        return f"{options.people:,} people; a new file with {len(new):,} events"

    return Case("company", project, change)


def measure(case: Case, options: argparse.Namespace) -> str:
    """The first build, then after the change the full one of a copy and the incremental one, side by side."""
    first = build(case.project)
    said = case.change()
    copy = case.project.with_name(f"{case.project.name}-full")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(case.project, copy, symlinks=True)
    full, some = build(copy, "--full-refresh"), build(case.project)
    alike = published(copy) == published(case.project)
    head = ("stage", "first CPU s", "full CPU s", "incremental CPU s", "share", "full wall s", "incremental wall s")
    rows = [_row(name, first, full, some) for name in some["stages"]]
    rows.append(_row("whole", first, full, some))
    same = "The published tables are the same, byte for byte." if alike else "THE PUBLISHED TABLES DIFFER."
    shutil.rmtree(copy)
    return f"## {case.name}\n\n{said}. {same}\n\n{table(head, rows)}"


def _row(name: str, *builds: Mapping[str, Any]) -> tuple[str, ...]:
    first, full, some = (b["stages"].get(name, {}) if name != "whole" else b["whole"] for b in builds)
    cpu = [part.get("cpu") for part in (first, full, some)]
    return (
        name,
        *(number(c, 2) for c in cpu),
        ratio(cpu[2], cpu[1]),
        number(full.get("wall"), 2),
        number(some["wall"], 2),
    )


def build(project: Path, *options: str) -> dict[str, Any]:
    """Stages and whole of one build in a fresh process."""
    figures = project / "figures.json"
    took = measured(
        [sys.executable, str(HERE / "cxid_build.py"), str(project), str(figures), *options], said=sys.stderr
    )
    content: dict[str, Any] = json.loads(figures.read_text(encoding="utf-8")) if figures.is_file() else {}
    if took.code:
        sys.exit(f"the build of {project.name} ended with {took.code}: {content.get('error', '')}")
    stages = {s["stage"]: s for s in content["stages"]}
    return {"stages": stages, "whole": {"cpu": took.cpu, "wall": took.wall}}


def published(project: Path) -> dict[str, str]:
    """Table -> digest of what is published."""
    results = json.loads((project / ".cxid" / "published" / "run_results.json").read_text(encoding="utf-8"))
    return {name: file["sha256"] for name, file in results["outputs"].items() if "sha256" in file}


if __name__ == "__main__":
    main()

"""How a whole build grows: python benchmarks/scaling.py [--sizes 100000 1000000 5000000 10000000] [--write]

Each size is one `cxid init` and one complete build from nothing in a fresh process, under a memory limit. People come
from the generator beside the labelled data when it is there, else from `cxid demo`. A finished size is kept as one row
in the cache, so that the command may be stopped and started again: it goes on with the sizes that are missing for the
code as it is, and --again forgets all. --write puts the table into benchmarks/results/scaling.md. Ten million people
need about 30 GB of disk.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import Any

from labelled import CACHE, Folders, Missing, people
from machine import measured, measured_run, stamp
from pages import Rows, number, page, table
from runners import HERE, busy, fresh, init_cxid
from scoring import score_people

from cxid.runs.inputs import code_digest

SIZES = (100_000, 1_000_000, 5_000_000, 10_000_000)
HEAD = ("records", "scored pairs", "customers", "F1", "wall s", "CPU s", "CPU us a record", "peak MB", "disk MB",
        "most disk MB", "outputs MB", "times the size before: records", "wall", "CPU")  # fmt: skip


@dataclass(frozen=True)
class Inputs:
    """Where the records of one size lie: arguments of `cxid init`, and the truth."""

    files: tuple[Path, ...]
    truth: Path
    of: str
    by_key: bool = False  # `cxid init` names the sources in its own way


def main() -> None:
    options = arguments().parse_args()
    folders = Folders(cache=options.cache)
    load = busy()
    rows = Rows(folders.cache / f"scaling-{_word(options.memory_limit)}.jsonl", resume=not options.again)
    for size in sorted(options.sizes):
        key = _key(size, options.seed)
        row = rows.get(key)
        if row is None or row["error"]:
            row = rows.add(key, build(size, folders, options))
        print(line(row, None), file=sys.stderr, flush=True)
    done = [r for s in sorted(options.sizes) if (r := rows.get(_key(s, options.seed))) is not None]
    text = scaling_text(done)
    print(text)
    if options.write:
        about = (
            f"A complete build with `--memory-limit {options.memory_limit}`, config by `cxid init`, {done[0]['of']}. "
            "Disk: what the project holds after the build, and the most that it held during it, the input not counted."
        )
        page("scaling", "How a build grows", stamp(), load, about, text)


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", type=int, default=list(SIZES), metavar="RECORDS")
    parser.add_argument("--memory-limit", default="8GB", metavar="SIZE")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--again", action="store_true", help="forget the sizes that are done")
    parser.add_argument("--keep", action="store_true", help="keep the projects that were built")
    parser.add_argument("--cache", type=Path, default=CACHE, help="generated data and work files; may be removed")
    parser.add_argument("--write", action="store_true", help="write the page of results")
    return parser


def build(size: int, folders: Folders, options: argparse.Namespace) -> dict[str, Any]:
    """One size: what its build took, or how it failed."""
    print(f"{size:,} records: data", file=sys.stderr, flush=True)
    inputs = make_inputs(size, folders, options.seed)
    project = folders.cache / "scaling" / str(size)
    init_cxid(inputs.files, project)
    print(f"{size:,} records: build", file=sys.stderr, flush=True)
    figures = project / "figures.json"
    command = [sys.executable, str(HERE / "cxid_build.py"), str(project), str(figures),
               "--memory-limit", options.memory_limit]  # fmt: skip
    with DiskWatch(project) as disk:
        took = measured(command, said=sys.stderr)
    content = json.loads(figures.read_text(encoding="utf-8")) if figures.is_file() else {"stages": [], "error": ""}
    output = project / "output"
    peak = max([took.peak_mb, *(s["peak_mb"] for s in content["stages"])])
    row: dict[str, Any] = {
        "records": size, "of": inputs.of, "wall": took.wall, "cpu": took.cpu, "peak_mb": peak,
        "disk_mb": folder_mb(project), "most_disk_mb": disk.most_mb,
        "outputs_mb": folder_mb(output.resolve()) if output.exists() else 0.0,
        "stages": content["stages"], "error": content["error"] or (f"exit code {took.code}" if took.code else ""),
        "counts": _counts(project), "f1": None,
    }  # fmt: skip
    if not row["error"]:
        row["f1"] = score_people(output / "identity_map.parquet", inputs.truth, by_key=inputs.by_key).f1
    if not options.keep:
        shutil.rmtree(project, ignore_errors=True)
    return row


def make_inputs(size: int, folders: Folders, seed: int) -> Inputs:
    """People of the generator; a sample company's people when the generator is not there."""
    try:
        data = people(folders, size, seed)
        return Inputs(data.files, data.truth, "people of the generator")
    except Missing:
        company = folders.cache / f"demo_{size}_{seed}"
        if not (company / "truth" / "people.csv").is_file():
            command = [sys.executable, "-m", "cxid", "demo", str(fresh(company)), "--people", str(size)]
            measured_run([*command, "--seed", str(seed)])
        return Inputs(
            (company / "data",), company / "truth" / "people.csv", "a sample company of `cxid demo`", by_key=True
        )


class DiskWatch:
    """The most disk that a folder held while this was open, looked at every second."""

    def __init__(self, folder: Path, every: float = 1.0) -> None:
        self._folder, self._every = folder, every
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.most_mb = 0.0

    def __enter__(self) -> DiskWatch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while True:
            self.most_mb = max(self.most_mb, folder_mb(self._folder))
            if self._over.wait(self._every):
                return


def folder_mb(folder: Path) -> float:
    """MB on disk under a folder; files that vanish meanwhile count nothing, one file under two names counts once."""
    seen: dict[tuple[int, int], int] = {}
    for path in folder.rglob("*"):
        try:
            state = path.lstat()
        except OSError:
            continue
        seen[state.st_dev, state.st_ino] = state.st_blocks * 512
    return sum(seen.values()) / 2**20


def slope(sizes: Sequence[float], values: Sequence[float]) -> float | None:
    """The exponent b of values ~ sizes^b: the least-squares line through their logarithms. None below two points."""
    points = [(log(s), log(v)) for s, v in zip(sizes, values, strict=True) if s > 0 and v > 0]
    if len({x for x, _ in points}) < 2:
        return None
    mean_x, mean_y = (sum(c) / len(points) for c in zip(*points, strict=True))
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)


def scaling_text(rows: Sequence[dict[str, Any]]) -> str:
    """The table of sizes, their exponents, and the seconds of each stage."""
    befores: list[dict[str, Any] | None] = [None, *rows[:-1]]
    parts = [table(HEAD, [cells(row, before) for row, before in zip(rows, befores, strict=True)])]
    whole = [r for r in rows if not r["error"]]
    parts += [f"{r['records']:,} records failed: {r['error']}" for r in rows if r["error"]]
    if len(whole) > 1:
        parts += [_exponents(whole), "## Seconds and peak memory of each stage", _stages(whole)]
    return "\n\n".join(parts)


def cells(row: dict[str, Any], before: dict[str, Any] | None) -> tuple[str, ...]:
    """One row of the table."""
    counts, times = row["counts"], ("-", "-", "-")
    if before is not None and not row["error"] and not before["error"]:
        times = (
            number(row["records"] / before["records"], 1), number(row["wall"] / before["wall"], 1),
            number(row["cpu"] / before["cpu"], 1),
        )  # fmt: skip
    return (
        number(row["records"]), number(counts.get("scored_pairs")), number(counts.get("customers")),
        number(row["f1"], 4), number(row["wall"], 1), number(row["cpu"], 1),
        number(1e6 * row["cpu"] / row["records"], 1), number(row["peak_mb"]), number(row["disk_mb"]),
        number(row["most_disk_mb"]), number(row["outputs_mb"]), *times,
    )  # fmt: skip


def line(row: dict[str, Any], before: dict[str, Any] | None) -> str:
    """One row in words, for the one who waits."""
    said = ", ".join(f"{name} {cell}" for name, cell in zip(HEAD, cells(row, before), strict=True) if cell != "-")
    return said + (f", FAILED: {row['error']}" if row["error"] else "")


def _exponents(rows: Sequence[dict[str, Any]]) -> str:
    sizes = [r["records"] for r in rows]

    def of(value: Callable[[dict[str, Any]], float]) -> str:
        return number(slope(sizes, [value(r) for r in rows]), 2)

    figures = {name: of(lambda r, key=name: r[key]) for name in ("wall", "cpu", "peak_mb", "most_disk_mb")}
    words = {"wall": "wall time", "cpu": "CPU time", "peak_mb": "peak memory", "most_disk_mb": "disk"}
    return "Exponent of the growth (1 is in proportion to the records): " + ", ".join(
        f"{words[name]} {figure}" for name, figure in figures.items()
    ) + "."  # fmt: skip


def _stages(rows: Sequence[dict[str, Any]]) -> str:
    """Wall seconds, CPU seconds and MB of each stage at each size, and its exponent."""
    names = [s["stage"] for s in rows[-1]["stages"]]
    by = [{s["stage"]: s for s in r["stages"]} for r in rows]
    lines = []
    for name in names:
        there = [(r["records"], b[name]) for r, b in zip(rows, by, strict=True) if name in b]
        growth = slope([n for n, _ in there], [s["cpu"] for _, s in there])
        figures = [f"{s['wall']:.1f} / {s['cpu']:.1f} / {s['peak_mb']:,}" for _, s in there]
        lines.append((name, *figures, number(growth, 2)))
    head = ("stage: wall s / CPU s / peak MB", *(f"{r['records']:,}" for r in rows), "exponent of CPU")
    return table(head, lines)


def _counts(project: Path) -> dict[str, int]:
    """The counts of the published run, {} when there is none."""
    found = sorted(project.glob(".cxid/runs/*/run_results.json"))
    if not found:
        return {}
    counts: dict[str, int] = json.loads(found[-1].read_text(encoding="utf-8")).get("counts", {})
    return counts


def _key(size: int, seed: int) -> str:
    """A row is of one size and of the code that built it: other code's rows are not taken for this one's."""
    return f"{size} {seed} {code_digest()[:12]}"


def _word(text: str) -> str:
    return "".join(c for c in text if c.isalnum()).lower()


if __name__ == "__main__":
    main()

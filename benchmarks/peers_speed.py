"""Time and memory of cxid and of two set-ups of Splink on people of the generator."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from labelled import Folders, Labelled, people
from machine import stamp
from pages import Rows, middle, number, page, ratio, table
from runners import Run, busy, init_cxid, run_cxid, run_from_json, run_splink, splink_python, splink_version
from scoring import best_cut, score_people

TOOLS = ("cxid", "splink tight", "splink wide")
_CHANCE_PAIRS = 1e6  # enough at a million records; ten times as many cost Splink about 15 s more
_NOTES = (
    "Linkage is what happens between loaded records and customers: in cxid the stages link and stitch, in Splink "
    "prior, chance agreement, two training passes, blocking, scoring and clustering at p >= .95. Records to clusters "
    "leaves out what cxid does once clusters stand: identifiers and events get their customers, every merge its "
    "explanation. cxid's values are "
    "normalised in a stage of its own before, Splink takes them as they are. The whole is the process from start to "
    "end: for cxid the complete build with golden records, profiles and published files, for Splink loading and "
    "linkage. Pairs per second: candidate pairs by the seconds that gather their values, compare them and write "
    "their weights; finding the pairs and training are not in it. Medians over the repeats."
)


def compare_speed(folders: Folders, options: argparse.Namespace) -> None:
    """Run the tools in turn, print the table, write the page when asked."""
    load = busy()
    data = people(folders, options.records, options.seed)
    rows = Rows(folders.cache / f"peers-speed-{options.records}-{options.seed}.jsonl", resume=options.resume)
    splink_python()
    project = folders.cache / "speed" / "cxid"
    init_cxid(data.files, project)
    runs: dict[str, list[Run]] = {tool: [] for tool in TOOLS}
    for repeat in range(options.repeats):
        for tool in TOOLS if repeat % 2 == 0 else reversed(TOOLS):
            key = f"{tool} {repeat}"
            row = rows.get(key) or rows.add(key, _measure(tool, repeat, data, folders))
            runs[tool].append(run_from_json(row["run"]))
            _tell(key, runs[tool][-1])
    accuracy = {tool: _accuracy(tool, rows, data, folders) for tool in TOOLS}
    text = speed_table(runs, accuracy)
    print(text)
    if options.write:
        about = f"{data.name}: {options.records:,} records, {options.repeats} repeats. {_NOTES}"
        parts = (stamp(splink_version()), load, about, text, "## Steps", steps_table(runs))
        page("peers_speed", "cxid and Splink: time and memory", *parts)


def _measure(tool: str, repeat: int, data: Labelled, folders: Folders) -> dict[str, Any]:
    """One run. cxid goes to the end of the build in the first repeat only, afterwards until it has customers."""
    if tool == "cxid":
        run = run_cxid(folders.cache / "speed" / "cxid", until="" if repeat == 0 else "stitch")
    else:
        job = data.job(tool.split()[1], names="together", chance_pairs=_CHANCE_PAIRS)
        run = run_splink(job, folders.cache / "speed" / tool.replace(" ", "_"))
    return {"run": run.as_json()}


def _accuracy(tool: str, rows: Rows, data: Labelled, folders: Folders) -> dict[str, Any]:
    """Scores of the answers that the last run left, kept with the rows."""
    key = f"{tool} accuracy"
    kept = rows.get(key)
    if kept is not None:
        return kept
    work = folders.cache / "speed"
    if tool == "cxid":
        return rows.add(key, {"auto": asdict(score_people(_identity_map(work / "cxid"), data.truth))})
    out = work / tool.replace(" ", "_")
    best = best_cut(out / "pairs.parquet", data.truth)
    auto = score_people(out / "clusters.parquet", data.truth)
    return rows.add(key, {"auto": asdict(auto), "best": asdict(best.score), "best_bits": best.bits})


def _identity_map(project: Path) -> Path:
    """identity_map of the build: published by a whole one, else among the tables of the run that stopped early."""
    found = sorted(project.glob(".cxid/runs/*/tables/identity_map.parquet"))
    if not found:
        sys.exit(f"no identity map under {project}")
    return found[-1]


def _tell(key: str, run: Run) -> None:
    print(
        f"{key}: linkage {run.linkage.wall:.1f} s (CPU {run.linkage.cpu:.1f}), whole {run.whole.wall:.1f} s, "
        f"{run.linkage_peak_mb:.0f} MB",
        file=sys.stderr, flush=True,
    )  # fmt: skip


def _whole(tool: str, runs: Sequence[Run]) -> list[Run]:
    """Runs that went to the end."""
    return list(runs[:1]) if tool == "cxid" else list(runs)


def speed_table(runs: dict[str, list[Run]], accuracy: dict[str, dict[str, Any]]) -> str:
    """One row a figure, one column a tool, and each Splink set-up as a multiple of cxid."""
    cxid, *others = TOOLS
    rows: list[tuple[str, ...]] = []

    def add(name: str, values: dict[str, float | None], digits: int = 1, *, more_is_better: bool = False) -> None:
        ours = values[cxid]
        against = [
            ratio(ours, values[t]) if more_is_better else ratio(values[t], ours) for t in others
        ]  # how many times better cxid is
        rows.append((name, *(number(values[t], digits) for t in TOOLS), *against))

    def score(which: str, figure: str) -> dict[str, float | None]:
        return {t: accuracy[t].get(which, {}).get(figure) for t in TOOLS}

    for name, which in (("untouched, Splink at p >= .95", "auto"), ("Splink at its best cut by labels", "best")):
        for figure, words in (("f1", "F1"), ("bcubed_f1", "B-cubed F1")):
            values = score(which, figure)
            values[cxid] = accuracy[cxid]["auto"][figure]
            rows.append((f"{words}, {name}", *(number(values[t], 4) for t in TOOLS), "", ""))
    for name, pick in (
        ("records to clusters, wall s", lambda r: r.clustering.wall),
        ("records to clusters, CPU s", lambda r: r.clustering.cpu),
        ("linkage, wall s", lambda r: r.linkage.wall),
        ("linkage, CPU s", lambda r: r.linkage.cpu),
        ("linkage, peak MB", lambda r: r.linkage_peak_mb),
    ):
        add(name, {t: middle(pick(r) for r in runs[t]) for t in TOOLS}, 0 if "MB" in name else 1)
    with_values = {t: middle(r.linkage.wall + _normalise(r) for r in runs[t]) for t in TOOLS}
    add("the same with normalising values, wall s", with_values)
    for name, pick in (
        ("whole process, wall s", lambda r: r.whole.wall),
        ("whole process, CPU s", lambda r: r.whole.cpu),
        ("whole process, peak MB", lambda r: r.whole_peak_mb),
    ):
        add(name, {t: middle(pick(r) for r in _whole(t, runs[t])) for t in TOOLS}, 0 if "MB" in name else 1)
    pairs = {t: middle(r.candidate_pairs for r in runs[t]) for t in TOOLS}
    rows.append(("candidate pairs", *(number(pairs[t]) for t in TOOLS), "", ""))
    add("pairs scored per second", {t: middle(r.pairs_per_second for r in runs[t]) for t in TOOLS}, 0,
        more_is_better=True)  # fmt: skip
    add("pairs scored per CPU second", {t: middle(r.pairs_per_cpu_second for r in runs[t]) for t in TOOLS}, 0,
        more_is_better=True)  # fmt: skip
    return table(("figure", *TOOLS, "cxid is better by, tight", "wide"), rows)


def steps_table(runs: dict[str, list[Run]]) -> str:
    """Median wall and CPU seconds of each stage or step."""
    rows = []
    for tool in TOOLS:
        for step in runs[tool][0].steps:
            spent = [r.steps[step] for r in runs[tool] if step in r.steps]
            wall, cpu = middle(s.wall for s in spent), middle(s.cpu for s in spent)
            rows.append((tool, step, number(wall, 1), number(cpu, 1)))
    return table(("tool", "step", "wall s", "CPU s"), rows)


def _normalise(run: Run) -> float:
    return run.steps["normalise"].wall if "normalise" in run.steps else 0.0

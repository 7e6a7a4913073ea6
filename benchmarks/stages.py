"""Where the time of one build goes: python benchmarks/stages.py [PROJECT | --records 1000000] [--write]

Builds a project from nothing in a fresh process and prints seconds, memory and rows of each stage, then of the
relations that cost most within each: a relation is one table that the engine made, or all statements of one kind that
only read. What is left over is Python's own time. PROJECT is a folder with a cxid.yml, which is copied: its own runs
stay as they are. Without it, people of the generator.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from labelled import CACHE, Folders, people
from machine import measured, stamp
from pages import number, page, table
from runners import HERE, fresh, init_cxid

_TOLD = 0.01  # relations below this share of the whole build are left out


def main() -> None:
    options = arguments().parse_args()
    folders = Folders(cache=options.cache)
    project = folders.cache / "stages"
    if options.project is not None:
        copied(options.project.resolve(), project)
        of = f"project {options.project.resolve().name}"
    else:
        data = people(folders, options.records, options.seed)
        init_cxid(data.files, project)
        of = data.name
    content = profile(project, options)
    text = profile_text(content)
    print(text)
    if options.write:
        limit = f", memory limit {options.memory_limit}" if options.memory_limit else ""
        page("stages", "Where the time of a build goes", stamp(), f"{of}{limit}.", text)


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("project", type=Path, nargs="?")
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--memory-limit", metavar="SIZE")
    parser.add_argument("--threads", type=int, metavar="N")
    parser.add_argument("--cache", type=Path, default=CACHE, help="generated data and work files; may be removed")
    parser.add_argument("--write", action="store_true", help="write the page of results")
    return parser


def copied(project: Path, to: Path) -> None:
    """The project's config beside which its files are found as before."""
    fresh(to)
    for path in project.iterdir():
        if path.name not in (".cxid", "output"):
            (to / path.name).symlink_to(path)


def profile(project: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Build it; what each stage and relation took."""
    figures = project / "figures.json"
    figures.unlink(missing_ok=True)
    command = [sys.executable, str(HERE / "cxid_build.py"), str(project), str(figures), "--rows"]
    command += ["--memory-limit", options.memory_limit] if options.memory_limit else []
    command += ["--threads", str(options.threads)] if options.threads else []
    took = measured(command, said=sys.stderr)
    if not figures.is_file():
        sys.exit(f"the build ended with {took.code}\n{took.words}")
    content: dict[str, Any] = json.loads(figures.read_text(encoding="utf-8"))
    return content


def profile_text(content: dict[str, Any]) -> str:
    """The stages, then the relations of each that cost most."""
    stages, relations, whole = content["stages"], content["relations"], content["whole"]
    head = ("stage", "wall s", "CPU s", "share", "peak MB", "rows")
    rows = [_row(s["stage"], s, whole["wall"]) for s in stages]
    rows.append(_row("whole process", whole, whole["wall"]))
    parts = [table(head, rows)]
    if content["error"]:
        parts.append(f"The build failed: {content['error']}")
    inner = []
    for stage in stages:
        own = [r for r in relations if r["stage"] == stage["stage"]]
        inner += _inner(stage, own, whole["wall"])
    parts += ["## Relations", table(("stage", "relation", "calls", *head[1:]), inner)]
    return "\n\n".join(parts)


def _inner(stage: dict[str, Any], own: Sequence[dict[str, Any]], whole: float) -> list[tuple[str, ...]]:
    """The stage's relations in order of their cost, the small ones in one row, and what no statement explains."""
    told = sorted((r for r in own if r["wall"] >= _TOLD * whole), key=lambda r: -r["wall"])
    rest = [r for r in own if r["wall"] < _TOLD * whole]
    rows = [(stage["stage"], r["what"], number(r["calls"]), *_row("", r, whole)[1:]) for r in told]
    for name, parts in (("all others", rest), ("outside the engine", None)):
        wall, cpu = (
            (sum(r[unit] for r in parts) if parts is not None else stage[unit] - sum(r[unit] for r in own))
            for unit in ("wall", "cpu")
        )
        calls = number(sum(r["calls"] for r in parts)) if parts is not None else ""
        share = f"{100 * wall / whole:.1f} %" if whole else "-"
        rows.append((stage["stage"], name, calls, number(wall, 2), number(cpu, 2), share, "", ""))
    return rows


def _row(name: str, step: dict[str, Any], whole: float) -> tuple[str, ...]:
    share = f"{100 * step['wall'] / whole:.1f} %" if whole else "-"
    return (name, number(step["wall"], 2), number(step["cpu"], 2), share, number(step["peak_mb"]), number(step["rows"]))


if __name__ == "__main__":
    main()

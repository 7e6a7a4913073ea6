"""One run of either tool in a fresh process: what it answered and what it took."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from machine import Measured, measured_run

HERE = Path(__file__).parent
ENVIRONMENT = HERE / ".venv-peers"
REQUIREMENTS = HERE / "requirements-peers.txt"

# Stages of cxid and steps of Splink that turn loaded records into customers.
LINKAGE = ("link", "stitch")
NOT_LINKAGE = ("load",)
# What cxid does to score: gather and compare the candidate pairs, and write the weights.
COMPARING = "comparing pairs"
# Of stitch: what comes after is stitching of identifiers and events, ids and explanations.
CLUSTERING = ("gathering identifiers", "joining records into customers")
WEIGHING = ("load link_score", "run link_pair")


@dataclass(frozen=True)
class Spent:
    """Wall and CPU seconds."""

    wall: float = 0.0
    cpu: float = 0.0

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.wall + other.wall, self.cpu + other.cpu)


@dataclass(frozen=True)
class Run:
    """What one run took. `whole` is the process from start to end as the operating system counts it."""

    steps: Mapping[str, Spent]
    linkage: Spent
    clustering: Spent  # from loaded records to clusters of records
    scoring: Spent
    whole: Spent
    candidate_pairs: int | None
    linkage_peak_mb: float
    whole_peak_mb: float
    relations: tuple[dict[str, Any], ...] = field(default=(), repr=False)

    def as_json(self) -> dict[str, Any]:
        content = asdict(self)
        del content["relations"]
        return content

    @property
    def pairs_per_second(self) -> float | None:
        return self.candidate_pairs / self.scoring.wall if self.candidate_pairs and self.scoring.wall else None

    @property
    def pairs_per_cpu_second(self) -> float | None:
        return self.candidate_pairs / self.scoring.cpu if self.candidate_pairs and self.scoring.cpu else None


def run_from_json(content: Mapping[str, Any]) -> Run:
    """The inverse of `Run.as_json`."""
    spent = {name: Spent(**content[name]) for name in ("linkage", "clustering", "scoring", "whole")}
    steps = {name: Spent(**value) for name, value in content["steps"].items()}
    rest = {k: v for k, v in content.items() if k not in ("steps", *spent)}
    return Run(steps=steps, **spent, **rest)


def splink_python() -> Path:
    """The Python of the peers' own environment, made when it is not there or its requirements changed."""
    python, mark = ENVIRONMENT / "bin" / "python", ENVIRONMENT / "made-from.txt"
    wanted = REQUIREMENTS.read_text(encoding="utf-8")
    if not (python.is_file() and mark.is_file() and mark.read_text(encoding="utf-8") == wanted):
        print(f"making {ENVIRONMENT}", file=sys.stderr, flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "-r", str(REQUIREMENTS)], check=True)
        mark.write_text(wanted, encoding="utf-8")
    return python


def splink_version() -> str:
    """splink==X as the requirements pin it."""
    return next(line for line in REQUIREMENTS.read_text(encoding="utf-8").splitlines() if line.startswith("splink"))


def run_splink(job: Mapping[str, Any], out: Path) -> Run:
    """Link with Splink; `out` then holds clusters.parquet and pairs.parquet."""
    fresh(out)
    (out / "job.json").write_text(json.dumps(job), encoding="utf-8")
    took = measured_run([str(splink_python()), str(HERE / "splink_link.py"), str(out / "job.json"), str(out)])
    figures = json.loads((out / "figures.json").read_text(encoding="utf-8"))
    return splink_figures(figures, took)


def splink_figures(figures: Mapping[str, Any], took: Measured) -> Run:
    """The run that splink_link.py tells of. Writing its answers down is no part of the whole."""
    steps = {s["step"]: Spent(s["wall"], s["cpu"]) for s in figures["steps"]}
    written = figures.get("writing", {"wall": 0.0, "cpu": 0.0})
    return Run(
        steps=steps,
        linkage=_sum(v for k, v in steps.items() if k not in NOT_LINKAGE),
        clustering=_sum(v for k, v in steps.items() if k not in NOT_LINKAGE),
        scoring=steps["scoring"],
        whole=Spent(took.wall - written["wall"], took.cpu - written["cpu"]),
        candidate_pairs=figures["candidate_pairs"],
        linkage_peak_mb=figures["peak_mb"],
        whole_peak_mb=max(took.peak_mb, figures["peak_mb"]),
    )


def init_cxid(files: tuple[Path, ...], project: Path) -> None:
    """A project as `cxid init` makes it, untouched."""
    fresh(project)
    measured_run([sys.executable, "-m", "cxid", "--project", str(project), "init", *map(str, files)])


def run_cxid(project: Path, *, until: str = "", memory_limit: str = "", rows: bool = False) -> Run:
    """Build a project from nothing, to the end or until a stage is done."""
    shutil.rmtree(project / ".cxid", ignore_errors=True)
    figures = project / "figures.json"
    command = [sys.executable, str(HERE / "cxid_build.py"), str(project), str(figures)]
    command += ["--until", until] if until else []
    command += ["--memory-limit", memory_limit] if memory_limit else []
    command += ["--rows"] if rows else []
    took = measured_run(command)
    return cxid_figures(json.loads(figures.read_text(encoding="utf-8")), took)


def cxid_figures(figures: Mapping[str, Any], took: Measured) -> Run:
    """The run that cxid_build.py tells of."""
    steps = {s["stage"]: Spent(s["wall"], s["cpu"]) for s in figures["stages"]}
    peaks = {s["stage"]: s["peak_mb"] for s in figures["stages"]}
    link = {s["what"]: s for s in figures["relations"] if s["stage"] == "link"}
    phases = {(s["stage"], s["what"]): s for s in figures["phases"]}
    compared = phases.get(("link", COMPARING))
    clustered = [Spent(s["wall"], s["cpu"]) for name in CLUSTERING if (s := phases.get(("stitch", name)))]
    to_clusters = [steps["link"], *clustered] if clustered else []
    scored = [compared, *(link[s] for s in WEIGHING if s in link)] if compared else []
    return Run(
        steps=steps,
        linkage=_sum(steps[s] for s in LINKAGE if s in steps),
        clustering=_sum(to_clusters),
        scoring=_sum(Spent(s["wall"], s["cpu"]) for s in scored),
        whole=Spent(took.wall, took.cpu),
        candidate_pairs=compared["rows"] if compared else None,
        linkage_peak_mb=max((peaks[s] for s in LINKAGE if s in peaks), default=0),
        whole_peak_mb=max(took.peak_mb, figures["whole"]["peak_mb"]),
        relations=tuple(figures["relations"]),
    )


def build_peak_mb(project: Path) -> int:
    """The most memory that the stages of a project's last build say they had resident.

    The system's own figure for the process is of no use: a build asks for the peak to be forgotten at each stage.
    """
    results = sorted(project.glob(".cxid/runs/*/run_results.json"))
    stages = json.loads(results[-1].read_text(encoding="utf-8"))["stages"] if results else []
    return max((s["peak_mb"] for s in stages), default=0)


def fresh(folder: Path) -> Path:
    """The folder, empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def busy() -> str:
    """A warning for the page when other work was on the machine as the measuring began, '' otherwise."""
    load, processors = os.getloadavg()[0], os.cpu_count() or 1
    return f"Other work was on the machine at the start (load {load:.1f})." if load > processors / 2 else ""


def _sum(parts: Any) -> Spent:
    total = Spent()
    for part in parts:
        total += part
    return total

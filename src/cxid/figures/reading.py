"""Figures from what a run leaves: its table `report_figure`, its manifest, its results file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cxid.figures.model import Figures, Row


def read_figures(engine: Any, run_id: str, run_dir: Path) -> Figures:
    """The figures of a run; those of files that are gone are not there."""
    found: dict[str, dict[int, dict[str, str]]] = {}
    for row in engine.fetch("SELECT * FROM report_figure ORDER BY section, row_no, name").to_pylist():
        line = found.setdefault(row["section"], {}).setdefault(row["row_no"], {"label": row["label"]})
        line[row["name"]] = row["value"]
    sections = {section: tuple(lines.values()) for section, lines in found.items()}
    account, manifest = _read(run_dir / "run_results.json"), _read(run_dir / "manifest.json")
    return Figures(run_id, {"run": _run(account, manifest), **sections, **_account(account)})


def _read(path: Path) -> Mapping[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _run(account: Mapping[str, Any], manifest: Mapping[str, Any]) -> tuple[Row, ...]:
    """When the run was, of which moment it speaks, which run it followed."""
    told = {
        "started_at": account.get("started_at"), "seconds": account.get("seconds"), "as_of": manifest.get("as_of"),
        "previous": manifest.get("previous"),
    }  # fmt: skip
    return tuple({"label": name, "amount": str(value)} for name, value in told.items() if value)


def _account(account: Mapping[str, Any]) -> dict[str, tuple[Row, ...]]:
    """Gates, seconds and peak memory of each stage: limits and times are no part of what a run makes of its inputs."""
    stages, gates = account.get("stages", ()), account.get("gates", ())
    timings = ({"label": s["name"], "seconds": str(s["seconds"]), "peak_mb": str(s["peak_mb"])} for s in stages)
    judged = ({"label": g["name"], "measured": g["value"], "limit": g["limit"], "outcome": _outcome(g)} for g in gates)
    return {"gates": tuple(judged), "timings": tuple(timings)} if account else {}


def _outcome(gate: Mapping[str, Any]) -> str:
    return "passed" if gate["passed"] else "accepted" if gate.get("accepted") else "over"

"""What the steps of a run will probably take: what they took in the last run of the same kind, by the bytes read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cxid.runs import disk
from cxid.runs.folder import RunFolder
from cxid.runs.home import Home
from cxid.runs.inputs import Inputs
from cxid.runs.observer import RunStart
from cxid.runs.results import RunResults, load_results

_FARTHEST = 3.0  # times as many bytes, or as few, from which on a run before says nothing


def run_start(home: Home, run: RunFolder, inputs: Inputs, *, spill: Path) -> RunStart:
    """What is known of `run` before it begins, its manifest written.

    Runs that computed all anew tell of such runs, those that went on from one before of the others; a run that was
    interrupted tells nothing, as its whole time is not known.
    """
    manifest = disk.read_json(run.manifest) or {}
    for path in reversed(home.run_dirs()):
        before = RunFolder(path)
        results = load_results(before.results, before.run_id)
        if path == run.path or results is None or not _tells(results):
            continue
        earlier = disk.read_json(before.manifest) or {}
        scale = sum(f.bytes for f in inputs.files) / max(_bytes(earlier), 1)
        if earlier.get("anew") != manifest.get("anew") or not 1 / _FARTHEST <= scale <= _FARTHEST:
            continue
        steps = {s.name: {step: scale * spent for step, spent in s.steps.items()} for s in results.stages}
        rest = max(results.seconds - sum(s.seconds for s in results.stages), 0.0)
        return RunStart(spill, before.run_id, steps, scale * rest)
    return RunStart(spill)


def _tells(results: RunResults) -> bool:
    """Whether a run was finished in one go, with the time of each step."""
    whole = results.status in ("published", "planned") and bool(results.stages)
    return whole and all(stage.steps and not stage.resumed for stage in results.stages)


def _bytes(manifest: Mapping[str, Any]) -> int:
    return sum(file["bytes"] for file in manifest.get("files", ()))

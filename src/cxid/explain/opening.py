"""A published run opened for explaining: an engine over its tables, with room for the few records asked about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from cxid.engine.base import Engine
from cxid.engine.duckdb import DuckDBEngine
from cxid.errors import UsageError
from cxid.explain.run import RUN
from cxid.runs import disk
from cxid.runs.folder import RunFolder
from cxid.runs.results import load_results

_MEMORY = "1GiB"  # beside other work
_NEEDED = ("link_field", "link_source")


def open_engine(run_dir: Path, tables: Mapping[str, Path], published: Collection[str]) -> Engine:
    """An engine with a view `run_<table>` for each table of a run, and one by its own name for each published one.

    It reaches no other file. Close it after use. Raises UsageError for a run of a version that did not keep its model.
    """
    if not all(name in tables for name in _NEEDED):
        raise UsageError(
            f"run {run_dir.name} is of an older version and did not keep what explains it", hint="run `cxid build`"
        )
    engine = DuckDBEngine(memory_limit=_MEMORY, allowed=[run_dir / "tables"])
    for name, path in tables.items():
        engine.view(RUN + name, path)
        if name in published:
            engine.view(name, path)
    return engine


def numbered_types(run_dir: Path) -> tuple[str, ...]:
    """The types of identifiers that the build left out because systems number their customers each for themselves."""
    folder = RunFolder(run_dir)
    results = load_results(folder.results, folder.run_id)
    facts = [fact for stage in results.stages for fact in stage.facts] if results else []
    return tuple(str(f["id_type"]) for f in facts if f.get("event") == "stitch.mixed_numbering")


def decided_since(run_dir: Path, digest: str) -> bool:
    """Whether decisions.csv, whose digest this is, is another than the run obeyed."""
    manifest = disk.read_json(RunFolder(run_dir).manifest) or {}
    return bool(manifest.get("decisions_sha256", digest) != digest)

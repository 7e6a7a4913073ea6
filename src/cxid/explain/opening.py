"""A published run opened for explaining: an engine over its tables, with room for the few records asked about."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cxid.engine.base import Engine
from cxid.engine.duckdb import DuckDBEngine
from cxid.errors import ErrorCode, UsageError
from cxid.explain.run import RUN
from cxid.runs import disk
from cxid.runs.folder import RunFolder
from cxid.runs.results import load_results

_MEMORY = "1GiB"  # beside other work
_READ = (
    "link_field", "link_band", "link_source", "link_model", "link_class", "link_tie", "link_summary", "link_pattern",
    "link_pair", "blocking_rule", "record", "record_norm", "record_name", "record_identifier", "record_customer",
    "identifier_customer", "event", "event_identifier", "event_customer", "customer", "match_group", "refused_merge",
    "hub_identifier", "decision",
)  # fmt: skip
_REFERENCES = ("golden_customer", "identity_map", "customer_alias")  # what a REF is looked up in, by their own names


def explains(tables: Mapping[str, Path]) -> bool:
    """Whether a run kept what explains it."""
    return all(name in tables for name in _READ)


def open_engine(run_dir: Path, tables: Mapping[str, Path]) -> Engine:
    """An engine with a view `run_<table>` for each table that explains, and those that a REF is looked up in.

    It reaches no other file. Close it after use. Raises UsageError for a run of a version that did not keep its model.
    """
    if not explains(tables):
        raise UsageError(
            f"run {run_dir.name} is of an older version and did not keep what explains it",
            hint="run `cxid build`",
            code=ErrorCode.RUN_INCOMPLETE,
        )
    engine = DuckDBEngine(memory_limit=_MEMORY, allowed=[run_dir / "tables"])
    for name in _READ:
        engine.view(RUN + name, tables[name])
    for name in _REFERENCES:
        if name in tables:
            engine.view(name, tables[name])
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

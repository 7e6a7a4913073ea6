"""A run opened for the page of a customer: published tables by their names, what explains it as `run_<table>`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cxid.engine.base import Engine
from cxid.engine.duckdb import DuckDBEngine
from cxid.explain import opening
from cxid.explain.run import RUN

TABLES = (
    "golden_customer", "golden_provenance", "identity_map", "identity_event", "customer_alias", "match_group",
    "household", "touchpoint", "customer_stage", "consent", "trigger_hit", "profile",
)  # fmt: skip
_MEMORY = "1GiB"  # beside other work


def open_engine(run_dir: Path, tables: Mapping[str, Path]) -> Engine:
    """An engine over the tables of a run that reaches no other file. Close it after use.

    A run of an older version may lack tables; what they tell is then missing from the page.
    """
    if opening.explains(tables):
        engine = opening.open_engine(run_dir, tables)
    else:
        engine = DuckDBEngine(memory_limit=_MEMORY, allowed=[run_dir / "tables"])
        if "event" in tables:
            engine.view(RUN + "event", tables["event"])
    for name in TABLES:
        if name in tables:
            engine.view(name, tables[name])
    return engine

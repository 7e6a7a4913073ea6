"""The stages fit together: each reads what an earlier one wrote, and every published table has one writer."""

from __future__ import annotations

import subprocess
import sys

from cxid.contracts import PUBLISHED, TABLES
from cxid.pipeline import STAGES


def test_every_stage_reads_what_an_earlier_one_wrote() -> None:
    written: set[str] = set()
    missing = {}
    for stage in STAGES:
        module = stage.load()
        if unknown := set(module.READS) - written:
            missing[stage.name] = unknown
        written |= set(module.WRITES)
    assert missing == {}


def test_what_a_stage_reads_of_the_run_before_is_what_some_stage_writes() -> None:
    modules = [stage.load() for stage in STAGES]
    written = {table for module in modules for table in module.WRITES}
    for module in modules:
        for table, columns in getattr(module, "EARLIER", {}).values():
            assert table in written
            assert set(columns) <= {c.name for c in TABLES[table].columns}


def test_every_table_has_one_writer_and_a_contract() -> None:
    written = [table for stage in STAGES for table in stage.load().WRITES]
    assert sorted(written) == sorted(set(written))
    assert set(written) == set(TABLES)
    assert {t.name for t in PUBLISHED} <= set(written)


def test_importing_cxid_loads_nothing_else() -> None:
    code = (
        "import sys, cxid; print(sorted(m for m in sys.modules if m.split('.')[0] in ('cxid', 'duckdb', 'pydantic')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['cxid']"


def test_the_public_names_are_there() -> None:
    code = "import cxid; print(all(getattr(cxid, name) for name in cxid.__all__), cxid.Project.build.__name__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True build"

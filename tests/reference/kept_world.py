"""Builds that follow one another, as the linkage stage sees them: what one leaves behind, the next one is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from cxid.config.model import Match
from cxid.contracts import TABLES
from cxid.engine.duckdb import DuckDBEngine
from cxid.model import Field
from cxid.stages.context import Silent, StageContext
from cxid.stages.link import EARLIER, REUSES, run
from tests.reference.link_world import PEOPLE, Record, summary, table

Decided = tuple[str, str, str]  # action, key, key


@dataclass
class Builds:
    """One build after the other over records by key; `engine` is that of the last."""

    folder: Path
    fields: Sequence[Field] = PEOPLE
    match: Match = field(default_factory=Match)
    threads: int = 1
    engine: DuckDBEngine | None = None
    number: int = 0
    keys: dict[int, str] = field(default_factory=dict)
    built: dict[str, Record] = field(default_factory=dict)
    facts: list[tuple[str, dict[str, str | int | float | bool]]] = field(default_factory=list)

    def build(
        self,
        records: dict[str, Record],
        *,
        decided: Sequence[Decided] = (),
        basis: str = "same",
        refit: bool = False,
        without: Sequence[str] = (),
        taking: bool = False,
    ) -> dict[str, str]:
        """link_summary of the next build; `without` names tables that the run before did not leave.

        `taking` has patterns of unchanged records taken over from it; keys are to be in order then.
        """
        before, engine = self.engine, DuckDBEngine(threads=self.threads)
        for here, (there, _) in EARLIER.items() if before else ():
            if there not in without:
                engine.load(here, before.fetch(f"SELECT * FROM {there}"))
        reused = self._reused(engine, records) if taking else frozenset[str]()
        self.number += 1
        self.keys = dict(enumerate(records, start=1))
        numbers = {key: no for no, key in self.keys.items()}
        engine.load("record_norm", table(self.fields, list(records.values())))
        rows = [(key, r.get("source") or "crm", repr(sorted(r.items(), key=str))) for key, r in records.items()]
        names = ("record_key", "source", "row_digest")
        engine.load("record", pa.table({n: pa.array([r[i] for r in rows], pa.string()) for i, n in enumerate(names)}))
        _load_decisions(engine, decided, records, numbers)
        context = StageContext(engine, self.folder, f"r{self.number:04d}-00000000", told := Silent(), reused)
        run(context, fields=tuple(self.fields), match=self.match, basis=basis, refit=refit)
        self.engine, self.built, self.facts = engine, records, told.facts
        return summary(engine)

    def _reused(self, engine: DuckDBEngine, records: dict[str, Record]) -> frozenset[str]:
        """What the pipeline lays out for a stage that takes rows over."""
        assert self.engine is not None
        for here, there in REUSES.items():
            engine.load(here, self.engine.fetch(f"SELECT * FROM {there}"))
        earlier = {key: no for no, key in self.keys.items()}
        rows = [(n, earlier[k]) for n, (k, r) in enumerate(records.items(), 1) if self.built.get(k) == r]
        names = ("record_no", "earlier_record_no")
        engine.load(
            "unchanged_norm", pa.table({n: pa.array([r[i] for r in rows], pa.int64()) for i, n in enumerate(names)})
        )
        return frozenset({*REUSES, "unchanged_norm"})

    def weights(self) -> dict[tuple[str, str], tuple[int, int]]:
        """(weight by what the two records say, what rivals gave or took) of each scored pair of keys."""
        assert self.engine is not None
        found = self.engine.fetch("SELECT record_no_a, record_no_b, weight - rivals AS own, rivals FROM link_pair")
        pairs = {}
        for row in found.to_pylist():
            a, b = sorted((self.keys[row["record_no_a"]], self.keys[row["record_no_b"]]))
            pairs[a, b] = (row["own"], row["rivals"])
        return pairs

    def rows(self, name: str) -> list[dict[str, object]]:
        assert self.engine is not None
        return self.engine.fetch(f"SELECT * FROM {name}").to_pylist()


def _load_decisions(
    engine: DuckDBEngine, decided: Sequence[Decided], records: dict[str, Record], numbers: dict[str, int]
) -> None:
    def source(key: str) -> str:
        return records.get(key, {}).get("source") or "crm"

    columns: dict[str, list[object]] = {
        "line": list(range(2, 2 + len(decided))),
        "action": [d[0] for d in decided],
        "source_a": [source(d[1]) for d in decided],
        "record_key_a": [d[1] for d in decided],
        "record_no_a": [numbers.get(d[1]) for d in decided],
        "source_b": [source(d[2]) for d in decided],
        "record_key_b": [d[2] for d in decided],
        "record_no_b": [numbers.get(d[2]) for d in decided],
    }
    types = {c.name: pa.int64() if c.type == "BIGINT" else pa.string() for c in TABLES["decision"].columns}
    engine.load("decision", pa.table({n: pa.array(v, types[n]) for n, v in columns.items()}))

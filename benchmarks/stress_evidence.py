"""Evidence of a case, gathered once by the product's own stages and kept, so that refitting takes seconds."""

from __future__ import annotations

import hashlib
import pickle
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from stress_worlds import Case, Place, World, make

from cxid import pipeline
from cxid.config.fields import norm_fields
from cxid.config.loading import load_config
from cxid.config.model import Match
from cxid.engine.duckdb import DuckDBEngine
from cxid.model import Field
from cxid.stages.context import StageContext
from cxid.stages.link import stage
from cxid.stages.link.estimate.model import Evidence


@dataclass(frozen=True)
class Labelled:
    """What the estimate rests on, and what it does not know."""

    evidence: Evidence
    a: Any  # of each candidate pair: node
    b: Any
    pattern: Any  # its place in evidence.patterns
    node: Any  # of each record: which distinct record it is
    entity: Any  # of each record: who it is
    itself: Any  # of each node with copies: the pattern of the copies' pairs, else -1


class _Gathered(Exception):
    """Thrown to end the stage once the evidence is there."""


def gather(case: Case, place: Place) -> Labelled | None:
    """The evidence of a case, from the cache where it is there; None where the world cannot be made."""
    kept = place.cache / "evidence" / f"{case.name}.pkl"
    if kept.is_file():
        found = pickle.loads(kept.read_bytes())
        return found if isinstance(found, Labelled) else None
    folder = _normalised(case.world, place)
    if folder is None:
        return None
    found = _linked(case, folder)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(pickle.dumps(found))
    return found


def _normalised(name: str, place: Place) -> Path | None:
    """The folder with norm.parquet (records as the linkage reads them, and `entity`) and fields.pkl of a world."""
    folder = place.cache / "normalised" / name
    if (folder / "fields.pkl").is_file():
        return folder
    world = make(name, place)
    if world is None:
        return None
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    project = world.config or folder
    if world.config is None:
        command = [sys.executable, "-m", "cxid", "--project", str(folder), "init", *map(str, world.files)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    config = load_config(project)
    engine = DuckDBEngine(threads=2)
    context = StageContext(engine, folder)
    for step in pipeline.STAGES[:2]:
        step.load().run(context, **step.part(config))
    engine.run("labelled", f"SELECT n.*, t.entity FROM record_norm AS n JOIN ({_truth(engine, world)}) AS t "
               "ON t.record_no = n.record_no ORDER BY n.record_no")  # fmt: skip
    _write(engine.fetch("SELECT * FROM labelled ORDER BY record_no"), folder / "norm.parquet")
    engine.close()
    (folder / "fields.pkl").write_bytes(pickle.dumps(norm_fields(config.sources, config.match.ignore_fields)))
    return folder


def _write(table: pa.Table, path: Path) -> None:
    con = duckdb.connect()
    con.register("found", table)
    con.execute(f"COPY found TO '{path}' (FORMAT parquet)")


def _truth(engine: DuckDBEngine, world: World) -> str:
    """SQL: (record_no, entity), by source and key where the truth knows the sources, else by key."""
    truth = duckdb.execute("SELECT record_id, source, entity_id FROM read_csv(?, all_varchar = true)",
                           [str(world.truth)])  # fmt: skip
    engine.load("truth", truth.to_arrow_table())
    both = engine.scalar("SELECT count(*) FROM (SELECT source FROM record INTERSECT SELECT source FROM truth)")
    unique = engine.scalar("SELECT count(DISTINCT record_id) = count(*) FROM truth")
    on = " AND t.source = r.source" if both and not unique else ""
    return (
        f"SELECT r.record_no, t.entity_id AS entity FROM record AS r JOIN truth AS t ON t.record_id = r.record_key{on}"
    )


def _chosen(case: Case) -> str:
    """SQL: whether a record belongs to the case."""

    def kept(what: str, percent: int) -> str:
        text = f"md5(concat({what}, 'seed{case.seed}'))"
        return f"CAST(concat('0x', substr({text}, 1, 6)) AS BIGINT) % 100 < {percent}"

    return f"{kept('entity', case.people)} AND {kept('record_no', case.records)}"


def _linked(case: Case, folder: Path) -> Labelled:
    fields: tuple[Field, ...] = pickle.loads((folder / "fields.pkl").read_bytes())
    fields = tuple(f for f in fields if f.name not in case.without)
    engine = DuckDBEngine(threads=2)
    con = duckdb.connect()
    engine.load("labelled", con.execute(f"SELECT * FROM read_parquet('{folder / 'norm.parquet'}') "
                                        f"WHERE {_chosen(case)}").to_arrow_table())  # fmt: skip
    engine.run("record_norm", "SELECT * FROM labelled")
    match = Match(pairs_per_record=case.budget) if case.budget else Match()
    seen: list[Evidence] = []

    def hold(evidence: Evidence) -> None:
        seen.append(evidence)
        raise _Gathered

    fit, stage.fit = stage.fit, hold  # type: ignore[assignment]
    try:
        stage.run(StageContext(engine, folder), fields=fields, match=match)
    except _Gathered:
        pass
    finally:
        stage.fit = fit
    found = _labelled(engine, seen[0])
    engine.close()
    return found


def _labelled(engine: DuckDBEngine, evidence: Evidence) -> Labelled:
    member = engine.fetch(
        "SELECT m.record_no, m.rep, l.entity FROM link_member AS m JOIN labelled AS l ON l.record_no = m.record_no "
        "ORDER BY m.record_no"
    )
    rep = member.column("rep").to_numpy()
    nodes = np.unique(rep)
    _, entity = np.unique(np.array(member.column("entity").to_pylist(), dtype=object).astype(str), return_inverse=True)
    pair = engine.fetch("SELECT pair // 2147483648 AS a, pair % 2147483648 AS b, pattern FROM link_candidate")
    codes = evidence.patterns.codes
    double = engine.fetch("SELECT DISTINCT record_no_a AS a, pattern FROM link_double")
    itself = np.full(len(nodes), -1, np.int64)
    itself[np.searchsorted(nodes, double.column("a").to_numpy())] = np.searchsorted(
        codes, double.column("pattern").to_numpy()
    )

    def place(column: str) -> Any:
        return np.searchsorted(nodes, pair.column(column).to_numpy()).astype(np.int32)

    pattern = np.searchsorted(codes, pair.column("pattern").to_numpy()).astype(np.int32)
    node = np.searchsorted(nodes, rep).astype(np.int32)
    return Labelled(evidence, place("a"), place("b"), pattern, node, entity.astype(np.int32), itself)


def digest(labelled: Labelled) -> str:
    """A short name of the evidence, so that two tables can be told to rest on the same."""
    patterns = labelled.evidence.patterns
    return hashlib.md5(patterns.codes.tobytes() + patterns.pairs.tobytes()).hexdigest()[:8]

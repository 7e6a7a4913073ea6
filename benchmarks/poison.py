"""Rows that name nobody, poured into a company: do the customers that were there stay as they were?

    python benchmarks/poison.py --people 20000 --rows 10000

Builds a sample company, adds the rows of one kind (see poisons.py) to its extracts, builds again, and compares who is
who before and after: every kind by itself, then all together. A second build keeps the model of linkage where it can;
`--refit` learns it anew, so that what the rows do through the weights is seen too. --write keeps the page in
benchmarks/results/poison.md.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import duckdb
from machine import measured, measured_run, stamp
from pages import Rows, number, page, table
from poison_groups import Effect, Record, effect
from poisons import KINDS, TOGETHER, inject, poisoned_kinds

CXID = (sys.executable, "-m", "cxid")


def main() -> None:
    options = arguments().parse_args()
    kinds = options.kind or [*KINDS, TOGETHER]
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(options.home or scratch)
        company = _company(home, options)
        rows = Rows(home / "poison.jsonl", resume=bool(options.home))
        results = {}
        for kind in kinds:
            for refit in (False, True) if options.both else (options.refit,):
                key = f"{kind}{' (learned anew)' if refit else ''}"
                row = rows.get(key) or rows.add(key, _measure(home, company, kind, options, refit=refit))
                results[key] = row
                print(key, {k: v for k, v in row.items() if k != "words"}, *row["words"], sep="\n  ", flush=True)
    models = table(["injected", "model of the second build"], [[key, row["model"]] for key, row in results.items()])
    text = (_groups_table(results), _rows_table(results), models)
    print(*text, sep="\n\n")
    if options.write:
        page("poison", "Rows that name nobody", stamp(), _introduction(options), *text)


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--rows", type=int, default=10_000, help="injected rows of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", action="append", choices=[*KINDS, TOGETHER], help="only this kind; may be repeated")
    parser.add_argument("--refit", action="store_true", help="learn the weights anew in the second build")
    parser.add_argument("--both", action="store_true", help="measure with the kept model and with one learned anew")
    parser.add_argument("--home", help="keep company and builds here, and go on where an earlier run stopped")
    parser.add_argument("--keep", action="store_true", help="keep the poisoned companies too")
    parser.add_argument("--write", action="store_true")
    return parser


def _company(home: Path, options: argparse.Namespace) -> Path:
    """The company, built once."""
    company = home / f"company_{options.people}_{options.seed}"
    if not (company / "output" / "identity_map.parquet").exists():
        shutil.rmtree(company, ignore_errors=True)
        measured_run([*CXID, "demo", str(company), "--people", str(options.people), "--seed", str(options.seed)])
        measured_run([*CXID, "--project", str(company), "build"])
    return company


def _measure(home: Path, company: Path, kind: str, options: argparse.Namespace, *, refit: bool) -> dict[str, object]:
    """Inject a kind into a copy of the company, build it again and say what changed."""
    copy = home / f"poisoned_{kind.replace(' ', '_')}{'_anew' if refit else ''}"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(company, copy, symlinks=True)
    kinds = tuple(poisoned_kinds()) if kind == TOGETHER else (kind,)
    made = inject(copy, kinds, rows=options.rows, seed=options.seed)
    done = measured([*CXID, "--project", str(copy), "build", *(["--refit"] if refit else [])])
    if done.code:
        sys.exit(f"{kind}: the build ended with {done.code}\n{done.words}")
    found = effect(company / "output", copy / "output", made, _hubs(copy))
    model = _last(copy, "link_summary", "SELECT value FROM read_parquet(?) WHERE name = 'model'")[0][0]
    words = [line for line in done.words.splitlines() if line.startswith("warning")]
    if not options.keep:
        shutil.rmtree(copy)
    return asdict(found) | {"words": words, "model": model, "cpu": round(done.cpu, 1)}


def _hubs(project: Path) -> set[Record]:
    """(type, value) of the identifiers that the last run calls shared by too many."""
    found = _last(project, "hub_identifier", "SELECT id_type, id_value FROM read_parquet(?)")
    return {(id_type, value) for id_type, value in found}


def _last(project: Path, name: str, sql: str) -> list[tuple[str, ...]]:
    """Rows of a query on a table of the last run."""
    runs = sorted(project.glob(f".cxid/runs/*/tables/{name}.parquet"), key=lambda p: p.stat().st_mtime)
    return duckdb.execute(sql, [str(runs[-1])]).fetchall()


def _introduction(options: argparse.Namespace) -> str:
    return (
        f"A company of {options.people:,} people is built; {options.rows:,} rows of one kind are added to its extracts "
        "and it is built again. An earlier customer stays as it was when it has exactly the records that it had, "
        "injected ones aside."
    )


def _groups_table(results: dict[str, dict[str, object]]) -> str:
    head = (
        "injected",
        "customers before",
        "as they were",
        "of those with their id",
        "now with an injected row",
        "an injected row is their rival",
        "moved by the weights",
        "an injected row came to",
        "identifiers at their customer",
    )
    return table(head, [[key, *_group_cells(_effect(row))] for key, row in results.items()])


def _group_cells(e: Effect) -> list[str]:
    return [
        number(e.groups),
        f"{e.same / e.groups:.4%}",
        f"{e.same_id / max(e.same, 1):.4%}",
        number(e.by_poison),
        number(e.by_rival),
        number(e.by_weights),
        number(e.joined),
        f"{e.identifiers_same / max(e.identifiers, 1):.4%}",
    ]


def _rows_table(results: dict[str, dict[str, object]]) -> str:
    head = ["injected", "rows", "false pairs among them", "rows with an earlier customer of somebody else",
            "rows with the person they are", "largest customer", "poisoned values called shared"]  # fmt: skip
    cells = []
    for key, row in results.items():
        e = _effect(row)
        counts = (e.injected, e.false_pairs, e.misplaced, e.at_home, e.largest, e.hubs)
        cells.append([key, *(number(n) for n in counts)])
    return table(head, cells)


def _effect(row: dict[str, object]) -> Effect:
    return Effect(**{k: v for k, v in row.items() if k not in ("words", "model", "cpu")})  # type: ignore[arg-type]


if __name__ == "__main__":
    main()

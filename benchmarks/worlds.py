# ruff: noqa: E501
"""Labelled worlds unlike the sample company: python benchmarks/worlds.py [--only NAME ...] [--keep DIR] [--write].

Each world is people of a country, the extracts of one to six systems that know them, and truth.csv (record_id, source,
entity_id). Every world is written, then `cxid init` and `cxid build` run with no edits, then the result is scored.
`reach` is the recall of whoever joins all true pairs that agree in an e-mail, phone, number, or two other parts: what
only a very good guess goes beyond. --write keeps the table in benchmarks/results/worlds.md. Needs requirements-worlds.txt.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from machine import stamp
from scoring import Score, score_people
from world_list import WORLDS
from world_people import Country, Person, populate
from world_records import Source, record, written
from world_shape import World

HEAD = "| world | sources | records | F1 | precision | recall | B-cubed F1 | reach | status | largest | CPU s | note |"
_STRONG = ("email", "mobile", "nid", "card", "cookie", "landline")
_WEAK = ("given", "family", "born", "street", "postcode", "city")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for files and projects, kept")
    parser.add_argument("--scale", type=float, default=1.0, help="people of every world times this")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    lines = [HEAD, "|---" * HEAD.count(" |") + "|"]
    print("\n".join(lines))
    for world in WORLDS:
        if options.only and world.name not in options.only:
            continue
        with tempfile.TemporaryDirectory() as scratch:
            lines.append(_row(world, (options.keep or Path(scratch)).resolve() / world.name, options))
        print(lines[-1], flush=True)
    if options.write:
        result = Path(__file__).parent / "results" / "worlds.md"
        result.write_text("# Labelled worlds, no edits and no labels\n\n" + stamp() + "\n\n" + "\n".join(lines) + "\n")


def _row(world: World, home: Path, options: argparse.Namespace) -> str:
    reach = write_world(world, home / "data", options.seed, options.scale)
    before = os.times()
    score, status = _built(home)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    s = score
    figures = (
        f"{s.records:,} | {s.f1:.4f} | {s.precision:.4f} | {s.recall:.4f} | {s.bcubed_f1:.4f}"
        if s
        else "| failed | | |"
    )
    largest = s.largest if s else 0
    return f"| {world.name} | {len(world.sources)} | {figures} | {reach:.3f} | {status} | {largest} | {cpu:.1f} | {world.note} |"


def _built(home: Path) -> tuple[Score | None, str]:
    project = home / "project"
    project.mkdir(parents=True, exist_ok=True)
    files = [str(p) for p in sorted((home / "data").iterdir()) if p.name != "truth.csv"]
    cxid = [sys.executable, "-m", "cxid", "--project", str(project)]
    with (home / "log.txt").open("w") as log:
        for command in (["init", "--force", *files], ["build"]):
            if subprocess.run([*cxid, *command], stdout=log, stderr=log, stdin=subprocess.DEVNULL).returncode:
                return None, f"{command[0]} failed"
    output = project / "output"
    score = score_people(output / "identity_map.parquet", home / "data" / "truth.csv")
    return score, _status(output)


def _status(output: Path) -> str:
    found = sorted(output.parent.glob(".cxid/runs/*/tables/link_summary.parquet"))
    if not found:
        return ""
    rows = duckdb.sql(f"SELECT * FROM '{found[-1]}'").fetchall()
    return next((str(x) for row in rows for x in row if x in ("identified", "careful", "not_identified")), "")


# ---- writing a world -----------------------------------------------------------------------------------------------


def write_world(world: World, folder: Path, seed: int, scale: float) -> float:
    """Files and truth of a world; returns its reach."""
    rng = random.Random(f"{world.name}/{seed}")
    country = Country(world.locale, rng)
    people = populate(country, max(20, int(world.people * scale)))
    if world.kind == "companies":
        _incorporate(country, people)
    folder.mkdir(parents=True, exist_ok=True)
    truth: list[tuple[str, str, str]] = []
    known: dict[str, list[dict[str, str]]] = defaultdict(list)
    for number, source in enumerate(world.sources):
        rows = _records(country, people, source)
        key = next(h for h, part in source.columns.items() if part.startswith("key:"))
        prefix = source.columns[key][4:]
        table = []
        for place, parts in enumerate(rows):
            own = f"{prefix}{(number + 1) * 100_000 + place * 7 % (7 * len(rows)) + place}"
            cells = [own if h == key else written(country, parts, part) for h, part in source.columns.items()]
            table.append(cells)
            truth.append((own, Path(source.file).stem, parts["person"]))
            shown = " ".join(source.columns.values())
            known[parts["person"]].append({k: v for k, v in parts.items() if v and _is_shown(k, shown)})
        _write(folder / source.file, source, list(source.columns), table)
    with (folder / "truth.csv").open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([("record_id", "source", "entity_id"), *truth])
    return _reach(known)


def _records(country: Country, people: list[Person], source: Source) -> list[dict[str, str]]:
    rng, rows = country.rng, []
    for person in people:
        if rng.random() >= source.share:
            continue
        rows.append(record(country, person, source))
        more = 1
        while more < source.most and rng.random() < source.more:
            rows.append(record(country, person, source))
            more += 1
    rng.shuffle(rows)
    return rows


def _write(path: Path, source: Source, header: list[str], table: list[list[str]]) -> None:
    if path.suffix == ".parquet":
        columns = {h: [row[i] or None for row in table] for i, h in enumerate(header)}
        pq.write_table(pa.table(columns), path)
        return
    if path.suffix == ".jsonl":
        lines = [json.dumps({h: v for h, v in zip(header, row, strict=True) if v}, ensure_ascii=False) for row in table]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return
    with path.open("w", newline="", encoding=source.encoding, errors="replace") as out:
        if source.before not in ("", "-"):
            out.write(source.before)
        writer = csv.writer(out, delimiter=source.delimiter)
        writer.writerows(table if source.before == "-" else [header, *table])


_PARTS_SHOWN = {
    "given": ("given", "full"), "family": ("family", "full"), "born": ("birth",), "street": ("street", "address"),
    "postcode": ("postcode", "address"), "city": ("city", "address"), "email": ("email",), "mobile": ("mobile",),
    "landline": ("landline",), "nid": ("nid",), "card": ("card",), "cookie": ("cookie",),
}  # fmt: skip


def _is_shown(name: str, columns: str) -> bool:
    return any(word in columns for word in _PARTS_SHOWN.get(name, ()))


def _reach(known: dict[str, list[dict[str, str]]]) -> float:
    """Share of the true pairs that chains of plain agreement connect."""
    found = total = 0
    for records in known.values():
        group = list(range(len(records)))
        for i, a in enumerate(records):
            for j, b in enumerate(records[:i]):
                strong = any(a.get(x) and a.get(x) == b.get(x) for x in _STRONG)
                weak = sum(bool(a.get(x)) and a.get(x) == b.get(x) for x in _WEAK)
                if (strong or weak >= 2) and group[i] != group[j]:
                    old, new = group[i], group[j]
                    group = [new if g == old else g for g in group]
        sizes = [group.count(g) for g in set(group)]
        found += sum(n * (n - 1) // 2 for n in sizes)
        total += len(records) * (len(records) - 1) // 2
    return found / total if total else 1.0


_TRADES = [
    "Maschinenbau",
    "Logistik",
    "Elektro",
    "Bau",
    "Software",
    "Handel",
    "Consulting",
    "Metallbau",
    "Druck",
    "Energie",
    "Medien",
    "Textil",
    "Agrar",
    "Holz",
]
_FORMS = ("GmbH", "GmbH & Co. KG", "AG", "KG", "e.K.", "UG (haftungsbeschränkt)", "OHG")


def _incorporate(country: Country, people: list[Person]) -> None:
    rng = country.rng
    for p in people:
        stem = (
            f"{p.families[0]} {rng.choice(_TRADES)}"
            if rng.random() < 0.7
            else f"{p.homes[0].city.split()[0]}er {rng.choice(_TRADES)}"
        )
        form = rng.choice(_FORMS)
        p.given, p.middle, p.nick = "-", "", ""
        p.families = [f"{stem} {form}", stem if rng.random() < 0.3 else f"{stem} {form}"]


if __name__ == "__main__":
    main()

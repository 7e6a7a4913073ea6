"""A sample company from files to customers: python benchmarks/company.py --people 20000.

Writes the company, builds it, reconciles every source, scores people and events against the truth, and says what
the build took. --write keeps the result in benchmarks/results/company.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import duckdb
from machine import measured_run, stamp
from runners import build_peak_mb
from scoring import score_events, score_people


def main() -> None:
    options = arguments().parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        text = _measure(Path(scratch), options)
    print(text)
    if options.write:
        result = Path(__file__).parent / "results" / "company.md"
        result.parent.mkdir(exist_ok=True)
        result.write_text(f"# A sample company\n\n{stamp()}\n\n{text}\n")


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--init", action="store_true", help="let cxid init guess the config instead of using the company's own"
    )
    parser.add_argument("--write", action="store_true")
    return parser


def _measure(home: Path, options: argparse.Namespace) -> str:
    cxid = [sys.executable, "-m", "cxid"]
    company = home / "company"
    demo = measured_run([*cxid, "demo", str(company), "--people", str(options.people), "--seed", str(options.seed)])
    project = company
    if options.init:
        project = home / "guessed"
        project.mkdir()
        measured_run([*cxid, "--project", str(project), "init", str(company / "data")])
    took = measured_run([*cxid, "--project", str(project), "build"])
    out, truth = project / "output", company / "truth"
    people = score_people(out / "identity_map.parquet", truth / "people.csv", by_key=options.init)
    precision, recall, events = score_events(out, truth, by_key=options.init)
    lines, off = _reconciled(project)
    return "\n".join(
        [
            f"| figure | {options.people:,} people, seed {options.seed}{', config by init' if options.init else ''} |",
            "|---|---|",
            f"| written in | {demo.wall:.1f} s |",
            f"| built in | {took.wall:.1f} s, {build_peak_mb(project):.0f} MB |",
            f"| physical lines, unaccounted for | {lines:,}, {off} |",
            f"| people records: F1, precision, recall | {people.f1:.4f}, {people.precision:.4f}, {people.recall:.4f} |",
            f"| B-cubed F1 | {people.bcubed_f1:.4f} |",
            f"| customers / entities | {people.customers:,} / {people.entities:,} |",
            f"| events with an owner in the truth: precision, recall | {precision:.4f}, {recall:.4f} of {events:,} |",
        ]
    )


def _reconciled(project: Path) -> tuple[int, int]:
    """(physical lines, lines that no column of the ledger explains) of all input files."""
    (ledger,) = project.glob(".cxid/runs/*/tables/source_file.parquet")
    row = duckdb.execute(
        "SELECT sum(physical_lines), sum(abs(physical_lines - header_lines - accepted - value_newlines "
        "- rejected_lines - blank_lines)) FROM read_parquet(?)",
        [str(ledger)],
    ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


if __name__ == "__main__":
    main()

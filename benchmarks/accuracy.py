"""How right `cxid init` + `cxid build` are with no edits and no labels: python benchmarks/accuracy.py DATA_DIR.

DATA_DIR holds a folder for each data set: its files and truth.csv (record_id, source, entity_id). Prints a table;
--write adds it to benchmarks/results/accuracy.md with date and machine.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from machine import measured_run, stamp
from runners import build_peak_mb
from scoring import score_people

HEAD = "| data | records | F1 | precision | recall | B-cubed F1 | customers / entities | largest | s | MB |"


def main() -> None:
    options = arguments().parse_args()
    lines = [HEAD, "|---|---|---|---|---|---|---|---|---|---|"]
    print("\n".join(lines))
    for folder in sorted(p.parent.resolve() for p in options.data.glob("*/truth.csv")):
        if options.only and folder.name not in options.only:
            continue
        lines.append(_row(folder))
        print(lines[-1], flush=True)
    if options.write:
        result = Path(__file__).parent / "results" / "accuracy.md"
        result.parent.mkdir(exist_ok=True)
        result.write_text("# Accuracy with no edits and no labels\n\n" + stamp() + "\n\n" + "\n".join(lines) + "\n")


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--only", nargs="*", default=[], help="names of folders")
    parser.add_argument("--write", action="store_true")
    return parser


def _row(folder: Path) -> str:
    files = [str(p) for p in sorted(folder.iterdir()) if p.name != "truth.csv" and p.suffix != ".md"]
    with tempfile.TemporaryDirectory() as scratch:
        cxid = [sys.executable, "-m", "cxid", "--project", scratch]
        measured_run([*cxid, "init", *files])
        took = measured_run([*cxid, "build"])
        peak = build_peak_mb(Path(scratch))
        score = score_people(Path(scratch) / "output" / "identity_map.parquet", folder / "truth.csv")
    return (
        f"| {folder.name} | {score.records:,} | {score.f1:.4f} | {score.precision:.4f} | {score.recall:.4f} "
        f"| {score.bcubed_f1:.4f} | {score.customers:,} / {score.entities:,} | {score.largest} "
        f"| {took.wall:.1f} | {peak:.0f} |"
    )


if __name__ == "__main__":
    main()

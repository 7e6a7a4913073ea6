"""F1 and B-cubed of cxid and Splink on every labelled set, and the graded cases of mpi_cases."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from graded import CaseTable, cases_of_cuts, cases_of_map
from labelled import Folders, Labelled, Missing, recipes
from machine import stamp
from pages import Rows, number, page, table
from runners import init_cxid, run_cxid, run_splink, splink_python, splink_version
from scoring import best_cut, score_people

GRADED = "mpi_cases"  # the set whose truth grades its cases
_NAMES = ("together", "apart")  # the two ways in which Splink's documentation compares names
HEAD = (
    "data", "records", "cxid F1", "precision", "recall", "B-cubed", "customers / entities", "Splink F1 at p >= .95",
    "B-cubed", "Splink F1 at its best cut by labels", "B-cubed", "cut in bits", "names", "cxid - best cut",
)  # fmt: skip
_NOTES = (
    "cxid: `cxid init` and `cxid build`, nothing edited. Splink: columns told and tidied by hand, comparisons and "
    "blocking rules by the kind of each column (every pair of strong columns, beginnings of names, and each single "
    "column that makes at most two million pairs), chance agreement from ten million pairs, trained on names, birth "
    "date and postcode; clusters are connected components. Two models are made, names compared together and apart, "
    "and the one with the higher F1 at its best cut is shown: for Splink the labels choose the model and the cut, for "
    "cxid nothing. All true pairs count, those across and within sources."
)
_CASES = (
    "Each of the graded cases is one incoming record and the entity that it may be. Merged: in one customer; review: "
    "a pair in the review band; apart: neither. Right: match merged, possible_match in review, no_match apart or in "
    "review. Splink has no review band of its own: a row joins at its cut and reviews below it down to p .70, as "
    "cxid does; `best` are the cut and the band that get most cases right, chosen with the labels among all of them."
)


def compare_accuracy(folders: Folders, options: argparse.Namespace) -> None:
    """Score both tools on each set, print the table as it grows, write the page when asked."""
    rows = Rows(folders.cache / "peers-accuracy.jsonl", resume=options.resume or options.cxid_again)
    splink_python()
    lines: list[tuple[str, ...]] = []
    cases = ""
    for recipe in recipes(tuple(options.seeds)):
        if options.only and recipe.name not in options.only:
            continue
        try:
            data = recipe.make(folders)
        except Missing as missing:
            print(f"{recipe.name}: left out, {missing}", file=sys.stderr, flush=True)
            continue
        work = folders.cache / "accuracy" / recipe.name
        key = f"splink {recipe.name}"
        theirs = rows.get(key) or rows.add(key, _splink_row(data, work))
        key = f"cxid {recipe.name}"
        ours = (None if options.cxid_again else rows.get(key)) or rows.add(key, _cxid_row(data, work / "cxid"))
        row = theirs | ours
        lines.append(line(row))
        print(f"{recipe.name}: cxid {row['cxid']['f1']:.4f}, Splink {row['best']['f1']:.4f}",
              file=sys.stderr, flush=True)  # fmt: skip
        if "cxid_cases" in row:
            cases = cases_text([*row["cxid_cases"], *row["splink_cases"]])
    text = table(HEAD, lines)
    print(text + ("\n\n" + cases if cases else ""))
    if options.write:
        parts = (stamp(splink_version()), _NOTES, text, *(("## Graded cases", _CASES, cases) if cases else ()))
        page("peers_accuracy", "cxid and Splink: accuracy", *parts)


def _cxid_row(data: Labelled, project: Path) -> dict[str, Any]:
    """What cxid makes of one set."""
    init_cxid(data.files, project)
    took = run_cxid(project)
    output = project / "output"
    score = score_people(output / "identity_map.parquet", data.truth)
    row: dict[str, Any] = {"name": data.name, "cxid": asdict(score), "cxid_run": took.as_json()}
    if data.name == GRADED:
        cases = cases_of_map(output / "identity_map.parquet", output / "match_pair.parquet", data.truth)
        row["cxid_cases"] = [asdict(cases)]
    return row


def _splink_row(data: Labelled, work: Path) -> dict[str, Any]:
    """What the better of Splink's two models makes of it."""
    row: dict[str, Any] = {"splink_cases": []}
    for names in _NAMES:
        out = work / names
        run = run_splink(data.job(names=names), out)
        auto = score_people(out / "clusters.parquet", data.truth)
        best = best_cut(out / "pairs.parquet", data.truth)
        if "best" not in row or best.score.f1 > row["best"]["f1"]:
            row |= {"auto": asdict(auto), "best": asdict(best.score), "bits": best.bits, "names": names,
                    "splink_run": run.as_json()}  # fmt: skip
        if data.name == GRADED:
            cases = cases_of_cuts(out / "pairs.parquet", data.truth, f"Splink, names {names}")
            row["splink_cases"] += [asdict(case) for case in cases]
    return row


def line(row: dict[str, Any]) -> tuple[str, ...]:
    """One row of the table."""
    ours, auto, best = row["cxid"], row["auto"], row["best"]
    return (
        row["name"], number(ours["records"]), number(ours["f1"], 4), number(ours["precision"], 4),
        number(ours["recall"], 4), number(ours["bcubed_f1"], 4), f"{ours['customers']:,} / {ours['entities']:,}",
        number(auto["f1"], 4), number(auto["bcubed_f1"], 4), number(best["f1"], 4), number(best["bcubed_f1"], 4),
        number(row["bits"], 2), row["names"], f"{ours['f1'] - best['f1']:+.4f}",
    )  # fmt: skip


def cases_text(cases: list[dict[str, Any]]) -> str:
    """The graded cases: expected against what was made of them."""
    tables = [CaseTable(**case) for case in cases]
    return table(CaseTable.HEAD, [t.line() for t in tables])

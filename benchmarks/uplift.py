"""A campaign effect that is known, found by `cxid simulate`: python benchmarks/uplift.py --seeds 20

Each seed makes a sample company with a randomised campaign, builds it, and asks for the effect of the trigger. The
truth is what each person would do in either arm (truth/trial.csv), so that the effect is known and not only its mean.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from machine import stamp

from cxid.api import build
from cxid.api.simulate import replayed
from cxid.config.loading import load_config
from cxid.demo import write_demo
from cxid.errors import UsageError
from cxid.simulate.model import Ask

TRIGGER = "win_back"
RESULT = Path(__file__).resolve().parent / "results" / "uplift.md"


@dataclass(frozen=True)
class Case:
    """One seed: the true effect on buying, and the estimate with its interval."""

    seed: int
    truth: float
    customers: int
    effect: float
    low: float
    high: float
    hit_effect: float
    hit_low: float
    hit_high: float
    refused: bool  # without the treatment log

    @property
    def is_found(self) -> bool:
        return self.low <= self.truth <= self.high

    @property
    def is_sure(self) -> bool:
        return self.low > 0


def true_effect(folder: Path) -> float:
    """The mean over everybody in the trial of buying with a voucher less buying without one."""
    with (folder / "truth" / "trial.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with_it = sum(row["buys_if_voucher"] == "true" for row in rows)
    return (with_it - sum(row["buys_if_held_out"] == "true" for row in rows)) / len(rows)


def measure(seed: int, people: int, folder: Path) -> Case:
    """One company, built and asked."""
    write_demo(folder, people=people, seed=seed)
    config = load_config(folder)
    build(config)
    trigger = config.triggers[TRIGGER]
    ask = Ask(TRIGGER, trigger, (), trigger.window, replays=0)
    trial = replayed(config, ask).trials[0]
    whole, hit = (next(d for d in u.differences if d.outcome == "bought") for u in trial.uplifts)
    blind = Ask(TRIGGER, trigger.model_copy(update={"trial": None}), (), trigger.window, replays=0)
    return Case(
        seed, true_effect(folder), trial.customers, whole.difference, whole.low, whole.high,
        hit.difference, hit.low, hit.high, bool(replayed(config, blind).refused),
    )  # fmt: skip


def page(cases: list[Case], people: int) -> str:
    """The result page."""
    found, sure = sum(c.is_found for c in cases), sum(c.is_sure for c in cases)
    bias = sum(c.effect - c.truth for c in cases) / len(cases)
    lines = [
        "# A seeded campaign effect, found\n",
        stamp() + "\n",
        f"`python benchmarks/uplift.py --seeds {len(cases)} --people {people} --write`\n",
        f"The true effect lies in the 95 % interval in **{found} of {len(cases)}** seeds; the interval leaves 0 out in "
        f"{sure}. Mean of estimate less truth: {100 * bias:+.2f} points. Without the treatment log an effect was "
        f"refused in {sum(c.refused for c in cases)} of {len(cases)}.\n",
        "The truth is exact: what each person in the trial would do in either arm. What stands between it and the "
        "estimate is the coin of the arms, and customers that the linkage splits or joins. The last columns are those "
        "whom the trigger would have hit at the day of the trial, with what was known then.\n",
        "| seed | customers | truth | estimate | 95 % interval | holds it | of those hit | 95 % interval |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for c in cases:
        lines.append(
            f"| {c.seed} | {c.customers:,} | {100 * c.truth:.1f} | {100 * c.effect:.1f} | {100 * c.low:.1f} to "
            f"{100 * c.high:.1f} | {'yes' if c.is_found else 'no'} | {100 * c.hit_effect:.1f} | "
            f"{100 * c.hit_low:.1f} to {100 * c.hit_high:.1f} |"
        )
    return "\n".join([*lines, "", "Percentage points of customers who bought within 60 days."]) + "\n"


def main() -> None:
    """Measures every seed and writes the page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--write", action="store_true", help="write results/uplift.md")
    given = parser.parse_args()
    cases = []
    for seed in range(1, given.seeds + 1):
        folder = Path(tempfile.mkdtemp(prefix="cxid-uplift-"))
        try:
            cases.append(measure(seed, given.people, folder))
        except UsageError as error:
            raise SystemExit(f"seed {seed}: {error.message}") from error
        finally:
            shutil.rmtree(folder)
        print(cases[-1], flush=True)
    text = page(cases, given.people)
    if given.write:
        RESULT.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()

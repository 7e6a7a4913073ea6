"""A sample company of any size, with its extracts, a config for them and the truth."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cxid.demo.answers import write_truth
from cxid.demo.company import Company
from cxid.demo.outreach import write_areas, write_consent, write_email_campaign
from cxid.demo.people import make_people
from cxid.demo.registers import issue_cards, write_crm, write_event_guests, write_loyalty, write_social_profiles
from cxid.demo.sales import make_sales, note_figures, write_billing, write_pos
from cxid.demo.talk import write_community, write_mentions, write_nps, write_support
from cxid.demo.trial import write_trial
from cxid.demo.visits import write_app, write_web
from cxid.demo.words import load_words, read_text
from cxid.demo.writing import Ledger, WrittenFile
from cxid.errors import UsageError
from cxid.notebook import Shown, Table
from cxid.runs.observer import Observer, Unobserved

__all__ = ["DemoSummary", "WrittenFile", "write_demo"]

FEWEST, MOST = 50, 9_000_000  # fewer people leave some extracts empty; entity ids have seven digits


@dataclass(frozen=True, repr=False)
class DemoSummary(Shown):
    """What was written: paths are relative to the demo's folder, rows leave out headers and broken rows."""

    people: int
    files: tuple[WrittenFile, ...]
    broken_rows: int
    seconds: float

    @property
    def rows(self) -> int:
        """Rows of all extracts under data/."""
        return sum(f.rows for f in self.files if f.path.startswith("data/"))

    @property
    def headline(self) -> str:
        return (
            f"{self.people:,} people, {len(self.files)} files, {self.rows:,} rows and {self.broken_rows:,} broken ones"
        )

    def tables(self) -> Iterable[Table]:
        return [Table("", ("file", "rows", "bytes"), ((f.path, f.rows, f.bytes) for f in self.files))]


def write_demo(directory: Path, *, people: int = 2000, seed: int = 1, observer: Observer | None = None) -> DemoSummary:
    """Writes extracts, truth, cxid.yml and README.md into `directory` and says what they hold.

    `people` is the number of real people (50 to 9,000,000); strangers who only browse or pay cash come on
    top. The same `people` and `seed` give the same bytes. Files of the same names are overwritten. Raises
    UsageError when a number is out of range.
    """
    if not FEWEST <= people <= MOST:
        raise UsageError(f"a demo has {FEWEST} to {MOST:,} people", hint="try --people 2000")
    if seed < 0:
        raise UsageError("the seed of a demo is 0 or more", hint="try --seed 1")
    started = time.perf_counter()
    observer = observer or Unobserved()
    observer.step_started("", "making people")
    directory.mkdir(parents=True, exist_ok=True)
    words = load_words()
    crowd = make_people(words, people, np.random.default_rng([seed, people]))
    company = Company(seed, words, crowd, Ledger(directory))
    _write_extracts(company, observer)
    write_truth(company)
    for name in ("cxid.yml", "README.md"):
        text = read_text(name).replace("@PEOPLE@", str(people)).replace("@SEED@", str(seed))
        (directory / name).write_text(text, encoding="utf-8", newline="\n")
        company.ledger.note(directory / name, 0)
    seconds = time.perf_counter() - started
    return DemoSummary(people, tuple(company.ledger.files), len(company.ledger.broken), seconds)


_EXTRACTS = 16


def _write_extracts(company: Company, observer: Observer) -> None:
    """Every extract; the cards and the crm come first because others carry their numbers."""

    def told(extracts: int, part: float) -> None:  # of the time, measured with 60,000 people
        observer.stage_progress("", extracts, _EXTRACTS, "extracts", part)

    observer.step_started("", "writing what each system knows of them")
    told(0, 0.0)
    issue_cards(company)
    write_crm(company)
    write_loyalty(company)
    write_social_profiles(company)
    write_event_guests(company)
    told(4, 0.11)
    sales = make_sales(company)
    write_pos(company, sales)
    told(5, 0.27)
    note_figures(company, sales, write_trial(company, sales))
    write_billing(company, sales)
    told(7, 0.35)
    bought_online = sales.online & (sales.pence > 0)
    write_web(company, (sales.who[bought_online], sales.time[bought_online]))
    told(8, 0.75)
    write_app(company)
    told(9, 0.83)
    write_email_campaign(company)
    told(10, 0.88)
    write_mentions(company)
    write_community(company)
    write_support(company)
    write_nps(company)
    write_consent(company)
    write_areas(company)
    told(_EXTRACTS, 0.92)

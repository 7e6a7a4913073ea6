"""Profile figures of a sample company against its truth: python benchmarks/company_profile.py --people 20000.

For each person with a record: are orders, revenue, first and last purchase, mentions, answers, channels and churn in
the profile of the customer who holds most of their records exactly what the person did, and where not, why. --write
keeps the page in benchmarks/results/company_profile.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
from machine import measured_run, stamp
from profile_reasons import CHANNELS, REASONS, event_faults, figure_rows, load_company

EXPLAINED = {
    "split": "the person's records lie with several customers",
    "merged": "the customer also holds records of others",
    "not in the data": "nothing on the event tells whose it is: receipts without a card, posts under a handle that no "
    "register knows, visits before anybody logged in",
    "unknown identifier": "what the event carries stands in no record: an e-mail that the registers miss or mistype, "
    "so that a customer without a record has it",
    "elsewhere": "the event went to another customer with records: a partner's card, a shared phone or mailbox",
    "others' events": "events of somebody else came here: the same seen from the other side",
    "figure": "all events are right and the figure is not: a fault of the profile",
}


@dataclass(frozen=True)
class Figure:
    """A figure of the profile: its name, SQL of what is true and of what was found, and the sources it counts."""

    name: str
    true: str
    found: str
    sources: tuple[str, ...]


_SOLD = ("pos",)
_SEEN = ", ".join(f"CASE WHEN p.events_{c} > 0 THEN '{c}' END" for c in CHANNELS)
_KEYED = ("ad_clicks", "community", "event_attendance", "mobile_app", "pos", "social_mentions", "support", "web")
FIGURES = (
    Figure("orders", "t.orders", "coalesce(p.orders, 0)", _SOLD),
    Figure("refunds", "t.refunds", "coalesce(p.refunds, 0)", _SOLD),
    Figure("revenue", "t.revenue", "coalesce(p.revenue, 0)", _SOLD),
    Figure("first purchase", "t.first_purchase", "p.first_purchase_at", _SOLD),
    Figure("last purchase", "t.last_purchase", "p.last_purchase_at", _SOLD),
    Figure(
        "churned: bought, and not within the last year",
        "t.last_purchase < p.as_of - INTERVAL 1 YEAR",
        "p.last_purchase_at < p.as_of - INTERVAL 1 YEAR",
        _SOLD,
    ),
    Figure("mentions", "t.mentions", "coalesce(p.mentions, 0)", ("social_mentions",)),
    Figure("NPS answers", "t.nps_answers", "coalesce(p.nps_answers, 0)", ("nps",)),
    Figure("last NPS answer", "t.nps_last", "p.nps_last", ("nps",)),
    Figure(
        f"channels seen in, of {len(CHANNELS)}",
        "t.channels",
        f"list_sort(list_filter([{_SEEN}], lambda c: c IS NOT NULL))",
        _KEYED,
    ),
    Figure("tickets", "t.tickets", "coalesce(p.tickets, 0)", ("support",)),
    Figure(
        "community posts and answers",
        "t.contributions",
        "coalesce(p.community_posts + p.community_answers, 0)",
        ("community",),
    ),
)


def main() -> None:
    options = arguments().parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(options.project) if options.project else _built(Path(scratch), options)
        text = report(project)
    print(text)
    if options.write:
        page = Path(__file__).parent / "results" / "company_profile.md"
        page.write_text(f"# Profile figures of a sample company against its truth\n\n{stamp()}\n\n{text}\n")


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--project", help="a demo that is built already, instead of a new one")
    parser.add_argument("--write", action="store_true")
    return parser


def _built(home: Path, options: argparse.Namespace) -> Path:
    cxid, company = [sys.executable, "-m", "cxid"], home / "company"
    measured_run([*cxid, "demo", str(company), "--people", str(options.people), "--seed", str(options.seed)])
    measured_run([*cxid, "--project", str(company), "build"])
    return company


def report(project: Path) -> str:
    """The page: shares that are exactly right, and the reasons of the others."""
    con = duckdb.connect()
    people, unrecorded = load_company(con, project)
    lines = [
        f"{people:,} people with a record of CRM, loyalty, social profiles or events; {unrecorded:,} more have none "
        "and are left out. Right is exactly right: to the cent, to the minute.",
        "",
        "| figure | right of all | right where there is something | right of what the data can tell | "
        + " | ".join(REASONS)
        + " |",
        "|---|---|---|---|" + "---|" * len(REASONS),
    ]
    for figure in FIGURES:
        event_faults(con, figure.sources)
        lines.append(_line(figure, con))
    lines += ["", "Why a figure is not right, the first that holds:", ""]
    lines += [f"- **{name}**: {EXPLAINED[name]}." for name in REASONS]
    return "\n".join(lines)


def _line(figure: Figure, con: duckdb.DuckDBPyConnection) -> str:
    rows = dict(figure_rows(con, figure.true, figure.found))
    total, right = sum(r[0] for r in rows.values()), rows.get("right", (0, 0))
    something = sum(r[1] for r in rows.values())
    told = total - rows.get("not in the data", (0, 0))[0]
    reasons = " | ".join(f"{rows.get(name, (0, 0))[0]:,}" for name in REASONS)
    among = f"{right[1] / max(1, something):.2%} of {something:,}"
    return f"| {figure.name} | {right[0] / total:.2%} | {among} | {right[0] / told:.2%} | {reasons} |"


if __name__ == "__main__":
    main()

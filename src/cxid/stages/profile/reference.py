"""docs/reference/profile.md, made from the attribute definitions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

from cxid.stages.profile.attributes import SECTIONS
from cxid.stages.profile.section import Section

_HEAD = """# Profile

One row per customer in `profile`, as of one moment.

`as_of` is the moment that everything speaks of: `profile.as_of` of the config (a date means its end, UTC), else the
time of the latest event, else the latest change of a record. Events after it and events without a time do not count.
Of the identity only its present state is known.

A section is on when a source feeds it. When it is off its columns are there and NULL, and the log says what is
missing.

How each attribute is computed stands in the SQL files named with its section. All of them read
[profile_number](../../src/cxid/sql/profile/profile_number.sql) (customers numbered),
[profile_said](../../src/cxid/sql/profile/profile_said.sql) (what a source's words mean) and
[profile_event](../../src/cxid/sql/profile/profile_event.sql) (the events that are known at `as_of`).
"""

_TABLE = "| attribute | type | definition | NULL when |\n|---|---|---|---|\n"
_TAIL = """
## Columns of permissions

Where a source of kind consent feeds it: `may_<purpose>_<channel>`, BOOLEAN, for each entry of `profile.consent`, else
for each purpose and channel that a source names (the 50 most common). TRUE: granted at as_of, FALSE: denied, NULL:
unknown. What is said of a purpose for all channels answers for a channel of which nothing is said.

## Attributes from enrichment

Each column of an enrichment source is one text column here, named as in the config (letters, digits and `_`; the
source's name in front when the name is taken), and beside it stands `<attribute>_source`, the source that told it. It
is joined by what the config says under `join`: the key of a people source, an identifier, or the golden value of a
field; letters and digits are compared, of e-mails and keys every sign. Where several sources tell an attribute of one
name, the closest to the customer does: key, identifier, field of a person, field of a place such as the postcode; of
equals the first in the alphabet. NULL when nothing is found.

## Influence

No standard exists, so every component stays a column. A component is its weight times log10(1 + what is counted): ten
times the followers are one more weight, not ten times the score. Weights, points and tiers stand under
`profile.influence` in the config:

| counted | weight | |
|---|---|---|
| followers | 1 | a hundred followers are 2, a hundred thousand 5 |
| reach x sentiment, summed over the mentions | 1 | negative where the sum is: it takes away from the score |
| referrals | 3 | one referral is 0.9, nine are 3 |
| reputation in the community | 1 | 1 a post, 3 an answer, 10 more when accepted, 1 a like received |

The score is absolute: it changes when the customer does, not when others do. `influence_percentile` and
`is_influencer` are relative, `influence_tier` goes by the audience alone, and `mention_tone` says whether the voice is
for or against you: a critic with an audience has a low score and a tier.

## Service

A ticket is the rows of one `case`; where a source has none, each row. It is closed by a row whose type says resolved,
closed or the like in any of several languages, or by `end`; a later row that says reopened opens it again. A delivery
is a row that says delivered, or has a promise (`due`); it is late when it came after the earliest promise, when its
type says so, or when the promise has passed and the source, which tells arrivals, has none.

## RFM

Quintile = 1 + floor(5 x (customers with a worse value) / (customers who bought)), so equal values get the same
quintile and nobody is split by chance; few different values leave quintiles empty. Worse is an earlier last purchase,
fewer orders, or less revenue.

| recency | frequency | segment |
|---|---|---|
| 5 | 4-5 | champions |
| 3-4 | 4-5 | loyal |
| 4-5 | 2-3 | potential_loyalists |
| 5 | 1 | new |
| 4 | 1 | promising |
| 3 | 3 | need_attention |
| 3 | 1-2 | about_to_sleep |
| 1-2 | 5 | cannot_lose |
| 1-2 | 3-4 | at_risk |
| 1-2 | 1-2 | hibernating |
"""


def page() -> str:
    """The whole page as Markdown."""
    parts = [_HEAD]
    for section in SECTIONS:
        parts.append(
            f"\n## {section.title}\n\nFed by: {section.fed_by}. SQL: {', '.join(_sources_of(section))}.\n\n{_TABLE}"
        )
        for a in section.attributes:
            missing = a.null or ("never while the section is on" if a.nothing != "NULL" else "never")
            parts.append(f"| `{a.name}` | {a.type} | {a.definition} | {missing} |\n")
    return "".join([*parts, _TAIL])


_HEADER = re.compile(r"-- grain: .+\n-- reads: (.*)\n")


def _sources_of(section: Section) -> Iterator[str]:
    """Links to the module of a section and to the SQL that its table is made by, from that table back to the events."""
    module = section.write.__module__
    yield f"[{module.rsplit('.', 1)[-1]}.py](../../src/{module.replace('.', '/')}.py)"
    folder, found, open_ = files("cxid.sql").joinpath("profile"), [], [section.table]
    while open_:
        table = open_.pop(0)
        file = folder.joinpath(f"{table}.sql")
        if table in found or not file.is_file():
            continue
        found.append(table)
        header = _HEADER.match(file.read_text(encoding="utf-8"))
        open_ += [t.strip() for t in header[1].split(",")] if header else []
    yield from (f"[{t}](../../src/cxid/sql/profile/{t}.sql)" for t in found if t not in _SHARED)


_SHARED = ("profile_number", "profile_event", "profile_said", "profile_rule")

"""docs/reference/profile.md, made from the attribute definitions."""

from __future__ import annotations

from cxid.stages.profile.attributes import SECTIONS

_HEAD = """# Profile

One row per customer in `profile`, as of one moment.

`as_of` is the moment that everything speaks of: `profile.as_of` of the config (a date means its end, UTC), else the
time of the latest event, else the latest change of a record. Events after it and events without a time do not count.
Of the identity only its present state is known.

A section is on when a source feeds it. When it is off its columns are there and NULL, and the log says what is
missing.
"""

_TABLE = "| attribute | type | definition | NULL when |\n|---|---|---|---|\n"
_TAIL = """
## Attributes from enrichment

Each column of an enrichment source is one text column here, named as in the config (letters, digits and `_`; the
source's name in front when the name is taken). It is joined by the golden value of the field, or by the customer's
identifiers, comparing letters and digits only; NULL when nothing is found.

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
        parts.append(f"\n## {section.title}\n\nFed by: {section.fed_by}.\n\n{_TABLE}")
        for a in section.attributes:
            missing = a.null or ("never while the section is on" if a.nothing != "NULL" else "never")
            parts.append(f"| `{a.name}` | {a.type} | {a.definition} | {missing} |\n")
    return "".join([*parts, _TAIL])

"""Words for what figures name, the same on the terminal and on the page."""

from __future__ import annotations

CHANGES = {
    "created": "new", "split": "split off", "merged": "merged into others", "retired": "retired",
    "moved": "records moved between customers that stay",
}  # fmt: skip
OUTCOMES = {"passed": "passed", "over": "over the limit", "accepted": "over the limit, accepted"}
OWNERLESS = {
    "no_identifier": "carry no identifier",
    "unusable": "carry identifiers that cannot be read as what they are mapped to",
    "names_nobody": "carry only identifiers that name nobody",
    "undecided": "name several customers and none of them more than the others",
}
GUARDS = {
    "never_merge": "a rule of match.never_merge_if", "one_per_source": "match.one_per_source",
    "hub": "an identifier that names nobody", "group_size": "match.max_group",
    "evidence": "a shared identifier against all other evidence", "decision": "a decision of people",
}  # fmt: skip

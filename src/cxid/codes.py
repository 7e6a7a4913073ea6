"""Every code that a user can meet besides those of errors: warnings, reasons of quarantine, flags of groups.

`cxid docs errors` and docs/reference/errors.md are made from these tables and from `cxid.errors.ErrorCode`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from cxid.errors import ErrorCode


class Kind(StrEnum):
    """What a code is said of."""

    ERROR = "error"  # a command ended
    WARNING = "warning"  # a build went on, and somebody should look
    REASON = "quarantine reason"  # a row of a file was rejected
    FINDING = "finding"  # `cxid check` alone says it
    FLAG = "group flag"  # a customer of several records deserves a look


@dataclass(frozen=True)
class Code:
    """One code in words. `exit_code` is that of an error, None of everything that ends nothing."""

    name: str
    kind: Kind
    meaning: str
    remedy: str
    exit_code: int | None = None


_PLAIN_CELLS = "Check `delimiter` and `quote` of this source."
_CONTRADICTION = "`cxid review` asks about such customers first; `cxid unlink` sets records apart."

# Said by stages (`reporter.warn`), kept in run_results.json and log.jsonl, shown by `cxid build` and `cxid report`.
WARNINGS: dict[str, tuple[str, str]] = {
    "unread_values": (
        "Optional values of a source (times of change, sentiment, reach, due dates, ends of consents) could not be "
        "read and were left empty; their rows were kept.",
        "Say how they are written: `format` or `decimal` at the column.",
    ),
    "empty_column": (
        "A column that cxid.yml names has no value in any row.",
        "Check the name, and whether the export still fills it.",
    ),
    "no_rows": (
        "A file has a header and no rows; other files of its source have some.",
        "Check the export, or take the file away.",
    ),
    "decision_without_record": (
        "Lines of decisions.csv name a record that no source has.",
        "Leave them when the record may come back; else remove the lines.",
    ),
    "pair_budget": (
        "Blocking rules were left out, because they propose more pairs than `match.pairs_per_record` allows.",
        "Raise it, when `cxid report --section blocking` shows too few pairs for sources that should overlap.",
    ),
    "too_many_fields": (
        "A field is not compared: the pattern of a pair has no room for more fields.",
        "Those of fewest values go. Take fields that say little out of the people sources to choose yourself.",
    ),
    "target_precision": (
        "`match.target_precision` cannot be promised by any cut; the cut is at the best that can be.",
        "Lower the target, or answer questions of `cxid review`, so that more is known.",
    ),
    "linkage_careful": (
        "The data does not fully bear out what was learned about fields, so that the cut is a careful one.",
        "Answer questions of `cxid review`: they start with the pairs that tell most.",
    ),
    "linkage_not_identified": (
        "What makes two records one person could not be learned safely from this data. Only pairs that are beyond "
        "doubt are joined; the others are for review.",
        "Map more fields that tell people apart (birth date, e-mail, phone, street), or answer questions of "
        "`cxid review`.",
    ),
    "linkage_kept": (
        "A model learned anew would not be trusted, so that the one of an earlier run stays.",
        "Look among the new rows for those that name nobody, such as test accounts; `cxid build --refit` learns anew "
        "all the same.",
    ),
    "never_merge_without_field": (
        "`match.never_merge_if` names a field that no people source has: the rule does nothing.",
        "Correct the name, or map the field.",
    ),
    "mixed_numbering": (
        "An identifier that several sources share bears different names for most of its values, as when two shops "
        "number their customers from 1. It joins no records.",
        "Give it another name under `ids` in the sources that number their customers themselves.",
    ),
    "pin_overruled": (
        "Two pins in decisions.csv give one field of one customer different values; the later one counts.",
        "Remove the older line.",
    ),
    "answers_off_scale": (
        "Answers of a survey lie outside its scale and make no NPS or CSAT.",
        "Say `scale: [worst, best]` at the source.",
    ),
    "value_buying": (
        "No model of how often customers buy could be fitted, so that forecasts of purchases are empty.",
        "Nothing, where purchases are few or young; `baseline_12m` says what the past alone expects.",
    ),
    "value_spending": (
        "No model of what customers spend could be fitted, so that forecasts of revenue are empty.",
        "Nothing, where buyers who came twice are few; `baseline_12m` says what the past alone expects.",
    ),
    "engagement_unused": (
        "`profile.engagement` names a channel, an act or a type of event that the data does not have.",
        "Correct the name: the message lists those that there are.",
    ),
    "enrichment_unjoined": (
        "No customer has the value by which an enrichment source is joined; the source is left out.",
        "Check `join` of the source, and that a people source has this field.",
    ),
    "future_moment": (
        "The latest event lies after tomorrow, and profiles speak of its moment: a clock or a date format is wrong.",
        "Mend the rows, or say `profile.as_of`.",
    ),
    "not_comparable": (
        "`cxid plan` cannot compare its run with the published one, because another version made that.",
        "Nothing: the next build publishes a run that can be compared.",
    ),
    "consent_after_as_of": (
        "Customers refused something after `profile.as_of`. Exports obey it, the profile of that day does not know it.",
        "Nothing; build with a later `--as-of` to see it in the profile.",
    ),
    "consent_columns": (
        "There are more purposes and channels than become columns of the profile; the most common ones do.",
        "Name those that you need in `profile.consent`.",
    ),
}

# Column `reason` of table `quarantine`.
REASONS: dict[str, tuple[str, str]] = {
    "too_few_columns": (
        "The row has fewer values than the header has names; a line of spaces alone is one of these.",
        _PLAIN_CELLS,
    ),
    "too_many_columns": (
        "The row has more values than the header has names. Empty values too many at the end of a row do no harm and "
        "are left off.",
        _PLAIN_CELLS,
    ),
    "bad_quote": (
        "A quote is not closed, or text follows a closing quote. Only the line that it starts on is rejected, and "
        "reading goes on with the next. A quoted value is taken for unclosed when it runs on for more than 1,000 "
        "lines, or when the lines inside it look like rows.",
        _PLAIN_CELLS,
    ),
    "bad_encoding": (
        "Bytes that are no text in the source's `encoding`, or text of a Parquet column that is not UTF-8.",
        "Say the file's encoding, for example `encoding: cp1252`.",
    ),
    "line_too_long": (
        "More than 4,000,000 bytes in one line.",
        "Check that the file is a text with line ends.",
    ),
    "bad_json": (
        "The line is not one JSON object (`NaN` and half a surrogate pair are not JSON).",
        "Write one object a line.",
    ),
    "missing_key": (
        "The key of a people source, or the joining value of an enrichment, is empty. A key of several columns is "
        "missing when all of them are. `field` names the key.",
        "Choose a key that every row has.",
    ),
    "duplicate_key": (
        "Another row of this key was kept: the one with the latest `updated_at`, then with most values, then the first "
        "in the order of their text. The order of rows and files plays no part. `field` names the key.",
        "Choose a key that is unique, for example several columns: `key: [shop, receipt]`.",
    ),
    "duplicate_row": (
        "The very same row stands there already. It counts for no limit, because nothing is lost. `field` names "
        "the key.",
        "Nothing.",
    ),
    "missing_time": (
        "An event without a time. `field` names the column.",
        "Choose the column that every event has.",
    ),
    "bad_time": (
        "A time that does not fit the `format`, or ISO 8601 when there is none, or lies before 1900 or after 2199: "
        'systems write 0001-01-01 or 9999-12-31 for "not known". `field` names the column.',
        'Say how the time is written, for example `time: {from: at, format: "%d/%m/%Y %H:%M"}`.',
    ),
    "bad_number": (
        "An amount or a score that is no number with the source's `decimal` sign: `12,50` is not 1250. `field` names "
        "the column.",
        'Say which decimal sign is used: `{from: total, decimal: ","}`.',
    ),
    "missing_identifier": (
        "A consent that says of nobody whose it is. `field` names the identifier columns.",
        "Map the column with the customer's identifier under `ids`.",
    ),
    "missing_purpose": (
        "A consent that does not say what for. `field` names the column.",
        "Map the column with the purpose.",
    ),
}

# Said by `cxid check` alone: a build keeps such values as they are written.
FINDINGS: dict[str, tuple[str, str]] = {
    "birth_date_format": (
        "Birth dates do not fit their `format`; a build keeps them as written, and they then compare as text.",
        'Say how they are written, for example `format: "%d/%m/%Y"`.',
    ),
}

# Column `flags` of table `match_group`, joined by "; ".
FLAGS: dict[str, tuple[str, str]] = {
    "weak link": (
        "The customer hangs together by a link that is less than sure.",
        "`cxid why CUSTOMER` shows the link; `cxid unlink` sets records apart.",
    ),
    "few pairs agree": (
        "Less than half of the pairs of its records agree with each other: the records may form a chain.",
        _CONTRADICTION,
    ),
    "guard refused a merge": (
        "Records were kept out of this customer, because they contradict it: `never_merge_if`, `one_per_source`, a "
        "decision, or `max_group`.",
        _CONTRADICTION,
    ),
    "at the size limit": (
        "The customer has as many records as `match.max_group` allows.",
        "Look for values that many people share, and put them under `match.ignore_values`.",
    ),
}  # fmt: skip


def all_codes() -> Iterator[Code]:
    """Every code with its meaning: errors first, then in the order of the tables above."""
    for error in ErrorCode:
        yield Code(str(error), Kind.ERROR, error.meaning, error.remedy, int(error.exit_code))
    for kind, table in (
        (Kind.WARNING, WARNINGS),
        (Kind.REASON, REASONS),
        (Kind.FINDING, FINDINGS),
        (Kind.FLAG, FLAGS),
    ):
        for name, (meaning, remedy) in table.items():
            yield Code(name, kind, meaning, remedy)

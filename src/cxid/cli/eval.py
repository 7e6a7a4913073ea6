"""`cxid eval`: how good the published build is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cxid.cli._console import Console, console_of
from cxid.cli._evaluation import write_decisions, write_truth
from cxid.cli._options import Format, section_option
from cxid.cli._progress import working
from cxid.cli._project import library, load_config
from cxid.cli._sampling import SampleWish, review_sample, write_estimates, write_sample
from cxid.errors import UsageError
from cxid.evaluate.sections import SECTIONS

_COLUMN: dict[str, Any] = {"metavar": "NAME", "show_default": False}


# The options as types, so that the command itself can be read.
_Truth = Annotated[
    Path | None,
    typer.Argument(metavar="TRUTH", help="CSV or Parquet: records and who they are.", show_default=False),
]
_TruthOption = Annotated[Path | None, typer.Option("--truth", metavar="FILE", help="TRUTH too.", show_default=False)]
_Source = Annotated[str | None, typer.Option("--source-column", help="TRUTH's column with the source.", **_COLUMN)]
_Key = Annotated[str | None, typer.Option("--key-column", help="TRUTH's column with the record key.", **_COLUMN)]
_Entity = Annotated[str | None, typer.Option("--entity-column", help="TRUTH's column that says who it is.", **_COLUMN)]
_Known = Annotated[bool, typer.Option("--known-only", help="Leave out records of TRUTH that the build does not have.")]
_Sample = Annotated[
    int | None,
    typer.Option("--sample", metavar="N", min=1, help="Draw N pairs to review, as CSV.", show_default=False),
]
_Groups = Annotated[bool, typer.Option("--groups", help="Draw customers instead of pairs.")]
_Seed = Annotated[int, typer.Option("--seed", metavar="N", help="Another seed draws another sample.")]
_Values = Annotated[str, typer.Option("--values", metavar="none|masked|plain", help="What it shows of the records.")]
_Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Where the sample goes; stdout when left out.", show_default=False),
]
_Reviewed = Annotated[
    Path | None,
    typer.Option("--reviewed", metavar="FILE", help="Estimate from a sample that was reviewed.", show_default=False),
]
_Section = Annotated[
    list[str] | None,
    section_option(SECTIONS),
]
_Errors = Annotated[int, typer.Option("--errors", metavar="N", min=0, help="Show so many errors of each kind.")]


def command(
    ctx: typer.Context,
    truth: _Truth = None,
    truth_option: _TruthOption = None,
    source_column: _Source = None,
    key_column: _Key = None,
    entity_column: _Entity = None,
    known_only: _Known = False,
    sample: _Sample = None,
    groups: _Groups = False,
    seed: _Seed = 1,
    values: _Values = "none",
    out: _Out = None,
    reviewed: _Reviewed = None,
    section: _Section = None,
    errors: _Errors = 10,
) -> None:
    """Measure how good the published build is.

    Against TRUTH, a file that says which records are one person; without it against the links and unlinks of
    decisions.csv. Without either: --sample writes pairs or customers to look at, and --reviewed turns what
    people found into precision and recall with intervals.
    """
    console = console_of(ctx)
    wanted = _sections(section)
    asked = [
        name
        for name, given in (
            ("TRUTH", truth or truth_option), ("--sample", sample is not None), ("--reviewed", reviewed),
        )
        if given
    ]  # fmt: skip
    if len(asked) > 1 or (truth and truth_option):
        raise UsageError(
            f"{' and '.join(asked) if len(asked) > 1 else 'TRUTH and --truth'} do not go together",
            hint="ask one thing at a time",
        )
    _refuse_alone(
        {"--groups": (groups, sample), "--out": (out, sample), "--known-only": (known_only, truth or truth_option)}
        | {
            f"--{name}-column": (given, truth or truth_option)
            for name, given in (("source", source_column), ("key", key_column), ("entity", entity_column))
        }
    )
    if sample is not None:
        write_sample(console, SampleWish(sample, groups, seed, values, out))
        return
    if reviewed is not None:
        review_sample(console, reviewed)
        return
    if file := truth or truth_option:
        columns = {"source_column": source_column, "key_column": key_column, "entity_column": entity_column}
        _against_truth(console, file, {**columns, "errors": errors, "known_only": known_only}, wanted)
    else:
        _against_decisions(console, errors, wanted)


_COMPANY = {"--groups": "--sample N", "--out": "--sample N"}


def _refuse_alone(options: dict[str, tuple[Any, Any]]) -> None:
    """Raises UsageError for an option without the one that it speaks of."""
    for name, (given, company) in options.items():
        if given and not company:
            raise UsageError(f"{name} goes with {_COMPANY.get(name, 'TRUTH')}", hint="`cxid eval --help` has examples")


def _sections(section: list[str] | None) -> list[str]:
    unknown = [name for name in section or () if name not in SECTIONS]
    if unknown:
        raise UsageError(f'no section "{unknown[0]}" in an evaluation', hint="sections: " + ", ".join(SECTIONS))
    return section or list(SECTIONS)


def _against_truth(console: Console, file: Path, how: dict[str, Any], wanted: list[str]) -> None:
    config = load_config(console.settings)
    with working(console, "measuring the build against the truth"):
        report = library("evaluate").evaluate_by_truth(config, file, **how)
    if console.settings.output is Format.TABLE:
        write_truth(console, report, wanted)
    else:
        _hand_over(console, report.to_dict(wanted))


def _against_decisions(console: Console, errors: int, wanted: list[str]) -> None:
    config = load_config(console.settings)
    with working(console, "measuring the build against decisions"):
        report = library("evaluate").evaluate_by_decisions(config, errors=errors)
    if console.settings.output is not Format.TABLE:
        _hand_over(console, report.to_dict(wanted))
        return
    write_decisions(console, report, wanted)
    drawn = report.audit
    if drawn is not None and "measures" in wanted:
        console.text()
        console.say(f"audit of `cxid review`: {drawn.seen} of {drawn.drawn} pairs drawn at random, {drawn.run_id}")
        write_estimates(console, drawn)


def _hand_over(console: Console, document: dict[str, Any]) -> None:
    """One document as JSON, its figures as rows in the other formats."""
    if console.settings.output in (Format.JSON, Format.JSONL):
        console.document(document)
        return
    rows = []
    for name, content in document.items():
        for number, row in enumerate(content if isinstance(content, list) else [content], start=1):
            cells = row.items() if isinstance(row, dict) else [("", row)]
            rows += [(name, number, figure, value) for figure, value in cells]
    console.rows(("section", "row", "figure", "value"), rows)

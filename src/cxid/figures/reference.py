"""The reference page of the report's document, made from what describes its figures."""

from __future__ import annotations

from collections.abc import Mapping

from cxid.figures.describe import DESCRIBED, JUDGED, SUMMARY

_HEAD = """# Report

`cxid report --format json` writes one document: `run_id`, and each section below as a list of rows. With `--section` it
has the figures of those sections of the terminal only. A section without rows is left out, and so is a figure that is
missing. `--format csv` and `jsonl` have one row per figure: section, label, figure, value.

`cxid.figures.describe.report_schema()` gives the same as a JSON Schema. Types: a count is a whole number, a number may
have decimals, `any` is a number where the figure is one.
"""
_STATED = """## Drawn from the figures

These are in no table: they are drawn from the figures whenever a report is made.
"""
_FIGURES = """## Figures

All but `run`, `gates` and `timings`, which come from the files of the run, stand in table `report_figure`.
"""


def page(titles: Mapping[str, tuple[str, tuple[str, ...]]]) -> str:
    """The page; `titles` tells of each section of the terminal its title and the sections of figures it is made of."""
    parts = [_HEAD, "## Sections of the terminal\n", "| `--section` | what one learns | figures |", "|---|---|---|"]
    parts += [
        f"| `{name}` | {title} | {', '.join(f'`{f}`' for f in figures)} |" for name, (title, figures) in titles.items()
    ]
    parts += ["", _STATED, *(_section(name, grain, "", figures) for name, (grain, figures) in JUDGED.items())]
    parts += [_FIGURES, *(_section(name, p.grain, p.label, p.figures) for name, p in DESCRIBED.items())]
    parts += ["### Figures of summary\n", "| label | meaning |", "|---|---|"]
    parts += [f"| `{name}` | {meaning} |" for name, meaning in SUMMARY.items()]
    return "\n".join(parts) + "\n"


def _section(name: str, grain: str, label: str, figures: Mapping[str, tuple[str, str]]) -> str:
    rows = [("`label`", "text", label)] if label else []
    rows += [(f"`{figure}`", type_, meaning) for figure, (type_, meaning) in figures.items()]
    lines = [f"### {name}\n", f"One row per {grain}.\n", "| figure | type | meaning |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)]) + "\n"

"""What a run did, in figures and as a page for a browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxid.api.published import Published, choose_run, reading
from cxid.api.why import explaining, open_explaining
from cxid.config.model import Config
from cxid.errors import ErrorCode, UsageError
from cxid.explain.examples import example_pairs
from cxid.explain.model import PairAnswer
from cxid.explain.pair import explain_pair
from cxid.explain.run import as_is
from cxid.figures import Figures, Finding, Obstacle, obstacles, read_figures, verdict
from cxid.figures.document import report_document
from cxid.html.report import report_page
from cxid.html.sections.examples import section as examples_section
from cxid.notebook import Document, Table
from cxid.privacy import mask
from cxid.runs import disk


@dataclass(frozen=True, repr=False)
class Report(Document):
    """The figures of a run, section by section, and the page made of them."""

    figures: Figures
    config: Config
    published: Published

    @property
    def verdict(self) -> tuple[Finding, ...]:
        """What a reader should know first, gravest first."""
        return tuple(verdict(self.figures))

    @property
    def obstacles(self) -> tuple[Obstacle, ...]:
        """What holds the result back, and what to do, the largest first."""
        return tuple(obstacles(self.figures))

    @property
    def headline(self) -> str:
        return f"{self.config.project or self.config.root.resolve().name}, run {self.published.run_id}"

    def to_dict(self) -> dict[str, Any]:
        """Verdict, obstacles and every section of figures; docs/reference/report.md describes them."""
        return report_document(self.figures)

    def tables(self) -> Iterator[Table]:
        yield Table("Verdict", ("", "", "look"), ((f.level, f.text, f.next) for f in self.verdict))
        steps = ((row["label"], _whole(row["amount"])) for row in self.figures.rows("funnel"))
        yield Table("From rows to customers", ("step", "count"), steps)
        yield Table("What holds the result back", ("", "look"), ((o.text, o.command) for o in self.obstacles))

    def to_html(self, path: str | os.PathLike[str] | None = None, *, unmasked: bool = False) -> str:
        """The page of `cxid report --html`: one file without script or fetch; written to `path` as a whole or not.

        Values of example pairs are masked unless `unmasked`.
        """
        target = None if path is None else Path(path)
        if target is not None:
            _check_target(target)
        examples = examples_section(_explained(self.config, self.published, unmasked), str if unmasked else mask)
        page = report_page(self.figures, self.config.project, [examples] if examples else [])
        if target is not None:
            with disk.translated(target.parent):
                disk.write_bytes(target, page.encode(), fault="page")
        return page


def report(config: Config, run: str | None = None) -> Report:
    """The figures of the published run, or of the one named."""
    published = choose_run(config, run)
    with reading(published) as engine:
        return Report(read_figures(engine, published.run_id, published.run_dir), config, published)


def _whole(text: str) -> int | str:
    return int(text) if text.lstrip("-").isdigit() else text


def _check_target(target: Path) -> None:
    if target.is_dir():
        raise UsageError(
            f"{target}: is a folder", hint=f"name a file, such as {target / 'report.html'}", code=ErrorCode.PATH_INVALID
        )
    if not target.parent.is_dir():
        raise UsageError(
            f"{target.parent}: there is no such folder",
            hint="make it, or name another place",
            code=ErrorCode.PATH_INVALID,
        )


def _explained(config: Config, published: Published, unmasked: bool) -> list[tuple[str, PairAnswer]]:
    """Example pairs of the run; none where it did not keep what explains them."""
    every = {**published.stage_tables, **published.tables}
    if not all(name in every for name in ("link_pair", "link_field", "record_norm")):
        return []
    with reading(published, open_explaining) as engine:
        run = explaining(config, published, engine)
        hide = as_is if unmasked else mask
        return [(shows, explain_pair(run, a, b, hide)) for shows, a, b in example_pairs(run)]

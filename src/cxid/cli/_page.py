"""The report as a page: figures and example pairs of a run, written to a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cxid.cli._console import Console
from cxid.cli._outputs import reading
from cxid.cli._progress import working
from cxid.cli._project import load_config
from cxid.cli._registry import part
from cxid.errors import ErrorCode, UsageError
from cxid.privacy import mask


def write_page(console: Console, published: Any, figures: Any, target: Path, *, unmasked: bool) -> None:
    """Write the page as a whole or not at all, readable to its owner only."""
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
    config = load_config(console.settings)
    hide = str if unmasked else mask
    with working(console, "explaining example pairs") as progress:
        examples = part("html.sections.examples").section(_explained(config, published, unmasked=unmasked), hide)
        progress.step_started("", "drawing the page")
        page = part("html.report").report_page(figures, config.project, [examples] if examples else [])
    content = page.encode()
    disk = part("runs.disk")
    with disk.translated(target.parent):
        disk.write_bytes(target, content, fault="page")
    clear = "values of example pairs in clear" if unmasked else "values of example pairs masked"
    console.say(f"{target}: {len(content) / 1000:,.0f} kB, {clear}; open it in a browser")


def _explained(config: Any, published: Any, *, unmasked: bool) -> list[tuple[str, Any]]:
    """Example pairs of the run; none where it did not keep what explains them."""
    every = {**published.stage_tables, **published.tables}
    if not all(name in every for name in ("link_pair", "link_field", "record_norm")):
        return []
    opening, room = part("explain.opening"), part("explain.run")
    with reading(published, lambda _: opening.open_engine(published.run_dir, every)) as engine:
        run = room.Run(engine, config.match.one_per_source, opening.numbered_types(published.run_dir))
        hide = room.as_is if unmasked else mask
        explain = part("explain.pair").explain_pair
        return [(shows, explain(run, a, b, hide)) for shows, a, b in part("explain.examples").example_pairs(run)]

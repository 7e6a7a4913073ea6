"""The folder of one run: its tables, what is finished, what is noted, what is thrown away.

.cxid/runs/<run_id>/
    manifest.json run_results.json log.jsonl   what went in, what happened
    tables/<table>.parquet                     every table that a stage wrote
    stages/<stage>.json                        the stage is finished: rows and digest of each of its tables
    output/                                    what is published
    work/                                      temporary, gone when the run ends
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from cxid import faults
from cxid.contracts import QUARANTINE, TABLES
from cxid.engine.base import Engine
from cxid.runs import disk
from cxid.runs.results import StageResult, TableFile, stage_from_json


@dataclass(frozen=True)
class RunFolder:
    """The folder of one run at `path`."""

    path: Path

    @property
    def run_id(self) -> str:
        return self.path.name

    @property
    def manifest(self) -> Path:
        return self.path / "manifest.json"

    @property
    def results(self) -> Path:
        return self.path / "run_results.json"

    @property
    def log(self) -> Path:
        return self.path / "log.jsonl"

    @property
    def tables(self) -> Path:
        return self.path / "tables"

    @property
    def stages(self) -> Path:
        return self.path / "stages"

    @property
    def output(self) -> Path:
        return self.path / "output"

    @property
    def work(self) -> Path:
        return self.path / "work"

    def table(self, name: str) -> Path:
        return self.tables / f"{name}.parquet"

    def begin(self) -> None:
        """Make the folder, or clear an unfinished one of everything but its finished stages."""
        disk.remove(self.work)
        for folder in (self.path, self.tables, self.stages, self.work):
            disk.make_folder(folder)
        for left in (*self.path.glob("*.part"), *self.tables.glob("*.part"), *self.stages.glob("*.part")):
            disk.remove(left)
        disk.sync_folder(self.path.parent)

    def end(self) -> None:
        """Throw away what only the running build needed, and outputs that it did not finish."""
        disk.remove(self.work)
        disk.remove(self.path / "output.part")

    def keep(
        self, engine: Engine, names: Sequence[str], told: Callable[[float, float, str, float], None] | None = None
    ) -> dict[str, TableFile]:
        """Write tables of the engine as Parquet, published ones in their order; they are on the device afterwards.

        `told` hears how many are written, and what part of all cells they hold.
        """
        kept = {}
        counts = {name: engine.count(name) for name in names}
        cells = {name: count * len(engine.columns(name)) for name, count in counts.items()}
        for place, name in enumerate(names):
            if told:
                part = sum(cells[n] for n in names[:place]) / max(sum(cells.values()), 1)
                told(place, len(names), "tables", part)
            path = self.table(name)
            faults.hit("table.write")
            engine.write(name, path, order_by=_order(name))
            faults.hit("table.written")
            kept[name] = TableFile(counts[name], path.stat().st_size, disk.digest(path))
        disk.sync_folder(self.tables)
        return kept

    def finish_stage(self, result: StageResult) -> None:
        """Mark the stage as finished: a later build of the same inputs goes on after it."""
        disk.write_json(self.stages / f"{result.name}.json", asdict(result), fault="marker")

    def finished(self, stages: Sequence[str]) -> list[StageResult]:
        """The leading stages of `stages` whose marker and files are whole; whatever comes after them is removed."""
        found: list[StageResult] = []
        for name in stages:
            result = self._finished_stage(name)
            if result is None:
                break
            found.append(result)
        for name in stages[len(found) :]:
            disk.remove(self.stages / f"{name}.json")
        kept = {table for result in found for table in result.tables}
        for path in self.tables.glob("*.parquet"):
            if path.stem not in kept:
                disk.remove(path)
        return found

    def _finished_stage(self, name: str) -> StageResult | None:
        content = disk.read_json(self.stages / f"{name}.json")
        try:
            result = stage_from_json(content or {}, resumed=True)
        except (KeyError, TypeError, AttributeError):  # missing, or another version's
            return None
        for table, file in result.tables.items():
            path = self.table(table)
            if not path.is_file() or path.stat().st_size != file.bytes or disk.digest(path) != file.sha256:
                return None
        return result

    def shrink(self) -> None:
        """Keep what tells of a run that was not published: manifest, results, log, quarantine. Customers' data goes."""
        disk.remove(self.work)
        disk.remove(self.output)
        disk.remove(self.path / "output.part")
        disk.remove(self.stages)
        if self.tables.is_dir():
            for path in self.tables.iterdir():
                if path != self.table(QUARANTINE.name):
                    disk.remove(path)


def _order(name: str) -> tuple[str, ...]:
    table = TABLES.get(name)
    return table.order if table is not None and table.published else ()

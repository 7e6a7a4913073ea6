"""From data files to a config."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict, Unpack

from cxid.config.guess import Evidence, Guess, guess_config, render_yaml
from cxid.config.schema import write_schema
from cxid.errors import ErrorCode, UsageError
from cxid.notebook import Document, Table
from cxid.runs.observer import Observer

_ENDINGS = (".csv", ".tsv", ".txt", ".parquet", ".jsonl", ".ndjson", ".gz", ".zst")


@dataclass(frozen=True, repr=False)
class Initialised(Document):
    """A config that was written from data files: what it says, why, and what it left out."""

    file: Path
    guess: Guess

    @property
    def headline(self) -> str:
        sources = len(self.guess.config.get("sources", {}))
        return f"wrote {self.file}: {sources} source{'' if sources == 1 else 's'}"

    def to_dict(self) -> dict[str, Any]:
        """The document that the command writes with `--format json`."""
        names = ("source", "place", "column", "evidence", "sure")
        return {
            "config": self.guess.config,
            "evidence": [dict(zip(names, row, strict=True)) for row in self.evidence()],
            "left_out": [{"source": o.source, "column": o.column, "why": o.why} for o in self.guess.left_out],
            "warnings": list(self.guess.warnings),
        }

    def evidence(self) -> list[tuple[str, str, str, str, float]]:
        """(source, place in it, the file's column, why, how sure from 0 to 1) of each part of the config."""
        return [_row(e) for e in self.guess.evidence]

    def tables(self) -> Iterable[Table]:
        yield Table("", ("source", "place", "column", "evidence", "sure"), self.evidence())
        yield Table("Left out", ("source", "column", "why"), ((o.source, o.column, o.why) for o in self.guess.left_out))
        yield Table("Warnings", ("",), ((warning,) for warning in self.guess.warnings))


class Guessing(TypedDict, total=False):
    """What a config is guessed with.

    `country` in two letters, when the data does not show it; `name` of the project (the folder's); with `force` a
    cxid.yml that is there is written over. `observer` hears which files are read.
    """

    country: str | None
    name: str | None
    force: bool
    observer: Observer | None


def init(project: Path, data: Sequence[Path], **how: Unpack[Guessing]) -> Initialised:
    """Look at data files, the project's own when none are named, and write a config for them.

    `project` is a folder, or the config file to write. Raises UsageError for a config that is there, without `force`.
    """
    is_file = project.suffix in (".yml", ".yaml")
    folder = project.parent if is_file else project
    file = project if is_file else folder / "cxid.yml"
    _check(folder, file, data, how.get("force", False))
    guess = guess_config(
        list(data) or _own_files(folder),
        root=folder.resolve(),
        project=how.get("name"),
        country=how.get("country"),
        observer=how.get("observer"),
    )
    file.write_text(render_yaml(guess), encoding="utf-8")
    write_schema(folder)
    return Initialised(file, guess)


def _check(folder: Path, file: Path, data: Sequence[Path], force: bool) -> None:
    if file.exists() and not force:
        raise UsageError(
            f"{file}: exists already",
            hint="--force writes over it; `cxid check` compares it with the files",
            code=ErrorCode.FILE_EXISTS,
        )
    if not folder.is_dir():
        raise UsageError(
            f"{folder}: no such folder", hint="make it, or name another with --project", code=ErrorCode.PATH_INVALID
        )
    for path in data:
        if not path.exists() and not set(str(path)) & set("*?["):
            raise UsageError(
                f"{path}: no such file",
                hint="check the path; a pattern such as data/*.csv may stand there too",
                code=ErrorCode.PATH_INVALID,
            )


def _own_files(folder: Path) -> list[Path]:
    """The project's folder `data`, else the data files beside the config. Raises UsageError when there are none."""
    if (folder / "data").is_dir():
        return [folder / "data"]
    found = [p for p in sorted(folder.iterdir()) if p.is_file() and p.suffix.lower() in _ENDINGS and p.name[0] != "."]
    if not found:
        raise UsageError(
            f"no data files in {folder.resolve()}", hint="name them: cxid init data/*.csv", code=ErrorCode.PATH_INVALID
        )
    return found


def _row(evidence: Evidence) -> tuple[str, str, str, str, float]:
    source, *place = evidence.path[1:] if evidence.path[:1] == ("sources",) else ("", *evidence.path)
    return source, ".".join(place), evidence.column, evidence.why, evidence.sure

"""What is asked of an export, and what comes back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from cxid.notebook import Shown, Table


class Hidden(StrEnum):
    """What becomes of the values that name or reach a person."""

    NOTHING = "nothing"
    MASKED = "masked"  # enough is left to recognise it
    PSEUDONYMS = "pseudonyms"  # a keyed digest


@dataclass(frozen=True)
class Request:
    """What is wanted. `moment` is UTC: a permission that has ended by then is none."""

    moment: datetime
    purpose: str | None = None  # none: for systems that reach nobody; then nobody is left out
    channel: str = ""
    columns: tuple[str, ...] = ()  # those of the golden record when left out
    where: str | None = None
    values: Hidden = Hidden.NOTHING
    id_key: bytes | None = None  # ids become pseudonyms under it, and values where those are asked for


@dataclass(frozen=True)
class Target:
    """Where it goes. With a `delta` of that name only what changed since its last export."""

    path: Path
    delta: str | None = None
    overwrite: bool = False
    restart: bool = False  # the delta's past is forgotten: every row is an added one


@dataclass(frozen=True, repr=False)
class Exported(Shown):
    """What was done: rows by what became of them, in the order in which they were decided."""

    run_id: str
    columns: tuple[str, ...]
    counts: Mapping[str, int]
    path: Path | None = None
    delta: str | None = None

    @property
    def headline(self) -> str:
        where = f" into {self.path}" if self.path else ""
        return f"{self.counts['exported']:,} of {self.counts['customers']:,} customers{where}, run {self.run_id}"

    def tables(self) -> Iterable[Table]:
        return [Table("", ("customers", "number"), self.counts.items())]


ENDINGS = ("csv", "parquet", "jsonl")
OP = "op"  # the first column of a delta: added, changed or removed

"""What init found: the config as plain data, with the evidence for every part of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Evidence:
    """Why the config says what it says at one place."""

    path: tuple[str, ...]  # place in the config, e.g. (sources, crm, columns, email)
    column: str  # the file's column, '' when it rests on several or on none
    why: str
    sure: float  # 0 to 1


@dataclass(frozen=True)
class LeftOut:
    """A column or a file that the config does not use, and why."""

    source: str  # the source's name, or the file's path when the whole file is left out
    column: str  # '' for a whole file
    why: str


@dataclass(frozen=True)
class Guess:
    """A whole config, ready to be written, with its evidence."""

    config: dict[str, Any]
    evidence: tuple[Evidence, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    warnings: tuple[str, ...] = ()

    def because(self, *path: str) -> Evidence | None:
        """The evidence for a place of the config."""
        return next((e for e in self.evidence if e.path == path), None)


@dataclass
class Draft:
    """One source while it is being put together."""

    name: str
    source: dict[str, Any]
    evidence: list[Evidence] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)  # columns of the file that the config names

    def note(self, place: tuple[str, ...], column: str, why: str, sure: float) -> None:
        self.evidence.append(Evidence(("sources", self.name, *place), column, why, sure))

    def drop(self, column: str, why: str) -> None:
        if column not in self.used:
            self.left_out.append(LeftOut(self.name, column, why))
            self.used.add(column)

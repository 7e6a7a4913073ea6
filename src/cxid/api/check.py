"""The config against the files, before anything is built."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cxid.checking import Finding, Severity, check_config
from cxid.config.model import Config
from cxid.notebook import Listing, Table


class Findings(Listing[Finding]):
    """What config and files do not agree on, in the order of the config; empty when all is well."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Those that would stop a build, or give something that nobody wants."""
        return tuple(found for found in self if found.severity is Severity.ERROR)

    @property
    def headline(self) -> str:
        errors = len(self.errors)
        return f"{errors or 'no'} error{'' if errors == 1 else 's'}, {len(self) - errors} to know"

    def to_list(self) -> list[dict[str, Any]]:
        names = ("code", "file", "line", "column", "path", "message", "hint")
        return [{"severity": f.severity.value, **{name: getattr(f, name) for name in names}} for f in self]

    def tables(self) -> Iterable[Table]:
        rows = ((f.severity.value, f"{f.file}:{f.line}:{f.column}", f.path, f.message, f.hint) for f in self)
        return [Table("", ("", "place", "key", "message", "next"), rows)]


def check(config: Config) -> Findings:
    """Everything that a build of the config would stumble over; each source is read in earnest, nothing is matched."""
    return Findings(check_config(config))

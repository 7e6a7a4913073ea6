"""SQL that does not depend on the config: one relation a file, in a folder named after its stage."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def load(stage: str, name: str) -> str:
    """The text of sql/<stage>/<name>.sql."""
    return (files("cxid.sql") / stage / f"{name}.sql").read_text(encoding="utf-8")

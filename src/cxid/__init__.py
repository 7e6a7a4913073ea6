"""cxid resolves customer identities and builds customer profiles.

What the command line does, a program does with one call: `cxid.build(cxid.load_config(folder))`.
The names below load on first use, so that `import cxid` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_PUBLIC = {
    "load_config": "cxid.config.loading",
    "Config": "cxid.config.model",
    "CxidError": "cxid.errors",
    "build": "cxid.api",
    "list_runs": "cxid.api",
    "rollback": "cxid.api",
    "list_removable": "cxid.api",
    "clean": "cxid.api",
    "add_decisions": "cxid.config.deciding",
    "Decision": "cxid.config.decisions",
    "Action": "cxid.config.decisions",
    "open_published": "cxid.api",
    "published_engine": "cxid.api",
    "open_identifier": "cxid.identify.asking",
    "Identifier": "cxid.identify.asking",
    "Answer": "cxid.identify.model",
    "Simulation": "cxid.api.simulate",
    "find_alias": "cxid.aliases",
    "Alias": "cxid.aliases",
    "BuildResult": "cxid.api",
    "Published": "cxid.api",
    "RunInfo": "cxid.api",
}
__all__ = ["__version__", *_PUBLIC]


def __getattr__(name: str) -> Any:
    """A public name, loaded now."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'cxid' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_PUBLIC])

"""cxid resolves customer identities and builds customer profiles.

What the command line does, a program does with one call: `project = cxid.open(folder)`, then `project.build()`,
`project.report()`, `project.show("crm:1042")`. The names below load on first use, so that `import cxid` costs nothing;
their types are in `__init__.pyi`.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_PUBLIC = {
    "open": "cxid.project",
    "init": "cxid.project",
    "doctor": "cxid.project",
    "schema": "cxid.project",
    "write_demo": "cxid.project",
    "Project": "cxid.project",
    "Config": "cxid.config.model",
    # answers
    "Answer": "cxid.identify.model",
    "Asked": "cxid.api.review",
    "BuildResult": "cxid.built",
    "Checks": "cxid.api.doctor",
    "Cleaning": "cxid.api.history",
    "CustomerPage": "cxid.customer_page.model",
    "CustomerWhy": "cxid.api.why",
    "Customers": "cxid.api.find",
    "Decided": "cxid.api.deciding",
    "DecisionEvaluation": "cxid.api.evaluate",
    "DemoSummary": "cxid.demo",
    "Diff": "cxid.api.diff",
    "Exported": "cxid.exporting.model",
    "Findings": "cxid.api.check",
    "Identifier": "cxid.identify.asking",
    "Imported": "cxid.api.review",
    "Initialised": "cxid.api.init",
    "PairWhy": "cxid.api.why",
    "PlanResult": "cxid.planning",
    "Report": "cxid.api.report",
    "Review": "cxid.api.review",
    "Rollback": "cxid.runs.rollback",
    "Rows": "cxid.api.query",
    "RunInfo": "cxid.api.history",
    "Runs": "cxid.api.history",
    "Sample": "cxid.api.evaluate",
    "SampleEvaluation": "cxid.api.evaluate",
    "Simulation": "cxid.api.simulate",
    "TruthEvaluation": "cxid.api.evaluate",
    # progress
    "Observer": "cxid.runs.observer",
    "StageLines": "cxid.api.progress",
    "Unobserved": "cxid.runs.observer",
    # errors
    "AmbiguousReference": "cxid.references",
    "ConfigError": "cxid.errors",
    "ContractError": "cxid.errors",
    "CxidError": "cxid.errors",
    "ErrorCode": "cxid.errors",
    "GateError": "cxid.errors",
    "InputError": "cxid.errors",
    "Interrupted": "cxid.errors",
    "LockError": "cxid.errors",
    "ResourceError": "cxid.errors",
    "StateVersionError": "cxid.errors",
    "Terminated": "cxid.errors",
    "UsageError": "cxid.errors",
}
__all__ = ["__version__", *_PUBLIC]


def __getattr__(name: str) -> Any:
    """A public name, loaded now."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'cxid' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_PUBLIC])

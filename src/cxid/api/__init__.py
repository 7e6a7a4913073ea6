"""What the command line does, one function each: `name(config, ...)`, one module a topic.

`cxid.open` gives the same functions as methods of one project. Those that most others rest on stand here.
"""

from __future__ import annotations

from cxid.api.history import RunInfo, choose_runs, clean, list_removable, list_runs, rollback
from cxid.api.published import Published, open_published, published_engine
from cxid.api.running import build, plan
from cxid.building import Means
from cxid.built import BuildResult, Warned
from cxid.planning import PlanResult
from cxid.runs.clean import Removable
from cxid.runs.rollback import Rollback

__all__ = [
    "BuildResult", "Means", "PlanResult", "Published", "Removable", "Rollback", "RunInfo", "Warned", "build",
    "choose_runs", "clean", "list_removable", "list_runs", "open_published", "plan", "published_engine", "rollback",
]  # fmt: skip

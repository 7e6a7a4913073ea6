"""The whole way from files to published customers, and the same up to publishing."""

from __future__ import annotations

from typing import Unpack

from cxid import building, planning
from cxid.building import Means
from cxid.built import BuildResult
from cxid.config.model import Config
from cxid.planning import PlanResult


def build(config: Config, *, force: bool = False, **means: Unpack[Means]) -> BuildResult:
    """Run the whole pipeline and publish its tables; status `unchanged` when the inputs are those of the published run.

    `force` builds also when nothing changed; `means` are described with `Means`. Raises what `cxid.errors` names; the
    published run then stays as it was.
    """
    with building.started(config, force=force, **means) as job:
        return building.build(job)


def plan(config: Config, *, force: bool = False, discard: bool = False, **means: Unpack[Means]) -> PlanResult:
    """What `build` would do and change: the run up to publishing, compared with the published one.

    Its finished stages stay, so that a build of the same inputs has only to publish; with `discard` nothing stays.
    Raises as `build` does, but for limits that are passed: they are told in `verdicts`.
    """
    with building.started(config, force=force, hint=planning.AGAIN, **means) as job:
        return planning.plan(job, discard=discard)

"""One call for a library and for the command line: a simulation over the published run of a project."""

from __future__ import annotations

from cxid import api
from cxid.config.model import Config
from cxid.runs.signals import stoppable
from cxid.simulate.model import Ask, Simulation
from cxid.simulate.simulating import simulate


def simulate_trigger(config: Config, ask: Ask) -> Simulation:
    """A trigger replayed at past moments over the published run, with what was known then, and what a trial of it says.

    Raises UsageError where nothing is published, or a window is not over yet.
    """
    published = api.open_published(config)
    tables = {**published.stage_tables, **published.tables}
    with stoppable(hint="run it again", left="") as stop:
        return simulate(config, published.run_id, tables, ask, stop)

"""A trigger tried on the past."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any, TypedDict, Unpack

from cxid.api.published import open_published
from cxid.config.model import Config
from cxid.config.moment import read_moment
from cxid.config.triggers import Trigger
from cxid.errors import ErrorCode, UsageError
from cxid.notebook import Document, Table
from cxid.runs.observer import Observer, Unobserved
from cxid.runs.signals import stoppable
from cxid.simulate import model
from cxid.simulate.document import simulation_document
from cxid.simulate.simulating import simulate as replay
from cxid.stages.profile.triggers import faults_of
from cxid.triggering import HINT, require_triggers


class Options(TypedDict, total=False):
    """How a trigger is tried.

    `at` are past days to replay (2026-05-01); without them there are `replays` (3), a window apart. `window` is how
    many days are followed (the trigger's), `when` a condition to try in the place of the trigger's, `detect` the
    difference in percentage points (2.0) of which the size of a trial is told. `observer` hears how many days are done.
    """

    at: Sequence[str]
    replays: int
    window: int | None
    when: str | None
    detect: float
    observer: Observer | None


class Simulation(Document, model.Simulation):
    """A trigger replayed at past moments, and what a trial of it says."""

    __repr__ = Document.__repr__

    @property
    def headline(self) -> str:
        return f"{self.name}: {self.refused}" if self.refused else f"{self.name}: measured by {len(self.trials)} trials"

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain values: money as text, moments in ISO 8601."""
        return simulation_document(self)

    def tables(self) -> Iterable[Table]:
        rows = ((r.moment, r.known.customers, r.holds, r.act.customers, r.act.buyers, r.holdout.customers,
                 r.holdout.buyers) for r in self.replays)  # fmt: skip
        names = ("moment", "customers", "hit", "acted on", "bought then", "held out", "bought then")
        yield Table(f"when {self.when}, followed for {self.window_days} days", names, rows)
        effects = (
            (t.kind, u.who, d.outcome, d.treated, d.control, d.difference, d.low, d.high)
            for t in self.trials
            for u in t.uplifts
            for d in u.differences
        )
        head = ("trial", "who", "outcome", "treated", "control", "difference", "from", "to")
        yield Table("Effect, with 95% intervals", head, effects)


def simulate(config: Config, trigger: str, **options: Unpack[Options]) -> Simulation:
    """A trigger replayed at past days with what was known then, and its effect where a trial allows one."""
    chosen = _chosen(config, trigger, options.get("when"))
    moments = tuple(read_moment(day, config.profile.timezone) for day in options.get("at") or ())
    ask = model.Ask(
        name=trigger,
        trigger=chosen,
        moments=tuple(sorted(moments)),
        window_days=options.get("window") or chosen.window,
        detect=options.get("detect", 2.0) / 100,
        replays=options.get("replays", 3),
    )
    return replayed(config, ask, options.get("observer"))


def replayed(config: Config, ask: model.Ask, observer: Observer | None = None) -> Simulation:
    """The answer to a question about a trigger, which need not stand in the config."""
    published = open_published(config)
    tables = {**published.stage_tables, **published.tables}
    with stoppable(hint="run it again", left="") as stop:
        return Simulation(**vars(replay(config, published.run_id, tables, ask, stop, observer or Unobserved())))


def _chosen(config: Config, name: str, when: str | None) -> Trigger:
    """The trigger, its condition checked. Raises UsageError or ConfigError."""
    if name not in config.triggers:
        close = get_close_matches(name, list(config.triggers), n=1, cutoff=0.5)
        known = ", ".join(config.triggers) or "none"
        raise UsageError(
            f'no trigger "{name}" in {config.file.name}',
            hint=f"did you mean {close[0]}?" if close else f"triggers there: {known}",
            code=ErrorCode.TRIGGER_UNKNOWN,
        )
    chosen = config.triggers[name]
    if when is None:
        require_triggers(config)
        return chosen
    chosen = chosen.model_copy(update={"when": when})
    for fault in faults_of({name: chosen}, config.sources):
        what = f"--when, sign {fault.at + 1}" if fault.key == "when" else fault.key
        raise UsageError(f"{what}: {fault.message}", hint=HINT, code=ErrorCode.CONDITION)
    return chosen

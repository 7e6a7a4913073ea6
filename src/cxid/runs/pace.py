"""How much of a stage is done and how long the rest takes: by steps, by units counted, and by what steps usually take.

Pure arithmetic on times that are given to it, in seconds on one clock; it reads none itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cxid.runs.observer import RunStart

_SURE_SHARE, _SURE_SECONDS = 0.05, 1.0  # of a stage that must be done before its rest is estimated
_OWN_SHARE = 0.3  # of a step's units, from which on its own speed alone counts
_OVERRUN = 0.15  # of the time that a step has taken: the least that it is expected to take on
_TRUST = 0.1  # of what the run before took: so long its speed counts beside today's
_NEVER_ALL = 0.99  # who says that all is done is the end of the stage


class StagePace:
    """The pace of one stage, from its begin. `weights`: step -> its usual part of the stage, in the order of steps.

    With `timed` the weights are seconds, those of the run before, and an estimate is there at once; else they only
    share out the stage, and there is none until enough of it is done. A step that is not in `weights` weighs nothing;
    where no step is known, all weigh the same.
    """

    def __init__(self, weights: Mapping[str, float], now: float, *, timed: bool = False) -> None:
        self._weights, self._timed = dict(weights), timed
        self._to_come = list(weights)
        self._began = self._step_began = now
        self._step: str | None = None
        self._done = 0.0  # weight of the steps that are finished
        self._units: tuple[float, float] | None = None
        self._counted = now  # when the units were last told
        self._furthest = 0.0

    # -- what is told ---------------------------------------------------------------------------------------

    def plan(self, steps: Sequence[str]) -> None:
        """Only these are still to come."""
        self._to_come = list(steps)

    def step(self, name: str, now: float) -> None:
        """The step before is finished; steps that usually stand before this one were left out."""
        self._finish_step()
        if name in self._to_come:
            del self._to_come[: self._to_come.index(name) + 1]
        self._step, self._step_began, self._units = name, now, None

    def units(self, done: float, total: float | None, now: float) -> None:
        """So many units of the present step are done; never fewer than before while the total stays."""
        if total is None or total <= 0:
            self._units = None
            return
        done = min(max(done, 0.0), total)
        if self._units is not None and self._units[1] == total:
            done = max(done, self._units[0])
        if self._units != (done, total):
            self._units, self._counted = (done, total), now

    def _finish_step(self) -> None:
        if self._step is not None:
            self._done += self._weight(self._step)
        self._step = None

    # -- what follows from it -------------------------------------------------------------------------------

    @property
    def share(self) -> float | None:
        """The part of the stage's work that is done, below 1, never less than it was; None where nobody can tell."""
        present, following = self._present(), self._following()
        total = self._done + present + following
        if total <= 0:
            return None
        if self._units is None and not self._done and not following:
            return None  # one step, and no count of units
        share = min((self._done + present * self._part()) / total, _NEVER_ALL)
        self._furthest = max(self._furthest, share)
        return self._furthest

    def left(self, now: float) -> float | None:
        """Seconds that the stage is expected to take on; None before enough is known.

        What was expected when the last units were told, or when the step began, less the time since then; what should
        be over by now is expected to take on for a part of the time that it has taken.
        """
        speed = self._speed(now)
        if speed is None:
            return None
        since = now - (self._step_began if self._units is None else self._counted)
        step = max(self._expected_of_step(speed) - since, _OVERRUN * since) if self._step is not None else 0.0
        return step + self._following() / speed

    def _speed(self, now: float) -> float | None:
        """Weight a second."""
        present, part, spent = self._present(), self._part(), now - self._step_began
        worked = self._done + present * part
        seconds = (self._counted if self._units else self._step_began) - self._began
        if self._timed:
            trusted = _TRUST * sum(self._weights.values())
            if not self._units and spent > present > 0:  # slower than it was, and nobody knows how much
                worked, seconds = worked + present, seconds + spent
            return (worked + trusted) / (max(seconds, 0.0) + trusted) if trusted else None
        total = self._done + present + self._following()
        if worked <= 0 or worked < _SURE_SHARE * total or seconds < _SURE_SECONDS:
            return None
        return worked / seconds

    def _expected_of_step(self, speed: float) -> float:
        """Seconds from when it began, or from when its last units were told."""
        usual, part, spent = self._present() / speed, self._part(), self._counted - self._step_began
        if not part:
            return usual
        sure = min(part / _OWN_SHARE, 1.0)
        return sure * spent / part * (1 - part) + (1 - sure) * usual * (1 - part)

    def _part(self) -> float:
        """Of the present step."""
        return 0.0 if self._units is None else self._units[0] / self._units[1]

    def _present(self) -> float:
        return 0.0 if self._step is None else self._weight(self._step)

    def _following(self) -> float:
        return sum(map(self._weight, self._to_come))

    def _weight(self, step: str) -> float:
        return self._weights.get(step, 0.0) if any(self._weights.values()) else 1.0


class RunPace:
    """The pace of a whole run beside that of the run before; it has nothing to say where no run before is known."""

    def __init__(self, run: RunStart) -> None:
        self._to_come = {stage: sum(steps.values()) for stage, steps in run.steps.items()}
        self._trusted, self._rest = _TRUST * run.seconds, run.rest
        self._expected = self._took = 0.0

    def finish_stage(self, stage: str, seconds: float, *, resumed: bool) -> None:
        """A stage is over; one that had been finished before tells nothing of today's speed."""
        expected = self._to_come.pop(stage, 0.0)
        if not resumed:
            self._expected, self._took = self._expected + expected, self._took + seconds

    def left(self, stage: str, of_stage: float | None) -> float | None:
        """Seconds until all is done, of which the present stage is expected to take `of_stage`."""
        if not self._trusted:
            return None
        slower = (self._took + self._trusted) / (self._expected + self._trusted)
        others = sum(seconds for name, seconds in self._to_come.items() if name != stage)
        if of_stage is None:
            of_stage = self._to_come.get(stage, 0.0) * slower
        return of_stage + (others + self._rest) * slower

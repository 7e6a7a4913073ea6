"""Two runs compared, in one call."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from cxid.diff.ask import Ask
from cxid.diff.bridge import bridge, moment, show_moment, write_identity_between
from cxid.diff.golden import compare_golden
from cxid.diff.identity import compare_identity, compare_sizes, largest_groups, write_memberships
from cxid.diff.inputs import compare_inputs
from cxid.diff.linkage import compare_models
from cxid.diff.model import RunDiff, Side
from cxid.diff.opening import as_pair, open_engine
from cxid.engine.base import Engine


def compare_runs(before: Path, after: Path, ask: Ask | None = None) -> RunDiff:
    """What differs between the runs in two folders. Reads manifest.json and tables/ of both and writes nothing.

    Raises UsageError where a run has not the tables that it takes.
    """
    ask = ask or Ask()
    with closing(open_engine(before, after, ask.memory)) as engine:
        return compare(engine, before, after, ask)


def compare(engine: Engine, before: Path, after: Path, ask: Ask) -> RunDiff:
    """The same with an engine of `opening.open_engine`."""
    pair = as_pair(engine, before, after)
    inputs = compare_inputs(pair)
    write_memberships(engine)
    identity = compare_identity(pair, ask.moves)
    sizes, largest = compare_sizes(engine), largest_groups(engine)
    write_identity_between(pair)
    return RunDiff(
        before=Side(before.name, show_moment(engine, moment(pair, "before"))),
        after=Side(after.name, show_moment(engine, moment(pair, "after"))),
        inputs=inputs,
        identity=identity,
        sizes=sizes,
        largest=largest,
        golden=compare_golden(pair, ask),
        model=compare_models(pair),
        bridge=bridge(pair, ask.currency),
    )

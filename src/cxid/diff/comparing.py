"""Two runs compared, in one call."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from cxid.diff.bridge import bridge, moment, show_moment, write_identity_between
from cxid.diff.golden import compare_golden
from cxid.diff.identity import compare_identity, compare_sizes, largest_groups, write_memberships
from cxid.diff.inputs import compare_inputs
from cxid.diff.linkage import compare_models
from cxid.diff.model import RunDiff, Side
from cxid.diff.opening import Pair, open_pair
from cxid.model import FieldType


@dataclass(frozen=True)
class Ask:
    """What is wanted of a comparison.

    `moves` and `examples` bound what is listed of moves and of flipped values per field; `currency` is that of sales
    which name none; `types` says what golden columns mean, for masking; `memory` is the engine's.
    """

    moves: int = 20
    examples: int = 5
    currency: str = ""
    with_values: bool = False
    masked: bool = False
    types: Mapping[str, FieldType] = field(default_factory=dict)
    memory: str = "1GiB"


def compare_runs(before: Path, after: Path, ask: Ask | None = None) -> RunDiff:
    """What differs between the runs in two folders. Reads manifest.json and tables/ of both and writes nothing.

    Raises UsageError where a run has not the tables that it takes.
    """
    ask = ask or Ask()
    pair = open_pair(before, after, ask.memory)
    with closing(pair.engine):
        return _compare(pair, ask)


def _compare(pair: Pair, ask: Ask) -> RunDiff:
    engine = pair.engine
    inputs = compare_inputs(pair)
    write_memberships(engine)
    identity = compare_identity(pair, ask.moves)
    sizes, largest = compare_sizes(engine), largest_groups(engine)
    write_identity_between(pair)
    figures = bridge(pair, ask.currency)
    golden = compare_golden(pair, ask.examples, ask.types, with_values=ask.with_values, masked=ask.masked)
    return RunDiff(
        before=Side(pair.before.run_id, show_moment(engine, moment(pair, "before"))),
        after=Side(pair.after.run_id, show_moment(engine, moment(pair, "after"))),
        inputs=inputs,
        identity=identity,
        sizes=sizes,
        largest=largest,
        golden=golden,
        model=compare_models(pair),
        bridge=figures,
    )

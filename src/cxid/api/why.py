"""Why records are one customer or not."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from cxid import references
from cxid.api.published import Published, choose_run, reading
from cxid.config.decisions import decisions_file
from cxid.config.model import Config
from cxid.engine.base import Engine
from cxid.errors import UsageError
from cxid.explain.customer import explain_customer
from cxid.explain.document import customer_document, pair_document
from cxid.explain.model import CustomerAnswer, PairAnswer, Record
from cxid.explain.opening import decided_since, numbered_types, open_engine
from cxid.explain.pair import explain_pair
from cxid.explain.question import strongest_pair
from cxid.explain.run import Mask, Run, as_is
from cxid.notebook import Document, Table
from cxid.privacy import mask


@dataclass(frozen=True, repr=False)
class PairWhy(Document, PairAnswer):
    """Why two records are, or are not, one customer; weights in micro-bits, probabilities in millionths.

    `is_strongest`: the two stand for customers, as the strongest pair between them.
    """

    is_strongest: bool = False

    @property
    def headline(self) -> str:
        weighed = self.weighed
        return f"{weighed.a.ref} and {weighed.b.ref}: {self.verdict.words}"

    def to_dict(self) -> dict[str, Any]:
        """The document of docs/reference/why.md; weights in bits, probabilities from 0 to 1."""
        return pair_document(self)

    def tables(self) -> Iterable[Table]:
        steps = [s for s in self.weighed.steps if not s.silent]
        rows = (
            (s.name, *(", ".join(side) for side in s.values), s.words, _bits(s.weight), _bits(s.total)) for s in steps
        )
        yield Table("", ("", "a", "b", "agreement", "bits", "total"), rows)
        yield Table("Found by", ("blocking rule",), ((rule,) for rule in self.found_by))
        yield Table("Notes", ("",), ((note,) for note in self.notes))


class CustomerWhy(Document, CustomerAnswer):
    """How a customer holds together; weights in micro-bits, probabilities in millionths."""

    __repr__ = Document.__repr__

    @property
    def headline(self) -> str:
        told = f"{len(self.members):,} record{'' if len(self.members) == 1 else 's'}"
        return f"{self.customer_id}: {told}" + (f"; {self.flags}" if self.flags else "")

    def to_dict(self) -> dict[str, Any]:
        """The document of docs/reference/why.md; weights in bits, probabilities from 0 to 1."""
        return customer_document(self)

    def tables(self) -> Iterable[Table]:
        links = ((k.a.ref, k.b.ref, k.kind.value, k.words, k.probability / 1_000_000) for k in self.links)
        yield Table("Links that hold it together", ("record", "record", "kind", "because", "probability"), links)
        held = ((i.id_type, i.id_value, len(i.records), i.events) for i in self.identifiers)
        yield Table("Identifiers", ("type", "value", "records", "events"), held)
        near = ((n.b.customer_id, n.probability / 1_000_000, n.outcome) for n in self.neighbours)
        yield Table("Customers that came near", ("customer", "probability", "what keeps it apart"), near)


def _bits(weight: int) -> str:
    return f"{weight / 1_000_000:+.1f}"


def why(
    config: Config, reference: str, other: str | None = None, *, masked: bool = False, run: str | None = None
) -> PairWhy | CustomerWhy:
    """Why two records are one customer or not, or how one customer holds together."""
    published = choose_run(config, run)
    with reading(published, open_explaining) as engine:
        asked = explaining(config, published, engine)
        hide = mask if masked else as_is
        if other is None:
            return explain_one(asked, references.resolve_one(engine, reference), hide)
        return explain_two(asked, (reference, other), hide)


def open_explaining(published: Published) -> Engine:
    """An engine with what explains a run."""
    return open_engine(published.run_dir, {**published.stage_tables, **published.tables})


def explaining(config: Config, published: Published, engine: Engine) -> Run:
    """The run as explanations ask it."""
    return Run(engine, config.match.one_per_source, numbered_types(published.run_dir))


def is_decided_since(config: Config, published: Published) -> bool:
    """Whether decisions.csv is another than the run obeyed."""
    file = decisions_file(config)
    digest = hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""
    return decided_since(published.run_dir, digest)


def explain_one(run: Run, customer_id: str, hide: Mask) -> CustomerWhy:
    """How a customer holds together."""
    return CustomerWhy(**vars(explain_customer(run, customer_id, hide)))


def explain_two(
    run: Run, named: tuple[str, str], hide: Mask, say: Callable[[str], None] | None = None
) -> PairWhy | CustomerWhy:
    """The strongest pair between the records of two references, or the customer that both name."""
    mine, theirs = (records_of(run, reference, say) for reference in named)
    if set(mine) == set(theirs):
        if len(mine) == 1:
            raise UsageError("both name the same record", hint=f"`cxid why {named[0]}` tells what it hangs on")
        return explain_one(run, references.resolve_one(run.engine, named[0]), hide)
    pair = strongest_pair(run, mine, theirs)
    if pair is None:
        raise UsageError(
            "one of the two customers has no record that could be compared",
            hint=f"`cxid why {named[0]}` tells what it hangs on",
        )
    return PairWhy(**vars(explain_pair(run, *pair, hide)), is_strongest=len(mine) > 1 or len(theirs) > 1)


def records_of(run: Run, reference: str, say: Callable[[str], None] | None = None) -> tuple[Record, ...]:
    """The record that a reference names, or all of its customer. Raises UsageError where nobody fits, or several do."""
    source, colon, key = reference.partition(":")
    record = run.record(source, key) if colon else None
    if record is not None:
        return (record,)
    return run.members(references.resolve_one(run.engine, reference, say))

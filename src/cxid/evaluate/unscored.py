"""Why true pairs have no score: nothing made them a pair, or they were one and scored too low to be kept.

The rules of the build are asked again, over the lost pairs alone: their keys are expressions over `record_norm`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cxid.engine.base import Engine, quote
from cxid.model import Field, FieldType
from cxid.sql import load
from cxid.stages.link.atoms import Atom, key_atoms

_MOST = 1_000_000  # pairs looked at; of more a sample of their people
_NEEDED = ("link_field", "blocking_rule", "record_norm", "record")


@dataclass(frozen=True)
class Unscored:
    """True pairs in different customers without a score, by why."""

    barred: int  # both of one source that holds each person once
    unpaired: int  # no blocking rule has a key that both records share
    under_floor: int  # a rule's keys fit, the score was under what is kept
    uncovered: int  # pairs at most that rules left out of blocks too large: such a pair counts under the floor
    is_exact: bool  # else reckoned from a sample


def explain_unscored(engine: Engine, lost: int, single_sources: Sequence[str] = ()) -> Unscored | None:
    """How the `lost` true pairs divide; None where the build did not keep what tells.

    Reads eval_record and eval_member too.
    """
    if not set(_NEEDED) <= _tables(engine):
        return None
    uncovered = int(engine.scalar("SELECT max(value) FROM link_summary WHERE name = 'uncovered_pairs'") or 0)
    if not lost:
        return Unscored(0, 0, 0, uncovered, True)
    parts = -(-lost // _MOST)
    engine.run("eval_lost", load("evaluate", "eval_lost"), {"below": f"{0xFFFF // parts:04x}"})
    seen = engine.count("eval_lost")
    barred = ", ".join("?" for _ in single_sources) or "NULL"
    engine.run(
        "eval_asked",
        "SELECT l.record_no_a, l.record_no_b FROM eval_lost AS l INNER JOIN record AS a ON l.record_no_a = a.record_no "
        f"INNER JOIN record AS b ON l.record_no_b = b.record_no WHERE a.source <> b.source OR NOT coalesce("
        f"a.source IN ({barred}), false)",
        list(single_sources),
    )
    asked = engine.count("eval_asked")
    fits = _fitting(engine)
    engine.drop("eval_lost", "eval_asked")
    shares = [seen - asked, asked - fits, fits]
    exact = seen == lost
    if not exact:
        shares = [round(n * lost / seen) if seen else 0 for n in shares]
        shares[1] = lost - shares[0] - shares[2]
    return Unscored(shares[0], shares[1], shares[2], uncovered, exact)


def _tables(engine: Engine) -> set[str]:
    found = engine.fetch("SELECT table_name FROM information_schema.tables")
    return set(found.column("table_name").to_pylist())


def _rules(engine: Engine) -> list[list[Atom]]:
    """The atoms of each blocking rule of the build."""
    rows = engine.fetch("SELECT field, type, slots FROM link_field ORDER BY field_no").to_pylist()
    fields = tuple(Field(r["field"], FieldType(r["type"]), tuple(r["slots"].split(","))) for r in rows if r["slots"])
    known = {a.name: a for a in key_atoms(fields)}
    rules = engine.fetch("SELECT rule FROM blocking_rule ORDER BY rule_no").column("rule").to_pylist()
    named = [rule.split(" + ") for rule in rules]
    return [[known[n] for n in names] for names in named if all(n in known for n in names)]


def _fitting(engine: Engine) -> int:
    """How many pairs of eval_asked share the keys of a rule."""
    rules = _rules(engine)
    atoms = list({a.name: a for rule in rules for a in rule}.values())
    if not atoms:
        return 0
    keys = [f"{sql} AS k{i}_{j}" for i, atom in enumerate(atoms) for j, sql in enumerate(atom.sql)]
    engine.run(
        "eval_key",
        f"SELECT record_no, {', '.join(keys)} FROM record_norm WHERE record_no IN "
        "(SELECT record_no_a FROM eval_asked UNION SELECT record_no_b FROM eval_asked)",
    )
    shared = {atom.name: _shared(i, len(atom.sql)) for i, atom in enumerate(atoms)}
    fits = " OR ".join("(" + " AND ".join(shared[a.name] for a in rule) + ")" for rule in rules)
    count = int(
        engine.scalar(
            "SELECT count(*) FROM eval_asked AS p INNER JOIN eval_key AS a ON p.record_no_a = a.record_no "
            f"INNER JOIN eval_key AS b ON p.record_no_b = b.record_no WHERE {fits}"
        )
    )
    engine.drop("eval_key")
    return count


def _shared(atom: int, slots: int) -> str:
    """SQL for whether records a and b share a key of an atom."""
    pairs = (f"a.{quote(f'k{atom}_{i}')} = b.{quote(f'k{atom}_{j}')}" for i in range(slots) for j in range(slots))
    return "coalesce(" + " OR ".join(pairs) + ", false)"

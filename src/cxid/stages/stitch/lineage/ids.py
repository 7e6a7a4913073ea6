"""Who keeps which id: a pure relation from the members of then and now to the id of every customer.

An id goes with most of its records, then of its identifiers. Where several ids meet in one customer the one that
brings most stays, then the older, then the smaller. What an id becomes depends on its own members and on those of
the customers they went to, and on nothing else: a change in one place renames nobody elsewhere.
"""

from __future__ import annotations

from cxid.engine.base import Engine
from cxid.errors import ContractError
from cxid.sql import load


def assign_ids(engine: Engine) -> None:
    """Tables stitch_overlap, stitch_heir and stitch_former_heir, from the stitch_*_past tables and stitch_history."""
    for name in ("overlap", "heir", "former_heir"):
        engine.run(f"stitch_{name}", load("stitch", name))


def write_customer_ids(engine: Engine) -> None:
    """Table stitch_customer_id (customer_no, customer_id), from those and the members of this run's customers.

    Raises ContractError when two customers get one id.
    """
    engine.run("stitch_fresh_customer", load("stitch", "fresh_customer"))
    _write_new_ids(engine)
    engine.run("stitch_customer_id", load("stitch", "customer_id"))
    engine.drop("stitch_new_id")
    doubled = engine.scalar("SELECT count(*) - count(DISTINCT customer_id) FROM stitch_customer_id")
    if doubled:
        raise ContractError(
            f"{doubled} customer ids are given twice: the digests of their records collide",
            hint="this is a bug in cxid: report it",
        )


def _write_new_ids(engine: Engine) -> None:
    """Table stitch_new_id (customer_no, customer_id): digests that nobody had, a counter in them where it takes one."""
    counter = 0
    while True:
        text = f"\x1f{counter}" if counter else ""
        engine.run("stitch_fresh_id", load("stitch", "fresh_id"), {"counter": text})
        rows = "SELECT customer_no, customer_id FROM stitch_fresh_id WHERE NOT is_used"
        engine.append("stitch_new_id", rows) if counter else engine.run("stitch_new_id", rows)
        if not engine.scalar("SELECT count(*) FROM stitch_fresh_id WHERE is_used"):
            break
        engine.run("stitch_fresh_customer", "SELECT customer_no, text FROM stitch_fresh_id WHERE is_used")
        counter += 1
    engine.drop("stitch_fresh_id", "stitch_fresh_customer")

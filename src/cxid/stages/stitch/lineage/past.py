"""What the published run says: its customers and their members, its decisions, its rows, the lives of all ids."""

from __future__ import annotations

from collections.abc import Mapping

from cxid.contracts import TABLES
from cxid.engine.base import Engine, quote
from cxid.sql import load

EARLIER: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "previous_identity_map": (
        "identity_map", ("customer_id", "source", "record_key", "id_type", "id_value", "since_run"),
    ),
    "previous_identity_event": ("identity_event", ()),
    "previous_customer_alias": ("customer_alias", ()),
    "previous_former_member": ("former_member", ()),
    "previous_identity_basis": ("identity_basis", ()),
    "previous_record": ("record", ("source", "record_key", "row_digest")),
    "previous_decision": ("decision", ("action", "source_a", "record_key_a", "source_b", "record_key_b")),
}  # fmt: skip
"""Table here -> (table of the published run, the columns of it that are needed; () for all)."""


def open_past(engine: Engine) -> None:
    """Tables stitch_record_past, stitch_identifier_past, stitch_former_past, stitch_history; empty in a first run.

    Each table of EARLIER that the published run has not is there afterwards, without rows.
    """
    known = engine.tables()
    for here, (there, columns) in EARLIER.items():
        if here not in known:
            wanted = [c for c in TABLES[there].columns if c.name in columns or not columns]
            nothing = ", ".join(f"CAST(NULL AS {c.type}) AS {quote(c.name)}" for c in wanted)
            engine.run(here, f"SELECT {nothing} WHERE 1 = 0")
    for name in ("record_past", "identifier_past", "former_past", "history"):
        engine.run(f"stitch_{name}", load("stitch", name))

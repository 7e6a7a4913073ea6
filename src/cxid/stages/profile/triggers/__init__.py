"""What shall be done now, with whom, and why: the triggers of the config over the profiles."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from cxid import sql
from cxid.config.triggers import Trigger
from cxid.consenting import folded_channel, folded_purpose, permission
from cxid.engine.base import Engine, quote
from cxid.stages.context import StageContext
from cxid.stages.profile.triggers.compiled import Compiled, Fault, compile_all, faults_of
from cxid.stages.profile.triggers.holding import holding, write_holding

__all__ = [
    "Compiled",
    "Fault",
    "compile_all",
    "faults_of",
    "holding",
    "holdout_limit",
    "write_holding",
    "write_triggers",
]

_DIGITS = 2**32  # of the hash's first eight digits
_EVERYBODY = "g"  # behind every hexadecimal digit
_NO_PAST = {
    "previous_trigger_log": "SELECT CAST(NULL AS VARCHAR) AS customer_id, CAST(NULL AS VARCHAR) AS name, "
    "CAST(NULL AS VARCHAR) AS arm, CAST(NULL AS TIMESTAMP) AS chosen_at WHERE 1 = 0",
    "previous_trigger_hit": 'SELECT CAST(NULL AS VARCHAR) AS customer_id, CAST(NULL AS VARCHAR) AS "trigger", '
    "CAST(NULL AS TIMESTAMP) AS since WHERE 1 = 0",
}


def write_triggers(ctx: StageContext, triggers: Mapping[str, Trigger], draft: str) -> None:
    """Tables trigger_hit, trigger_log and profile_next, from the profiles of table or view `draft`.

    Reads `consent` where a trigger asks for a purpose, and what the published run chose.
    """
    engine = ctx.engine
    write_choice(engine, triggers, draft)
    for relation in ("trigger_log", "trigger_hit", "profile_next"):
        engine.run(relation, sql.load("profile", relation))
    counts = engine.fetch(
        "SELECT name, status, count(*) AS n FROM trigger_choice GROUP BY name, status ORDER BY name, status"
    )
    for row in counts.to_pylist():
        ctx.reporter.log("profile.trigger", trigger=row["name"], status=row["status"], customers=row["n"])
    made = ("holding", "rule", "agreed", "past", "choice")
    engine.drop(*(f"trigger_{t}" for t in made), *_NO_PAST)


def write_choice(engine: Engine, triggers: Mapping[str, Trigger], draft: str) -> None:
    """Table trigger_choice: of whom each trigger holds, and what becomes of it; needs `profile_moment`.

    Without the choices of an earlier run nobody is cooling down.
    """
    compiled = compile_all(triggers, engine.columns(draft))
    for name, empty in _NO_PAST.items():
        if name not in engine.tables():
            engine.run(name, empty)
    named = {c for one in compiled for c in one.all_columns} & engine.columns(draft).keys()
    listed = ", ".join(quote(c) for c in ("customer_id", *sorted(named - {"customer_id"})))
    engine.run("trigger_draft", f"SELECT {listed} FROM {draft}")  # once, and not for each trigger
    write_holding(engine, compiled, "trigger_draft", "trigger_holding")
    engine.drop("trigger_draft")
    _write_rules(engine, compiled)
    _write_agreed(engine, compiled)
    for relation in ("trigger_past", "trigger_choice"):
        engine.run(relation, sql.load("profile", relation))


def holdout_limit(share: float) -> str:
    """The text below which the first eight hexadecimal digits of a hash lie, of this share of all hashes."""
    limit = int(share * _DIGITS)
    return _EVERYBODY if limit >= _DIGITS else f"{limit:08x}"


def _write_rules(engine: Engine, compiled: tuple[Compiled, ...]) -> None:
    columns = {
        "trigger_no": (pa.int32(), [n for n, _ in enumerate(compiled, 1)]),
        "name": (pa.string(), [c.name for c in compiled]),
        "action": (pa.string(), [c.trigger.action for c in compiled]),
        "cap": (pa.int64(), [c.trigger.cap or 2**62 for c in compiled]),
        "cooldown_days": (pa.int64(), [c.trigger.cooldown or 0 for c in compiled]),
        "holdout_below": (pa.string(), [holdout_limit(float(c.trigger.holdout)) for c in compiled]),
        "holdout_key": (pa.string(), [c.trigger.holdout_key or c.name for c in compiled]),
        "is_consented": (pa.bool_(), [c.trigger.purpose is not None for c in compiled]),
    }
    engine.load("trigger_rule", pa.table({n: pa.array(values, type_) for n, (type_, values) in columns.items()}))


def _write_agreed(engine: Engine, compiled: tuple[Compiled, ...]) -> None:
    """Table trigger_agreed (trigger_no, customer_id): who consents and did not take it back."""
    engine.run(
        "trigger_agreed", "SELECT CAST(NULL AS INTEGER) AS trigger_no, CAST(NULL AS VARCHAR) AS customer_id WHERE 1 = 0"
    )
    for number, one in enumerate(compiled, 1):
        if one.trigger.purpose is None or "consent" not in engine.tables():
            continue
        asked = permission(folded_purpose("CAST($purpose AS VARCHAR)"), folded_channel("CAST($channel AS VARCHAR)"))
        engine.append(
            "trigger_agreed",
            f"SELECT {number} AS trigger_no, customer_id FROM ({asked}) AS a "
            "WHERE status = 'granted' AND withdrawn_at IS NULL",
            {"purpose": one.trigger.purpose, "channel": one.trigger.channel or ""},
        )

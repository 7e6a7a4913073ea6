"""Of whom a trigger's condition holds: a row each, with the reason and the values that made it hold."""

from __future__ import annotations

from collections.abc import Mapping

from cxid.config.conditions.rendering import Rendering
from cxid.engine.base import Engine, literal
from cxid.stages.profile.triggers.compiled import Compiled

NONE = (
    "SELECT CAST(NULL AS INTEGER) AS trigger_no, CAST(NULL AS VARCHAR) AS customer_id, "
    "CAST(NULL AS BIGINT) AS importance, CAST(NULL AS VARCHAR) AS reason, CAST(NULL AS VARCHAR) AS facts WHERE 1 = 0"
)


def write_holding(engine: Engine, compiled: tuple[Compiled, ...], profile: str, table: str) -> None:
    """Table `table` (trigger_no from 1, customer_id, importance from 1, reason, facts) over the profiles of `profile`.

    `facts` is JSON: column -> value, of every column that the condition names.
    """
    engine.run(table, NONE)
    columns = engine.columns(profile)
    for number, one in enumerate(compiled, 1):
        sql, values = holding(one, columns, profile)
        engine.append(table, f"SELECT {number} AS trigger_no, h.* FROM ({sql}) AS h", values)


def holding(one: Compiled, columns: Mapping[str, str], profile: str) -> tuple[str, dict[str, object]]:
    """Query of (customer_id, importance, reason, facts), and the values that it binds."""
    rendering = Rendering(columns, "t")
    condition = rendering.sql(one.condition)
    reason, facts = rendering.reason(one.condition), _facts(rendering, one.columns)
    order = "".join(
        f"{rendering.sql(part.value)} {'DESC' if part.descending else 'ASC'} NULLS LAST, " for part in one.order
    )
    sql = (
        f"SELECT p.customer_id, row_number() OVER (ORDER BY {order}p.customer_id) AS importance, "
        f"{reason} AS reason, {facts} AS facts FROM {profile} AS p WHERE {condition}"
    )
    return sql, rendering.values


def _facts(rendering: Rendering, columns: tuple[str, ...]) -> str:
    """SQL of a JSON object with a text for each column, null where there is none."""
    parts = [literal(f'"{c}": ') + ", " + _json(rendering, c) for c in columns]
    return "concat('{', " + ", ', ', ".join(parts or ["''"]) + ", '}')"


def _json(rendering: Rendering, column: str) -> str:
    text = rendering.value_text(column, missing="NULL")
    escaped = f"replace(replace({text}, chr(92), chr(92) || chr(92)), chr(34), chr(92) || chr(34))"
    return f"coalesce(chr(34) || regexp_replace({escaped}, '[[:cntrl:]]', ' ', 'g') || chr(34), 'null')"

"""Conditions of any shape hold of the same rows in SQL as in plain Python, and so do those without `not`."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxid.config.conditions import parse_condition, resolve_condition, type_of_column
from cxid.config.conditions.rendering import Rendering, without_not
from cxid.engine.duckdb import DuckDBEngine
from tests.reference.conditions import value_of

_NUMBERS, _TIMES = ("orders", "revenue", "gap"), ("seen", "as_of")
_AT = st.sampled_from([datetime(2026, 1, d, h) for d in (1, 2, 15, 31) for h in (0, 6)])
_ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "orders": st.none() | st.integers(0, 5),
            "revenue": st.none() | st.integers(-20, 60).map(lambda n: Decimal(n) / 4),
            "gap": st.none() | st.integers(0, 6).map(lambda n: Decimal(n) / 2),
            "stage": st.none() | st.sampled_from(["new", "lost", "o'k", "100%"]),
            "is_known": st.none() | st.booleans(),
            "seen": st.none() | _AT,
            "as_of": _AT,
        }
    ),
    min_size=1,
    max_size=8,
)
_NUMBER = st.recursive(
    st.sampled_from([*_NUMBERS, "0", "1", "2.5", "10%"]),
    lambda inner: (
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
        | st.tuples(inner, inner).map(lambda t: f"coalesce({t[0]}, {t[1]})")
    ),
    max_leaves=3,
)
_COMPARE = st.sampled_from(["=", "<>", "!=", "<", "<=", ">", ">="])
_SPAN = st.sampled_from(["1 day", "36 hours", "2 weeks", "1.5 days"])
_ATOM = st.one_of(
    st.tuples(_NUMBER, _COMPARE, _NUMBER).map(" ".join),
    st.tuples(_NUMBER, st.sampled_from(["in (1, 2, 2.5)", "not in (1, orders)", "between 1 and gap"])).map(" ".join),
    st.tuples(st.sampled_from(_TIMES), _COMPARE, st.sampled_from(_TIMES), st.sampled_from("+-"), _SPAN).map(" ".join),
    st.tuples(st.just("as_of - seen"), _COMPARE, _SPAN).map(" ".join),
    st.tuples(st.just("seen"), _COMPARE, st.sampled_from(["2026-01-02", "'2026-01-02 06:00'"])).map(" ".join),
    st.sampled_from(["stage = 'o''k'", "stage in ('new', \"lost\")", "stage <> '100%'", "stage is null", "is_known",
                     "is_known = false", "gap is not null"]),
)  # fmt: skip
_CONDITION = st.recursive(
    _ATOM,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
        | inner.map(lambda c: f"not ({c})")
    ),
    max_leaves=6,
)
_TYPES = {"orders": "BIGINT", "revenue": "DECIMAL(18,4)", "gap": "DECIMAL(9,1)", "stage": "VARCHAR",
          "is_known": "BOOLEAN", "seen": "TIMESTAMP", "as_of": "TIMESTAMP"}  # fmt: skip
_ARROW = {"BIGINT": pa.int64(), "DECIMAL(18,4)": pa.decimal128(18, 4), "DECIMAL(9,1)": pa.decimal128(9, 1),
          "VARCHAR": pa.string(), "BOOLEAN": pa.bool_(), "TIMESTAMP": pa.timestamp("us")}  # fmt: skip
_ENGINE = DuckDBEngine()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=_ROWS, text=_CONDITION)
def test_a_condition_holds_of_the_same_rows_in_sql_and_in_python(rows: list[dict[str, Any]], text: str) -> None:
    columns = {name: pa.array([r[name] for r in rows], _ARROW[type_]) for name, type_ in _TYPES.items()}
    _ENGINE.load("p", pa.table({"row_no": pa.array(range(len(rows))), **columns}))
    node = resolve_condition(parse_condition(text), {n: type_of_column(t) for n, t in _TYPES.items()})
    expected = [i for i, row in enumerate(rows) if value_of(node, row) is True]
    for said in (node, without_not(node)):
        rendering = Rendering(_ENGINE.columns("p"), "t")
        sql = f"SELECT row_no FROM p WHERE {rendering.sql(said)} ORDER BY row_no"
        assert _ENGINE.fetch(sql, rendering.values).column(0).to_pylist() == expected
    told = Rendering(_ENGINE.columns("p"), "t")
    sql = f"SELECT {told.reason(without_not(node))} AS reason FROM p WHERE {told.sql(node)}"
    assert all(r for r in _ENGINE.fetch(sql, told.values).column(0).to_pylist())

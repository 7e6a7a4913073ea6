"""Customers by reference or by text, over the published tables."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

from cxid.aliases import find_alias
from cxid.contracts import GOLDEN_CUSTOMER
from cxid.engine.base import Engine, literal, quote
from cxid.errors import ErrorCode, UsageError

_FIXED = {c.name for c in GOLDEN_CUSTOMER.columns}
_TELLING = ("given_name", "family_name", "full_name", "email", "birth_date", "city", "phone", "postcode")
_SHOWN = 4  # golden columns in a list of customers; `show` has all
_CANDIDATES = 50
_NEAREST = 3  # customers that are offered where nobody fits
_SHORTEST = 4  # signs of a value that others can be close to


class AmbiguousReference(UsageError):
    """Several customers fit a REF that has to name one; `customer_ids` are theirs."""

    def __init__(self, customer_ids: Sequence[str]) -> None:
        self.customer_ids = tuple(customer_ids)
        first = ", ".join(self.customer_ids[:3]) + (", ..." if len(self.customer_ids) > 3 else "")
        super().__init__(
            f"{len(self.customer_ids)} customers fit this reference: {first}",
            hint="name one of them; `cxid show` with the same reference lists them",
            code=ErrorCode.REFERENCE_AMBIGUOUS,
        )


def golden_slots(engine: Engine) -> list[str]:
    """The people columns of golden_customer, in config order."""
    return [name for name in engine.columns("golden_customer") if name not in _FIXED]


def fold_text(text: str) -> str:
    """Lower case without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


def _folded(expression: str) -> str:
    return f"strip_accents(lower({expression}))"


def _compact(expression: str) -> str:
    """Letters and digits alone: how phones and cards are written does not matter."""
    return f"regexp_replace(lower({expression}), '[^\\p{{L}}\\p{{N}}]', '', 'g')"


def list_columns(slots: Sequence[str]) -> tuple[str, ...]:
    """What a list of customers shows of each."""
    wanted = [s for s in _TELLING if s in slots] or list(slots)
    return ("customer_id", *wanted[:_SHOWN], "record_count")


def customers_by_id(engine: Engine, ids: Sequence[str]) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Columns and rows of the customers, in the order of `ids`."""
    columns = list_columns(golden_slots(engine))
    if not ids:
        return columns, []
    marks = ", ".join("?" for _ in ids)
    found = engine.fetch(
        f"SELECT {', '.join(map(quote, columns))} FROM golden_customer WHERE customer_id IN ({marks})", list(ids)
    ).to_pylist()
    rows = {row["customer_id"]: tuple(row.values()) for row in found}
    return columns, [rows[i] for i in ids if i in rows]


def find_customers(engine: Engine, words: Sequence[str], limit: int) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Columns and ranked rows of customers whose golden values, identifiers or record keys hold every word."""
    folded = [fold_text(w) for w in words]
    whole = " ".join(folded)
    slots = golden_slots(engine)
    text = f"concat_ws(' ', {', '.join(_folded(quote(s)) for s in slots)})" if slots else "''"
    has_all = " AND ".join("contains(text, ?)" for _ in folded)
    sql = f"""
    WITH golden AS (SELECT customer_id, {text} AS text FROM golden_customer),
    value AS (
        SELECT customer_id, {_folded("id_value")} AS text FROM identity_map WHERE id_value <> ''
        UNION ALL
        SELECT customer_id, {_folded("record_key")} FROM identity_map WHERE record_key <> ''
        UNION ALL
        SELECT customer_id, lower(customer_id) FROM golden_customer
    ),
    hit AS (
        SELECT customer_id, CASE WHEN text = ? THEN 4 WHEN contains(' ' || text || ' ', ?) THEN 3
            WHEN starts_with(text, ?) THEN 2 ELSE 1 END AS rank FROM golden WHERE {has_all}
        UNION ALL
        SELECT customer_id, CASE WHEN text = ? THEN 4 WHEN starts_with(text, ?) THEN 2 ELSE 1 END
        FROM value WHERE contains(text, ?)
    ),
    ranked AS (SELECT customer_id, max(rank) AS rank FROM hit GROUP BY customer_id)
    SELECT r.customer_id FROM ranked AS r INNER JOIN golden_customer AS g ON r.customer_id = g.customer_id
    ORDER BY r.rank DESC, g.record_count DESC, r.customer_id LIMIT {int(limit)}
    """
    params = [whole, f" {whole} ", whole, *folded, whole, whole, whole]
    ids = engine.fetch(sql, params).column(0).to_pylist()
    return customers_by_id(engine, ids)


def resolve(engine: Engine, reference: str, say: Callable[[str], None] | None = None) -> list[str]:
    """Ids of the customers that a REF names: cx_..., source:key, field=value or identifier=value.

    An id of the past stands for the customer that it became; `say` is told so. Raises UsageError when the REF names
    nobody, or is not a REF.
    """
    if reference.startswith("cx_") and "=" not in reference and ":" not in reference:
        found = _ids(engine, "SELECT customer_id FROM golden_customer WHERE customer_id = ?", [reference])
        found = found or _by_alias(engine, reference, say)
    elif "=" in reference and (":" not in reference or reference.index("=") < reference.index(":")):
        found = _by_value(engine, *reference.split("=", 1))
    elif ":" in reference:
        found = _by_key(engine, *reference.split(":", 1))
    else:
        raise UsageError(
            "not a customer reference",
            hint="write cx_..., source:key, or field=value; `cxid find TEXT` searches",
            code=ErrorCode.REFERENCE_INVALID,
        )
    if not found:
        near = ", ".join(f"`cxid show {i}`" for i in _nearest(engine, reference))
        raise UsageError(
            "no customer of this reference",
            hint=(f"close to it: {near}; " if near else "") + "`cxid find TEXT` searches names and identifiers",
            code=ErrorCode.CUSTOMER_UNKNOWN,
        )
    return found


def resolve_one(engine: Engine, reference: str, say: Callable[[str], None] | None = None) -> str:
    """The id of the one customer that a REF names. Raises AmbiguousReference where several fit."""
    ids = resolve(engine, reference, say)
    if len(ids) > 1:
        raise AmbiguousReference(ids)
    return ids[0]


def _nearest(engine: Engine, reference: str) -> list[str]:
    """Ids of customers whom a REF that names nobody comes close to: it is a beginning, or two signs differ at most.

    Ids alone: a message holds no value of the data.
    """
    signs = [at for at in (reference.find("="), reference.find(":")) if at >= 0]
    name, value = (reference[: min(signs)], reference[min(signs) + 1 :]) if signs else ("", reference)
    if len(value) < _SHORTEST:
        return []
    slots = [s for s in golden_slots(engine) if name and name in (s, s.rpartition("_")[0])]
    parts = [f"SELECT customer_id, {_folded(quote(slot))} AS text FROM golden_customer" for slot in slots]
    if name:
        parts.append(
            f"SELECT customer_id, {_folded('id_value')} AS text FROM identity_map WHERE id_type = {literal(name)}"
        )
        parts.append(
            f"SELECT customer_id, {_folded('record_key')} AS text FROM identity_map WHERE source = {literal(name)}"
        )
    else:
        parts.append("SELECT customer_id, customer_id AS text FROM golden_customer")
    sql = f"""
    WITH told AS ({" UNION ALL ".join(parts)}),
    near AS (
        SELECT customer_id, CASE WHEN starts_with(text, ?) THEN 0 ELSE levenshtein(text, ?) END AS far
        FROM told WHERE starts_with(text, ?) OR (abs(length(text) - {len(value)}) <= 2 AND levenshtein(text, ?) <= 2)
    )
    SELECT customer_id FROM near GROUP BY customer_id ORDER BY min(far), customer_id LIMIT {_NEAREST}
    """
    found: list[str] = engine.fetch(sql, [fold_text(value)] * 4).column(0).to_pylist()
    return found


def _by_alias(engine: Engine, customer_id: str, say: Callable[[str], None] | None) -> list[str]:
    alias = find_alias(engine, customer_id)
    if alias is None:
        return []
    if alias.customer_id is None:
        asked = f"SELECT * FROM identity_event WHERE customer_id = '{customer_id}'"
        raise UsageError(alias.words, hint=f'`cxid query "{asked}"` has its life', code=ErrorCode.CUSTOMER_UNKNOWN)
    if say:
        say(alias.words)
    return [alias.customer_id]


def _ids(engine: Engine, sql: str, params: list[Any]) -> list[str]:
    listed: list[str] = (
        engine.fetch(f"SELECT DISTINCT customer_id FROM ({sql}) ORDER BY customer_id LIMIT {_CANDIDATES}", params)
        .column(0)
        .to_pylist()
    )
    return listed


def _by_key(engine: Engine, source: str, key: str) -> list[str]:
    sources = (
        engine.fetch("SELECT DISTINCT source FROM identity_map WHERE source <> '' ORDER BY source")
        .column(0)
        .to_pylist()
    )
    if source not in sources:
        raise UsageError(
            "no people source of this name",
            hint="people sources: " + (", ".join(sources) or "none"),
            code=ErrorCode.SOURCE_UNKNOWN,
        )
    return _ids(engine, "SELECT customer_id FROM identity_map WHERE source = ? AND record_key = ?", [source, key])


def _by_value(engine: Engine, name: str, value: str) -> list[str]:
    slots = [s for s in golden_slots(engine) if name and name in (s, s.rpartition("_")[0])]
    kinds = (
        engine.fetch("SELECT DISTINCT id_type FROM identity_map WHERE id_type <> '' ORDER BY id_type")
        .column(0)
        .to_pylist()
    )
    if not slots and name not in kinds:
        known = ", ".join([*golden_slots(engine), *(k for k in kinds if k not in golden_slots(engine))])
        raise UsageError(
            "no field or identifier of this name", hint=f"there are: {known}", code=ErrorCode.COLUMN_UNKNOWN
        )
    exact = [f"SELECT customer_id FROM golden_customer WHERE {_folded(quote(s))} = ?" for s in slots]
    exact.append(f"SELECT customer_id FROM identity_map WHERE id_type = {literal(name)} AND {_folded('id_value')} = ?")
    found = _ids(engine, " UNION ALL ".join(exact), [fold_text(value)] * len(exact))
    compact = "".join(c for c in value.casefold() if c.isalnum())
    if found or not compact:
        return found
    loose = [f"SELECT customer_id FROM golden_customer WHERE {_compact(quote(s))} = ?" for s in slots]
    loose.append(f"SELECT customer_id FROM identity_map WHERE id_type = {literal(name)} AND {_compact('id_value')} = ?")
    found = _ids(engine, " UNION ALL ".join(loose), [compact] * len(loose))
    national = compact.lstrip("0")
    if found or not national.isdigit() or len(national) < 7:
        return found
    tail = (
        f"SELECT customer_id FROM identity_map WHERE id_type = {literal(name)} AND ends_with({_compact('id_value')}, ?)"
    )
    return _ids(engine, tail, [national])

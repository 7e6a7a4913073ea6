"""Values that name or reach a person, masked or as pseudonyms; ids as pseudonyms."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pyarrow as pa

from cxid.engine.base import Engine
from cxid.exporting.model import Hidden, Request
from cxid.exporting.selection import Chosen
from cxid.model import DEFAULT_TYPES, FieldType
from cxid.privacy import mask, pseudonymise

_IDS = ("customer_id", "household_id")
_BATCH = 50_000
_Rule = Callable[[str], str]


def hide(engine: Engine, request: Request, columns: tuple[Chosen, ...], types: Mapping[str, FieldType]) -> None:
    """Make export_row hold what may leave. `types` are those of the people columns; an id keeps its type, text."""
    rules = _rules(request, columns, types)
    if not rules:
        return
    engine.rename("export_row", "export_plain")
    engine.map_rows("export_row", "export_plain", lambda batch: _hidden(batch, rules), batch_rows=_BATCH)
    engine.drop("export_plain")


def _rules(request: Request, columns: tuple[Chosen, ...], types: Mapping[str, FieldType]) -> dict[str, _Rule]:
    key, rules = request.id_key, dict[str, _Rule]()
    for c in columns:
        if c.column in _IDS and key is not None:
            rules[c.name] = _pseudonym(key)
        elif c.is_identifier or (c.table == "golden" and c.column in types):
            if request.values is Hidden.MASKED:
                rules[c.name] = _mask(types.get(c.column, DEFAULT_TYPES.get(c.column)))
            elif request.values is Hidden.PSEUDONYMS and key is not None and c.is_identifier:
                rules[c.name] = _each(_pseudonym(key))
            elif request.values is Hidden.PSEUDONYMS and key is not None:
                rules[c.name] = _pseudonym(key)
    return rules


def _mask(type_: FieldType | None) -> _Rule:
    return _each(lambda value: mask(value, type_)) if type_ is FieldType.EMAIL else lambda value: mask(value, type_)


def _each(rule: _Rule) -> _Rule:
    """The rule for each of several values that stand behind one another."""
    return lambda value: " ".join(rule(v) for v in value.split())


def _pseudonym(key: bytes) -> _Rule:
    return lambda value: pseudonymise(value, key)


def _hidden(batch: pa.Table, rules: Mapping[str, _Rule]) -> pa.Table:
    for name, rule in rules.items():
        at = batch.column_names.index(name)
        values = [None if v is None else rule(str(v)) for v in batch.column(name).to_pylist()]
        batch = batch.set_column(at, name, pa.array(values, pa.string()))
    return batch

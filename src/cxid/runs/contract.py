"""A table as it is against a table as its contract says."""

from __future__ import annotations

from cxid.contracts import PROFILE, Table
from cxid.engine.base import Engine, quote
from cxid.errors import ContractError


def check(engine: Engine, table: Table, stage: str) -> None:
    """Raises ContractError, naming every fault, when the table of that name is not what the contract says."""
    faults = _column_faults(engine.columns(table.name), table)
    if not faults:
        faults = _value_faults(engine, table)
    if faults:
        raise ContractError(
            f"stage {stage} broke the contract of table {table.name}: {'; '.join(faults)}",
            hint="this is a bug in cxid; nothing was published",
        )


def _column_faults(found: dict[str, str], table: Table) -> list[str]:
    faults = []
    for column in table.columns:
        if column.name not in found:
            faults.append(f"column {column.name} is missing")
        elif found[column.name] != column.type:
            faults.append(f"column {column.name} is {found[column.name]}, not {column.type}")
    fixed = [c.name for c in table.columns]
    order = [name for name in found if name in fixed]
    if not faults and order != fixed:
        faults.append(f"columns stand in the order {', '.join(order)}")
    for name, type_ in found.items():
        if name in fixed or table.name == PROFILE.name:
            continue
        if not table.slots:
            faults.append(f"column {name} is not in the contract")
        elif type_ != "VARCHAR":
            faults.append(f"slot {name} is {type_}, not VARCHAR")
    return faults


def _value_faults(engine: Engine, table: Table) -> list[str]:
    """Missing values, then repeated keys: one statement each."""
    required = [c.name for c in table.columns if not c.nullable]
    gaps = ", ".join(f"count(*) FILTER (WHERE {quote(c)} IS NULL)" for c in required)
    row = engine.fetch(f"SELECT {gaps} FROM {quote(table.name)}").to_pylist()[0] if required else {}
    missing = [f"column {c} has {n} missing values" for c, n in zip(required, row.values(), strict=True) if n]
    if missing or not table.key:
        return missing
    if engine.ascends(table.name, table.key):
        return []
    key = ", ".join(quote(c) for c in table.key)
    if len(table.key) > 1 and _all_differ(engine, table.name, key):
        return []
    repeated = engine.scalar(
        f"SELECT count(*) FROM (SELECT {key} FROM {quote(table.name)} GROUP BY {key} HAVING count(*) > 1) AS repeated"
    )
    return [f"{repeated} keys ({', '.join(table.key)}) occur more than once"] if repeated else []


def _all_differ(engine: Engine, name: str, key: str) -> bool:
    """Whether the hashes of all keys differ: that proves the keys unique at half the cost; equal ones prove nothing."""
    return bool(engine.scalar(f"SELECT count(DISTINCT hash({key})) = count(*) FROM {quote(name)}"))

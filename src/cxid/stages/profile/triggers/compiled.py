"""Triggers of the config, their conditions read and checked: all faults at once, before anything runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cxid.config.conditions import (
    ConditionError,
    Node,
    Ordering,
    columns_of,
    parse_condition,
    parse_order,
    resolve_condition,
    resolve_order,
    type_of_column,
)
from cxid.config.conditions.rendering import without_not
from cxid.config.model import Source
from cxid.config.triggers import Trigger
from cxid.errors import ContractError
from cxid.stages.profile.triggers.columns import known_columns, with_consents, with_missing


@dataclass(frozen=True)
class Compiled:
    """A trigger whose condition is checked; `columns` are those that the condition names."""

    name: str
    trigger: Trigger
    condition: Node
    order: tuple[Ordering, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return columns_of(self.condition)

    @property
    def all_columns(self) -> set[str]:
        """Those, and the ones that say who is most important."""
        return {*self.columns, *(c for part in self.order for c in columns_of(part.value))}


@dataclass(frozen=True)
class Fault:
    """What is wrong in one text of a trigger (`when` or `order`), and where in it, from 0."""

    trigger: str
    key: str
    at: int
    message: str


def compile_all(triggers: Mapping[str, Trigger], columns: Mapping[str, str]) -> tuple[Compiled, ...]:
    """Every trigger over a profile with these columns, in the order of the config.

    A column that the profile lacks is one that the data did not bring. Raises ContractError for a trigger that
    `faults_of` finds fault with.
    """
    types, found = {name: type_of_column(type_) for name, type_ in columns.items()}, []
    for name, trigger in triggers.items():
        try:
            condition = parse_condition(trigger.when)
            condition = resolve_condition(condition, with_missing(types, columns_of(condition)))
            parts = parse_order(trigger.order) if trigger.order else ()
            named = (c for part in parts for c in columns_of(part.value))
            order = resolve_order(parts, with_missing(types, named))
        except ConditionError as error:
            raise ContractError(f"trigger {name}: {error.message}", hint="`cxid check` says where") from error
        found.append(Compiled(name, trigger, without_not(condition), order))
    return tuple(found)


def faults_of(triggers: Mapping[str, Trigger], sources: Mapping[str, Source]) -> Iterator[Fault]:
    """What is wrong with conditions and orders; nothing when all can run."""
    columns = known_columns(sources)
    for name, trigger in triggers.items():
        try:
            condition = parse_condition(trigger.when)
            resolve_condition(condition, with_consents(columns, columns_of(condition), sources))
        except ConditionError as error:
            yield Fault(name, "when", error.at, error.message)
        try:
            if trigger.order:
                resolve_order(parse_order(trigger.order), columns)
        except ConditionError as error:
            yield Fault(name, "order", error.at, error.message)

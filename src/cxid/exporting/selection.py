"""Who is exported with which columns: names checked before anything runs, every value bound."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from cxid.config.conditions import ConditionError, parse_condition, resolve_condition, type_of_column
from cxid.config.conditions.rendering import Rendering
from cxid.consenting import folded_channel, folded_purpose, permission
from cxid.engine.base import Engine, literal, quote
from cxid.errors import ErrorCode, UsageError
from cxid.exporting.model import Request

_WORD, _WORDS = re.compile(r"[^\W\d][\w /-]{0,40}"), 20  # what looks like a purpose or a channel
_EVERYTHING = "*"
_IDENTIFIER = "ids."  # before the type of an identifier
# why somebody is left out; a permission is read at `moment`, which may be later than the profile's as_of
_PERMITTED = (
    "WHEN c.status = 'denied' THEN 'refused' WHEN c.withdrawn_at IS NOT NULL THEN 'refused since' "
    "WHEN c.expires_at <= CAST($moment AS TIMESTAMP) THEN 'permission ended' "
    "WHEN c.status IS NULL OR c.status <> 'granted' THEN 'did not agree' "
)
_COUNTS = ("customers", "not in --where", "refused", "refused since", "permission ended", "did not agree", "exported")


@dataclass(frozen=True)
class Chosen:
    """A column of the export: its name there, the table and the name where it lies.

    For identifiers `column` is their type, `table` a table made of them: all of the customer's, sorted, by spaces.
    """

    name: str
    table: str
    column: str

    @property
    def is_identifier(self) -> bool:
        return self.table.startswith("identifier")

    @property
    def sql(self) -> str:
        return f"{self.table}.value" if self.is_identifier else f"{self.table}.{quote(self.column)}"


def choose_columns(engine: Engine, wanted: tuple[str, ...], slots: tuple[str, ...]) -> tuple[Chosen, ...]:
    """The columns of the export, customer_id first; `slots` are the people columns of golden_customer.

    A name is looked for among the people columns, then in the profile, then in the golden record; ids.TYPE are the
    identifiers of a type. Raises UsageError for names that none of them has.
    """
    golden, profile = engine.columns("golden_customer"), engine.columns("profile")
    kinds = engine.fetch("SELECT DISTINCT id_type FROM identity_map WHERE id_type <> '' ORDER BY id_type")
    types = [str(t) for t in kinds.column(0).to_pylist()]
    found = {"customer_id": Chosen("customer_id", "golden", "customer_id")}
    unknown = []
    names = [n for w in wanted or slots for n in (_all(slots, profile) if w == _EVERYTHING else (w,))]
    for name in names:
        if name in slots:
            found.setdefault(name, Chosen(name, "golden", name))
        elif name in profile:
            found.setdefault(name, Chosen(name, "profile", name))
        elif name in golden:
            found.setdefault(name, Chosen(name, "golden", name))
        elif name.startswith(_IDENTIFIER) and name.removeprefix(_IDENTIFIER) in types:
            found.setdefault(name, Chosen(name, f"identifier{len(found)}", name.removeprefix(_IDENTIFIER)))
        else:
            unknown.append(name)
    if unknown:
        known = [*slots, *profile, *(n for n in golden if n not in slots), *(_IDENTIFIER + t for t in types)]
        raise UsageError(
            "no such column: " + ", ".join(unknown),
            hint=_nearest(unknown, known) or '`cxid query "DESCRIBE profile"` and golden_customer list them',
            code=ErrorCode.COLUMN_UNKNOWN,
        )
    return tuple(found.values())


def _all(slots: tuple[str, ...], profile: Mapping[str, str]) -> tuple[str, ...]:
    return (*slots, *(n for n in profile if n not in slots))


def _nearest(unknown: list[str], known: list[str]) -> str:
    near = {n: get_close_matches(n, known, n=2) for n in unknown}
    told = [f"{n}: did you mean {' or '.join(found)}?" for n, found in near.items() if found]
    return "; ".join(told)


def write_selection(
    engine: Engine, request: Request, columns: tuple[Chosen, ...], slots: tuple[str, ...]
) -> dict[str, int]:
    """Table export_row with the columns of everyone who is exported, and how many were left out for what.

    Raises UsageError for a purpose or channel that nobody ever spoke of, and for a condition that does not fit.
    """
    condition, values = _condition(engine, request.where, slots)
    asks = request.purpose is not None
    answers = f"LEFT JOIN ({_permission(engine, request)}) AS c ON c.customer_id = w.customer_id" if asks else ""
    branches = _PERMITTED if asks else ""
    engine.run(
        "export_customer",
        f"SELECT w.customer_id, CASE WHEN NOT w.holds THEN 'not in --where' {branches}ELSE 'exported' END AS verdict "
        f"FROM ({condition}) AS w {answers}",
        {**values, **({"moment": request.moment} if asks else {})},
    )
    listed = ", ".join(f"{c.sql} AS {quote(c.name)}" for c in columns)
    engine.run(
        "export_row",
        f"SELECT {listed} FROM export_customer AS e "
        "JOIN golden_customer AS golden ON golden.customer_id = e.customer_id "
        f"JOIN profile ON profile.customer_id = e.customer_id {_identifiers(columns)} WHERE e.verdict = 'exported'",
    )
    counted = engine.fetch("SELECT verdict, count(*) AS n FROM export_customer GROUP BY verdict").to_pylist()
    found = {row["verdict"]: int(row["n"]) for row in counted}
    found["customers"] = engine.count("export_customer")
    engine.drop("export_customer")
    return {name: found.get(name, 0) for name in _COUNTS if name in found or name in ("customers", "exported")}


def _identifiers(columns: tuple[Chosen, ...]) -> str:
    """SQL joins that bring the identifiers."""
    return " ".join(
        "LEFT JOIN (SELECT customer_id, array_to_string(list_sort(list(id_value)), ' ') AS value FROM identity_map "
        f"WHERE id_type = {literal(c.column)} GROUP BY customer_id) AS {c.table} "
        f"ON {c.table}.customer_id = e.customer_id"
        for c in columns
        if c.is_identifier
    )


def _permission(engine: Engine, request: Request) -> str:
    """The query of the answer that each customer gave, after checking that the question was ever asked."""
    if not engine.columns("consent") or not engine.count("consent"):
        raise UsageError(
            "nobody agreed to anything: no source of kind consent says a word",
            hint="map one in cxid.yml, see docs/how-to/consent.md; --no-purpose exports to what reaches nobody",
            code=ErrorCode.CONSENT_UNKNOWN,
        )
    asked = engine.fetch(
        f"SELECT {folded_purpose('a.p')} AS purpose, {folded_channel('a.c')} AS channel FROM "
        "(SELECT CAST(? AS VARCHAR) AS p, CAST(? AS VARCHAR) AS c) AS a",
        [request.purpose, request.channel],
    ).to_pylist()[0]
    purpose, channel = str(asked["purpose"]), str(asked["channel"])
    for name, value in (("purpose", purpose), ("channel", channel)):
        known = engine.fetch(f"SELECT DISTINCT {name} FROM consent ORDER BY {name}").column(0).to_pylist()
        if value and value not in known and "" not in known:
            raise UsageError(
                f"no consent speaks of this {name}",
                hint=_vocabulary(name, value, known),
                code=ErrorCode.CONSENT_UNKNOWN,
            )
    return permission(literal(purpose), literal(channel))


def _vocabulary(name: str, value: str, known: list[str]) -> str:
    """What there is instead; a column of many or odd values may hold anything, and is not repeated in a message."""
    if len(known) > _WORDS or not all(_WORD.fullmatch(k) for k in known):
        return f'`cxid query "SELECT DISTINCT {name} FROM consent"` lists what there is'
    near = get_close_matches(value, known, n=1)
    return (f"did you mean {near[0]}? " if near else "") + f"there are: {', '.join(known)}"


def _condition(engine: Engine, where: str | None, slots: tuple[str, ...]) -> tuple[str, dict[str, Any]]:
    """The query of (customer_id, holds) with the values that it binds.

    A condition may name the columns of the profile, and people columns that are none of it.
    """
    if where is None:
        return "SELECT customer_id, TRUE AS holds FROM golden_customer", {}
    columns = engine.columns("profile")
    people = [s for s in slots if s not in columns]
    columns |= dict.fromkeys(people, "VARCHAR")
    try:
        node = resolve_condition(parse_condition(where), {n: type_of_column(t) for n, t in columns.items()})
    except ConditionError as error:
        raise UsageError(
            f"--where, at character {error.at + 1}: {error.message}",
            hint="write a condition over the profile, e.g. \"days_since_purchase > 90 and country = 'GB'\"",
            code=ErrorCode.CONDITION,
        ) from error
    rendering = Rendering(columns, "w")
    listed = "".join(f", golden.{quote(s)}" for s in people)
    return (
        f"SELECT customer_id, coalesce({rendering.sql(node)}, FALSE) AS holds FROM (SELECT profile.*{listed} "
        "FROM profile JOIN golden_customer AS golden ON golden.customer_id = profile.customer_id) AS p",
        rendering.values,
    )

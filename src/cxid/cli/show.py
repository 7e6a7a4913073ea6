"""`cxid show`: everything about one customer."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from cxid.cli._console import Console, console_of
from cxid.cli._customer import draw_customer, place
from cxid.cli._options import Format
from cxid.cli._outputs import opened
from cxid.cli._project import load_config
from cxid.cli._registry import part
from cxid.model import DEFAULT_TYPES, FieldType
from cxid.privacy import mask

_TOUCHPOINTS = 20


def command(
    ctx: typer.Context,
    reference: Annotated[str, typer.Argument(metavar="REF", help="cx_..., source:key, or field=value.")],
    hide: Annotated[bool, typer.Option("--mask", help="Hide most of each personal value.")] = False,
) -> None:
    """Show one customer: values, sources, timeline, profile.

    A reference that fits several customers lists them.
    """
    console = console_of(ctx)
    with opened(console.settings) as engine:
        ids = part("references").resolve(engine, reference, console.say)
        if len(ids) > 1:
            columns, rows = part("references").customers_by_id(engine, ids)
            console.rows(columns, rows)
            console.say(f"{len(ids)} customers fit")
            console.next(f"cxid show {ids[0]}")
            return
        customer = _read(engine, ids[0])
    if hide:
        _mask(customer, _types(console))
    if console.settings.output is Format.TABLE:
        draw_customer(console, customer)
    elif console.settings.output is Format.CSV:
        console.rows(("part", "name", "value", "detail"), _flat(customer))
    else:
        console.document(customer)


def _read(engine: Any, customer_id: str) -> dict[str, Any]:
    def rows(sql: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = engine.fetch(sql, [customer_id]).to_pylist()
        return found

    golden = rows("SELECT * FROM golden_customer WHERE customer_id = ?")[0]
    slots = part("references").golden_slots(engine)
    provenance = {
        r["field"]: r for r in rows("SELECT * EXCLUDE (customer_id) FROM golden_provenance WHERE customer_id = ?")
    }
    values = []
    for slot in slots:
        if golden[slot] is not None:
            told = provenance.get(slot, {})
            others = json.loads(told.get("losing_values") or "[]")
            values.append(
                {
                    "field": slot,
                    "value": golden[slot],
                    **{n: told.get(n) for n in ("source", "record_key", "rule", "conflict")},
                    "others": others,
                }
            )
    profile = rows("SELECT * FROM profile WHERE customer_id = ?")
    return {
        "customer_id": customer_id,
        "summary": {name: value for name, value in golden.items() if name not in slots and name != "customer_id"},
        "values": values,
        "records": rows(
            "SELECT source, record_key, link_kind, probability, since_run FROM identity_map "
            "WHERE customer_id = ? AND source <> '' ORDER BY source, record_key"
        ),
        "identifiers": rows(
            "SELECT id_type, id_value, link_kind, probability FROM identity_map "
            "WHERE customer_id = ? AND id_type <> '' ORDER BY id_type, id_value"
        ),
        "timeline": rows(
            "SELECT time, channel, source, type, value, currency, campaign, sentiment, stage FROM touchpoint "
            f"WHERE customer_id = ? ORDER BY time DESC NULLS LAST, source, event_key LIMIT {_TOUCHPOINTS}"
        ),
        "profile": {n: v for n, v in (profile[0] if profile else {}).items() if v is not None and n != "customer_id"},
    }


def _types(console: Console) -> dict[str, FieldType]:
    fields = part("config.fields").record_fields(load_config(console.settings).sources)
    return {slot: field.type for field in fields for slot in field.slots}


def _mask(customer: dict[str, Any], types: dict[str, FieldType]) -> None:
    for value in customer["values"]:
        type_ = types.get(value["field"])
        value["value"] = mask(str(value["value"]), type_)
        for other in value["others"]:
            other["value"] = mask(str(other.get("value", "")), type_)
    for identifier in customer["identifiers"]:
        identifier["id_value"] = mask(
            identifier["id_value"], types.get(identifier["id_type"], DEFAULT_TYPES.get(identifier["id_type"]))
        )


def _flat(customer: dict[str, Any]) -> list[tuple[str, str, Any, str]]:
    rows: list[tuple[str, str, Any, str]] = [("customer", "customer_id", customer["customer_id"], "")]
    rows += [("summary", name, value, "") for name, value in customer["summary"].items()]
    rows += [("value", v["field"], v["value"], place(v)) for v in customer["values"]]
    rows += [("record", r["source"], r["record_key"], r["link_kind"]) for r in customer["records"]]
    rows += [("identifier", i["id_type"], i["id_value"], i["link_kind"]) for i in customer["identifiers"]]
    rows += [
        ("touchpoint", f"{t['source']} {t['type'] or ''}".strip(), t["time"], t["channel"])
        for t in customer["timeline"]
    ]
    return rows + [("profile", name, value, "") for name, value in customer["profile"].items()]

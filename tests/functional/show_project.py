"""A published project of a few customers, of whom one has everything that a page can tell."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.customer_tables import AS_OF, golden, table_of, touch
from tests.reference.explain_world import asked, person

RUN = "r0002-00000000"
CONFIG = """version: 1
sources:
  crm: {path: crm.csv, kind: people, key: no, columns: {given_name: first, family_name: last, email: mail,
        birth_date: born, city: town}}
  web: {path: web.csv, kind: events, time: at, ids: {email: mail}}
  pos: {path: pos.csv, kind: transactions, time: at, amount: total, ids: {email: mail}}
  support: {path: support.csv, kind: events, time: at, ids: {email: mail}}
  nps: {path: nps.csv, kind: survey, time: at, score: score, ids: {email: mail}}
triggers:
  win_back: {when: days_since_purchase > 45, action: send a voucher}
"""
PROFILE: dict[str, Any] = {
    "stage": "at_risk", "stage_since": datetime(2026, 9, 1), "age": 41, "household_id": "hh_1", "household_size": 2,
    "events": 30, "orders": 3, "refunds": 1, "orders_returned": 0, "currency": "EUR", "revenue": Decimal("182.50"),
    "average_order": Decimal("60.83"), "first_purchase_at": datetime(2026, 2, 3, 10),
    "last_purchase_at": datetime(2026, 8, 20, 9), "days_since_purchase": 73, "typical_gap_days": Decimal("40.0"),
    "recency_quintile": 3, "frequency_quintile": 4, "monetary_quintile": 4, "rfm_segment": "loyal", "categories": 2,
    "top_category": "Garden", "p_alive": Decimal("0.830000"), "expected_purchases_12m": Decimal("2.4100"),
    "clv_12m": Decimal("120.00"), "clv_12m_low": Decimal(0), "clv_12m_high": Decimal("260.40"), "lifecycle": "active",
    "baseline_12m": Decimal("182.50"), "engagement_score": Decimal("42.00"), "preferred_channel": "web",
    "preferred_hour": 20, "surveys": 1, "nps_last": Decimal(3), "nps_group": "detractor",
    "nps_at": datetime(2026, 9, 9), "mentions": 0, "influence_score": None, "tickets": 1, "open_tickets": 1,
    "last_ticket_at": datetime(2026, 9, 8, 8), "contacts": 2, "effort": Decimal("2.00"), "consent_conflicts": 0,
    "first_touch_at": datetime(2026, 1, 1), "first_touch_channel": "web", "last_touch_at": datetime(2026, 9, 9),
    "last_touch_channel": "other", "days_to_purchase": 33, "income_band": "C", "income_band_source": "areas",
}  # fmt: skip


def write_show_project(folder: Path) -> str:
    """Write the project into `folder`; the id of the customer who has everything comes back.

    Three records of two persons' households: a and c agree in name, b and c in birth date.
    """
    rows = [person("a", "ann", None), person("b", None, "19850101"), person("c", "ann", "19850101")]
    world = asked(rows, [("a", "c"), ("b", "c")])
    engine, me = world.world.engine, world.customer("a").customer_id
    tables = folder / ".cxid" / "runs" / RUN / "tables"
    tables.mkdir(parents=True)
    for name in engine.tables():
        if name.startswith("run_"):
            engine.write(name, tables / f"{name.removeprefix('run_')}.parquet")
    for name, listed in _published(me).items():
        pq.write_table(table_of(name, listed), tables / f"{name.removeprefix('run_')}.parquet")
    profile = [{"customer_id": me, "as_of": AS_OF, **PROFILE}, {"customer_id": "cx_bert", "as_of": AS_OF, "age": 44}]
    pq.write_table(pa.Table.from_pylist(profile), tables / "profile.parquet")
    pq.write_table(table_of("report_figure", []), tables / "report_figure.parquet")
    (folder / "cxid.yml").write_text(CONFIG, encoding="utf-8")
    (folder / ".cxid" / "published").symlink_to(f"runs/{RUN}")
    return me


def _published(me: str) -> dict[str, list[dict[str, Any]]]:
    lost = '[{"value": "ann@old.example", "source": "crm", "record_key": "c"}]'
    return {
        "golden_customer": [
            golden(me, record_count=3, sources="crm,nps,pos,support,web", needs_review=True),
            golden("cx_bert", given_name="Bert"),
        ],
        "golden_provenance": [
            {"customer_id": me, "field": field, "source": "crm", "record_key": "a", "rule": rule,
             "losing_values": lost if field == "email" else "[]", "conflict": field == "email",
             "updated_at": datetime(2026, 1, 5)}
            for field, rule in (("given_name", "most_frequent"), ("family_name", "most_frequent"), ("email", "latest"),
                                ("city", "most_trusted_then_latest"))
        ],
        "identity_map": [
            *({"customer_id": me, "source": "crm", "record_key": key, "id_type": "", "id_value": "",
               "link_kind": "model", "probability": Decimal("0.8"), "since_run": "r0001"} for key in "abc"),
            {"customer_id": me, "source": "", "record_key": "", "id_type": "email", "id_value": "ann@x.example",
             "link_kind": "stitch", "probability": Decimal(1), "since_run": "r0001"},
        ],
        "match_group": [{"customer_id": me, "size": 3, "flags": "weak link"}],
        "household": [
            {"customer_id": c, "household_id": "hh_1", "rule": "name_address"} for c in (me, "cx_bert")
        ],
        "touchpoint": _touches(me),
        "event": [],
        "run_event": [
            {"source": "nps", "event_key": "n1", "score": Decimal(3)},
            {"source": "support", "event_key": "s1", "category": "Delivery"},
        ],
        "customer_stage": [
            {"customer_id": me, "stage": stage, "since": datetime.fromisoformat(since)}
            for stage, since in (("aware", "2026-01-01"), ("customer", "2026-02-03"), ("at_risk", "2026-09-01"))
        ],
        "consent": [
            {"customer_id": me, "purpose": "offers", "channel": "email", "status": "granted", "source": "consent",
             "time": datetime(2026, 2, 1), "expires_at": datetime(2028, 2, 1), "id_type": "email", "conflict": False},
            {"customer_id": me, "purpose": "offers", "channel": "", "status": "denied", "source": "consent",
             "time": datetime(2026, 3, 1), "id_type": "email", "conflict": True},
        ],
        "trigger_hit": [
            {"customer_id": me, "trigger": "win_back", "action": "send a voucher", "status": "holdout",
             "reason": "days_since_purchase (73) > 45", "since": AS_OF},
        ],
        "identity_event": [
            {"run_id": "r0001", "run_no": 1, "event": "created", "customer_id": me, "other_customer_id": "",
             "records": 2, "identifiers": 1, "cause": "data"},
            {"run_id": RUN, "run_no": 2, "event": "absorbed", "customer_id": me, "other_customer_id": "cx_old",
             "records": 1, "identifiers": 0, "cause": "config"},
        ],
        "customer_alias": [{"old_customer_id": "cx_old", "customer_id": me, "since_run": RUN}],
    }  # fmt: skip


def _touches(me: str) -> list[dict[str, Any]]:
    views = [touch(f"2026-{month:02}-{day:02}T12:00", customer_id=me)
             for month, days in ((1, 2), (2, 8), (3, 4), (5, 6), (8, 3)) for day in range(1, days + 1)]  # fmt: skip
    sales = [
        touch(time, "pos", customer_id=me, type="purchase", value=Decimal(value), currency="EUR", stage=stage)
        for time, value, stage in (("2026-02-03T10:00", "99.50", "aware"), ("2026-05-05T18:30", "53.00", "customer"),
                                   ("2026-08-20T09:00", "40.00", "customer"))
    ]  # fmt: skip
    return [
        *views,
        *sales,
        touch("2026-05-09", "pos", customer_id=me, type="refund", value=Decimal(-10), currency="EUR"),
        touch("2026-09-08T08:00", "support", customer_id=me, type="opened", event_key="s1"),
        touch("2026-09-09", "nps", customer_id=me, type="nps", event_key="n1"),
        touch(None, customer_id=me),
    ]

"""Triggers: whom they hit, who is left out and why, what is remembered from build to build."""

from __future__ import annotations

from datetime import datetime
from hashlib import md5
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from cxid.config.triggers import Trigger
from cxid.engine.duckdb import DuckDBEngine
from cxid.stages.context import Silent, StageContext
from cxid.stages.profile.triggers import holdout_limit, write_triggers

NOW = datetime(2026, 11, 1)
_NO_CONSENT = (
    "SELECT '' AS customer_id, '' AS purpose, '' AS channel, '' AS status, NULL AS expires_at, NULL AS withdrawn_at"
)


class World:
    """Customers a..., worth 10, 20, ...; builds at moments, each knowing the one before."""

    def __init__(self, customers: str) -> None:
        self.engine = DuckDBEngine()
        self.customers = list(customers)
        self.engine.load("consent", self.engine.fetch(_NO_CONSENT))
        self.alias({})

    def alias(self, old_to_new: dict[str, str]) -> None:
        text = pa.string()
        columns = {"old_customer_id": list(old_to_new), "customer_id": list(old_to_new.values())}
        self.engine.load("customer_alias", pa.table({n: pa.array(v, text) for n, v in columns.items()}))

    def build(self, at: datetime = NOW, **triggers: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
        """(trigger, customer) -> row of trigger_hit; the next build knows of it."""
        numbers = range(1, len(self.customers) + 1)
        columns = {
            "customer_id": pa.array(self.customers, pa.string()),
            "customer_no": pa.array(numbers, pa.int64()),
            "worth": pa.array([10 * n for n in numbers], pa.int64()),
            "note": pa.array(['say "hi" \\ <b>\n' if n == 1 else None for n in numbers], pa.string()),
        }
        self.engine.load("draft", pa.table(columns))
        self.engine.run("profile_number", "SELECT customer_id, customer_no FROM draft")
        self.engine.load("profile_moment", pa.table({"as_of": pa.array([at], pa.timestamp("us"))}))
        made = {name: Trigger.model_validate({"action": "write", **t}) for name, t in triggers.items()}
        write_triggers(StageContext(engine=self.engine, work_dir=Path(), reporter=Silent()), made, "draft")
        rows = self.engine.fetch("SELECT * FROM trigger_hit ORDER BY trigger, customer_id").to_pylist()
        for name in ("trigger_log", "trigger_hit"):
            self.engine.run(f"previous_{name}", f"SELECT * FROM {name}")
        return {(r["trigger"], r["customer_id"]): r for r in rows}


def _status(hits: dict[tuple[str, str], dict[str, Any]]) -> dict[str, str]:
    return {customer: row["status"] for (_, customer), row in hits.items()}


def test_the_cap_takes_the_most_important_first_and_ties_by_id() -> None:
    world = World("abcd")
    hits = world.build(t={"when": "worth > 10", "cap": 2, "order": "worth desc"})
    assert _status(hits) == {"b": "capped", "c": "act", "d": "act"}
    tied = World("abcd").build(t={"when": "worth > 10", "cap": 1, "order": "worth * 0"})
    assert _status(tied) == {"b": "act", "c": "capped", "d": "capped"}


def test_the_reason_has_the_values_and_facts_are_json_whatever_they_hold() -> None:
    row = World("ab").build(t={"when": "worth = 20 or note is not null and worth < 15"})["t", "a"]
    assert row["reason"] == 'note (say "hi" \\ <b>\n) is not null and worth (10) < 15'
    assert row["facts"] == '{"worth": "10", "note": "say \\"hi\\" \\\\ <b> "}'


def test_a_holdout_is_drawn_by_the_keyed_hash_after_the_cap() -> None:
    customers = [chr(n) for n in range(97, 123)]
    hits = World("".join(customers)).build(t={"when": "worth > 0", "holdout": "50%", "cap": 20, "order": "worth"})
    for customer in customers[:20]:
        digits = md5(f"t\x1f{customer}".encode()).hexdigest()[:8]
        assert _status(hits)[customer] == ("holdout" if int(digits, 16) < 2**31 else "act")
    assert {_status(hits)[c] for c in customers[20:]} == {"capped"}
    other = World("".join(customers)).build(t={"when": "worth > 0", "holdout": 0.5, "holdout_key": "another"})
    assert _status(other) != _status(World("".join(customers)).build(t={"when": "worth > 0", "holdout": 0.5}))


@pytest.mark.parametrize(("share", "limit"), [(0.0, "00000000"), (0.5, "80000000"), (1.0, "g")])
def test_a_share_becomes_a_limit_of_the_hash(share: float, limit: str) -> None:
    assert holdout_limit(share) == limit


def test_a_customer_cools_down_from_the_build_that_chose_it() -> None:
    world, t = World("a"), {"when": "worth > 0", "cooldown": "30 days"}
    said = [
        (datetime(2026, 1, 1), "act"),
        (datetime(2026, 1, 1), "act"),  # a build repeated says the same
        (datetime(2026, 1, 30), "cooling"),
        (datetime(2026, 1, 31), "act"),
        (datetime(2026, 3, 1), "cooling"),
        (datetime(2026, 1, 15), "cooling"),  # of an earlier moment: what came later is not known
        (datetime(2026, 3, 2), "act"),
    ]
    assert [(at, _status(world.build(at, t=t))["a"]) for at, _ in said] == said
    log = world.engine.fetch("SELECT chosen_at FROM trigger_log ORDER BY chosen_at").column(0).to_pylist()
    assert log == [datetime(2026, 1, 1), datetime(2026, 1, 31), datetime(2026, 3, 2)]


def test_those_held_out_cool_down_as_the_others_do() -> None:
    world, t = World("a"), {"when": "worth > 0", "cooldown": 10, "holdout": 1}
    assert _status(world.build(datetime(2026, 1, 1), t=t)) == {"a": "holdout"}
    assert _status(world.build(datetime(2026, 1, 2), t=t)) == {"a": "cooling"}


def test_a_customer_merged_into_another_takes_its_choices_along() -> None:
    world, t = World("ab"), {"when": "worth > 10", "cooldown": 10}
    assert _status(world.build(datetime(2026, 1, 1), t=t)) == {"b": "act"}
    world.customers = ["z", "c"]
    world.alias({"b": "c"})
    hits = world.build(datetime(2026, 1, 2), t=t)
    assert _status(hits) == {"c": "cooling"}
    assert hits["t", "c"]["since"] == datetime(2026, 1, 1)


def test_since_begins_anew_when_it_did_not_hold_for_a_build() -> None:
    world = World("a")
    yes, no = {"when": "worth > 0"}, {"when": "worth > 99"}
    for day, t, since in ((1, yes, 1), (2, yes, 1), (3, no, None), (4, yes, 4)):
        hits = world.build(datetime(2026, 1, day), t=t)
        assert [r["since"].day for r in hits.values()] == ([since] if since else [])


def test_only_those_who_consent_are_acted_on_and_the_cap_is_for_them() -> None:
    world = World("abcde")
    said = [("a", "offers", "email", "granted"), ("b", "offers", "email", "denied"), ("c", "offers", "", "granted"),
            ("d", "offers", "sms", "granted"), ("e", "", "", "granted")]  # fmt: skip
    text = pa.string()
    table = {n: pa.array([row[i] for row in said], text)
             for i, n in enumerate(("customer_id", "purpose", "channel", "status"))}  # fmt: skip
    table |= {n: pa.nulls(len(said), pa.timestamp("us")) for n in ("expires_at", "withdrawn_at")}
    world.engine.load("consent", pa.table(table))
    t = {"when": "worth > 0", "purpose": " Offers", "channel": "E-Mail", "cap": 2, "order": "worth"}
    assert _status(world.build(t=t)) == {
        "a": "act", "b": "no_consent", "c": "act", "d": "no_consent", "e": "capped",
    }  # fmt: skip


def test_the_profile_says_what_holds_and_the_first_action_to_take() -> None:
    world = World("ab")
    world.build(
        zeta={"when": "worth > 15", "action": "call"},
        alpha={"when": "worth > 0", "action": "write", "holdout": 1},
        beta={"when": "worth > 0", "action": "mail"},
    )
    found = world.engine.fetch("SELECT * FROM profile_next ORDER BY customer_no").to_pylist()
    assert [(r["triggers"], r["suggested_action"], r["trigger_reason"]) for r in found] == [
        ("alpha,beta", "mail", "worth (10) > 0"),
        ("alpha,beta,zeta", "call", "worth (20) > 15"),
    ]


def test_a_column_that_the_data_did_not_bring_is_unknown() -> None:
    hits = World("a").build(t={"when": "segment is null and may_offers_email is null"})
    assert hits["t", "a"]["facts"] == '{"segment": null, "may_offers_email": null}'
    assert World("a").build(t={"when": "segment = 'x' or may_offers_email"}) == {}

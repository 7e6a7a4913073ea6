"""What a trial says: a treatment log of the config, or the holdout of earlier builds, and what speaks against it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from cxid.engine.base import Engine
from cxid.simulate.model import Ask, Difference, Followed, Trial, Uplift
from cxid.simulate.outcomes import follow, followed, revenues
from cxid.simulate.statistics import (
    chance_of_arms,
    difference_of_means,
    difference_of_shares,
    found_from,
    needed_in_each_arm,
)
from cxid.sql import load

_UNLIKELY = 0.001  # arms as uneven as this by chance: somebody else than chance chose them
_MIXED = 0.05  # share of customers in both arms from which the arms are no arms any more
_FEW = 30  # in an arm, below which nobody should say what the trial finds
EVERYBODY = "everybody in the trial"
WOULD_BE_HIT = "of them, those whom the trigger would have hit"


def write_log(engine: Engine, ask: Ask) -> None:
    """Table sim_log_row (customer_id, arm, time): the rows of the treatment log that the config names."""
    trial = ask.trigger.trial
    assert trial is not None
    marks = {"treated": trial.treated, "control": trial.control}
    values: dict[str, Any] = {"source": trial.source}
    cases = []
    for arm, words in marks.items():
        names = [f"{arm}{i}" for i, _ in enumerate(words)]
        values |= dict(zip(names, words, strict=True))
        cases.append(f"WHEN e.type IN ({', '.join('$' + n for n in names)}) THEN '{arm}'")
    campaign = ""
    if trial.campaign is not None:
        campaign, values["campaign"] = " AND e.campaign = $campaign", trial.campaign
    engine.run(
        "sim_log_row",
        f"SELECT * FROM (SELECT o.customer_id, CASE {' '.join(cases)} END AS arm, e.time FROM event AS e "
        "LEFT JOIN event_customer AS o ON o.event_no = e.event_no "
        f"WHERE e.source = $source AND e.time IS NOT NULL{campaign}) AS r WHERE arm IS NOT NULL",
        values,
    )


def write_holdout(engine: Engine, ask: Ask) -> None:
    """The same of what earlier builds chose: acted on is treated, held out is control."""
    engine.run(
        "sim_log_row",
        "SELECT customer_id, CASE arm WHEN 'act' THEN 'treated' ELSE 'control' END AS arm, chosen_at AS time "
        "FROM trigger_log WHERE name = CAST(? AS VARCHAR)",
        [ask.name],
    )


def count_rows(engine: Engine) -> dict[str, int]:
    """How many rows of sim_log_row each arm has."""
    found = engine.fetch("SELECT arm, count(*) AS n FROM sim_log_row GROUP BY arm").to_pylist()
    return {row["arm"]: row["n"] for row in found}


def assigned_moments(engine: Engine, most: int) -> list[datetime]:
    """The moments just before customers were assigned, a moment for each; none where they are more than `most`."""
    found = engine.fetch("SELECT DISTINCT since FROM sim_logged WHERE arm <> 'both' ORDER BY since LIMIT ?", [most + 1])
    times = found.column(0).to_pylist()
    return [time - timedelta(microseconds=1) for time in times] if len(times) <= most else []


def judge_trial(engine: Engine, ask: Ask, kind: str, as_of: datetime) -> Trial:
    """The trial of sim_log_row and sim_logged; sim_would_hit (customer_id) holds those of the trigger, where known."""
    share = float(ask.trigger.trial.share if kind == "log" and ask.trigger.trial else 1 - ask.trigger.holdout)
    arms = {row["arm"]: row["n"] for row in engine.fetch(
        "SELECT arm, count(*) AS n FROM sim_logged GROUP BY arm").to_pylist()}  # fmt: skip
    treated, control, both = (arms.get(a, 0) for a in ("treated", "control", "both"))
    until = as_of - timedelta(days=ask.window_days)
    engine.load("sim_until", engine.fetch("SELECT CAST(? AS TIMESTAMP) AS until", [until]))
    late = int(engine.scalar("SELECT count(*) FROM sim_logged, sim_until WHERE arm <> 'both' AND since > until"))
    follow(engine, "SELECT l.customer_id, l.arm, l.since FROM sim_logged AS l, sim_until AS u "
                   "WHERE l.arm <> 'both' AND l.since <= u.until")  # fmt: skip
    mismatch = chance_of_arms(treated, control, share)
    refused = _refusal(treated, control, both, mismatch)
    if not refused and late == treated + control:
        refused = f"the {ask.window_days} days are not over for anybody in the trial"
    span = engine.fetch("SELECT min(time) AS since, max(time) AS until FROM sim_log_row").to_pylist()[0]
    uplifts = [_uplift(engine, ask, EVERYBODY, "1 = 1")]
    if "sim_would_hit" in engine.tables():
        uplifts.append(_uplift(engine, ask, WOULD_BE_HIT, "o.customer_id IN (SELECT customer_id FROM sim_would_hit)"))
    return Trial(
        kind="treatment log" if kind == "log" else "holdout of earlier builds",
        source=ask.trigger.trial.source if kind == "log" and ask.trigger.trial else "trigger_log",
        since=span["since"],
        until=span["until"],
        customers=treated + control + both,
        of_nobody=int(engine.scalar("SELECT count(*) FROM sim_log_row WHERE customer_id IS NULL")),
        in_both_arms=both,
        too_late=late,
        mixed_households=int(engine.scalar(load("simulate", "sim_mixed"))),
        share=share,
        mismatch=mismatch,
        uplifts=() if refused else tuple(uplifts),
        refused=refused,
    )


def _refusal(treated: int, control: int, both: int, mismatch: float) -> str:
    if not treated or not control:
        return f"the {'treated' if control else 'held out'} arm has no customer: there is nothing to compare with"
    if mismatch < _UNLIKELY:
        return (
            f"{treated:,} treated and {control:,} held out are too uneven for chance (p = {mismatch:.1g}): something "
            "beside the coin decided who is in which arm, or who is in the log"
        )
    if both > _MIXED * (treated + control + both):
        return f"{both:,} customers are in both arms: the trial did not keep them apart, or the identities moved since"
    return ""


def _uplift(engine: Engine, ask: Ask, who: str, among: str) -> Uplift:
    treated, control = followed(engine, "treated", among), followed(engine, "control", among)
    if not treated.customers or not control.customers:
        return Uplift(who, treated, control, refused="an arm has no customer whose window is over")
    base = (control.buyers + 2) / (control.customers + 4)  # Agresti and Coull: no arm knows that nobody ever buys
    is_sized = min(treated.customers, control.customers) >= _FEW
    return Uplift(
        who=who,
        treated=treated,
        control=control,
        differences=tuple(_differences(engine, treated, control, among)),
        needed=needed_in_each_arm(base, ask.detect),
        found_from=found_from(base, treated.customers, control.customers) if is_sized else None,
    )


def _differences(engine: Engine, treated: Followed, control: Followed, among: str) -> list[Difference]:
    found = []
    for outcome, of in (("bought", "buyers"), ("silent", "silent")):
        yes, other = getattr(treated, of), getattr(control, of)
        span = difference_of_shares(yes, treated.customers, other, control.customers)
        shares = (yes / treated.customers, other / control.customers)
        found.append(Difference(outcome, *shares, span.value, span.low, span.high))
    money = difference_of_means(revenues(engine, "treated", among), revenues(engine, "control", among))
    if money is not None:
        means = (float(treated.revenue) / treated.customers, float(control.revenue) / control.customers)
        found.insert(1, Difference("revenue", *means, money.value, money.low, money.high))
    return found

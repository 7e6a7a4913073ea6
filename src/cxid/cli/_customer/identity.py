"""Who it is and how that is known, on a terminal or in a pipe."""

from __future__ import annotations

from cxid.cli._console import Console
from cxid.cli._customer.frame import facts, is_narrow, table, title
from cxid.cli._customer.words import count, day, joined, second, sure
from cxid.customer_page.model import CustomerPage, GoldenValue, RecordOfCustomer

_RULES = {
    "name_address": "family name and address",
    "contact_address": "contact and address",
    "linkage": "weighed as one home",
    "name_contact": "family name and contact",
    "alone": "nobody else is known there",
}
_JOINED = {
    "identical": "identical to {}",
    "model": "to {} by the model",
    "stitch": "to {} by an identifier",
    "composite": "to {} as two groups",
    "decision": "to {} by a decision",
}
_HAPPENED = {
    "created": "made",
    "split": "split from",
    "merged": "merged with",
    "absorbed": "took over",
    "retired": "ended",
}


def draw_heading(console: Console, page: CustomerPage) -> None:
    """Name, id, age, city, since when, stage, sources."""
    head = page.head
    console.text(console.safe(joined(head.name, page.customer_id, by="  ")), style="bold")
    since = page.profile.get("first_purchase_at")
    said = joined(
        joined(None if head.age is None else str(head.age), head.city),
        None if head.is_known else "known by devices alone",
        joined(
            f"stage {head.stage}" if head.stage else None,
            f"since {day(head.stage_since)}" if head.stage_since else None,
            by=" ",
        ),
        f"customer since {day(since)}" if since else None,
        f"known since {day(head.first_seen)}" if head.first_seen else None,
        f"household of {page.profile['household_size']}" if (page.profile.get("household_size") or 1) > 1 else None,
        by="; ",
    )
    if said:
        console.text(console.safe(said))
    console.text(console.safe(f"{count(len(head.sources), 'source')}: {', '.join(head.sources)}"), style="dim")
    when = f"as of {day(page.as_of)}, " if page.as_of else ""
    console.text(console.safe(f"{when}run {page.run_id}"), style="dim")
    if head.needs_review or page.review:
        mark = "!" if console.screen.is_tty else "needs review:"
        for reason in page.review:
            console.text(console.safe(f"{mark} {reason.words}"), style="yellow")
            console.text(console.safe(f"  {console.here(reason.command)}"))
        if not page.review:
            console.text(f"{mark} needs review: a weak link holds it, or a guard was at work", style="yellow")


def draw_summary(console: Console, page: CustomerPage) -> None:
    """The sentences."""
    if page.summary:
        title(console, "In short")
    for sentence in page.summary:
        console.text(console.safe(sentence))


def draw_values(console: Console, page: CustomerPage) -> None:
    """Each golden value, its source and rule, and the values that lost."""
    where = (lambda v: v.source) if is_narrow(console) else place
    rows = [(v.field, v.value, where(v), _others(v), v.rule, day(v.updated_at)) for v in page.values]
    full = f"; {page.head.completeness:.0%} of the fields are filled"
    columns = ("field", "value", "from", "other values", "rule", "changed")
    table(console, f"Golden values{full}" if rows else "", columns, rows, spare=("rule", "changed"))


def place(value: GoldenValue) -> str:
    """source:key of a golden value, '' when it is not known."""
    return f"{value.source}:{value.record_key}" if value.source else ""


def _others(value: GoldenValue) -> str:
    listed = "; ".join(f"{o.value} ({o.source})" for o in value.others)
    return f"conflict: {listed}" if value.conflict and listed else listed


def draw_records(console: Console, page: CustomerPage) -> None:
    """Each record with what it hangs on, then the weakest link and the question to ask about it."""
    traced = any(r.joined for r in page.records)
    heading = f"Records ({len(page.records)}), by what they hang on" if traced else "Records"
    if traced and is_narrow(console):
        table(console, heading, ("record", "joined"), [(r.ref, _joining(r)) for r in page.records])
    else:
        columns = ("record", "joined to", "by", "sure", "because", "since run")
        table(console, heading, columns, [_record_row(r, traced=traced) for r in page.records], spare=("since run",))
    _draw_weakest(console, page)


def _joining(record: RecordOfCustomer) -> str:
    """How a record came to the customer, in a few words."""
    joined_ = record.joined
    if joined_ is None:
        return "the first"
    how = _JOINED.get(joined_.kind, f"to {{}} by {joined_.kind}").format(joined_.to)
    because = "; ".join(joined_.because)
    return f"{how}, {sure(joined_.probability)} sure{f': {because}' if because else ''}"


def _record_row(record: RecordOfCustomer, *, traced: bool) -> tuple[str | None, ...]:
    joined_ = record.joined
    if joined_ is not None:
        because = "; ".join(joined_.because)
        return record.ref, joined_.to, joined_.kind, sure(joined_.probability), because, record.since_run
    if traced:
        return record.ref, None, None, None, "the first, on which the others hang", record.since_run
    return record.ref, None, record.link_kind, sure(record.probability), None, record.since_run


def _draw_weakest(console: Console, page: CustomerPage) -> None:
    link = page.weakest_link
    if link is None:
        return
    if not console.screen.is_tty:
        row = (link.a, link.b, link.kind, link.probability, "; ".join(link.because), link.more, link.command)
        columns = ("record", "with", "by", "probability", "because", "more links", "ask why")
        table(console, "Weakest link", columns, [row])
        return
    because = f" ({'; '.join(link.because)})" if link.because else ""
    console.text(
        console.safe(f"weakest link: {link.a} with {link.b}, {sure(link.probability)} sure, by {link.kind}{because}")
    )
    fewer, others = sorted(link.parts, key=lambda part: (len(part), part))
    rest = f"; {count(link.more, 'more link')} {'goes' if link.more == 1 else 'go'} across as well" if link.more else ""
    if len(fewer) + len(others) > 2:
        console.text(
            console.safe(f"without it {', '.join(fewer)} would stand apart from {count(len(others), 'record')}{rest}")
        )
    console.text(console.safe(f"ask why: {console.here(link.command)}"))


def has_home(page: CustomerPage) -> bool:
    """Whether somebody lives with the customer."""
    return page.household is not None and bool(page.household.members)


def draw_household(console: Console, page: CustomerPage) -> None:
    """Who lives with the customer, and why that is thought so."""
    home = page.household
    if home is None:
        return
    table(
        console,
        f"Household {home.household_id}: {count(len(home.members) + 1, 'customer')}, "
        f"by {_RULES.get(home.rule, home.rule)}",
        ("customer", "name", "age", "city", "by"),
        [(m.customer_id, m.name, m.age, m.city, _RULES.get(m.rule, m.rule)) for m in home.members],
    )


def draw_identifiers(console: Console, page: CustomerPage) -> None:
    """Every identifier: in a terminal the values of a type in one cell."""
    if not console.screen.is_tty:
        rows = [(i.id_type, i.id_value, i.link_kind, i.probability, i.since_run) for i in page.identifiers]
        table(console, "Identifiers", ("identifier", "value", "by", "probability", "since run"), rows)
        return
    values: dict[str, list[str]] = {}
    for identifier in page.identifiers:
        values.setdefault(identifier.id_type, []).append(identifier.id_value)
    listed = [(id_type, ", ".join(found)) for id_type, found in values.items()]
    table(console, f"Identifiers ({len(page.identifiers):,})", ("identifier", "value"), listed)


def draw_consent(console: Console, page: CustomerPage) -> None:
    """What the customer agrees to and refuses, since when and who says so."""
    rows = [
        (
            c.purpose,
            c.channel or "all others",
            joined(c.status, "contradicted" if c.conflict else None,
                   f"withdrawn {day(c.withdrawn_at)}" if c.withdrawn_at else None),
            second(c.since) if not console.screen.is_tty else day(c.since),
            day(c.expires_at),
            c.source,
            c.id_type,
        )
        for c in page.consent
    ]  # fmt: skip
    columns = ("purpose", "channel", "status", "since", "until", "source", "said by")
    table(console, "Consent", columns, rows, spare=("said by",))


_STATUS = {
    "act": "to do",
    "holdout": "held out",
    "capped": "capped: others come first",
    "cooling": "cooling down",
    "no_consent": "nothing permits it",
}


def draw_triggers(console: Console, page: CustomerPage) -> None:
    """The triggers that hold, why, and whether they are acted on."""
    is_tty = console.screen.is_tty
    rows = [
        (t.trigger, t.action, _STATUS.get(t.status, t.status) if is_tty else t.status, t.reason,
         day(t.since) if is_tty else second(t.since))
        for t in page.triggers
    ]  # fmt: skip
    table(console, "Triggers that hold", ("trigger", "action", "status", "because", "since"), rows, spare=("since",))


def has_history(page: CustomerPage) -> bool:
    """Whether there is more to say of the id than that it was made."""
    events = page.history.events
    return len(events) > 1 or bool(page.history.former_ids) or any(e.other_customer_id for e in events)


def draw_history(console: Console, page: CustomerPage) -> None:
    """The life of the id, and the ids of the past that lead to it."""
    rows = [
        (e.run_id, _HAPPENED.get(e.event, e.event), e.other_customer_id, e.records, e.identifiers, e.cause)
        for e in page.history.events
    ]
    table(console, "Life of the id", ("run", "what", "other id", "records", "identifiers", "because of"), rows)
    former = [(f.customer_id, f.since_run) for f in page.history.former_ids]
    table(console, "Former ids that lead here", ("former id", "since run"), former)


def draw_unknown(console: Console, page: CustomerPage) -> None:
    """What one would look for and does not find."""
    facts(console, "Not known", [(u.about, u.words) for u in page.unknown])

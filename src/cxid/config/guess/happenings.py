"""The config of sources whose rows happen at a time: events, transactions, mentions, surveys."""

from __future__ import annotations

from typing import Any

from cxid.config.guess.columns import ColumnGuess
from cxid.config.guess.datasets import Dataset, stem_of
from cxid.config.guess.found import Draft
from cxid.config.guess.identity import Identity
from cxid.config.guess.keys import KeyGuess
from cxid.config.guess.kinds import PERSON_IDS, times
from cxid.config.guess.occasions import name_occasions, survey_scale
from cxid.config.guess.people import dated_column
from cxid.config.guess.resolve import CLOCK
from cxid.config.guess.words import listed, read_header, words_of

# Words of file names, in this order, and the channel that they name.
_CHANNELS = (
    ("SUPPORT", "support"), ("AD", "ads"), ("APP", "mobile"), ("EMAIL", "email"), ("CAMPAIGN", "email"),
    ("SOCIAL_MEDIA", "social"), ("WEB", "web"), ("SESSION", "web"), ("SCREEN", "web"),
)  # fmt: skip
_TEXT_CHANNELS = {
    "community": "community", "forum": "community", "pos": "store", "kasse": "store", "store": "store",
    "filiale": "store", "loja": "store", "tienda": "store", "negozio": "store", "winkel": "store", "magasin": "store",
    "attendance": "event", "attendees": "event", "webinar": "event", "conference": "event", "kassenbon": "store",
    "messe": "event", "veranstaltung": "event", "mobile": "mobile", "push": "mobile", "delivery": "delivery",
    "deliveries": "delivery", "billing": "billing", "finance": "billing", "finanz": "billing", "buchhaltung": "billing",
    "facturation": "billing", "receipts": "store", "bons": "store", "newsletter": "email",
    "online": "web", "webshop": "web", "ecommerce": "web", "shop": "web", "clickstream": "web", "callcenter": "support",
    "facebook": "social", "instagram": "social", "twitter": "social", "social": "social",
}  # fmt: skip
_TOTAL = listed(
    "total amount gesamt gesamtbetrag betrag umsatz revenue importe montant valor importo bedrag totale paid ttc brutto"
    " gross netto net"
)


def happening_source(
    dataset: Dataset, kind: str, key: KeyGuess | None, identity: Identity, base: dict[str, Any]
) -> Draft | None:
    """The source as plain config with its evidence, None when it lacks its time, its persons or what its kind needs."""
    draft = Draft(dataset.name, {**base, "kind": kind})
    if key is not None:
        draft.source["key"] = key.columns[0] if len(key.columns) == 1 else list(key.columns)
        draft.used |= set(key.columns)
        draft.note(("key",), ", ".join(key.columns), key.why, 0.95)
    if not _time(dataset, draft):
        return None
    name_persons(dataset, identity, draft)
    if not draft.source.get("ids"):
        return None
    _what(dataset, kind, draft)
    needed = {"transactions": "amount", "survey": "score"}.get(kind)
    if needed and needed not in draft.source:
        return None
    _where(dataset, draft)
    name_occasions(dataset, kind, draft)
    _rest(dataset, draft)
    return draft


def put(draft: Draft, part: str, column: ColumnGuess, value: Any = None) -> None:
    """Give a part of the source a column, with the reason."""
    draft.source[part] = column.name if value is None else value
    draft.used.add(column.name)
    draft.note((part,), column.name, column.why, column.sure)


def _time(dataset: Dataset, draft: Draft) -> bool:
    found = [c for c in times(dataset) if c.name not in draft.used]
    if not found:
        return False
    best = found[0]
    shape = best.values.dates
    assert shape is not None
    clock = _clock_column(dataset, draft) if not shape.clock else None
    if clock is not None:
        seconds = sum(v.count(":") == 2 for v in clock.values.sample) > 0.5 * len(clock.values.sample)
        form = f"{shape.format} %H:%M{':%S' if seconds else ''}"
        put(draft, "time", best, {"from": [best.name, clock.name], "join": " ", "format": form})
        draft.used.add(clock.name)
    else:
        put(draft, "time", best, dated_column(best))
    if not shape.certain:
        draft.warnings.append(f"{draft.name}.{best.name}: {shape.why}")
        draft.note(("time", "format"), best.name, shape.why, 0.5)
    elif not shape.iso:
        draft.note(("time", "format"), best.name, shape.why, 0.95)
    if shape.clock and not shape.zoned:
        draft.note(("timezone",), best.name, "its times carry no zone: taken as UTC", 0.5)
    return True


def _clock_column(dataset: Dataset, draft: Draft) -> ColumnGuess | None:
    """A column of times of day beside the date."""
    for c in dataset.columns:
        clocks = sum(1 for v in c.values.sample if CLOCK.fullmatch(v) and ":" in v)
        named = c.name not in draft.used and "TIME" in read_header(c.name).atoms
        if named and clocks and clocks >= 0.9 * len(c.values.sample):
            return c
    return None


def name_persons(dataset: Dataset, identity: Identity, draft: Draft) -> None:
    """Everything that says who it was: identifiers, e-mails, phones."""
    ids: dict[str, Any] = {}
    for c in dataset.columns:
        place = (dataset.name, c.name)
        kind = c.meaning if c.meaning in ("email", "phone") else identity.types.get(place)
        if kind is None or c.reading.stranger or (c.meaning not in PERSON_IDS and place not in identity.shared):
            continue
        if c.values.constant and c.values.filled > 3:
            draft.drop(c.name, "the same value in every row")
            continue
        if c.values.distinct <= 3 and c.values.filled > 200:
            draft.drop(c.name, "too few values to name persons")
            continue
        before = ids.get(kind)
        ids[kind] = c.name if before is None else [*([before] if isinstance(before, str) else before), c.name]
        draft.used.add(c.name)
        why = identity.reasons.get(place, c.why)
        draft.note(("ids", kind), c.name, why, 0.9 if place in identity.shared else c.sure)
    draft.source["ids"] = ids


def _what(dataset: Dataset, kind: str, draft: Draft) -> None:
    """What happened, by kind."""
    if kind in ("transactions", "events"):
        _amount(dataset, kind, draft)
        _one(dataset, draft, "category", *(("category", "product") if kind == "transactions" else ("category",)))
        wanted = (
            ("transaction_type", "type")
            if kind == "transactions"
            else ("event_type", "type", "support_type", "status", "transaction_type")
        )
        _type(dataset, draft, wanted)
    if kind == "mentions":
        _one(dataset, draft, "category", "category")
        _type(dataset, draft, ("event_type", "type"))
    if kind == "survey":
        for c in dataset.find("score")[:1]:
            put(draft, "score", c, _number(c))
            if scale := survey_scale(c):
                draft.source["scale"] = scale
                draft.note(("scale",), c.name, "its answers go beyond 10", 0.7)
        _type(dataset, draft, ("support_type", "type"))


def _one(dataset: Dataset, draft: Draft, part: str, *meanings: str) -> None:
    for meaning in meanings:
        for c in dataset.find(meaning, strangers=True):
            if c.name not in draft.used and not c.values.constant and part not in draft.source:
                put(draft, part, c, None)


def _type(dataset: Dataset, draft: Draft, meanings: tuple[str, ...]) -> None:
    for meaning in meanings:
        for c in dataset.find(meaning):
            if (
                c.name not in draft.used
                and c.values.distinct <= 200
                and "type" not in draft.source
                and not c.values.dates
            ):
                put(draft, "type", c, {"from": c.name})
    if (
        "type" not in draft.source
        and draft.source["kind"] == "survey"
        and any(c.name.lower() == "csat" for c in dataset.columns)
    ):
        draft.source["type"] = "csat"


def _number(c: ColumnGuess) -> Any:
    return {"from": c.name, "decimal": ","} if c.values.number and c.values.number.decimal == "," else c.name


def _amount(dataset: Dataset, kind: str, draft: Draft) -> None:
    found = [c for c in dataset.find("amount", "unit_price", strangers=True) if c.name not in draft.used]
    found = [c for c in found if kind == "transactions" or c.meaning == "amount"]
    if not found:
        return
    best = min(
        found, key=lambda c: (c.meaning != "amount", not set(words_of(c.name)) & _TOTAL, dataset.columns.index(c))
    )
    put(draft, "amount", best, _number(best))
    single = best.meaning == "unit_price" or set(words_of(best.name)) & {
        "price",
        "preis",
        "prix",
        "precio",
        "preco",
        "prezzo",
        "prijs",
    }
    pieces = [c for c in dataset.find("quantity") if c.name not in draft.used and c.values.number]
    if single and pieces and kind == "transactions":
        put(draft, "quantity", pieces[0], _number(pieces[0]))
        draft.note(("quantity",), pieces[0].name, f"{best.name} looks like the price of one piece", 0.7)
    codes = [c for c in dataset.find("currency") if c.name not in draft.used]
    if codes:
        put(draft, "currency", codes[0], {"from": codes[0].name})
    elif best.values.number and best.values.number.symbol:
        draft.source["currency"] = best.values.number.symbol
        draft.note(("currency",), best.name, "the sign beside its numbers", 0.9)


def _where(dataset: Dataset, draft: Draft) -> None:
    for c in dataset.find("channel"):
        if c.sure >= 0.9 and not c.values.constant and "channel" not in draft.source and c.name not in draft.used:
            put(draft, "channel", c, {"from": c.name})
    if "channel" not in draft.source:
        channel = _channel_by_name(dataset)
        if channel:
            draft.source["channel"] = channel
            draft.note(("channel",), "", "by the file's name", 0.7)
    campaigns = [c for c in dataset.find("campaign") if c.name not in draft.used and not c.values.constant]
    if campaigns:
        put(draft, "campaign", campaigns[0])


def _channel_by_name(dataset: Dataset) -> str:
    words = words_of(stem_of(dataset.first.path)) + words_of(dataset.first.path.parent.name)
    for word in words:
        if word in _TEXT_CHANNELS:
            return _TEXT_CHANNELS[word]
    atoms = {a for w in words for a in read_header(w).atoms}
    by_name = next((channel for atom, channel in _CHANNELS if atom in atoms), "")
    if by_name:
        return by_name
    return "web" if dataset.find("session_id") or dataset.find("cookie") else ""


_NAMES = "names are no part of an event: who it was is said by its identifiers"
_WHY_NOT = {
    "session_id": "a session names a visit, not a person", "household_id": "names a household, not a person",
    "note": "free text", "truth": "an answer, not customer data",
    "given_name": _NAMES,
    "family_name": _NAMES, "full_name": _NAMES,
    "quantity": "the amount is that of the whole row", "unit_price": "the amount is taken",
    "moneykind": "part of the amount, or beside it",
    "store": "names a shop, not a person", "agent": "names somebody else", "hash": "a hash of something unknown",
}  # fmt: skip


def _rest(dataset: Dataset, draft: Draft) -> None:
    for c in dataset.columns:
        if c.name in draft.used:
            continue
        if not c.values.filled:
            draft.drop(c.name, "no value in the sample")
        elif c.values.constant:
            draft.drop(c.name, "the same value in every row")
        else:
            meant = c.meaning.replace("_", " ")
            draft.drop(
                c.name,
                _WHY_NOT.get(c.meaning)
                or (f"{meant}: not a part of this kind of source" if meant else "meaning not known"),
            )

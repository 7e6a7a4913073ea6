"""The parts of a happening beside who, when and what: its case, promise and end, who heard it, where it came from."""

from __future__ import annotations

from collections.abc import Callable

from cxid.config.guess.columns import ColumnGuess
from cxid.config.guess.datasets import Dataset
from cxid.config.guess.found import Draft
from cxid.config.guess.people import dated_column
from cxid.config.guess.words import listed, words_of

_CASE = listed(
    "case ticket incident fall vorgang vorfall anliegen order bestellung bestell auftrag commande pedido ordine"
    " bestelling zamowienie order parcel shipment sendung colis encomenda envio spedizione zending caso chamado dossier"
    " orderid orderno caseid caseno ticketid ticketno bestellnr bestellnummer auftragsnummer auftragsnr fallnummer"
)
_PROMISED = listed(
    "promised promise promisedby zugesagt versprochen liefertermin wunschtermin solltermin promis promise prometido"
    " prometida promesso promessa beloofd sla eta duedate duedelivery"
)
_EXPECTED = listed(
    "expected estimated planned scheduled due erwartet erwartete geplant geplante voraussichtlich prevue prevu prevista"
    " previsto estimada estimado verwacht verwachte"
)
_DELIVERY = listed(
    "delivery deliver shipping ship arrival lieferung liefer lieferdatum zustellung ankunft livraison entrega consegna"
    " levering bezorging leverdatum"
)
_END = listed(
    "resolved solved closed completed delivered ended end finished geschlossen gelost geloest erledigt abgeschlossen"
    " zugestellt geliefert ausgeliefert beendet ende resuelto cerrado entregado resolu ferme cloture livre livree"
    " termine resolvido fechado encerrado entregue risolto chiuso consegnato opgelost gesloten afgesloten geleverd"
    " bezorgd einde"
)
_LIKES = listed(
    "likes like upvotes votes kudos helpful hilfreich favorites favourites aime gusta curtidas piace useful thumbsup"
)
_FOLLOWERS = listed(
    "followers follower followercount followerscount followerzahl fans abonnes abonnenten seguidores seguaci volgers"
)


def name_occasions(dataset: Dataset, kind: str, draft: Draft) -> None:
    """Give the source the parts that its free columns can be; a column that something else has is left."""
    if kind in ("events", "transactions"):
        _take(dataset, draft, "due", lambda c, w: bool(c.values.dates) and _is_promise(w), dated_column)
        _take(dataset, draft, "end", lambda c, w: bool(c.values.dates) and bool(w & _END), dated_column)
    if kind == "transactions":
        _name_purchase(dataset, draft)
    if kind == "events":
        _take(dataset, draft, "case", lambda c, w: bool(w & _CASE) and _repeats(c))
    if kind in ("events", "mentions"):
        _take(dataset, draft, "likes", lambda c, w: _counts(c) and bool(w & _LIKES))
        _take(dataset, draft, "followers", lambda c, w: _counts(c) and bool(w & _FOLLOWERS))
        _take(dataset, draft, "reach", lambda c, w: _counts(c) and c.meaning == "reach", written_number)
        _take(dataset, draft, "sentiment", lambda c, w: c.meaning == "sentiment", written_number)
    _take(dataset, draft, "medium", lambda c, w: "".join(words_of(c.name)) == "utmmedium", _from)
    _take(dataset, draft, "origin", lambda c, w: "".join(words_of(c.name)) == "utmsource", _from)


def _name_purchase(dataset: Dataset, draft: Draft) -> None:
    """The number that the lines of one purchase share: one that repeats, alone or as a part of the key."""
    key = draft.source.get("key")
    parts = key if isinstance(key, list) else []
    for c in dataset.columns:
        free = c.name not in draft.used or c.name in parts
        if free and c.meaning == "row_key" and not c.values.constant and _repeats(c):
            draft.source["case"] = c.name
            draft.used.add(c.name)
            draft.note(("case",), c.name, "the number that lines of one purchase share", 0.8)
            return


def survey_scale(score: ColumnGuess) -> list[int] | None:
    """The scale that the sample of answers shows beyond the usual ones, None for these: 0 to 10, or 1 to 5."""
    number = score.values.number
    if number is None or number.share < 0.9:
        return None
    if 10 < number.high <= 100 and number.low >= 0:
        return [0, 100]
    return None


def _take(
    dataset: Dataset,
    draft: Draft,
    part: str,
    fits: Callable[[ColumnGuess, frozenset[str]], bool],
    value: Callable[[ColumnGuess], object] = lambda c: c.name,
) -> None:
    """Give a part the first free column that fits."""
    for c in dataset.columns:
        free = part not in draft.source and c.name not in draft.used and not c.values.constant and c.values.filled
        if free and fits(c, frozenset(words_of(c.name))):
            draft.source[part] = value(c)
            draft.used.add(c.name)
            draft.note((part,), c.name, f"{part}, by its header", 0.7)


def written_number(column: ColumnGuess) -> object:
    """The column with its decimal sign, where that is no point."""
    number = column.values.number
    return {"from": column.name, "decimal": ","} if number and number.decimal == "," else column.name


def _from(column: ColumnGuess) -> object:
    return {"from": column.name}


def _is_promise(words: frozenset[str]) -> bool:
    return bool(words & _PROMISED) or bool(words & _EXPECTED and words & _DELIVERY)


def _repeats(column: ColumnGuess) -> bool:
    """Whether values come more than once and are names of something, not words for it."""
    values = column.values
    return values.filled > 20 and 0.02 < values.variety < 0.98 and values.has_digit > 0.9 and not values.dates


def _counts(column: ColumnGuess) -> bool:
    number = column.values.number
    return number is not None and number.share > 0.9 and number.low >= 0

"""Files that hold two things: who came and that they came; and papers about purchases that another file counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from cxid.config.guess.datasets import Dataset, stem_of
from cxid.config.guess.found import Draft
from cxid.config.guess.happenings import happening_source
from cxid.config.guess.identity import Identity
from cxid.config.guess.keys import KeyGuess
from cxid.config.guess.kinds import KindGuess, times
from cxid.config.guess.words import fold, free_name, listed, words_of

_CAME = listed(
    "badge badges attendee attendees attendance registration registrations visitor visitors teilnehmer messe webinar"
    " participant participants participantes conference anmeldung anmeldungen inscriptions inscricoes checkin checkins"
)
_PAPERS = {
    "invoice": "rechnung invoice facture factura fatura fattura factuur faktura bill",
    "delivery": "lieferung lieferschein delivery livraison entrega consegna levering shipment",
    "payment": "zahlung zahlungseingang payment paiement pago pagamento betaling",
    "reminder": "mahnung reminder dunning rappel aviso sollecito herinnering",
}


def is_attendance(dataset: Dataset) -> bool:
    """Whether each row is a person with a name and an address to reach them, at the moment when they came."""
    path = dataset.first.path
    texts = (stem_of(path), path.parent.name, *(c.name for c in dataset.columns))
    said = {w for text in texts for w in words_of(text)}
    named = dataset.find("full_name", "given_name", "family_name")
    moments = [c for c in times(dataset) if c.meaning != "updated_at"]
    return bool(said & _CAME and named and dataset.find("email", "phone") and moments)


def attendance_source(dataset: Dataset, key: KeyGuess, identity: Identity, base: dict[str, Any]) -> Draft | None:
    """The same file read as events, joined to its people by the key; None when it lacks a time."""
    twin = replace(dataset, name=f"{dataset.name}_attendance")
    for (source, column), kind in list(identity.types.items()):
        if source == dataset.name:
            identity.types[(twin.name, column)] = kind
            if (source, column) in identity.shared:
                identity.shared.add((twin.name, column))
                identity.reasons[(twin.name, column)] = identity.reasons.get((source, column), "")
    draft = happening_source(twin, "events", key, identity, base)
    if draft is None:
        return None
    if isinstance(draft.source.get("type"), dict) and "category" not in draft.source:
        draft.source["category"] = draft.source["type"]["from"]
    draft.source["type"] = "attended"
    draft.source.setdefault("channel", "event")
    draft.note(("type",), "", "one file, two sources: who came, and that they came", 0.7)
    return draft


def share_key(dataset: Dataset, key: KeyGuess, identity: Identity) -> None:
    """Make the key an identifier, by which both readings of the file meet."""
    place = (dataset.name, key.columns[0])
    identity.types.setdefault(place, free_name(key.columns[0], (), dataset.name))
    identity.shared.add(place)
    identity.reasons.setdefault(place, "names the row in both readings of the file")


def papers(datasets: Sequence[Dataset], kinds: Mapping[str, KindGuess]) -> dict[str, KindGuess]:
    """Files of invoices with their deliveries and payments where another file counts the purchases: as events."""
    sold = [d for d in datasets if kinds[d.name].kind == "transactions"]
    found = {d.name: said for d in sold if (said := _papers_in(d))}
    if len(found) == len(sold):
        return {}
    why = "it holds {}: papers about purchases, and their money is in another file already"
    return {name: KindGuess("events", why.format(", ".join(said)), 6) for name, said in found.items()}


def _papers_in(dataset: Dataset) -> list[str]:
    """The kinds of papers that its types name: an invoice and what follows one; [] when there are no such papers."""
    for c in dataset.find("transaction_type", "type", "category", "row_key", "event_type"):
        if c.values.distinct <= 30:
            words = {w for v in set(c.values.sample) for w in words_of(fold(v))}
            said = [paper for paper, known in _PAPERS.items() if words & set(known.split())]
            if "invoice" in said and len(said) >= 2:
                return said
    return []

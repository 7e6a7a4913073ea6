"""What a source's own word for a happening means to the sections on service, deliveries, the community and surveys.

Words of several languages, folded to ASCII; a type is read word by word, so `ticket_resolved`, `Ticket gelöst` and
`case.closed` say the same. What no word says stays '' and counts as nothing in particular.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pyarrow as pa
from anyascii import anyascii


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NOT = _words("not no non nicht kein keine nao niet nie")
_REOPENED = _words(
    "reopened reopen reopens wiedereroffnet wiedereroeffnet rouvert reouvert reabierto reaberto riaperto heropend"
)
_RESOLVED = _words(
    "resolved resolve resolution solved solve closed close completed done finished fixed gelost geloest erledigt"
    " geschlossen abgeschlossen beendet resolu resolue ferme fermee clos cloture termine traite resuelto resuelta"
    " cerrado cerrada solucionado resolvido resolvida fechado fechada encerrado concluido risolto risolta chiuso chiusa"
    " opgelost gesloten afgesloten afgehandeld rozwiazane zamkniete stangd lukket suljettu"
)
_OF_STAFF = _words(
    "agent assigned assign escalated escalation internal note pending waiting merged tagged updated status transferred"
    " zugewiesen intern interne mitarbeiter bearbeiter eskaliert weitergeleitet wartend assigne transfere asignado"
    " escalado interno atribuido assegnato toegewezen"
)
_DELIVERED = _words(
    "delivered delivery lieferung geliefert ausgeliefert zugestellt zustellung auslieferung livre livree livraison"
    " entregado entregada entregue entrega consegnato consegnata consegna geleverd levering bezorgd bezorging"
    " dostarczono dostawa levererad leverans leveret leverert toimitettu"
)
_UNDER_WAY = _words(
    "scheduled planned expected estimated out for attempt attempted failed fail undelivered fee cost costs price"
    " address option method shipped dispatched started pending created ready booked geplant erwartet fehlgeschlagen"
    " unterwegs prevue echouee programada prevista fallida kosten frais gastos"
)
_LATE = _words(
    "late delayed delay overdue verspatet verspaetet verspatung verspaetung verzogert verzoegert retard retardee"
    " tardif tardive tarde tardio atraso atrasado atrasada retrasado retrasada retraso ritardo laat vertraagd"
    " vertraging opozniona forsenad forsinket"
)
_ACCEPTED = _words(
    "accepted accept solution akzeptiert losung loesung acceptee aceptada solucion aceita solucao accettata soluzione"
    " geaccepteerd oplossing"
)
_LIKED = _words(
    "like likes liked kudos upvote upvotes upvoted vote votes voted helpful gefallt gefaellt hilfreich aime jaime utile"
    " gusta curtida curtiu piace leuk nuttig thumbs"
)
_GOT = _words(
    "received receive got erhalten bekommen recu recue recibido recibida recebido recebida ricevuto ontvangen"
)
_ANSWER = _words(
    "answer answers answered reply replies replied response respond responded antwort beantwortet geantwortet reponse"
    " repondu respuesta respondido resposta respondeu risposta risposto antwoord beantwoord"
)
_POST = _words(
    "post posts posted question questions ask asked topic thread comment commented comments review article idea tip"
    " frage gefragt beitrag thema kommentar kommentiert bewertung idee sujet commentaire avis pregunta tema publicacion"
    " comentario pergunta topico publicacao domanda discussione commento vraag bericht reactie"
)
_NPS = _words(
    "nps promoter enps recommend recommendation weiterempfehlung empfehlung recommandation recomendacion recomendacao"
    " raccomandazione aanbeveling"
)
_CSAT = _words(
    "csat satisfaction satisfied zufriedenheit satisfaccion satisfacao soddisfazione tevredenheid rating stars star"
    " bewertung sterne review avaliacao valutazione calificacion note"
)


@dataclass(frozen=True)
class Meaning:
    """What one type says, topic by topic; '' where it says nothing about the topic."""

    ticket: str  # reopened, resolved, staff, contact
    delivery: str  # delivered, late
    voice: str  # accepted, liked, answer, post
    survey: str  # nps, csat, other


def meaning_of(text: str) -> Meaning:
    """The meanings of a type as a source writes it."""
    words = frozenset(re.findall("[a-z]+", anyascii(text).lower().replace("wieder er", "wiederer")))
    return Meaning(_ticket(words), _delivery(words), _voice(words), _survey(words))


def _ticket(words: frozenset[str]) -> str:
    if words & _REOPENED:
        return "reopened"
    if words & _RESOLVED and not words & _NOT:
        return "resolved"
    return "staff" if words & _OF_STAFF else "contact"


def _delivery(words: frozenset[str]) -> str:
    if not words & _DELIVERED or words & (_UNDER_WAY | _NOT):
        return ""
    return "late" if words & _LATE else "delivered"


def _voice(words: frozenset[str]) -> str:
    if words & _LIKED:
        return "liked" if words & _GOT else ""
    if words & _ACCEPTED or {"best", "answer"} <= words or {"beste", "antwort"} <= words:
        return "accepted"
    if words & _ANSWER:
        return "answer"
    return "post" if words & _POST else ""


def _survey(words: frozenset[str]) -> str:
    if words & _NPS:
        return "nps"
    return "csat" if words & _CSAT else "other"


SAID = "SELECT DISTINCT type AS raw FROM event WHERE type IS NOT NULL"


def with_meanings(batch: pa.Table) -> pa.Table:
    """(raw, ticket, delivery, voice, survey) of the distinct types of events."""
    found = [meaning_of(raw) for raw in batch.column("raw").to_pylist()]
    for topic in ("ticket", "delivery", "voice", "survey"):
        batch = batch.append_column(topic, pa.array([getattr(m, topic) for m in found], pa.string()))
    return batch

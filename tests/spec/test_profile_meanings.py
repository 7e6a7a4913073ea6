"""What a source's own word means to tickets, deliveries, the community and surveys. Each test is its table."""

from __future__ import annotations

import pytest

from cxid.config.meanings import meaning_of
from cxid.stages.profile.voices import read_count, speaks_of_followers

TICKET = {
    "opened": "contact", "created": "contact", "complaint": "contact", "Rückfrage": "contact", "": "contact",
    "resolved": "resolved", "ticket_closed": "resolved", "Case.Solved": "resolved", "gelöst": "resolved",
    "Fall geschlossen": "resolved", "résolu": "resolved", "cerrado": "resolved", "Encerrado": "resolved",
    "not resolved": "contact", "nicht gelöst": "contact", "unresolved": "contact",
    "reopened": "reopened", "ticket re-opened": "contact", "wiedereröffnet": "reopened", "reabierto": "reopened",
    "agent_reply": "staff", "assigned": "staff", "escalated to level 2": "staff", "status changed": "staff",
}  # fmt: skip
DELIVERY = {
    "delivered": "delivered", "order_delivered": "delivered", "Lieferung": "delivered", "colis livré": "delivered",
    "Entregado": "delivered", "Consegnato": "delivered", "bezorgd": "delivered",
    "Lieferung verspätet": "late", "delivery delayed": "late", "livraison en retard": "late", "entrega atrasada": "late",
    "out_for_delivery": "", "delivery_failed": "", "delivery scheduled": "", "not delivered": "", "undelivered": "",
    "delivery address": "", "shipped": "", "late": "", "purchase": "", "": "",
}  # fmt: skip
VOICE = {
    "question": "post", "Frage": "post", "new_topic": "post", "comment": "post",
    "answer": "answer", "reply": "answer", "Antwort": "answer", "réponse": "answer",
    "answer accepted": "accepted", "solution": "accepted", "best answer": "accepted", "beste Antwort": "accepted",
    "like": "", "liked": "", "upvote": "", "j'aime": "",
    "like_received": "liked", "kudos received": "liked", "Gefällt mir erhalten": "liked",
    "login": "", "": "",
}  # fmt: skip
SURVEY = {
    "nps": "nps", "NPS Q3": "nps", "net promoter": "nps", "Weiterempfehlung": "nps", "likelihood to recommend": "nps",
    "csat": "csat", "customer satisfaction": "csat", "Zufriedenheit": "csat", "star rating": "csat",
    "onboarding": "other", "ces": "other",
}  # fmt: skip
TOPICS = [
    (topic, text, meaning)
    for topic, table in (("ticket", TICKET), ("delivery", DELIVERY), ("voice", VOICE), ("survey", SURVEY))
    for text, meaning in table.items()
]


@pytest.mark.parametrize(("topic", "text", "meaning"), TOPICS)
def test_a_type_means_what_its_words_say(topic: str, text: str, meaning: str) -> None:
    assert getattr(meaning_of(text), topic) == meaning


COUNTS = {
    "1088": 1088, "12,345": 12345, "12.345": 12345, "1 234": 1234, "1'234'567": 1_234_567, "12.5K": 12500,
    "1,2 Mio": 1_200_000, "3M": 3_000_000, "0": 0,
    "": None, "many": None, "-5": None, "12 people": None, "1e9": None, "9" * 20: None,
}  # fmt: skip


@pytest.mark.parametrize(("text", "count"), COUNTS.items())
def test_a_number_of_followers_is_read_as_people_write_it(text: str, count: int | None) -> None:
    assert read_count(text) == count


FIELDS = {
    "followers": True, "follower_count": True, "FollowersCount": True, "Anzahl Follower": True, "abonnés": True,
    "seguidores": True, "following": False, "tier": False,
}  # fmt: skip


@pytest.mark.parametrize(("name", "yes"), FIELDS.items())
def test_a_field_of_followers_is_known_by_its_name(name: str, yes: bool) -> None:
    assert speaks_of_followers(name) is yes

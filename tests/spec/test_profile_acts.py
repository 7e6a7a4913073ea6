"""What sources call the things that happen, and what the profile takes them for."""

from __future__ import annotations

import pytest

from cxid.config.acts import ACTS, OURS, act_of
from cxid.config.engagement import POINTS
from cxid.stages.profile.doings import is_session

SAID = [
    # kind, channel, the source's word, act
    ("events", "email", "sent", "sent"),
    ("events", "email", "Versendet", "sent"),
    ("events", "email", "envoyé", "sent"),
    ("events", "other", "email_sent", "sent"),
    ("events", "email", "email.delivered", "delivered"),
    ("events", "email", "zugestellt", "delivered"),
    ("events", "other", "delivered", "document"),
    ("events", "other", "Lieferung verspätet", "document"),
    ("events", "email", "opened", "open"),
    ("events", "email", "Geöffnet", "open"),
    ("events", "email", "ouverture", "open"),
    ("events", "email", "abierto", "open"),
    ("events", "email", "aperta", "open"),
    ("events", "email", "link clicked", "click"),
    ("events", "email", "Klick", "click"),
    ("events", "email", "clique", "click"),
    ("events", "email", "hard_bounce", "bounce"),
    ("events", "email", "unzustellbar", "bounce"),
    ("events", "email", "Unsubscribed", "unsubscribe"),
    ("events", "email", "opt-out", "unsubscribe"),
    ("events", "email", "Abmeldung", "unsubscribe"),
    ("events", "email", "désinscription", "unsubscribe"),
    ("events", "email", "spam complaint", "unsubscribe"),
    ("events", "ads", "impression", "sent"),
    ("events", "ads", "click", "click"),
    ("events", "web", "page_view", "view"),
    ("events", "web", "add_to_cart", "cart"),
    ("events", "web", "AddToCart", "cart"),
    ("events", "web", "in den Warenkorb", "cart"),
    ("events", "web", "panier", "cart"),
    ("events", "web", "checkout_start", "cart"),
    ("events", "web", "order_completed", "purchase"),
    ("events", "web", "order_view", "view"),
    ("events", "web", "bestellung", "purchase"),
    ("events", "web", "sign up", "signup"),
    ("events", "web", "logIn", "login"),
    ("events", "web", "búsqueda", "search"),
    ("events", "mobile", "app_open", "open"),
    ("events", "support", "opened", "ticket"),
    ("events", "support", "geschlossen", "handled"),
    ("events", "community", "answer", "post"),
    ("events", "community", "like", "like"),
    ("events", "event", "attended", "attend"),
    ("events", "web", "invite_friend", "refer"),
    ("events", "other", "Rechnung", "document"),
    ("events", "other", "Gutschrift", "refund"),
    ("transactions", "store", "purchase", "purchase"),
    ("transactions", "store", "Retoure", "refund"),
    ("transactions", "store", None, "purchase"),
    ("survey", "other", "anything", "answer"),
    ("mentions", "social", None, "mention"),
    ("events", "web", "購入", "other"),
    ("events", "web", "", "other"),
    ("events", "web", None, "other"),
]


@pytest.mark.parametrize(("kind", "channel", "said", "act"), SAID)
def test_a_source_s_word_is_taken_for_an_act(kind: str, channel: str, said: str | None, act: str) -> None:
    assert act_of(kind, channel, said) == act


def test_every_act_has_points_and_what_the_company_does_has_none() -> None:
    assert set(POINTS) == set(ACTS)
    assert all(POINTS[act] == 0 for act in OURS)


SESSIONS = [
    ("session", True),
    ("session_id", True),
    ("sessionId", True),
    ("ga_session_number", True),
    ("web_sitzung", True),
    ("visit_id", True),
    ("visitor_id", False),
    ("cookie", False),
    ("customer_no", False),
    ("obsession", False),
]


@pytest.mark.parametrize(("id_type", "said"), SESSIONS)
def test_an_identifier_type_is_a_session_by_its_name(id_type: str, said: bool) -> None:
    assert is_session(id_type) is said

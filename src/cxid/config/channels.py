"""The channels that a profile counts apart, and what sources call them."""

from __future__ import annotations

import re

import pyarrow as pa

CHANNELS = ("web", "email", "mobile", "social", "store", "support", "community", "event", "ads", "other")

_SPELLINGS = {
    "email": "email mail mailing newsletter edm crm_mail",
    "mobile": "mobile app ios android push sms whatsapp",
    "social": "social twitter x facebook fb instagram ig tiktok linkedin youtube pinterest mention mentions",
    "store": "store pos retail shop instore branch till cash receipt receipts filiale tienda loja negozio kasse",
    "support": "support service call callcenter phone helpdesk ticket tickets chat care hotline case cases complaint",
    "community": "community forum board reviews review group",
    "event": "event conference webinar fair trade expo attendance meetup",
    "ads": "ads ad advertising advert paid display ppc sem cpc banner affiliate retargeting click clicks adwords",
    "web": "web website online site browser desktop www ecommerce eshop webshop page pageview clickstream organic seo",
}
_CHANNEL_OF = {word: channel for channel, text in _SPELLINGS.items() for word in text.split()}


def channel_of(name: str) -> str:
    """The channel that a source's own word for it means, 'other' when none fits.

    The whole name decides when it is known, else its first known word: email_campaign is email, ad_clicks ads.
    """
    text = name.strip().lower()
    if text in _CHANNEL_OF:
        return _CHANNEL_OF[text]
    joined = re.sub(r"[^a-z]+", "", text.replace("e-mail", "email"))
    if joined in _CHANNEL_OF:
        return _CHANNEL_OF[joined]
    found = re.findall(r"[a-z]+", text.replace("e-mail", "email").replace("in-store", "store"))
    return next((_CHANNEL_OF[w] for w in found if w in _CHANNEL_OF), "other")


def with_channels(batch: pa.Table) -> pa.Table:
    """(raw, channel) of the distinct channels of events."""
    return batch.append_column(
        "channel", pa.array([channel_of(r) for r in batch.column("raw").to_pylist()], pa.string())
    )

"""How permissions are written and asked for: the one place that reads the published table `consent`."""

from __future__ import annotations

from cxid.engine.base import literal

_EVERY = ("*", "all", "any", "every", "alle", "tous", "toutes", "tout", "todos", "todas", "todo", "tutti", "tutte")
_CHANNELS = {
    "email": ("e-mail", "e mail", "e_mail", "courriel"),
    "sms": ("text", "text message", "text_message"),
    "phone": ("telephone", "tel", "telefon", "telefone", "teléfono", "telefono", "téléphone", "call", "calls"),
    "post": ("postal", "postal mail", "direct mail", "letter", "brief", "courrier"),
}


def folded_purpose(column: str) -> str:
    """SQL for a purpose as `consent` has it: lower case, single spaces; '' when it means every purpose."""
    text = f"regexp_replace(lower(trim({column})), '[ \\t]+', ' ', 'g')"
    return f"CASE WHEN {text} IN ({_listed(_EVERY)}) THEN '' ELSE {text} END"


def folded_channel(column: str) -> str:
    """SQL for a channel as `consent` has it: lower case, one word for one thing; '' when it means every channel."""
    text = f"regexp_replace(lower(trim({column})), '[ \\t]+', ' ', 'g')"
    known = " ".join(f"WHEN {text} IN ({_listed(words)}) THEN {literal(name)}" for name, words in _CHANNELS.items())
    return f"CASE WHEN {text} IN ({_listed(_EVERY)}) THEN '' {known} ELSE {text} END"


def permission(purpose: str, channel: str, *, table: str = "consent") -> str:
    """Query of (customer_id, status, expires_at, withdrawn_at): the row of `consent` that answers for each customer.

    `purpose` and `channel` are SQL. What is said of both decides, then what is said of the purpose for all channels,
    then what is said for all purposes. Customers of whom nothing is known have no row.
    """
    return (
        "SELECT customer_id, status, expires_at, withdrawn_at FROM (SELECT *, row_number() OVER ("
        f"PARTITION BY customer_id ORDER BY CASE WHEN purpose = {purpose} THEN 0 ELSE 1 END, "
        f"CASE WHEN channel = {channel} THEN 0 ELSE 1 END) AS place "
        f"FROM {table} WHERE purpose IN ({purpose}, '') AND channel IN ({channel}, '')) AS c WHERE place = 1"
    )


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(literal(w) for w in words)

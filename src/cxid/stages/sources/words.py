"""Words that sources of several languages use for the same thing, in lower case."""

from __future__ import annotations

REFUND_WORDS = (
    "refund", "refunded", "return", "returned", "returns", "reversal", "chargeback", "credit note", "credit_note",
    "retoure", "rückgabe", "rueckgabe", "rückerstattung", "rueckerstattung", "erstattung", "gutschrift", "storno",
    "remboursement", "remboursé", "rembourse", "retour", "avoir",
    "reembolso", "devolução", "devolucao", "estorno", "devolución", "devolucion", "abono",
    "rimborso", "reso", "storno vendita", "terugbetaling", "retourzending", "zwrot", "återbetalning", "aterbetalning",
)  # fmt: skip
PURCHASE_WORDS = (
    "purchase", "purchased", "sale", "sold", "order", "payment",
    "kauf", "verkauf", "bestellung", "zahlung", "achat", "vente", "commande", "paiement",
    "compra", "venda", "venta", "pedido", "acquisto", "vendita", "ordine", "aankoop", "verkoop", "bestelling", "zakup",
        "köp",
)  # fmt: skip
SENTIMENT_WORDS = {
    "1": (
        "positive",
        "pos",
        "positiv",
        "positif",
        "positivo",
        "positiva",
        "positief",
        "good",
        "gut",
        "bon",
        "bom",
        "bueno",
    ),
    "0": ("neutral", "neu", "neutre", "neutro", "neutra", "neutraal", "mixed", "gemischt", "none"),
    "-1": ("negative", "neg", "negativ", "négatif", "negatif", "negativo", "negativa", "negatief", "bad", "schlecht"),
}
STATUS_WORDS = {
    "granted": (
        "granted", "grant", "yes", "y", "true", "t", "1", "on", "opt-in", "opt in", "opt_in", "optin", "opted in",
        "opted-in",
        "opted_in", "accepted", "accept", "allowed", "allow", "given", "active", "subscribed", "subscribe", "consented",
        "agreed",
        "ja", "j", "wahr", "erteilt", "zugestimmt", "angemeldet", "oui", "o", "vrai", "accordé", "accorde", "accepté",
        "accepte",
        "sim", "s", "verdadeiro", "aceito", "aceite", "concedido", "sí", "si", "sì", "verdadero", "aceptado", "vero",
        "accettato",
        "waar", "tak", "kyllä",
    ),
    "denied": (
        "denied", "deny", "no", "n", "false", "f", "0", "off", "opt-out", "opt out", "opt_out", "optout", "opted out",
        "opted-out",
        "opted_out", "rejected", "reject", "refused", "withdrawn", "withdraw", "revoked", "revoke", "unsubscribed",
        "unsubscribe",
        "inactive", "declined", "disallowed", "expired", "nein", "falsch", "abgelehnt", "widerrufen", "abgemeldet",
        "non", "faux", "refusé", "refuse", "retiré", "retire", "não", "nao", "falso", "recusado", "retirado",
        "revogado",
        "rechazado", "revocado", "rifiutato", "revocato", "nee", "onwaar", "nie", "nej", "ei",
    ),
}  # fmt: skip

"""Words that sources of several languages use for the same thing, in lower case."""

from __future__ import annotations

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

# How good an answer in words is, as a share of the way from the worst to the best.
ANSWER_WORDS = {
    "0": (
        "very dissatisfied", "very unsatisfied", "extremely dissatisfied", "very poor", "very bad", "terrible", "awful",
        "thumbs down", "no", "👎", "sehr unzufrieden", "sehr schlecht", "nein", "très insatisfait",
        "tres insatisfait", "très mauvais", "non", "muy insatisfecho", "muy malo", "muito insatisfeito",
        "muito mau", "muito ruim", "não", "nao", "molto insoddisfatto", "pessimo", "zeer ontevreden", "nee",
    ),
    "0.25": (
        "dissatisfied", "unsatisfied", "somewhat dissatisfied", "poor", "bad", "unzufrieden", "schlecht", "insatisfait",
        "mauvais", "insatisfecho", "malo", "insatisfeito", "mau", "ruim", "insoddisfatto", "scarso", "ontevreden",
    ),
    "0.5": (
        "neutral", "neither", "neither satisfied nor dissatisfied", "ok", "okay", "average", "fair", "mixed",
        "weder noch", "teils teils", "teils-teils", "mittel", "neutre", "moyen", "neutro", "regular",
        "indifferente", "neutraal",
    ),
    "0.75": (
        "satisfied", "somewhat satisfied", "good", "zufrieden", "gut", "satisfait", "bon", "satisfecho", "bueno",
        "satisfeito", "bom", "soddisfatto", "buono", "tevreden",
    ),
    "1": (
        "very satisfied", "extremely satisfied", "very good", "excellent", "great", "thumbs up", "yes", "👍",
        "sehr zufrieden", "sehr gut", "ausgezeichnet", "ja", "très satisfait", "tres satisfait", "très bon", "oui",
        "muy satisfecho", "muy bueno", "excelente", "sí", "muito satisfeito", "muito bom", "sim", "molto soddisfatto",
        "ottimo", "zeer tevreden",
    ),
}  # fmt: skip

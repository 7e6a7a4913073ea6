"""The one list of words by which sources say that something was sold, given back, or not sold after all.

A word that ends in * stands for all that begin so. Languages: English, German, French, Spanish, Portuguese, Italian,
Dutch, Polish, Czech, Swedish, Danish, Norwegian, Finnish, Turkish.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise
from typing import Literal

import pyarrow as pa

Trade = Literal["purchase", "refund", "unsold"]

UNSOLD = (
    "cancel* void voided fail* declin* abandon* pending unpaid draft quote quotation cart* basket* "
    "checkoutstarted begincheckout initiatecheckout intent "
    "abgebrochen abgelehnt fehlgeschlagen offen angebot entwurf warenkorb* panier* annul* refus* echou* devis "
    "brouillon carrito* pendiente* rechaz* presupuesto cotizacion carrinho* pendente* recusad* orcamento "
    "carrello* rifiut* preventivo winkelwagen* geannuleerd* offerte* mislukt* koszyk* anulow* oczekuj* kosik* zrusen* "
    "varukorg* avbrut* makulera* kurv annuller* avbest* handlekurv* peruut* peruttu iptal* sepet*"
)
REFUNDS = (
    "refund* return returned returns restock* gutschrift* storno* stornier* erstatt* rueckerstatt* ruckerstatt* "
    "rueckgab* ruckgab* rueckbuch* ruckbuch* retour* rembours* avoir devol* reembols* estorn* abono rimbors* reso resi "
    "chargeback* reversal* creditnote creditmemo terugbetal* retourz* zwrot* vraceni vratka dobropis aterbetal* "
    "refusjon* tilbagebetal* returner* hyvity* palautus* iade*"
)
PURCHASES = (
    "purchase* order* checkout bought buy sale sales sold transaction* payment* paid kauf* gekauft verkauf* verkauft "
    "bestell* zahlung* bezahlt achat* achet* vente ventes vendu commande* paiement* compra* venda vendas venta ventas "
    "vendido pedido* pago pagamento* acquist* vendita vendite ordin* aankoop* gekocht verkoop* verkocht betaling* "
    "zakup* sprzedaz* zamow* platnosc* nakup* prodej* objednav* kop kopt forsaljning* bestallning* kob kobt salg* "
    "kjop* ordre* osto* myynti* tilaus* satis* siparis*"
)
_LOOKED = (
    "view* click* klick* klik* clic clics open* search* impression* detail* history track* status shipped ship* "
    "deliver* liefer* livr* versand* versend* invoic* rechnung* confirm* email* mail* page* start* begin* remind* "
    "rating review*"
)
"""Of an order as well, yet no sale of its own: somebody looked at it, or was told of it."""


def words_of(text: str) -> tuple[str, ...]:
    """The words of a name in lower case without accents, joined neighbours behind them: credit_note: 'creditnote'."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text.translate(_LETTERS))
    plain = "".join(c for c in unicodedata.normalize("NFKD", spaced.lower()) if not unicodedata.combining(c))
    found = re.findall(r"[^\W\d_]+", plain)
    return (*found, *(a + b for a, b in pairwise(found)))


_LETTERS = str.maketrans({"ß": "ss", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "ı": "i", "İ": "I"})


def trade_of(kind: str, said: str | None) -> Trade | None:
    """What a row with money in it is by its source's own word; None for no trade at all.

    A row of a source of transactions is a sale unless its word says otherwise: there the word may well be the way of
    paying. A row of another source is one only when its word says so.
    """
    words = words_of(said or "")
    if fits(words, UNSOLD):
        return "unsold"
    if fits(words, REFUNDS):
        return "refund"
    if kind == "transactions":
        return "purchase"
    return "purchase" if fits(words, PURCHASES) and not fits(words, _LOOKED) else None


def says_purchase(said: str) -> bool:
    """Whether a word of a transaction means no more than that something was sold."""
    words = words_of(said)
    return trade_of("transactions", said) == "purchase" and fits(words, PURCHASES) and len(words) == 1


def fits(words: tuple[str, ...], known: str) -> bool:
    """Whether one of the words is in a list, or begins as one that ends in *."""
    whole, stems = _split(known)
    return any(w in whole or w.startswith(stems) for w in words)


@cache
def _split(known: str) -> tuple[frozenset[str], tuple[str, ...]]:
    listed = known.split()
    return frozenset(k for k in listed if not k.endswith("*")), tuple(k[:-1] for k in listed if k.endswith("*"))


TRADED = "SELECT DISTINCT kind, coalesce(type, '') AS type FROM event WHERE kind = 'transactions' OR amount IS NOT NULL"
"""The different words beside money in the events; `with_trades` says what each means."""


def with_trades(batch: pa.Table) -> pa.Table:
    """(kind, type, trade) of the distinct kinds and types of events: purchase, refund, unsold, or missing."""
    found = [trade_of(row["kind"], row["type"]) for row in batch.to_pylist()]
    return batch.append_column("trade", pa.array(found, pa.string()))

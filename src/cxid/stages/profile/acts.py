"""What was done: the words of sources for what happened, folded to a few acts, and whose doing each one is."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise

OURS = ("sent", "delivered", "bounce", "document", "handled")
"""Acts of the company. All others are the customer's own."""

# A word that ends in * stands for all that begin so. The first act of which a word occurs is the one; words without
# accents. The languages: English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Swedish.
_WORDS = {
    "unsubscribe": "unsub* optout abmeld* abgemeldet abbestell* desabon* desinscri* desuscri* disiscri* afgemeld "
    "afmeld* uitschrijv* wypis* avregist* avprenum* spam spamreport",
    "refund": "refund* return returned returns gutschrift* storno* stornier* erstatt* rueckgab* ruckgab* retour* "
    "rembours* avoir devol* reembols* rimbors* reso chargeback* reversal zwrot* aterbetal*",
    "document": "invoic* rechnung* factur* fatur* fattur* faktur* bill billed billing liefer* delivery deliveries "
    "livraison* entrega* consegna* levering* shipment* shipping shipped versand* dispatch* dostaw* leverans* mahnung* "
    "dunning statement",
    "refer": "refer referr* referral* invit* einlad* eingeladen empfehl* empfohlen parrain* recomend* recommend* "
    "raccomand* consiglia* uitgenodigd polecen* varva*",
    "cart": "cart* addtocart basket* wishlist* checkout* warenkorb* merkliste merkzettel kasse panier* carrito* cesta "
    "carrello* carrinho* winkelwagen* koszyk* varukorg* kundvagn*",
    "search": "search* suche* gesucht recherch* buscar busqueda* busca pesquis* ricerca* cerca zoek* finder szuka* sok",
    "view": "view* pageview* page visit* besuch* screen* seite* aufruf* vue consult* visita* visto browse* landing "
    "vist* bekeken bezoek* wyswietl* odwiedz* visning*",
    "signup": "signup signedup regist* subscri* suscri* abonn* inscri* inschrijv* iscri* enrol* join* joined install* "
    "newaccount beitritt* zapis*",
    "login": "login logon logged signin signedin einlog* einloggen eingeloggt angemeldet anmeld* connexion conexion "
    "accesso acceso ingelogd inloggen inlogg* zalogow* logow*",
    "purchase": "purchase* order* bought buy sale sales transaction* kauf* gekauft bestell* achat* achet* commande* "
    "compra* pedido* acquist* ordin* aankoop* gekocht zakup* zamow* kop kopt bestallning*",
    "ticket": "ticket* complain* call calls called anruf* beschwerd* reclam* incident* chat* callback rueckruf "
    "klacht* zgloszen* appel* llamada*",
    "click": "click* clic clics clicked klick* geklickt klik* geklikt cliq* cliccat* tap tapped klikniec*",
    "open": "open opens opened opening geoffnet geoeffnet offnung oeffnung ouvert* ouvr* abiert* apert* abert* geopend "
    "otwar* otwor* oppna* read gelesen leido letto gelezen",
    "share": "share* shared sharing geteilt teilen partag* compart* condivi* gedeeld repost* retweet* forward* udost*",
    "like": "like* liked gefallt gefaellt aime* gusta mipiace curti* react* favo* follow* upvote* vote* polub*",
    "post": "post posts posted comment* review* answer* repl* question* frage* antwort* kommentar* coment* avis "
    "bewert* rezension* recens* resen* opinion* pregunt* pergunt* respuest* respost* reponse* domand* risposta vraag "
    "antwoord* thread* topic* recenz*",
    "attend": "attend* checkin checkedin particip* teilgenommen teilnahme* asist* assist* deelgenomen deelname webinar*"
    " uczestn* deltag*",
}
_SENT = (
    "sent send sends sending gesendet gesandt versendet versandt versand verschickt envoy* envoi* enviad* envio* "
    "inviat* invio verzonden verstuurd wyslan* skicka*"
)
_SHOWN = "impression* served displayed shown"
_DELIVERED = (
    "delivered zugestellt delivre* livre livree entregad* recapitat* consegnat* bezorgd afgeleverd dostarcz* levererat"
)
_BOUNCE = (
    "bounce* hardbounce softbounce undeliver* unzustellbar ruecklaeufer rucklaufer rebot* rebond* rimbalz* rejet* "
    "reject* failed failure dropped blocked odbit* studs*"
)
_HANDLED = (
    "resolv* closed close solved answered assigned escalat* gelost geloest geschlossen beantwortet resolu* ferme* "
    "cerrad* resuelt* resolvid* chius* risolt* fechad* opgelost gesloten zamkn* stangd*"
)
_MESSAGE_CHANNELS = ("email", "mobile", "ads")
_MESSAGES = ("email", "mail", "mailing", "newsletter", "sms", "push", "message", "whatsapp")
ACTS = ("answer", "mention", *OURS, *_WORDS, "other")


def act_of(kind: str, channel: str, said: str | None) -> str:
    """The act that a source's own word means: of `ACTS`, 'other' when none fits.

    `kind` is the kind of source; `channel` one of CHANNELS: what is delivered by e-mail is a message, else a parcel.
    """
    if kind == "survey":
        return "answer"
    if kind == "mentions":
        return "mention"
    words = words_of(said or "")
    if kind == "transactions":
        return "refund" if _has(words, "refund") else "purchase"
    is_message = channel in _MESSAGE_CHANNELS or any(w in _MESSAGES for w in words)
    if is_message and (act := _of_message(channel, words)):
        return act
    if channel == "support":
        return "handled" if _fits(words, _HANDLED) else "ticket"
    return next((act for act in _WORDS if _has(words, act)), "other")


def _of_message(channel: str, words: tuple[str, ...]) -> str | None:
    """What became of a message; None when the words do not speak of that."""
    if _has(words, "unsubscribe"):
        return "unsubscribe"
    if channel == "email" and _fits(words, _BOUNCE):
        return "bounce"
    if _fits(words, _DELIVERED):
        return "delivered"
    if _fits(words, _SENT) or (channel == "ads" and _fits(words, _SHOWN)):
        return "sent"
    return next((act for act in ("click", "open") if _has(words, act)), None)


def words_of(text: str) -> tuple[str, ...]:
    """The words of a name in lower case without accents, joined neighbours behind them: add_to_cart has 'addto' too."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text.replace("ß", "ss").replace("ł", "l"))
    plain = "".join(c for c in unicodedata.normalize("NFKD", spaced.lower()) if not unicodedata.combining(c))
    found = re.findall(r"[^\W\d_]+", plain)
    return (*found, *(a + b for a, b in pairwise(found)))


def _has(words: tuple[str, ...], act: str) -> bool:
    return _fits(words, _WORDS[act])


def _fits(words: tuple[str, ...], text: str) -> bool:
    whole, stems = _split(text)
    return any(w in whole or w.startswith(stems) for w in words)


@cache
def _split(text: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The whole words of a list, and the beginnings that end in *."""
    known = text.split()
    return frozenset(k for k in known if not k.endswith("*")), tuple(k[:-1] for k in known if k.endswith("*"))

"""What was done: the words of sources for what happened, folded to a few acts, and whose doing each one is."""

from __future__ import annotations

from cxid.config.trade import PURCHASES, REFUNDS, fits, trade_of, words_of

OURS = ("sent", "delivered", "bounce", "document", "handled")
"""Acts of the company. All others are the customer's own."""

# A word that ends in * stands for all that begin so. The first act of which a word occurs is the one; words without
# accents. The languages: English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Swedish.
_WORDS = {
    "unsubscribe": "unsub* optout abmeld* abgemeldet abbestell* desabon* desinscri* desuscri* disiscri* afgemeld "
    "afmeld* uitschrijv* wypis* avregist* avprenum* spam spamreport",
    "refund": REFUNDS,
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
    "purchase": PURCHASES,
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
    trade = trade_of(kind, said)
    if kind == "transactions":
        return "other" if trade in (None, "unsold") else str(trade)
    is_message = channel in _MESSAGE_CHANNELS or any(w in _MESSAGES for w in words)
    if is_message and (act := _of_message(channel, words)):
        return act
    if fits(words, _DELIVERED):
        return "document"
    if channel == "support":
        return "handled" if fits(words, _HANDLED) else "ticket"
    return next((act for act, known in _WORDS.items() if fits(words, known)), "other")


def _of_message(channel: str, words: tuple[str, ...]) -> str | None:
    """What became of a message; None when the words do not speak of that."""
    if fits(words, _WORDS["unsubscribe"]):
        return "unsubscribe"
    if (channel == "email" or "email" in words) and fits(words, _BOUNCE):
        return "bounce"
    if fits(words, _DELIVERED):
        return "delivered"
    if fits(words, _SENT) or (channel == "ads" and fits(words, _SHOWN)):
        return "sent"
    return next((act for act in ("click", "open") if fits(words, _WORDS[act])), None)

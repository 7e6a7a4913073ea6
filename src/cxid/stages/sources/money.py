"""SQL for money as files write it: the amount, its currency, and whether it was paid or paid back."""

from __future__ import annotations

from cxid.config.currencies import CODES, spellings
from cxid.config.model import EventLikeSource, TransactionSource
from cxid.config.trade import says_purchase, trade_of
from cxid.engine.base import Engine, literal
from cxid.stages.sources.expressions import Expressions
from cxid.stages.sources.located import LocatedSource
from cxid.stages.sources.reading import RAW

AMOUNT = "DECIMAL(18,4)"
WORDS_AT_MOST = 10_000  # different words for what happened; more are no words but texts
_FIGURES = r"[0-9\s.,''’+()_\-−\x{00A0}\x{202F}\x{2009}]"


def currency_of(make: Expressions, source: EventLikeSource) -> str:
    """The ISO code that the currency column says, else the sign or code beside the amount; NULL when neither does.

    What the column says and nobody knows (points, miles) is kept, in upper case.
    """
    country = source.country or "GB"
    said = f"upper({make.constant_or_text(getattr(source, 'currency', None))})"
    found = f"CASE {said} {_codes(country)} ELSE {said} END"
    amount = getattr(source, "amount", None)
    if amount is None:
        return found
    beside = f"upper(regexp_replace({make.text(amount)}, '{_FIGURES}', '', 'g'))"
    known = ", ".join(literal(code) for code in sorted(CODES))
    written = f"CASE WHEN {beside} IN ({known}) THEN {beside} ELSE CASE {beside} {_codes(country)} END END"
    return f"coalesce({found}, {written})"


def _codes(country: str) -> str:
    return " ".join(f"WHEN {literal(word)} THEN {literal(code)}" for word, code in sorted(spellings(country).items()))


def amount_of(make: Expressions, source: EventLikeSource) -> str:
    """The amount as written; of a unit price and a quantity their product. NULL where a number cannot be read."""
    column = getattr(source, "amount", None)
    if column is None:
        return f"CAST(NULL AS {AMOUNT})"
    amount = make.decimal(column, AMOUNT)
    if not isinstance(source, TransactionSource) or source.quantity is None:
        return amount
    times = make.decimal(source.quantity, "DECIMAL(18,4)")
    product = f"try_cast(CAST({amount} AS DECIMAL(19,4)) * {times} AS {AMOUNT})"
    return f"CASE WHEN {make.text(source.quantity)} IS NULL THEN {amount} ELSE {product} END"


def traded(engine: Engine, located: LocatedSource, source: TransactionSource, make: Expressions) -> tuple[str, str]:
    """Expressions of what a transaction is, purchase or refund where its word says no more, and of its signed amount.

    The words are looked at once each, in Python; a refund is negative whatever its sign in the file.
    """
    given, amount = make.constant_or_text(source.type), amount_of(make, source)
    said = words_of_rows(engine, located, source)
    back = _among(given, [w for w in said if trade_of("transactions", w) == "refund"])
    plain = _among(given, [w for w in said if says_purchase(w)])
    signed = f"CASE WHEN {back} THEN -abs({amount}) ELSE {amount} END"
    kind = (
        f"CASE WHEN {back} THEN 'refund' WHEN {given} IS NULL OR {plain} THEN "
        f"CASE WHEN {amount} < 0 THEN 'refund' ELSE 'purchase' END ELSE {given} END"
    )
    return kind, signed


def words_of_rows(engine: Engine, located: LocatedSource, source: TransactionSource) -> list[str]:
    """The different words by which the rows of RAW say what happened."""
    make = Expressions(source, located.needed)
    given = make.constant_or_text(source.type)
    found = engine.fetch(
        f"WITH clean AS ({make.clean(RAW)}), said AS (SELECT DISTINCT {given} AS word FROM clean) "
        f"SELECT word FROM said WHERE word IS NOT NULL ORDER BY word LIMIT {WORDS_AT_MOST}",
        make.bindings.values,
    )
    return [str(word) for word in found.column(0).to_pylist()]


def _among(text: str, words: list[str]) -> str:
    listed = ", ".join(literal(w) for w in words)
    return f"coalesce({text} IN ({listed}), FALSE)" if words else "FALSE"

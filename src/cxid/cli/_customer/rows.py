"""A customer's page as rows of (part, name, value, detail), for formats that have only rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from cxid.cli._customer.page import document

COLUMNS = ("part", "name", "value", "detail")
Row = tuple[str, Any, Any, Any]
Entry = dict[str, Any]


def page_rows(page: Any, wanted: Sequence[str]) -> list[Row]:
    """What the document of these sections says, a row for each fact that is known."""
    rows: list[Row] = []
    for key, content in document(page, wanted).items():
        rows += list(_ROWS[key](content)) if key in _ROWS else [("page", key, content, None)]
    return [row for row in rows if row[2] is not None]


def _fields(part: str) -> Callable[[Entry | None], Iterator[Row]]:
    def rows(content: Entry | None) -> Iterator[Row]:
        for name, value in (content or {}).items():
            yield part, name, ",".join(value) if isinstance(value, list) else value, None

    return rows


def _entries(part: str, *columns: str) -> Callable[[list[Entry]], Iterator[Row]]:
    """Rows of a list: the columns that name an entry, its value and its detail."""
    name, value, detail = columns

    def rows(content: list[Entry]) -> Iterator[Row]:
        for entry in content:
            yield part, entry[name], entry[value], entry[detail]

    return rows


def _values(content: list[Entry]) -> Iterator[Row]:
    for value in content:
        yield "value", value["field"], value["value"], _place(value)
        for other in value["others"]:
            yield "other value", value["field"], other["value"], _place(other)


def _records(content: list[Entry]) -> Iterator[Row]:
    for record in content:
        joined = record["joined"]
        yield "record", record["source"], record["record_key"], joined["to"] if joined else record["link_kind"]


def _weakest(content: Entry | None) -> Iterator[Row]:
    if content:
        yield "weakest link", content["a"], content["b"], content["probability"]


def _review(content: list[Entry]) -> Iterator[Row]:
    for reason in content:
        yield "needs review", None, reason["words"], reason["command"]


def _household(content: Entry | None) -> Iterator[Row]:
    if content:
        yield "household", "household_id", content["household_id"], content["rule"]
        for member in content["members"]:
            yield "household", "member", member["customer_id"], member["rule"]


def _timeline(content: Entry) -> Iterator[Row]:
    yield "timeline", "events", content["events"], None
    for month in content["months"]:
        for channel, events in month["channels"].items():
            yield "month", month["month"], events, channel
    for moment in content["moments"]:
        yield "moment", moment["what"], moment["time"], moment["words"]
    for touch in content["touchpoints"]:
        yield "touchpoint", f"{touch['source']} {touch['type'] or ''}".strip(), touch["time"], touch["channel"]


def _consent(content: list[Entry]) -> Iterator[Row]:
    for told in content:
        yield "consent", "/".join(filter(None, (told["purpose"], told["channel"]))), told["status"], told["since"]


def _history(content: Entry) -> Iterator[Row]:
    for event in content["events"]:
        yield "history", event["event"], event["run_id"], event["other_customer_id"]
    for former in content["former_ids"]:
        yield "former id", None, former["customer_id"], former["since_run"]


def _sentences(content: list[str]) -> Iterator[Row]:
    for number, sentence in enumerate(content, 1):
        yield "summary", number, sentence, None


def _place(value: Entry) -> str | None:
    return f"{value['source']}:{value['record_key']}" if value["source"] else None


_ROWS: dict[str, Callable[[Any], Iterator[Row]]] = {
    "head": _fields("head"),
    "summary": _sentences,
    "values": _values,
    "records": _records,
    "weakest_link": _weakest,
    "review": _review,
    "household": _household,
    "identifiers": _entries("identifier", "id_type", "id_value", "link_kind"),
    "timeline": _timeline,
    "profile": _fields("profile"),
    "answers": _entries("answer", "time", "score", "type"),
    "consent": _consent,
    "triggers": _entries("trigger", "trigger", "status", "reason"),
    "history": _history,
    "unknown": _entries("unknown", "about", "words", "about"),
}

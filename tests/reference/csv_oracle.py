"""A slow CSV reader, one character at a time: what the fast ones must agree with."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Read:
    """Rows as (line, values), rejects as (line, lines, reason), and the count of blank lines."""

    rows: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    rejects: list[tuple[int, int, str]] = field(default_factory=list)
    blanks: int = 0


def read_csv(text: str, width: int, *, delimiter: str = ",", quote: str = '"') -> Read:
    """Every line after the header becomes part of a row, a reject or a blank."""
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    read, i = Read(), 1
    while i < len(lines):
        if lines[i] == "":
            read.blanks += 1
            i += 1
            continue
        values, used, fault = _record(lines, i, delimiter, quote)
        if fault or _swallowed(lines[i + 1 : i + used - 1], width, delimiter):
            read.rejects.append((i + 1, 1, "bad_quote"))
            i += 1
            continue
        while len(values) > width and values[-1] == "":
            values.pop()
        if len(values) == width:
            read.rows.append((i + 1, tuple(values)))
        else:
            read.rejects.append((i + 1, used, "too_few_columns" if len(values) < width else "too_many_columns"))
        i += used
    return read


def _swallowed(inner: list[str], width: int, delimiter: str) -> bool:
    texts = [t for t in inner if t]
    alike = [t for t in texts if t.count(delimiter) == width - 1]
    return width > 1 and len(texts) >= 3 and len(alike) >= 0.9 * len(texts)


def _record(lines: list[str], start: int, delimiter: str, quote: str) -> tuple[list[str], int, bool]:
    """(values, lines used, whether a quote is wrong) of the record that starts on a line."""
    text = "\n".join(lines[start : start + 1001]) + "\n"
    values: list[str] = []
    at = 0
    while True:
        ahead = at
        while text[ahead] == " " and delimiter != " ":
            ahead += 1
        if quote and text[ahead] == quote:
            value, at, fine = _quoted(text, ahead + 1, quote)
            while fine and text[at] == " " and delimiter != " ":
                at += 1
            if not fine or text[at] not in (delimiter, "\n"):
                return [], 1, True
        else:
            end = at
            while text[end] not in (delimiter, "\n"):
                end += 1
            value, at = text[at:end], end
        values.append(value)
        if text[at] == "\n":
            return values, text[:at].count("\n") + 1, False
        at += 1


def _quoted(text: str, at: int, quote: str) -> tuple[str, int, bool]:
    value = ""
    while at < len(text):
        if text[at] == quote:
            if text[at + 1] != quote:
                return value, at + 1, True
            at += 1
        value += text[at]
        at += 1
    return value, at, False

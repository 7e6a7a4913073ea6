"""A guess as cxid.yml: readable, with the evidence beside each column."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator
from typing import Any

from cxid.config.guess.found import Evidence, Guess, LeftOut
from cxid.config.guess.words import listed

SCHEMA_LINE = "# yaml-language-server: $schema=./.cxid/schema.json"
_COMMENT_AT = 58  # column of the comments, where the line is not longer
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:[ ./-]?[A-Za-z0-9_]+)*")
_WORDS = listed("true false null yes no on off y n nan inf")
_WIDTH = 140  # of a line; a longer comment stands above what it speaks of
_ABOVE = 110  # width of comments there
_UNSURE = 0.6


def render_yaml(guess: Guess) -> str:
    """The text of cxid.yml. Reading it back gives `guess.config`."""
    because = {e.path: e for e in guess.evidence}
    lines = [
        SCHEMA_LINE,
        "# Written by cxid init. Beside each line stands why it was guessed; (?) marks what to look at.",
    ]
    lines += [x for w in guess.warnings for x in _wrapped(f"warning: {_comment(w)}", "")]
    for key, value in guess.config.items():
        if key == "sources":
            lines += ["", "sources:"]
            for name, source in value.items():
                lines += _source(name, source, because, guess.left_out)
        elif isinstance(value, dict):
            lines += ["", f"{key}:"]
            lines += [_line(f"  {k}: {_flow(v)}", because.get((key, k))) for k, v in value.items()]
        else:
            lines.append(_line(f"{key}: {_scalar(value)}", because.get((key,))))
    files = [x for x in guess.left_out if not x.column]
    if files:
        lines += ["", "# files left out:"]
        lines += [y for x in files for y in _wrapped(f"  {_comment(x.source)}: {_comment(x.why)}", "")]
    return "\n".join(lines) + "\n"


def _source(
    name: str, source: dict[str, Any], because: dict[tuple[str, ...], Evidence], left: tuple[LeftOut, ...]
) -> Iterator[str]:
    at = ("sources", name)
    yield f"  {_scalar(name)}:"
    for key, value in source.items():
        if key in ("columns", "ids"):
            if not value:
                yield f"    {key}: {{}}"
                continue
            yield f"    {key}:"
            for field, column in value.items():
                reason = because.get((*at, key, field))
                form = because.get((*at, key, field, "format"))
                yield _line(f"      {_scalar(field)}: {_flow(column)}", reason, form)
        else:
            yield _line(f"    {key}: {_flow(value)}", because.get((*at, key)), because.get((*at, key, "format")))
    if "timezone" not in source and (zone := because.get((*at, "timezone"))):
        yield f"    # timezone: UTC  ({_comment(zone.why)})"
    own = [x for x in left if x.source == name and x.column]
    if own:
        yield "    # left out:"
        yield from (f"    #   {_comment(x.column)}: {_comment(x.why)}" for x in own)
    yield ""


def _line(text: str, *reasons: Evidence | None) -> str:
    said = [e for e in reasons if e is not None]
    if not said:
        return text
    doubt = "(?) " if min(e.sure for e in said) < _UNSURE else ""
    why = "; ".join(_comment(e.why) for e in said)
    line = f"{text.ljust(_COMMENT_AT)}  # {doubt}{why}"
    if len(line) <= _WIDTH or not why:
        return line if why else text
    indent = " " * (len(text) - len(text.lstrip()))
    return "\n".join([*_wrapped(f"{doubt}{why}", indent), text])


def _wrapped(text: str, indent: str) -> list[str]:
    """The text as comment lines."""
    lead = " " * (len(text) - len(text.lstrip()))
    return textwrap.wrap(
        text.lstrip(), _ABOVE, initial_indent=f"{indent}# {lead}", subsequent_indent=f"{indent}# {lead}  ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _comment(text: str) -> str:
    """The text on one line without signs that a terminal or parser would act on."""
    return "".join(c if c.isprintable() else " " for c in text)


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(v) for v in value) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    """A value that YAML 1.2 (and 1.1) reads back as the same text or number."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return "".join(c if c.isprintable() else _escaped(c) for c in json.dumps(text, ensure_ascii=False))


def _escaped(sign: str) -> str:
    """A sign that does not print, as YAML writes it."""
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"

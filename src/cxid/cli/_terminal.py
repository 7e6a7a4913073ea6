"""What a stream can show: colour, width, moving lines, more than ASCII."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO

DEFAULT_WIDTH = 80
_COERCED = ("C.UTF-8", "C.utf8", "UTF-8")


@dataclass(frozen=True)
class Terminal:
    """What a stream can show. `live` means that a line may be redrawn in place."""

    is_tty: bool
    colour: bool
    live: bool
    unicode: bool
    width: int


def look_at(stream: TextIO, env: Mapping[str, str]) -> Terminal:
    """What `stream` can show, given NO_COLOR, FORCE_COLOR, CI, TERM, COLUMNS and LC_ALL, LC_CTYPE or LANG.

    NO_COLOR wins over FORCE_COLOR. FORCE_COLOR colours what people read, never data in a pipe. A CI machine
    may have a terminal, but nobody watches a bar there.
    """
    tty = _is_tty(stream)
    dumb = env.get("TERM", "") in ("dumb", "unknown")
    forced = env.get("FORCE_COLOR", "") not in ("", "0")
    colour = not env.get("NO_COLOR") and (forced or (tty and not dumb))
    live = tty and not dumb and not env.get("CI")
    return Terminal(tty, colour, live, _shows_unicode(stream, env), _width(stream, env))


def _is_tty(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except ValueError:  # closed
        return False


def _shows_unicode(stream: TextIO, env: Mapping[str, str]) -> bool:
    character_type = env.get("LC_CTYPE")
    if character_type in _COERCED and env.get("LANG") in ("C", "POSIX"):  # so Python itself sets it under LANG=C
        character_type = None
    locale = env.get("LC_ALL") or character_type or env.get("LANG") or ""
    encoding = (getattr(stream, "encoding", None) or "").lower().replace("_", "-")
    return encoding.startswith("utf") and locale not in ("C", "POSIX")


def _width(stream: TextIO, env: Mapping[str, str]) -> int:
    columns = env.get("COLUMNS", "")
    if columns.isdigit() and int(columns) > 0:
        return int(columns)
    try:
        width = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        width = 0
    return width or shutil.get_terminal_size((DEFAULT_WIDTH, 24)).columns or DEFAULT_WIDTH

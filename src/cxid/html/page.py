"""Sections -> the text of one HTML file."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader
from markupsafe import Markup

from cxid.html.blocks import Section
from cxid.html.texts import LINES, bounded
from cxid.privacy import terminal_text

_TEMPLATES = files("cxid.html") / "templates"


def render(title: str, subtitle: str, sections: Sequence[Section], foot: str) -> str:
    """The page: self-contained, without script; a browser that opens it asks nobody for anything."""
    environment = Environment(autoescape=True, loader=FunctionLoader(_read), finalize=_inert, trim_blocks=True)
    style = Markup(_read("style.css"))
    environment.globals["most"] = LINES
    template = environment.get_template("page.html")
    return template.render(title=title, subtitle=subtitle, sections=sections, style=style, foot=foot)


def _read(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _inert(value: Any) -> Any:
    """Control characters as their codes; markup of our own stays, all else is escaped by the template."""
    return value if isinstance(value, Markup) else terminal_text(bounded(str(value)))

"""What the pages tell to type can be typed: every command line in them parses against the real command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import typer
from typer.main import get_command

from cxid.cli import app
from cxid.cli._errors import ClickFault
from cxid.cli._options import Invocation
from cxid.cli._registry import COMMANDS
from cxid.errors import CxidError
from tests.golden.docs_pages import PAGES, blocks, commands, inline_code

CLI: Any = get_command(app)
TYPED = [found for page in PAGES for block in blocks(page) for found in commands(block)]
NAMED = [
    (place, text.split()[1:]) for page in PAGES for place, text in inline_code(page) if text.startswith("cxid ") and text.split()[1:]
]  # fmt: skip


def fault_of(words: Sequence[str]) -> str:
    """Why the command line refuses the words, '' when it takes them. Nothing is run."""
    try:
        with CLI.make_context("cxid", list(words), obj=Invocation()) as context:
            rest = [*context._protected_args, *context.args]
            if not rest:
                return ""
            name, command, arguments = CLI.resolve_command(context, rest)
            command.make_context(name, arguments, parent=context)
    except (typer.Exit, SystemExit):  # --help and --version
        return ""
    except CxidError as error:
        return error.message
    except ClickFault as error:
        return str(error)
    return ""


def test_the_pages_show_how_to_use_the_command_line() -> None:
    assert len(TYPED) > 100
    told = {words[0] for _, words in TYPED if words}
    assert set(COMMANDS) - told == set(), "a command that no page shows"


@pytest.mark.parametrize(("place", "words"), TYPED, ids=lambda v: v if isinstance(v, str) else " ".join(v)[:60])
def test_a_command_of_a_page_can_be_typed(place: str, words: list[str]) -> None:
    assert fault_of(words) == "", f"{place}: cxid {' '.join(words)}"


@pytest.mark.parametrize(("place", "words"), NAMED, ids=lambda v: v if isinstance(v, str) else " ".join(v)[:60])
def test_a_command_within_a_sentence_exists(place: str, words: list[str]) -> None:
    """Its values are left out there as often as not, so only the names are looked at."""
    named = [w for w in words if not w.startswith("-")]
    if not named or not named[0].isalpha() or named[0].isupper():
        return
    assert named[0] in COMMANDS, place
    context = typer.Context(CLI, info_name="cxid", obj=Invocation())
    known = {o for p in CLI.get_command(context, named[0]).params for o in (*p.opts, *p.secondary_opts)}
    asked = {w.split("=")[0] for w in words if w.startswith("--")}
    assert asked - known - {"--help"} == set(), place


def test_a_command_that_cannot_be_typed_is_found() -> None:
    assert "no such option" in fault_of(["build", "--acept", "x"]).lower()
    assert fault_of(["bild"]) == 'no command "bild"'
    assert fault_of(["show"]) != ""
    assert fault_of(["-C", "acme", "show", "cx_1", "-f", "json"]) == ""

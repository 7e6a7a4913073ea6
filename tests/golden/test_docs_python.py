"""Python that the pages show compiles, and the names of cxid in it exist."""

from __future__ import annotations

import ast
from importlib import import_module
from types import ModuleType

import pytest

import cxid
from tests.golden.docs_pages import PAGES, Block, blocks

SNIPPETS = [b for page in PAGES for b in blocks(page) if b.language in ("python", "py")]


def missing(tree: ast.Module) -> list[str]:
    """Names of cxid that do not exist: imported ones, and attributes of `cxid` itself."""
    lost = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "cxid":
            module: ModuleType = import_module(node.module or "")
            lost += [f"{node.module}.{a.name}" for a in node.names if not hasattr(module, a.name)]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "cxid":
            lost += [] if hasattr(cxid, node.attr) else [f"cxid.{node.attr}"]
    return lost


@pytest.mark.parametrize("block", SNIPPETS, ids=lambda b: b.place)
def test_python_of_a_page_names_what_there_is(block: Block) -> None:
    code = "\n".join(line.removeprefix(">>> ").removeprefix("... ") for line in block.text.splitlines())
    assert missing(ast.parse(code)) == [], block.place


def test_a_name_that_is_gone_is_found() -> None:
    assert missing(ast.parse("import cxid\ncxid.bild()")) == ["cxid.bild"]
    assert missing(ast.parse("from cxid.errors import CxidError, Eror")) == ["cxid.errors.Eror"]

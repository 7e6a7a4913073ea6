"""The pages that people read, taken apart: fenced blocks, commands in them, links, headings."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.conftest import ROOT

PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "examples").glob("*/README.md"),
        *(ROOT / "examples").glob("*.md"),
        *(ROOT / "configs").glob("*.md"),
    ]
)
_FENCE = re.compile(r"^(?P<indent> *)(?P<marks>`{3,})(?P<info>[^`\n]*)$")
_OPERATORS = {"|", "||", "&&", ";", "&", "|&"}
_REDIRECTS = {">", ">>", "<", "<<", "2>", "&>", ">&", ">|"}


@dataclass(frozen=True)
class Block:
    """A fenced block: its page, its first line in it, the word behind the fence, its text."""

    page: Path
    line: int
    language: str
    text: str

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


@cache
def blocks(page: Path) -> tuple[Block, ...]:
    """Every fenced block of a page, in order."""
    found: list[Block] = []
    opened: tuple[str, str, int] | None = None
    held: list[str] = []
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        fence = _FENCE.match(line)
        if opened is None and fence:
            opened, held = (fence["marks"], fence["info"].strip(), number + 1), []
        elif opened is not None and fence and len(fence["marks"]) >= len(opened[0]) and not fence["info"].strip():
            language = opened[1].split()[0] if opened[1] else ""
            found.append(Block(page, opened[2], language, "\n".join(held) + "\n"))
            opened = None
        else:
            held.append(line)
    assert opened is None, f"{page}: a fence is open"
    return tuple(found)


@cache
def prose(page: Path) -> tuple[str, ...]:
    """The lines of a page, empty where a fenced block stands."""
    lines = page.read_text(encoding="utf-8").splitlines()
    for block in blocks(page):
        inside = block.text.count("\n")
        lines[block.line - 2 : block.line + inside] = [""] * (inside + 2)
    return tuple(lines)


def commands(block: Block) -> Iterator[tuple[str, list[str]]]:
    """(place, words after `cxid`) of each call of cxid in a block of a shell or of a page of output."""
    for number, line in _shell_lines(block):
        for words in _simple_commands(line):
            yield f"{block.page.relative_to(ROOT)}:{number}", words


def _shell_lines(block: Block) -> Iterator[tuple[int, str]]:
    """Lines that are typed: after `$ ` where the block has any, else those that begin with a command."""
    prompts = any(line.startswith("$ ") for line in block.text.splitlines())
    joined, begins = "", 0
    for number, line in enumerate(block.text.splitlines(), block.line):
        if joined:
            joined = joined.removesuffix("\\") + " " + line.strip().removeprefix("> ")
        elif prompts and not line.startswith("$ "):
            continue
        else:
            joined, begins = line.removeprefix("$ ").strip(), number
        if joined.endswith("\\") or _is_open(joined):
            continue
        if joined:
            yield begins, joined
        joined = ""
    if joined:
        yield begins, joined


def _is_open(line: str) -> bool:
    """A quote goes on in the next line: only commands of cxid may do that, prose has apostrophes."""
    if not re.match(r"(\w+=\S* )*cxid ", line):
        return False
    try:
        _tokens(line)
    except ValueError:
        return True
    return False


def _tokens(line: str) -> list[str]:
    lexer = shlex.shlex(re.sub(r"\$\([^()]*\)", "word", line), posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split = True
    lexer.commenters = ""
    tokens = list(lexer)
    return tokens[: next((i for i, t in enumerate(tokens) if t.startswith("#")), len(tokens))]


def _simple_commands(line: str) -> Iterator[list[str]]:
    """The words after `cxid` of each simple command on a line; none for a line that is no shell."""
    if "cxid " not in line:
        return
    try:
        tokens = _tokens(line)
    except ValueError:
        return
    held: list[str] = []
    skip = False
    for token in [*tokens, ";"]:
        if token in _OPERATORS:
            while held and re.fullmatch(r"\w+=.*", held[0]):
                held = held[1:]
            if held and held[0] == "cxid":
                yield held[1:]
            held = []
        elif token in _REDIRECTS:
            skip = True
        elif skip:
            skip = False
        else:
            held.append(token)


def links(page: Path) -> Iterator[tuple[str, str]]:
    """(place, target) of each link and picture that does not leave the repository."""
    for number, line in enumerate(prose(page), 1):
        for target in re.findall(r"\]\(([^)\s]+)(?: \"[^\"]*\")?\)", re.sub(r"`[^`]*`", "", line)):
            if not re.match(r"[a-z]+:", target):
                yield f"{page.relative_to(ROOT)}:{number}", target


@cache
def anchors(page: Path) -> frozenset[str]:
    """The anchors of a page's headings, as its hosts make them."""
    found: dict[str, int] = {}
    names = set()
    for line in prose(page):
        if heading := re.match(r"#{1,6} +(.+?) *#*$", line):
            text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading[1]).replace("`", "")
            slug = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
            count = found.get(slug, 0)
            found[slug] = count + 1
            names.add(f"{slug}-{count}" if count else slug)
    names |= set(re.findall(r'<a (?:id|name)="([^"]+)"', page.read_text(encoding="utf-8")))
    return frozenset(names)


def inline_code(page: Path) -> Iterator[tuple[str, str]]:
    """(place, text) of each piece of code within a sentence."""
    for number, line in enumerate(prose(page), 1):
        for text in re.findall(r"(?<!`)`([^`]+)`(?!`)", line):
            yield f"{page.relative_to(ROOT)}:{number}", text

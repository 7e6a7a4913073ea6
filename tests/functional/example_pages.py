"""Pages whose console blocks hold what the commands print now on a terminal: README, tutorial, examples.

`python -m tests.functional.example_pages [PAGE...]` writes the blocks anew. A piece of config under `INTO_CONFIG`
replaces the source of its name in the project's cxid.yml, or is put before the others, when its turn comes, as the page
tells its reader to do. A block opened by "```console lines=20" shows the first 20 lines of each command's output.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from contextlib import chdir
from pathlib import Path

from tests.functional.cli_harness import cxid

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(p.parent for p in (ROOT / "examples").glob("*/README.md"))
INTO_CONFIG = "<!-- into cxid.yml -->"
_BLOCK = re.compile(
    rf"^(?P<open>(?P<into>{INTO_CONFIG}\n```yaml)|```console(?: lines=(?P<lines>\d+))?)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
# a run is named after its inputs and the program: the name differs from version to version
_RUN_ID = re.compile(r"\b(r\d{4})-[0-9a-f]{8}\b")
_SHELL = ("cp", "grep", "head", "ls", "mkdir")  # what else a reader types
_PROMPT = "$ "


# page -> the example that its commands run in
PAGES = {example / "README.md": example for example in EXAMPLES} | {
    ROOT / "README.md": ROOT / "examples/bicycle-shop",
    ROOT / "docs/tutorial/README.md": ROOT / "examples/bicycle-shop",
    ROOT / "docs/how-to/add-a-source.md": ROOT / "examples/two-systems",
}
_SCREEN = {"NO_COLOR": "1", "COLUMNS": "96"}


def rewritten(text: str, project: Path) -> str:
    """The page's text with every block as its commands print it, run in order in `project`."""

    def block(found: re.Match[str]) -> str:
        if found["into"]:
            _put_into_config(project / "cxid.yml", found["text"])
            return found[0]
        lines = int(found["lines"]) if found["lines"] else None
        return f"{found['open']}\n{_printed(found['text'], lines)}```"

    with chdir(project):
        return _BLOCK.sub(block, text)


def copied(example: Path, target: Path) -> Path:
    """The example's files without what a build leaves behind."""
    ignored = shutil.ignore_patterns("output", ".cxid", "README.md")
    return Path(shutil.copytree(example, target / example.name, ignore=ignored))


def _put_into_config(config: Path, source: str) -> None:
    name = source.split(":", 1)[0]
    text = config.read_text(encoding="utf-8")
    old = re.compile(rf"^{re.escape(name)}:\n(?:^ {{4}}.*\n)+", re.MULTILINE)
    new, count = old.subn(lambda _: source, text)
    if not count:
        new = text.replace("\nsources:\n", f"\nsources:\n{source}", 1)
    config.write_text(new, encoding="utf-8")


def _printed(block: str, limit: int | None) -> str:
    lines = []
    for line in block.splitlines():
        if line.startswith(_PROMPT):
            out = _RUN_ID.sub(r"\1-00000000", _output(line.removeprefix(_PROMPT))).splitlines()
            cut = limit is not None and len(out) > limit
            lines += [line, *(text.rstrip(" ") for text in (out[:limit] if cut else out)), *(["..."] if cut else [])]
    return "".join(f"{line}\n" for line in lines)


def _output(command: str) -> str:
    words = shlex.split(command)
    if words[0] in _SHELL:
        return subprocess.run(["sh", "-c", command], check=True, capture_output=True, text=True).stdout
    if words[0] != "cxid":
        raise ValueError(f"not a command of these pages: {command}")
    done = cxid(*words[1:], tty=True, env=_SCREEN)
    if done.code:
        raise RuntimeError(f"{command} ended with {done.code}:\n{done.err}")
    return done.out or done.err  # what is only said stands there where nothing is printed


def _main(names: list[str]) -> None:
    for page, example in PAGES.items():
        if names and not any(name in str(page) for name in names):
            continue
        with tempfile.TemporaryDirectory() as folder:
            text = rewritten(page.read_text(encoding="utf-8"), copied(example, Path(folder)))
            page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    _main(sys.argv[1:])

"""The README of the project and of each example: their console blocks hold what the commands print now.

`python -m tests.functional.example_pages` writes the blocks anew.
"""

from __future__ import annotations

import re
import shlex
import shutil
import tempfile
from contextlib import chdir
from pathlib import Path

from tests.functional.cli_harness import cxid

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(p.parent for p in (ROOT / "examples").glob("*/README.md"))
# page -> the example that its commands run in
PAGES = {example / "README.md": example for example in EXAMPLES} | {ROOT / "README.md": ROOT / "examples/two-systems"}
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_RUN_ID = re.compile(
    r"\br\d{4}-[0-9a-f]{8}\b"
)  # named after the inputs and the program: differs from version to version


def rewritten(readme: str, project: Path) -> str:
    """The page with every block as its commands print it, run in order in `project`."""
    with chdir(project):
        return _BLOCK.sub(lambda block: f"```console\n{_printed(block[1])}```", readme)


def copied(example: Path, target: Path) -> Path:
    """The example's files without what a build leaves behind."""
    ignored = shutil.ignore_patterns("output", ".cxid", "README.md")
    return Path(shutil.copytree(example, target / example.name, ignore=ignored))


def _printed(block: str) -> str:
    lines = []
    for line in block.splitlines():
        if not line.startswith("$ "):
            continue
        words = shlex.split(line[2:])
        if words[0] != "cxid":
            raise ValueError(f"not a command of cxid: {line}")
        done = cxid(*words[1:])
        if done.code:
            raise RuntimeError(f"{line} ended with {done.code}:\n{done.err}")
        lines += [line, *_RUN_ID.sub("r0001-00000000", done.out).splitlines()]
    return "".join(f"{line}\n" for line in lines)


def _main() -> None:
    for page, example in PAGES.items():
        with tempfile.TemporaryDirectory() as folder:
            text = rewritten(page.read_text(encoding="utf-8"), copied(example, Path(folder)))
            page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    _main()

"""Draws the pictures of the README from a real report: `python docs/pictures/make_pictures.py`.

The terminal's picture is what `cxid report` writes on a terminal of 100 columns. The page's pictures, light and dark,
are what Chromium shows of `cxid report --html`; without Chromium they stay as they are. The company is that of
`cxid demo`.
"""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import chdir
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

HERE = Path(__file__).parent
PEOPLE = 2000
COLUMNS = 100
REPORT = ("report", "-s", "verdict", "-s", "funnel", "-s", "weights")
WIDTH, HEIGHT = 1280, 830


def cxid(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "cxid", *words], check=True)


def on_terminal(*words: str) -> str:
    """What the command writes to a terminal, escapes included."""
    reader, writer = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(COLUMNS), "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    process = subprocess.Popen(
        [sys.executable, "-m", "cxid", *words], stdout=writer, stderr=subprocess.DEVNULL, stdin=writer, env=environment
    )
    os.close(writer)
    read = b""
    try:
        while part := os.read(reader, 65536):
            read += part
    except OSError:  # Linux says so when the other end is closed
        pass
    process.wait()
    os.close(reader)
    return read.decode().replace("\r\n", "\n")


def draw_terminal() -> None:
    """The picture of the terminal, as text in an SVG of its own colours."""
    shown = on_terminal(*REPORT).splitlines()
    with Path(os.devnull).open("w") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere, force_terminal=True, color_system="truecolor")
        console.print("[bold]$[/] cxid " + " ".join(REPORT))
        for line in shown:
            console.print(Text.from_ansi(line), soft_wrap=True)
        svg = console.export_svg(title="cxid report", theme=MONOKAI, unique_id="report")
    svg = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)  # a picture fetches nothing
    svg = svg.replace("Fira Code, monospace", "ui-monospace, Menlo, Consolas, monospace")
    (HERE / "report-terminal.svg").write_text(svg, encoding="utf-8")


def draw_page(folder: Path) -> None:
    """The top of the page as a browser shows it, in its light and its dark dress."""
    browser = shutil.which("chromium")
    if browser is None:
        print("no chromium: the pictures of the page stay as they are", file=sys.stderr)
        return
    page = folder / "report.html"
    cxid("report", "--html", str(page))
    for dress, flag in (("light", ()), ("dark", ("--force-dark-mode", "--blink-settings=preferredColorScheme=0"))):
        command = [browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", *flag]
        target = HERE / f"report-page-{dress}.png"
        options = [f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={target}", page.as_uri()]
        subprocess.run([*command, *options], check=True, stderr=subprocess.DEVNULL, cwd=folder)


def main() -> None:
    """All pictures."""
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        cxid("demo", ".", "--people", str(PEOPLE), "--quiet")
        cxid("build", "--quiet")
        draw_terminal()
        draw_page(Path(folder))


if __name__ == "__main__":
    main()

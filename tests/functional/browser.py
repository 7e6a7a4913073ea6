"""A page as a browser finds it: faults of accessibility, what it fetched, what it said to its console, how wide it is."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_RULES = ("wcag2a", "wcag2aa", "best-practice")
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
# A window of a browser is never narrower than 500 pixels, a frame may be; it takes light and dark from around it.
_FRAME = """<!doctype html><html lang="en"><head><meta name="color-scheme" content="light dark"><title>frame</title></head>
<body><iframe title="page" width="%d" height="2000" srcdoc="%s"></iframe></body></html>"""
# After the page has gone to its section, with all figures unfolded: what it shows and asked for, and what axe says, left in the DOM around it.
_RUN = """
addEventListener('load', () => setTimeout(async () => {
  location.hash = %s;
  document.querySelectorAll('details').forEach(d => d.open = true);
  await new Promise(done => setTimeout(done, 100));
  const seen = {
    dark: matchMedia('(prefers-color-scheme:dark)').matches,
    width: document.documentElement.scrollWidth,
    sections: [...document.querySelectorAll('section')].filter(s => s.offsetHeight).map(s => s.id),
    fetched: performance.getEntriesByType('resource').map(r => r.name), rules: [], violations: []};
  if (window.axe) {
    const done = await axe.run(document, {runOnly: %s, resultTypes: ['violations']});
    seen.rules = done.passes.filter(p => p.nodes.length).map(p => p.id);
    const told = n => n.html + ' ' + n.failureSummary;
    seen.violations = done.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(told).join(' | '));
  }
  parent.document.body.dataset.seen = encodeURIComponent(JSON.stringify(seen));
}, 0));
"""


@dataclass(frozen=True)
class Seen:
    """What one look at a page brought to light."""

    dark: bool
    width: int  # pixels that the page takes
    sections: Sequence[str]  # that are shown
    fetched: Sequence[str]
    rules: Sequence[str]  # of axe that something on the page fulfils
    violations: Sequence[str]
    console: Sequence[str]


def chromium() -> str:
    """The browser; skips the test where there is none."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium on this machine")
    return found


def browse(folder: Path, page: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Open a page without a window; its messages are in stderr, what `options` ask for in stdout or a file."""
    command = [
        chromium(), "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr",
        "--v=0", f"--user-data-dir={folder / 'browser'}", *options, page.as_uri(),
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, text=True, timeout=180, check=True)


def console(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What the page said to its console, policies that were broken among it."""
    return [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def look(folder: Path, page: Path, width: int, *, dark: bool = False, section: str = "", axe: bool = True) -> Seen:
    """Look at a copy of the page, without the policy that forbids scripts, so many pixels wide, at a section of it."""
    text, policies = _POLICY.subn("", page.read_text(encoding="utf-8"))
    assert policies == 1
    scripts = [*([_axe()] if axe else []), _RUN % (json.dumps(section), json.dumps(_RULES))]
    text = text.replace("</body>", "".join(f"<script>{s}</script>" for s in scripts) + "</body>")
    frame = folder / "frame.html"
    frame.write_text(_FRAME % (width, html.escape(text, quote=True)), encoding="utf-8")
    scheme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
    done = browse(folder, frame, scheme, "--window-size=1400,2100", "--virtual-time-budget=30000", "--dump-dom")
    found = re.search(r'data-seen="([^"]*)"', done.stdout)
    assert found is not None, done.stderr
    return Seen(console=console(done), **json.loads(unquote(found[1])))


def _axe() -> str:
    package = find_spec("axe_core_python")
    if package is None or package.origin is None:
        pytest.skip("axe-core-python is not installed")
    return (Path(package.origin).parent / "axe.min.js").read_text(encoding="utf-8")

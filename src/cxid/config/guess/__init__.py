"""`cxid init`: from files to a config that works, with the evidence for each guess."""

from __future__ import annotations

from cxid.config.guess.found import Evidence, Guess, LeftOut
from cxid.config.guess.project import guess_config
from cxid.config.guess.render import render_yaml

__all__ = ["Evidence", "Guess", "LeftOut", "guess_config", "render_yaml"]

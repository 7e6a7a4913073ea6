"""The parts of an evaluation, in the order in which they are told."""

from __future__ import annotations

SECTIONS = ("measures", "losses", "blocking", "cuts", "calibration", "errors")

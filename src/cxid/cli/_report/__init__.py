"""The terminal report, section by section, from figures alone."""

from __future__ import annotations

from cxid.cli._report.sections import SECTIONS, Section, write_report

__all__ = ["SECTIONS", "Section", "write_report"]

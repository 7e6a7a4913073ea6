"""What a stream can show."""

from __future__ import annotations

import pytest

from cxid.cli._terminal import look_at
from tests.functional.cli_harness import Stream


@pytest.mark.parametrize(
    ("env", "shows"),
    [
        ({}, True),
        ({"LANG": "en_GB.UTF-8"}, True),
        ({"LANG": "C"}, False),
        ({"LANG": "POSIX", "LC_CTYPE": "C.UTF-8"}, False),  # what Python makes of LANG=POSIX before it starts
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, False),
        ({"LC_CTYPE": "C.UTF-8"}, True),  # and of no locale at all
        ({"LANG": "C", "LC_CTYPE": "en_GB.UTF-8"}, True),
        ({"LANG": "C", "LC_ALL": "C.UTF-8"}, True),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "C"}, False),
    ],
)
def test_more_than_ascii_needs_a_locale_that_has_more(env: dict[str, str], shows: bool) -> None:
    assert look_at(Stream(tty=True, encoding="utf-8"), {"TERM": "xterm", **env}).unicode is shows

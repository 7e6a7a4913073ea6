"""Arrow arrays without pandas, for commands that look: they are over before pandas would be loaded."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec

import pyarrow as pa


class _NotNow:
    """A finder that refuses pandas."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: object = None) -> ModuleSpec | None:
        if name == "pandas":
            raise ModuleNotFoundError(name, name=name)
        return None


def settle() -> None:
    """Let pyarrow ask for pandas, and hear no: it loads it with its first array, and with the first that has a value.

    It does so to know data frames, of which there are none here, and takes a quarter of a second. Where something did
    load pandas all stays as it is; who asks for a data frame later gets it, as pyarrow then looks again.
    """
    if "pandas" in sys.modules:
        return
    sys.meta_path.insert(0, _NotNow)
    try:
        pa.array([0])
    finally:
        sys.meta_path.remove(_NotNow)

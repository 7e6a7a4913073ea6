"""Commands that look at a run do not wait for pandas, which nothing of theirs needs."""

from __future__ import annotations

import subprocess
import sys

_PROGRAM = """
import sys
from cxid.cli._arrow import settle
settle()
import pyarrow as pa
table = pa.table({"a": pa.array([1, 2])})
before = "pandas" in sys.modules
print(before, table.to_pandas()["a"].sum(), "pandas" in sys.modules)
"""


def test_arrays_are_made_without_pandas_and_a_data_frame_is_still_to_be_had() -> None:
    said = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["False", "3", "True"]


def test_where_pandas_is_loaded_all_stays_as_it_is() -> None:
    program = (
        "import pandas, pyarrow as pa\nfrom cxid.cli._arrow import settle\nsettle()\n"
        "print(pa.array(pandas.Series([1, None])).null_count)"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["1"]

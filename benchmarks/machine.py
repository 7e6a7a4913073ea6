"""Whole-process figures: wall seconds and peak memory as the operating system counts them."""

from __future__ import annotations

import datetime
import os
import platform
import resource
import subprocess
import sys
import time
from importlib.metadata import version


def measured_run(command: list[str]) -> tuple[float, float]:
    """(wall seconds, peak MB) of a command; its output is dropped, its failure ends the benchmark with its words."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, words = process.communicate()
    seconds = time.perf_counter() - begun
    if process.returncode:
        sys.exit(f"{' '.join(command)}\n{words.decode()}")
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def stamp() -> str:
    """Date, machine and versions for a page of results."""
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{datetime.date.today():%Y-%m-%d}, {os.cpu_count()} cores, {gigabytes:.0f} GB, {platform.system()} "
        f"{platform.machine()}, Python {platform.python_version()}, "
        f"DuckDB {version('duckdb')}, cxid {version('cxid')}. "
        "Wall seconds and peak memory of the whole process; memory is the largest run so far."
    )

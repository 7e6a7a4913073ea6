"""A second way into the engine's database for another thread."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from cxid.engine.duckdb import DuckDBEngine
from cxid.errors import Interrupted

_LONG = "SELECT count(*) FROM range(1000000) AS a (x), range(1000000) AS b (y) WHERE x * y % 7 = 3"


def test_both_see_the_same_tables_and_the_first_goes_on_afterwards() -> None:
    engine = DuckDBEngine()
    engine.run("seen", "SELECT 1 AS a")
    with engine.beside() as other, ThreadPoolExecutor(1) as pool:
        assert pool.submit(other.count, "seen").result() == 1
        pool.submit(other.run, "made", "SELECT 2 AS a").result()
    assert engine.count("made") == 1
    engine.close()


def test_interrupting_the_engine_stops_what_runs_beside_it() -> None:
    engine = DuckDBEngine(threads=1)
    with engine.beside() as other, ThreadPoolExecutor(1) as pool:
        running = pool.submit(other.scalar, _LONG)
        while not engine.busy:
            time.sleep(0.01)
        over = threading.Event()

        def insist() -> None:  # a statement that has not quite begun does not hear the first
            while not over.wait(0.05):
                engine.interrupt()

        insisting = threading.Thread(target=insist)
        insisting.start()
        with pytest.raises(Interrupted):
            running.result(timeout=30)
        over.set()
        insisting.join()
    assert not engine.busy
    engine.close()

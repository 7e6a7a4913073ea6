"""What changed since the last export of a name: rows added, changed and gone, and what is known of the last one.

The file of a name holds the ids as they were exported, and a digest of each row. It is replaced after the export is in
its place: whoever is killed between the two gets the same changes again, never none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from cxid.engine.base import Engine, literal, quote
from cxid.errors import UsageError
from cxid.exporting.model import OP
from cxid.runs import disk
from cxid.runs.home import Home

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def state_folder(home: Home) -> Path:
    """Where the files of all names lie."""
    return home.state / "exports"


def state_file(home: Home, name: str) -> Path:
    """The file of a name, its folder made when missing. Raises UsageError for a name that is none."""
    if not _NAME.fullmatch(name):
        raise UsageError(
            "the name of a delta is made of letters, digits, dots, dashes and underscores, at most 64",
            hint="for example --delta newsletter",
        )
    return disk.make_folder(state_folder(home)) / f"{name}.parquet"


def write_changes(engine: Engine, columns: Sequence[str], earlier: Path | None) -> dict[str, int]:
    """Make of export_row the rows that differ from `earlier`, `op` before them; the rows by op.

    Table export_state holds what is known of everyone who is exported, for the file of the name. Rows are compared by
    all columns, names included: another choice of columns changes every row.
    """
    key = quote(columns[0])
    parts = ", ".join(f"coalesce({literal(name + '=')} || CAST({quote(name)} AS VARCHAR), '')" for name in columns)
    engine.run(
        "export_state", f"SELECT {key} AS customer_id, md5(concat_ws(chr(31), {parts})) AS row_digest FROM export_row"
    )
    if earlier is None:
        engine.run("export_before", "SELECT customer_id, row_digest FROM export_state WHERE 1 = 0")
    else:
        engine.read("export_before", earlier)
    listed = ", ".join(f"r.{quote(name)}" for name in columns)
    gone = ", ".join(f"CAST(NULL AS {type_}) AS {quote(name)}" for name, type_ in engine.columns("export_row").items()
                     if name != columns[0])  # fmt: skip
    same = f"export_state AS s ON s.customer_id = r.{key}"
    before = "export_before AS b ON b.customer_id = s.customer_id"
    engine.run(
        "export_change",
        f"SELECT CASE WHEN b.customer_id IS NULL THEN 'added' ELSE 'changed' END AS {OP}, {listed} "
        f"FROM export_row AS r JOIN {same} LEFT JOIN {before} "
        "WHERE b.row_digest IS NULL OR b.row_digest <> s.row_digest UNION ALL "
        f"SELECT 'removed' AS {OP}, b.customer_id AS {key}{', ' + gone if gone else ''} FROM export_before AS b "
        "LEFT JOIN export_state AS s ON s.customer_id = b.customer_id WHERE s.customer_id IS NULL",
    )
    engine.rename("export_change", "export_row")
    counted = engine.fetch(f"SELECT {OP}, count(*) AS n FROM export_row GROUP BY {OP}").to_pylist()
    found = {row[OP]: int(row["n"]) for row in counted}
    return {op: found.get(op, 0) for op in ("added", "changed", "removed")}


def keep_state(engine: Engine, path: Path) -> None:
    """Make what was exported now the last export of the name."""
    engine.write("export_state", path, order_by=("customer_id",))
    disk.sync_folder(path.parent)

"""`check` says what a build would meet, at the line of the config that has to change."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxid.checking import Finding, Severity, check_config
from cxid.config.loading import load_config

PEOPLE = "id,name,mail,born\n" + "".join(
    f"{i},Ann Example{i},ann{i}@example.org,{1950 + i}-03-0{i % 9 + 1}\n" for i in range(20)
)
SALES = "no,at,sum,card\n" + "".join(f"{i},2026-01-0{i % 9 + 1} 10:00:00,{i}.50,c{i}\n" for i in range(20))
CONFIG = """\
sources:
  crm:
    path: crm.csv
    kind: people
    key: id
    columns:
      full_name: name
      email: mail
      birth_date: born
  pos:
    path: pos.csv
    kind: transactions
    key: no
    time: at
    amount: sum
    ids: {card: card}
"""


def found(folder: Path, *, config: str = CONFIG, crm: str = PEOPLE, pos: str = SALES) -> list[Finding]:
    (folder / "cxid.yml").write_text(config)
    (folder / "crm.csv").write_text(crm)
    (folder / "pos.csv").write_text(pos)
    return check_config(load_config(folder))


def test_a_config_that_fits_its_files_has_no_findings(tmp_path: Path) -> None:
    assert found(tmp_path) == []


CASES = [
    # what is wrong, how, the line, the severity, words of the message, words of the hint
    ("a column is missing", {"config": CONFIG.replace("email: mail", "email: mial")}, 8, Severity.ERROR, '"mial"', "mail"),
    ("a file is missing", {"config": CONFIG.replace("pos.csv", "sop.csv")}, 11, Severity.ERROR, "no such file", "config's folder"),
    ("a key repeats", {"crm": PEOPLE + "3,Bob Other,bob@example.org,1990-01-01\n"}, 5, Severity.WARNING, "duplicate_key", "unique"),
    ("times do not fit", {"pos": SALES.replace("2026-01-0", "01/01/202")}, 14, Severity.ERROR, "do not fit ISO 8601", "%d/%m/%Y %H:%M:%S"),
    ("decimal commas", {"pos": SALES.replace(".50", "-50")}, 15, Severity.ERROR, "bad_number", "decimal"),
    ("the file is empty", {"crm": ""}, 3, Severity.ERROR, "empty", "export it again"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "line", "severity", "words", "hint"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_a_finding_names_its_line_and_the_next_step(
    tmp_path: Path, change: dict[str, str], line: int, severity: Severity, words: str, hint: str
) -> None:
    findings = found(tmp_path, **change)
    assert [(f.line, f.severity) for f in findings if words in f.message and hint in f.hint + f.message] == [
        (line, severity)
    ], findings


def test_dates_in_another_order_are_an_error(tmp_path: Path) -> None:
    config = CONFIG.replace("birth_date: born", 'birth_date: {from: born, format: "%d/%m/%Y"}')
    crm = PEOPLE.replace("-03-0", "x03x")
    (finding,) = found(tmp_path, config=config, crm=crm)
    assert finding.severity is Severity.ERROR
    assert finding.message == '20 of 20 values of "born" do not fit format %d/%m/%Y'
    assert (finding.line, finding.path) == (9, "sources.crm.columns.birth_date")


def test_no_finding_shows_a_value(tmp_path: Path) -> None:
    crm = PEOPLE + "3,Canary Value,canary@example.org,canary-date\n,Canary,canary2@example.org,\n"
    assert not any("canary" in (f.message + f.hint).lower() for f in found(tmp_path, crm=crm))

"""A sitting: what each answer writes, what is asked next, what undo takes out again, what a later sitting knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxid.config.deciding import add_decisions, remove_decisions
from cxid.config.decisions import Action, Decision, read_decisions
from cxid.config.loading import load_config
from cxid.config.model import Config
from cxid.errors import ConfigError, InputError, UsageError
from cxid.explain.model import Record
from cxid.review.audit import Audit, Passed, audit_report, reached
from cxid.review.decided import Decided
from cxid.review.questions import Cause, Question
from cxid.review.session import Answer, Progress, Session, Signature

CONFIG = """version: 1
sources:
  crm: {path: crm.csv, kind: people, key: no, columns: {given_name: n, email: mail}}
"""
HEADER = "action,source_a,key_a,source_b,key_b,field,value,who,when,reason\n"
RUN = "r0001-00000000"
ANN = Signature("Ann", "2026-11-22", "review")
KEYS = {"y": Answer.SAME, "n": Answer.DIFFERENT, "s": Answer.UNSURE}


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "cxid.yml").write_text(CONFIG)
    return load_config(tmp_path)


def record(text: str) -> Record:
    """a1: record a1 of customer A."""
    return Record(ord(text[0]) * 10 + int(text[1:]), "crm", text, text[0].upper())


def questions(text: str) -> list[Question]:
    """'a1-b1 c1-c2*': pairs in order, those drawn at random with a star."""
    found = []
    for word in text.split():
        a, b = (record(end) for end in word.rstrip("*").split("-"))
        found.append(Question(a, b, Cause.AUDIT if word.endswith("*") else Cause.NEAR, None))
    return found


def sitting(config: Config, text: str, owners: str = "") -> Session:
    known = {("crm", key): key[0].upper() for key in owners.split()}
    return Session(config, RUN, questions(text), known, ANN)


def play(session: Session, keys: str) -> list[str]:
    """The questions that are asked while the keys are pressed, '-' where nothing is."""
    asked = []
    for key in keys:
        asked.append(f"{session.current.a.key}-{session.current.b.key}" if session.current else "-")
        session.undo() if key == "u" else session.answer(KEYS[key])
    return asked


def lines(config: Config) -> list[str]:
    file = config.root / "decisions.csv"
    return [f"{d.action.value} {d.a[1]} {d.b and d.b[1]}" for d in read_decisions(config).rows] if file.exists() else []


PLAYS = [
    ("each answer is a line at once", "a1-b1 c1-d1 e1-f1", "yns", ["a1-b1", "c1-d1", "e1-f1"], ["link a1 b1", "unlink c1 d1"]),
    ("undo takes the line out and asks again", "a1-b1 c1-d1", "yuny", ["a1-b1", "c1-d1", "a1-b1", "c1-d1"], ["unlink a1 b1", "link c1 d1"]),
    ("undo goes back as far as the sitting", "a1-b1 c1-d1 e1-f1", "ynsuuun", ["a1-b1", "c1-d1", "e1-f1", "-", "e1-f1", "c1-d1", "a1-b1"], ["unlink a1 b1"]),
    ("undo with nothing to take back does nothing", "a1-b1", "uy", ["a1-b1", "a1-b1"], ["link a1 b1"]),
    ("who is linked to two is asked no more about these two", "a1-b1 b1-c1 a1-c1 d1-e1", "yyn", ["a1-b1", "b1-c1", "d1-e1"],
     ["link a1 b1", "link b1 c1", "unlink d1 e1"]),
    ("who is linked to one is not asked about those whom that one is not", "a1-b1 b1-c1 a1-c1 d1-e1", "yny", ["a1-b1", "b1-c1", "d1-e1"],
     ["link a1 b1", "unlink b1 c1", "link d1 e1"]),
    ("two noes say nothing of the third pair", "a1-b1 b1-c1 a1-c1", "nny", ["a1-b1", "b1-c1", "a1-c1"], ["unlink a1 b1", "unlink b1 c1", "link a1 c1"]),
    ("customers that are kept apart are not asked about by another pair", "a1-b1 a2-b2 c1-d1", "ny", ["a1-b1", "c1-d1"], ["unlink a1 b1", "link c1 d1"]),
    ("nor customers that are one by now", "a1-b1 b2-c1 a2-c2 d1-e1", "yyn", ["a1-b1", "b2-c1", "d1-e1"], ["link a1 b1", "link b2 c1", "unlink d1 e1"]),
    ("what was drawn needs an answer of its own", "a1-b1 a2-b2* c1-d1", "nny", ["a1-b1", "a2-b2", "c1-d1"], ["unlink a1 b1", "unlink a2 b2", "link c1 d1"]),
    ("but not where its own records are decided", "a1-b1 b1-c1 a1-c1* d1-e1", "yyn", ["a1-b1", "b1-c1", "d1-e1"], ["link a1 b1", "link b1 c1", "unlink d1 e1"]),
    ("links within a customer are asked one by one", "a1-a2 a2-a3", "nn", ["a1-a2", "a2-a3"], ["unlink a1 a2", "unlink a2 a3"]),
    ("an answer after the last does nothing", "a1-b1", "yyy", ["a1-b1", "-", "-"], ["link a1 b1"]),
    ("what undo takes back is a question again", "a1-b1 b1-c1 a1-c1", "yyuun", ["a1-b1", "b1-c1", "-", "b1-c1", "a1-b1"], ["unlink a1 b1"]),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "keys", "seen", "written"), [p[1:] for p in PLAYS], ids=[p[0] for p in PLAYS])
def test_a_sitting(config: Config, asked: str, keys: str, seen: list[str], written: list[str]) -> None:
    assert play(sitting(config, asked), keys) == seen
    assert lines(config) == written


def test_progress_counts_matches_of_what_was_decided(config: Config) -> None:
    session = sitting(config, "a1-b1 c1-d1 e1-f1 g1-h1 i1-j1")
    play(session, "yyns")
    assert session.progress == Progress(matches=2, decided=3, skipped=1, left=1)
    session.undo()
    session.undo()
    assert session.progress == Progress(matches=2, decided=2, skipped=0, left=3)


def test_a_later_sitting_goes_on_where_the_first_ended(config: Config) -> None:
    text = "a1-b1 c1-d1 e1-f1 g1-h1"
    play(sitting(config, text), "yn")
    assert play(sitting(config, text), "yn") == ["e1-f1", "g1-h1"]
    assert len(lines(config)) == 4


def test_a_later_sitting_knows_customers_that_were_set_apart_by_other_records(config: Config) -> None:
    (config.root / "decisions.csv").write_text(HEADER + "unlink,crm,a9,crm,b9,,,,,\n")
    assert play(sitting(config, "a1-b1 c1-d1", owners="a9 b9"), "y") == ["c1-d1"]


def test_what_others_decide_meanwhile_is_not_asked(config: Config) -> None:
    session = sitting(config, "a1-b1 c1-d1 e1-f1")
    add_decisions(config, [Decision(0, Action.UNLINK, ("crm", "c1"), ("crm", "d1"), who="Bob")])
    assert play(session, "yn") == ["a1-b1", "e1-f1"]


def test_an_answer_against_what_others_decided_meanwhile_is_refused_and_nothing_moves(config: Config) -> None:
    session = sitting(config, "a1-b1 c1-d1")
    add_decisions(config, [Decision(0, Action.UNLINK, ("crm", "a1"), ("crm", "b1"))])
    with pytest.raises(UsageError, match="contradicts"):
        session.answer(Answer.SAME)
    assert session.current is not None and session.current.a.key == "a1"
    assert session.steps == []


def test_a_split_keeps_every_pair_across_the_parts_apart_and_is_undone_as_a_whole(config: Config) -> None:
    session = sitting(config, "a1-a2 a2-a3 b1-c1")
    session.split([[("crm", "a1"), ("crm", "a4")], [("crm", "a2")], [("crm", "a3")]])
    assert lines(config) == ["unlink a1 a2", "unlink a4 a2", "unlink a1 a3", "unlink a4 a3", "unlink a2 a3"]
    assert session.current is not None and session.current.a.key == "b1"
    session.undo()
    assert lines(config) == []
    assert session.current.a.key == "a1"


def test_a_split_that_leaves_the_pair_together_asks_it_still(config: Config) -> None:
    session = sitting(config, "a1-a2 b1-c1")
    session.split([[("crm", "a1"), ("crm", "a2")], [("crm", "a3")]])
    assert session.current is not None and session.current.b.key == "a2"


def test_one_part_says_that_all_are_one_person(config: Config) -> None:
    session = sitting(config, "a1-a2 a2-a3 b1-c1")
    session.split([[("crm", "a1"), ("crm", "a2"), ("crm", "a3")]])
    assert lines(config) == ["link a1 a2", "link a2 a3"]
    assert session.current is not None and session.current.a.key == "b1"


def test_a_skipped_pair_is_remembered_and_undo_forgets_it(config: Config) -> None:
    session = sitting(config, "a1-b1 c1-d1")
    play(session, "s")
    pair = (("crm", "b1"), ("crm", "a1"))
    assert pair in Passed(config.root, RUN)
    session.undo()
    assert pair not in Passed(config.root, RUN)


# -- taking lines out ------------------------------------------------------------------------------------------

MINE = Decision(0, Action.LINK, ("crm", "1"), ("crm", "2"), who="Ann", when="2026-11-22", reason="review")
ROW = "link,crm,1,crm,2,,,Ann,2026-11-22,review"
OTHER = "unlink,crm,3,crm,4,,,Bob,,father and son"
FILES = [
    ("the last line", f"{HEADER}{OTHER}\n{ROW}\n", f"{HEADER}{OTHER}\n"),
    ("one in the middle", f"{HEADER}{ROW}\n{OTHER}\n", f"{HEADER}{OTHER}\n"),
    ("without an end of line", f"{HEADER}{OTHER}\n{ROW}", f"{HEADER}{OTHER}\n"),
    ("blank lines and the others' line ends stay", f"{HEADER}\r\n{OTHER}\r\n\r\n{ROW}\r\n\n", f"{HEADER}\r\n{OTHER}\r\n\r\n\n"),
    ("a byte order mark stays", f"\ufeff{HEADER}{ROW}\n", f"\ufeff{HEADER}"),
    ("lines with line breaks in them", f'{HEADER}unlink,crm,3,crm,4,,,"B\nob",,"a\r\nb"\n{ROW}\nlink,crm,5,crm,6,,,,,"x\ny"\n',
     f'{HEADER}unlink,crm,3,crm,4,,,"B\nob",,"a\r\nb"\nlink,crm,5,crm,6,,,,,"x\ny"\n'),
    ("of two that say the same the last", f"{HEADER}{ROW}\n{OTHER}\n{ROW}\n", f"{HEADER}{ROW}\n{OTHER}\n"),
    ("one of somebody else stays", f"{HEADER}link,crm,1,crm,2,,,Bob,2026-11-22,review\n", f"{HEADER}link,crm,1,crm,2,,,Bob,2026-11-22,review\n"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), [f[1:] for f in FILES], ids=[f[0] for f in FILES])
def test_a_decision_is_taken_out_and_every_other_byte_stays(config: Config, before: str, after: str) -> None:
    file = config.root / "decisions.csv"
    file.write_bytes(before.encode())
    file.chmod(0o640)
    gone = remove_decisions(config, [MINE])
    assert file.read_bytes().decode() == after
    assert len(gone) == (before != after)
    assert file.stat().st_mode & 0o777 == 0o640


def test_adding_and_taking_out_again_leaves_the_file_as_it_was(config: Config) -> None:
    file = config.root / "decisions.csv"
    file.write_text(f"{HEADER}{OTHER}\n")
    added = add_decisions(config, [MINE, Decision(0, Action.UNLINK, ("crm", "7"), ("crm", "8"), reason="two\nlines")])
    assert remove_decisions(config, added.rows) == added.rows
    assert file.read_text() == f"{HEADER}{OTHER}\n"


def test_nothing_is_taken_out_of_a_missing_or_a_faulty_file(config: Config) -> None:
    assert remove_decisions(config, [MINE]) == ()
    (config.root / "decisions.csv").write_text(HEADER + "join,crm,1,crm,2,,,,,\n")
    with pytest.raises(ConfigError):
        remove_decisions(config, [MINE])


# -- the audit -------------------------------------------------------------------------------------------------


def audit(text: str) -> Audit:
    """'a1-b1 4': a pair and its stratum, ten pairs in each."""
    rows = []
    for no, word in enumerate(text.split(";"), 1):
        (a, b), stratum = word.split()[0].split("-"), word.split()[1]
        rows.append(
            {"no": str(no), "same": "", "source_a": "crm", "key_a": a, "source_b": "crm", "key_b": b, "stratum": stratum,
             "stratum_size": "10", "run": RUN}
        )  # fmt: skip
    return Audit(RUN, tuple(rows))


def test_answers_count_up_to_the_first_pair_that_nobody_has_looked_at(config: Config) -> None:
    decided: Decided[tuple[str, str]] = Decided()
    decided.link(("crm", "a1"), ("crm", "b1"))
    decided.unlink(("crm", "e1"), ("crm", "f1"))
    decided.link(("crm", "i1"), ("crm", "j1"))  # answered out of turn
    passed = Passed(config.root, RUN)
    passed.add([(("crm", "d1"), ("crm", "c1"))])
    found = reached(audit("a1-b1 5; c1-d1 5; e1-f1 5; g1-h1 5; i1-j1 5"), decided, passed)
    assert [row["same"] for row in found.rows] == ["yes", "", "no", "", ""]


def test_precision_comes_from_the_newest_run_whose_audit_was_answered(config: Config) -> None:
    folder = config.root / ".cxid" / "review"
    folder.mkdir(parents=True)
    for run, answers in (("r0009-00000000", "5 5 8"), ("r0010-00000000", "5 5 5")):
        rows = "".join(
            f"{no},,crm,{run[4]}{no},crm,x{no},{stratum},10,{run}\n" for no, stratum in enumerate(answers.split(), 1)
        )
        (folder / f"{run}-audit.csv").write_text(
            "no,same,source_a,key_a,source_b,key_b,stratum,stratum_size,run\n" + rows
        )
    decided: Decided[tuple[str, str]] = Decided()
    assert audit_report(config.root, decided) is None
    decided.link(("crm", "91"), ("crm", "x1"))
    decided.unlink(("crm", "92"), ("crm", "x2"))
    older = audit_report(config.root, decided)
    assert older is not None and (older.run_id, older.seen, older.drawn) == ("r0009-00000000", 2, 3)
    assert older.precision is not None and older.precision.value == 0.5
    assert older.recall is None  # nobody has looked at the pairs apart
    decided.link(("crm", "01"), ("crm", "x1"))
    newer = audit_report(config.root, decided)
    assert newer is not None and newer.run_id == "r0010-00000000"


@pytest.mark.parametrize("content", ["", "no,same\n", "source_a,key_a\ncrm,1\n", "\xff", 'source_a,"key'])
def test_a_file_of_ours_that_somebody_changed_is_told(config: Config, content: str) -> None:
    folder = config.root / ".cxid" / "review"
    folder.mkdir(parents=True)
    (folder / f"{RUN}-passed.csv").write_bytes(content.encode("latin-1"))
    if content in ("", "no,same\n", 'source_a,"key'):
        assert (("crm", "1"), ("crm", "2")) not in Passed(config.root, RUN)
    else:
        with pytest.raises(InputError, match="damaged"):
            Passed(config.root, RUN)

"""A build that follows another keeps its model: what then stays as it was, and what has it learned anew."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from cxid.config.model import Match
from cxid.stages.link import stage
from cxid.stages.link.estimate.gate import Gate, Status
from tests.reference.kept_world import Builds
from tests.reference.link_world import CITY, EMAIL, PEOPLE, Record, company

KEPT, LEARNED = "kept from r0001 (learned on ", "learned: "


def _people(people: int = 400, sources: tuple[str, ...] = ("crm",)) -> dict[str, Record]:
    records, _ = company(people, sources=sources)
    return {f"{n:05d}": record for n, record in enumerate(records)}


def _parts(records: dict[str, Record], share: float = 0.01, seed: int = 3) -> tuple[dict[str, Record], ...]:
    """(a day's records, those of the next): some of all records are missing on each."""
    keys = sorted(records)
    random.Random(seed).shuffle(keys)
    few = max(1, round(share * len(keys)))
    late, gone = set(keys[:few]), set(keys[few : 2 * few])
    return {k: r for k, r in records.items() if k not in late}, {k: r for k, r in records.items() if k not in gone}


def test_pairs_of_records_that_stayed_weigh_what_they_weighed(tmp_path: Path) -> None:
    first, second = _parts(_people(sources=("crm", "shop")))
    builds = Builds(tmp_path)
    assert builds.build(first)["model"] == "learned: the first build"
    before = builds.weights()
    told = builds.build(second)
    assert told["model"].startswith(KEPT)
    assert int(told["changed_since_learned"]) == len(set(first) ^ set(second))
    after = builds.weights()
    both = before.keys() & after.keys()
    assert len(both) > 100
    assert {pair: after[pair][0] for pair in both} == {pair: before[pair][0] for pair in both}
    fresh = set(first) ^ set(second)
    near = {key for pair in before.keys() | after.keys() if fresh & set(pair) for key in pair}
    apart = {pair for pair in both if not near & set(pair)}
    assert len(apart) > 0.8 * len(both)
    assert {pair: after[pair] for pair in apart} == {pair: before[pair] for pair in apart}


def test_the_same_records_again_are_scored_to_the_byte(tmp_path: Path) -> None:
    records = _people(sources=("crm", "shop"))
    builds = Builds(tmp_path)
    builds.build(records)
    tables = ("link_pair", "link_pattern", "link_model", "link_class", "link_tie", "link_band", "link_alone")
    before = {name: builds.rows(name) for name in tables}
    told = builds.build(records)
    assert told["model"].endswith("0.0 % changed since)")
    assert {name: builds.rows(name) for name in tables} == before


def test_a_kept_model_gives_the_same_for_any_threads_and_any_order_of_rows(tmp_path: Path) -> None:
    first, second = _parts(_people(300))
    found = []
    for threads, seed in ((1, None), (3, 8)):
        builds = Builds(tmp_path, threads=threads)
        builds.build(first)
        keys = sorted(second)
        if seed is not None:
            random.Random(seed).shuffle(keys)
        builds.build({key: second[key] for key in keys})
        found.append((builds.weights(), builds.rows("link_band"), builds.rows("link_class")))
    assert found[0] == found[1]


def _none(records: dict[str, Record]) -> dict[str, Record]:
    return records


def _tenth(records: dict[str, Record]) -> dict[str, Record]:
    keys = sorted(records)
    return {k: {**records[k], "city": "elsewhere"} if k in keys[::9] else records[k] for k in keys}


def _shop(records: dict[str, Record]) -> dict[str, Record]:
    return {**records, "99999": {"given_name": "ba", "family_name": "ceba", "source": "shop"}}


@pytest.mark.parametrize(
    ("changed", "asked", "reason"),
    [
        (_none, {"basis": "other"}, "learned: fields, rules or the program changed"),
        (_none, {"refit": True}, "learned: asked for by --refit"),
        (_none, {"without": ("link_band",)}, "learned: the run before has none that can be kept"),
        (_tenth, {}, "learned: 11.3 % of the records changed since r0001"),
        (_shop, {}, "learned: sources came or went: shop"),
    ],
)  # fmt: skip
def test_what_has_the_model_learned_anew(tmp_path: Path, changed, asked, reason) -> None:  # type: ignore[no-untyped-def]
    records = _people(200)
    builds = Builds(tmp_path)
    builds.build(records)
    told = builds.build(changed(records), **asked)
    assert told["model"] == reason
    assert (told["learned_in"], told["changed_since_learned"]) == ("r0002", "0")


def test_small_changes_add_up_until_the_model_is_learned_anew(tmp_path: Path) -> None:
    records = _people(200)
    builds, keys, told = Builds(tmp_path), sorted(records), []
    for day in range(5):
        now = {k: {**r, "city": f"moved {k}"} if keys.index(k) < 10 * day else r for k, r in records.items()}
        told.append(builds.build(now)["model"].split("(")[0].strip())
    assert told == [
        "learned: the first build",
        "kept from r0001",
        "kept from r0001",
        f"learned: {100 * 30 / len(records):.1f} % of the records changed since r0001",
        "kept from r0004",
    ]


def test_a_model_that_was_not_trusted_is_learned_anew(tmp_path: Path) -> None:
    records: dict[str, Record] = {f"{n}": {"city": "ba" if n % 2 else "ce"} for n in range(60)}
    builds = Builds(tmp_path, fields=(CITY,))
    builds.engine = None
    builds.build(records)
    assert builds.engine is not None
    rows = [r if r["name"] != "status" else {**r, "value": "not_identified"} for r in builds.rows("link_summary")]
    listed = ", ".join(f"('{r['name']}', '{str(r['value']).replace(chr(39), '')}')" for r in rows)
    builds.engine.run("link_summary", f"SELECT * FROM (VALUES {listed}) AS f (name, value)")
    assert builds.build(records)["model"] == "learned: that of r0001 was not identified"


def test_a_trusted_model_stays_where_the_new_one_would_not_be_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = _people(200)
    builds = Builds(tmp_path)
    status = builds.build(records)["status"]
    before = builds.weights()
    doubt = Gate(Status.NOT_IDENTIFIED, None, 6.0, "nobody knows")
    monkeypatch.setattr(stage, "judged", lambda patterns, model: (model, doubt))
    changed = _tenth(records)
    told = builds.build(changed)
    assert told["model"].startswith(KEPT)
    assert told["model"].endswith("11.3 % changed since; learned anew it would not be trusted)")
    assert (told["learned_in"], told["status"]) == ("r0001", status)
    assert int(told["candidates"]) <= int(told["pair_budget"])
    after = builds.weights()
    stayed = {pair for pair in before.keys() & after.keys() if all(records[k] == changed[k] for k in pair)}
    assert stayed
    assert {p: after[p] for p in stayed} == {p: before[p] for p in stayed}
    assert builds.build(changed, refit=True)["status"] == "not_identified"  # who asks for it gets it


def test_rules_that_grew_too_wide_are_searched_again(tmp_path: Path) -> None:
    records = _people(300)
    builds = Builds(tmp_path, match=Match(pairs_per_record=30))
    builds.build(records)
    builds.match = Match(pairs_per_record=1)  # the basis given here does not know of it
    told = builds.build(records)
    assert told["model"] == "learned: the blocking rules of r0001 propose too many pairs by now"
    assert int(told["candidates"]) <= int(told["pair_budget"])


def _bands(builds: Builds, value: str) -> list[object]:
    number = [f.name for f in PEOPLE].index("email")
    return [r["band"] for r in builds.rows("link_band") if (r["field_no"], r["value"]) == (number, value)]


@pytest.mark.parametrize(
    ("then", "now", "band"),
    [
        (6, 5, [1]),  # it stays what it was
        (6, 1, [1]),  # also where hardly anybody has it
        (6, 9, [1]),  # and where it is a band higher by count
        (6, 16, [3]),  # a value that many more have is what it is now
        (0, 4, []),  # a new one is rare
        (0, 9, [2]),  # unless it stands everywhere
    ],
)  # fmt: skip
def test_how_common_a_value_is_stays_until_it_rises_two_bands(
    tmp_path: Path, then: int, now: int, band: list[int]
) -> None:
    plain = _people(400)
    keys = [k for k in sorted(plain) if plain[k]["email"]]

    def having(count: int) -> dict[str, Record]:
        return {k: {**r, "email": "info@mail.example"} if k in keys[:count] else r for k, r in plain.items()}

    builds = Builds(tmp_path)
    builds.build(having(then))
    assert EMAIL in PEOPLE
    told = builds.build(having(now))
    assert told["model"].startswith(KEPT)
    assert _bands(builds, "info@mail.example") == band


def test_a_value_that_fills_a_new_extract_is_not_taken_for_a_rare_one(tmp_path: Path) -> None:
    plain = _people(400)
    keys = [k for k in sorted(plain) if plain[k]["email"]][:24]
    poisoned = {k: {**r, "email": "none@none.example"} if k in keys else r for k, r in plain.items()}
    found = {}
    for refit in (False, True):
        builds = Builds(tmp_path)
        builds.build(plain)
        told = builds.build(poisoned, refit=refit)
        assert told["model"].startswith(LEARNED if refit else KEPT)
        pairs = builds.weights()
        found[refit] = sum(own >= 0 for (a, b), (own, _) in pairs.items() if a in keys and b in keys)
    assert found[False] <= found[True] + 2


def _decisions(records: dict[str, Record], count: int) -> list[tuple[str, str, str]]:
    """Links and unlinks in turn: of two records of one person, and of neighbours by key."""
    keys = sorted(records)
    by_mail: dict[str, list[str]] = {}
    for key in keys:
        if mail := records[key].get("email"):
            by_mail.setdefault(mail, []).append(key)
    links = [("link", g[0], g[1]) for g in by_mail.values() if len(g) > 1]
    return (links[: count // 2] + [("unlink", a, b) for a, b in zip(keys[::7], keys[3::7], strict=False)])[:count]


def test_what_decisions_taught_is_kept_until_many_changed(tmp_path: Path) -> None:
    records = _people(600)
    decided = _decisions(records, 80)
    builds = Builds(tmp_path)
    first = builds.build(records, decided=decided)
    second = builds.build(records, decided=decided[:-3])
    assert second["model"].startswith(KEPT)
    assert (second["learned_decisions"], second["decisions_changed"]) == ("80", "3")
    assert second["decided_reason"] == first["decided_reason"]
    third = builds.build(records, decided=decided[:-12])
    assert third["model"].startswith(KEPT)
    assert (third["learned_decisions"], third["decisions_changed"]) == ("68", "0")

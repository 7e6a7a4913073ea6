"""init on what people agreed to: lists of a newsletter, and yes-or-no columns beside each person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cxid.config.guess import guess_config, render_yaml
from cxid.config.loading import parse_config
from tests.functional.guess_files import people, write_csv


def sources_of(folder: Path) -> dict[str, Any]:
    guess = guess_config([folder], root=folder)
    parse_config(render_yaml(guess).encode(), Path("cxid.yml"), env={})
    return dict(guess.config["sources"])


def mailed(count: int = 60) -> list[str]:
    return [f"person{i}@mail.example" for i in range(count)]


def answer(place: int) -> str:
    return ("yes", "no", "yes")[place % 3]


def test_the_list_of_a_newsletter_says_who_agreed_to_it(tmp_path: Path) -> None:
    rows = [[mail, answer(i), f"2026-0{1 + i % 6}-1{i % 10}"] for i, mail in enumerate(mailed())]
    write_csv(tmp_path / "newsletter.csv", ["email", "subscribed", "changed_on"], rows)
    assert sources_of(tmp_path)["newsletter"] == {
        "path": "newsletter.csv", "kind": "consent", "ids": {"email": "email"}, "status": "subscribed",
        "purpose": "newsletter", "channel": "email", "time": "changed_on",
    }  # fmt: skip


def test_subscribed_in_a_file_about_contracts_is_no_consent(tmp_path: Path) -> None:
    rows = [[f"U{i:04}", answer(i), f"2026-0{1 + i % 6}-1{i % 10} 10:00:00"] for i in range(60)]
    write_csv(tmp_path / "plan_changes.csv", ["user_id", "subscribed", "time"], rows)
    assert "consent" not in {source["kind"] for source in sources_of(tmp_path).values()}


@pytest.mark.parametrize(
    ("header", "purpose", "channel"),
    [
        ("email_opt_in", "marketing", "email"),
        ("sms_consent", "marketing", "sms"),
        ("marketing_consent", "marketing", None),
        ("newsletter", "newsletter", "email"),
    ],
)
def test_a_yes_or_no_beside_each_person_is_a_source_of_its_own(
    tmp_path: Path, header: str, purpose: str, channel: str | None
) -> None:
    names = ["customer_id", "first_name", "last_name", "email", "birth_date", header, "consent_date"]
    rows = [
        [f"C{i:05}", given, family, mail, born, answer(i), f"2026-0{1 + i % 6}-1{i % 10}"]
        for i, ((given, family, born), mail) in enumerate(zip(_persons(), mailed(), strict=True))
    ]
    write_csv(tmp_path / "crm.csv", names, rows)
    found = sources_of(tmp_path)
    told = {"path": "crm.csv", "kind": "consent", "ids": {"customer_no": "customer_id"}, "status": header,
            "purpose": purpose, "time": "consent_date"}  # fmt: skip
    assert found["crm_consent"] == (told | {"channel": channel} if channel else told)
    assert found["crm"]["ids"] == {"customer_no": "customer_id"}
    assert not {header, "consent_date"} & set(found["crm"]["columns"])


def test_without_a_key_a_yes_or_no_stays_an_attribute(tmp_path: Path) -> None:
    rows = [[given, family, born, answer(i)] for i, (given, family, born) in enumerate(_persons(40) * 2)]
    write_csv(tmp_path / "guests.csv", ["first_name", "last_name", "birth_date", "newsletter"], rows)
    (source,) = sources_of(tmp_path).values()
    assert source["columns"]["newsletter"] == "newsletter"


def _persons(count: int = 60) -> list[tuple[str, str, str]]:
    return [(p.given, p.family, p.born("{y:04}-{m:02}-{d:02}")) for p in people("en", count)]

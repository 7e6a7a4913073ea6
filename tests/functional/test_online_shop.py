"""The ready config of an online shop over a handful of rows: what its profiles say of service, surveys and influence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.functional.cli_harness import cxid

CONFIG = Path(__file__).parents[2] / "configs/online_shop.yml"
FILES = {
    "customers.csv": """customer_no,name,email,phone,date_of_birth,street,postcode,city,country,updated_at
        C0,Ann Lee,lee@x.example,,1960-03-04,1 High St,AB1 2CD,Town,GB,2024-01-01
        C1,<b>Bob</b> Stone,stone@x.example,,1964-03-04,2 High St,AB1 2CD,Town,GB,2024-01-02
        C2,Cleo [/bold] Marsh,marsh@x.example,,1968-03-04,3 High St,AB1 2CD,Town,GB,2024-01-03""",
    "creators.csv": """handle,name,email,followers
        @annl,Ann Lee,lee@x.example,12.5K
        @bobs,Bob Stone,stone@x.example,900""",
    "orders/a.csv": """order_no,ordered_at,total,currency,customer_no,email
        O0,2024-01-09 10:00,20,GBP,C0,lee@x.example
        O1,2024-01-09 11:00,20,GBP,C1,
        O2,2024-06-09 12:00,20,GBP,C2,""",
    "deliveries.csv": """shipped_at,order_no,promised_on,delivered_at,customer_no
        2024-02-01 08:00,O0,2024-02-03,2024-02-03 19:00,C0
        2024-02-01 08:00,O1,2024-02-03,2024-02-05 09:00,C1
        2024-02-01 08:00,O2,2024-02-03,,C2
        2024-06-01 08:00,O3,2030-02-03,,C2""",
    "web/a.csv": """at,event,utm_campaign,utm_medium,utm_source,visitor_id,customer_no
        2024-01-01 09:00,view,spring,cpc,search,v1,C0
        2024-01-01 09:01,invited a friend,,,,v1,C0""",
    "ad_clicks.csv": """clicked_at,campaign,visitor_id
        2024-01-01 08:00,spring,v1""",
    "mailing.csv": """at,action,campaign,recipient
        2024-01-01 08:00,delivered,spring,lee@x.example""",
    "helpdesk.csv": """entry_no,at,action,contact_channel,ticket_no,topic,from_email,customer_no
        1,2024-03-01 08:00,opened,e-mail,T1,size,lee@x.example,
        2,2024-03-01 10:00,agent reply,e-mail,T1,size,lee@x.example,
        3,2024-03-02 08:00,reply,chat,T1,size,lee@x.example,
        4,2024-03-02 09:00,resolved,chat,T1,size,,
        5,2024-03-05 09:00,opened,phone,T2,parcel,,C1""",
    "mentions.csv": """posted_at,author,tone,views,likes,author_followers
        2024-03-01 08:00,@annl,positive,,3,13.1K
        2024-03-02 08:00,@bobs,-1,5000,0,""",
    "reviews.csv": """reviewed_at,stars,customer_no
        2024-03-01,5,C0
        2024-03-02,dissatisfied,C1
        2024-03-03,11,C2""",
    "segments.csv": """customer_no,lifestyle,income_band
        C0,traveller,high
        C1,gardener,""",
    "areas.csv": """postcode,income_band
        ab12cd,middle""",
    "consent.csv": """email,purpose,channel,opted_in,at
        lee@x.example,news,email,yes,2024-01-01""",
}
EXPECTED = {
    # of Ann, Bob, Cleo
    "tickets": (1, 1, 0),
    "open_tickets": (0, 1, None),
    "resolution_hours": (25, None, None),
    "contacts": (2, 1, 0),
    "channel_switches": (1, 0, 0),
    "effort": (3, 1, None),
    "deliveries": (1, 1, 1),
    "late_deliveries": (0, 1, 1),
    "csat_last": (100, 25, None),
    "csat_group": ("satisfied", "dissatisfied", None),
    "sentiment_mean": (1, -1, None),
    "followers": (13100, 900, None),
    "mention_tone": ("advocate", "critic", None),
    "weighted_reach": (13100, -5000, None),
    "referrals": (1, 0, 0),
    "influence_tier": ("micro", None, None),
    "is_influencer": (True, False, None),
    "lifestyle": ("traveller", "gardener", None),
    "income_band": ("high", "middle", "middle"),
    "income_band_source": ("segments", "areas", "areas"),
    "age": (64, 60, 56),
    "nps_last": (None, None, None),
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop, built."""
    folder = tmp_path_factory.mktemp("shop")
    for name, text in FILES.items():
        file = folder / "data" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(line.strip() for line in text.splitlines()) + "\n", encoding="utf-8")
    config = CONFIG.read_text(encoding="utf-8").replace("data/web/*.parquet", "data/web/a.csv")
    (folder / "cxid.yml").write_text(config, encoding="utf-8")
    outcome = cxid("--project", str(folder), "build")
    assert outcome.code == 0, outcome.err
    assert "source reviews: 1 of 3 answers lie outside its scale 1 to 5" in outcome.err
    return folder


def test_each_profile_says_what_the_sources_say(shop: Path) -> None:
    rows = cxid(
        "--project",
        str(shop),
        "--format",
        "json",
        "query",
        f"SELECT {', '.join('p.' + name for name in EXPECTED)} FROM profile AS p JOIN golden_customer AS g "
        "USING (customer_id) ORDER BY g.email = 'lee@x.example' DESC, g.email DESC",
    )
    found = json.loads(rows.out)
    assert len(found) == 3
    expected = [{name: values[i] for name, values in EXPECTED.items()} for i in range(3)]
    read = [
        {k: float(v) if isinstance(EXPECTED[k][i], int) and not isinstance(v, bool) else v for k, v in row.items()}
        for i, row in enumerate(found)
    ]
    assert read == expected

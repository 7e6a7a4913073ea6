"""What a pair's rivals say: a record is one person, and may have several candidates in another source.

The weight of a pair counts the chance that any two records of the two sources are one person. Which of a record's
candidates it is, is another question. A profile whose only candidate in a register that holds nearly everybody
weighs -2 bits is that person nine times in ten; one with two equal candidates is wrong every second time, however
high they weigh. So for each end of a pair across two sources the odds are set against what else the record may be:

    (1 + sum over rivals of their odds that rival and candidate are one person all the same)
    / (share of records that have nobody in the other source + sum over rivals of their odds)

Within a source nothing is done: there the records of one person are not rivals, and seldom scored with each other.
"""

from __future__ import annotations

from cxid.engine.base import Engine
from cxid.sql import load

_MOST = 10  # rivals of a record in one source that count; the others weigh less than these
_APART = 8_000_000  # micro-bits against two records of one source being one person, where nothing brought them together
_FEWEST_ALONE = 100_000  # of a million records; no model knows better that everybody is in the other source
_EVERYBODY = 1_000_000
_WORK = ("rival_end", "rival_share", "rival_kept", "rival")
_NOTHING_KEPT = "SELECT '' AS source, '' AS other_source, CAST(0 AS BIGINT) AS alone WHERE 1 = 0"
_KEPT = "SELECT source, other_source, alone FROM kept_alone"


def weigh_rivals(engine: Engine, *, trusted: bool, kept: bool = False) -> None:
    """link_pair with weights and probabilities that know of other candidates; `rivals` has what that changed.

    Where the model is not `trusted` to know how many have somebody in the other source, rivals only ever take. How
    many have nobody there is written to link_alone; where the model is `kept`, what kept_alone says stands.
    """
    fewest = _FEWEST_ALONE if trusted else _EVERYBODY
    engine.run("link_rival_end", load("link", "rival_end"))
    engine.run("link_rival_kept", _KEPT if kept else _NOTHING_KEPT)
    engine.run("link_rival_share", load("link", "rival_share"), {"fewest_alone": fewest})
    engine.run("link_alone", "SELECT source, other_source, alone FROM link_rival_share ORDER BY source, other_source")
    engine.run("link_rival", load("link", "rival"), {"most": _MOST, "apart": _APART})
    engine.run("link_rivalled_pair", load("link", "rivalled_pair"))
    engine.rename("link_rivalled_pair", "link_pair")
    engine.drop(*(f"link_{name}" for name in _WORK))

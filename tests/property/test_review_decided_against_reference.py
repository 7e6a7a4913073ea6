"""What links and unlinks say of a pair, against every chain of them tried out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cxid.review.decided import Decided

NODES = st.integers(0, 6)
SAID = st.lists(st.tuples(st.booleans(), NODES, NODES), max_size=12)


def slow(said: list[tuple[bool, int, int]], a: int, b: int) -> bool | None:
    """Everybody's person by following links until nothing changes; then unlinks between the two persons."""
    person = {n: {n} for n in range(7)}
    for _ in range(7):
        for is_link, x, y in said:
            if is_link:
                both = person[x] | person[y]
                for n in both:
                    person[n] = person[n] | both
    if b in person[a]:
        return True
    apart = any(
        not is_link and ((x in person[a] and y in person[b]) or (x in person[b] and y in person[a]))
        for is_link, x, y in said
    )
    return False if apart else None


@given(SAID, NODES, NODES)
def test_decisions_say_of_a_pair_what_their_chains_say(said: list[tuple[bool, int, int]], a: int, b: int) -> None:
    decided: Decided[int] = Decided()
    kept: list[tuple[bool, int, int]] = []
    for is_link, x, y in said:
        if slow(kept, x, y) is (not is_link):
            continue  # a contradiction, which decisions.csv refuses
        kept.append((is_link, x, y))
        decided.link(x, y) if is_link else decided.unlink(x, y)
    assert decided.says(a, b) is slow(kept, a, b)

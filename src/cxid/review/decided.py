"""What decisions say of a pair, by themselves and together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from cxid.config.decisions import Action, Decision, Record

Node = TypeVar("Node")


class Decided(Generic[Node]):
    """Nodes that are one person, or two, by what was said of pairs: who is linked to a person is that person."""

    def __init__(self) -> None:
        self._stands: dict[Node, Node] = {}
        self._apart: dict[Node, set[Node]] = {}

    def says(self, a: Node, b: Node) -> bool | None:
        """True: one person; False: two; None: nobody has said."""
        one, other = self._root(a), self._root(b)
        if one == other:
            return True
        return False if other in self._apart.get(one, ()) else None

    def link(self, a: Node, b: Node) -> None:
        one, other = self._root(a), self._root(b)
        if one == other:
            return
        if len(self._apart.get(one, ())) > len(self._apart.get(other, ())):
            one, other = other, one
        self._stands[one] = other
        for third in self._apart.pop(one, set()):
            self._apart[third].discard(one)
            self._apart[third].add(other)
            self._apart.setdefault(other, set()).add(third)

    def unlink(self, a: Node, b: Node) -> None:
        one, other = self._root(a), self._root(b)
        if one != other:
            self._apart.setdefault(one, set()).add(other)
            self._apart.setdefault(other, set()).add(one)

    def _root(self, node: Node) -> Node:
        root = node
        while (up := self._stands.get(root, root)) != root:
            root = up
        while (up := self._stands.get(node, node)) != root and node != root:
            self._stands[node], node = root, up
        return root


def decided_records(decisions: Iterable[Decision]) -> Decided[Record]:
    """What links and unlinks say of records."""
    found: Decided[Record] = Decided()
    for decision in decisions:
        tell(found, decision.action, *decision.pair) if decision.b is not None else None
    return found


def tell(decided: Decided[Node], action: Action, a: Node, b: Node) -> None:
    """Add what a link or an unlink says."""
    if action is Action.LINK:
        decided.link(a, b)
    elif action is Action.UNLINK:
        decided.unlink(a, b)

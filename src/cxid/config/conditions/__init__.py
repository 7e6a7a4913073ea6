"""The small language of conditions over the profile: words -> tree -> typed tree. The stage makes SQL of it.

days_since_purchase > 2 * typical_gap_days and revenue > 200
stage in ('at_risk', 'lapsed') and last_seen < as_of - 30 days and nps_last is not null
"""

from __future__ import annotations

from cxid.config.conditions.parsing import parse_condition, parse_order
from cxid.config.conditions.tree import ConditionError, Node, Ordering, Type, columns_of
from cxid.config.conditions.typing import resolve_condition, resolve_order, type_of_column

__all__ = [
    "ConditionError",
    "Node",
    "Ordering",
    "Type",
    "columns_of",
    "parse_condition",
    "parse_order",
    "resolve_condition",
    "resolve_order",
    "type_of_column",
]

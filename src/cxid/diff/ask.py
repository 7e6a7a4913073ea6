"""What is wanted of a comparison."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cxid.model import FieldType


@dataclass(frozen=True)
class Ask:
    """What is wanted of a comparison.

    `moves` and `examples` bound what is listed of moves and of flipped values per field; `currency` is that of sales
    which name none; `types` says what golden columns mean, for masking; `memory` is the engine's.
    """

    moves: int = 20
    examples: int = 5
    currency: str = ""
    with_values: bool = False
    masked: bool = False
    types: Mapping[str, FieldType] = field(default_factory=dict)
    memory: str = "1GiB"

"""What the tests of real builds did, for the table at the end."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Pair:
    """What a case took, in seconds, and the bytes of its image before and after."""

    name: str
    seconds: tuple[float, float]
    sizes: tuple[int, int]
    fixes: str


@dataclass
class Figures:
    """What the tests did."""

    setup: float = 0.0
    pairs: list[Pair] = field(default_factory=list)

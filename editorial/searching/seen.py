"""How far a reader has seen each series, and so what may be shown of a text that gives something away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Seen:
    """The last season that the reader has seen, by the slug of its series; nothing unless it is said."""

    through: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def covers(self, spoils: str) -> bool:
        """Whether a text that spoils through this season (`narcos-mexico/2`, or "") gives nothing away."""
        if not spoils:
            return True
        series, _slash, number = spoils.rpartition("/")
        return series in self.through and int(number) <= self.through[series]


NOTHING_SEEN = Seen()

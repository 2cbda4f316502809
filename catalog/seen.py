"""How far a reader has seen each series, and so what may be shown of what gives something away.

A setting is kept as a text like `narcos:3,narcos-mexico:1`, in a cookie or in a link; it comes back from
strangers, so whatever is no part of a setting is left out. Where it is kept is for `catalog.readers`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import urlencode

LONGEST = 2000  # characters of a setting: browsers keep 4096 bytes of a cookie
_PART = re.compile(r"([A-Za-z0-9_-]{1,200}):([0-9]{1,3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Seen:
    """The last season that the reader has seen, by the slug of its series; 0 for none of it. Of a series that
    is not named nothing is said.
    """

    through: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    by_link: bool = False  # said by the address of the page, which links on it then say again (carrying)

    def __bool__(self) -> bool:
        """Whether the reader has said anything."""
        return bool(self.through)

    def __str__(self) -> str:
        """What `parse_seen` reads as the same; a setting that is too long loses its last series."""
        kept: list[str] = []
        length = -1
        for series, number in sorted(self.through.items()):
            part = f"{series}:{number}"
            length += len(part) + 1
            if length > LONGEST:
                break
            kept.append(part)
        return ",".join(kept)

    def covers(self, spoils: str) -> bool:
        """Whether a text that spoils through this season (`narcos-mexico/2`, or "") gives nothing away."""
        if not spoils:
            return True
        series, number = _season(spoils)
        return series in self.through and number <= self.through[series]

    def stops_before(self, spoils: str) -> bool:
        """Whether the reader has said to have seen less than what this gives away."""
        series, _number = _season(spoils) if spoils else ("", 0)
        return series in self.through and not self.covers(spoils)

    def beyond(self, series: str, numbers: Iterable[int]) -> frozenset[int]:
        """Those of the series' seasons that the reader has said not to have seen yet."""
        return frozenset(number for number in numbers if self.stops_before(f"{series}/{number}"))

    def decides(self, spoiled: Iterable[str]) -> str:
        """What the reader has said of these: the key of one way that such a page can be, "" for nothing."""
        said = {one: "f" if self.stops_before(one) else "s" if self.covers(one) else "" for one in spoiled}
        return ",".join(f"{one}:{way}" for one, way in sorted(said.items()) if way)

    @property
    def carried(self) -> str:
        """What follows the path in a link that says this again; "" where it is kept otherwise."""
        return f"?{self._said}" if self.by_link and self else ""

    @property
    def carried_further(self) -> str:
        """The same after an address that has a query."""
        return f"&{self._said}" if self.by_link and self else ""

    @property
    def _said(self) -> str:
        return urlencode({"seen": str(self)}, safe=":,")


NOTHING_SEEN = Seen()


def parse_seen(text: str, *, by_link: bool = False) -> Seen:
    """The setting that a text keeps. Never raises: damaged parts and repetitions are left out, and all of a
    text that is too long.
    """
    if len(text) > LONGEST:
        return NOTHING_SEEN
    through: dict[str, int] = {}
    for part in text.split(","):
        if found := _PART.fullmatch(part):
            through.setdefault(found[1], int(found[2]))
    return Seen(MappingProxyType(through), by_link)


def _season(spoils: str) -> tuple[str, int]:
    """The series and the number of a season. Specials (0) count as seen with the first season."""
    series, _slash, number = spoils.rpartition("/")
    return series, max(int(number), 1)

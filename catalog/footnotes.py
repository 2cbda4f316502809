"""Numbering: which footnote a citation gets, and the ids that lead there and back.

One passage is one footnote however often a page cites it; its uses are lettered a, b … z, aa …
Ids are `fn-<footnote>` and `ref-<footnote>-<use>`, unique on a page that has one `Footnotes`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from catalog.dates import PartialDate


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a page may show of a passage and its source: never more than the excerpt."""

    key: str  # source-slug#number
    excerpt: str
    language: str  # of the source; "" is unknown
    state: str
    path: str  # of the passage on this site
    source_title: str
    publisher: str = ""
    author: str = ""
    published: PartialDate | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Marker:
    """One use of a footnote."""

    number: int
    use: int
    evidence: Evidence
    voices: int = 0  # how many independent sources hold what it stands at; 0 where nobody counted

    @property
    def id(self) -> str:
        return f"ref-{self.number}-{self.use}"

    @property
    def note_id(self) -> str:
        return f"fn-{self.number}"

    @property
    def letter(self) -> str:
        return letter(self.use)


@dataclass(frozen=True, slots=True)
class WayBack:
    """From a footnote to one of its `of` uses: to a sentence of a text, or to another place of a page."""

    number: int
    use: int
    of: int
    voices: int = 0
    is_sentence: bool = False

    @property
    def id(self) -> str:
        return f"ref-{self.number}-{self.use}"

    @property
    def letter(self) -> str:
        return letter(self.use)


@dataclass(frozen=True, slots=True)
class Corroboration:
    """At these uses (`a, c`; "" is all of them) so many independent sources hold what is said."""

    letters: str
    voices: int


@dataclass(slots=True)
class Note:
    """A footnote with its uses in the order of the page."""

    number: int
    evidence: Evidence
    markers: list[Marker] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"fn-{self.number}"

    @property
    def ways_back(self) -> list[WayBack]:
        return [WayBack(one.number, one.use, len(self.markers), one.voices) for one in self.markers]

    @property
    def corroborations(self) -> list[Corroboration]:
        return corroborations(self.ways_back)


class Footnotes:
    """The footnotes of one page, numbered in the order in which they are first cited."""

    def __init__(self) -> None:
        self._notes: dict[str, Note] = {}

    def cite(self, evidence: Evidence, voices: int = 0) -> Marker:
        """The marker for one more use of this passage, for what so many independent sources hold."""
        note = self._notes.get(evidence.key)
        if note is None:
            note = self._notes[evidence.key] = Note(len(self._notes) + 1, evidence)
        marker = Marker(note.number, len(note.markers) + 1, note.evidence, voices)
        note.markers.append(marker)
        return marker

    def cite_all(self, evidence: Iterable[Evidence], voices: int = 0) -> list[Marker]:
        return [self.cite(one, voices) for one in evidence]

    def __iter__(self) -> Iterator[Note]:
        return iter(self._notes.values())

    def __len__(self) -> int:
        return len(self._notes)


def corroborations(ways: Iterable[WayBack]) -> list[Corroboration]:
    """Where a footnote stands beside an independent source, by how many there are, the fewest first."""
    ways = list(ways)
    counts = sorted({way.voices for way in ways if way.voices > 1})
    letters = {count: [way.letter for way in ways if way.voices == count] for count in counts}
    return [
        Corroboration("" if len(found) == len(ways) else ", ".join(found), count)
        for count, found in letters.items()
    ]


def letter(use: int) -> str:
    """1 → a, 26 → z, 27 → aa: the name of a footnote's use. Raises ValueError below 1."""
    if use < 1:
        raise ValueError(f"uses are counted from 1, not {use}")
    name = ""
    while use:
        use, rest = divmod(use - 1, 26)
        name = chr(ord("a") + rest) + name
    return name

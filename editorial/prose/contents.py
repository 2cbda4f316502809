"""The table of contents of a text: its main headings, read from the HTML that its edition kept. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

LEAST = 3  # headings that a table of contents is worth


@dataclass(frozen=True, slots=True)
class Heading:
    id: str
    text: str


def contents_of(html: str) -> list[Heading]:
    """The headings of the first level that have an id, without their footnotes; none where there are few."""
    reader = _Headings()
    reader.feed(html)
    return reader.found if len(reader.found) >= LEAST else []


class _Headings(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Heading] = []
        self._id = ""
        self._words: list[str] = []
        self._notes = 0  # how deep in markers

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "h2":
            self._id, self._words = dict(attrs).get("id") or "", []
        elif tag == "sup":
            self._notes += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "sup":
            self._notes -= 1
        elif tag == "h2":
            text = " ".join("".join(self._words).split())
            # The list of sources that closes a text is no part of it.
            if self._id and text and self._id != "footnotes-heading":
                self.found.append(Heading(self._id, text))
            self._id = ""

    def handle_data(self, data: str) -> None:
        if self._id and not self._notes:
            self._words.append(data)

"""Which sources the footnotes of a compiled article name, read from the HTML that readers have.

An edition keeps its HTML as it was: a source that was renamed since has the title here that readers see.
"""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser


@dataclass(frozen=True, slots=True)
class CitedSource:
    title: str
    path: str  # of its page on this site


def sources_cited(compiled: str) -> list[CitedSource]:
    """Each source that a footnote names, once, in their order."""
    reader = _Footnotes()
    reader.feed(compiled)
    reader.close()
    return [CitedSource(title, path) for path, title in reader.titles.items()]


class _Footnotes(HTMLParser):
    """Gathers `<p class="note-source"><a href="…#p3"><cite>title</cite></a>`, as footnotes are written."""

    def __init__(self) -> None:
        super().__init__()
        self.titles: dict[str, str] = {}
        self._is_source = False
        self._path = ""
        self._title: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "p":
            self._is_source = attributes.get("class") == "note-source"
        elif tag == "a" and self._is_source:
            self._path = (attributes.get("href") or "").partition("#")[0]
        elif tag == "cite" and self._is_source:
            self._title = []

    def handle_endtag(self, tag: str) -> None:
        if tag == "cite" and self._title is not None:
            self.titles.setdefault(self._path, "".join(self._title))
            self._title = None
            self._is_source = False

    def handle_data(self, data: str) -> None:
        if self._title is not None:
            self._title.append(data)

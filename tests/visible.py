"""What a reader of a page has before them: its words, and the values of its elements."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from urllib.parse import urljoin

_ADDRESSES = {"action", "href", "src", "srcset"}
_UNSEEN = {"script", "template"}


class Visible(HTMLParser):
    """A page: its `words` with single spaces, `addresses` in full, other `values`, and its `linked_data`."""

    def __init__(self, address: str, html: str) -> None:
        super().__init__()
        self.addresses = {address}
        self.values: set[str] = set()
        self.linked_data: list[dict] = []
        self._address = address
        self._inside: list[str] = []
        self._words: list[str] = []
        self._json = False
        self.feed(html)
        self.words = " ".join("".join(self._words).split())

    def handle_starttag(self, tag, attrs):
        if tag in _UNSEEN:
            self._inside.append(tag)
            self._json = ("type", "application/ld+json") in attrs
        for name, value in attrs:
            if name in _ADDRESSES and value:
                for part in value.split(",") if name == "srcset" else [value]:
                    full = urljoin(self._address, part.split()[0])
                    self.addresses |= {full, full.partition("#")[0]}
            elif value and tag != "meta":
                self.values.add(value)

    def handle_endtag(self, tag):
        if tag in _UNSEEN:
            self._inside.remove(tag)

    def handle_data(self, data):
        if not self._inside:
            self._words.append(data)
        elif self._json:
            self.linked_data.append(json.loads(data))
            self._json = False

"""How many consecutive words of known texts stand in what the site sends, whatever it is written in."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

_TOKEN = re.compile(r"\w+")
_TAG = re.compile(r"<[^>]*>")
_SEED = 6  # tokens that must be the same before a run is measured


def tokens_of(text: str) -> list[str]:
    return _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold())


class Texts:
    """Texts that may be quoted only in part. A word stands between white space and is more than a sign."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.tokens: list[list[str]] = []
        self.words: list[list[int]] = []  # the word that each token belongs to
        self.places: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
        for number, text in enumerate(texts):
            self._add(number, [tokens for word in text.split() if (tokens := tokens_of(word))])

    def _add(self, number: int, words: list[list[str]]) -> None:
        tokens = [token for word in words for token in word]
        self.tokens.append(tokens)
        self.words.append([index for index, word in enumerate(words) for _token in word])
        for start in range(len(tokens) - _SEED + 1):
            self.places[tuple(tokens[start : start + _SEED])].append((number, start))

    def runs(self, text: str) -> Iterator[tuple[int, str]]:
        """Each run of consecutive words of a text that stands in `text`: how many, and which."""
        found = tokens_of(text)
        for at in range(len(found) - _SEED + 1):
            for number, start in self.places.get(tuple(found[at : at + _SEED]), ()):
                if at and start and found[at - 1] == self.tokens[number][start - 1]:
                    continue  # it was measured from its beginning
                end = self._end(found, at, number, start)
                yield self._whole_words(number, start, end), " ".join(self.tokens[number][start:end])

    def _end(self, found: list[str], at: int, number: int, start: int) -> int:
        tokens = self.tokens[number]
        length = _SEED
        while (
            start + length < len(tokens)
            and at + length < len(found)
            and tokens[start + length] == found[at + length]
        ):
            length += 1
        return start + length

    def _whole_words(self, number: int, start: int, end: int) -> int:
        words = self.words[number]
        first, last = words[start], words[end - 1]
        cut_before = start > 0 and words[start - 1] == first
        cut_after = end < len(words) and words[end] == last
        return last - first + 1 - cut_before - cut_after


def readings_of(content: str, content_type: str) -> Iterator[str]:
    """A response as it is, as its reader sees it, and each string that it holds: encodings undone."""
    yield unquote(html.unescape(content))
    if "json" in content_type:
        yield from map(unquote, _strings_of(json.loads(content)))
    elif "html" in content_type or "xml" in content_type:
        yield html.unescape(_TAG.sub(" ", content))
        yield html.unescape(_TAG.sub("", content))


def _strings_of(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield key
            yield from _strings_of(value)
    elif isinstance(data, list):
        for value in data:
            yield from _strings_of(value)

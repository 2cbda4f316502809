"""The sentence and the footnote that a reader points at, in the text that they read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.safestring import SafeString

from editorial.evidence_in_text import marked_text
from editorial.models import Edition
from editorial.prose.compile import trusted
from editorial.prose.supported import Block, Supported
from editorial.spam import HOUR, PER_HOUR, key_for

_SENTENCE = re.compile(r"s-([1-9]\d{0,5})")
_NOTE = re.compile(r"[1-9]\d{0,5}")


@dataclass(frozen=True, slots=True)
class Pointed:
    """What is reported: the sentence as it reads, "" for the text as a whole, and a source of it."""

    sentence: str = ""
    footnote: int | None = None
    excerpt: SafeString | None = None
    source: SafeString | None = None


def pointed_at(edition: Edition, query: Mapping[str, str]) -> Pointed:
    """What `sentence=s-3`, the third that has a source, or `note=4`, or both, name in an edition from
    `for_page`. What they do not name is left out: a report of the whole text is one, too.
    """
    text = marked_text(edition)
    sentences = [one for part in text.parts if isinstance(part, Block) for one in part.sentences]
    number = _footnote(query.get("note", ""))
    sentence = _sentence(sentences, query.get("sentence", ""), number)
    if number is None and sentence is not None:
        number = sentence.notes[0]
    note = text.notes.get(number) if number else None
    said = "" if sentence is None else sentence.text
    if note is None:
        return Pointed(said)
    return Pointed(said, number, trusted(note.excerpt), trusted(note.source))


def _footnote(named: str) -> int | None:
    return int(named) if _NOTE.fullmatch(named) else None


def _sentence(sentences: list[Supported], named: str, number: int | None) -> Supported | None:
    """The one of this name, or else the first that the footnote supports."""
    match = _SENTENCE.fullmatch(named)
    if match:
        return sentences[int(match[1]) - 1] if int(match[1]) <= len(sentences) else None
    return next((one for one in sentences if number in one.notes), None)


def is_one_too_many(address: str) -> bool:
    """Counts a report from this network address; whether it is one more than an hour may have."""
    key = key_for(address)
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key) > PER_HOUR
    except ValueError:  # it was forgotten in between
        cache.set(key, 1, HOUR)
        return False

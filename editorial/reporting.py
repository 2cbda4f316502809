"""What a reader points at: a sentence and a footnote of the text that they read, or a fact of a page of the
catalog. Whatever a link or a form names that is not there is left out: the whole page can be reported, too.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.core.cache import cache
from django.db import models
from django.db.models import prefetch_related_objects
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from catalog.facts import CITABLE, WHOLE, model_of
from catalog.footnotes import Evidence
from catalog.keys import NAMED_WITH
from catalog.verified import Verified
from catalog.words import value_in_words
from editorial.evidence_in_text import marked_text
from editorial.models import Edition
from editorial.prose.compile import trusted
from editorial.prose.coverage import cover
from editorial.prose.supported import Block, StoredNote, Supported
from editorial.spam import HOUR, PER_HOUR, TOO_OLD, key_for

_SENTENCE = re.compile(r"s-([1-9]\d{0,5})")
_NOTE = re.compile(r"[1-9]\d{0,5}")


@dataclass(frozen=True, slots=True)
class Choice:
    """Something on the page that a reader may point at, as it reads; `notes` are its footnotes."""

    value: str
    text: str
    notes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Pointed:
    """What is reported: `choice` is its place in the form, "" for the page as a whole, and a source of it."""

    sentence: str = ""
    footnote: int | None = None
    excerpt: SafeString | None = None
    source: SafeString | None = None
    choice: str = ""


class EditionText:
    """The sentences of an edition from `for_page`, with headline and standfirst, to choose from. No query."""

    def __init__(self, edition: Edition) -> None:
        self._text = marked_text(edition)
        self._supported = [
            one for part in self._text.parts if isinstance(part, Block) for one in part.sentences
        ]
        self.choices = tuple(_choices(edition, self._supported))

    def pointed_at(self, query: Mapping[str, str], chosen: str | None = None) -> Pointed:
        """What the form has `chosen`, and else what a link names: `sentence=s-3`, the third with a source, or
        `note=4`, with `use=2` the sentence of its second marker.
        """
        number = _number(query.get("note", ""))
        number = number if number in self._text.notes else None
        if chosen is None:
            sentence = self._named(query, number)
            chosen = "" if sentence is None else f"s-{self._supported.index(sentence) + 1}"
        choice = next((one for one in self.choices if one.value == chosen), None)
        if choice is not None and number not in choice.notes:
            number = None
        if number is None and choice is not None and choice.notes:
            number = choice.notes[0]
        note = self._text.notes.get(number) if number else None
        return _pointed(choice, note)

    def _named(self, query: Mapping[str, str], number: int | None) -> Supported | None:
        """The sentence of this name, or else the first that the footnote supports."""
        match = _SENTENCE.fullmatch(query.get("sentence", ""))
        if match:
            index = int(match[1]) - 1
            return self._supported[index] if index < len(self._supported) else None
        use = _number(query.get("use", ""))
        at_use = (one for one in self._supported if use and f"ref-{number}-{use}" in one.refs)
        return next(at_use, None) or next((one for one in self._supported if number in one.notes), None)


def _choices(edition: Edition, supported: list[Supported]) -> Iterator[Choice]:
    """Headline, standfirst and every sentence. Supported ones go by the number that links name them by."""
    content = edition.revision.content
    yield Choice("title", content["title"])
    if content["standfirst"]:
        yield Choice("standfirst", content["standfirst"])
    waiting = list(enumerate(supported, start=1))
    for index, sentence in enumerate(cover(content["body"], content["language"]).sentences):
        if sentence.passages and waiting and waiting[0][1].text == sentence.text:
            place, found = waiting.pop(0)
            yield Choice(f"s-{place}", sentence.text, found.notes)
        else:
            yield Choice(f"n-{index}", sentence.text)


def _pointed(choice: Choice | None, note: StoredNote | None) -> Pointed:
    said, value = ("", "") if choice is None else (choice.text, choice.value)
    if note is None:
        return Pointed(said, choice=value)
    return Pointed(said, note.number, trusted(note.excerpt), trusted(note.source), value)


def _number(named: str) -> int | None:
    return int(named) if _NOTE.fullmatch(named) else None


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact of a page of the catalog. `value` names it as it reads: another value is another fact."""

    record: models.Model
    field: str
    text: str
    evidence: tuple[Evidence, ...] = ()
    value: str = field(init=False)

    def __post_init__(self) -> None:
        said = f"{self.record._meta.label_lower} {self.record.pk} {self.field} {self.text}"
        object.__setattr__(self, "value", hashlib.sha256(said.encode()).hexdigest()[:16])


def stated_on(verified: Verified, key: str = "") -> list[Stated]:
    """The facts of a page that readers may see; with the `key` of a passage, those that it holds."""
    _load_names(verified.records)
    return [
        Stated(record, name, text_of(record, name), evidence)
        for record in verified.records
        for name in (WHOLE, *CITABLE[model_of(record)])
        if (evidence := tuple(verified.index.supporting(record, name)))
        and (not key or any(one.key == key for one in evidence))
        and (not name or value_in_words(record, name))
    ]


def text_of(record: models.Model, name: str) -> str:
    """A fact in one line: of which record, which field, and what it says. Needs its relations loaded."""
    if name == WHOLE:
        return str(record)
    label = capfirst(str(record._meta.get_field(name).verbose_name))
    return f"{record} · {label}: {value_in_words(record, name)}"


def _load_names(records: tuple[models.Model, ...]) -> None:
    by_model: dict[type[models.Model], list[models.Model]] = defaultdict(list)
    for record in records:
        by_model[type(record)].append(record)
    for model, found in by_model.items():
        prefetch_related_objects(found, *NAMED_WITH.get(model, ()))


def is_one_too_many(address: str) -> bool:
    """Counts a report from this network address; whether it is one more than an hour may have."""
    key = key_for(address)
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key) > PER_HOUR
    except ValueError:  # it was forgotten in between
        cache.set(key, 1, HOUR)
        return False


def was_sent(number: str) -> bool:
    """Whether the form with this number was sent before; from now on it was."""
    return not cache.add(f"reports:form:{number}", True, TOO_OLD.total_seconds())

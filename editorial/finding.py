"""Searching: what readers find, as they may have it now.

The index only proposes. Editions are asked whether readers have them, facts whether they hold, before
anything is shown; so an entry that is late shows nothing that it must not. At most four queries.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from catalog.findable import Findable, all_of
from catalog.folding import search_key
from catalog.seen import NOTHING_SEEN, Seen
from editorial.models import EntryKind, SearchEntry, SearchWord
from editorial.search_querysets import Found
from editorial.search_truth import columns_of_entry, of_findable
from editorial.searching.filters import Choice, Filters, choices, read_filters
from editorial.searching.nearest import nearest
from editorial.searching.query import Query, parse
from editorial.searching.ranking import MOST, ranked
from editorial.searching.snippets import Piece, marked, snippet
from editorial.searching.words import keys_of, stems

PAGE_SIZE = 20
SUGGESTIONS = 8
_RECORDS = ("person", "character", "series")


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that was found. `group` is its kind, of an article that of the article."""

    group: str
    title: list[Piece]
    path: str
    language: str
    at: datetime.datetime | None
    series: list[str]
    snippet: list[Piece]
    is_folded: bool = False  # its title gives away more than the reader has seen


@dataclass(frozen=True, slots=True)
class Results:
    """A page of what was found. `asked` is what was typed, `query` what was searched for instead of it, where
    a word of it is nowhere. With `is_bounded` there is more than `count`.
    """

    asked: Query
    query: Query
    filters: Filters
    results: list[Result] = field(default_factory=list)
    count: int = 0
    is_bounded: bool = False
    page: int = 1
    pages: int = 1
    kinds: list[Choice] = field(default_factory=list)
    series: list[Choice] = field(default_factory=list)
    years: list[Choice] = field(default_factory=list)
    languages: list[Choice] = field(default_factory=list)

    @property
    def is_corrected(self) -> bool:
        return self.query is not self.asked

    def address_of(self, page: int) -> str:
        """What follows the path in the address of another page of these results; "" with nothing asked."""
        asked = {
            "q": self.asked.text,
            "kind": self.filters.kind,
            "series": self.filters.series,
            "year": self.filters.year_text,
            "language": self.filters.language,
            "page": str(page) if page > 1 else "",
        }
        given = urlencode({name: value for name, value in asked.items() if value})
        return f"?{given}" if given else ""

    @property
    def page_before(self) -> int:
        return self.page - 1

    @property
    def page_after(self) -> int:
        return self.page + 1


@dataclass(frozen=True, slots=True)
class Suggestion:
    group: str
    title: str
    path: str
    language: str


def search(text: str, *, filters: Filters | None = None, page: int = 1, seen: Seen = NOTHING_SEEN) -> Results:
    """A page of what readers find by this text; never raises, whatever is typed.

    `seen` says how far the reader has seen each series: of a text that gives more away only the title is
    shown that gives nothing away, and nobody is found by a part in a later season.
    """
    filters = filters or Filters()
    asked = parse(text)
    if asked.is_too_short:
        return Results(asked, asked, filters)
    query = _as_meant(asked)
    if query is None:
        return Results(asked, asked, filters)
    candidates = _with_filters(query, filters)
    found = ranked(candidates, query)
    pages = max(1, -(-len(found) // PAGE_SIZE))
    page = min(max(page, 1), pages)
    shown = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    results = _shown(shown, query, seen)
    count = len(found) - (len(shown) - len(results))
    if not count:
        # A word that only something hidden has is not told.
        return Results(asked, asked, filters)
    return Results(
        asked, query, filters, results, count, len(candidates) == MOST, page, pages, **choices(found)
    )


def results_for(asked: Mapping[str, str], *, seen: Seen = NOTHING_SEEN) -> Results:
    """The page of results that a request asks for, by the names that its form gives."""
    number = asked.get("page", "")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 1
    return search(asked.get("q", ""), filters=read_filters(asked), page=page, seen=seen)


def suggest(text: str, *, seen: Seen = NOTHING_SEEN) -> list[Suggestion]:
    """What the reader may be about to type: titles with these words, the last of which is only begun. Two
    queries at most.
    """
    query = parse(text)
    if query.is_too_short:
        return []
    entries = ranked(SearchEntry.objects.beginning(query), query)
    records = _records(entries)
    found: dict[tuple[str, str], Suggestion] = {}
    for entry in entries:
        known = _known(entry, records, seen)
        if known is None or not _still_begins(known[0], query):
            continue
        now, path = known
        if _is_folded(now, seen):
            continue  # a suggestion is its title
        title = _title(now, seen)
        one = Suggestion(entry.group, title, path, entry.language)
        found.setdefault((title, path), one)
        if len(found) == SUGGESTIONS:
            break
    return list(found.values())


def _as_meant(asked: Query) -> Query | None:
    """The query with another word in the place of each that is nowhere; None where there is none like it."""
    rows = list(SearchWord.objects.needed_for(asked.words))
    written = {word: entries for word, is_stem, entries in rows if not is_stem}
    stemmed = {word for word, is_stem, _entries in rows if is_stem}
    instead: dict[str, str] = {}
    for word in asked.words:
        if word in written or not stemmed.isdisjoint(stems(word)):
            continue
        meant = nearest(word, written.items())
        if meant is None:
            return None
        instead[word] = meant
    return asked.with_words(instead) if instead else asked


def _with_filters(query: Query, filters: Filters) -> list[Found]:
    entries = SearchEntry.objects.all()
    if filters.kind:
        entries = entries.in_group(filters.kind)
    if filters.series:
        entries = entries.about_series(filters.series)
    if filters.year is not None:
        entries = entries.filter(year=filters.year)
    if filters.language:
        entries = entries.filter(language=filters.language)
    return entries.candidates(query)


def _shown(found: list[Found], query: Query, seen: Seen) -> list[Result]:
    """What readers may have of these now; nothing of one that it has become wrong to find."""
    entries = SearchEntry.objects.whole([one.pk for one in found])
    records = _records(entries.values())
    results = []
    for entry in (entries[one.pk] for one in found if one.pk in entries):
        known = _known(entry, records, seen)
        if known is not None and (now := known[0]) and (now is entry or _still_found(now, query)):
            results.append(_result(now, entry.group, known[1], query, seen))
    return results


def _records(entries: Iterable[SearchEntry]) -> dict[tuple[str, int], Findable]:
    keys: list[Any] = [(entry.kind, entry.object_id) for entry in entries if entry.kind in _RECORDS]
    return dict(all_of(keys)) if keys else {}


def _known(
    entry: SearchEntry, records: dict[tuple[str, int], Findable], seen: Seen
) -> tuple[SearchEntry, str] | None:
    """The entry as this reader may have it now, with its address; None when there is none any more."""
    if entry.kind in _RECORDS:
        record = records.get((entry.kind, entry.object_id))
        return None if record is None else (of_findable(record, seen), record.path)
    if entry.kind == EntryKind.SOURCE:
        return None if entry.source is None else (entry, entry.source.get_absolute_url())
    return entry, entry.edition.get_absolute_url()


def _still_found(now: SearchEntry, query: Query) -> bool:
    """Whether each word of the query is still in what holds."""
    columns = columns_of_entry(now)
    words, stemmed = columns.words, columns.stems
    return all(word in words or not stemmed.isdisjoint(stems(word)) for word in query.words)


def _still_begins(now: SearchEntry, query: Query) -> bool:
    title = [key for name in (now.title, *now.names.splitlines()) for key in keys_of(name)]
    *whole, last = query.words
    return all(word in title for word in whole) and any(word.startswith(last) for word in title)


def _title(entry: SearchEntry, seen: Seen) -> str:
    return (entry.full_title if seen.covers(entry.spoils) else "") or entry.title


def _is_folded(entry: SearchEntry, seen: Seen) -> bool:
    """Whether all that it is called gives away more than the reader has seen."""
    return seen.stops_before(entry.spoils) and not entry.full_title


def _further(title: str, names: Iterable[str]) -> list[str]:
    """Of other names those that say more than the title, each once however it is written."""
    known = set(keys_of(title))
    further: dict[str, str] = {}
    for name in names:
        if not known.issuperset(keys_of(name)):
            further.setdefault(search_key(name), name)
    return list(further.values())


def _result(entry: SearchEntry, group: str, path: str, query: Query, seen: Seen) -> Result:
    title = _title(entry, seen)
    if entry.kind in _RECORDS:
        text = " · ".join([*_further(title, entry.names.splitlines()), *entry.text.splitlines()])
    else:
        text = entry.text if seen.covers(entry.spoils) else ""
    return Result(
        group=group,
        title=marked(title, query, entry.language),
        path=path,
        language=entry.language,
        at=entry.at,
        series=[one for one in entry.series.values() if one != title],
        snippet=snippet(text, query, entry.language),
        is_folded=_is_folded(entry, seen),
    )

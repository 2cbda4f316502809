"""Keeping the index of the search: written with what is written, compared with the truth, made anew.

What an entry should say is `editorial.search_truth`. Nothing here decides what readers see: a search asks
again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from django.db import connection, models, transaction

from editorial.models import Article, SearchEntry, SearchWord
from editorial.search_concerned import concerned_by
from editorial.search_truth import COPIED, Key, columns_of_entry, everything, truth_of
from editorial.searching.columns import postgres_vector, sqlite_row
from editorial.searching.nearest import ends_of

BATCH = 200
_LOCK = 0x1B1D_5EA4  # of the index, among the advisory locks of the database
_ADD_TEXT = """
INSERT INTO editorial_searchtext (rowid, title, title_stems, text, text_stems) VALUES (%s, %s, %s, %s, %s)
"""
_ADD_WORD = """
INSERT INTO editorial_searchword (word, is_stem, begins, ends, entries) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (word, is_stem) DO UPDATE SET entries = editorial_searchword.entries + excluded.entries
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """An entry that is not what it should be."""

    kind: Literal["missing", "outdated", "left over", "words"]
    what: str


def index_article(article: Article) -> None:
    """Bring the entry of an article up to date with the edition that readers have of it, or have no more."""
    refresh([("article", article.pk)])


def index_what_concerns(*targets: models.Model) -> None:
    """Bring up to date what was changed in these records of the catalog; nothing for other records."""
    for batch in _batches(concerned_by(*targets), BATCH):
        refresh(batch)


@contextmanager
def following_deletion_of(targets: Iterable[models.Model]) -> Iterator[None]:
    """Bring up to date, afterwards, what the deletion of these records changes."""
    keys = concerned_by(*targets)
    yield
    refresh(keys)


def refresh(keys: Collection[Key]) -> int:
    """Bring these entries up to date; how many were written or taken away."""
    return _refresh(keys) if keys and any(_changes(keys)) else 0


@transaction.atomic
def _refresh(keys: Collection[Key]) -> int:
    _wait_for_others()
    new, old = _changes(keys)
    _write(new, old)
    return len(new.keys() | old.keys())


def rebuild() -> int:
    """Make the index anew from what it copies, in batches; how many entries it has then.

    Each batch is a transaction: who searches meanwhile finds what is there already.
    """
    with transaction.atomic():
        _wait_for_others()
        SearchWord.objects.all().delete()
        SearchEntry.objects.all().delete()
    for batch in _batches(everything(), BATCH):
        _refresh(batch)  # there is nothing yet to compare with
    return SearchEntry.objects.count()


def update() -> int:
    """Bring every entry up to date, in batches; how many were written or taken away."""
    changed = sum(refresh(batch) for batch in _batches(everything(), BATCH))
    return changed + sum(refresh(batch) for batch in _batches(_all_keys(), BATCH))


def differences() -> Iterator[Difference]:
    """Everything in which the index differs from the truth, in batches."""
    words: Counter[tuple[str, bool]] = Counter()
    for batch in _batches(everything(), BATCH):
        there = _entries(batch)
        for key, one in truth_of(batch).items():
            if key not in there:
                yield Difference("missing", f"{key[0]} {key[1]}: {one.title}")
            elif _differs(there[key], one):
                yield Difference("outdated", f"{key[0]} {key[1]}: {one.title}")
    for batch in _batches(_all_keys(), BATCH):
        should = truth_of(batch)
        for key, entry in _entries(batch).items():
            words.update(_words_of(entry))
            if key not in should:
                yield Difference("left over", str(entry))
    for word, is_stem, entries in SearchWord.objects.values_list("word", "is_stem", "entries").iterator():
        if words.pop((word, is_stem), 0) != entries:
            yield Difference("words", word)
    yield from (Difference("words", word) for word, _is_stem in words)


def _changes(keys: Collection[Key]) -> tuple[dict[Key, SearchEntry], dict[Key, SearchEntry]]:
    """The entries that are to be written, and those that are to be taken away."""
    there, should = _entries(keys), truth_of(keys)
    new = {key: one for key, one in should.items() if key not in there or _differs(there[key], one)}
    return new, {key: entry for key, entry in there.items() if key not in should or key in new}


def _wait_for_others() -> None:
    """One writes the index at a time, until its transaction ends: two may write of the same person at once.
    SQLite lets only one write anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _write(new: dict[Key, SearchEntry], old: dict[Key, SearchEntry]) -> None:
    """Take the old entries away and write the new ones, with their words."""
    words: Counter[tuple[str, bool]] = Counter()
    for entry in old.values():
        words.subtract(_words_of(entry))
    SearchEntry.objects.filter(pk__in=[entry.pk for entry in old.values()]).delete()
    SearchEntry.objects.bulk_create(new.values())
    for entry in new.values():
        words.update(_words_of(entry))
    _write_texts(new.values())
    _write_words(words)


def _write_texts(entries: Iterable[SearchEntry]) -> None:
    columns = [(entry.pk, columns_of_entry(entry)) for entry in entries]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sql = "UPDATE editorial_searchentry SET vector = %s::tsvector WHERE id = %s"
            cursor.executemany(sql, [(postgres_vector(one), pk) for pk, one in columns])
        else:
            cursor.executemany(_ADD_TEXT, [(pk, *sqlite_row(one)) for pk, one in columns])


def _write_words(words: Counter[tuple[str, bool]]) -> None:
    """In the order of the words, so that two who write at once wait for each other and not in a circle."""
    rows = [
        (word, is_stem, *ends_of(word), change) for (word, is_stem), change in sorted(words.items()) if change
    ]
    fewer = [row for row in rows if row[-1] < 0]
    with connection.cursor() as cursor:
        cursor.executemany(_ADD_WORD, [row for row in rows if row[-1] > 0])
        less = "UPDATE editorial_searchword SET entries = entries - %s WHERE word = %s AND is_stem = %s"
        cursor.executemany(less, [(-row[-1], row[0], row[1]) for row in fewer])
    for batch in _batches([row[0] for row in fewer], 500):
        SearchWord.objects.filter(word__in=batch, entries=0).delete()


def _words_of(entry: SearchEntry) -> list[tuple[str, bool]]:
    columns = columns_of_entry(entry)
    return [*((word, False) for word in columns.words), *((word, True) for word in columns.stems)]


def _entries(keys: Collection[Key]) -> dict[Key, SearchEntry]:
    wanted = models.Q(pk__in=[])
    for kind in {kind for kind, _pk in keys}:
        wanted |= models.Q(kind=kind, object_id__in=[pk for other, pk in keys if other == kind])
    return {(entry.kind, entry.object_id): entry for entry in SearchEntry.objects.filter(wanted).order_by()}


def _all_keys() -> Iterator[Key]:
    last = 0
    rows = SearchEntry.objects.order_by("pk").values_list("pk", "kind", "object_id")
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1][0]
        yield from ((kind, pk) for _pk, kind, pk in batch)


def _differs(there: SearchEntry, should: SearchEntry) -> bool:
    return any(getattr(there, name) != getattr(should, name) for name in COPIED)


def _batches(things: Iterable[Any], size: int) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for thing in things:
        batch.append(thing)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch

"""What the entries of the search should say, read from what readers may have now."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.utils import timezone

from catalog.findable import Findable, all_of
from catalog.former import by_slug
from catalog.models import Character, Person, Series, Source
from catalog.seen import NOTHING_SEEN, Seen
from editorial.comparing import words_of
from editorial.models import Edition, EntryKind, SearchEntry
from editorial.searching.columns import Columns, columns_of

Key = tuple[str, int]  # a kind and the number of the article, the record or the source

# Series before characters before people, these before texts, where all else is alike.
WEIGHTS = {"series": 50, "character": 40, "person": 40, "article": 20, "source": 10}
# What of an entry is a copy.
COPIED = (
    *("edition_id", "source_id", "language", "year", "weight", "at", "spoils", "series"),
    *("title", "full_title", "names", "text"),
)
_LONGEST = 500
_RECORDS = {"person": Person, "character": Character, "series": Series, "source": Source}


def everything() -> Iterator[Key]:
    """The key of all that may have an entry, as it is read."""
    live = Edition.objects.live().order_by("pk").values_list("article", flat=True)
    yield from (("article", pk) for pk in live.iterator(2000))
    for kind, model in _RECORDS.items():
        pks = model.objects.order_by("pk").values_list("pk", flat=True)
        yield from ((kind, pk) for pk in pks.iterator(2000))


def truth_of(keys: Collection[Key]) -> dict[Key, SearchEntry]:
    """The entries that these should have, not saved; without those that readers must not find. Six
    queries at most: one for articles, three for the series that they give away, by any name that these had,
    and two for the rest.
    """
    by_kind: dict[str, list[int]] = {kind: [] for kind in EntryKind.values}
    for kind, pk in keys:
        by_kind[kind].append(pk)
    articles, sources = by_kind.pop("article"), by_kind.pop("source")
    records = [(kind, pk) for kind, pks in by_kind.items() for pk in pks]
    entries = [
        *(_articles(articles) if articles else []),
        *(map(of_findable, all_of(records).values()) if records else []),
        *(map(_of_source, Source.objects.filter(pk__in=sources)) if sources else []),
    ]
    return {(entry.kind, entry.object_id): entry for entry in entries}


def of_findable(one: Findable, seen: Seen = NOTHING_SEEN) -> SearchEntry:
    """The entry of a person, a character or a series, as a reader may have it who has seen so much."""
    return SearchEntry(
        kind=one.kind,
        object_id=one.pk,
        weight=WEIGHTS[one.kind],
        year=one.year,
        series=one.series,
        title=one.title,
        names="\n".join(one.names),
        text="\n".join(one.lines_for(seen)),
    )


def columns_of_entry(entry: SearchEntry) -> Columns:
    """What of the entry is indexed."""
    names = (entry.title, *entry.names.splitlines())
    return columns_of(names, (entry.full_title, entry.text), entry.language)


def _articles(pks: Collection[int]) -> Iterator[SearchEntry]:
    live = Edition.objects.live().filter(article__in=pks)
    editions = list(live.select_related("revision", "series").defer("html"))
    spoiled = {_slug_of_spoiled(edition.revision.content) for edition in editions} - {""}
    series = by_slug(Series, spoiled)
    return (_of_edition(edition, edition.revision.content, series) for edition in editions)


def _of_edition(edition: Edition, content: dict[str, Any], spoiled: dict[str, Series]) -> SearchEntry:
    title, listed = content["title"], content.get("spoiler_free_title") or content["title"]
    series = edition.series  # what it is called now; the text names it as it was
    return SearchEntry(
        kind=EntryKind.ARTICLE,
        object_id=edition.article_id,
        edition_id=edition.pk,
        weight=WEIGHTS["article"],
        language=content["language"],
        year=timezone.localtime(edition.first_published_at).year,
        at=edition.published_at,
        spoils=_spoiled(content, spoiled),
        series={series.slug: series.title} if series else {},
        title=listed[:_LONGEST],
        full_title="" if listed == title else title[:_LONGEST],
        text="\n".join(filter(None, (content["standfirst"], words_of(content["body"])))),
    )


def _slug_of_spoiled(content: dict[str, Any]) -> str:
    """The slug of the series that the content gives away; "" for none."""
    return (content.get("spoils_through") or "").rpartition("/")[0]


def _spoiled(content: dict[str, Any], spoiled: dict[str, Series]) -> str:
    """The season that the text spoils through, by the name that its series has now; "" for none."""
    slug, slash, number = (content.get("spoils_through") or "").rpartition("/")
    return f"{spoiled[slug].slug if slug in spoiled else slug}{slash}{number}"


def _of_source(source: Source) -> SearchEntry:
    return SearchEntry(
        kind=EntryKind.SOURCE,
        object_id=source.pk,
        source_id=source.pk,
        weight=WEIGHTS["source"],
        language=source.language,
        year=source.published.year if source.published else None,
        title=source.title[:_LONGEST],
        text="\n".join(filter(None, (source.publisher, source.author))),
    )

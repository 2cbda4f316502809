"""Pages of long lists: each begins where another ends, so that none takes longer than the first."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext

from catalog.seen import NOTHING_SEEN, Seen
from editorial.edition_querysets import EditionQuerySet
from editorial.models import Edition
from editorial.places import Place
from editorial.reading import Card, cards


@dataclass(frozen=True, slots=True)
class Slice:
    """Articles of a list, newest first. Each way on is a query string, "" where the list ends."""

    cards: list[Card]
    here: str  # what a search engine should call this page; "" for the first
    newer: str
    older: str


def slice_of(
    editions: EditionQuerySet, asked: Mapping[str, str], size: int, seen: Seen = NOTHING_SEEN
) -> Slice:
    """The page of the list that `?before=` or `?after=` a place asks for; without either, the newest.

    At most two queries, whatever the place. Raises Http404 for what is no place, and where nothing is.
    """
    editions = editions.newest_first()
    if "after" in asked:
        return _after(editions, _place(asked["after"]), size, seen)
    if "before" not in asked:
        return _newest(editions, size, seen)
    place = _place(asked["before"])
    rows = list(editions.older_than(place.at, place.pk)[: size + 1])
    if not rows:
        raise _nothing_there()
    return _slice(rows[:size], seen, here=place, newer=True, older=len(rows) > size)


def years_of(editions: EditionQuerySet) -> list[int]:
    """The years in which readers first got any of these, newest first. Two queries."""
    oldest = editions.order_by("first_published_at", "pk").values_list("first_published_at", flat=True)
    first = oldest.first()
    if first is None:
        return []
    span = range(timezone.localtime(first).year, timezone.localtime().year + 1)
    one_of_each = (editions.between(*year_span(year)).newest_first()[:1] for year in span)
    moments = Edition.objects.any_of(one_of_each).values_list("first_published_at", flat=True)
    return sorted({timezone.localtime(moment).year for moment in moments}, reverse=True)


def year_span(year: int) -> tuple[datetime.datetime, datetime.datetime]:
    """Where a year begins and ends in the newsroom's zone."""
    zone = timezone.get_default_timezone()
    return datetime.datetime(year, 1, 1, tzinfo=zone), datetime.datetime(year + 1, 1, 1, tzinfo=zone)


def _newest(editions: EditionQuerySet, size: int, seen: Seen) -> Slice:
    rows = list(editions[: size + 1])
    return _slice(rows[:size], seen, here=None, newer=False, older=len(rows) > size)


def _after(editions: EditionQuerySet, place: Place, size: int, seen: Seen) -> Slice:
    rows = list(editions.newer_than(place.at, place.pk).reverse()[: size + 1])
    if len(rows) <= size:
        return _newest(editions, size, seen)  # rather than a first page with less on it
    return _slice(rows[size - 1 :: -1], seen, here=_place_of(rows[size]), newer=True, older=True)


def _slice(rows: Sequence[Edition], seen: Seen, *, here: Place | None, newer: bool, older: bool) -> Slice:
    return Slice(
        cards=cards(rows, seen),
        here=_query("before", here) if here else "",
        newer=_query("after", _place_of(rows[0])) if newer else "",
        older=_query("before", _place_of(rows[-1])) if older else "",
    )


def _query(name: str, place: Place) -> str:
    return f"?{urlencode({name: str(place)}, safe=':')}"


def _place_of(edition: Edition) -> Place:
    return Place(edition.first_published_at, edition.pk)


def _place(text: str) -> Place:
    try:
        return Place.parse(text)
    except ValueError:
        raise _nothing_there() from None


def _nothing_there() -> Http404:
    return Http404(gettext("This list has no page here. Go to its beginning."))

"""Which record an address leads to whose name has changed since.

A part of an address names a record among its kind, a season, an episode or a character within what it belongs
to. What the parts were before is kept by `catalog.actions.keeping_addresses`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from django.contrib.contenttypes.models import ContentType
from django.db import models

from catalog.keys import RELATIONS, key_of, with_relations
from catalog.models import Character, Episode, FormerAddress, Season, Series

# What the key of a record begins with: the id of what it belongs to.
_WITHIN: Mapping[type[models.Model], str] = {
    Character: "series_id",
    Season: "series_id",
    Episode: "season_id",
}


def address_key(record: models.Model) -> str:
    """How the address of a record names it among all of its kind; "" where it has none."""
    name = record.number if isinstance(record, Season) else getattr(record, "slug", "")
    return key_within(type(record), getattr(record, _WITHIN.get(type(record), ""), None), name)


def has_addresses(model: type[models.Model]) -> bool:
    """Whether records of this kind are named in addresses."""
    return model in _WITHIN or any(field.name == "slug" for field in model._meta.concrete_fields)


def key_within(model: type[models.Model], owner: int | None, name: object) -> str:
    """The key of what has this name and belongs to the record with the id `owner`."""
    return f"{owner}/{name}" if model in _WITHIN and name != "" else str(name)


def pks_at(model: type[models.Model], keys: Collection[str]) -> dict[str, int]:
    """Of the records that were at these keys once, the ids by key. One query."""
    rows = FormerAddress.objects.filter(
        content_type=ContentType.objects.get_for_model(model), key__in=list(keys)
    )
    return dict(rows.values_list("key", "object_id"))


def names_left(names: Collection[str]) -> set[str]:
    """Those of these parts of addresses that a record had once. One query."""
    left = models.Q(key__in=names)
    for name in names:
        left |= models.Q(key__endswith=f"/{name}")
    keys = FormerAddress.objects.filter(left).values_list("key", flat=True)
    return {key.rpartition("/")[2] for key in keys}


def by_slug(model: type[models.Model], slugs: Iterable[str], *related: str) -> dict[str, models.Model]:
    """Records by the slug that they have, or had last of all that had it, with the relations `related`. One
    query; two where one is asked for by a former slug, and one for these.
    """
    wanted = set(slugs)
    if not wanted:
        return {}
    records = model._default_manager.select_related(*related) if related else model._default_manager.all()
    found = {one.slug: one for one in records.filter(slug__in=wanted)}
    moved = pks_at(model, wanted - found.keys()) if wanted - found.keys() else {}
    if moved:
        moved_records = records.in_bulk(set(moved.values()))
        found |= {slug: moved_records[pk] for slug, pk in moved.items() if pk in moved_records}
    return found


def each_by_slug(model: type[models.Model], slugs: Sequence[str], *related: str) -> list[models.Model]:
    """The records of these slugs, which they have or had, in this order and each once. As `by_slug`."""
    found = by_slug(model, slugs, *related)
    return list(dict.fromkeys(found[slug] for slug in slugs if slug in found))


def record_named(
    model: type[models.Model], key: str | None, at_hand: models.Model | None = None
) -> models.Model | None:
    """The record of this natural key, which it has or had, with what its key reads. That is `at_hand`
    while its key is this, without a query. `model` is Season, Episode, or one whose key is a slug.
    """
    if key is None or (at_hand is not None and key_of(at_hand) == key):
        return None if key is None else at_hand
    if model is Season:
        slug, _slash, number = key.rpartition("/")
        return season_at(slug, int(number))
    if model is Episode:
        return _episode_named(*key.split("/", 3))
    return by_slug(model, [key]).get(key)


def series_at(slug: str) -> Iterator[Series]:
    """The series of this slug, then the one that had it before."""
    yield from Series.objects.filter(slug=slug)
    yield from _former(Series, slug)


def record_formerly_at(model: type[models.Model], slug: str) -> models.Model | None:
    """The record that left this address."""
    return next(_former(model, slug), None)


def season_at(slug: str, number: int) -> Season | None:
    """The season that is or was at this address."""
    for series in series_at(slug):
        found = _at(Season, series.pk, str(number), {"series": series, "number": number})
        if found is not None:
            return found
    return None


def character_at(series_slug: str, slug: str) -> Character | None:
    """The character that is or was at this address."""
    for series in series_at(series_slug):
        found = _at(Character, series.pk, slug, {"series": series, "slug": slug})
        if found is not None:
            return found
    return None


def episode_at(series_slug: str, number: int, slug: str) -> Episode | None:
    """The episode that is or was at this address."""
    season = season_at(series_slug, number)
    if season is None:
        return None
    here = (one for one in season.episodes.select_related("season__series") if one.slug == slug)
    return next(here, None) or next(_former(Episode, key_within(Episode, season.pk, slug)), None)


def _episode_named(slug: str, season_number: str, number: str, title: str | None = None) -> Episode | None:
    """The episode of this key: of a number, or a special (`~`) of a title."""
    season = season_at(slug, int(season_number))
    if season is None:
        return None
    named = {"number": int(number)} if title is None else {"number": None, "title": title}
    here = with_relations(Episode, RELATIONS).filter(season=season, **named).first()
    return here or next(_former(Episode, address_key(Episode(season=season, **named))), None)


def _at(model: type[models.Model], owner: int, name: str, now: Mapping[str, object]) -> models.Model | None:
    here = with_relations(model, RELATIONS).filter(**now).first()
    return here or next(_former(model, key_within(model, owner, name)), None)


def _former(model: type[models.Model], key: str) -> Iterator[models.Model]:
    pk = pks_at(model, [key]).get(key)
    if pk is not None:
        yield from with_relations(model, RELATIONS).filter(pk=pk)

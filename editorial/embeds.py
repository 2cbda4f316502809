"""What articles embed: tables and timelines of the catalog, and photos, by the keys that bodies use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext

from catalog.former import by_slug
from catalog.models import Photo, Season
from catalog.sheets import FactGroup, SeasonSheet, season_sheet
from editorial.prose.embeds import Embed, Figure

PHOTO = "photo "  # what the keys of photos begin with


def load_embeds(keys: Iterable[str], *, language: str) -> dict[str, Embed]:
    """The embeds of these keys (`cast narcos-mexico/2`, `photo rooftops`) in `language`; those of unknown
    seasons and photos are left out.
    """
    keys = list(keys)
    photos = load_photos(key.removeprefix(PHOTO) for key in keys if key.startswith(PHOTO))
    return load_tables(keys, language=language) | figures(photos)


def load_tables(keys: Iterable[str], *, language: str) -> dict[str, Embed]:
    """Of these keys, what comes from the page of a season, in `language`."""
    keys = [key for key in keys if not key.startswith(PHOTO)]
    seasons = _seasons({key.partition(" ")[2] for key in keys})
    embeds: dict[str, Embed] = {}
    with translation.override(language):
        sheets = {key: season_sheet(season) for key, season in seasons.items()}
        for key in keys:
            kind, _space, season_key = key.partition(" ")
            if season_key in sheets:
                embeds[key] = _MAKERS[kind](sheets[season_key])
    return embeds


def load_photos(slugs: Iterable[str]) -> dict[str, Photo]:
    """The photos by these slugs, which they have or had, as far as they exist; no query without any."""
    return by_slug(Photo, slugs)


def figures(photos: Mapping[str, Photo]) -> dict[str, Embed]:
    """The embeds of photos, by key."""
    return {
        f"{PHOTO}{slug}": Embed("photo", photo.caption, (_figure(photo),)) for slug, photo in photos.items()
    }


def _figure(photo: Photo) -> Figure:
    return Figure(
        slug=photo.slug,
        file=photo.image.name,
        url=photo.image.url,
        width=photo.width,
        height=photo.height,
        alt=photo.alt,
        caption=photo.caption,
        credit=photo.credit,
    )


def _seasons(keys: Iterable[str]) -> dict[str, Season]:
    wanted = Q(pk__in=[])
    for key in keys:
        slug, _slash, number = key.rpartition("/")
        wanted |= Q(series__slug=slug, number=int(number))
    seasons = Season.objects.filter(wanted).select_related("series")
    return {f"{season.series.slug}/{season.number}": season for season in seasons}


def _cast(sheet: SeasonSheet) -> Embed:
    title = gettext("Cast of %(season)s") % {"season": sheet.season}
    return Embed("cast", title, tuple(sheet.cast))


def _facts(sheet: SeasonSheet) -> Embed:
    title = gettext("%(season)s at a glance") % {"season": sheet.season}
    return Embed("facts", title, (FactGroup("", sheet.facts),) if sheet.facts else ())


def _timeline(sheet: SeasonSheet) -> Embed:
    title = gettext("%(season)s: what was known when") % {"season": sheet.season}
    return Embed("timeline", title, tuple(sheet.histories))


_MAKERS: Mapping[str, Callable[[SeasonSheet], Embed]] = {
    "cast": _cast,
    "facts": _facts,
    "timeline": _timeline,
}

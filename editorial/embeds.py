"""The tables of the catalog that articles embed, by the keys that bodies name them with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext

from catalog.models import Season
from catalog.sheets import FactGroup, SeasonSheet, season_sheet
from editorial.prose.embeds import Embed


def load_embeds(keys: Iterable[str], *, language: str) -> dict[str, Embed]:
    """The embeds of these keys (`cast narcos-mexico/2`) in `language`; unknown seasons are left out."""
    keys = list(keys)
    seasons = _seasons({key.partition(" ")[2] for key in keys})
    embeds: dict[str, Embed] = {}
    with translation.override(language):
        sheets = {key: season_sheet(season) for key, season in seasons.items()}
        for key in keys:
            kind, _space, season_key = key.partition(" ")
            if season_key in sheets:
                embeds[key] = _MAKERS[kind](sheets[season_key])
    return embeds


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


_MAKERS: Mapping[str, Callable[[SeasonSheet], Embed]] = {"cast": _cast, "facts": _facts}

"""Which of a text’s links to this site lead to no page that readers can reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from django.urls import Resolver404, ResolverMatch, resolve

from catalog.former import names_left
from catalog.models import Photo
from catalog.public import (
    characters_with_page,
    people_with_page,
    seasons_with_page,
    series_with_page,
    sources_with_page,
)
from editorial.models import Article, Correction, Edition
from editorial.moving import moved_to

NOT_FOR_READERS = "admin"


def unreachable(hrefs: Iterable[str], article: Article) -> set[str]:
    """Those of these links that begin with `/` and lead readers nowhere; the article's own address counts as
    reached, and so does one that leads on. As many queries for many links as for one of each kind of page,
    and some for each whose page went elsewhere.
    """
    matches = {href: _match(href) for href in hrefs if href.startswith("/")}
    dead = {href for href, match in matches.items() if match is None or NOT_FOR_READERS in match.namespaces}
    wanted: dict[str, set[tuple]] = defaultdict(set)
    targets = {href: _target(matches[href]) for href in matches.keys() - dead}
    for kind, key in targets.values():
        wanted[kind].add(key)
    there = {kind: _REACHED[kind](keys) for kind, keys in wanted.items() if kind in _REACHED}
    own = (_ARTICLE, (article.kind, article.slug))
    dead |= {
        href
        for href, (kind, key) in targets.items()
        if kind in there and key not in there[kind] and (kind, key) != own
    }
    return dead - _leading_on({href: matches[href] for href in dead})


def _leading_on(matches: Mapping[str, ResolverMatch | None]) -> set[str]:
    """Those that lead on to where their page went. Two queries, and some for each that is on its way."""
    names = {
        href: {str(value) for value in match.captured_kwargs.values()}
        for href, match in matches.items()
        if match is not None
    }
    asked = set().union(*names.values())
    if not asked:
        return set()
    left = names_left(asked) | set(Edition.objects.left_by(asked))
    return {href for href, some in names.items() if not some.isdisjoint(left) and moved_to(matches[href])}


def _match(href: str) -> ResolverMatch | None:
    """The view that answers at this address. One without its last slash is led on to it."""
    path = unquote(urlsplit(href).path)
    for candidate in (path, f"{path}/"):
        try:
            return resolve(candidate)
        except Resolver404:
            continue
    return None


_ARTICLE = "article"
_BY_VIEW = {"catalog:source_annotations": "catalog:source", "catalog:source_citations": "catalog:source"}


def _target(match: ResolverMatch) -> tuple[str, Any]:
    """What a page is about: its kind and what names it among its kind."""
    given = match.kwargs
    if "kind" in given and "slug" in given:
        return _ARTICLE, (given["kind"], given["slug"])
    return _BY_VIEW.get(match.view_name, match.view_name), tuple(given.values())


def _articles(keys: Collection[tuple[str, str]]) -> set[tuple]:
    live = Edition.objects.live().filter(slug__in={slug for _kind, slug in keys})
    return set(live.values_list("kind", "slug"))


def _corrections(keys: Collection[tuple[int]]) -> set[tuple]:
    found = Correction.objects.for_readers().filter(edition__isnull=False, pk__in=[pk for (pk,) in keys])
    return {(pk,) for pk in found.values_list("pk", flat=True)}


def _photos(keys: Collection[tuple[str]]) -> set[tuple]:
    found = Photo.objects.filter(image__in=[path for (path,) in keys])
    return {(path,) for path in found.values_list("image", flat=True)}


def _bylines(slugs: set[str]) -> set[str]:
    live = Edition.objects.live().filter(bylines__contributor__slug__in=slugs)
    return set(live.order_by().values_list("bylines__contributor__slug", flat=True))


def _by_slug(find: Callable[[set[str]], set[str]]) -> Callable[[Collection[tuple[str]]], set[tuple]]:
    return lambda keys: {(slug,) for slug in find({slug for (slug,) in keys})}


# What has to be there, by the name of its page; any other page answers by itself.
_REACHED: Mapping[str, Callable[[Any], set[tuple]]] = {
    _ARTICLE: _articles,
    "catalog:series": _by_slug(series_with_page),
    "catalog:season": seasons_with_page,
    "catalog:person": _by_slug(people_with_page),
    "catalog:character": characters_with_page,
    "editorial:byline": _by_slug(_bylines),
    "catalog:source": _by_slug(sources_with_page),
    "editorial:correction": _corrections,
    "editorial.views.media": _photos,
}

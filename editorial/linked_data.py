"""What a page says, for search engines: schema.org in JSON-LD, one graph to a page.

Every value in it is one that a reader of the page sees too. The catalog's part is `catalog.schema_org`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog import schema_org
from catalog.models import Photo
from catalog.part_sheets import CharacterSheet, EpisodeSheet
from catalog.pictures import cuts_of, jpeg_of
from catalog.provenance import SourceSheet
from catalog.schema_org import Absolute, Thing, named, thing
from catalog.sheets import PersonSheet, SeasonSheet, SeriesSheet
from editorial.corrections import Note
from editorial.data_page import DataPage
from editorial.finding import Results
from editorial.models import Contributor
from editorial.pages import (
    BylinePage,
    Comparison,
    CorrectionList,
    Home,
    HowWeCite,
    Listing,
    SourceList,
    Tombstone,
)
from editorial.reading import Story
from editorial.surroundings import Line
from editorial.trails import trail_to


def linked_data(page: Any, absolute: Absolute) -> Thing:
    """The graph of a page, by its view model: what it is about, and the way to it."""
    return {
        "@context": "https://schema.org",
        "@graph": [*_things(page, absolute), *_breadcrumbs(page, absolute)],
    }


@singledispatch
def _things(page: Any, absolute: Absolute) -> list[Thing]:
    raise TypeError(f"{type(page).__name__} is no page")


@_things.register
def _home(page: Home, absolute: Absolute) -> list[Thing]:
    address = absolute(reverse("editorial:home"))
    links = [(card.title, card.path) for card in page.cards]
    return [
        thing(
            "WebSite",
            name="Ibid.",
            url=address,
            publisher=_publisher(absolute),
            potentialAction=_search(absolute),
        ),
        *_list(links, absolute),
    ]


@_things.register
def _story(page: Story, absolute: Absolute) -> list[Thing]:
    about = None
    if page.season:
        about = named("TVSeason", page.season, absolute)
    elif page.series:
        about = named("TVSeries", page.series, absolute)
    return [
        thing(
            "NewsArticle",
            headline=page.title,
            description=page.described,
            url=absolute(page.path),
            inLanguage=page.language,
            articleSection=str(page.section.title),
            datePublished=_moment(page.published_at),
            dateModified=_moment(page.changed_at) if page.was_changed else "",
            author=[_author(one, absolute) for one in page.contributors],
            image=_images(page.photo, absolute),
            about=about,
            citation=[thing("CreativeWork", name=one.title, url=absolute(one.path)) for one in page.sources],
            correction=[_correction(note, absolute) for note in page.notes],
            publisher=_publisher(absolute),
            publishingPrinciples=absolute(reverse("editorial:correction_list")),
            workTranslation=[
                _version(one, absolute) for one in page.around.versions if one.path != page.path
            ],
        )
    ]


@_things.register
def _tombstone(page: Tombstone, absolute: Absolute) -> list[Thing]:
    return [
        thing(
            "NewsArticle",
            headline=page.title,
            url=absolute(page.path),
            creativeWorkStatus=_("Retracted"),
            correction=[thing("CorrectionComment", text=page.note.text)] if page.note else [],
        )
    ]


@_things.register
def _listing(page: Listing, absolute: Absolute) -> list[Thing]:
    address, about = absolute(page.path), str(page.section.about)
    links = [(card.title, card.path) for card in page.cards]
    collection = thing("CollectionPage", name=page.title, description=about, url=address)
    return [collection, *_list(links, absolute)]


@_things.register
def _byline(page: BylinePage, absolute: Absolute) -> list[Thing]:
    found = page.contributor
    links = [(card.title, card.path) for card in page.cards]
    return [
        thing(
            "Person",
            name=found.name,
            jobTitle=found.role,
            description=found.biography,
            url=absolute(page.path),
        ),
        *_list(links, absolute),
    ]


@_things.register
def _correction_list(page: CorrectionList, absolute: Absolute) -> list[Thing]:
    address = absolute(reverse("editorial:correction_list"))
    comments = [_correction_of_article(note, absolute) for note in page.notes]
    return [thing("CollectionPage", name=_("Corrections"), url=address, hasPart=comments)]


@_things.register
def _results(page: Results, absolute: Absolute) -> list[Thing]:
    return []


@_things.register
def _how_we_cite(page: HowWeCite, absolute: Absolute) -> list[Thing]:
    return [thing("WebPage", name=_("How we cite"), url=absolute(page.path))]


@_things.register
def _comparison(page: Comparison, absolute: Absolute) -> list[Thing]:
    return [_correction_of_article(page.note, absolute)]


@_things.register
def _series(page: SeriesSheet, absolute: Absolute) -> list[Thing]:
    return [schema_org.series(page, absolute)]


@_things.register
def _season(page: SeasonSheet, absolute: Absolute) -> list[Thing]:
    return [schema_org.season(page, absolute)]


@_things.register
def _episode(page: EpisodeSheet, absolute: Absolute) -> list[Thing]:
    return [schema_org.episode(page, absolute)]


@_things.register
def _character(page: CharacterSheet, absolute: Absolute) -> list[Thing]:
    return [schema_org.character(page, absolute)]


@_things.register
def _person(page: PersonSheet, absolute: Absolute) -> list[Thing]:
    return [schema_org.person(page, absolute)]


@_things.register
def _source(page: SourceSheet, absolute: Absolute) -> list[Thing]:
    return [schema_org.source(page.source, absolute)]


@_things.register
def _source_list(page: SourceList, absolute: Absolute) -> list[Thing]:
    links = [(source.title, source.get_absolute_url()) for source in page.sources]
    address = absolute(reverse("catalog:source_list"))
    return [thing("CollectionPage", name=_("Sources"), url=address), *_list(links, absolute)]


@_things.register
def _data(page: DataPage, absolute: Absolute) -> list[Thing]:
    bundle = page.bundle
    whole = thing(
        "DataDownload",
        name=bundle.name,
        encodingFormat=bundle.media_type,
        contentUrl=absolute(bundle.path),
    )
    return [
        thing(
            "Dataset",
            name=_("Data"),
            description=str(bundle.about),
            url=absolute(reverse("editorial:data")),
            license=thing("CreativeWork", name=page.licence, url=page.licence_url),
            distribution=[whole],
            publisher=_publisher(absolute),
        )
    ]


def _version(line: Line, absolute: Absolute) -> Thing:
    """The same article in another language."""
    return thing("NewsArticle", headline=line.title, inLanguage=line.language, url=absolute(line.path))


def _correction(note: Note, absolute: Absolute) -> Thing:
    address = absolute(note.comparison) if note.comparison else ""
    return thing(
        "CorrectionComment", name=note.label, text=note.text, datePublished=_moment(note.at), url=address
    )


def _correction_of_article(note: Note, absolute: Absolute) -> Thing:
    article = thing("NewsArticle", headline=note.title, url=absolute(note.path), inLanguage=note.language)
    return {**_correction(note, absolute), "about": article}


def _author(contributor: Contributor, absolute: Absolute) -> Thing:
    portrait = contributor.portrait_for_readers if contributor.biography else None  # shown with it alone
    return thing(
        "Person",
        name=contributor.name,
        jobTitle=contributor.role,
        description=contributor.biography,
        url=absolute(contributor.get_absolute_url()),
        image=absolute(jpeg_of(portrait, "1x1").url) if portrait else "",
    )


def _images(photo: Photo | None, absolute: Absolute) -> list[Thing]:
    """The photo in each ratio that search engines show."""
    cuts = [] if photo is None else cuts_of(photo)
    return [
        thing("ImageObject", url=absolute(cut.url), caption=photo.caption, creditText=photo.credit)
        for cut in cuts
    ]


def _search(absolute: Absolute) -> Thing:
    """The search of the site: the words that are looked for take the place of the braces."""
    return thing(
        "SearchAction",
        target=thing(
            "EntryPoint", urlTemplate=f"{absolute(reverse('editorial:search'))}?q={{search_term_string}}"
        ),
        **{"query-input": "required name=search_term_string"},
    )


def _publisher(absolute: Absolute) -> Thing:
    return thing(
        "NewsMediaOrganization",
        name="Ibid.",
        url=absolute(reverse("editorial:home")),
        correctionsPolicy=absolute(reverse("editorial:correction_list")),
    )


def _list(links: Iterable[tuple[str, str]], absolute: Absolute) -> list[Thing]:
    items = [
        thing("ListItem", position=position, name=title, url=absolute(path))
        for position, (title, path) in enumerate(links, start=1)
    ]
    return [thing("ItemList", itemListElement=items)] if items else []


def _breadcrumbs(page: Any, absolute: Absolute) -> list[Thing]:
    trail = trail_to(page)
    items = [
        thing("ListItem", position=position, name=crumb.title, item=absolute(crumb.path))
        for position, crumb in enumerate(trail, start=1)
    ]
    return [thing("BreadcrumbList", itemListElement=items)] if len(items) > 1 else []


def _moment(moment: Any) -> str:
    """As the page has it in its `<time>`."""
    return timezone.localtime(moment).isoformat(timespec="seconds")

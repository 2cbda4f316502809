"""Series, seasons, people and sources in the words of schema.org, for search engines.

Only values that the page shows because a verified citation holds them; an inferred date and a least number of
episodes have no word there and are left out. `absolute` makes an address of a path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from catalog.dates import PartialDate
from catalog.models import CrewJob, Episode, Season, Source
from catalog.part_sheets import CharacterSheet, EpisodeSheet
from catalog.sheets import CastRow, FactGroup, PersonSheet, SeasonSheet, SeriesSheet
from catalog.verified import Fact, Verified
from catalog.watching import Watching

Absolute = Callable[[str], str]
Thing = dict[str, Any]

# A showrunner and a cinematographer have no property of their own.
_JOBS = {
    CrewJob.CREATOR: "creator",
    CrewJob.EXECUTIVE_PRODUCER: "producer",
    CrewJob.PRODUCER: "producer",
    CrewJob.DIRECTOR: "director",
    CrewJob.WRITER: "author",
    CrewJob.COMPOSER: "musicBy",
}


def thing(type_name: str, **properties: Any) -> Thing:
    """A thing with those of its properties that say something."""
    known = {name: value for name, value in properties.items() if value not in (None, "", [], {})}
    return {"@type": type_name, **known}


def series(sheet: SeriesSheet, absolute: Absolute) -> Thing:
    """A TVSeries with its seasons and makers."""
    found, verified = sheet.series, sheet.verified
    company = verified.value(found, "production_company")
    return thing(
        "TVSeries",
        name=found.title,
        url=absolute(found.get_absolute_url()),
        description=sheet.summary.text if sheet.summary else "",
        startDate=_date(verified.value(found, "premiere")),
        inLanguage=verified.value(found, "original_language"),
        productionCompany=thing("Organization", name=company) if company else None,
        **_makers(sheet.crew, absolute),
        containsSeason=[_season_of(season, absolute) for season, _facts in sheet.seasons],
        character=[thing("Person", name=group.title, url=absolute(group.path)) for group in sheet.characters],
        actor=[_person(one.actor, absolute) for one in sheet.people],
        potentialAction=[_watch(one) for one in sheet.watching if one.season is None],
    )


def season(sheet: SeasonSheet, absolute: Absolute) -> Thing:
    """A TVSeason with its cast as PerformanceRole and its episodes. Who may not be in it is left out."""
    found, verified = sheet.season, sheet.verified
    count = verified.value(found, "episode_count")
    rows = (row for group in sheet.cast for row in group.rows if row.is_in_it)
    return thing(
        "TVSeason",
        name=str(found),
        url=absolute(found.get_absolute_url()),
        seasonNumber=found.number or None,
        partOfSeries=named("TVSeries", found.series, absolute),
        startDate=_date(verified.value(found, "premiere")),
        numberOfEpisodes=None if found.episode_count_is_minimum else count,
        actor=[role for row in rows if (role := _role(row, absolute))],
        **_makers(sheet.crew, absolute),
        potentialAction=[_watch(one) for one in sheet.watching],
        episode=[one for record in sheet.episode_records if (one := _episode(verified, record))],
    )


def person(sheet: PersonSheet, absolute: Absolute) -> Thing:
    """A Person with the parts that they play, each a PerformanceRole of its season."""
    parts = [
        thing(
            "PerformanceRole",
            characterName=row.role.text if row.role else "",
            **{"@reverse": {"actor": named("TVSeason", season, absolute)}},
        )
        for season, rows in sheet.roles
        for row in rows
        if row.is_in_it
    ]
    return thing(
        "Person",
        name=sheet.person.name,
        url=absolute(sheet.person.get_absolute_url()),
        alternateName=[fact.text for fact in sheet.spellings],
        **({"@reverse": {"actor": parts}} if parts else {}),
    )


def character(sheet: CharacterSheet, absolute: Absolute) -> Thing:
    """A character as a Person of its series, with a PerformanceRole for each who plays it."""
    found = sheet.character
    parts = [
        {**role, "@reverse": {"actor": named("TVSeason", portrayal.season, absolute)}}
        for portrayal in sheet.portrayals
        for row in portrayal.rows
        if row.is_in_it and (role := _role(row, absolute))
    ]
    return thing(
        "Person",
        name=found.name,
        url=absolute(found.get_absolute_url()),
        alternateName=[fact.text for fact in sheet.spellings],
        **{"@reverse": {"character": {**named("TVSeries", found.series, absolute), "actor": parts}}},
    )


def episode(sheet: EpisodeSheet, absolute: Absolute) -> Thing:
    """A TVEpisode of its season, with its cast."""
    found = sheet.episode
    return thing(
        "TVEpisode",
        name=sheet.title.text if sheet.title else sheet.name,
        url=absolute(found.get_absolute_url()),
        episodeNumber=found.number,
        datePublished=_date(sheet.verified.value(found, "aired")),
        partOfSeason=named("TVSeason", found.season, absolute),
        partOfSeries=named("TVSeries", found.season.series, absolute),
        actor=[role for row in sheet.cast if row.is_in_it and (role := _role(row, absolute))],
    )


def source(found: Source, absolute: Absolute) -> Thing:
    """What a source says of itself, as a CreativeWork. Needs what it derives from loaded."""
    origin = found.derives_from
    return thing(
        "CreativeWork",
        name=found.title,
        url=absolute(found.get_absolute_url()),
        sameAs=found.url,
        author=thing("Person", name=found.author) if found.author else None,
        publisher=thing("Organization", name=found.publisher) if found.publisher else None,
        datePublished=_date(found.published),
        inLanguage=found.language,
        isBasedOn=thing("CreativeWork", name=origin.title, url=absolute(origin.get_absolute_url()))
        if origin
        else None,
    )


def named(type_name: str, record: Any, absolute: Absolute) -> Thing:
    """A thing that a page names and leads to."""
    return thing(type_name, name=str(record), url=absolute(record.get_absolute_url()))


def _season_of(season: Season, absolute: Absolute) -> Thing:
    """A season on the page of its series, which names it shortly."""
    name = _("Season %(number)s") % {"number": season.number} if season.number else _("Specials")
    address = absolute(season.get_absolute_url())
    return thing("TVSeason", name=name, url=address, seasonNumber=season.number or None)


def _role(row: CastRow, absolute: Absolute) -> Thing | None:
    if row.actor is None:
        return None
    return thing(
        "PerformanceRole",
        characterName=row.role.text if row.role else "",
        actor=_person(row.actor, absolute),
    )


def _person(fact: Fact, absolute: Absolute) -> Thing:
    return thing("Person", name=fact.text, url=absolute(fact.path))


def _makers(groups: Iterable[FactGroup], absolute: Absolute) -> dict[str, list[Thing]]:
    names = {capfirst(str(job.label)): name for job, name in _JOBS.items()}
    makers: dict[str, list[Thing]] = {}
    for group in groups:
        if group.title in names:
            people = [_person(fact, absolute) for fact in group.facts]
            makers.setdefault(names[group.title], []).extend(people)
    return makers


def _watch(one: Watching) -> Thing:
    """Who has it as a WatchAction. There is no address: readers are sent to no other host."""
    access = thing(
        "ActionAccessSpecification",
        availabilityStarts=_date(one.starts),
        availabilityEnds=_date(one.stops),
        eligibleRegion=thing("Place", name=one.territory.text) if one.territory else None,
    )
    return thing(
        "WatchAction",
        provider=thing("Organization", name=one.service.text),
        actionAccessibilityRequirement=access if len(access) > 1 else None,
    )


def _episode(verified: Verified, episode: Episode) -> Thing | None:
    title, aired = (verified.value(episode, name) for name in ("title", "aired"))
    if not title and not aired:
        return None
    return thing("TVEpisode", episodeNumber=episode.number, name=title, datePublished=_date(aired))


def _date(date: PartialDate | None) -> str:
    """ISO 8601, no more precise than it is known; "" for what is inferred."""
    return "" if date is None or date.approximate else date.level0

"""What the pages of seasons, series and people show: the values that a verified citation holds, no others.

A sheet is made of `Fact`s in the language that is active while it is made. Numbering their evidence
is left to the page (`catalog.footnotes`), so that the same sheet can stand in an article.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from catalog.facts import CITABLE, WHOLE
from catalog.history import History
from catalog.models import (
    Alias,
    Availability,
    CastEntry,
    CastStatus,
    Character,
    CrewCredit,
    EarlierWork,
    Episode,
    Person,
    Season,
    Series,
    Statement,
)
from catalog.records import records_in
from catalog.verified import Fact, Verified
from catalog.watching import Watching, of_season, watching_of

_SEASON_FIELDS = CITABLE["season"]
_IN_IT = frozenset({CastStatus.CONFIRMED, CastStatus.NEW, CastStatus.FLASHBACK_ONLY})


@dataclass(frozen=True, slots=True)
class CastRow:
    """One cast entry; a cell is None or empty when no citation holds it."""

    role: Fact | None
    actor: Fact | None
    billed_as: Fact | None
    seen_before: list[Fact]
    status: Fact | None
    status_as_of: str
    note: str
    is_in_it: bool = True  # False: a source says that this one may be, or is, not in the season


@dataclass(frozen=True, slots=True)
class CastGroup:
    title: str
    rows: list[CastRow]


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts under one heading: a job with those who do it, a character with what is known of it."""

    title: str
    facts: list[Fact]
    path: str = ""  # of the page of what the heading names
    gives_away: Season | None = None  # the first that a character is in: before it, nobody has met them


@dataclass(frozen=True, slots=True)
class CastMember:
    """Somebody who is in a series, as whom and in which seasons."""

    actor: Fact  # with one passage that names them
    roles: list[Fact]  # with none
    seasons: list[Season]


@dataclass(frozen=True)
class SeasonSheet:
    season: Season
    facts: list[Fact]
    cast: list[CastGroup]
    crew: list[FactGroup]
    episodes: list[Fact]
    episode_records: list[Episode]
    watching: list[Watching]
    histories: list[History]  # what was known when, of the season's own fields
    verified: Verified


@dataclass(frozen=True)
class SeriesSheet:
    series: Series
    summary: Fact | None
    facts: list[Fact]
    crew: list[FactGroup]
    seasons: list[tuple[Season, list[Fact]]]
    characters: list[FactGroup]
    companions: list[Fact]
    watching: list[Watching]  # the whole series, and season by season
    people: list[CastMember]
    histories: list[History]  # what was known when, of the series' own fields
    verified: Verified


@dataclass(frozen=True)
class PersonSheet:
    person: Person
    roles: list[tuple[Season, list[CastRow]]]
    crew: list[Fact]
    earlier_works: list[Fact]
    spellings: list[Fact]
    facts: list[Fact]
    verified: Verified

    @property
    def is_empty(self) -> bool:
        return not (self.roles or self.crew or self.earlier_works or self.spellings or self.facts)


def season_sheet(season: Season) -> SeasonSheet:
    """What the page of a season shows. Needs its series loaded; seven queries whatever its size."""
    cast = list(season.cast.in_season(season).prefetch_related("person__earlier_works"))
    crew = list(
        CrewCredit.objects.filter(Q(season=season) | Q(series=season.series, season=None)).select_related(
            "person", "series"
        )
    )
    episodes = list(season.episodes.all())
    for episode in episodes:
        episode.season = season
    statements, available = records_in(
        season.statements.all(), Availability.objects.filter(of_season(season))
    )
    works = [work for entry in cast if entry.person for work in entry.person.earlier_works.all()]
    named = [record for entry in cast for record in (entry.person, entry.character)]
    verified = Verified(
        [season, *cast, *crew, *episodes, *statements, *available, *works],
        named=[season.series, *named, *(credit.person for credit in crew)],
    )
    return SeasonSheet(
        season,
        facts=[*_season_facts(verified, season), *statements_of(verified, statements)],
        cast=_cast_groups(verified, season, cast),
        crew=credits_of(verified, crew),
        episodes=[fact for episode in episodes for fact in episode_facts(verified, episode)],
        episode_records=episodes,
        watching=watching_of(verified, available),
        histories=verified.history(season, *_SEASON_FIELDS),
        verified=verified,
    )


def series_sheet(series: Series) -> SeriesSheet:
    """What the page of a series shows. Needs the related series loaded."""
    seasons = list(series.seasons.order_by("number"))
    for season in seasons:
        season.series = series
    crew = list(series.crew.filter(season=None).select_related("person", "series"))
    characters = list(series.characters.all())
    aliases, statements, available = records_in(
        Alias.objects.filter(character__series=series),
        Statement.objects.filter(Q(series=series) | Q(character__series=series)),
        Availability.objects.filter(series=series),
    )
    companions = list(series.companions.all())
    cast = list(CastEntry.objects.in_series(series))
    for record in (*characters, *(entry.character for entry in cast if entry.character)):
        record.series = series
    verified = Verified(
        [series, *seasons, *crew, *characters, *aliases, *statements, *available, *companions, *cast],
        named=[series.companion_to, *(one.person for one in (*crew, *cast))],
    )
    related = series.companion_to.get_absolute_url() if series.companion_to else ""
    relation = verified.fact(series, "relation", path=related)
    return SeriesSheet(
        series,
        summary=verified.fact(series, "summary"),
        facts=[
            *([relation] if relation else []),
            *verified.facts(series, "network", "production_company", "premiere", "original_language"),
            *statements_of(verified, [one for one in statements if one.series_id]),
        ],
        crew=credits_of(verified, crew),
        seasons=[(season, found) for season in seasons if (found := _season_facts(verified, season))],
        characters=_profiles(verified, characters, aliases, statements, _first_seasons(seasons, cast)),
        companions=_companions(verified, series, companions),
        watching=watching_of(verified, available),
        people=_members(verified, seasons, cast),
        histories=verified.history(series, *CITABLE["series"]),
        verified=verified,
    )


def person_sheet(person: Person) -> PersonSheet:
    """What the page of a person shows."""
    works, aliases, statements = records_in(
        person.earlier_works.all(), person.aliases.all(), person.statements.all()
    )
    roles = list(
        person.roles.select_related("season__series", "episode", "character").order_by(
            "season__series__title", "season__number", "position"
        )
    )
    crew = list(person.crew_credits.select_related("series", "season__series"))
    verified = Verified(
        [person, *works, *roles, *crew, *aliases, *statements],
        named=[entry.character for entry in roles],
    )
    for entry in roles:
        if entry.character is not None:
            entry.character.series = entry.season.series
    rows: dict[Season, list[CastRow]] = {}
    for entry in roles:
        if (row := cast_row(verified, entry, [])) is not None:
            rows.setdefault(entry.season, []).append(row)
    return PersonSheet(
        person,
        roles=list(rows.items()),
        crew=_credits_of_person(verified, crew),
        earlier_works=works_of(verified, works),
        spellings=spellings_of(verified, aliases),
        facts=statements_of(verified, statements),
        verified=verified,
    )


def _season_facts(verified: Verified, season: Season) -> list[Fact]:
    return verified.facts(season, *_SEASON_FIELDS)


def statements_of(verified: Verified, statements: Iterable[Statement]) -> list[Fact]:
    """A statement may be cited by its value or as a whole: both say the same of it."""
    facts = (
        (
            verified.fact(one, "value", label=one.label)
            or verified.fact(one, WHOLE, label=one.label, text=one.value),
            one.gives_away,
        )
        for one in statements
    )
    return [replace(fact, gives_away=season) for fact, season in facts if fact is not None]


def works_of(verified: Verified, works: Iterable[EarlierWork]) -> list[Fact]:
    facts = (verified.fact(work, "title") or verified.fact(work, WHOLE) for work in works)
    return [fact for fact in facts if fact is not None]


def spellings_of(verified: Verified, aliases: Iterable[Alias]) -> list[Fact]:
    facts = (
        verified.fact(alias, field, label=capfirst(str(alias.get_kind_display())), text=alias.text)
        for alias in aliases
        for field in ("text", WHOLE)
    )
    once = {fact.text: fact for fact in facts if fact is not None}
    return sorted(once.values(), key=lambda fact: fact.label)


def credits_of(verified: Verified, credits: Iterable[CrewCredit]) -> list[FactGroup]:
    by_job: dict[str, list[Fact]] = {}
    for credit in credits:
        fact = _credit(verified, credit, str(credit.person), credit.person.get_absolute_url())
        if fact is not None:
            by_job.setdefault(fact.label, []).append(fact)
    return [FactGroup(job, facts) for job, facts in by_job.items()]


def _credits_of_person(verified: Verified, credits: Iterable[CrewCredit]) -> list[Fact]:
    facts = []
    for credit in credits:
        made = credit.season or credit.series
        fact = _credit(verified, credit, str(made), made.get_absolute_url())
        facts.append(fact and replace(fact, gives_away=credit.season))
    return [fact for fact in facts if fact is not None]


def _credit(verified: Verified, credit: CrewCredit, text: str, path: str) -> Fact | None:
    label = capfirst(str(credit.get_job_display()))
    return verified.fact(credit, WHOLE, label=label, text=text, path=path) or verified.fact(
        credit, "job", label=label, text=text, path=path
    )


def short_name(episode: Episode) -> str:
    """Its name where its season is named already, without its title."""
    return _("Episode %(number)s") % {"number": episode.number} if episode.number else _("Special")


def episode_facts(verified: Verified, episode: Episode) -> list[Fact]:
    name = short_name(episode)
    title = verified.fact(episode, "title", label=name, path=episode.get_absolute_url())
    aired = verified.fact(episode, "aired", label=_("%(episode)s, aired") % {"episode": name})
    return [fact for fact in (title, aired) if fact is not None]


def _companions(verified: Verified, series: Series, companions: Iterable[Series]) -> list[Fact]:
    """The series that relate themselves to this one: “Narcos: Mexico”, “companion to Narcos”."""
    facts = []
    for one in companions:
        one.companion_to = series
        facts.append(verified.fact(one, "relation", label=one.title, path=one.get_absolute_url()))
    return [fact for fact in facts if fact is not None]


def _profiles(
    verified: Verified,
    characters: Iterable[Character],
    aliases: Iterable[Alias],
    statements: Iterable[Statement],
    first_seasons: Mapping[int, Season],
) -> list[FactGroup]:
    profiles = []
    for character in characters:
        spellings = [alias for alias in aliases if alias.character_id == character.pk]
        stated = [one for one in statements if one.character_id == character.pk]
        facts = [*statements_of(verified, stated), *spellings_of(verified, spellings)]
        if facts:
            path, first = character.get_absolute_url(), first_seasons.get(character.pk)
            profiles.append(FactGroup(character.name, facts, path, first))
    return profiles


def _first_seasons(seasons: Iterable[Season], cast: Iterable[CastEntry]) -> dict[int, Season]:
    """The first season that each character is in, by the character's id. `seasons` are in their order."""
    met: dict[int, set[int | None]] = {}
    for entry in cast:
        met.setdefault(entry.season_id, set()).add(entry.character_id)
    first: dict[int, Season] = {}
    for season in sorted(seasons, key=lambda one: max(one.number, 1)):
        for pk in met.get(season.pk, ()):
            first.setdefault(pk, season)
    return first


def _members(verified: Verified, seasons: Iterable[Season], cast: Iterable[CastEntry]) -> list[CastMember]:
    """Who is in the series, in the order of the seasons and their casts."""
    by_pk = {season.pk: season for season in seasons}
    members: dict[int, CastMember] = {}
    for entry in cast:
        row = cast_row(verified, entry, [])
        if row is None or row.actor is None or not row.is_in_it:
            continue
        season = by_pk[entry.season_id]
        there = members.get(entry.person_id)
        if there is None:
            # One passage to a name: the others stand on the pages of the seasons.
            actor = replace(row.actor, evidence=row.actor.evidence[:1])
            members[entry.person_id] = CastMember(actor, _named_only(row.role, season), [season])
            continue
        roles = there.roles
        if row.role and row.role.text not in {role.text for role in roles}:
            roles = [*roles, *_named_only(row.role, season)]
        known = there.seasons if season in there.seasons else [*there.seasons, season]
        members[entry.person_id] = CastMember(there.actor, roles, known)
    return list(members.values())


def _named_only(role: Fact | None, season: Season) -> list[Fact]:
    """The role, first seen in this season, without its passages, which stand on the pages of the seasons."""
    return [replace(role, evidence=(), gives_away=season)] if role else []


def _cast_groups(verified: Verified, season: Season, entries: Iterable[CastEntry]) -> list[CastGroup]:
    """The entries that hold, by their status; one whose status nothing holds stands under “Also listed”."""
    back = _("Confirmed to return") if season.number > 1 else _("Cast")
    titles = {
        (CastStatus.CONFIRMED,): back,
        (CastStatus.NEW,): _("New in this season"),
        (None,): _("Also in the cast"),
        (CastStatus.UNSURE, CastStatus.NOT_CONFIRMED): _("Unsure or not confirmed"),
        (CastStatus.FLASHBACK_ONLY,): _("In flashbacks only"),
        (CastStatus.NOT_RETURNING,): _("Not returning"),
    }
    rows: dict[str | None, list[CastRow]] = {}
    for entry in entries:
        works = list(entry.person.earlier_works.all()) if entry.person else []
        row = cast_row(verified, entry, works)
        if row is not None:
            rows.setdefault(entry.status if row.status else None, []).append(row)
    if set(rows) == {None}:
        return [CastGroup(_("Cast"), rows[None])]
    groups = (
        CastGroup(title, [row for status in statuses for row in rows.get(status, [])])
        for statuses, title in titles.items()
    )
    return [group for group in groups if group.rows]


def cast_row(verified: Verified, entry: CastEntry, works: Iterable[EarlierWork]) -> CastRow | None:
    """The entry's row; None when neither the entry nor its status is held.

    Who plays whom is held by the citations of the entry, or else by those of its status: a passage
    cannot give the status of somebody it does not name.
    """
    status = verified.fact(entry, "status")
    naming = WHOLE if verified.index.supporting(entry, WHOLE) else "status"
    role = actor = None
    if entry.character:
        path = entry.character.get_absolute_url()
        role = verified.fact(entry, naming, text=entry.character.name, path=path)
    if entry.person:
        path = entry.person.get_absolute_url()
        actor = verified.fact(entry, naming, text=entry.person.name, path=path)
    if role and actor:
        # The same citations hold both; what differs is said once.
        actor = replace(actor, variants=(), earlier=(), reason="")
    if role is None and actor is None:
        return None
    return CastRow(
        role=role,
        actor=actor,
        billed_as=verified.fact(entry, "billed_as"),
        seen_before=works_of(verified, works),
        status=status,
        status_as_of=entry.status_as_of.spoken() if status and entry.status_as_of else "",
        note=entry.note if status else "",
        is_in_it=not status or entry.status in _IN_IT,
    )

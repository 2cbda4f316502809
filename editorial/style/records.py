"""A series that there is not, for the style page: its records, its sources, and what they say of it.

Nothing is in a database: the rows have numbers below zero, which no row ever gets, so that whatever asks for
something beside them finds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.templatetags.static import static
from django.utils.text import capfirst
from django.utils.translation import gettext

from catalog.dates import PartialDate
from catalog.footnotes import Evidence
from catalog.history import History, Saying, Voice
from catalog.models import (
    CastStatus,
    Character,
    Decision,
    Passage,
    Person,
    Photo,
    Season,
    Series,
    Source,
    Stance,
)
from catalog.part_sheets import CharacterSheet, Portrayal
from catalog.provenance import DrawnFact, PassageSheet, SourceSheet
from catalog.sheets import CastGroup, CastMember, CastRow, FactGroup, PersonSheet, SeasonSheet, SeriesSheet
from catalog.verified import Fact, Variant
from catalog.watching import Watching

SERIES = Series(pk=-1, slug="harbour-lights", title="Harbour Lights")
COMPANION = Series(pk=-2, slug="the-long-ebb", title="The Long Ebb")
FIRST, SECOND = (Season(pk=-number, series=SERIES, number=number) for number in (1, 2))
ACTOR = Person(pk=-1, slug="marit-halvorsen", name="Marit Halvorsen")
KEEPER = Character(pk=-1, series=SERIES, slug="jonna-vik", name="Jonna Vik")

PRESS_KIT = Source(
    pk=-1,
    slug="harbour-lights-press-kit",
    title="Harbour Lights, season two: press kit",
    publisher="Sundmar Pictures",
    published=PartialDate(2031, 3),
    language="en",
    url="https://press.example/harbour-lights",
    kind="press release",
)
GAZETTE = Source(
    pk=-2,
    slug="coast-gazette-two-islands",
    title="Two islands, one lighthouse",
    publisher="Coast Gazette",
    author="Ines Tarrow",
    published=PartialDate(2031, 4, 2),
    language="en",
    url="https://gazette.example/two-islands",
    derives_from=PRESS_KIT,
)
BLATT = Source(pk=-3, slug="kuestenblatt-leuchtturm", title="Ein Leuchtturm ohne Wärter", language="de")
SOURCES = (PRESS_KIT, GAZETTE, BLATT)
for _source in SOURCES:
    _source.text_is_here = _source is not BLATT


def _passage(source: Source, number: int, excerpt: str) -> Passage:
    start = 400 * number
    passage = Passage(
        pk=-number, source=source, number=number, excerpt=excerpt, start=start, state="verified"
    )
    passage.end, passage.sha256 = start + len(excerpt), f"{number:02x}" * 32
    return passage


def _evidence(passage: Passage) -> Evidence:
    """As `catalog.evidence` makes it, whose addresses are not known yet while this is imported."""
    source = passage.source
    return Evidence(
        key=passage.key,
        excerpt=passage.excerpt,
        language=source.language,
        state=passage.state,
        path=f"/sources/{source.slug}/#p{passage.number}",
        source_title=source.title,
        publisher=source.publisher,
        author=source.author,
        published=source.published,
    )


PASSAGES = (
    _passage(PRESS_KIT, 1, "Season two opens on 12 October with a double episode"),
    _passage(PRESS_KIT, 2, "Marit Halvorsen returns as Jonna Vik, the last keeper"),
    _passage(GAZETTE, 1, "eight episodes, two more than in the first year"),
    _passage(GAZETTE, 2, "the broadcaster will show it in the autumn"),
    _passage(BLATT, 1, "die Laterne wurde im Studio nachgebaut"),
)
EVIDENCE = {one.key: _evidence(one) for one in PASSAGES}
OPENS, RETURNS, COUNT, AUTUMN, LANTERN = EVIDENCE.values()


@dataclass(frozen=True, slots=True)
class _Drawings:
    """In the place of a storage: every copy of the photo is the drawing in its ratio."""

    def url(self, name: str) -> str:
        ratio = next((one for one in ("16x9", "4x3", "1x1") if f"/{one}-" in name), "own")
        return static(f"editorial/style/harbour-{ratio}.svg")


def photo(slug: str = "harbour", *, focus_y: int = 50, height: int = 1000) -> Photo:
    """A drawn harbour. `focus_y` is what matters most in it, in per cent from the top."""
    shown = Photo(
        pk=-1,
        slug=slug,
        image=f"photos/{slug}.svg",
        alt="A lighthouse between two islands at dusk",
        caption="The lighthouse on the outer island.",
        credit="Drawing: Ibid.",
        focus_y=focus_y,
        width=1600,
        height=height,
    )
    shown.image.storage = _Drawings()
    return shown


def season_facts() -> list[Fact]:
    """What a facts panel holds: one, several and earlier values, sources that differ, a decision."""
    return [
        Fact(
            _label(Season, "premiere"),
            PartialDate(2031, 10, 12).spoken(),
            (OPENS,),
            earlier=(Variant(PartialDate(2031, 9).spoken(), (AUTUMN,)),),
            voices=2,
        ),
        Fact(
            _label(Season, "episode_count"),
            "8",
            (COUNT, OPENS),
            variants=(Variant("6", (LANTERN,)),),
            reason="The press kit is newer.",
        ),
        Fact(_label(Series, "network"), "Kanal Nord", (AUTUMN,)),
    ]


def cast() -> list[CastGroup]:
    """A cast with what is known of it, and what is not."""
    keeper = CastRow(
        role=Fact("", "Jonna Vik", (RETURNS,), path=KEEPER.get_absolute_url()),
        actor=Fact("", ACTOR.name, (RETURNS,), path=ACTOR.get_absolute_url()),
        billed_as=Fact("", "The Keeper", (RETURNS,)),
        seen_before=[Fact("", "The Long Ebb", (COUNT,)), Fact("", "Fog & Co.", (COUNT,))],
        status=Fact("", str(CastStatus.CONFIRMED.label), (RETURNS,)),
        status_as_of=PartialDate(2031, 3).spoken(),
        note="In every episode.",
    )
    nobody = CastRow(Fact("", "The pilot", (LANTERN,)), None, None, [], None, "", "")
    return [CastGroup(gettext("Cast"), [keeper, nobody])]


def crew() -> list[FactGroup]:
    return [FactGroup("Written by", [Fact("", "Odd Lindqvist", (OPENS,)), Fact("", "Ane Sørli", (OPENS,))])]


def watching() -> list[Watching]:
    whole = (None, PartialDate(2031, 10, 12), None)
    begins = Fact("", PartialDate(2031, 10, 12).spoken(), (OPENS,))
    first = Watching(Fact("", "Kanal Nord", (AUTUMN,)), Fact("", "NO", (AUTUMN,)), begins, None, *whole)
    other = Watching(Fact("", "Lantern+", (OPENS,)), None, None, begins, FIRST, None, None)
    return [first, other]


def histories() -> list[History]:
    """What was known when: agreeing, vaguer, earlier and differing, with and without a date, and settled."""
    said = PartialDate(2031, 10, 12).spoken()
    return [
        History(
            _label(Season, "premiere"),
            dated=(
                Voice(PRESS_KIT, (Saying(said, "agrees", (OPENS,)),), ""),
                Voice(GAZETTE, (Saying("2031", "vaguer", (AUTUMN,)),), PRESS_KIT.title),
            ),
            undated=(Voice(BLATT, (Saying(PartialDate(2031, 9).spoken(), "differs", (LANTERN,)),), ""),),
            mentions=(COUNT,),
            decision=Decision(reason="The broadcaster has confirmed the day."),
            sources_differ=True,
        )
    ]


def season_sheet() -> SeasonSheet:
    episodes = [Fact("1–2", "The Lamp", (OPENS,)), Fact("3", "Low Water", (COUNT,), gives_away=SECOND)]
    return SeasonSheet(
        SECOND, season_facts(), cast(), crew(), episodes, [], watching()[:1], histories(), verified=None
    )


def members() -> list[CastMember]:
    actor = Fact("", ACTOR.name, (RETURNS,), path=ACTOR.get_absolute_url(), voices=2)
    keeper = Fact("", KEEPER.name, (), path=KEEPER.get_absolute_url())
    other = Fact("", "Tor Brekke", (LANTERN,), path="/people/tor-brekke/")
    return [CastMember(actor, [keeper], [FIRST, SECOND]), CastMember(other, [], [FIRST])]


def series_sheet() -> SeriesSheet:
    profile = FactGroup(KEEPER.name, [Fact("Trade", "Keeper of the light", (RETURNS,))], "/")
    companion = Fact(COMPANION.title, "after it", (COUNT,), path=COMPANION.get_absolute_url())
    return SeriesSheet(
        SERIES,
        Fact("", "A village keeps its lighthouse, and what it knows of a ship.", (LANTERN,)),
        season_facts()[2:],
        crew(),
        [(FIRST, season_facts()[1:2]), (SECOND, season_facts()[:1])],
        [profile],
        [companion],
        watching(),
        members(),
        histories(),
        verified=None,
    )


def character_sheet() -> CharacterSheet:
    row = cast()[0].rows[0]
    return CharacterSheet(
        KEEPER,
        name=Fact("", KEEPER.name, (RETURNS,)),
        spellings=[Fact("Küstenblatt", "Jonna Wiek", (LANTERN,))],
        facts=[Fact("Trade", "Keeper of the light", (RETURNS,))],
        portrayals=[Portrayal(FIRST, [row]), Portrayal(SECOND, [row], is_recast=True)],
        verified=None,
    )


def person_sheet() -> PersonSheet:
    row = cast()[0].rows[0]
    return PersonSheet(
        ACTOR,
        roles=[(FIRST, [row]), (SECOND, [row])],
        crew=[Fact("Directed", str(SECOND), (OPENS,))],
        earlier_works=row.seen_before,
        spellings=[Fact("Küstenblatt", "Marit Halvorsdatter", (LANTERN,))],
        facts=[Fact("Born", "1988", (COUNT,))],
        verified=None,
    )


def drawn() -> list[DrawnFact]:
    """What was drawn from a passage: it supports one fact and contradicts another."""
    path = SECOND.get_absolute_url()
    return [
        DrawnFact(
            str(SECOND),
            path,
            _label(Season, name),
            value,
            stance,
            str(Stance(stance).label),
            says,
            *("season", "", name),
        )
        for name, value, stance, says in (
            ("premiere", PartialDate(2031, 10, 12).spoken(), "supports", ""),
            ("episode_count", "6", "contradicts", "8"),
        )
    ]


def source_sheet() -> SourceSheet:
    passages = [PassageSheet(one, drawn()) for one in PASSAGES if one.source is PRESS_KIT]
    return SourceSheet(PRESS_KIT, passages, index=None, newest_record=None)


def _label(model: type[models.Model], field: str) -> str:
    return capfirst(str(model._meta.get_field(field).verbose_name))

"""What is offered from the words of a passage, and that nothing is guessed at."""

from __future__ import annotations

from collections import Counter

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from catalog.actions import attach_text
from catalog.capture import capture
from catalog.comparing import Comparison, Kind, compare, kind_of, read_choice
from catalog.dates import PartialDate
from catalog.facts import CITABLE, WHOLE, model_of
from catalog.finding import names_of
from catalog.models import (
    CastEntry,
    Character,
    Citation,
    CrewCredit,
    EarlierWork,
    Episode,
    Person,
    Season,
    Series,
    Statement,
)
from catalog.records import records_of
from catalog.said import month_names, read_date, read_number
from catalog.suggesting import FieldOffer, dates_in, fields_of, numbers_in, suggest
from tests.newsroom import import_newsroom

SERIES = Series(title="Narcos: Mexico", slug="narcos-mexico", network="Netflix", original_language="en")
SEASON = Season(series=SERIES, number=2, premiere=PartialDate(2020, 2, 13), status="filming", episode_count=8)
PERSON = Person(name="Michael Peña", slug="michael-pena")
ENTRY = CastEntry(season=SEASON, person=PERSON, character=Character(name="Kiki Camarena", series=SERIES))


@pytest.mark.parametrize(
    ("words", "dates"),
    [
        ("It arrives on Thursday, 13 February 2020, worldwide.", ["2020-02-13"]),
        ("It arrives on February 13th.", ["--02-13"]),
        ("Ab dem 13. Februar läuft Staffel 2 im Mai.", ["--02-13", "--05"]),
        ("Llega el 13 de febrero de 2020 a Netflix", ["2020-02-13"]),
        ("In 2018. In December 2019 it was renewed", ["2018", "2019-12"]),
        ("filmed from January to June 2019", ["--01", "2019-06"]),
        ("about December 2018", ["2018-12~"]),
        ("captured 2019-12-17.", ["2019-12-17"]),
        ("(November 16, 2018) and (2019)", ["2018-11-16", "2019"]),
        ("Season 2 February 2020", ["2020-02"]),
        ("2018 2019", ["2018", "2019"]),
        ("February 13, March 2020", ["--02-13", "2020-03"]),
    ],
)
def test_dates_are_found_among_other_words(words, dates):
    assert list(dates_in(words)) == dates


@pytest.mark.parametrize(
    "words",
    [
        "It may return, and they march on.",
        "May it return?",
        "April Smith plays her.",
        "two years ago",
        "a month before 5 December 2018",
        "bis zum Ende, nicht vor dem 5. Dezember 2018",
        "no llega hasta febrero de 2020",
        "Will it be in February 2020?",
        "a town of 1500, or 3000 people",
        "about February",
        "30 February 2020 of Season 12",
        "in the of on the",
    ],
)
def test_what_may_be_no_date_or_only_a_bound_is_not_offered(words):
    assert not dates_in(words)


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("There will be at least eight episodes.", [">=8"]),
        ("eine Staffel mit mindestens 10 Folgen", [">=10"]),
        ("Diez episodios, nada más", ["10"]),
        ("a ten-episode season", ["10"]),
        ("eight or more episodes", [">=8"]),
        ("one of the seasons, in episode two", []),
        ("the first two episodes and the last 3 episodes", []),
        ("8 seasons", []),
    ],
)
def test_numbers_of_episodes_are_found_and_parts_of_them_are_not(words, numbers):
    assert numbers_in(words) == numbers


@pytest.mark.parametrize(
    ("record", "field", "words", "offered"),
    [
        (SEASON, "premiere", "Renewed in December 2018, it returned on 13 February.", "--02-13"),
        (SEASON, "premiere", "in December 2018 and in May 2019", "2018-12"),
        (SEASON, "episode_count", "either ten episodes or at least eight episodes", ">=8"),
        (SEASON, "status", "Renewed in 2018, it is now filming.", "filming"),
        (SEASON, "status", "The show has been renewed.", "renewed"),
        (SEASON, "status", "wurde noch nicht verlängert", ""),
        (SEASON, "status", "has not yet been renewed", ""),
        (SEASON, "status", "is in post-production", "post-production"),
        (CastEntry(status="confirmed"), "status", "nicht bestätigt", "not confirmed"),
        (CrewCredit(job="creator"), "job", "the Executive Producers", "executive producer"),
        (SERIES, "relation", "a spin-off of Narcos", "spin-off"),
        (SERIES, "title", "so NARCOS MEXICO returns", "NARCOS MEXICO"),
        (SERIES, "title", "so Narcos returns", ""),
        (SERIES, "original_language", "rodada en inglés", "inglés"),
        (SERIES, "original_language", "filmed en route", ""),
        (PERSON, "name", "actor Michael\nPen\u0303a’s part", "Michael Pen\u0303a"),
        (PERSON, "name", "actor Pena’s part", "Pena"),
        (PERSON, "name", "nobody is named", ""),
        (EarlierWork(title="Her"), "title", "her part in Her", "Her"),
        (EarlierWork(title="Her"), "title", "seen in her part", ""),
        (Statement(value="3"), "value", "Season 3 of three seasons", "3"),
        (Statement(value="mostly new"), "value", "The cast is Mostly New.", "Mostly New"),
        (Statement(value="mostly new"), "value", "The cast is new.", ""),
        (Episode(), "title", "an untitled episode", ""),
        (ENTRY, WHOLE, "Peña, who was Kiki Camarena", "Peña as Kiki Camarena"),
        (ENTRY, WHOLE, "Kiki dies", "Kiki"),
        (SEASON, WHOLE, "Narcos: Mexico, season 2", ""),
    ],
)
def test_the_value_that_the_words_state_is_offered_or_nothing(record, field, words, offered):
    if isinstance(record, CrewCredit):
        record.person = PERSON
    assert suggest(record, field, words) == offered


def test_an_alias_is_offered_as_the_passage_writes_it():
    assert (
        suggest(ENTRY.character, "name", "The Agent’s end", names=["the agent", "Agent Camarena"])
        == "The Agent"
    )


def test_a_record_without_a_value_is_offered_what_is_understood():
    season = Season(series=SERIES, number=3)
    assert suggest(season, "premiere", "in May 2021") == "2021-05"
    assert suggest(season, "status", "is cancelled") == "cancelled"
    assert suggest(Statement(), "value", "anything") == ""


def test_a_picker_is_offered_the_whole_record_and_then_each_field():
    with translation.override("de"):
        offers = fields_of(SEASON, "Staffel 2 mit zehn Folgen läuft am 13. Februar an.")
    assert [offer.name for offer in offers] == [WHOLE, *CITABLE["season"]]
    assert offers[2] == FieldOffer("premiere", "Premiere", "13. Februar 2020", "--02-13", "date")
    assert (offers[3].value, offers[3].suggestion, offers[3].kind) == ("8", "10", "number")
    assert offers[0].value == "Narcos: Mexico, Staffel 2"


FIELDS = [
    (record, field)
    for record in (SERIES, SEASON, Episode(season=SEASON), PERSON, ENTRY, Statement(value="3"))
    for field in (WHOLE, *CITABLE[model_of(record)])
]
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
LIKELY = st.lists(
    st.sampled_from(
        [
            *(
                "in",
                "on",
                "the",
                "2018",
                "2018-12",
                "13",
                "13th",
                "31.",
                "May",
                "may",
                "before",
                "?",
                "at least",
            ),
            *(
                "eight",
                "8",
                ">=",
                "episodes",
                "Folgen",
                "more",
                "not",
                "nicht",
                "new",
                "spin-off",
                "of",
                "confirmed",
            ),
            *(
                "post-production",
                "in post-production",
                "Michael",
                "Peña",
                "Kiki’s",
                "½",
                "n\u0303",
                "\n",
                "“",
                "–",
            ),
            *list(month_names())[::4],
        ]
    )
).map(" ".join)


@given(st.sampled_from(FIELDS), st.one_of(ANY_TEXT, LIKELY), st.lists(ANY_TEXT, max_size=3))
def test_what_is_offered_can_be_read_again_and_no_text_is_too_much(place, words, names):
    record, field = place
    offered = suggest(record, field, words, names)
    assert len(offered) <= 300
    kind = kind_of(model_of(record), field)
    if offered and field != WHOLE:
        assert kind is not Kind.DATE or read_date(offered) is not None
        assert kind is not Kind.NUMBER or read_number(offered) is not None
        assert kind is not Kind.CHOICE or read_choice(record, field, offered) == offered


@pytest.mark.django_db
def test_the_demos_passages_are_offered_what_the_desk_noted(seeds):
    """Of what the desk noted from 564 passages; a floor, so that nothing of it is lost unseen."""
    import_newsroom()
    for path in seeds.values():
        attach_text(capture(path.read_bytes(), limit=1_000_000))
    citations = list(Citation.objects.exclude(field=WHOLE).select_related("passage__source"))
    assert {citation.passage.state for citation in citations} == {"verified"}
    records = records_of(citations)
    found: dict[Kind, Counter] = {kind: Counter() for kind in Kind}
    for citation in citations:
        record = records[citation.content_type_id, citation.object_id]
        names = names_of(record)
        offered = suggest(record, citation.field, citation.passage.words, names)
        how = compare(record, citation.field, offered, names).value if offered else "nothing"
        found[kind_of(model_of(record), citation.field)][
            "as noted" if offered and offered == citation.says else how
        ] += 1
    assert found[Kind.DATE]["as noted"] >= 13
    assert found[Kind.NUMBER]["agrees"] == 1
    assert found[Kind.NAME]["as noted"] >= 180
    assert found[Kind.CHOICE]["as noted"] + found[Kind.CHOICE]["agrees"] >= 33
    assert found[Kind.WORDS]["as noted"] + found[Kind.WORDS]["agrees"] >= 35
    # The date of a report, of which the desk noted nothing for the premiere.
    assert sum(counts[Comparison.DIFFERS.value] for counts in found.values()) <= 1

"""What is found, in which order: one newsroom, one list of expected results, on every database."""

from __future__ import annotations

import pytest

from catalog.dates import PartialDate
from catalog.seen import Seen
from editorial import indexing
from editorial.finding import Results, search, suggest
from editorial.searching.filters import Filters
from tests.factories import (
    make_alias,
    make_article,
    make_cast_entry,
    make_character,
    make_citation,
    make_passage,
    make_person,
    make_season,
    make_series,
    make_source,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def newsroom() -> None:
    """Two series, a cast of two, four articles in three languages, a source."""
    narcos = make_series(slug="narcos", title="Narcos", premiere=PartialDate(2015))
    mexico = make_series(slug="narcos-mexico", title="Narcos: Mexico")
    season = make_season(series=mexico, number=1)
    make_citation(narcos, "premiere")
    make_citation(mexico, "title")
    camarena = make_character(series=mexico, slug="camarena", name="Kiki Camarena")
    pena = make_person(slug="michael-pena", name="Michael Peña")
    luna = make_person(slug="diego-luna", name="Diego Luna")
    gallardo = make_character(series=mexico, slug="gallardo", name="Miguel Ángel Félix Gallardo")
    for person, character in ((pena, camarena), (luna, gallardo)):
        make_citation(make_cast_entry(season=season, person=person, character=character))
    make_citation(make_alias(character=gallardo, text="El Padrino"), "text")
    make_alias(person=luna, text="Unverified Name")
    source = make_source(slug="announcement", title="Filming starts in Guadalajara", publisher="Netflix")
    passage = make_passage(source).key
    for number, (kind, language, title, words) in enumerate(
        [
            ("recap", "en", "The cartels at war", "Kiki Camarena was an agent of the law."),
            ("news", "en", "Narcos is renewed", "Filming began in Guadalajara; the cartel of Félix returns."),
            ("review", "de", "Ein König schläft", "Die Häuser der Kartelle in den neuen Staffeln."),
            ("guide", "es", "Lo que sabemos", "Las canciones de la temporada anterior."),
        ]
    ):
        body = f'<p>{words}<cite data-passage="{passage}"></cite></p>'
        fields = {"series": mexico, "season": season} if kind == "recap" else {"series": narcos}
        make_article(
            published=True,
            slug=f"article-{number}-{kind}",
            kind=kind,
            language=language,
            title=title,
            body=body,
            **fields,
        )
    indexing.update()


def titles(found: Results) -> list[str]:
    return ["".join(piece.text for piece in one.title) for one in found.results]


PENA, LUNA = "Michael Peña", "Diego Luna"
KIKI, FELIX = "Kiki Camarena", "Miguel Ángel Félix Gallardo"
WAR, RENEWED, KING, KNOWN = (
    *("The cartels at war", "Narcos is renewed"),
    *("Ein König schläft", "Lo que sabemos"),
)
SOURCE = "Filming starts in Guadalajara"

EXPECTED = {
    "Pena": [PENA, KIKI],
    "PEÑA": [PENA, KIKI],
    "kiki": [KIKI, PENA, WAR],
    "el padrino": [FELIX],
    "Diego Luna": [LUNA, FELIX],
    "luna diego": [LUNA, FELIX],
    "narcos": ["Narcos", "Narcos: Mexico", RENEWED, KIKI, FELIX, PENA, LUNA],
    "cartel": [WAR, RENEWED],
    "cartels": [WAR, RENEWED],
    "filmed": [SOURCE, RENEWED],
    "Haus": [KING],
    "Haeuser": [KING],
    "Koenig": [KING],
    "Staffel": [KING],
    "könig": [KING],
    "konig": [KING],
    "canción": [KNOWN],
    "temporadas": [KNOWN],
    "guadalajara": [SOURCE, RENEWED],
    '"in guadalajara"': [SOURCE, RENEWED],
    '"guadalajara in"': [],
    '"kiki camarena"': [KIKI, PENA, WAR],
    "guadalajara -renewed": [SOURCE],
    "narcos -mexico": ["Narcos", RENEWED],
    "camarna": [KIKI, PENA, WAR],
    "guadalajra filmng": [SOURCE, RENEWED],
    "felix gallardo": [FELIX, LUNA],
    "netflix": [SOURCE],
    "unverified": [],
    "camarena mexico cartel": [],
    "nothing like it": [],
}


@pytest.mark.usefixtures("newsroom")
def test_the_same_is_found_in_the_same_order_on_every_database():
    assert {asked: titles(search(asked)) for asked in EXPECTED} == EXPECTED


@pytest.mark.usefixtures("newsroom")
def test_a_typing_error_is_told_and_what_was_meant_is_found():
    found = search("camarna")
    assert found.is_corrected
    assert (found.asked.text, found.query.text) == ("camarna", "camarena")
    assert not search("Camarena").is_corrected


@pytest.mark.usefixtures("newsroom")
@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(kind="person"), [PENA, LUNA]),
        (Filters(kind="news"), [RENEWED]),
        (Filters(kind="recap"), []),
        (Filters(series="narcos"), ["Narcos", RENEWED]),
        (Filters(year=2015), ["Narcos"]),
        (Filters(language="en"), [RENEWED]),
        (Filters(kind="article"), []),
        (Filters(kind="nonsense", series='"; --', language="\\"), []),
    ],
)
def test_results_are_narrowed_by_kind_series_year_and_language(filters, expected):
    assert titles(search("narcos", filters=filters)) == expected


@pytest.mark.usefixtures("newsroom")
def test_there_is_a_choice_for_each_way_to_narrow_the_results():
    found = search("narcos")
    assert [(one.value, one.count) for one in found.kinds] == [
        ("character", 2),
        ("person", 2),
        ("series", 2),
        ("news", 1),
    ]
    assert [(one.label, one.count) for one in found.series] == [("Narcos", 2), ("Narcos: Mexico", 5)]


@pytest.mark.usefixtures("newsroom")
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("kik", [KIKI]),
        ("narcos me", ["Narcos: Mexico"]),
        ("narc", ["Narcos", "Narcos: Mexico", RENEWED]),
        ("el padr", [FELIX]),
        ("peñ", [PENA]),
        ("guadal", [SOURCE]),
        ("unver", []),
        ("k", []),
        ("*", []),
    ],
)
def test_titles_that_begin_so_are_suggested(typed, expected):
    assert [one.title for one in suggest(typed)] == expected


@pytest.mark.usefixtures("newsroom")
def test_a_character_leads_to_the_page_of_the_character():
    assert search("kiki").results[0].path == "/characters/narcos-mexico/camarena/"


def spoiling_article():
    season = make_season(series=make_series(slug="narcos"), number=2)
    return make_article(
        published=True,
        slug="ending",
        title="Félix betrays the agent",
        spoiler_free_title="How it ends",
        standfirst="Betrayal in the desert.",
        body=f'<p>He is betrayed in Guadalajara.<cite data-passage="{make_passage().key}"></cite></p>',
        series=season.series,
        spoils_through=season,
    )


def test_a_text_that_spoils_shows_its_spoiler_free_title_and_nothing_else():
    spoiling_article()
    for asked in ("guadalajara", "betrayed", "felix", "ends"):
        found = search(asked)
        assert titles(found) == ["How it ends"]
        assert found.results[0].snippet == []
    assert [one.title for one in suggest("how it")] == ["How it ends"]
    assert suggest("felix bet") == []


def test_who_has_seen_the_season_is_shown_the_text():
    spoiling_article()
    [result] = search("guadalajara", seen=Seen({"narcos": 2})).results
    assert "".join(piece.text for piece in result.title) == "Félix betrays the agent"
    assert "in Guadalajara" in "".join(piece.text for piece in result.snippet)
    [result] = search("guadalajara", seen=Seen({"narcos": 1, "other": 9})).results
    assert result.snippet == []

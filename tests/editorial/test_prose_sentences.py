"""Sentences as television writing has them, in the three languages of the desk."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editorial.prose.sentences import split

# A bar stands where one sentence ends and the next begins.
ENGLISH = [
    "Season 2 arrived on 13 February 2020. | It has ten episodes.",
    "Ep. 3 is called “El Padrino.” | It runs 50 minutes.",
    "Eps. 3–5 are out. | Nos. 7 and 8 follow.",
    "See No. 5 on the list. | It is the best.",
    "Was he guilty? | No. | He was framed.",
    "Was he there? | No. | I was there.",
    "Sen. Kerry said no. | Gov. Brown agreed.",
    "Vol. 2 is out. | Vol. III is not.",
    "He died on Feb. 13, 1985. | It was a Wednesday.",
    "It came out in Dec. | Netflix had promised November.",
    "Season 2 is set in the U.S. | The first was not.",
    "It has ten episodes in the U.K. | Netflix confirmed it.",
    "She joined the D.E.A. | He left it.",
    "The U.S. Attorney called. | The U.S. Embassy did not.",
    "He lives in Washington, D.C. | The agency sits there.",
    "J. Robinson plays Sal Orozco. | He is new.",
    "Samuel L. Jackson narrates. | George R. R. Martin does not.",
    "Alan P. Horn left. | He had been there for years.",
    "They went with plan B. | The plan failed.",
    "Robert Downey Jr. stars. | He is good.",
    "This one stars Robert Downey Jr. | Michael Peña left.",
    "Dr. Ruiz met Mr. Jones and Mrs. Hill. | They left.",
    "Gen. Arturo Durazo and Lt. Col. Smith are real. | Walt Breslin is not.",
    "It airs at 9 p.m. ET on Fridays. | It repeats at 3 a.m. Eastern.",
    "It airs at 9 p.m. | The show is long.",
    "At 3 a.m. | Netflix released it.",
    "It cost $3.5 million an hour. | Version 2.0 cost more.",
    "Félix vs. The State is no title. | It could be one.",
    "They like dramas, e.g. The Crown. | I like none.",
    "Actors, writers, etc. | Then the crew.",
    "It was made by Gaumont International Television Inc. | Netflix ordered it.",
    "Jeopardy! returns in the fall. | Good.",
    "“Really?” he said. | “Really.”",
    "“Really?” Luna asked. | Nobody answered.",
    "He said: “It is over.” | Then he left.",
    "He asked, “Who?” | “Me,” she said.",
    "“It is over. Kiki is dead,” Luna said. | Nobody spoke.",
    "The report ends (it is short.) | Then the list begins.",
    "(He is dead.) | Luna lives.",
    "In the ‘80s he rose. | Kiki was killed. | It was Peña’s case.",
    'He is 5\'10". | Kiki is dead. | They said "hi" to him.',
    "Rock ’n’ roll. | Don’t go. | The boys’ case.",
    "Well… maybe. | It depends.",
    "Félix fell… | Kiki died.",
    "Wait... | Kiki is alive.",
    "Who? | What?! | When…?",
    "1. Pilot",
    "(a) He won. | (b) He lost.",
    "He left Mexico. | iZombie returns. | He watched.",
    "He left Mexico.|The season starts.",
    "It is on www.netflix.com. | S02E01 is out.",
    "He won. | – Kiki lost.",
    "It was 1985. | Kiki died.",
    "Part one | Part two",
]
GERMAN = [
    "Die 2. Staffel startet am 13. Februar 2020. | Das ist neu.",
    "Im 20. Jahrhundert war das anders. | Heute nicht.",
    "In der 5. Folge der 1. Staffel stirbt er. | Schade.",
    "Die 5. und 6. Folge fehlen. | Die 10. Episode kommt.",
    "Die Staffel hat 10. | Staffel 2 folgt.",
    "Sie kommt am 13. | Sie bleibt.",
    "Am 13. 2. 2020 beginnt es. | Am 13.02.2020 auch.",
    "Der 2. Weltkrieg ist vorbei. | Das 3. Quartal beginnt.",
    "Sie kostete 3,5 Mio. Euro. | Rund 10 Mio. Zuschauer sahen sie.",
    "Sie kostete 3 Mio. | Die Serie lohnt sich.",
    "Es gibt Neue, z. B. Scoot McNairy. | Er erzählt.",
    "Es gibt Neue, z.B. Scoot McNairy, u. a. Sosie Bacon. | Sie spielt Mimi.",
    "Er kam, d. h. er war da. | Dann ging er.",
    "Filme, Serien usw. | Dann kam Netflix.",
    "Dr. Müller traf Prof. Schmidt und Hr. Meier. | Gut.",
    "Nr. 5 lebt. | Kap. 3 auch.",
    "„Wirklich?“, fragte er. | „Ja!“ | Er ging.",
    "„Es ist aus. Kiki ist tot.“ | Dann ging er.",
    "»Es ist aus.« | Luna schwieg.",
    "Er kam 1985. | Kiki starb.",
    "Er ging zur D.E.A. | Er blieb.",
    "Der Jefe de Jefes („El Padrino“). | Er bleibt.",
    "In den ’80ern stieg er auf. | Kiki starb.",
    "Ca. 20 Folgen, inkl. Bonus. | Mehr nicht.",
]
SPANISH = [
    "El Sr. Peña y la Sra. Luna llegan. | Fin.",
    "El Dr. Ruiz y la Dra. Vega salen. | D. Miguel y Dña. Ana no.",
    "Es el n.º 3 de la lista. | El N.º 4 no existe.",
    "La 2.ª temporada llega. | El 3.er capítulo y el 2.º episodio también.",
    "Ep. 5 de la temp. 2. | Luego nada.",
    "Vive en EE. UU. | La serie sigue.",
    "Vive en EE.UU. | Netflix lo confirmó.",
    "Hay series, p. ej. Narcos. | Hay más.",
    "Actores, guionistas, etc. | Luego acabó.",
    "¿Quién es? | Es Kiki. | ¡Vuelve! | Sí.",
    "—¿Vienes? —dijo. | —No.",
    "«Se acabó.» | Luego se fue.",
    "«Se acabó. Kiki murió.» | Luego se fue.",
    "Se estrena a las 9 p. m. | La serie dura poco.",
    "El Gral. Durazo y el Cnel. Paz salen. | El Lic. Pérez no.",
    "J. Robinson actúa. | J. J. Abrams no.",
    "Costó 3,5 millones. | Se estrena en nov. 2018.",
    "Bueno… quizá. | Es tarde.",
    "Toma vitamina D. | Luego se va.",
]
SENTENCES = [
    *(("en", text) for text in ENGLISH),
    *(("de", text) for text in GERMAN),
    *(("es", text) for text in SPANISH),
]


def sentences(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in split(text, language)]


@pytest.mark.parametrize(("language", "marked"), SENTENCES)
def test_tricky_sentences_end_where_a_reader_would_end_them(language, marked):
    expected = [part.strip() for part in marked.split("|")]
    # Some sentences follow each other without a space; a bar between two halves is a line break.
    text = marked.replace("one | Part", "one\nPart").replace(" | ", " ").replace("|", "")
    assert sentences(text, language) == expected


def test_an_abbreviation_nobody_knows_splits_rather_than_hides():
    assert sentences("He met Xyz. Netflix ordered it.", "en") == ["He met Xyz.", "Netflix ordered it."]


def test_a_quotation_too_long_for_one_sentence_is_split():
    quotation = "“" + "It is over. " * 20 + "”"
    assert len(sentences(quotation, "en")) == 20


@pytest.mark.parametrize("language", ["", " ", "xx", "tlh-Latn", "日本語", "en_GB"])
def test_unknown_and_blank_languages_are_read_as_english(language):
    text = "It is set in the U.K. Netflix confirmed it. See No. 5."
    assert split(text, language) == split(text, "en")


@pytest.mark.parametrize("language", ["de-AT", "DE", "de_CH"])
def test_a_region_keeps_the_rules_of_its_language(language):
    assert sentences("Am 13. Februar kommt sie. Ja.", language) == ["Am 13. Februar kommt sie.", "Ja."]


def test_spans_count_code_points():
    assert split("😀 Good. 😀 Bad.", "en") == [(0, 7), (8, 14)]


FRAGMENTS = (
    ". ! ? … ... “ ” „ « » \" ' ’ ( ) [ ] – — ¿ º \n \u2028 \u00a0 U.S. z. B. Dr. No. 13. Februar Ep. n.º"
    " The Er p.m. ET Mio. A. iZombie said Luna 5 1) a) Kiki 日本。 ملك é 😀 \u0301"
)
TELEVISION = st.lists(st.sampled_from(FRAGMENTS.split(" ")), max_size=30).map(" ".join) | st.text(max_size=80)


@settings(max_examples=400)
@given(TELEVISION, st.sampled_from(["en", "de", "es", "ja", ""]))
def test_every_visible_character_is_in_exactly_one_sentence(text, language):
    spans = split(text, language)
    assert all(start < end for start, end in spans)
    assert all(here[1] <= there[0] for here, there in pairwise(spans))
    inside = "".join(text[start:end] for start, end in spans)
    assert "".join(inside.split()) == "".join(text.split())
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)
    assert all(len(text[start:end].splitlines()) == 1 for start, end in spans)

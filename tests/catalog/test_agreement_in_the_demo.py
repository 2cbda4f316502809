"""How the five sources of the demo newsroom stand to each other, topic by topic."""

from __future__ import annotations

import pytest

from catalog.agreement import agreements
from catalog.facts import CITABLE
from catalog.keys import key_of
from catalog.models import Citation
from catalog.records import records_of
from catalog.timeline import Agreement, State, Verdict
from tests.newsroom import import_newsroom

pytestmark = pytest.mark.django_db


def verdicts(agreement: Agreement) -> dict[str, str]:
    return {one.citation.says: one.verdict.value for one in agreement.told}


# By topic, the record and the field that carries it, and its state; then what sources say that
# do not simply agree, with their verdicts.
MEXICO_2 = "narcos-mexico/2"
TOPICS = {
    "release of season 2: not announced, a rumour of the month, the day": (
        ("season", MEXICO_2, "premiere"),
        State.EARLIER,
        {"not announced": "earlier", "2020-02": "vaguer", "--02-13": "agrees", "still to come": "silent"},
    ),
    "season 2 is out, and upcoming in the same text": (
        ("season", MEXICO_2, "status"),
        State.DIFFERING,
        {"upcoming": "differs", "renewed": "earlier", "filming": "earlier", "post-production": "earlier"},
    ),
    "the order for season 2: article, post, and the month elsewhere": (
        ("season", MEXICO_2, "renewed"),
        State.AGREED,
        {"2018-12-05": "agrees", "2018-12": "vaguer"},
    ),
    "season 1: a day without a year, the year, and a month that does not fit": (
        ("season", "narcos-mexico/1", "premiere"),
        State.DIFFERING,
        {"--11-16": "agrees", "2018": "vaguer", "a month before 5 December 2018": "differs"},
    ),
    "the series began with season 1": (
        ("series", "narcos-mexico", "premiere"),
        State.AGREED,
        {"--11-16": "agrees", "2018": "vaguer"},
    ),
    "season 3 is not confirmed": (("season", "narcos-mexico/3", "status"), State.AGREED, {}),
    "one source names a third creator": (
        ("crewcredit", "narcos-mexico/~/chris-brancato/creator", "job"),
        State.AGREED,
        {"": "silent"},
    ),
    "the showrunner": (
        ("crewcredit", "narcos-mexico/~/eric-newman/showrunner", "job"),
        State.AGREED,
        {"showrunner": "agrees"},
    ),
    "an executive producer": (
        ("crewcredit", "narcos-mexico/2/jose-padilha/executive producer", "job"),
        State.AGREED,
        {"José Padilha": "agrees"},
    ),
    "the company under two names": (
        ("series", "narcos-mexico", "production_company"),
        State.DIFFERING,
        {"Gaumont International Television": "differs"},
    ),
    "companion, spin-off or sister of the first series": (
        ("series", "narcos-mexico", "relation"),
        State.DIFFERING,
        {"companion": "agrees", "spin-off": "differs", "sister show": "differs"},
    ),
    "first planned as a fourth season": (
        ("statement", "series/narcos-mexico/First plan", "value"),
        State.AGREED,
        {},
    ),
    "the first series had three seasons": (("statement", "series/narcos/Seasons", "value"), State.AGREED, {}),
    "its third season is not the story of its first two": (
        ("series", "narcos", "summary"),
        State.DIFFERING,
        {"season 3 follows other characters": "differs"},
    ),
    "Kiki in season 2: back, or in flashbacks only": (
        ("castentry", f"{MEXICO_2}/~/michael-pena/kiki-camarena", "status"),
        State.DIFFERING,
        {"back for more": "differs", "flashback only": "agrees", "unlikely to return": "silent"},
    ),
    "the word for Kiki's end": (
        ("statement", "character/narcos-mexico/kiki-camarena/Word for his death", "value"),
        State.DIFFERING,
        {"execution": "differs", "kidnap and torture": "silent"},
    ),
    "Camarena with a typing error": (
        ("character", "narcos-mexico/kiki-camarena", "name"),
        State.AGREED,
        {"Kiki Camerana": "agrees"},
    ),
    "Peña with and without its tilde": (
        ("person", "michael-pena", "name"),
        State.AGREED,
        {"Michael Pena": "agrees", "Pena": "agrees"},
    ),
    "Félix by all his names": (
        ("character", "narcos-mexico/felix-gallardo", "name"),
        State.AGREED,
        {"Miguel Angel Felix Gallardo": "agrees", "Felix Gallardo": "agrees", "Der Patrón": "agrees"},
    ),
    "El Chapo with other quotation marks": (
        ("character", "narcos-mexico/el-chapo", "name"),
        State.AGREED,
        {'Joaquin "El Chapo" Guzman': "agrees"},
    ),
    "the title without its colon and in capitals": (
        ("series", "narcos-mexico", "title"),
        State.AGREED,
        {"Narcos Mexico": "agrees", "NARCOS: MEXICO": "agrees"},
    ),
    "the title with a wrong apostrophe": (("series", "narcos", "title"), State.AGREED, {"Narcos‘": "agrees"}),
    "founder of the drug trade, modern or not": (
        ("statement", "character/narcos-mexico/felix-gallardo/Called", "value"),
        State.AGREED,
        {"founder of the modern Mexican drug trade": "agrees", "founder of the Mexican drug trade": "silent"},
    ),
    "Félix at the end of season 1": (
        ("statement", "character/narcos-mexico/felix-gallardo/At the end of season 1", "value"),
        State.AGREED,
        {},
    ),
    "Félix as season 2 begins": (
        ("statement", "character/narcos-mexico/felix-gallardo/At the start of season 2", "value"),
        State.DIFFERING,
        {"nigh untouchable": "agrees", "the cartel splinters": "differs", "hunted by the DEA": "differs"},
    ),
    "Félix as season 2 ends": (
        ("statement", "character/narcos-mexico/felix-gallardo/Fate in season 2 (spoiler)", "value"),
        State.AGREED,
        {"arrested, in prison": "agrees"},
    ),
    "the narrator": (
        ("statement", "character/narcos-mexico/walt-breslin/Part in season 1 (spoiler)", "value"),
        State.AGREED,
        {"our narrator": "agrees", "narrator, unseen until revealed": "agrees"},
    ),
    "what the narrator does": (
        ("statement", "character/narcos-mexico/walt-breslin/Task", "value"),
        State.AGREED,
        {"Operation Leyenda": "agrees", "leads the team sent after those responsible": "silent"},
    ),
    "billed with a slash": (
        ("castentry", f"{MEXICO_2}/~/scoot-mcnairy/walt-breslin", "billed_as"),
        State.AGREED,
        {},
    ),
    "Escobar in season 1: a supporting role or a cameo": (
        ("statement", "character/narcos-mexico/pablo-escobar/Part in season 1", "value"),
        State.DIFFERING,
        {"supporting roles": "agrees", "cameo": "differs"},
    ),
    "Escobar in season 2": (
        ("castentry", f"{MEXICO_2}/~/wagner-moura/pablo-escobar", "status"),
        State.AGREED,
        {},
    ),
    "Mika in season 2": (
        ("castentry", f"{MEXICO_2}/~/alyssa-diaz/mika-camarena", "status"),
        State.AGREED,
        {},
    ),
    "Jero Medina's role, which one source does not have": (
        ("castentry", f"{MEXICO_2}/~/jero-medina/ossie-mejia", ""),
        State.AGREED,
        {"role not given": "silent"},
    ),
    "an earlier work of one who is new to acting": (
        ("earlierwork", "jero-medina/Belle de Jour", "title"),
        State.DIFFERING,
        {"future credits only": "differs"},
    ),
    "filming is over, and goes on, in one text": (
        ("season", MEXICO_2, "filming_end"),
        State.DIFFERING,
        {"2019-06": "agrees", "still filming": "differs"},
    ),
    "when filming began": (("season", MEXICO_2, "filming_start"), State.AGREED, {}),
    "post-production, or filming still": (
        ("statement", f"season/{MEXICO_2}/Production", "value"),
        State.DIFFERING,
        {"filming still ongoing": "differs"},
    ),
    "filmed in one city or the other": (
        ("statement", f"season/{MEXICO_2}/Filming place", "value"),
        State.DIFFERING,
        {"Guadalajara City, judging by posts": "differs"},
    ),
    "at least eight episodes": (("season", MEXICO_2, "episode_count"), State.AGREED, {">=8": "agrees"}),
    "the decade of season 1": (
        ("statement", "season/narcos-mexico/1/Time of the story", "value"),
        State.AGREED,
        {},
    ),
    "the middle of the decade in season 2": (
        ("statement", f"season/{MEXICO_2}/Time of the story", "value"),
        State.AGREED,
        {},
    ),
    "why Kiki moved": (
        ("statement", "character/narcos-mexico/kiki-camarena/Reason for the move", "value"),
        State.AGREED,
        {},
    ),
    "with whom Kiki moved": (
        ("statement", "character/narcos-mexico/kiki-camarena/Family", "value"),
        State.AGREED,
        {},
    ),
    "what set off the war on drugs": (
        ("statement", "series/narcos-mexico/What started the war on drugs", "value"),
        State.AGREED,
        {},
    ),
    "El Chapo as a rival": (
        ("statement", "character/narcos-mexico/el-chapo/Standing in season 2 (spoiler)", "value"),
        State.AGREED,
        {},
    ),
    "El Chapo's actor returns": (
        ("castentry", f"{MEXICO_2}/~/alejandro-edda/el-chapo", "status"),
        State.AGREED,
        {},
    ),
    "where El Chapo is today, says an undated text": (
        ("statement", "character/narcos-mexico/el-chapo/In real life", "value"),
        State.AGREED,
        {},
    ),
    "a figure whose owner is not named": (
        ("statement", "series/narcos/Audience figure", "value"),
        State.AGREED,
        {},
    ),
    "second series is season 2": (("statement", f"season/{MEXICO_2}/Also called", "value"), State.AGREED, {}),
    "the brothers as a group, and two of the family by name": (
        ("character", "narcos-mexico/arellano-brothers", "name"),
        State.AGREED,
        {},
    ),
    "one of the family by name": (
        ("character", "narcos-mexico/enedina-arellano-felix", "name"),
        State.AGREED,
        {},
    ),
    "another of the family by name": (
        ("character", "narcos-mexico/javier-arellano-felix", "name"),
        State.AGREED,
        {},
    ),
    "the month was a rumour first": (
        ("statement", f"season/{MEXICO_2}/First rumour of the date", "value"),
        State.AGREED,
        {},
    ),
    "a creator that two lists have": (
        ("crewcredit", "narcos-mexico/~/carlo-bernard/creator", "job"),
        State.AGREED,
        {"created by": "agrees"},
    ),
    "another creator that two lists have": (
        ("crewcredit", "narcos-mexico/~/doug-miro/creator", "job"),
        State.AGREED,
        {"created by": "agrees"},
    ),
    "the showrunner is an executive producer": (
        ("crewcredit", "narcos-mexico/2/eric-newman/executive producer", "job"),
        State.AGREED,
        {},
    ),
    "a creator as executive producer": (
        ("crewcredit", "narcos-mexico/2/carlo-bernard/executive producer", "job"),
        State.AGREED,
        {},
    ),
    "another creator as executive producer": (
        ("crewcredit", "narcos-mexico/2/doug-miro/executive producer", "job"),
        State.AGREED,
        {},
    ),
    "an executive producer of one list": (
        ("crewcredit", "narcos-mexico/2/andi-baiz/executive producer", "job"),
        State.AGREED,
        {},
    ),
    "its third season is about others": (
        ("statement", "season/narcos/3/Characters", "value"),
        State.AGREED,
        {},
    ),
    "why Kiki cannot be back": (
        ("statement", "character/narcos-mexico/kiki-camarena/Fate in season 1 (spoiler)", "value"),
        State.AGREED,
        {"found dead after a week": "agrees", "kidnapped and tortured": "agrees"},
    ),
    "Camarena's name as an alias with its typing error": (
        ("alias", "character/narcos-mexico/kiki-camarena/en/Kiki Camerana", "text"),
        State.AGREED,
        {},
    ),
    "the cartel with a typing error": (
        ("statement", "series/narcos-mexico/Subject", "value"),
        State.AGREED,
        {"Guadalajara Caertel": "silent"},
    ),
    "an office with a typing error": (
        ("statement", "character/narcos-mexico/el-azul/Office", "value"),
        State.AGREED,
        {"Mexcian": "silent"},
    ),
    "a drug with a typing error": (
        ("statement", "season/narcos-mexico/1/Drugs", "value"),
        State.AGREED,
        {"marajuana": "silent"},
    ),
    "a count with a typing error": (
        ("statement", f"season/{MEXICO_2}/Episode count from", "value"),
        State.AGREED,
        {"of least eight": "silent"},
    ),
    "a verb with a typing error": (
        ("statement", f"season/{MEXICO_2}/Story", "value"),
        State.AGREED,
        {"have lead to": "silent"},
    ),
    "Escobar threatens": (
        ("statement", "character/narcos-mexico/pablo-escobar/Dealings with Félix", "value"),
        State.AGREED,
        {},
    ),
    "the operation against Félix": (
        ("statement", "season/narcos-mexico/1/Operation Leyenda", "value"),
        State.AGREED,
        {},
    ),
    "thirty years later, says a maker": (
        ("statement", f"season/{MEXICO_2}/Eric Newman’s image", "value"),
        State.AGREED,
        {"30 years later": "silent"},
    ),
    "praise quoted from a newspaper": (
        ("statement", "series/narcos-mexico/The Daily Telegraph", "value"),
        State.AGREED,
        {},
    ),
    "praise quoted with a word put in": (
        ("statement", "series/narcos-mexico/Indiewire", "value"),
        State.AGREED,
        {},
    ),
    "where the family came from": (
        ("statement", "character/narcos-mexico/kiki-camarena/Came from", "value"),
        State.AGREED,
        {},
    ),
    "the brothers against another": (
        ("statement", "character/narcos-mexico/nava/At odds with", "value"),
        State.AGREED,
        {},
    ),
}


@pytest.fixture
def demo() -> dict[tuple[str, str, str], Agreement]:
    import_newsroom()
    records = records_of(Citation.objects.all()).values()
    return {(one.record._meta.model_name, key_of(one.record), one.field): one for one in agreements(records)}


def test_every_topic_of_the_demo_has_the_state_that_its_sources_give_it(demo):
    expected = {topic: state for topic, (_key, state, _said) in TOPICS.items()}
    assert {topic: demo[key].state for topic, (key, _state, _said) in TOPICS.items()} == expected
    for topic, (key, _state, said) in TOPICS.items():
        found = verdicts(demo[key])
        assert {says: found.get(says) for says in said} == said, topic


def test_the_demo_differs_nowhere_else(demo):
    topics = {key for key, state, _said in TOPICS.values() if state is not State.AGREED}
    assert {key for key, one in demo.items() if one.state is not State.AGREED} == topics
    assert {name for name, _key, _field in demo} == set(CITABLE) - {"episode"}


def test_the_timeline_of_the_premiere_is_told_by_date_and_apart(demo):
    premiere = demo["season", MEXICO_2, "premiere"]
    dated = [(str(one.published), one.citation.says) for one in premiere.dated()]
    assert dated == [("2018-12-05", "not announced"), ("2019-12-17", "2020-02-13")]
    assert {one.citation.says for one in premiere.undated()} == {
        "still to come",
        "--02-13",
        "2020-02",
        "2020-02-13",
    }
    assert premiere.voices == 3
    assert [one.citation.says for one in premiere.with_verdict(Verdict.EARLIER)] == ["not announced"]

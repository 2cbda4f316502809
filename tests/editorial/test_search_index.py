"""The index follows what is published and taken away, and what becomes verified; and it can be compared."""

from __future__ import annotations

import datetime
import random
from io import StringIO

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.utils import timezone

from catalog.actions import cite, confirm_citation
from catalog.models import PassageState
from editorial import audit, indexing
from editorial.actions import (
    archive_article,
    correct_article,
    publish_article,
    reopen_article,
    retract_article,
    run_due_item,
    save_article,
    schedule_article,
    submit_article,
    unpublish_article,
)
from editorial.finding import search, suggest
from editorial.models import DueItem, Edition, SearchEntry, SearchWord
from editorial.search_truth import columns_of_entry
from editorial.searching.query import Term, parse
from editorial.searching.words import stems
from tests.factories import (
    make_alias,
    make_article,
    make_cast_entry,
    make_character,
    make_citation,
    make_crew_credit,
    make_earlier_work,
    make_passage,
    make_person,
    make_season,
    make_series,
    make_source,
    make_statement,
    make_user,
)
from tests.forms import form_data
from tests.newsroom import load_newsroom

pytestmark = pytest.mark.django_db


def found(asked: str) -> list[str]:
    return ["".join(piece.text for piece in one.title) for one in search(asked).results]


def differences() -> list[str]:
    return [f"{one.kind}: {one.what}" for one in indexing.differences()]


def article(title: str = "Quixotic plans", **fields):
    body = f'<p>The windmills turn.<cite data-passage="{make_passage().key}"></cite></p>'
    given = {"title": title, "body": body, **fields}
    return make_article(**given)


def test_what_is_published_is_found_at_once_and_a_draft_is_not():
    draft = article()
    assert found("quixotic") == found("windmills") == []
    publish_article(user=None, article=draft)
    assert found("quixotic") == found("windmill") == ["Quixotic plans"]
    assert suggest("quix")[0].title == "Quixotic plans"


def test_the_working_copy_over_a_live_text_is_not_found():
    shown = article(published=True)
    shown.title = "Something secret"
    save_article(user=None, article=shown, based_on=1)
    assert found("secret") == []
    assert found("quixotic") == ["Quixotic plans"]


def test_a_correction_takes_the_place_of_what_it_corrects():
    shown = article(published=True)
    shown.title = "Corrected plans"
    save_article(user=None, article=shown, based_on=1)
    correct_article(user=None, article=shown, looked_at=2, kind="correction", note="It said so.")
    assert found("quixotic") == []
    assert found("plans") == ["Corrected plans"]
    assert not SearchWord.objects.filter(word="quixotic").exists()


@pytest.mark.parametrize("take", [retract_article, unpublish_article])
def test_what_is_taken_back_is_not_found_and_leaves_no_word(take):
    shown = article(published=True)
    take(user=None, article=shown, looked_at=None, reason="Nobody had said it.")
    if take is retract_article:
        reopen_article(user=None, article=shown, looked_at=None)
    archive_article(user=None, article=shown, looked_at=None)
    assert found("quixotic") == suggest("quix") == []
    assert found("quixotis") == []
    assert not SearchWord.objects.filter(word__in=["quixotic", "windmills", "windmill"]).exists()
    assert not SearchEntry.objects.filter(kind="article").exists()


def test_a_scheduled_text_is_found_from_its_beginning_to_its_end():
    waiting = article(kind="guide")
    submit_article(user=None, article=waiting, looked_at=None)
    hour = datetime.timedelta(hours=1)
    schedule_article(
        user=None,
        article=waiting,
        looked_at=None,
        publish_at=timezone.now() + hour,
        expire_at=timezone.now() + 2 * hour,
    )
    assert found("quixotic") == []
    for verb, expected in (("publish", ["Quixotic plans"]), ("expire", [])):
        item = DueItem.objects.get(article=waiting, verb=verb, closed_at=None)
        DueItem.objects.filter(pk=item.pk).update(due_at=timezone.now() - hour)
        item.refresh_from_db()
        run_due_item(item)
        assert found("quixotic") == expected


def test_an_entry_that_is_late_shows_nothing_that_readers_have_lost():
    shown = article(published=True)
    Edition.objects.filter(article=shown).update(ended_at=timezone.now())
    assert SearchEntry.objects.exists()
    assert found("quixotic") == suggest("quix") == []
    assert not search("quixotis").is_corrected


def test_people_are_found_once_something_of_them_is_verified():
    person = make_person(name="Sancho Panza")
    entry = make_cast_entry(
        person=person,
        character=make_character(name="Rocinante", series=(season := make_season()).series),
        season=season,
    )
    audit.record(user=None, verb="record.added", target=person)
    assert found("sancho") == found("rocinante") == []
    citation = cite(user=None, passage=make_passage(), record=entry, field="", says="", stance="supports")
    assert found("sancho") == ["Sancho Panza", "Rocinante"]
    assert found("rocinante") == ["Rocinante", "Sancho Panza"]
    assert citation.pk


def test_a_name_is_found_while_its_citation_holds():
    person = make_person(name="Sancho Panza")
    make_citation(make_earlier_work(person=person, title="Barataria"))
    alias = make_alias(person=person, text="Squire")
    citation = make_citation(alias, "text")
    audit.record(user=None, verb="citation.added", target=citation)
    assert found("squire") == ["Sancho Panza"]
    assert found("barataria") == ["Sancho Panza"]
    type(alias).objects.filter(pk=alias.pk).update(text="Esquire")
    assert found("squire") == []  # before anything was indexed again
    alias.refresh_from_db()
    audit.record(user=None, verb="record.changed", target=alias)
    assert found("esquire") == []  # what the citation was compared with was another word
    confirm_citation(user=None, citation=citation)
    assert found("esquire") == ["Sancho Panza"]
    indexing.update()
    assert differences() == []


def test_nobody_is_found_by_a_passage_that_was_lost():
    person = make_person(name="Sancho Panza")
    passage = make_passage()
    make_citation(make_crew_credit(person=person), passage=passage)
    indexing.update()
    assert found("sancho") == ["Sancho Panza"]
    type(passage).objects.filter(pk=passage.pk).update(state=PassageState.LOST)
    assert found("sancho") == suggest("sanch") == []
    audit.record(user=None, verb="passage.lost", target=passage)
    assert not SearchEntry.objects.filter(kind="person").exists()


def test_statements_are_not_among_the_words():
    person = make_person(name="Sancho Panza")
    make_citation(make_statement(person=person, label="Fate", value="Becomes governor"), "value")
    indexing.update()
    assert found("sancho") == ["Sancho Panza"]
    assert found("governor") == []


def test_a_series_without_verified_facts_is_not_found():
    series = make_series(title="Cervantes")
    indexing.update()
    assert found("cervantes") == []
    citation = make_citation(series, "title")
    audit.record(user=None, verb="citation.added", target=citation)
    assert found("cervantes") == ["Cervantes"]


def test_an_editor_who_renames_or_deletes_a_source_changes_what_is_found(client):
    source = make_source(slug="quijote", title="El ingenioso hidalgo")
    client.force_login(make_user("Administrators"))
    change = f"/admin/catalog/source/{source.pk}/change/"
    form = form_data(client.get(change), "source_form")
    response = client.post(change, {**form, "title": "Don Quijote"})
    assert response.status_code == 302
    assert found("quijote") == ["Don Quijote"]
    assert found("hidalgo") == []
    client.post(f"/admin/catalog/source/{source.pk}/delete/", {"post": "yes"})
    assert not type(source).objects.exists()
    assert found("quijote") == []
    assert not SearchEntry.objects.exists()
    assert differences() == []


def test_the_deletion_of_a_part_is_followed(client):
    season = make_season()
    person = make_person(name="Sancho Panza")
    entry = make_cast_entry(season=season, person=person)
    make_citation(entry)
    make_citation(make_earlier_work(person=person, title="Barataria"))
    indexing.update()
    assert found(season.series.title) != []
    client.force_login(make_user("Administrators"))
    client.post(f"/admin/catalog/castentry/{entry.pk}/delete/", {"post": "yes"})
    assert not type(entry).objects.exists()
    assert SearchEntry.objects.get(kind="person").text == "Barataria"


def test_an_import_is_found_and_the_index_made_anew_is_the_same():
    load_newsroom()
    assert differences() == []
    assert found("Pena")[:2] == ["Michael Peña", "Kiki Camarena"]
    before = list(SearchEntry.objects.values_list("kind", "object_id", "title", "names", "text"))
    words = list(SearchWord.objects.values_list("word", "is_stem", "entries"))
    call_command("rebuild_search", stdout=(out := StringIO()))
    assert f"{len(before)} entries can be found." in out.getvalue()
    assert list(SearchEntry.objects.values_list("kind", "object_id", "title", "names", "text")) == before
    assert list(SearchWord.objects.values_list("word", "is_stem", "entries")) == words
    call_command("rebuild_search", check=True, stdout=(out := StringIO()))
    assert "The index is what it should be." in out.getvalue()


def test_the_check_names_every_difference_and_writes_nothing():
    article(published=True)
    gone = article("Gone", published=True)
    late = article("Late", published=True)
    SearchEntry.objects.filter(title="Quixotic plans").delete()
    Edition.objects.filter(article=gone).update(ended_at=timezone.now())
    SearchEntry.objects.filter(object_id=late.pk).update(text="The windmills turn no more.")
    with pytest.raises(CommandError, match=r"Run: manage\.py rebuild_search"):
        call_command("rebuild_search", check=True, stdout=(out := StringIO()))
    said = out.getvalue()
    assert "missing: article" in said
    assert "outdated: article" in said
    assert "left over: article" in said
    assert "words: quixotic" in said
    assert SearchEntry.objects.get(object_id=late.pk).text == "The windmills turn no more."
    indexing.rebuild()
    assert differences() == []


def test_as_many_queries_to_bring_thirty_records_up_to_date_as_three(django_assert_max_num_queries):
    ContentType.objects.clear_cache()
    season = make_season()

    def cast(count: int):
        for _number in range(count):
            make_citation(make_cast_entry(season=season))
        indexing.update()

    cast(3)
    with django_assert_max_num_queries(12) as few:
        audit.record(user=None, verb="record.changed", target=season)
    cast(27)
    with django_assert_max_num_queries(12) as many:
        audit.record(user=None, verb="record.changed", target=season)
    assert len(many) <= len(few)


def test_an_article_is_found_under_the_series_whatever_that_is_called_since(client):
    season = make_season(series=make_series(slug="quijote", title="Quijote"))
    article("Of a season", published=True, season=season)
    article("Of a series", published=True, series=season.series)
    moved = article("Moved in a draft", published=True, series=season.series)
    moved.series = make_series(title="Another")
    save_article(user=None, article=moved, based_on=1)
    client.force_login(make_user("Administrators"))
    change = f"/admin/catalog/series/{season.series.pk}/change/"
    form = form_data(client.get(change), "series_form")
    assert client.post(change, {**form, "slug": "quixote", "title": "Quixote"}).status_code == 302
    series = SearchEntry.objects.filter(kind="article").values_list("series", flat=True)
    assert list(series) == [{"quixote": "Quixote"}] * 3
    assert [one for one in differences() if "article" in one] == []


def test_a_character_is_found_once_the_name_is_verified():
    character = make_character(name="Rocinante")
    indexing.update()
    assert found("rocinante") == []
    make_citation(character, "name")
    indexing.update()
    assert found("rocinante") == ["Rocinante"]


WORDS = ("cartel", "cartels", "filming", "filmed", "luna", "lunar", "peña", "haus", "häuser", "war")
ASKED = (
    *("cartel", "cartels", "films", "luna", "pena", "häuser", "cartel luna", "filming -war", "luna -pena"),
    *(
        '"cartel luna"',
        '"luna cartels" filmed',
        'cartels -"luna war"',
        '"peña war"',
        "nowhere",
        "war -cartel",
    ),
)


def stands_in(words: tuple[str, ...], stemmed: tuple[str, ...], term: Term) -> bool:
    """What finding means, without a database."""
    spans = zip(*(words[place:] for place in range(len(term.words))), strict=False)
    return term.words in spans or (not term.is_phrase and not {*stems(term.words[0])}.isdisjoint(stemmed))


def expected(asked: str) -> list[int]:
    query = parse(asked)
    found = []
    for entry in SearchEntry.objects.all():
        of = columns_of_entry(entry)
        in_title = [stands_in(of.title, of.title_stems, term) for term in query.wanted]
        anywhere = [
            titled or stands_in(of.text, of.text_stems, term)
            for term, titled in zip(query.wanted, in_title, strict=True)
        ]
        left_out = any(
            stands_in(of.title, of.title_stems, term) or stands_in(of.text, of.text_stems, term)
            for term in query.excluded
        )
        if all(anywhere) and not left_out:
            at = entry.at.timestamp() if entry.at else float("-inf")
            found.append((not all(in_title), -entry.weight, -at, entry.object_id, entry.pk))
    return [pk for *_order, pk in sorted(found)]


def test_each_database_finds_what_the_words_say_in_the_same_order():
    chance = random.Random(6)
    for number in range(24):
        title, text = (" ".join(chance.choices(WORDS, k=count)) for count in (2, 6))
        cite = f'<cite data-passage="{make_passage().key}"></cite>'
        make_article(
            published=True,
            title=f"{title} {number}",
            body=f"<p>{text}.{cite}</p>",
            language=("en", "de", "es")[number % 3],
        )
        make_source(title=f"{chance.choice(WORDS)} source {number}")
    indexing.update()
    lengths = set()
    for asked in ASKED:
        found = [one.pk for one in SearchEntry.objects.candidates(parse(asked))]
        assert found == expected(asked), asked
        assert [one.pk for one in SearchEntry.objects.candidates(parse(asked), most=3)] == found[:3]
        lengths.add(len(found))
    assert len(lengths) > 5

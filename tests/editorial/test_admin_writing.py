"""What the editor of articles asks the server, as people of each role."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial.actions import autosave_of, drop_autosave, keep_autosave
from editorial.models import Article, AuditEntry, Autosave
from tests import factories as make
from tests.forms import form_data

pytestmark = pytest.mark.django_db

ADD = "/admin/editorial/article/add/"
PASSAGES = "/admin/editorial/article/writing/passages/"
PHOTOS = "/admin/editorial/article/writing/photos/"
SEASONS = "/admin/editorial/article/writing/seasons/"
COVERAGE = "/admin/editorial/article/writing/coverage/"
AUTOSAVE = "/admin/editorial/article/writing/autosave/"
READS_ONLY = "Fact-checkers"


@pytest.fixture
def writer(client):
    user = make.make_user("Writers")
    client.force_login(user)
    return user


def change(article: Article) -> str:
    return f"/admin/editorial/article/{article.pk}/change/"


def found(client, term: str) -> list[str]:
    return [one["key"] for one in client.get(PASSAGES, {"q": term}).json()["passages"]]


def report(client, body: str, language: str = "en", **query) -> dict:
    response = client.post(f"{COVERAGE}{_query(query)}", {"body": body, "language": language})
    assert response.status_code == 200
    return response.json()


def autosave(client, content: dict, based_on=1, **query):
    data = json.dumps({"based_on": based_on, "content": content})
    return client.post(f"{AUTOSAVE}{_query(query)}", data, content_type="application/json")


def _query(query: dict) -> str:
    return "?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else ""


def test_passages_are_found_by_their_words_and_their_source(client, writer):
    ledger = make.make_source(title="The Ledger of Peña", publisher="Variety")
    first = make.make_passage(ledger, exact="Filming began in “Durango”")
    second = make.make_passage(ledger, exact="Somebody else entirely")
    assert found(client, "durango FILMING") == [first.key]
    assert found(client, "ledger pena") == [first.key, second.key]
    assert found(client, "variety somebody") == [second.key]
    assert found(client, f" {second.key} ") == [second.key]
    assert found(client, f"[@{first.key}]") == [first.key]
    assert found(client, "durango nowhere") == []
    assert found(client, "no-source#1") == []
    assert found(client, "\0#1") == []


def test_a_found_passage_says_what_its_chip_and_card_show(client, writer):
    passage = make.make_passage(exact="Filming began", state="lost")
    [shown] = client.get(PASSAGES, {"q": "filming"}).json()["passages"]
    assert shown == {
        "key": passage.key,
        "excerpt": "Filming began",
        "source": passage.source.title,
        "state": "lost",
        "supports": False,
        "doubt": "",
        "url": f"/admin/catalog/passage/{passage.pk}/change/",
    }


def test_a_passage_whose_value_moved_on_is_unconfirmed_and_says_which(client, writer):
    season = make.make_season(number=2, status="available")
    passage = make.make_passage(exact="Filming began")
    citation = make.make_citation(season, "status", passage)
    [shown] = client.get(PASSAGES, {"q": "filming"}).json()["passages"]
    assert (shown["state"], shown["doubt"]) == ("verified", "")
    season.status = "upcoming"
    season.save()
    doubt = f"Changed since it was compared with these words: Season: {season} (Status)."
    [shown] = client.get(PASSAGES, {"q": "filming"}).json()["passages"]
    assert (shown["state"], shown["doubt"]) == ("unconfirmed", doubt)
    answer = report(client, f'<p>A.<cite data-passage="{passage.key}"></cite></p>')
    assert [(one["state"], one["doubt"]) for one in answer["passages"]] == [("unconfirmed", doubt)]
    citation.checked_value = "upcoming"
    citation.save()
    [shown] = client.get(PASSAGES, {"q": "filming"}).json()["passages"]
    assert (shown["state"], shown["doubt"]) == ("verified", "")


def test_what_a_passage_does_not_support_casts_no_doubt_on_it(client, writer):
    season = make.make_season(status="available")
    passage = make.make_passage(exact="Filming began")
    for stance, field in (("contradicts", "status"), ("mentions", "premiere"), ("earlier", "renewed")):
        make.make_citation(season, field, passage, checked_value="other", stance=stance)
    [shown] = client.get(PASSAGES, {"q": "filming"}).json()["passages"]
    assert (shown["state"], shown["doubt"]) == ("verified", "")


@pytest.mark.parametrize("count", [3, 30])
def test_unconfirmed_passages_cost_as_many_queries_however_many(client, writer, count):
    source = make.make_source()
    passages = [make.make_passage(source) for _ in range(count)]
    for passage in passages:
        make.make_citation(make.make_season(), "status", passage, checked_value="other")
        make.make_citation(make.make_cast_entry(), "", passage, checked_value="other")
    cites = "".join(f'A.<cite data-passage="{passage.key}"></cite> ' for passage in passages)
    report(client, f"<p>{cites}</p>")  # what is asked once in a process is known then
    with CaptureQueriesContext(connection) as queries:
        answer = report(client, f"<p>{cites}</p>")
    assert sum(bool(one["doubt"]) for one in answer["passages"]) == count
    assert len(queries) == 18


def test_photos_are_found_by_slug_caption_and_alternative_text(client, writer):
    first = make.make_photo(
        slug="desert-ridges", caption="Towards evening.", alt="Ridges at dusk", credit="Ibid"
    )
    make.make_photo(slug="rooftops", caption="Lights.", alt="A city at night")
    assert [one["key"] for one in client.get(PHOTOS).json()["photos"]] == ["rooftops", "desert-ridges"]
    for term in ("DESERT", "evening", "dusk ridges"):
        [shown] = client.get(PHOTOS, {"q": term}).json()["photos"]
        assert shown == {
            "key": "desert-ridges",
            "url": first.image.url,
            "width": 32,
            "height": 18,
            "alt": "Ridges at dusk",
            "caption": "Towards evening.",
            "credit": "Ibid",
        }
    assert client.get(PHOTOS, {"q": "dusk city"}).json() == {"photos": []}
    assert client.get(PHOTOS, {"q": "\0"}).status_code == 200


@pytest.mark.parametrize("count", [3, 30])
def test_the_picker_of_photos_asks_the_database_as_often_for_many(client, writer, count):
    for _ in range(count):
        make.make_photo()
    with CaptureQueriesContext(connection) as queries:
        assert len(client.get(PHOTOS).json()["photos"]) == min(count, 12)
    assert len(queries) == 5


def test_coverage_tells_the_photos_of_the_text(client, writer):
    make.make_photo(slug="p", caption="Ridges")
    body = "<p>Why?</p>" + "".join(f'<div data-embed="photo" data-photo="{slug}"></div>' for slug in "pq")
    answer = report(client, body)
    assert [(one["key"], one["caption"]) for one in answer["photos"]] == [("p", "Ridges")]
    assert answer["unknown_photos"] == ["q"]
    [problem] = [one for one in answer["problems"] if one["code"] == "unknown-photo"]
    assert (problem["message"], problem["where"]) == ("There is no photo of this name.", "photo q")


def test_coverage_of_a_text_that_nobody_saved(client, writer):
    passage = make.make_passage(exact="Filming began", state="changed")
    body = (
        f'<p>One.<cite data-passage="{passage.key}"></cite> It  is <b>open</b>. <script>x</script></p><p></p>'
        '<ul><li>Another 😀 is open.<cite data-passage="no-source#1"></cite></li><li>So is  this.</li></ul>'
        '<div data-embed="cast" data-season="none/1"></div>'
    )
    answer = report(client, body)
    assert (answer["supported"], answer["exempt"], answer["unsupported"]) == (2, 0, 2)
    assert (answer["percent"], answer["words"]) == (50, 10)
    assert answer["sentences"] == [
        {"block": 0, "skip": 4, "length": 9, "text": "It is open."},
        {"block": 2, "skip": 0, "length": 9, "text": "So is this."},
    ]
    assert [one["key"] for one in answer["passages"]] == [passage.key]
    assert answer["unknown"] == ["no-source#1"]
    assert [(one["code"], one["where"], one["place"]) for one in answer["problems"]] == [
        ("missing-standfirst", "", None),
        ("lost-passage", passage.key, {"block": 0, "skip": 0, "length": 4}),
        ("unknown-passage", "no-source#1", {"block": 1, "skip": 0, "length": 15}),
        ("unknown-embed", "cast none/1", None),
        ("missing-byline", "", None),
    ]


def test_coverage_reads_the_text_in_its_language(client, writer):
    body = "<p>Am 13. Februar ging es los.</p>"
    assert report(client, body, "de")["unsupported"] == 1
    assert report(client, body, "xx")["unsupported"] >= 1


def test_coverage_holds_what_the_checks_find_in_the_article(client, writer):
    photo = make.make_photo(credit="")
    article = make.make_article(photo=photo)
    assert report(client, "<p>Why?</p>", article=article.pk)["problems"] == [
        {
            "code": "missing-credit",
            "level": "error",
            "label": "Error",
            "message": "The photo names nobody in its credit.",
            "where": photo.slug,
            "field": "photo",
            "place": None,
        }
    ]
    answer = report(client, "<p>Why?</p>")
    assert [one["code"] for one in answer["problems"]] == ["missing-standfirst", "missing-byline"]


def test_coverage_reads_every_field_as_it_is_typed(client, writer):
    season = make.make_season(number=2)
    character = make.make_character(series=season.series, name="Félix Gallardo")
    make.make_statement(character=character, gives_away=season)
    article = make.make_article(author=writer, photo=make.make_photo(alt=""))
    photo = make.make_photo(gives_away=season)

    def codes(**typed):
        data = {"body": article.body, **{name: str(value) for name, value in typed.items()}}
        answer = client.post(f"{COVERAGE}?article={article.pk}", data).json()
        return [one["code"] for one in answer["problems"]]

    assert codes() == ["missing-alt"]
    assert codes(photo="") == []
    assert codes(photo="nonsense") == ["missing-alt"]
    assert codes(photo=photo.pk) == ["spoiler-photo"]
    assert codes(photo=photo.pk, spoils_through=season.pk) == []
    assert codes(photo="", standfirst=" ", title="x" * 61) == ["missing-standfirst", "long-title"]
    assert codes(photo="", title="Felix dies", series=season.series.pk) == ["spoiler-title"]
    assert codes(photo="", title="Felix dies", series=make.make_series().pk) == []
    assert codes(photo="", spoiler_free_title="Félix stirbt", language="de") == ["spoiler-free-title"]
    row = {"contributions-TOTAL_FORMS": 1, "contributions-0-contributor": 7}
    assert codes(photo="", **row) == []
    assert codes(photo="", **row, **{"contributions-0-DELETE": "on"}) == ["missing-byline"]


def test_errors_stand_before_warnings_and_facts_have_their_place(client, writer):
    season = make.make_season(number=2, status="renewed")
    passage, embed = make.make_passage(), '<div data-embed="cast" data-season="none/1"></div>'
    make.make_citation(season, "status", passage, checked_value="filming")
    article = make.make_article(season=season)
    body = f'<p>One. Two.<cite data-passage="{passage.key}"></cite></p>{embed}'
    answer = report(client, body, article=article.pk)
    assert [one["level"] for one in answer["problems"]] == ["error", "warning"]
    assert answer["problems"][1]["place"] == {"block": 0, "skip": 4, "length": 4}
    assert answer["problems"][1]["where"] == ""


def test_an_empty_text_has_no_share_to_speak_of(client, writer):
    answer = report(client, "")
    assert (answer["percent"], answer["words"]) == (None, 0)


@pytest.mark.parametrize("count", [3, 30])
def test_coverage_asks_the_database_as_often_for_many_citations(client, writer, count):
    source = make.make_source()
    cites = [f'A.<cite data-passage="{make.make_passage(source).key}"></cite> ' for _ in range(count)]
    with CaptureQueriesContext(connection) as queries:
        assert report(client, f"<p>{''.join(cites)}</p>")["supported"] == count
    # Session, person, two of permissions, passages, what moved on since they were cited; the rest measures
    # how much of the source is quoted and looks for what is said of facts and for what gives something away.
    assert len(queries) == 14


@pytest.mark.parametrize("count", [3, 30])
def test_the_picker_asks_the_database_as_often_for_many_passages(client, writer, count):
    for _ in range(count):
        make.make_passage()
    with CaptureQueriesContext(connection) as queries:
        assert len(found(client, "words")) == min(count, 12)
    assert len(queries) == 6


def test_seasons_to_embed_are_named(client, writer):
    season = make.make_season(series=make.make_series(slug="a-series", title="A Series"), number=2)
    rows = client.get(SEASONS).json()["seasons"]
    assert rows == [{"key": "a-series/2", "name": str(season)}]


@pytest.mark.parametrize("url", [PASSAGES, PHOTOS, SEASONS, COVERAGE, AUTOSAVE])
def test_who_writes_no_articles_is_answered_nothing(client, url):
    client.force_login(make.make_user(READS_ONLY))
    assert client.get(url).status_code == 403
    assert client.post(url).status_code == 403
    client.logout()
    assert client.get(url).status_code == 302


def test_coverage_is_asked_with_post(client, writer):
    response = client.get(COVERAGE)
    assert (response.status_code, response["Allow"]) == (405, "POST")


def test_what_is_typed_is_kept_beside_the_article_and_given_back(client, writer):
    article = make.make_article(author=writer, body="<p>Words.</p>")
    entries = AuditEntry.objects.count()
    assert autosave(client, {"body": "<p>More.</p>", "title": "T"}, article=article.pk).status_code == 200
    assert autosave(client, {"body": "<p>Most.</p>", "title": "T"}, article=article.pk).status_code == 200
    kept = client.get(AUTOSAVE, {"article": article.pk}).json()["autosave"]
    assert (kept["based_on"], kept["content"]) == (1, {"body": "<p>Most.</p>", "title": "T"})
    article.refresh_from_db()
    assert (article.body, article.revisions.count()) == ("<p>Words.</p>", 1)
    assert (Autosave.objects.count(), AuditEntry.objects.count()) == (1, entries)
    assert client.delete(f"{AUTOSAVE}?article={article.pk}").status_code == 204
    assert client.get(AUTOSAVE, {"article": article.pk}).json() == {"autosave": None}


def test_a_new_article_has_an_autosave_of_its_own(client, writer):
    article = make.make_article(author=writer)
    assert autosave(client, {"body": "<p>New.</p>"}, based_on=None).status_code == 200
    assert autosave(client, {"body": "<p>Newer.</p>"}, based_on=None).status_code == 200
    assert client.get(AUTOSAVE, {"article": article.pk}).json() == {"autosave": None}
    kept = client.get(AUTOSAVE).json()["autosave"]
    assert (kept["based_on"], kept["content"]) == (None, {"body": "<p>Newer.</p>"})


def test_nobody_is_given_what_somebody_else_typed(client, writer):
    article = make.make_article(author=writer)
    colleague = make.make_user("Editors")
    keep_autosave(user=colleague, article=article, based_on=1, content={"body": "<p>Theirs.</p>"})
    assert client.get(AUTOSAVE, {"article": article.pk}).json() == {"autosave": None}
    drop_autosave(user=writer, article=article)
    assert autosave_of(colleague, article).content == {"body": "<p>Theirs.</p>"}


def test_writers_keep_nothing_for_articles_of_others_but_editors_do(client, writer):
    article = make.make_article(author=make.make_user("Writers"))
    assert autosave(client, {"title": "T"}, article=article.pk).status_code == 403
    assert client.get(AUTOSAVE, {"article": article.pk}).status_code == 403
    client.force_login(make.make_user("Editors"))
    assert autosave(client, {"title": "T"}, article=article.pk).status_code == 200
    assert autosave(client, {"title": "T"}, article=999).status_code == 404


@pytest.mark.parametrize(
    "data",
    [
        "",
        "[]",
        "{}",
        '{"based_on": 1}',
        '{"based_on": true, "content": {}}',
        '{"based_on": -1, "content": {}}',
        '{"based_on": 1, "content": []}',
        '{"based_on": 1, "content": {"title": 5}}',
        '{"based_on": 1, "content": {"status": "published"}}',
        "[" * 100_000,
    ],
)
def test_what_is_no_form_is_not_kept(client, writer, data):
    response = client.post(AUTOSAVE, data, content_type="application/json")
    assert response.status_code == 400
    assert response.json() == {"error": "This is not the data of an article's form."}
    assert not Autosave.objects.exists()


def test_what_no_database_holds_is_left_out_of_an_autosave(client, writer):
    assert autosave(client, {"title": "a\0b\ud800c", "series__label": "Narcos"}).status_code == 200
    assert Autosave.objects.get().content == {"title": "abc", "series__label": "Narcos"}


def test_an_autosave_has_a_limit(client, writer):
    response = autosave(client, {"body": "x" * 1_000_001})
    assert (response.status_code, response.json()["error"]) == (
        400,
        "The text is too long to be kept. Save the article.",
    )


def test_saving_forgets_what_was_typed_and_a_refused_save_does_not(client, writer):
    article = make.make_article(author=writer)
    keep_autosave(user=writer, article=article, based_on=1, content={"title": "New"})
    data = form_data(client.get(change(article)), "article_form")
    assert client.post(change(article), data | {"title": ""}).status_code == 200
    assert Autosave.objects.exists()
    assert client.post(change(article), data | {"title": "New"}).status_code == 302
    assert not Autosave.objects.exists()


def test_saving_a_new_article_forgets_what_was_typed_for_it(client, writer):
    other = make.make_article(author=writer)
    keep_autosave(user=writer, article=other, based_on=1, content={"title": "Other"})
    keep_autosave(user=writer, article=None, based_on=None, content={"title": "New"})
    data = form_data(client.get(ADD), "article_form") | {"title": "New", "slug": "new", "kind": "news"}
    assert client.post(ADD, data).status_code == 302
    assert [kept.article for kept in Autosave.objects.all()] == [other]


def test_the_page_of_who_may_write_has_the_editor_and_its_import_map(client, writer):
    article = make.make_article(author=writer)
    response = client.get(change(article))
    text = response.content.decode()
    nonce = text.split('<script type="importmap" nonce="')[1].split('"')[0]
    assert f"'nonce-{nonce}'" in response["Content-Security-Policy"]
    assert text.index('type="importmap"') < text.index('type="module"')
    assert f'data-autosave-url="{AUTOSAVE}?article={article.pk}"' in text


def test_the_page_of_who_only_reads_has_no_editor(client):
    client.force_login(make.make_user(READS_ONLY))
    response = client.get(change(make.make_article()))
    assert 'id="writing"' not in response.content.decode()
    assert "nonce" not in response["Content-Security-Policy"]

"""Articles and the limit of quoting: what they add, what is refused, and excerpts that editions froze."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.actions import shorten_excerpt
from catalog.models import Passage, Source
from editorial.actions import PublicationRefused, problems_of, publish_article, save_article
from editorial.models import Article, Edition
from editorial.quoting import added_by, over_their_limit, quoted_publicly, showing_old_excerpts
from tests import factories as make
from tests.forms import form_data
from tests.newsroom import load_newsroom

pytestmark = pytest.mark.django_db

TEXT = "Season two arrives in February. Diego Luna returns as Félix. " + "Nothing else. " * 3
FIRST, SECOND = "Season two arrives in February.", "Diego Luna returns as Félix."


@pytest.fixture
def source() -> Source:
    """One of which either sentence alone may be quoted, and not both."""
    return make.make_snapshot(make.make_source(slug="guide", title="The guide", quote_limit=40), TEXT).source


def passage_of(source: Source, words: str) -> Passage:
    snapshot = source.snapshots.get()
    return make.make_passage(source, words, snapshot=snapshot, start=TEXT.index(words))


def article_citing(*passages: Passage, **fields) -> Article:
    cites = "".join(f'<cite data-passage="{passage.key}"></cite>' for passage in passages)
    return make.make_article(body=f"<p>A fact stands here.{cites}</p>", **fields)


def percent(source: Source) -> int:
    return quoted_publicly([source])[source.pk].percent


def codes(article: Article) -> list[str]:
    return [problem.code for problem in problems_of(article)]


def test_footnotes_of_live_editions_count_once_each_and_others_not(source):
    first, second = passage_of(source, FIRST), passage_of(source, SECOND)
    article_citing(second)  # a draft
    article = article_citing(first, published=True)
    article_citing(first, published=True)
    share = quoted_publicly([source])[source.pk]
    assert (share.characters, share.length) == (len(FIRST), len(TEXT))
    article.editions.update(ended_at="2100-01-01T00:00Z")
    assert percent(source) == share.percent
    Edition.objects.update(ended_at="2100-01-01T00:00Z")
    assert percent(source) == 0


def test_an_article_that_would_pass_the_limit_is_refused_with_what_to_do(source):
    article_citing(passage_of(source, FIRST), published=True)
    article = article_citing(passage_of(source, SECOND))
    [problem] = problems_of(article)
    assert (problem.code, problem.where) == ("quote-limit", "The guide")
    assert "Readers see 31 % of this source’s text in excerpts, with this article 58 %" in problem.message
    assert "the limit is 40 %" in problem.message
    with pytest.raises(PublicationRefused):
        publish_article(user=None, article=article)
    assert article.editions.count() == 0
    with pytest.raises(CommandError):
        call_command("publish", article.slug)
    Source.objects.update(quote_limit=60)
    assert publish_article(user=None, article=article)


def test_public_facts_and_the_article_count_together(source):
    make.make_citation(make.make_season(premiere="2020"), "premiere", passage_of(source, FIRST))
    assert codes(article_citing(passage_of(source, SECOND))) == ["quote-limit"]


def test_the_edition_that_would_end_does_not_count(source):
    first, second = passage_of(source, FIRST), passage_of(source, SECOND)
    article = article_citing(first, published=True)
    article.body = article.body.replace(first.key, second.key)
    save_article(user=None, article=article, based_on=1)
    [added] = added_by(article, [second])
    assert (added.now.characters, added.then.characters) == (len(FIRST), len(SECOND))
    assert publish_article(user=None, article=article).number == 2


def test_an_article_that_adds_nothing_is_refused_while_its_source_is_over_and_others_are_free(source):
    first = passage_of(source, FIRST)
    article_citing(first, published=True)
    Source.objects.filter(pk=source.pk).update(quote_limit=10)
    assert codes(article_citing(first)) == ["quote-limit"]
    assert codes(make.make_article()) == []
    assert [(one, share.limit) for one, share in over_their_limit()] == [(source, 10)]


def test_after_shortening_the_excerpt_an_article_goes_out_and_the_live_one_is_published_anew(source):
    first, second = passage_of(source, FIRST), passage_of(source, SECOND)
    live = article_citing(first, published=True)
    article = article_citing(second)
    assert codes(article) == ["quote-limit"]
    first = shorten_excerpt(user=None, passage=first, excerpt="February")
    assert publish_article(user=None, article=article)
    [outdated] = showing_old_excerpts(first)
    assert outdated.article == live
    again = publish_article(user=None, article=live)
    assert (again.number, again.revision_id) == (2, outdated.revision_id)
    assert "…February" in again.html
    assert FIRST not in again.html
    assert showing_old_excerpts(first) == []
    assert publish_article(user=None, article=live) == again


def test_excerpts_with_signs_of_html_are_not_taken_for_old_ones():
    passage = make.make_passage(exact="“A” & 'B' <c> \"d\"")
    article = article_citing(passage, published=True)
    assert showing_old_excerpts(passage) == []
    assert publish_article(user=None, article=article).number == 1


def test_the_publish_page_and_the_action_refuse_as_well(client, source):
    client.force_login(make.make_user("Editors"))
    article_citing(passage_of(source, FIRST), published=True)
    article = article_citing(passage_of(source, SECOND))
    url = reverse("admin:editorial_article_workflow", args=[article.pk])
    page = client.get(url).content.decode()
    assert "with this article 58 %" in page
    assert "publish_form" not in page
    client.post(url, {"verb": "publish", "revision": "1"})
    rows = {"action": "publish_selected", "_selected_action": [article.pk]}
    told = client.post(reverse("admin:editorial_article_changelist"), rows, follow=True)
    assert "is held back by 1 problem." in told.content.decode()
    assert article.editions.count() == 0


def test_the_page_of_a_passage_names_the_articles_to_publish_again(client, source):
    passage = passage_of(source, FIRST)
    article = article_citing(passage, published=True, title="Still long")
    client.force_login(make.make_user("Fact-checkers"))
    url = reverse("admin:catalog_passage_change", args=[passage.pk])
    page = client.get(url)
    assert "Still long" not in page.content.decode()
    data = form_data(page, "excerpt_form") | {"excerpt": "Season two"}
    page = client.post(reverse("admin:catalog_passage_excerpt", args=[passage.pk]), data, follow=True)
    publish = reverse("admin:editorial_article_workflow", args=[article.pk])
    assert "Still long" in page.content.decode()
    assert publish not in page.content.decode()
    client.force_login(make.make_user("Editors"))
    assert publish in client.get(url).content.decode()


def test_the_publish_page_takes_as_many_queries_for_30_passages_as_for_3(client, source):
    client.force_login(make.make_user("Editors"))

    def queries(count: int) -> int:
        passages = [make.make_passage(state="unattached") for _ in range(count)]
        for passage in passages:
            make.make_citation(make.make_season(), "premiere", passage)
        article_citing(*passages, published=True)
        article = article_citing(*passages)
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("admin:editorial_article_workflow", args=[article.pk]))
        return len(found)

    queries(3)
    assert queries(30) == queries(3)


@pytest.mark.parametrize("attached", [pytest.param(True, marks=pytest.mark.seeds), False])
def test_the_demo_quotes_no_source_beyond_its_limit(attached, request):
    if attached:
        request.getfixturevalue("seeds")
    load_newsroom()
    if attached:
        call_command("attach_sources", *request.getfixturevalue("seeds").values())
        assert not Passage.objects.exclude(state="verified").exists()
    shares = quoted_publicly(Source.objects.order_by("slug"))
    assert over_their_limit() == []
    assert sorted((share.percent, share.limit) for share in shares.values()) == [
        (37, 40),
        (37, 40),
        (38, 40),
        (38, 40),
        (57, 60),
    ]

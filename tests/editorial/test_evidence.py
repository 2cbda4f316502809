"""What a reader gets to check an article by."""

from __future__ import annotations

import datetime
import re

import pytest
from django.core.cache import cache
from django.utils import timezone

from catalog.actions import check_everything
from catalog.models import VerificationRun
from editorial.evidence_in_text import text_with_marks
from editorial.models import Edition
from tests.factories import make_article, make_citation, make_passage, make_season, make_source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]


def cite(passage) -> str:
    return f'<cite data-passage="{passage.key}"></cite>'


def page(client, article, query: str = "") -> str:
    cache.clear()
    response = client.get(article.get_absolute_url() + query)
    assert response.status_code == 200
    return response.content.decode()


def footnote(html: str, number: int = 1) -> str:
    return html.partition(f'<li id="fn-{number}">')[2].partition("</li>")[0]


def published(*sentences: str, **fields):
    return make_article(published=True, body=f"<p>{' '.join(sentences)}</p>", **fields)


def test_letters_behind_a_footnote_lead_back_to_each_sentence(client):
    one, other = make_passage(), make_passage()
    html = page(client, published(f"It fell.{cite(one)}", f"It rose.{cite(one)}", f"It ended.{cite(other)}"))
    found = re.findall(r'<a href="#(ref[^"]+)" role="doc-backlink" aria-label="([^"]+)">(\w|↑)<', html)
    assert found == [
        ("ref-1-1", "Back to sentence a that cites source 1", "a"),
        ("ref-1-2", "Back to sentence b that cites source 1", "b"),
        ("ref-2-1", "Back to the sentence that cites source 2", "↑"),
    ]
    assert re.search(r'<span class="cited">It rose\.<sup class="ref"><a id="ref-1-2"', html)


def test_what_an_older_edition_kept_reads_as_a_new_one():
    """Its ways back stood behind the source, and nothing led to the page that explains it."""
    article = published(f"It fell.{cite(make_passage())}")
    edition = Edition.objects.for_page().get(article=article)
    new = text_with_marks(edition)
    older = re.sub(r'\s*<p class="(?:note-back|notes-about)">.*?</p>', "", edition.html, flags=re.DOTALL)
    back = (
        '<p class="note-back">\n<a href="#ref-1-1" role="doc-backlink" aria-label="Back">↩a</a>\n</p>\n</li>'
    )
    edition.html = older.replace("</li>", back)
    assert " ".join(text_with_marks(edition).split()) == " ".join(new.split())
    assert "↩" not in new


def test_a_source_that_took_it_from_another_is_not_counted_again(client):
    wire, other = make_source(), make_source()
    copy = make_source(derives_from=wire)
    copy_of_copy = make_source(derives_from=copy)
    a, b, c, d = (make_passage(source=source) for source in (wire, copy, copy_of_copy, other))
    html = page(client, published(f"One.{cite(a)}{cite(b)}{cite(c)}", f"Two.{cite(b)}{cite(d)}"))
    voices = dict(re.findall(r'id="(ref-\d-\d)"[^>]* data-voices="([^"]+)"', html))
    one, two = "One independent source for this.", "2 independent sources for this."
    assert voices == {"ref-1-1": one, "ref-2-1": one, "ref-3-1": one, "ref-2-2": two, "ref-4-1": two}
    assert "independent" not in footnote(html, 1)
    assert f"b: {two}" in footnote(html, 2)
    assert f"<span>{two}</span>" in footnote(html, 4)


def test_a_fact_of_the_catalog_says_how_many_independent_sources_it_has(client):
    season = make_season(status="available")
    wire, other = make_source(), make_source()
    for source in (wire, make_source(derives_from=wire), other):
        make_citation(season, "status", make_passage(source=source))
    html = client.get(season.get_absolute_url()).content.decode()
    assert html.count('data-voices="2 independent sources for this."') == 3
    assert "2 independent sources for this." in footnote(html)


def test_the_evidence_is_shown_beside_each_block_and_only_when_it_is_asked_for(client):
    one, other = make_passage(exact="the words of one"), make_passage(exact="the words of another")
    body = (
        f"<p>It fell.{cite(one)} It rose.{cite(other)}</p>"
        '<p data-not-a-claim="opinion">A pity.</p>'
        f"<ul><li>It ended.{cite(one)}</li></ul>"
    )
    article = make_article(published=True, body=body)
    plain = page(client, article)
    assert 'class="proofs"' not in plain
    assert f'href="{article.get_absolute_url()}?evidence=shown#content"' in plain
    html = page(client, article, "?evidence=shown")
    blocks = re.findall(r'</(p|ul)>\s*<div class="proofs"', html)
    assert blocks == ["p", "ul"]
    assert html.count("the words of one") == plain.count("the words of one") + 2
    assert html.count("the words of another") == plain.count("the words of another") + 1
    assert "1, 2" not in html
    assert f'<link rel="canonical" href="http://testserver{article.get_absolute_url()}">' in html
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_both_pages_of_an_article_are_kept_apart_in_the_cache(client, django_assert_max_num_queries):
    source = make_source()
    cites = "".join(cite(make_passage(source=make_source(derives_from=source))) for _ in range(3))
    article = published(f"It fell.{cites}")
    path = article.get_absolute_url()
    cache.clear()
    with django_assert_max_num_queries(3):
        plain = client.get(path)
    with django_assert_max_num_queries(3):
        shown = client.get(f"{path}?evidence=shown")
    for response, again in ((plain, path), (shown, f"{path}?evidence=shown"), (plain, f"{path}?evidence=no")):
        with django_assert_max_num_queries(1):
            assert client.get(again).content == response.content


def test_an_article_says_when_its_evidence_was_checked_in_its_own_language(client):
    article = published(f"Er fiel.{cite(make_passage())}", language="de")
    today = timezone.localtime()
    assert f"{today.day}. " in page(client, article).partition("evidence-checked")[2][:200]
    before = client.get(article.get_absolute_url()).headers["Last-Modified"]
    run = check_everything(user=None)
    assert run.damage == 0
    later = run.started_at + datetime.timedelta(days=40)
    VerificationRun.objects.filter(pk=run.pk).update(started_at=later)
    spoken = page(client, article).partition("evidence-checked")[2][:200]
    assert str(timezone.localtime(later).year) in spoken
    assert client.get(article.get_absolute_url()).headers["Last-Modified"] != before


@pytest.mark.parametrize("fields", [{"damage": 1, "finished": True}, {"damage": 0, "finished": False}])
def test_a_run_that_found_damage_or_was_broken_off_is_no_check(client, fields):
    article = published(f"It fell.{cite(make_passage())}")
    later = timezone.now() + datetime.timedelta(days=400)
    VerificationRun.objects.create(
        started_at=later, finished_at=later if fields["finished"] else None, damage=fields["damage"]
    )
    assert f"{later.year}" not in page(client, article).partition("evidence-checked")[2][:120]


@pytest.mark.parametrize("state", ["unattached", "lost", "changed", "withdrawn"])
def test_what_cannot_be_checked_is_not_said_to_be(client, state):
    passage = make_passage(state="unattached") if state == "unattached" else make_passage()
    article = published(f"It fell.{cite(passage)}")
    if state != "unattached":
        type(passage).objects.filter(pk=passage.pk).update(state=state)
    html = page(client, article)
    assert "Not all of its evidence can be checked at present" in html
    assert "Evidence checked on" not in html


def test_an_article_without_sources_has_no_evidence_to_show(client):
    html = page(client, make_article(published=True, body='<p data-not-a-claim="opinion">A pity.</p>'))
    assert "Show the evidence" not in html
    assert 'class="evidence"' not in html


def test_the_page_that_explains_it_is_linked_from_footnotes_and_from_every_foot(
    client, django_assert_num_queries
):
    html = page(client, published(f"It fell.{cite(make_passage())}"))
    notes = html.partition('id="footnotes-heading"')[2]
    assert notes.count('href="/how-we-cite/"') == 2
    assert 'href="/how-we-cite/"' in client.get("/").content.decode()
    with django_assert_num_queries(0):
        explained = client.get("/how-we-cite/")
    assert explained.status_code == 200
    assert b"Independent sources" in explained.content
    assert (
        client.get("/how-we-cite/", headers={"If-None-Match": explained.headers["ETag"]}).status_code == 304
    )

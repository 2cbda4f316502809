from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from editorial.models import AuditEntry, Edition
from tests.factories import make_article, make_stage, make_user

pytestmark = pytest.mark.django_db
EXEMPT = '<p data-not-a-claim="opinion">We liked it.</p>'
UNSUPPORTED = "<p>It premiered in 2018.</p>"


def test_articles_are_published_and_their_addresses_named(capsys):
    article = make_article(slug="first", body=EXEMPT)
    make_article(slug="second", body=EXEMPT)
    call_command("publish", "first", "second")
    assert Edition.objects.live().count() == 2
    assert f"{article.get_absolute_url()} is published, edition 1." in capsys.readouterr().out


def test_a_refusal_lists_every_sentence_and_the_others_are_published(capsys):
    make_article(slug="bad", body=UNSUPPORTED)
    good = make_article(slug="good", body=EXEMPT)
    with pytest.raises(CommandError, match="1 of 2"):
        call_command("publish", "bad", "good")
    assert "It premiered in 2018." in capsys.readouterr().err
    assert Edition.objects.get().article == good


def test_a_slug_in_two_languages_needs_the_language():
    make_article(slug="same", language="en", kind="recap", body=EXEMPT)
    german = make_article(slug="same", language="de", kind="news", body=EXEMPT)
    with pytest.raises(CommandError):
        call_command("publish", "same")
    assert not Edition.objects.exists()
    call_command("publish", "same", language="de")
    assert Edition.objects.get().article == german


def test_an_unknown_article_is_named(capsys):
    with pytest.raises(CommandError):
        call_command("publish", "no-such-article")
    assert "no-such-article: there is no such article." in capsys.readouterr().err


def test_it_is_done_in_the_name_of_the_user_given():
    make_article(slug="first", body=EXEMPT)
    editor = make_user("Editors", username="eva")
    call_command("publish", "first", user="eva")
    assert AuditEntry.objects.get(verb="article.published").actor == editor


def test_what_waits_for_its_review_is_named_and_the_others_are_published(capsys):
    make_stage(kind="news")
    make_article(slug="waits", kind="news", body=EXEMPT)
    make_article(slug="first", body=EXEMPT)
    with pytest.raises(CommandError, match="1 of 2"):
        call_command("publish", "waits", "first")
    assert "waits: This is possible only for an article that is: approved" in capsys.readouterr().err
    assert Edition.objects.get().article.slug == "first"


def test_a_user_who_may_not_publish_publishes_nothing(capsys):
    make_article(slug="first", body=EXEMPT)
    make_user("Writers", username="wren")
    with pytest.raises(CommandError):
        call_command("publish", "first", user="wren")
    assert "may not do this" in capsys.readouterr().err
    assert not Edition.objects.exists()


def test_an_unknown_user_is_refused():
    make_article(slug="first", body=EXEMPT)
    with pytest.raises(CommandError, match="nobody"):
        call_command("publish", "first", user="nobody")
    assert not Edition.objects.exists()

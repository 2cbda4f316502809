"""Preview links: who makes them, what they show to whom, and that nothing else of them is found."""

from __future__ import annotations

import datetime
import logging
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.core.signing import Signer
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.dates import PartialDate
from config.logs import WithoutTokens
from editorial.actions import (
    TransitionRefused,
    keep_stray,
    make_preview,
    publish_article,
    retract_article,
    revoke_preview,
    save_article,
)
from editorial.models import AuditEntry, PreviewLink, Rendering
from editorial.previews import token_of
from tests.factories import (
    make_article,
    make_cast_entry,
    make_citation,
    make_contributor,
    make_passage,
    make_photo,
    make_season,
    make_user,
)
from tests.processes import output, start

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

DAY = datetime.timedelta(days=1)


@pytest.fixture
def editor():
    return make_user("Editors", username="edda")


def preview(article, user, number=None, **given):
    revision = article.revisions.get(number=number) if number else article.revisions.newest()
    return make_preview(user=user, article=article, revision=revision, **given)


def address(link):
    return reverse("editorial:preview", args=[token_of(link)])


def save(article, **fields):
    for name, value in fields.items():
        setattr(article, name, value)
    return save_article(user=None, article=article, based_on=article.revisions.newest().number)


def ago(link, **times):
    """The link as it will be some time later; what makes a row append-only is the database's."""
    made = link.created_at - 3 * DAY
    values = {"created_at": made, "expires_at": link.expires_at, **times}
    return PreviewLink.objects.create(
        revision=link.revision, created_by=link.created_by, html=link.html, **values
    )


def facts_of(season) -> str:
    return f'<div data-embed="facts" data-season="{season.series.slug}/{season.number}"></div>'


def counted(client, path) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


# What is kept of a revision


def test_a_save_keeps_the_embedded_tables_as_they_are():
    season = make_season(status="available")
    make_citation(season, "status")
    article = make_article(body=facts_of(season))
    season.status = "cancelled"
    season.save()
    html = Rendering.objects.get(revision=article.revisions.get()).html
    assert "vailable" in html
    assert "ancelled" not in html


def test_a_text_without_tables_needs_no_rendering():
    make_article()
    assert not Rendering.objects.exists()


def test_a_stray_and_a_restored_text_are_kept_as_well(editor):
    season = make_season()
    article = make_article()
    article.body = facts_of(season)
    stray = keep_stray(user=editor, article=article, based_on=1, contributors=[])
    assert Rendering.objects.get().revision == stray


def test_a_text_that_is_not_finished_is_saved_and_its_gaps_are_named(client, editor):
    body = '<p>So it is said.<cite data-passage="nobody#7"></cite></p>'
    body += '<div data-embed="cast" data-season="nowhere/3"></div>'
    html = client.get(address(preview(make_article(body=body), editor))).content.decode()
    assert "So it is said." in html
    assert "[nobody#7: no source has this passage]" in html
    assert "Missing here: cast nowhere/3" in html


# Who makes and revokes


def test_writers_make_links_for_their_own_texts_editors_for_all_and_others_for_none(editor):
    writer = make_user("Writers")
    own, other = make_article(author=writer), make_article()
    assert preview(own, writer).created_by == writer
    assert preview(other, editor)
    assert preview(other, make_user("Administrators"))
    for user, article in (
        (writer, other),
        (make_user("Fact-checkers"), own),
        (make_user(None, is_staff=True), own),
    ):
        with pytest.raises(PermissionDenied):
            preview(article, user)


def test_a_link_is_valid_for_a_week_unless_told_otherwise_and_for_a_month_at_most(editor):
    article = make_article()
    now = timezone.now()
    assert abs(preview(article, editor).expires_at - now - 7 * DAY) < datetime.timedelta(minutes=1)
    assert preview(article, editor, expires_at=now + 30 * DAY)
    for wrong in (now - DAY, now + 31 * DAY):
        with pytest.raises(TransitionRefused):
            preview(article, editor, expires_at=wrong)


def test_a_link_is_for_a_revision_of_the_article(editor):
    with pytest.raises(TransitionRefused):
        make_preview(user=editor, article=make_article(), revision=make_article().revisions.get())


def test_the_log_says_who_made_and_revoked_it_and_never_the_address(editor):
    link = preview(make_article(), editor)
    revoke_preview(user=editor, link=link)
    revoke_preview(user=editor, link=link)
    revoked, made = AuditEntry.objects.filter(verb__startswith="article.preview").order_by("-pk")
    assert (made.verb, revoked.verb) == ("article.preview_made", "article.preview_revoked")
    assert made.actor == revoked.actor == editor
    assert made.data == {
        "revision": 1,
        "preview": link.pk,
        "expires_at": link.expires_at.isoformat(),
    }
    everything = f"{made.data} {revoked.data} {made.target_label}"
    assert token_of(link).partition(".")[2] not in everything


def test_a_link_is_revoked_by_who_made_it_or_might_have(editor):
    writer = make_user("Writers")
    link = preview(make_article(author=writer), writer)
    for stranger in (make_user("Writers"), make_user("Fact-checkers")):
        with pytest.raises(PermissionDenied):
            revoke_preview(user=stranger, link=link)
    revoke_preview(user=editor, link=link)
    link.refresh_from_db()
    assert link.revoked_at is not None


@pytest.mark.django_db(transaction=True)
def test_of_two_who_revoke_at_once_one_is_logged():
    editor = make_user("Editors")
    link = preview(make_article(), editor)
    code = (
        "from django.contrib.auth.models import User\n"
        "from editorial.actions import revoke_preview\n"
        "from editorial.models import PreviewLink\n"
        f"user, link = User.objects.get(pk={editor.pk}), PreviewLink.objects.get(pk={link.pk})\n"
        "revoke_preview(user=user, link=link)\n"
    )
    for process in [start(code), start(code)]:
        output(process)
    assert AuditEntry.objects.filter(verb="article.preview_revoked").count() == 1


# What is seen


def test_a_link_shows_one_revision_whatever_became_of_the_article(client, editor):
    season = make_season(status="available")
    make_citation(season, "status")
    passage = make_passage(exact="carried by this")
    article = make_article(
        title="As it was",
        standfirst="In a word.",
        body=f'<p>It holds.<cite data-passage="{passage.key}"></cite></p>{facts_of(season)}',
        photo=make_photo(alt="A field", caption="Blue agave", credit="Drawn by us"),
        season=season,
        series=season.series,
        spoils_through=season,
    )
    save_article(
        user=None, article=article, based_on=1, contributors=[make_contributor(name="Zoe", role="Critic")]
    )
    path = address(preview(article, editor, 2))
    season.status = "cancelled"
    season.save()
    save(article, title="As it became", season=None, photo=None, body="<p>Other words?</p>", kind="news")
    article.body = '<p data-not-a-claim="opinion">Other words.</p>'
    save(article)
    publish_article(user=None, article=article)
    retract_article(user=None, article=article, looked_at=4, reason="No.")
    response = client.get(path)
    html = " ".join(response.content.decode().split())
    assert response.status_code == 200
    for text in ("As it was", "In a word.", "It holds.", "carried by this", "Zoe", "Critic", "vailable"):
        assert text in html
    for text in ('alt="A field"', "Blue agave", "Drawn by us", f"through {season}", "Recaps"):
        assert text in html
    for text in ("As it became", "Other words", "ancelled"):
        assert text not in html
    assert "Preview, not a published page." in html
    assert "This is revision 2 of the text, saved on" in html
    assert "Its tables are as they were on" in html
    assert "The link is valid until" in html


def test_a_preview_speaks_the_language_of_its_article(client, editor):
    article = make_article(language="de", title="Der Patrón fällt")
    response = client.get(address(preview(article, editor)), headers={"Accept-Language": "es"})
    assert '<html lang="de">' in response.content.decode()
    assert response.headers["Content-Language"] == "de"


def test_previews_are_kept_by_no_cache_found_by_no_machine_and_name_no_address(client, editor):
    article = make_article(photo=make_photo())
    link = preview(article, editor)
    spent = ago(link, expires_at=timezone.now() - DAY)
    photo = f"{address(link)}photos/{article.photo.slug}"
    for path in (address(link), address(spent), "/preview/nothing/", photo, f"{address(link)}photos/no"):
        response = client.get(path)
        assert response.headers["Cache-Control"] == "private, no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response.headers["X-Robots-Tag"]
        assert not {"ETag", "Last-Modified"} & response.headers.keys() or response.streaming
        assert not response.cookies
        if not response.streaming:
            html = response.content.decode()
            assert '<meta name="robots" content="noindex' in html
            assert not re.search(r'rel="canonical"|property="|ld\+json', html)
    # Those who send back the date of a photo get nothing kept either.
    later = client.get(photo, headers={"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"})
    assert later.status_code == 304
    assert later.headers["Cache-Control"] == "private, no-store"
    assert b"preview" not in client.get("/robots.txt").content


def wrong_tokens(link) -> list[str]:
    token = token_of(link)
    number, _dot, signature = token.partition(".")
    return [
        number,
        f"{number}.",
        f"{int(number) + 1}.{signature}",
        f"0{number}.{signature}",
        token[:-1],
        f"{token}x",
        token.swapcase(),
        signature,
        Signer(sep=".").sign(number),
        Signer(salt="editorial.preview", sep=".", key="another").sign(number),
        Signer(salt="editorial.preview", sep=".").sign(str(link.pk + 1000)),
        "\x00",
        "x" * 3000,
    ]


def test_an_address_that_we_did_not_sign_shows_nothing(client, editor):
    link = preview(make_article(title="A secret headline"), editor)
    for token in wrong_tokens(link):
        response = client.get(reverse("editorial:preview", args=[token]))
        assert response.status_code == 404
        assert b"There is no preview at this address" in response.content
        assert b"A secret headline" not in response.content


def test_a_new_secret_ends_every_link_even_while_the_old_one_is_kept(client, editor, settings):
    link = preview(make_article(), editor)
    path = address(link)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new one"
    assert client.get(path).status_code == 404


def test_an_expired_and_a_revoked_link_say_so_and_nothing_of_the_text(client, editor):
    article = make_article(title="A secret headline", photo=make_photo())
    link, revoked = preview(article, editor), preview(article, editor)
    expired = ago(link, expires_at=timezone.now() - DAY)
    revoke_preview(user=editor, link=revoked)
    for spent, words in ((expired, "This preview has expired"), (revoked, "This preview was withdrawn")):
        for path in (address(spent), f"{address(spent)}photos/{article.photo.slug}"):
            response = client.get(path)
            assert response.status_code == 410
            assert words in response.content.decode()
            assert b"secret" not in response.content
            assert client.head(path).status_code == 410
    assert client.get(address(link)).status_code == 200
    assert client.post(address(link)).status_code == 405


def test_a_preview_shows_its_own_photos_and_no_others(client, editor):
    photo, other = make_photo(), make_photo()
    article = make_article(photo=photo)
    path = address(preview(article, editor))
    save(article, photo=other)
    html = client.get(path).content.decode()
    assert f'src="{path}photos/{photo.slug}"' in html
    assert photo.image.url not in html
    shown = client.get(f"{path}photos/{photo.slug}")
    assert b"".join(shown) == photo.image.open().read()
    assert shown.headers["Content-Type"] == "image/webp"
    assert client.get(f"{path}photos/{other.slug}").status_code == 404
    assert client.get(f"{path}photos/nothing").status_code == 404
    assert client.get(photo.image.url).status_code == 404


def test_photos_in_the_text_of_a_preview_have_addresses_below_it(client, editor):
    photo, other = make_photo(), make_photo()
    revision = make_article().revisions.get()
    link = PreviewLink.objects.create(
        revision=revision,
        created_by=editor,
        created_at=timezone.now(),
        expires_at=timezone.now() + DAY,
        html=f'<figure><img src="{photo.image.url}" alt=""></figure>',
    )
    html = client.get(address(link)).content.decode()
    assert f'src="{address(link)}photos/{photo.slug}"' in html
    assert photo.image.url not in html
    assert client.get(f"{address(link)}photos/{photo.slug}").status_code == 200
    assert client.get(f"{address(link)}photos/{other.slug}").status_code == 404


def test_a_photo_whose_rights_have_ended_is_in_no_preview(client, editor):
    photo = make_photo(rights_until=PartialDate(2019))
    path = address(preview(make_article(photo=photo), editor))
    assert "<figure" not in client.get(path).content.decode()
    assert client.get(f"{path}photos/{photo.slug}").status_code == 404


def test_a_preview_takes_as_many_queries_with_3_rows_as_with_30(client, editor):
    counts = set()
    for number in (3, 30):
        season = make_season()
        for _ in range(number):
            make_citation(make_cast_entry(season=season))
        cast = facts_of(season).replace("facts", "cast")
        article = make_article(body=cast, season=season, series=season.series, photo=make_photo())
        people = [make_contributor() for _ in range(number)]
        save_article(user=None, article=article, based_on=1, contributors=people)
        link = preview(article, editor)
        counts.add(counted(client, address(link)))
    assert counts == {2}


def test_no_log_holds_the_token_of_a_preview(client, editor, caplog, settings):
    assert settings.LOGGING["handlers"]["stderr"]["filters"] == ["without_tokens"]
    link = preview(make_article(), editor)
    caplog.handler.addFilter(WithoutTokens())
    with caplog.at_level(logging.WARNING):
        client.get(f"{address(link)}photos/nothing")
        client.get("/nothing/here/")
    assert "/preview/…/photos/nothing" in caplog.text
    assert token_of(link) not in caplog.text
    assert "/nothing/here/" in caplog.text

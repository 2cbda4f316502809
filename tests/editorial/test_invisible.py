"""What is not published is on no public address: every route of the site, filled with everything there is.

Each text that readers must not have carries words of its own in every field, each photo colours of its own.
The walk asks the resolver for its routes: one that is added is visited without being named here, and one
with a part that the walk cannot fill fails the test.
"""

from __future__ import annotations

import datetime
import io
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.core.files.base import ContentFile
from django.core.signing import Signer
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from django.utils import timezone
from PIL import Image

from catalog.dates import PartialDate
from catalog.models import Character, Person, Photo, Season, Series, Source
from editorial.actions import (
    archive_article,
    correct_article,
    keep_stray,
    make_preview,
    publish_article,
    reopen_article,
    request_changes,
    retract_article,
    revoke_preview,
    run_due_item,
    save_article,
    schedule_article,
    submit_article,
    unpublish_article,
)
from editorial.models import (
    Article,
    Comment,
    Contributor,
    Correction,
    DueItem,
    Edition,
    PreviewLink,
    Revision,
)
from editorial.previews import token_of
from tests.factories import (
    make_article,
    make_contributor,
    make_passage,
    make_photo,
    make_season,
    make_stage,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

HOUR = datetime.timedelta(hours=1)
MARK = "quux"  # begins every word that must stay inside
MARKED = re.compile(rf"{MARK}[a-z]*", re.IGNORECASE)
QUERIES = (
    "",
    f"?q={MARK}",
    "?page=1",
    "?page=2",
    "?page=999",
    "?page=x",
    f"?kind={MARK}&preview=1&format=json",
)


@dataclass
class Secrets:
    """What must not be seen: bytes of photos by what they belong to; words are known by how they begin."""

    photos: dict[str, bytes] = field(default_factory=dict)
    tombstone: set[str] = field(default_factory=set)  # the words that a retracted page may keep

    def photo(self, state: str, **fields) -> Photo:
        colour = (len(self.photos) * 37 % 256, 90, 200)
        raw = io.BytesIO()
        Image.new("RGB", (48, 27), colour).save(raw, "WEBP", lossless=True)
        self.photos[state] = raw.getvalue()
        words = {name: f"{MARK}{state}{name}" for name in ("alt", "caption", "credit")}
        image = ContentFile(raw.getvalue(), f"{state}.webp")
        return make_photo(slug=f"photo-of-{state}", image=image, **words | fields)

    def fields(self, state: str) -> dict:
        """The fields of a text: its own words in each that a person fills in."""
        passage = make_passage(exact=f"{MARK}{state}passage and more")
        word = f"{MARK}{state}"
        return {
            "slug": f"{state}-text",
            "title": f"{word}title",
            "spoiler_free_title": f"{word}listed",
            "standfirst": f"{word}standfirst",
            "body": f'<h2>{word}heading?</h2><p>{word}body.<cite data-passage="{passage.key}"></cite></p>'
            f'<p data-not-a-claim="{word}reason">{word}exempt</p>',
            "photo": self.photo(state),
            "contributors": (make_contributor(slug=f"by-{state}", name=f"{word}byline", role=f"{word}role"),),
        }

    def article(self, state: str, *, published: bool = False, **given) -> Article:
        """Saved twice: what the first revision says is as secret as what the second does."""
        fields = self.fields(state) | given
        contributors = fields.pop("contributors")
        article = make_article(**fields)
        author = given.get("author")
        save_article(user=author, article=article, based_on=1, contributors=contributors)
        if published:
            publish_article(user=None, article=article)
        return article


@pytest.fixture
def secrets() -> Secrets:
    return Secrets()


def publish_and(secrets: Secrets, state: str, take, **given) -> Article:
    article = secrets.article(state, published=True)
    take(user=None, article=article, looked_at=None, **given)
    return article


def scheduled(secrets: Secrets, state: str, **more) -> Article:
    """For the machine's clock: the article waits for its time."""
    article = secrets.article(state, kind="guide")
    submit_article(user=None, article=article, looked_at=None)
    schedule_article(
        user=None,
        article=article,
        looked_at=None,
        publish_at=timezone.now() + HOUR,
        expire_at=timezone.now() + 2 * HOUR,
    )
    return article


def expired(secrets: Secrets) -> None:
    """It came and went at its time."""
    article = scheduled(secrets, "expired")
    for verb in ("publish", "expire"):
        item = DueItem.objects.get(article=article, verb=verb, closed_at=None)
        DueItem.objects.filter(pk=item.pk).update(due_at=timezone.now() - HOUR)
        item.refresh_from_db()
        run_due_item(item)


def draft_over_a_live_text(secrets: Secrets, state: str, **fields) -> Article:
    """Readers have “What everybody reads”; the secret text waits over it, at the same address."""
    secret = secrets.fields(state) | fields
    article = make_article(published=True, slug=secret.pop("slug"), title="What everybody reads")
    contributors = secret.pop("contributors")
    for name, value in secret.items():
        setattr(article, name, value)
    save_article(user=None, article=article, based_on=1, contributors=contributors)
    return article


def every_state(secrets: Secrets) -> None:
    """An article in each state that readers must not see anything of."""
    editor, checker = make_user("Editors"), make_user("Fact-checkers")
    secrets.article("draft")
    secrets.article("embargoed", embargo_until=timezone.now() + HOUR)
    secrets.article("german", language="de")
    make_stage(name="Editing", group="Fact-checkers", kind="news")
    waiting = secrets.article("waiting", kind="news", author=editor)
    submit_article(user=editor, article=waiting, looked_at=None, note=f"{MARK}note")
    sent_back = secrets.article("sentback", kind="news", author=editor)
    step = submit_article(user=editor, article=sent_back, looked_at=None).steps.get()
    request_changes(user=checker, article=sent_back, step=step, looked_at=None, comment=f"{MARK}wrong")
    submit_article(user=None, article=secrets.article("approved", kind="guide"), looked_at=None)
    scheduled(secrets, "scheduled")
    expired(secrets)
    archive_article(user=None, article=secrets.article("archived"), looked_at=None)
    publish_and(secrets, "unpublished", unpublish_article, reason=f"{MARK}inside")
    publish_and(secrets, "retracted", retract_article, reason="Nobody had said it.")
    secrets.tombstone = {f"{MARK}retractedtitle", f"{MARK}retractedlisted"}
    reopened = publish_and(secrets, "reopened", retract_article, reason=f"{MARK}reopenedwhy")
    reopen_article(user=None, article=reopened, looked_at=None)
    draft_over_a_live_text(secrets, "overlive")
    changed = draft_over_a_live_text(secrets, "waitinglive", kind="recap")
    submit_article(user=None, article=changed, looked_at=2)
    replaced(secrets)
    stray(secrets, editor)
    remarks(editor)
    previews(secrets, editor)
    unused(secrets)


def replaced(secrets: Secrets) -> None:
    """A photo that an edition showed until another was published in its place, and one without rights."""
    article = make_article(published=True, photo=secrets.photo("replaced"))
    article.photo = None
    save_article(user=None, article=article, based_on=1)
    publish_article(user=None, article=article)
    make_article(published=True, photo=secrets.photo("rightless", rights_until=PartialDate(2019)))


def stray(secrets: Secrets, editor) -> None:
    article = make_article(published=True, title="Saved by two at once")
    late = secrets.fields("stray")
    article.title, article.body, article.photo = late["title"], late["body"], late["photo"]
    keep_stray(user=editor, article=article, based_on=None, contributors=list(late["contributors"]))


def remarks(editor) -> None:
    """What the desk says to each other about a text that readers have, and what it corrected."""
    article = make_article(published=True, title="Discussed")
    Comment.objects.create(
        article=article,
        author=editor,
        author_label=f"{MARK}commenter",
        text=f"{MARK}remark",
        at=timezone.now(),
        revision=article.revisions.get(),
        exact=f"{MARK}exact",
    )
    article.title = "Discussed and corrected"
    save_article(user=None, article=article, based_on=1)
    correct_article(user=None, article=article, looked_at=2, kind="correction", note="It said so before.")


def previews(secrets: Secrets, editor) -> None:
    """Links that are valid, expired and revoked: without a token none of them opens."""
    article = secrets.article("previewed")
    revision = article.revisions.newest()
    make_preview(user=editor, article=article, revision=revision)
    link = make_preview(user=editor, article=article, revision=revision)
    revoke_preview(user=editor, link=link)
    PreviewLink.objects.create(
        revision=revision,
        created_by=editor,
        created_at=timezone.now() - 2 * HOUR,
        expires_at=timezone.now() - HOUR,
        html=link.html,
    )


def unused(secrets: Secrets) -> None:
    """A photo that no text names, and files that no photo has."""
    photo = secrets.photo("unused")
    secrets.photos["leftover"] = b"left over from an upload"
    photo.image.storage.save("photos/leftover.webp", ContentFile(secrets.photos["leftover"]))


# The walk


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route of the site outside the admin, as `series/<slug:slug>/`."""
    for one in (resolver or get_resolver()).url_patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route, one
        elif one.app_name != "admin":
            yield from routes(one, route)


def slugs() -> list[str]:
    models = (Article, Series, Person, Character, Source, Photo, Contributor)
    stored = [slug for model in models for slug in model.objects.values_list("slug", flat=True)]
    return sorted(
        {*stored, *Edition.objects.values_list("revision__content__slug", flat=True), MARK, "draft"}
    )


def without_a_key() -> list[str]:
    """Tokens that somebody may try: guessed, signed for something else, expired, revoked."""
    tried = [MARK, "1", "1.", "0", "None", "a.b.c"]
    for link in PreviewLink.objects.all():
        token = token_of(link)
        number, _dot, signature = token.partition(".")
        tried += [number, token[:-1], f"{token}0", f"{link.pk + 1}.{signature}", token.upper()]
        tried += [Signer(sep=".").sign(number), Signer().sign(number)]
        if link.revoked_at or link.expires_at < timezone.now():
            tried.append(token)
    return tried


def media_paths() -> list[str]:
    names = list(Photo.objects.values_list("image", flat=True))
    return [
        *names,
        "photos/leftover.webp",
        "photos/",
        "photos",
        "../ibid.sqlite3",
        *(f"/{name}" for name in names),
    ]


def fillings(pattern: URLPattern) -> dict[str, list]:
    """What each part of a route is filled with, in all combinations. A part that is not known here fails."""
    ids = range(1, 1 + max(model.objects.count() for model in (Article, Revision, Edition, Correction)))
    known = {
        "slug": slugs(),
        "number": sorted({*Season.objects.values_list("number", flat=True), 0, 99}),
        "pk": list(ids),
        "token": without_a_key(),
        "path": media_paths(),
        "series": slugs(),
        "language": ["en", "de", "es"],
    }
    assert isinstance(pattern.pattern, RoutePattern), f"the walk reads no regular expressions: {pattern}"
    parts = pattern.pattern.converters
    if {"token", "slug"} <= parts.keys():  # photos of a preview
        known |= {"slug": ["photo-of-previewed", "photo-of-draft"]}
    assert parts.keys() <= known.keys(), f"say what to fill {pattern.pattern} with: {parts}"
    return {name: known[name] for name in parts}


def addresses() -> Iterator[str]:
    for route, pattern in routes():
        filled = fillings(pattern)
        for values in itertools.product(*filled.values()):
            address = route
            for name, value in zip(filled, values, strict=True):
                address = re.sub(rf"<(?:\w+:)?{name}>", lambda _match, value=value: str(value), address)
            assert "<" not in address, address
            yield f"/{address}"


def content_of(response: HttpResponse) -> bytes:
    return b"".join(response) if response.streaming else response.content


def everything(response: HttpResponse) -> bytes:
    """What a reader gets: the body, and the headers."""
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return headers.encode() + b"\n\n" + content_of(response)


def asked_again(client, address: str, first: HttpResponse) -> Iterator[HttpResponse]:
    """The same address for those who kept something, and for those who ask only for its headers."""
    yield client.head(address)
    for date in (first.headers.get("Last-Modified"), "Thu, 01 Jan 2099 00:00:00 GMT"):
        if date:
            yield client.get(address, headers={"If-Modified-Since": date})
    for tag in filter(None, (first.headers.get("ETag"), '"0"', "*")):
        yield client.get(address, headers={"If-None-Match": tag})
    yield client.get(address, headers={"Accept-Language": "de", "Accept": "application/json"})
    yield client.get(address, headers={"Range": "bytes=0-1000000"})


def seen(response: HttpResponse, secrets: Secrets) -> set[str]:
    """The marked words and the photos in a response."""
    content = everything(response)
    found = {word.lower() for word in MARKED.findall(content.decode("utf-8", "replace"))}
    return found | {f"photo of {state}" for state, data in secrets.photos.items() if data in content}


def walk(client, secrets: Secrets) -> tuple[list[str], set[int]]:
    """What is seen where it must not be, and the statuses that were met."""
    leaks, statuses = [], set()
    for address in addresses():
        first = client.get(address)
        statuses.add(first.status_code)
        responses = [first]
        if first.status_code == 200:
            responses += [client.get(address + query) for query in QUERIES]
        if first.status_code != 404:
            responses += asked_again(client, address, first)
        for response in responses:
            words = seen(response, secrets)
            # A search may say what was searched for.
            words -= {MARK} if MARK in response.request["QUERY_STRING"] or MARK in address else set()
            if (
                response.status_code == 200 and "/recaps/retracted-text/" in address
            ) or "corrections" in address:
                words -= secrets.tombstone
            leaks += [f"{address} ({response.status_code}): {word}" for word in sorted(words)]
    return leaks, statuses


def test_what_is_not_published_is_on_no_public_address(client, secrets):
    every_state(secrets)
    leaks, statuses = walk(client, secrets)
    assert leaks == []
    assert statuses >= {200, 404, 410}


def test_a_retracted_page_is_a_tombstone_with_its_headline_and_reason(client, secrets):
    publish_and(secrets, "retracted", retract_article, reason="Nobody had said it.")
    response = client.get("/recaps/retracted-text/")
    assert response.status_code == 200
    assert "Nobody had said it." in response.content.decode()
    assert seen(response, secrets) == {f"{MARK}retractedtitle"}


def test_the_walk_sees_what_is_published(client, secrets):
    """The same words, once readers may have them: the walk would have found them."""
    secrets.article("shown", published=True, season=(season := make_season()), series=season.series)
    leaks, _statuses = walk(client, secrets)
    where = {line.partition(" ")[0] for line in leaks}
    assert {"/", "/recaps/", "/recaps/shown-text/", "/media/photos/shown.webp"} <= where
    words = {line.rpartition(": ")[2] for line in leaks}
    shown = ("title", "listed", "standfirst", "heading", "body", "exempt", "byline", "role", "alt", "caption")
    assert {f"{MARK}shown{name}" for name in shown} | {"photo of shown"} <= words
    assert f"{MARK}shownreason" not in words


def test_what_the_desk_is_shown_in_public_places_are_photos_alone_and_privately(client, secrets):
    every_state(secrets)
    client.force_login(make_user("Administrators"))
    for address in addresses():
        response = client.get(address)
        if not seen(response, secrets) - secrets.tombstone:
            continue
        assert address.startswith("/media/photos/")
        assert response.headers["Cache-Control"] == "private, no-cache"

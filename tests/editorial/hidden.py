"""A newsroom full of what readers must not have: an article in each such state, with words of its own."""

from __future__ import annotations

import datetime
import io
from dataclasses import dataclass, field

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from catalog.dates import PartialDate
from catalog.models import Photo, Source
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
from editorial.models import Article, Comment, DueItem, PreviewLink
from tests.factories import (
    make_article,
    make_contributor,
    make_passage,
    make_photo,
    make_source,
    make_stage,
    make_user,
)

HOUR = datetime.timedelta(hours=1)
WITH_PORTRAIT = {"draft", "retracted", "shown"}  # each photo makes the walk longer
MARK = "quux"  # begins every word that must stay inside


@dataclass
class Secrets:
    """What must not be seen: bytes of photos by what they belong to; words are known by how they begin."""

    photos: dict[str, bytes] = field(default_factory=dict)
    tombstone: set[str] = field(default_factory=set)  # the words that a retracted page may keep
    source: Source | None = None  # one that all texts cite: each of its own makes the walk longer

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
        self.source = self.source or make_source()
        passage = make_passage(self.source, exact=f"{MARK}{state}passage and more")
        word = f"{MARK}{state}"
        return {
            "slug": f"{state}-text",
            "title": f"{word}title",
            "spoiler_free_title": f"{word}listed",
            "standfirst": f"{word}standfirst",
            "body": f'<h2>{word}heading?</h2><p>{word}body.<cite data-passage="{passage.key}"></cite></p>'
            f'<p data-not-a-claim="{word}reason">{word}exempt</p>',
            "photo": self.photo(state),
            "contributors": (
                make_contributor(
                    slug=f"by-{state}",
                    name=f"{word}byline",
                    role=f"{word}role",
                    biography=f"{word}biography",
                    portrait=self.photo(f"{state}-portrait") if state in WITH_PORTRAIT else None,
                ),
            ),
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


def publish_and(secrets: Secrets, state: str, take, **given) -> Article:
    article = secrets.article(state, published=True)
    take(user=None, article=article, looked_at=None, **given)
    return article


def scheduled(secrets: Secrets, state: str) -> Article:
    """It waits for its time."""
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
    reopened = publish_and(secrets, "reopened", retract_article, reason="Nobody had said it.")
    reopen_article(user=None, article=reopened, looked_at=None)
    secrets.tombstone = {
        f"{MARK}{name}{what}" for name in ("retracted", "reopened") for what in ("title", "listed")
    }
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

"""The demo newsroom, loaded and published, and the addresses of one page of each type."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from catalog.models import Passage, Season, Source
from editorial.actions import (
    correct_article,
    make_preview,
    publish_article,
    retract_article,
    revoke_preview,
    save_article,
    unpublish_article,
)
from editorial.demo import BUNDLE
from editorial.imports import import_bundle
from editorial.models import Article, ArticleKind, Correction, PreviewLink
from editorial.previews import token_of
from tests.copies import filled
from tests.factories import make_citation, make_episode


def load_newsroom(*, corrected: bool = False) -> None:
    """Import the demo bundle and publish its five articles, as `make run` does.

    `corrected` adds what the demo has none of: a correction, a retracted page and one that is gone, a text
    that is not finished with a link to its preview, a link that was revoked, and an episode with a page.
    """
    if corrected:
        filled("newsroom, corrected", fill_newsroom)
    else:
        filled("newsroom", _load)


def fill_newsroom() -> None:
    """What `load_newsroom(corrected=True)` loads, into any database."""
    _load()
    _correct()
    _preview()
    _tell_of_an_episode()


def import_newsroom() -> None:
    """Import the demo bundle: nothing is published."""
    filled("bundle", lambda: import_bundle(user=None, path=BUNDLE))


def _load() -> None:
    import_newsroom()
    for article in Article.objects.order_by("pk"):
        publish_article(user=None, article=article)


def _correct() -> None:
    article = Article.objects.get(kind="news")
    article.standfirst = f"{article.standfirst} The date has been set."
    save_article(user=None, article=article, based_on=1)
    note = "An earlier version of this page left out the date."
    correct_article(user=None, article=article, looked_at=2, kind="correction", note=note)
    for slug, take in (("retracted", retract_article), ("gone", unpublish_article)):
        other = Article(
            slug=slug,
            kind="news",
            title="What nobody said",
            standfirst="In short.",
            body='<p data-not-a-claim="example">This was never so.</p>',
        )
        save_article(user=None, article=other, based_on=None)
        publish_article(user=None, article=other)
        take(user=None, article=other, looked_at=1, reason="Nobody had said it.")


def _preview() -> None:
    guide = Article.objects.filter(kind="guide").first()
    draft = Article(
        slug="what-comes-next",
        kind="guide",
        title="What comes next",
        standfirst=guide.standfirst,
        season=guide.season,
        photo=guide.photo,
        body=f'{guide.body}<p>Nobody has said this yet.<cite data-passage="nobody#1"></cite></p>'
        '<div data-embed="cast" data-season="narcos-mexico/9"></div>',
    )
    byline = list(guide.contributors.all())
    revision = save_article(user=None, article=draft, based_on=None, contributors=byline)
    chief = get_user_model().objects.create_superuser("chief")
    for _number in range(2):
        link = make_preview(user=chief, article=draft, revision=revision)
    revoke_preview(user=chief, link=link)


def _tell_of_an_episode() -> None:
    season = Season.objects.get(series__slug="narcos-mexico", number=1)
    passage = Passage.objects.order_by("pk").first()
    make_citation(make_episode(season=season, number=1, title="Camelot"), "title", passage)


def reader_pages() -> dict[str, str]:
    """Every type of reader page by name, once the newsroom is loaded.

    `fault` needs `tests.urls_with_fault`.
    """
    pages = {"home": "/"}
    for article in Article.objects.published().order_by("kind"):
        pages[f"{article.kind}"] = article.get_absolute_url()
    for kind in ArticleKind.values:
        pages[f"{kind} list"] = f"/{kind}/" if kind == "news" else f"/{kind}s/"
    pages |= {
        "series": "/series/narcos-mexico/",
        "season": "/series/narcos-mexico/season-2/",
        "person": "/people/diego-luna/",
        "character": "/characters/narcos-mexico/amat-palacios/",
        "byline": "/bylines/opal-citron/",
        "report": f"{Article.objects.published().order_by('kind').first().get_absolute_url()}report/?note=1",
        "year": f"/recaps/{timezone.localtime().year}/",
        "source list": "/sources/",
        "source": Source.objects.order_by("pk").first().get_absolute_url(),
        "correction list": "/corrections/",
        "how we cite": "/how-we-cite/",
        "data": "/data/",
        "search": "/search/?q=pena",
        "not found": "/no-such-page/",
        "fault": "/fault/",
    }
    correction = Correction.objects.filter(kind="correction").first()
    if correction is not None:
        pages |= {
            "correction": f"/corrections/{correction.pk}/",
            "retracted": "/news/retracted/",
            "gone": "/news/gone/",
            "episode": "/series/narcos-mexico/season-1/episode-1/",
        }
    for link in PreviewLink.objects.all():
        name = "preview" if link.revoked_at is None else "revoked preview"
        pages[name] = reverse("editorial:preview", args=[token_of(link)])
    return pages

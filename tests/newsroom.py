"""The demo newsroom, loaded and published, and the addresses of one page of each type."""

from __future__ import annotations

from catalog.models import Source
from editorial.actions import (
    correct_article,
    publish_article,
    retract_article,
    save_article,
    unpublish_article,
)
from editorial.demo import BUNDLE
from editorial.imports import import_bundle
from editorial.models import Article, ArticleKind, Correction


def load_newsroom(*, corrected: bool = False) -> None:
    """Import the demo bundle and publish its five articles, as `make run` does.

    `corrected` adds what the demo has none of: a correction, a retracted page and one that is gone.
    """
    import_bundle(user=None, path=BUNDLE)
    for article in Article.objects.order_by("pk"):
        publish_article(user=None, article=article)
    if corrected:
        _correct()


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
        "source list": "/sources/",
        "source": Source.objects.order_by("pk").first().get_absolute_url(),
        "correction list": "/corrections/",
        "not found": "/no-such-page/",
        "fault": "/fault/",
    }
    correction = Correction.objects.filter(kind="correction").first()
    if correction is not None:
        pages |= {
            "correction": f"/corrections/{correction.pk}/",
            "retracted": "/news/retracted/",
            "gone": "/news/gone/",
        }
    return pages

"""The demo newsroom, loaded and published, and the addresses of one page of each type."""

from __future__ import annotations

from catalog.models import Source
from editorial.actions import publish_article
from editorial.demo import BUNDLE
from editorial.imports import import_bundle
from editorial.models import Article, ArticleKind


def load_newsroom() -> None:
    """Import the demo bundle and publish its five articles, as `make run` does."""
    import_bundle(user=None, path=BUNDLE)
    for article in Article.objects.order_by("pk"):
        publish_article(user=None, article=article)


def reader_pages() -> dict[str, str]:
    """Every type of reader page by name, once the newsroom is loaded.

    `fault` needs `tests.urls_with_fault`.
    """
    pages = {"home": "/"}
    for article in Article.objects.order_by("kind"):
        pages[f"{article.kind}"] = article.get_absolute_url()
    for kind in ArticleKind.values:
        pages[f"{kind} list"] = f"/{kind}/" if kind == "news" else f"/{kind}s/"
    pages |= {
        "series": "/series/narcos-mexico/",
        "season": "/series/narcos-mexico/season-2/",
        "person": "/people/diego-luna/",
        "source list": "/sources/",
        "source": Source.objects.order_by("pk").first().get_absolute_url(),
        "not found": "/no-such-page/",
        "fault": "/fault/",
    }
    return pages

"""How much of a source readers see, in the catalog and in articles, and what publishing an article adds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import escape

from catalog.models import Passage, Source
from catalog.quoting import Quoted, measure, most_marked, public_passages, quoted
from editorial.models import Article, Edition, Footnote

LOOKED_AT = 50  # sources: to measure one takes as long as to show its page


@dataclass(frozen=True, slots=True)
class Added:
    """What readers see of a source now, and what they would with an article."""

    source: Source
    now: Quoted
    then: Quoted


def quoted_publicly(sources: Iterable[Source]) -> dict[int, Quoted]:
    """What readers see of each source, by its id: beside public facts, and in footnotes of live articles.

    Counted are the excerpts as they are now. An article that shows an excerpt as it was before is one of
    `showing_old_excerpts`.
    """
    sources = list(sources)
    return quoted(sources, also=_live_footnotes(sources).values_list("passage_id", flat=True))


def added_by(article: Article, passages: Iterable[Passage]) -> list[Added]:
    """What the article, citing these passages, would change for each of their sources.

    Its live edition, if it has one, would end. The tables that it embeds show public facts, so that they add
    nothing. Ten queries at most, and none for an article without passages.
    """
    passages = list(passages)
    sources = {passage.source_id: passage.source for passage in passages}
    if not sources:
        return []
    public = public_passages(sources.values())
    live = list(_live_footnotes(sources.values()).values_list("passage_id", "edition__article_id"))
    others = {passage for passage, article_id in live if article_id != article.pk}
    now = measure(sources.values(), public | {passage for passage, _article in live})
    then = measure(sources.values(), public | others | {passage.pk for passage in passages})
    return [Added(source, now[pk], then[pk]) for pk, source in sources.items()]


def over_their_limit() -> list[tuple[Source, Quoted]]:
    """Sources that are quoted beyond their limit, of the `LOOKED_AT` with the most in passages."""
    sources = most_marked(LOOKED_AT)
    found = quoted_publicly(sources)
    return [(source, found[source.pk]) for source in sources if found[source.pk].passed]


def showing_old_excerpts(passage: Passage) -> list[Edition]:
    """The live editions that show another excerpt of the passage: publishing them again mends that."""
    editions = Edition.objects.live().filter(footnotes__passage=passage).select_related("article")
    return [edition for edition in editions.order_by("pk") if not shows(edition, passage)]


def shows(edition: Edition, passage: Passage) -> bool:
    """Whether the edition's footnotes have the excerpt as it is now."""
    return f"<p>{escape(passage.excerpt)}</p>" in edition.html


def _live_footnotes(sources: Iterable[Source]):
    return Footnote.objects.filter(
        edition__in=Edition.objects.live(), passage__source__in=list(sources)
    ).order_by()

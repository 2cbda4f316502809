"""What an article leans on, and what keeps it from its readers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.models import Passage, Photo
from editorial.binding import evidence_of
from editorial.checks import Problem, blocking
from editorial.embeds import figures, load_photos, load_tables
from editorial.models import Article, Revision
from editorial.prose.coverage import Coverage, cover
from editorial.prose.embeds import Embed
from editorial.quoting import added_by


@dataclass(frozen=True)
class Examined:
    """A text with the passages, tables and photos that it names, as far as they exist."""

    body: str
    language: str
    coverage: Coverage
    passages: Mapping[str, Passage]
    photos: Mapping[str, Photo]  # those in the text, by slug; the one beside the headline is the article's
    embeds: Mapping[str, Embed]
    evidence: Mapping[str, str]  # as `editorial.binding.evidence_of`
    problems: list[Problem]


def examine_revision(article: Article, revision: Revision) -> Examined:
    """Everything that a decision on this revision rests on."""
    return _examine(article, revision.content["body"], revision.content["language"])


def examine(article: Article) -> Examined:
    """The same for the article as it stands."""
    return _examine(article, article.body, article.language)


def examine_text(article: Article, body: str, language: str) -> Examined:
    """The same for a text that is being written: neither it nor the article need be saved."""
    return _examine(article, body, language)


def problems_of(article: Article) -> list[Problem]:
    """What would keep the article, as it stands, from being published."""
    return examine(article).problems


def _examine(article: Article, body: str, language: str) -> Examined:
    coverage = cover(body, language)
    photos = load_photos(coverage.photos)
    embeds = load_tables(coverage.embeds, language=language) | figures(photos)
    passages = Passage.objects.by_key(set(coverage.passages))
    return Examined(
        body=body,
        language=language,
        coverage=coverage,
        passages=passages,
        photos=photos,
        embeds=embeds,
        evidence=evidence_of(coverage, passages, embeds),
        problems=blocking(article, coverage, passages, embeds, added_by(article, passages.values())),
    )

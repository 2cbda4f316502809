"""What blocks an article from its readers: small checks, each with a code and a place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from catalog.models import Passage
from editorial.embeds import PHOTO
from editorial.models import Article
from editorial.prose.coverage import Coverage
from editorial.prose.embeds import Embed
from editorial.quoting import Added


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that blocks publication: `where` is the sentence, the passage's key or the field."""

    code: str
    message: str
    where: str = ""


def blocking(
    article: Article,
    coverage: Coverage,
    passages: Mapping[str, Passage],
    embeds: Mapping[str, Embed],
    added: Iterable[Added],
) -> list[Problem]:
    """Everything that keeps this article from being published; empty when nothing does.

    `passages` and `embeds` are those that its body names, as far as they exist; `added` is what its passages
    add to what readers see of their sources.
    """
    return [
        *_empty(article, coverage),
        *_unsupported_sentences(coverage),
        *_unusable_passages(coverage, passages),
        *_unknown_embeds(coverage, embeds),
        *_photo_without_credit(article),
        *_quoted_too_much(added),
    ]


def submission_problems(problems: list[Problem]) -> list[Problem]:
    """Of these, what keeps a text even from its reviewers: there is nothing to review."""
    return [problem for problem in problems if problem.code == "empty"]


def _empty(article: Article, coverage: Coverage) -> Iterator[Problem]:
    if not coverage.sentences:
        yield Problem("empty", gettext("The article has no text."), "body")


def _unsupported_sentences(coverage: Coverage) -> Iterator[Problem]:
    for sentence in coverage.unsupported:
        yield Problem(
            "unsupported",
            gettext("This sentence has no citation and is not marked “not a claim”."),
            sentence.text,
        )


def _unusable_passages(coverage: Coverage, passages: Mapping[str, Passage]) -> Iterator[Problem]:
    for key in coverage.passages:
        passage = passages.get(key)
        if passage is None:
            yield Problem("unknown-passage", gettext("No source has a passage of this name."), key)
        elif not passage.supports:
            message = gettext("This passage is %(state)s since the source was captured again.")
            yield Problem("lost-passage", message % {"state": passage.get_state_display()}, key)


def _unknown_embeds(coverage: Coverage, embeds: Mapping[str, Embed]) -> Iterator[Problem]:
    for key in coverage.embeds:
        if key in embeds:
            continue
        if key.startswith(PHOTO):
            yield Problem("unknown-photo", gettext("There is no photo of this name."), key)
        else:
            yield Problem("unknown-embed", gettext("The catalog has no such season to embed."), key)


def _photo_without_credit(article: Article) -> Iterator[Problem]:
    if article.photo is None:
        return
    if not article.photo.credit.strip():
        yield Problem("missing-credit", gettext("The photo names nobody in its credit."), article.photo.slug)
    if not article.photo.alt.strip():
        yield Problem("missing-alt", gettext("The photo has no alternative text."), article.photo.slug)


def _quoted_too_much(added: Iterable[Added]) -> Iterator[Problem]:
    """Sources that would be quoted beyond their limit.

    Also when the article adds nothing: it would give readers once more what they see too much of, and here
    is the one place where somebody looks. Articles that do not cite the source are free.
    """
    for one in added:
        if one.then.passed:
            message = gettext(
                "Readers see %(now)s %% of this source’s text in excerpts, with this article %(then)s %%; "
                "the limit is %(limit)s %%. Shorten excerpts, cite fewer of its passages, or raise the "
                "limit of the source."
            )
            shares = {"now": one.now.percent, "then": one.then.percent, "limit": one.then.limit}
            yield Problem("quote-limit", message % shares, one.source.title)

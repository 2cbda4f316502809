"""What is wrong with a text: small checks, each with a code, a place and words for people.

How grave each is and what it keeps back stands in `editorial.problems`. What a check reads of the database it
reads for the whole text at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext

from catalog.models import Passage, Photo
from editorial.disputes import leanings
from editorial.drafts import Draft
from editorial.embeds import PHOTO
from editorial.fact_checks import FACT_CHECKS
from editorial.linking import unreachable
from editorial.models import Article
from editorial.problems import Place, Problem, cited_at
from editorial.prose.coverage import Coverage
from editorial.prose.document import Document
from editorial.prose.embeds import Embed
from editorial.prose.links import links
from editorial.quoting import Added, added_by
from editorial.spoilers import spoilers_in, spoiling_photos

SEARCH_RESULT = 60  # characters of a title that search engines show


@dataclass(frozen=True)
class Text:
    """What the checks look at. `passages`, `embeds` and `pictures` (photos by slug) are those that the body
    names, as far as there are.
    """

    article: Article
    draft: Draft
    coverage: Coverage
    passages: Mapping[str, Passage]
    embeds: Mapping[str, Embed]
    pictures: Mapping[str, Photo]

    @property
    def document(self) -> Document:
        return self.coverage.document

    @property
    def photos(self) -> list[Photo]:
        """Every photo that readers would see with it, each once."""
        beside_headline = [] if self.draft.photo is None else [self.draft.photo]
        return list(dict.fromkeys([*beside_headline, *self.pictures.values()]))


def problems_of(text: Text) -> list[Problem]:
    """Everything that is wrong with a text, errors and warnings. 40 queries at most, whatever its length."""
    leaning = leanings(text.draft, text.passages.values())
    return [
        *_empty(text.coverage),
        *_missing(text.draft),
        *_unsupported_sentences(text.coverage),
        *_unusable_passages(text.coverage, text.passages),
        *_unknown_embeds(text.coverage, text.embeds),
        *_photos_without_credit(text.photos),
        *_quoted_too_much(added_by(text.article, text.passages.values())),
        *_long_title(text.draft),
        *_spoilers(text.draft, text.photos),
        *_broken_links(text),
        *(problem for check in FACT_CHECKS for one in leaning for problem in check(one, text.coverage)),
    ]


def _empty(coverage: Coverage) -> Iterator[Problem]:
    if not coverage.sentences:
        yield Problem("empty", gettext("The article has no text."), "body", "body")


def _missing(draft: Draft) -> Iterator[Problem]:
    if not draft.standfirst.strip():
        message = gettext("The article has no standfirst: lists and search results show it.")
        yield Problem("missing-standfirst", message, "standfirst", "standfirst")
    if draft.language not in dict(settings.LANGUAGES):
        message = gettext("The site has no such language. Choose another one.")
        yield Problem("unknown-language", message, draft.language, "language")
    if not draft.has_byline:
        yield Problem("missing-byline", gettext("Nobody is named in the byline."), "byline", "byline")


def _unsupported_sentences(coverage: Coverage) -> Iterator[Problem]:
    for sentence in coverage.unsupported:
        yield Problem(
            "unsupported",
            gettext("This sentence has no citation and is not marked “not a claim”."),
            sentence.text,
            "body",
            Place(sentence.block, sentence.start, sentence.end),
        )


def _unusable_passages(coverage: Coverage, passages: Mapping[str, Passage]) -> Iterator[Problem]:
    for key in coverage.passages:
        passage, place = passages.get(key), cited_at(coverage, key)
        if passage is None:
            message = gettext("No source has a passage of this name.")
            yield Problem("unknown-passage", message, key, "body", place)
        elif not passage.supports:
            message = gettext("This passage is %(state)s since the source was captured again.")
            message %= {"state": passage.get_state_display()}
            yield Problem("lost-passage", message, key, "body", place, passage)


def _unknown_embeds(coverage: Coverage, embeds: Mapping[str, Embed]) -> Iterator[Problem]:
    for key in coverage.embeds:
        if key in embeds:
            continue
        if key.startswith(PHOTO):
            yield Problem("unknown-photo", gettext("There is no photo of this name."), key, "body")
        else:
            message = gettext("The catalog has no such season to embed.")
            yield Problem("unknown-embed", message, key, "body")


def _photos_without_credit(photos: Iterable[Photo]) -> Iterator[Problem]:
    for photo in photos:
        if not photo.credit.strip():
            message = gettext("The photo names nobody in its credit.")
            yield Problem("missing-credit", message, photo.slug, "photo", about=photo)
        if not photo.alt.strip():
            message = gettext("The photo has no alternative text.")
            yield Problem("missing-alt", message, photo.slug, "photo", about=photo)


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
            yield Problem("quote-limit", message % shares, one.source.title, "body", about=one.source)


def _long_title(draft: Draft) -> Iterator[Problem]:
    if len(draft.title) > SEARCH_RESULT:
        message = gettext("The title has %(length)s characters; search results cut it after about %(limit)s.")
        message %= {"length": len(draft.title), "limit": SEARCH_RESULT}
        yield Problem("long-title", message, draft.title, "title")


_SPOILERS = {
    "title": "spoiler-title",
    "spoiler_free_title": "spoiler-free-title",
    "standfirst": "spoiler-standfirst",
}


def _spoilers(draft: Draft, photos: Iterable[Photo]) -> Iterator[Problem]:
    for one in spoilers_in(draft):
        message = gettext(
            "This gives away what happens in %(season)s (%(what)s), and the page promises not to."
        )
        message %= {"season": one.statement.gives_away, "what": one.statement}
        where = " ".join(one.text.split())  # a form sends other line breaks than it got
        yield Problem(_SPOILERS[one.field], message, where, one.field, about=one.statement)
    for photo in spoiling_photos(photos, draft.spoils_through):
        message = gettext("The photo gives away what happens in %(season)s, and the page promises not to.")
        message %= {"season": photo.gives_away}
        yield Problem("spoiler-photo", message, photo.slug, "photo", about=photo)


def _broken_links(text: Text) -> Iterator[Problem]:
    if 'href="/' not in text.draft.body:
        return
    found = links(text.document)
    dead = unreachable([one.href for one in found], text.article)
    once = {one.href: one for one in reversed(found) if one.href in dead}
    for one in reversed(once.values()):
        message = gettext("This link leads to no page that readers can reach.")
        yield Problem("broken-link", message, one.href, "body", Place(one.block, one.start, one.end))

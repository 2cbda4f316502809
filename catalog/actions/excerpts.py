"""Excerpts: what readers see of a passage, shortened by a person."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext

from catalog.actions.refusals import ExcerptRefused, require
from catalog.excerpts import marked, places, runs_of, tidy
from catalog.models import Passage, Source
from catalog.passages import EXCERPT_LENGTH, EXCERPT_WORDS
from catalog.recording import record_action


@transaction.atomic
def shorten_excerpt(*, user: AbstractBaseUser | None, passage: Passage, excerpt: str) -> Passage:
    """Let readers see `excerpt` of the passage: words of it in their order, “…” where some are left out.

    At either end “…” is added where it is missing. While the words of the passage are not here, they can only
    be taken from its present excerpt. Raises ExcerptRefused. Live editions keep what they show until they are
    published again.
    """
    require(user, "catalog.change_passage")
    Source.objects.select_for_update().get(pk=passage.source_id)
    passage = Passage.objects.select_related("source").get(pk=passage.pk)
    before, passage.excerpt = passage.excerpt, _checked(tidy(excerpt), passage.words)
    passage.save(update_fields=["excerpt", "words_key", "updated_at"])
    data = {"changes": {"excerpt": [before, passage.excerpt]}}
    record_action(user=user, verb="excerpt.shortened", target=passage, data=data)
    return passage


def _checked(excerpt: str, words: str) -> str:
    """The excerpt as it is kept. Raises ExcerptRefused."""
    if not runs_of(excerpt):
        raise ExcerptRefused(gettext("The excerpt is empty. Keep at least the words that carry the fact."))
    spans = places(excerpt, words, whole_words=True)
    if spans is None:
        raise ExcerptRefused(
            gettext(
                "These are not whole words of the passage in its order. Copy them from the passage, letter "
                "by letter, and write “…” where you leave some out."
            )
        )
    excerpt = marked(excerpt, words, spans)
    count = len(excerpt.split())
    if count > EXCERPT_WORDS or len(excerpt) > EXCERPT_LENGTH:
        message = gettext(
            "The excerpt has %(words)s words and %(length)s characters. Readers see at most %(most)s words "
            "and %(longest)s characters; a “…” between words counts as one. Leave more out."
        )
        limits = {"most": EXCERPT_WORDS, "longest": EXCERPT_LENGTH}
        raise ExcerptRefused(message % {"words": count, "length": len(excerpt), **limits})
    return excerpt

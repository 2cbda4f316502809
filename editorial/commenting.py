"""The comments of an article with their answers, as pages show them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from editorial.mentioning import label_of
from editorial.models import Article, Comment, CommentState, Revision
from editorial.prose.walk import Spot, plain_text, spot_of


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment and what was answered, oldest first."""

    comment: Comment
    replies: tuple[Comment, ...]

    @property
    def is_gone(self) -> bool:
        return self.comment.state == CommentState.GONE

    @property
    def has_changed(self) -> bool:
        return self.comment.state == CommentState.CHANGED

    @property
    def resolver(self) -> str:
        """Who resolved it, as far as the account is still there."""
        user = self.comment.resolved_by
        return "–" if user is None else label_of(user)

    def stands_in(self, revision: Revision | None) -> bool:
        """Whether its words stand in the text of this revision, at its `start` and `end`."""
        comment = self.comment
        here = revision is not None and comment.revision_id == revision.pk and comment.start is not None
        return here and not self.is_gone and comment.resolved_at is None


@dataclass(frozen=True, slots=True)
class Pointed:
    """A thread for the editor's page: `words` as they stand now, those in the first block that they touch.

    `spot` is None when it is on no words, or on words that are gone.
    """

    thread: Thread
    spot: Spot | None = None
    words: str = ""


def threads_of(article: Article) -> list[Thread]:
    """Every thread of the article, oldest first. Two queries."""
    replies: dict[int, list[Comment]] = defaultdict(list)
    first: list[Comment] = []
    comments = article.comments.select_related("resolved_by", "revision").defer("revision__content")
    for comment in comments.prefetch_related("mentions").order_by("at", "pk"):
        if comment.parent_id is None:
            first.append(comment)
        else:
            replies[comment.parent_id].append(comment)
    return [Thread(comment, tuple(replies[comment.pk])) for comment in first]


def open_threads(article: Article, revision: Revision | None) -> list[Pointed]:
    """The threads that wait for somebody, in the order of the text; those without words in it last."""
    waiting = [thread for thread in threads_of(article) if thread.comment.resolved_at is None]
    text = plain_text(revision.content) if revision and waiting else ""
    pointed = [_pointed(thread, revision, text) for thread in waiting]
    return sorted(pointed, key=lambda one: (one.spot is None, one.thread.comment.start or 0))


def _pointed(thread: Thread, revision: Revision | None, text: str) -> Pointed:
    comment = thread.comment
    if revision is None or not thread.stands_in(revision):
        return Pointed(thread)
    words = text[comment.start : comment.end].partition("\n")[0]
    return Pointed(thread, spot_of(revision.content, comment.start, comment.end), words)

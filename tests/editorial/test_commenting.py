"""Comments on a draft: who may, whom they mention, how they follow the text, that they outlive accounts."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from editorial.actions import (
    RemarkRefused,
    comment_on,
    reopen_comment,
    reply_to,
    resolve_comment,
    restore_revision,
    save_article,
)
from editorial.commenting import open_threads
from editorial.mentioning import label_of, mentioned_in, who_sees_articles
from editorial.models import AuditEntry, Comment, CommentState
from editorial.prose.walk import plain_text
from tests.factories import make_article, make_user
from tests.processes import output, start

pytestmark = pytest.mark.django_db

BODY = "<p>Félix loses the war.</p><p>Diego Luna returns as Félix Gallardo. Nobody else is known.</p>"


@pytest.fixture
def finn():
    return make_user("Fact-checkers", username="finn", first_name="Finn", last_name="Fuller")


@pytest.fixture
def article():
    return make_article(body=BODY, title="The war", standfirst="In short.")


def say(user, article, words: str, text: str = "Says who?", **given) -> Comment:
    newest = article.revisions.newest()
    at = plain_text(newest.content).index(words)
    return comment_on(
        user=user, article=article, looked_at=newest.number, start=at, end=at + len(words), text=text, **given
    )


def save(article, **fields):
    for name, value in fields.items():
        setattr(article, name, value)
    return save_article(user=None, article=article, based_on=article.revisions.newest().number)


def words_at(comment: Comment) -> str:
    comment.refresh_from_db()
    return plain_text(comment.revision.content)[comment.start : comment.end]


def test_a_comment_keeps_its_words_and_says_who_made_it(finn, article):
    comment = say(finn, article, "Diego Luna returns")
    assert (comment.exact, comment.author_label, comment.state) == (
        "Diego Luna returns",
        "Finn Fuller",
        CommentState.ANCHORED,
    )
    entry = AuditEntry.objects.get(verb="article.commented")
    assert (entry.actor, entry.remark, entry.data["on"]) == (finn, "Says who?", "Diego Luna returns")


def test_comments_follow_their_words_through_saves(finn, article):
    stays, changes, goes = (
        say(finn, article, words)
        for words in ("Nobody else", "Diego Luna returns as Félix Gallardo", "loses")
    )
    save(
        article,
        body="<p>It is over.</p><p>As we said, Diego Luna is back as Félix Gallardo. Nobody else is "
        "known.</p>",
    )
    assert (words_at(stays), stays.state) == ("Nobody else", "anchored")
    assert (words_at(changes), changes.state) == ("Diego Luna is back as Félix Gallardo", "changed")
    assert changes.exact == "Diego Luna returns as Félix Gallardo"
    assert (words_at(goes), goes.state) == ("loses", "gone")
    assert goes.revision.number == 1


def test_a_comment_whose_words_were_gone_is_found_when_they_come_back(finn, article):
    comment = say(finn, article, "loses")
    save(article, body="<p>Something else entirely stands here now.</p>")
    comment.refresh_from_db()
    assert comment.state == "gone"
    save(article, title="Another title")
    restore_revision(user=None, article=article, revision=article.revisions.get(number=1), based_on=3)
    assert (words_at(comment), comment.state, comment.revision.number) == ("loses", "anchored", 4)


def test_headline_and_standfirst_are_commented_on_too(finn, article):
    comment = say(finn, article, "war")
    assert comment.start == len("The ")
    save(article, title="How it went, and the war")
    assert (words_at(comment), comment.state) == ("war", "anchored")


def test_a_comment_on_an_older_text_stands_in_the_newest(finn, article):
    at = plain_text(article.revisions.get().content).index("Nobody")
    save(article, body="<p>New.</p>" + BODY)
    comment = comment_on(user=finn, article=article, looked_at=1, start=at, end=at + 6, text="Who?")
    assert (words_at(comment), comment.revision.number) == ("Nobody", 2)


def test_a_comment_on_the_whole_text_needs_no_words(finn, article):
    comment = comment_on(user=finn, article=article, looked_at=1, text="Too long.")
    assert (comment.start, comment.end, comment.exact) == (None, None, "")
    save(article, title="Shorter")
    comment.refresh_from_db()
    assert comment.state == "anchored"


@pytest.mark.parametrize("span", [(5, 5), (9, 4), (0, 100_000), (7, 8)])
def test_a_comment_on_no_words_is_refused(finn, article, span):
    with pytest.raises(RemarkRefused, match="Choose the words"):
        comment_on(user=finn, article=article, looked_at=1, start=span[0], end=span[1], text="x")
    assert not Comment.objects.exists()


def test_a_comment_that_says_nothing_or_is_on_no_revision_is_refused(finn, article):
    with pytest.raises(RemarkRefused, match="Write what"):
        say(finn, article, "war", text=" \n ")
    with pytest.raises(RemarkRefused, match="no such revision"):
        comment_on(user=finn, article=article, looked_at=9, text="x")


def test_whoever_may_look_may_comment_and_nobody_else(article, finn):
    comment = say(finn, article, "war")
    for role in ("Writers", "Editors", "Administrators"):
        reply_to(user=make_user(role), comment=comment, text="I see.")
    stranger = make_user(None, is_staff=True)
    gone = make_user("Editors", is_active=False)
    for user in (stranger, gone, make_user("Writers", is_staff=False)):
        with pytest.raises(PermissionDenied):
            say(user, article, "war")
        with pytest.raises(PermissionDenied):
            reply_to(user=user, comment=comment, text="x")
        with pytest.raises(PermissionDenied):
            resolve_comment(user=user, comment=comment)
    assert comment.replies.count() == 3


def test_an_answer_to_an_answer_stands_below_the_first(finn, article):
    comment = say(finn, article, "war")
    reply = reply_to(user=finn, comment=reply_to(user=finn, comment=comment, text="One."), text="Two.")
    assert reply.parent == comment
    assert [one.thread.replies for one in open_threads(article, article.revisions.newest())] == [
        tuple(comment.replies.order_by("pk"))
    ]


def test_a_resolved_comment_rests_and_is_opened_again_at_its_words(finn, article):
    comment = say(finn, article, "Nobody else")
    resolve_comment(user=finn, comment=comment)
    save(article, body="<p>Before.</p>" + BODY)
    comment.refresh_from_db()
    assert (comment.revision.number, comment.resolved_by) == (1, finn)
    assert open_threads(article, article.revisions.newest()) == []
    resolve_comment(user=finn, comment=comment)
    reopen_comment(user=finn, comment=comment)
    assert (words_at(comment), comment.revision.number) == ("Nobody else", 2)
    verbs = AuditEntry.objects.filter(verb__startswith="article.comment").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        *("article.commented", "article.comment_resolved", "article.comment_reopened")
    ]


def test_people_are_mentioned_by_username_or_full_name(finn, article):
    wren = make_user("Writers", username="wren.walker")
    make_user("Writers", username="wren")
    comment = say(finn, article, "war", text="@WREN.walker, ask @Finn Fuller. Not x@wren or @wrench.")
    assert set(comment.mentions.all()) == {wren, finn}


def test_who_cannot_see_the_article_is_not_mentioned(finn, article):
    stranger = make_user(None, username="stranger")
    comment = say(finn, article, "war", text="@stranger", mentions=[stranger])
    assert not comment.mentions.exists()
    assert finn in who_sees_articles()


def test_no_people_no_mention(finn):
    assert mentioned_in("@finn", []) == []
    assert mentioned_in("@finn @finn", [finn]) == [finn]


def test_a_comment_outlives_its_author_s_account(finn, article):
    """One without rows in the history, as from an import, can be deleted; any other is deactivated."""
    revision = article.revisions.get()
    guest = make_user("Writers", username="guest")
    old = Comment.objects.create(
        article=article,
        author=guest,
        author_label=label_of(guest),
        text="From before.",
        at=revision.created_at,
        revision=revision,
    )
    guest.delete()
    old.refresh_from_db()
    assert (old.author, old.author_label, old.text) == (None, "guest", "From before.")
    comment = say(finn, article, "war")
    with pytest.raises(ProtectedError):
        finn.delete()
    finn.is_active = False
    finn.save()
    comment.refresh_from_db()
    assert comment.author_label == "Finn Fuller"


def test_a_save_asks_as_many_queries_with_thirty_comments_as_with_three(finn):
    counts = []
    for number in (3, 30):
        article = make_article(body=BODY)
        for _ in range(number):
            say(finn, article, "Nobody")
        article.title = "Another"
        with CaptureQueriesContext(connection) as queries:
            save_article(user=None, article=article, based_on=1)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_comments_made_while_the_text_is_saved_follow_it():
    finn, article = make_user("Fact-checkers"), make_article(body=BODY)
    saving = start(
        "from editorial.models import Article; from editorial.actions import save_article\n"
        f"article = Article.objects.get(pk={article.pk})\n"
        "for number in range(1, 8):\n"
        "    article.body = f'<p>Line {number}.</p>' + article.body\n"
        "    save_article(user=None, article=article, based_on=number)\n"
    )
    commenting = start(
        "from django.contrib.auth.models import User; from editorial.models import Article\n"
        "from editorial.actions import comment_on; from editorial.prose.walk import plain_text\n"
        f"finn, article = User.objects.get(pk={finn.pk}), Article.objects.get(pk={article.pk})\n"
        "for _ in range(8):\n"
        "    newest = article.revisions.newest()\n"
        "    at = plain_text(newest.content).index('Nobody')\n"
        "    place = {'looked_at': newest.number, 'start': at, 'end': at + 6}\n"
        "    comment_on(user=finn, article=article, text='?', **place)\n"
    )
    output(saving)
    output(commenting)
    comments = Comment.objects.all()
    assert len(comments) == 8
    for comment in comments:
        assert (comment.revision.number, words_at(comment)) == (8, "Nobody")

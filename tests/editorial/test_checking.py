"""Verdicts on sentences: what they are bound to, and what they keep back."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from catalog.models import Passage
from editorial.actions import (
    RemarkRefused,
    StaleArticle,
    TransitionRefused,
    approve_article,
    check_sentence,
    examine_revision,
    keep_verdicts,
    request_changes,
    save_article,
    submit_article,
)
from editorial.checking import digest_of, digests_of, progress
from editorial.models import AuditEntry, SentenceVerdict
from editorial.prose.walk import Line
from tests.factories import make_article, make_passage, make_stage, make_user

pytestmark = pytest.mark.django_db

LAST = "It starts in February."


@pytest.fixture
def people():
    return {
        "writer": make_user("Writers", username="wren"),
        "checker": make_user("Fact-checkers", username="finn"),
        "colleague": make_user("Fact-checkers", username="flora"),
        "editor": make_user("Editors", username="edda"),
    }


@pytest.fixture
def passages():
    return [make_passage(exact="Ten episodes"), make_passage(exact="In February")]


@pytest.fixture
def article(people, passages):
    make_stage(name="Fact-check", group="Fact-checkers")
    make_stage(name="Editing", group="Editors")
    article = make_article(author=people["writer"], title="Soon", standfirst="", body=body_of(passages))
    submit_article(user=people["writer"], article=article, looked_at=1)
    return article


def body_of(passages, first="There are ten episodes.", second="It starts in February."):
    ten, february = (f'<cite data-passage="{one.key}"></cite>' for one in passages)
    return f"<p>{first}{ten} {second}{february}</p>"


def step_of(article, position=1):
    return article.submissions.get(ended_at=None).steps.get(position=position)


def digests(article) -> dict[str, str]:
    """The digest of each sentence that stands now."""
    newest = article.revisions.newest()
    examined = examine_revision(article, newest)
    found = digests_of(newest.content, examined.coverage, examined.evidence)
    return {line.text: digest for digest, line in found.items()}


def say(user, article, sentence, mark="holds", comment="", **given):
    known = {
        "step": step_of(article),
        "looked_at": article.revisions.newest().number,
        "digest": digests(article)[sentence],
    }
    return check_sentence(user=user, article=article, mark=mark, comment=comment, **known | given)


def checked(article) -> tuple[int, int, int]:
    newest = article.revisions.newest()
    examined = examine_revision(article, newest)
    found = progress(step_of(article), newest.content, examined.coverage, examined.evidence)
    return found.checked, found.sentences, len(found.wrong)


def save(article, user, **fields):
    for name, value in fields.items():
        setattr(article, name, value)
    return save_article(user=user, article=article, based_on=article.revisions.newest().number)


def test_a_verdict_names_its_sentence_step_and_revision(people, article):
    verdict = say(people["checker"], article, "It starts in February.", "wrong", " In March. ")
    assert (verdict.step, verdict.revision.number, verdict.comment) == (step_of(article), 1, "In March.")
    entry = AuditEntry.objects.get(verb="article.sentence_wrong")
    assert (entry.actor_label, entry.remark) == ("finn", "In March.")
    assert entry.data["sentence"] == "It starts in February."
    assert checked(article) == (1, 3, 1)


def test_a_sentence_that_did_not_change_keeps_its_verdict(people, article, passages):
    for sentence in digests(article):
        say(people["checker"], article, sentence)
    assert checked(article) == (3, 3, 0)
    save(article, people["writer"], body=body_of(passages, second="It starts early in February."))
    assert checked(article) == (2, 3, 0)


def test_a_sentence_whose_passages_changed_is_asked_for_again(people, article, passages):
    say(people["checker"], article, "There are ten episodes.")
    other = make_passage(exact="Ten episodes")
    save(article, people["writer"], body=body_of([other, passages[1]]))
    assert checked(article)[0] == 0
    save(article, people["writer"], body=body_of(passages))
    assert checked(article)[0] == 1
    Passage.objects.filter(pk=passages[0].pk).update(state="changed")
    assert checked(article)[0] == 0


def test_a_sentence_that_is_no_claim_any_more_is_asked_for_again():
    claim = Line(0, 3, "Fun")
    assert digest_of(claim, {}) != digest_of(Line(0, 3, "Fun", "exempt", "opinion"), {})
    assert digest_of(claim, {}) == digest_of(Line(7, 10, "Fun"), {"a#1": "x"})


def test_what_does_not_hold_keeps_an_approval_back_until_it_changes(people, article, passages):
    say(people["checker"], article, "It starts in February.", "wrong", "In March.")
    for who in ("checker", "colleague"):
        with pytest.raises(TransitionRefused, match=r"“It starts in February\.” \(In March\.\)"):
            approve_article(user=people[who], article=article, step=step_of(article), looked_at=1)
    save(article, people["writer"], body=body_of(passages, second="It starts in March."))
    approve_article(user=people["checker"], article=article, step=step_of(article), looked_at=2)


def test_the_last_word_counts_and_nobody_approves_against_their_own(people, article):
    say(people["checker"], article, "It starts in February.", "wrong", "In March.")
    say(people["colleague"], article, "It starts in February.", "holds")
    assert checked(article) == (1, 3, 0)
    with pytest.raises(TransitionRefused, match="found not to hold"):
        approve_article(user=people["checker"], article=article, step=step_of(article), looked_at=1)
    approve_article(user=people["colleague"], article=article, step=step_of(article), looked_at=1)


def test_each_step_has_its_own_verdicts(people, article):
    say(people["checker"], article, "Soon")
    approve_article(user=people["checker"], article=article, step=step_of(article), looked_at=1)
    assert step_of(article, 2).verdicts.count() == 0
    say(people["editor"], article, "Soon", step=step_of(article, 2))
    assert SentenceVerdict.objects.count() == 2


def test_verdicts_are_for_who_may_take_the_step(people, article):
    for who in ("writer", "editor"):
        with pytest.raises(PermissionDenied):
            say(people[who], article, "Soon")
    people["writer"].groups.add(*people["checker"].groups.all())
    with pytest.raises(PermissionDenied, match="You wrote this text"):
        say(type(people["writer"]).objects.get(pk=people["writer"].pk), article, "Soon")
    with pytest.raises(TransitionRefused, match="not waiting"):
        say(people["editor"], article, "Soon", step=step_of(article, 2))
    assert not SentenceVerdict.objects.exists()


def test_a_verdict_on_what_has_changed_is_refused(people, article, passages):
    before = digests(article)["There are ten episodes."]
    with pytest.raises(StaleArticle):
        say(people["checker"], article, "Soon", looked_at=7)
    Passage.objects.filter(pk=passages[0].pk).update(state="lost")
    with pytest.raises(RemarkRefused, match="what it rests on, has changed"):
        say(people["checker"], article, "Soon", digest=before)
    with pytest.raises(RemarkRefused, match="Say what is wrong"):
        say(people["checker"], article, "Soon", "wrong", "  ")


def test_a_review_that_ended_takes_no_verdict(people, article):
    step = step_of(article)
    digest = digests(article)["Soon"]
    request_changes(user=people["checker"], article=article, step=step, looked_at=1, comment="More.")
    with pytest.raises(TransitionRefused):
        check_sentence(
            user=people["checker"], article=article, step=step, looked_at=1, digest=digest, mark="holds"
        )


def test_what_held_in_an_earlier_review_can_be_kept(people, article, passages):
    for sentence, mark in (("Soon", "holds"), ("There are ten episodes.", "wrong"), (LAST, "holds")):
        say(people["checker"], article, sentence, mark, "Eleven." if mark == "wrong" else "")
    first = step_of(article)
    request_changes(user=people["checker"], article=article, step=first, looked_at=1, comment="More.")
    save(article, people["writer"], title="Soon, they say")
    submit_article(user=people["writer"], article=article, looked_at=2)
    step = step_of(article)
    assert checked(article)[0] == 0
    with pytest.raises(PermissionDenied):
        keep_verdicts(user=people["writer"], article=article, step=step, looked_at=2)
    assert keep_verdicts(user=people["colleague"], article=article, step=step, looked_at=2) == 1
    kept = step.verdicts.get()
    assert (kept.sentence, kept.mark, kept.user) == (LAST, "holds", people["colleague"])
    assert keep_verdicts(user=people["colleague"], article=article, step=step, looked_at=2) == 0
    assert AuditEntry.objects.get(verb="article.verdicts_kept").data["sentences"] == [LAST]

"""The transition table alone, without a database."""

from __future__ import annotations

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from editorial.actions import is_own, permissions_of
from editorial.describing import workflow_tables
from editorial.models import ArticleStatus
from editorial.roles import ROLES
from editorial.workflow import ALL, TRANSITIONS, Asked, open_verbs, refusal
from tests.factories import make_article, make_contributor, make_user

EVERYTHING = {name for one in TRANSITIONS.values() for name in (*one.own, *one.others)}

facts = st.fixed_dictionaries(
    {
        "status": st.sampled_from(ALL),
        "permissions": st.one_of(st.none(), st.sets(st.sampled_from(sorted(EVERYTHING)))),
        "own": st.booleans(),
        "live": st.booleans(),
        "staged": st.booleans(),
    }
)


def test_the_table_knows_every_status_of_an_article():
    assert set(ALL) == set(ArticleStatus.values)
    for transition in TRANSITIONS.values():
        assert {*transition.before} <= set(ALL)
        assert transition.after is None or transition.after in ALL


def test_every_status_can_be_left():
    assert all(any(status in one.before for one in TRANSITIONS.values()) for status in ALL)


@given(facts)
def test_who_may_for_others_may_for_their_own(given_facts):
    theirs = {**given_facts, "own": False}
    mine = {**given_facts, "own": True}
    assert set(open_verbs(**theirs)) <= set(open_verbs(**mine))


@given(facts)
def test_without_permissions_nothing_is_open(given_facts):
    assert open_verbs(**{**given_facts, "permissions": set()}) == []


@given(facts, st.sampled_from(sorted(TRANSITIONS)))
def test_every_refusal_says_something(given_facts, verb):
    refused = refusal(verb, **given_facts)
    assert refused is None or (refused.message.endswith(".") and refused.code)


@pytest.mark.parametrize(
    "verb", [verb for verb, one in TRANSITIONS.items() if one.asked is not Asked.NOTHING]
)
def test_what_is_asked_must_be_given(verb):
    transition = TRANSITIONS[verb]
    known = {
        "status": transition.before[0],
        "permissions": EVERYTHING,
        "own": True,
        "live": transition.live is not False,
    }
    assert refusal(verb, **known, given="  ").code == "asked"
    assert refusal(verb, **known, given="Because.") is None


def test_an_unstaged_kind_is_published_from_a_draft():
    known = {"status": "draft", "permissions": EVERYTHING, "own": True, "live": False}
    assert refusal("publish", **known, staged=False) is None
    assert refusal("publish", **known, staged=True).code == "status"


def test_an_article_that_readers_have_is_not_put_away():
    known = {"status": "draft", "permissions": EVERYTHING, "own": True}
    assert refusal("archive", **known, live=True).code == "live"
    assert refusal("unpublish", **known, live=False, given="Wrong.").code == "live"


def test_the_docs_show_the_table():
    page = (settings.BASE_DIR / "docs" / "workflow.md").read_text()
    assert workflow_tables() in page


@pytest.mark.django_db
@pytest.mark.parametrize("own", [True, False], ids=["own", "others"])
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("verb", TRANSITIONS)
def test_who_may_is_what_the_docs_say(verb, role, own):
    """The real permissions of a real account, asked as the actions ask."""
    user = make_user(role)
    byline = (make_contributor(user=user),) if own else ()
    article = make_article(contributors=byline)
    transition = TRANSITIONS[verb]
    refused = refusal(
        verb,
        status=transition.before[0],
        permissions=permissions_of(user, verb),
        own=is_own(article, user),
        live=transition.live is not False,
        given="given",
    )
    row = next(
        line for line in workflow_tables().splitlines()[-len(TRANSITIONS) - 2 :] if _is_about(line, verb)
    )
    cell = row.strip("| ").split(" | ")[1 + list(ROLES).index(role)]
    assert (refused is None) == (cell == "own and others’" or (own and cell == "own"))


def _is_about(line: str, verb: str) -> bool:
    return line.startswith(f"| {verb.replace('_', ' ')} |")

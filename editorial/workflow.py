"""The transition table of articles: from which status, to which, by whom, what is asked and what blocks.

Nothing here reads the database. `editorial.actions` obeys the table and is the only writer of a status;
docs/workflow.md is made from it. Whose text it is, what readers have and what review is left are facts
that the caller brings.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.translation import gettext, gettext_lazy

DRAFT, IN_REVIEW, APPROVED = "draft", "in review", "approved"
SCHEDULED, PUBLISHED, RETRACTED, ARCHIVED = "scheduled", "published", "retracted", "archived"

CHANGE, OTHERS = "editorial.change_article", "editorial.change_others_article"
SUBMIT, REVIEW, PUBLISH = (
    "editorial.submit_article",
    "editorial.review_article",
    "editorial.publish_article",
)


class Gate(Enum):
    """Which problems of the text keep a transition back."""

    NONE = ""
    SUBMISSION = "submission"
    PUBLICATION = "publication"


class Asked(Enum):
    """What the person must give."""

    NOTHING = ""
    COMMENT = "comment"
    REASON = "reason"
    NOTE = "note"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Transition:
    """`after` is None where the outcome of the review decides. `live` says whether readers must have an
    edition, None for either way.
    """

    verb: str
    name: Any
    before: tuple[str, ...]
    after: str | None
    own: tuple[str, ...]  # the permissions for a text of one's own, all of them
    others: tuple[str, ...]  # and for anybody else's
    gate: Gate = Gate.NONE
    asked: Asked = Asked.NOTHING
    live: bool | None = None


ALL = (DRAFT, IN_REVIEW, APPROVED, SCHEDULED, PUBLISHED, RETRACTED, ARCHIVED)
EDITABLE = (DRAFT, IN_REVIEW, APPROVED, SCHEDULED, PUBLISHED)
_ = gettext_lazy

TRANSITIONS: Mapping[str, Transition] = {
    one.verb: one
    for one in (
        Transition("save", _("save"), EDITABLE, None, (CHANGE,), (CHANGE, OTHERS)),
        Transition("plan", _("plan"), EDITABLE, None, (CHANGE,), (CHANGE, OTHERS)),
        Transition("embargo", _("set the embargo"), EDITABLE, None, (PUBLISH,), (PUBLISH,)),
        Transition("retry", _("try again what failed"), ALL, None, (PUBLISH,), (PUBLISH,)),
        Transition(
            "submit",
            _("submit for review"),
            (DRAFT,),
            None,
            (SUBMIT,),
            (SUBMIT, OTHERS),
            gate=Gate.SUBMISSION,
        ),
        Transition("withdraw", _("withdraw"), (IN_REVIEW, APPROVED), DRAFT, (SUBMIT,), (SUBMIT, OTHERS)),
        Transition("approve", _("approve"), (IN_REVIEW, APPROVED), None, (REVIEW,), (REVIEW,)),
        Transition(
            "request_changes",
            _("request changes"),
            (IN_REVIEW, APPROVED),
            DRAFT,
            (REVIEW,),
            (REVIEW,),
            asked=Asked.COMMENT,
        ),
        Transition(
            "schedule",
            _("schedule"),
            (APPROVED,),
            SCHEDULED,
            (PUBLISH,),
            (PUBLISH,),
            gate=Gate.PUBLICATION,
            asked=Asked.TIME,
        ),
        Transition("unschedule", _("take off the schedule"), (SCHEDULED,), None, (PUBLISH,), (PUBLISH,)),
        Transition(
            "publish",
            _("publish"),
            (APPROVED, SCHEDULED),
            PUBLISHED,
            (PUBLISH,),
            (PUBLISH,),
            gate=Gate.PUBLICATION,
        ),
        Transition(
            "republish",
            _("publish again, for changed excerpts"),
            (PUBLISHED,),
            PUBLISHED,
            (PUBLISH,),
            (PUBLISH,),
            gate=Gate.PUBLICATION,
            live=True,
        ),
        Transition(
            "correct",
            _("publish with a note to readers"),
            (APPROVED, SCHEDULED),
            PUBLISHED,
            (PUBLISH,),
            (PUBLISH,),
            gate=Gate.PUBLICATION,
            asked=Asked.NOTE,
            live=True,
        ),
        Transition(
            "unpublish",
            _("take off the site"),
            EDITABLE,
            DRAFT,
            (PUBLISH,),
            (PUBLISH,),
            asked=Asked.REASON,
            live=True,
        ),
        Transition(
            "retract",
            _("retract"),
            EDITABLE,
            RETRACTED,
            (PUBLISH,),
            (PUBLISH,),
            asked=Asked.REASON,
            live=True,
        ),
        Transition("archive", _("archive"), (DRAFT,), ARCHIVED, (PUBLISH,), (PUBLISH,), live=False),
        Transition("reopen", _("reopen"), (RETRACTED, ARCHIVED), DRAFT, (PUBLISH,), (PUBLISH,)),
    )
}

# These leave the status as it is; with `save` they are made elsewhere than the steps of the workflow.
IN_PLACE = frozenset({"plan", "embargo", "retry"})
# Before these a review must be complete; a kind of article without stages needs none.
REVIEWED = frozenset({"schedule", "publish", "correct"})
# With these readers get the text at once, so none is made before its embargo ends.
APPEARING = frozenset({"publish", "republish", "correct"})
STEPS = tuple(verb for verb in TRANSITIONS if verb != "save" and verb not in IN_PLACE)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a transition is not open. `code` is `permission`, `status`, `live` or `asked`."""

    code: str
    message: str


def refusal(
    verb: str,
    *,
    status: str,
    permissions: Collection[str] | None,
    own: bool,
    live: bool,
    staged: bool = True,
    given: str = "",
) -> Refusal | None:
    """Why this transition is refused; None when the table allows it.

    `permissions` are those of the person, None for the machine itself. `own` is whether the text is theirs,
    `live` whether readers have an edition, `staged` whether the kind of article has stages, `given` what the
    person gave of what is asked. What is wrong with the text itself is said by `editorial.checks`.
    """
    transition = TRANSITIONS[verb]
    wanted = transition.own if own else transition.others
    if permissions is not None and not set(wanted) <= set(permissions):
        mine = permissions is not None and set(transition.own) <= set(permissions)
        return Refusal(
            "permission",
            gettext("This text is somebody else's. Ask its author, or an editor.")
            if mine
            else gettext("Your account may not do this. Ask an editor or an administrator."),
        )
    before = transition.before
    if verb in REVIEWED and not staged:
        before = (*before, DRAFT)
    if status not in before:
        message = gettext("This is possible only for an article that is: %(allowed)s. It is: %(status)s.")
        names = {"allowed": ", ".join(gettext(one) for one in before), "status": gettext(status)}
        return Refusal("status", message % names)
    if transition.live is not None and transition.live != live:
        message = (
            gettext("Readers have no edition of this article.")
            if transition.live
            else gettext("Readers have an edition of this article. Take it off the site, or retract it.")
        )
        return Refusal("live", message)
    if transition.asked is not Asked.NOTHING and not given.strip():
        return Refusal("asked", _ASKED[transition.asked]())
    return None


def open_verbs(
    *, status: str, permissions: Collection[str] | None, own: bool, live: bool, staged: bool = True
) -> list[str]:
    """The steps that this person could make now, in the order of the table; a text is saved elsewhere."""
    return [
        verb
        for verb in STEPS
        if refusal(
            verb, status=status, permissions=permissions, own=own, live=live, staged=staged, given="given"
        )
        is None
    ]


_ASKED: Mapping[Asked, Any] = {
    Asked.COMMENT: lambda: gettext("Say what has to change."),
    Asked.REASON: lambda: gettext("Give the reason: it is kept in the history."),
    Asked.NOTE: lambda: gettext("Tell readers what was wrong and what is right."),
    Asked.TIME: lambda: gettext("Say when."),
}

"""The workflow in words: docs/workflow.md, made from the transition table and the roles."""

from __future__ import annotations

from collections.abc import Iterator

from editorial.problems import RULES
from editorial.roles import ROLES, permissions_named
from editorial.workflow import IN_PLACE, TRANSITIONS, Asked, Gate, Transition

_ASKED = {
    Asked.NOTHING: "",
    Asked.COMMENT: "a comment",
    Asked.REASON: "a reason",
    Asked.NOTE: "a note to readers",
    Asked.TIME: "the time",
}
_GATES = {
    Gate.NONE: "",
    Gate.SUBMISSION: "an empty text",
    Gate.PUBLICATION: "errors, warnings that nobody overrode, an incomplete review",
}
_LIVE = {None: "", True: "readers have an edition", False: "readers have none"}


def workflow_tables() -> str:
    """Markdown: every transition with what it asks, then role × transition × own or others'."""
    return "\n".join([*_transitions(), "", *_roles(), ""])


def problems_table() -> str:
    """Markdown: every kind of problem with its level and what it keeps the text from."""
    rows = [
        f"| `{one.code}` | {one.what} | {one.level.value} | {', '.join(gate.value for gate in one.gates)} |"
        for one in RULES.values()
    ]
    head = ["| code | what is found | level | keeps from |", "| --- | --- | --- | --- |"]
    return "\n".join([*head, *rows, ""])


def _transitions() -> Iterator[str]:
    yield "| transition | from | to | asks for | only when | blocked by |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for one in TRANSITIONS.values():
        yield (
            f"| {_name(one)} | {', '.join(one.before)} | {_after(one)} "
            f"| {_ASKED[one.asked]} | {_LIVE[one.live]} | {_GATES[one.gate]} |"
        )


def _roles() -> Iterator[str]:
    yield "| transition | " + " | ".join(ROLES) + " |"
    yield "| --- |" + " --- |" * len(ROLES)
    for one in TRANSITIONS.values():
        cells = [_may(one, permissions_named(entries)) for entries in ROLES.values()]
        yield f"| {_name(one)} | " + " | ".join(cells) + " |"


def _may(transition: Transition, permissions: set[str]) -> str:
    """“own and others'”, “own” or “no”: the step of an approval is asked for besides."""
    if not set(transition.own) <= permissions:
        return "no"
    return "own and others’" if set(transition.others) <= permissions else "own"


def _after(transition: Transition) -> str:
    return "unchanged" if transition.verb in IN_PLACE else transition.after or "as the review decides"


def _name(transition: Transition) -> str:
    return transition.verb.replace("_", " ")

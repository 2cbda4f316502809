"""Why a write to an article is refused."""

from __future__ import annotations

from django.utils.translation import gettext

from editorial.models import Revision
from editorial.problems import Problem


class StaleArticle(Exception):
    """Somebody saved since this text was opened. `newest` is their revision, or None if there is none."""

    def __init__(self, newest: Revision | None) -> None:
        super().__init__(gettext("Somebody else has saved this article since you opened it."))
        self.newest = newest


class TransitionRefused(Exception):
    """The workflow does not allow this now; str() says why. `code` as in `editorial.workflow.Refusal`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class PublicationRefused(Exception):
    """The article may not go out, or not into review. `problems` says why, each with its place."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.message} {problem.where}".strip() for problem in problems))
        self.problems = problems


class RemarkRefused(Exception):
    """A comment or a verdict on a sentence is not taken; str() says why."""

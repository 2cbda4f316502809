"""How far a review has come: which approvals count, which need a second look and why."""

from __future__ import annotations

from dataclasses import dataclass

from editorial.binding import Drift, Evidence, drift
from editorial.models import Approval, Article, ArticleStatus, Step, Submission, Verdict


@dataclass(frozen=True, slots=True)
class Standing:
    """An approval, and what moved since it was given. Only one without drift counts."""

    approval: Approval
    drift: Drift


@dataclass(frozen=True, slots=True)
class StepState:
    """A step with the last word of each reviewer."""

    step: Step
    standings: tuple[Standing, ...]

    @property
    def counting(self) -> int:
        return sum(not standing.drift for standing in self.standings)

    @property
    def is_done(self) -> bool:
        return self.counting >= self.step.approvals_needed

    @property
    def needs_recheck(self) -> list[Standing]:
        """Approvals that do not count any more, while the step lacks some."""
        return [] if self.is_done else [one for one in self.standings if one.drift]


@dataclass(frozen=True, slots=True)
class ReviewState:
    submission: Submission
    steps: tuple[StepState, ...]

    @property
    def current(self) -> StepState | None:
        """The first step that is not done; None when the review is complete."""
        return next((step for step in self.steps if not step.is_done), None)

    @property
    def is_complete(self) -> bool:
        return self.current is None


def review_state(submission: Submission, content_hash: str, evidence: Evidence) -> ReviewState:
    """Where the review of this text, with this evidence, stands. Two queries."""
    given: dict[int, dict[int, Approval]] = {}
    approvals = Approval.objects.filter(step__submission=submission).select_related("user", "revision")
    for approval in approvals.order_by("at", "pk"):
        given.setdefault(approval.step_id, {})[approval.user_id] = approval
    steps = []
    for step in submission.steps.select_related("group").order_by("position"):
        last = (one for one in given.get(step.pk, {}).values() if one.verdict == Verdict.APPROVED)
        steps.append(
            StepState(
                step,
                tuple(
                    Standing(one, drift(one.content_hash, one.evidence, content_hash, evidence))
                    for one in last
                ),
            )
        )
    return ReviewState(submission, tuple(steps))


def sent_back(article: Article) -> Approval | None:
    """The request for changes that a draft was sent back with, until it is submitted again."""
    if article.status != ArticleStatus.DRAFT:
        return None
    asked = Approval.objects.filter(
        verdict=Verdict.CHANGES_REQUESTED, step__submission__in=article.submissions.sent_back()
    )
    return asked.select_related("user", "step").defer("evidence").order_by("pk").last()

"""How far running reviews have come, for lists: many at once, in a few queries.

`editorial.reviews` says it of one article exactly. Here the embedded tables are left out: loading those of
every text in review would cost too much. So a step whose approval needs a re-check only because a table of
the catalog moved counts as approved here until somebody opens *Review and publication*.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import models

from editorial.binding import is_passage, passages_now
from editorial.models import Approval, Step, Submission, Verdict


@dataclass(frozen=True, slots=True)
class Progress:
    """A running review. `step` is the one that waits, None where the review is complete."""

    submission: Submission
    step: Step | None
    since: datetime.datetime  # when that step, or the end of the review, was reached
    approved_by: frozenset[int]  # whose approvals of the step count
    needs_recheck: bool  # somebody approved the step, and the text or a passage moved

    def waits_for(self, user: models.Model, groups: Sequence[int]) -> bool:
        """Whether the person may approve the step. Needs the columns of `Submission.objects.for_desk`."""
        return (
            self.step is not None
            and self.step.group_id in groups
            and user.pk not in self.approved_by
            and not (self.step.four_eyes and self.submission.wrote_it)
        )


def progress_of(submissions: models.QuerySet, most: int) -> list[Progress]:
    """The first `most` of these reviews, as `Submission.objects.for_desk` gives them. Four queries."""
    approvals = models.Prefetch("approvals", Approval.objects.order_by("at", "pk"))
    steps = models.Prefetch("steps", Step.objects.order_by("position").prefetch_related(approvals))
    found = list(submissions.prefetch_related(steps)[:most])
    keys = {
        key for one in found for approval in _approvals(one) for key in approval.evidence if is_passage(key)
    }
    now = passages_now(keys) if keys else {}
    return [_progress(one, now) for one in found]


def _approvals(submission: Submission) -> list[Approval]:
    return [approval for step in submission.steps.all() for approval in step.approvals.all()]


def _progress(submission: Submission, now: Mapping[str, str]) -> Progress:
    since = submission.submitted_at
    for step in submission.steps.all():
        last = {one.user_id: one for one in step.approvals.all() if one.verdict == Verdict.APPROVED}
        counting = [one for one in last.values() if _counts(one, submission.newest_hash, now)]
        if len(counting) < step.approvals_needed:
            return Progress(
                submission,
                step,
                since,
                frozenset(one.user_id for one in counting),
                needs_recheck=len(counting) < len(last),
            )
        since = max(since, *(one.at for one in counting))
    return Progress(submission, None, since, frozenset(), needs_recheck=False)


def _counts(approval: Approval, content_hash: str, now: Mapping[str, str]) -> bool:
    """Whether neither the text nor a passage moved since."""
    passages = {key: value for key, value in approval.evidence.items() if is_passage(key)}
    return approval.content_hash == content_hash and all(now[key] == value for key, value in passages.items())

"""Runs of the verification: each leaves a row that says when it was and what it found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from catalog.actions.refusals import require
from catalog.models import VerificationRun
from catalog.verification import Finding, verify

RUNS_KEPT = 100
FINDINGS_KEPT = 200  # of each run


def check_everything(
    *, user: AbstractBaseUser | None, tell: Callable[[Finding], object] = lambda _finding: None
) -> VerificationRun:
    """Verify all that the catalog keeps and record it; `tell` is called with each finding as it is found.

    Not one transaction: the run is written at its start and again at its end, so that one that is broken off
    stays without an end. It keeps its first findings, damage before warnings; older runs than the newest 100
    are dropped. Memory does not grow with the catalog.
    """
    require(user, "catalog.add_verificationrun")
    run = VerificationRun.objects.create(started_at=timezone.now())
    checked: Counter[str] = Counter(snapshot=0, text=0, passage=0, citation=0)
    found: Counter[str] = Counter(damage=0, warning=0)
    kept: dict[str, list[Finding]] = {"damage": [], "warning": []}
    for finding in verify(checked):
        tell(finding)
        found[finding.severity] += 1
        if len(kept[finding.severity]) < FINDINGS_KEPT:
            kept[finding.severity].append(finding)
    run.finished_at = timezone.now()
    run.checked, run.damage, run.warnings = dict(checked), found["damage"], found["warning"]
    run.findings = [asdict(one) for one in (kept["damage"] + kept["warning"])[:FINDINGS_KEPT]]
    run.save()
    newest = list(VerificationRun.objects.values_list("pk", flat=True)[:RUNS_KEPT])
    VerificationRun.objects.exclude(pk__in=newest).delete()
    return run

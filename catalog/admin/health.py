"""The health page: what the last check of the catalog found, and the checks before it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from catalog.actions import check_everything
from catalog.admin.base import ReadOnlyAdmin
from catalog.admin.citations import record_link
from catalog.health import STALE, Named, holdings, last_run, named
from catalog.models import Passage, VerificationRun
from catalog.verification import Finding

HEALTH_URL = "admin:catalog_health"
MOST_PASSAGES = 5_000  # that a request checks: some two seconds
COMMAND = "python manage.py verify_citations"
_SEVERITIES = {"damage": _("damage"), "warning": _("warning")}


@dataclass(frozen=True, slots=True)
class Line:
    """A finding as the page shows it, with links to what it names where that is still there."""

    severity: Promise
    is_damage: bool
    key: str
    url: str
    record: SafeString | str
    what: str


@admin.register(VerificationRun)
class VerificationRunAdmin(ReadOnlyAdmin):
    change_list_template = "admin/catalog/health/change_list.html"
    list_display = ["started_at", "outcome", "damage", "warnings", "passages_checked", "took"]
    fields = ["started_at", "finished_at", "took", "outcome", "what_was_checked", "what_was_found"]
    readonly_fields = fields

    class Media:
        css = {"all": ["catalog/health.css"]}

    def get_urls(self) -> list:
        views = [
            ("health/", self.health_view, "catalog_health"),
            ("check/", self.check_view, "catalog_check"),
        ]
        wrap = self.admin_site.admin_view
        return [*(path(end, wrap(view), name=name) for end, view, name in views), *super().get_urls()]

    def has_check_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("catalog.add_verificationrun")

    def health_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        run = last_run()
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Health"),
            "opts": self.opts,
            "media": self.media,
            "run": run,
            "outcome": outcome_in_words(run) if run else "",
            "is_old": run is not None and timezone.now() - run.started_at > STALE,
            "checked": checked_in_words(run) if run else [],
            "took": took_in_words(run) if run else "",
            "findings": _lines(run) if run else [],
            "holdings": holdings(),
            "command": COMMAND,
            "may_check": self.has_check_permission(request),
            "is_too_large": Passage.objects.count() > MOST_PASSAGES,
            "most": MOST_PASSAGES,
        }
        return TemplateResponse(request, "admin/catalog/health/health.html", context)

    def check_view(self, request: HttpRequest) -> HttpResponse:
        """Check now, in this request; a catalog too large for that is left to the command."""
        if not self.has_check_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if Passage.objects.count() > MOST_PASSAGES:
            text = gettext("There are too many passages to check them here. Run: %(command)s")
            self.message_user(request, text % {"command": COMMAND}, messages.WARNING)
        else:
            run = check_everything(user=request.user)
            level = messages.ERROR if run.damage else messages.SUCCESS
            self.message_user(request, gettext("Checked: %s") % outcome_in_words(run), level)
        return HttpResponseRedirect(reverse(HEALTH_URL))

    @admin.display(description=_("outcome"))
    def outcome(self, run: VerificationRun) -> str:
        return outcome_in_words(run)

    @admin.display(description=_("passages"))
    def passages_checked(self, run: VerificationRun) -> int | str:
        return run.checked.get("passage", "–")

    @admin.display(description=_("took"), empty_value="–")
    def took(self, run: VerificationRun) -> str | None:
        return took_in_words(run) or None

    @admin.display(description=_("checked"), empty_value="–")
    def what_was_checked(self, run: VerificationRun) -> str | None:
        return ", ".join(checked_in_words(run)) or None

    @admin.display(description=_("found"), empty_value="–")
    def what_was_found(self, run: VerificationRun) -> str | None:
        findings = _lines(run)
        context = {"findings": findings, "run": run}
        return render_to_string("admin/catalog/health/_findings.html", context) if findings else None


def outcome_in_words(run: VerificationRun) -> str:
    """“No damage, 3 warnings”."""
    if run.finished_at is None:
        return gettext("not finished")
    damage = ngettext("%(count)d case of damage", "%(count)d cases of damage", run.damage) % {
        "count": run.damage
    }
    parts = [damage if run.damage else gettext("no damage")]
    if run.warnings:
        parts.append(
            ngettext("%(count)d warning", "%(count)d warnings", run.warnings) % {"count": run.warnings}
        )
    return ", ".join(parts)


def checked_in_words(run: VerificationRun) -> list[str]:
    """“5 texts of sources”, and so on for each kind of row."""
    count = {name: run.checked.get(name, 0) for name in ("snapshot", "text", "passage", "citation")}
    return run.checked and [
        ngettext("%(count)d snapshot", "%(count)d snapshots", count["snapshot"])
        % {"count": count["snapshot"]},
        ngettext("%(count)d with its text", "%(count)d with their text", count["text"])
        % {"count": count["text"]},
        ngettext("%(count)d passage", "%(count)d passages", count["passage"]) % {"count": count["passage"]},
        ngettext("%(count)d citation", "%(count)d citations", count["citation"])
        % {"count": count["citation"]},
    ]


def took_in_words(run: VerificationRun) -> str:
    """“3 seconds”; "" while it has no end."""
    if run.finished_at is None:
        return ""
    seconds = round((run.finished_at - run.started_at).total_seconds())
    if not seconds:
        return gettext("less than a second")
    return ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}


def _lines(run: VerificationRun) -> list[Line]:
    """The findings that the run has kept."""
    return [
        Line(
            _SEVERITIES[one.finding.severity],
            one.finding.severity == "damage",
            one.finding.key,
            _url(one),
            record_link(one.record) if one.record is not None else "",
            one.finding.what,
        )
        for one in named(Finding(**finding) for finding in run.findings)
    ]


def _url(one: Named) -> str:
    found = one.snapshot or one.citation or one.passage
    return reverse(f"admin:catalog_{found._meta.model_name}_change", args=[found.pk]) if found else ""

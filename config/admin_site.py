"""The admin of Ibid: its name, the order of its start page, and autocompletes that say enough."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from config.auditing import Audited
from editorial import audit
from editorial.desk import desk_of, has_desk
from editorial.tables.exporting import Transferable
from editorial.tables.rights import table_of

# What a desk uses most stands first; models that are not named follow in alphabetical order.
APP_ORDER = ("editorial", "catalog", "auth")
MODEL_ORDER = [
    "Article",
    "Pick",
    "Contributor",
    "Edition",
    "Correction",
    "ReaderReport",
    "Revision",
    "AuditEntry",
    "TableImport",
    "Source",
    "Snapshot",
    "Recapture",
    "Passage",
    "Citation",
    "Decision",
    "Series",
    "Season",
    "Episode",
    "Person",
    "Character",
    "CastEntry",
    "CrewCredit",
    "Availability",
    "Statement",
    "Alias",
    "EarlierWork",
    "Photo",
    "VerificationRun",
]


# Pages of the admin that are no list of one model: name, view, the permission to see it.
EVIDENCE = (
    (_("Facts"), "admin:catalog_facts", "catalog.view_citation"),
    (_("Review of recaptures"), "admin:catalog_recapture_changelist", "catalog.view_recapture"),
    (_("Health"), "admin:catalog_health", "catalog.view_verificationrun"),
)
TABLES = ((_("Bundles"), "bundles:index", "editorial.export_article"),)
DESIGN = ((_("Style page"), "style:index", "editorial.view_article"),)


class LabelledAutocompleteView(AutocompleteJsonView):
    """Results named by the admin's `autocomplete_label`, where it has one."""

    def has_perm(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        # Choosing a colleague is not reading their account.
        return self.model_admin.model is get_user_model() or super().has_perm(request, obj)

    def serialize_result(self, obj: models.Model, to_field_name: str) -> dict[str, str]:
        result = super().serialize_result(obj, to_field_name)
        label = getattr(self.model_admin, "autocomplete_label", str)
        return {**result, "text": label(obj)}


class IbidAdminSite(AdminSite):
    site_header = _("Ibid")
    site_title = _("Ibid")
    index_title = _("Desk")

    def register(self, model_or_iterable: Any, admin_class: type | None = None, **options: Any) -> None:
        """Whatever is registered, what people do in it is recorded; what a table holds goes in and out."""
        kind = admin_class or ModelAdmin
        several = isinstance(model_or_iterable, Iterable)
        for model in model_or_iterable if several else [model_or_iterable]:
            tables = (Transferable,) if table_of(model) else ()
            audited = type(kind.__name__, (Audited, *tables, kind), {"__module__": kind.__module__})
            super().register(model, audited, **options)

    def password_change(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        before = request.user.password
        with transaction.atomic():
            response = super().password_change(request, extra_context)
            if request.user.password != before:
                audit.record(user=request.user, verb="account.password_changed", target=request.user)
        return response

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The desk of whoever works on articles; for everybody else the plain list of what there is."""
        context = dict(extra_context or {})
        if has_desk(request.user):
            context["desk"] = desk_of(request.user, month=request.GET.get("month", ""))
        return super().index(request, context)

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        return LabelledAutocompleteView.as_view(admin_site=self)(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["models"].sort(key=lambda model: _place(model["object_name"], MODEL_ORDER))
        apps.sort(key=lambda app: _place(app["app_label"], APP_ORDER))
        evidence = _pages(request, "evidence", _("Evidence"), EVIDENCE)
        tables = _pages(request, "tables", _("Tables in and out"), TABLES)
        design = _pages(request, "design", _("Design"), DESIGN)
        return apps if app_label else [*evidence, *apps, *tables, *design]


def _pages(request: HttpRequest, label: str, name: Any, named: Iterable[tuple]) -> list[dict[str, Any]]:
    """Pages that are no list of one model, as an app of the menus; none for a stranger."""
    pages = [
        {"name": title, "object_name": view, "admin_url": reverse(view), "add_url": None, "view_only": True}
        for title, view, permission in named
        if request.user.has_perm(permission)
    ]
    app = {
        "name": name,
        "app_label": label,
        "app_url": reverse("admin:index"),
        "has_module_perms": True,
        "models": pages,
    }
    return [app] if pages else []


def _place(name: str, order: tuple[str, ...] | list[str]) -> int:
    return order.index(name) if name in order else len(order)

"""Tables out: what a list shows, as it is filtered and searched, or its selected rows, as a file."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.tabular.rows import TableRefused
from editorial.table_history import HISTORY_TABLES
from editorial.tables.downloads import FORMATS, exported_rows, file_response
from editorial.tables.rights import may_export, may_import, table_of

FORMAT = "format"  # in the address of an export, beside the filters of the list


class Transferable:
    """For the admin of a model that a table holds: its list as a file, and the way to import one."""

    change_list_template = "admin/editorial/tableimport/list_with_tables.html"

    def get_urls(self) -> list:
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        view = self.admin_site.admin_view(self.export_view)
        return [path("export/", view, name=name), *super().get_urls()]

    def has_export_permission(self, request: HttpRequest) -> bool:
        return may_export(request.user, self.model)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        if self.has_export_permission(request) and not _is_popup(request):
            actions["export_selected"] = self.get_action("export_selected")
        return actions

    @admin.action(description=_("Export selected %(verbose_name_plural)s"))
    def export_selected(self, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse:
        """The page that asks for the format; sent again with one, the file."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        if FORMAT in request.POST:
            return self._file(request, request.POST[FORMAT], queryset)
        context = {
            "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "across": request.POST.get("select_across", "0"),
            "checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return self._ask(request, queryset, context)

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """What the list shows as it is filtered and searched: first the choice of format, then the file."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        asked = request.GET.get(FORMAT)
        request.GET = request.GET.copy()
        for name in (FORMAT, PAGE_VAR):  # all pages of the list go out
            request.GET.pop(name, None)
        try:
            queryset = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(self._list_url())
        if asked is not None:
            return self._file(request, asked, queryset)
        return self._ask(request, queryset, {"filters": list(request.GET.lists())})

    def _file(self, request: HttpRequest, kind: str, queryset: models.QuerySet) -> HttpResponse:
        if kind not in FORMATS:
            raise Http404
        table = table_of(self.model)
        headers, rows = exported_rows(table, queryset)
        try:
            return file_response(table.removesuffix(".csv"), kind, headers, rows)
        except TableRefused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return HttpResponseRedirect(self._list_url())

    def _list_url(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def _ask(self, request: HttpRequest, queryset: models.QuerySet, context: dict[str, Any]) -> HttpResponse:
        shared = {
            **self.admin_site.each_context(request),
            "title": gettext("Export %(what)s") % {"what": self.opts.verbose_name_plural},
            "opts": self.opts,
            "count": queryset.count(),
            "formats": FORMATS.items(),
            "only_out": HISTORY_TABLES.get(table_of(self.model)),
            "list_url": self._list_url(),
            "filters": [],
            "selected": None,
        }
        return TemplateResponse(request, "admin/editorial/tableimport/export.html", {**shared, **context})

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_export"
        query = request.GET.urlencode()
        table = table_of(self.model)
        add = reverse("admin:editorial_tableimport_add")
        context = {**(extra_context or {}), "export_table_url": "", "import_table_url": ""}
        if self.has_export_permission(request):
            context["export_table_url"] = f"{reverse(name)}{'?' if query else ''}{query}"
        if may_import(request.user, table):
            context["import_table_url"] = f"{add}?table={table}"
        return super().changelist_view(request, context)


def _is_popup(request: HttpRequest) -> bool:
    return "_popup" in request.GET

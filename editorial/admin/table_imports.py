"""Tables in: upload a file, say how it is read, look at the dry run, mend it, import it, take it back.

A large bundle is an import too; what is done with single columns and rows is not done with it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from editorial.admin.table_mapping import Mapping
from editorial.models import ImportState, TableImport
from editorial.table_history import HISTORY_TABLES
from editorial.table_querysets import RUNNING
from editorial.tables.downloads import file_response, template_response
from editorial.tables.files import found_rows
from editorial.tables.importing import (
    ImportRefused,
    begin_check,
    cancel_import,
    confirm_import,
    mend_cells,
    require_file,
    require_table,
    undo_import,
    upload_table,
)
from editorial.tables.mapping import should_be_looked_at
from editorial.tables.pages import (
    checked_page,
    found_folder,
    mended_in,
    progress_data,
    refused_table,
    written_page,
)
from editorial.tables.rights import importable, importable_files, may_import, title_of
from editorial.tables.work import start

CHANGE = "admin:editorial_tableimport_change"
View = Callable[..., HttpResponse]


class UploadForm(forms.Form):
    table = forms.ChoiceField(label=_("Table"))
    file = forms.FileField(label=_("File"), allow_empty_file=True)

    def __init__(self, tables: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["table"].choices = [(table, title_of(table)) for table in tables]
        if (only_out := HISTORY_TABLES.get(self["table"].value())) is not None:
            self.fields["table"].error_messages["invalid_choice"] = only_out.refusal
        most = filesizeformat(settings.TABLE_LIMITS.bytes)
        text = gettext(
            "CSV, TSV, XLSX or JSON, at most %(most)s. Nothing is written before you have seen it."
        )
        self.fields["file"].help_text = text % {"most": most}


def step(view: View) -> View:
    """A page of one import, for those who may import its table. What is refused is said on its page."""

    @wraps(view)
    def page(self: TableImportAdmin, request: HttpRequest, pk: int) -> HttpResponse:
        table_import = TableImport.objects.with_people().filter(pk=pk).first()
        if table_import is None:
            raise Http404
        if not may_import(request.user, table_import.table):
            raise PermissionDenied
        try:
            return view(self, request, table_import)
        except ImportRefused as refused:
            self.message_user(request, str(refused), messages.ERROR)
            return _to(table_import)

    return page


def act(view: View) -> View:
    """A step that something is done in: by POST alone, and then back to the page of the import."""

    @wraps(view)
    def page(self: TableImportAdmin, request: HttpRequest, table_import: TableImport) -> HttpResponse:
        if request.method == "POST":
            view(self, request, table_import)
        return _to(table_import)

    return step(page)


@admin.register(TableImport)
class TableImportAdmin(Mapping, admin.ModelAdmin):
    list_display = ["name", "of_table", "state", "user", "uploaded_at"]
    list_filter = ["state"]
    search_fields = ["name"]
    actions = None

    class Media:
        css = {"all": ["editorial/tables.css"]}

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        steps = {
            "change": self.import_view,
            "mapping": self.mapping_view,
            "check": self.check_view,
            "mend": self.mend_view,
            "confirm": self.confirm_view,
            "cancel": self.cancel_view,
            "undo": self.undo_view,
            "progress": self.progress_view,
            "refused": self.refused_view,
        }
        urls = [
            path(f"<int:pk>/{name}/", wrap(view), name=f"editorial_tableimport_{name}")
            for name, view in steps.items()
        ]
        urls.append(path("template/", wrap(self.template_view), name="editorial_tableimport_template"))
        return [*urls, *super().get_urls()]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(importable_files(request.user))

    def has_view_permission(self, request: HttpRequest, obj: TableImport | None = None) -> bool:
        files = importable_files(request.user)
        return obj.table in files if obj else bool(files)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(importable(request.user))

    def has_change_permission(self, request: HttpRequest, obj: TableImport | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: TableImport | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        files = importable_files(request.user)
        return super().get_queryset(request).with_people().filter(table__in=files)

    @admin.display(description=_("table"), ordering="table")
    def of_table(self, table_import: TableImport) -> str:
        return title_of(table_import.table)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None):
        """The upload of a file."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        tables = importable(request.user)
        initial = {"table": request.GET.get("table", "")}
        form = UploadForm(tables, request.POST or None, request.FILES or None, initial=initial)
        if form.is_valid():
            table, file = form.cleaned_data["table"], form.cleaned_data["file"]
            try:
                new = upload_table(user=request.user, table=table, name=file.name, chunks=file.chunks())
            except ImportRefused as refused:
                form.add_error("file", str(refused))
            else:
                return self._after_upload(request, new)
        table = form["table"].value()
        context = {
            "title": gettext("Import a table"),
            "form": form,
            "table": table if table in tables else "",
        }
        return self._page(request, "add", context, status=400 if form.is_bound else 200)

    def _after_upload(self, request: HttpRequest, table_import: TableImport) -> HttpResponse:
        """On to how it is read, where somebody should look at that; else to what its rows do."""
        if should_be_looked_at(table_import):
            return HttpResponseRedirect(
                reverse("admin:editorial_tableimport_mapping", args=[table_import.pk])
            )
        start(begin_check(user=request.user, table_import=table_import))
        return _to(table_import)

    @step
    def import_view(self, request: HttpRequest, table_import: TableImport) -> HttpResponse:
        """The import as it is now: running, found, written."""
        context = {
            "title": gettext("Import: %(file)s") % {"file": table_import.name},
            "table_import": table_import,
            "table_title": title_of(table_import.table),
        }
        if table_import.state in RUNNING:
            context["progress"] = progress_data(table_import)
            return self._page(request, "running", context)
        if table_import.is_bundle:
            context["importable"] = sum(table_import.counts.get(kind, 0) for kind in ("new", "changed"))
            is_open = table_import.state == ImportState.CHECKED and table_import.file_removed_at is None
            return self._page(request, "bundle_checked" if is_open else "bundle_ended", context)
        number = request.GET.get("page", "")
        if table_import.state == ImportState.CHECKED and table_import.file_removed_at is None:
            context["found"] = checked_page(table_import, request.GET.get("show", ""), number)
            context["importable"] = table_import.counts["new"] + table_import.counts["changed"]
            context["late"] = table_import.counts.get("late", 0)
            return self._page(request, "checked", context)
        context["written"], context["rows"] = written_page(table_import, number)
        context["keep_days"] = settings.IMPORT_KEEP_DAYS
        return self._page(request, "ended", context)

    @step
    def mapping_view(self, request: HttpRequest, table_import: TableImport) -> HttpResponse:
        """How the file is read, and what its columns are."""
        require_table(table_import)
        return self.mapping_page(request, table_import)

    @act
    def check_view(self, request: HttpRequest, table_import: TableImport) -> None:
        start(begin_check(user=request.user, table_import=table_import))

    @act
    def mend_view(self, request: HttpRequest, table_import: TableImport) -> None:
        """Check again with the cells that were mended on one page of refused rows."""
        require_table(table_import)
        require_file(table_import)
        page = request.POST.get("page", "")
        if table_import.state != ImportState.CHECKED or not page.isdecimal() or len(page) > 9:
            raise ImportRefused(gettext("The file was checked again since. Look at what it found now."))
        found = checked_page(table_import, "refused", page)
        shown = found_rows(found_folder(table_import), "refused", found.page.number)
        mended = mended_in(request.POST, found.columns, shown)
        fingerprint = request.POST.get("fingerprint", "")
        if fingerprint != table_import.fingerprint:
            raise ImportRefused(gettext("The file was checked again since. Look at what it found now."))
        if not mended:
            raise ImportRefused(gettext("No cell was changed. Mend one, then check the rows again."))
        start(mend_cells(user=request.user, table_import=table_import, fingerprint=fingerprint, cells=mended))

    @act
    def confirm_view(self, request: HttpRequest, table_import: TableImport) -> None:
        only_good = request.POST.get("how") == "good"
        fingerprint = request.POST.get("fingerprint", "")
        start(
            confirm_import(
                user=request.user, table_import=table_import, fingerprint=fingerprint, only_good=only_good
            )
        )

    @act
    def cancel_view(self, request: HttpRequest, table_import: TableImport) -> None:
        cancel_import(user=request.user, table_import=table_import)

    @act
    def undo_view(self, request: HttpRequest, table_import: TableImport) -> None:
        start(undo_import(user=request.user, table_import=table_import))

    @step
    def progress_view(self, request: HttpRequest, table_import: TableImport) -> HttpResponse:
        return JsonResponse(progress_data(table_import))

    @step
    def refused_view(self, request: HttpRequest, table_import: TableImport) -> HttpResponse:
        """The refused rows as a file that can be mended and sent again."""
        require_table(table_import)
        if not table_import.counts.get("refused") or table_import.file_removed_at is not None:
            raise ImportRefused(gettext("There are no refused rows to download."))
        columns, rows = refused_table(table_import)
        name = f"{table_import.table.removesuffix('.csv')}-refused"
        return file_response(name, request.GET.get("format", "csv"), columns, rows)

    def template_view(self, request: HttpRequest) -> HttpResponse:
        """A file with the columns of a table, to start from."""
        table = request.GET.get("table", "")
        if table not in importable(request.user):
            raise PermissionDenied
        return template_response(table, request.GET.get("format", ""))

    def _page(
        self, request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media}
        template = f"admin/editorial/tableimport/{name}.html"
        return TemplateResponse(request, template, {**shared, **context}, status=status)


def _to(table_import: TableImport) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(CHANGE, args=[table_import.pk]))

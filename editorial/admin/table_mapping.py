"""The page “How we read this file”: what it is, its columns and its names, each to be overruled."""

from __future__ import annotations

from typing import Any

from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from catalog.tabular.mapping import problems_of
from catalog.tabular.reading import Overrides, TableRefused
from editorial.admin.table_mapping_forms import MappingForm, ReadingForm
from editorial.models import TableImport
from editorial.tables.importing import BEFORE_A_CHECK, ImportRefused, begin_check
from editorial.tables.mapping import choices_in, keep_choices, keep_reading, mapped_import
from editorial.tables.mapping_page import FileColumn, look
from editorial.tables.reading import detected_in
from editorial.tables.rights import title_of
from editorial.tables.work import start

PAGE = "admin:editorial_tableimport_mapping"


class Mapping:
    """For the admin of imports, which shows pages with `_page` and says who may see them."""

    def mapping_page(self, request: HttpRequest, table_import: TableImport) -> HttpResponse:
        """Show how the file is read, or take what the person says of it. Raises ImportRefused."""
        if table_import.state not in BEFORE_A_CHECK or table_import.file_removed_at is not None:
            raise ImportRefused(
                gettext("How a file is read is decided before it is imported. Upload it again.")
            )
        if request.method == "POST" and request.POST.get("do") == "read":
            return self._read(request, table_import)
        try:
            detected = detected_in(table_import)
        except TableRefused as refused:
            return self._unreadable(request, table_import, str(refused))
        if request.method == "POST":
            return self._map(request, table_import, detected)
        return self._show(request, table_import, detected)

    def _read(self, request: HttpRequest, table_import: TableImport) -> HttpResponse:
        try:
            detected = detected_in(table_import)
        except TableRefused:
            detected = None
        form = ReadingForm(detected, _overrides(table_import), request.POST)
        if not form.is_valid():
            if detected is None:
                return self._unreadable(request, table_import, "", form)
            return self._show(request, table_import, detected, reading=form, status=400)
        keep_reading(user=request.user, table_import=table_import, overrides=form.overrides())
        return _back(table_import)

    def _map(self, request: HttpRequest, table_import: TableImport, detected: Any) -> HttpResponse:
        mapped = mapped_import(table_import, detected)
        page = look(mapped, detected)
        form = MappingForm(mapped.mapping, mapped.columns, mapped.choices, page.offers, request.POST)
        if not form.is_valid():
            return self._show(request, table_import, detected, form=form, status=400)
        mapping = form.mapping()
        problems = problems_of(mapping, mapped.columns)
        if problems:
            return self._show(request, table_import, detected, form=form, problems=problems, status=400)
        kept = keep_choices(
            user=request.user, table_import=table_import, mapping=mapping, names=form.choices()
        )
        if request.POST.get("do") != "check":
            return _back(table_import)
        start(begin_check(user=request.user, table_import=kept))
        return HttpResponseRedirect(reverse("admin:editorial_tableimport_change", args=[table_import.pk]))

    def _show(
        self,
        request: HttpRequest,
        table_import: TableImport,
        detected: Any,
        *,
        reading: ReadingForm | None = None,
        form: MappingForm | None = None,
        problems: list[str] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        mapped = mapped_import(table_import, detected)
        page = look(mapped, detected)
        form = form or MappingForm(mapped.mapping, mapped.columns, mapped.choices, page.offers)
        context = {
            "page": page,
            "problems": page.problems if problems is None else problems,
            "is_refused": status != 200,
            "reading": reading or ReadingForm(detected, _overrides(table_import)),
            "form": form,
            "columns": [_asked(form, column) for column in page.columns],
            "needed": form.values(is_needed=True),
            "others": form.values(is_needed=False),
            "names": [(offer, form[f"name-{offer.key}"]) for offer in form.offers],
            "has_makes": bool(page.missing) or choices_in(table_import).makes,
        }
        return self._page(request, "mapping", {**_shared(table_import), **context}, status=status)

    def _unreadable(
        self, request: HttpRequest, table_import: TableImport, why: str, form: ReadingForm | None = None
    ) -> HttpResponse:
        context = {
            "page": None,
            "why": why,
            "reading": form or ReadingForm(None, _overrides(table_import)),
        }
        return self._page(request, "mapping", {**_shared(table_import), **context}, status=400)


def _shared(table_import: TableImport) -> dict[str, Any]:
    return {
        "title": gettext("How we read this file"),
        "table_import": table_import,
        "table_title": title_of(table_import.table),
    }


def _overrides(table_import: TableImport) -> Overrides:
    return Overrides.from_json(table_import.options.get("reading") or {})


def _asked(form: MappingForm, column: FileColumn) -> dict[str, Any]:
    """A column of the file with its fields."""
    names = ("to", "separator", "own", "pattern")
    fields = {name: _field(form, f"{name}-{column.index}") for name in names}
    return {"column": column, **fields}


def _field(form: MappingForm, name: str) -> BoundField | None:
    return form[name] if name in form.fields else None


def _back(table_import: TableImport) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(PAGE, args=[table_import.pk]))

"""The whole newsroom in one file: taken out, and taken in after a look at what that would do.

For those who may export every table, and import every one. Between the look and the import the file lies in a
folder of its own that the server shows nobody; only the token of the page that showed it names it. A bundle
with many rows becomes an import that a worker checks and writes (`editorial.admin.table_imports`).
"""

from __future__ import annotations

import datetime
import secrets
from functools import partial
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import AbstractBaseUser
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import get_valid_filename
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from editorial.bundle_extras import WITH_HISTORY, WITH_QUOTES
from editorial.bundles import MAX_BYTES, TABLES, BundleRefused, open_bundle
from editorial.exports import export_bundle, may_export
from editorial.imports import Imported, import_bundle
from editorial.models import BUNDLE
from editorial.newsroom_state import desk_state
from editorial.tables.bundle_runs import MOST_PROBLEMS, lines_of, lines_of_refused, number_of_problems
from editorial.tables.importing import begin_check, upload_table
from editorial.tables.rights import may_import

LONGEST_WAIT = datetime.timedelta(hours=1)  # between the look and the import
_PIECE = 1024 * 1024  # bytes
_SALT = "editorial.bundles"


class TakeOutForm(forms.Form):
    with_quotes = forms.BooleanField(label=_("with the words of the passages"), required=False)
    with_history = forms.BooleanField(
        label=_("with what happened: the audit log, without names, and the corrections"), required=False
    )


class TakeInForm(forms.Form):
    bundle = forms.FileField(
        label=_("Bundle"), help_text=_("A zip file that was made here or by another Ibid.")
    )

    def clean_bundle(self) -> UploadedFile:
        given = self.cleaned_data["bundle"]
        if given.size > MAX_BYTES:
            text = gettext("The file is too large: at most %(size)s MB.")
            raise forms.ValidationError(text % {"size": MAX_BYTES // 1024**2})
        return given


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What to take out, and where to bring something in."""
    if not (may_take_out(request.user) or may_take_in(request.user)):
        raise PermissionDenied
    return _page(request)


@require_POST
def take_out(request: HttpRequest) -> HttpResponseBase:
    """A bundle for a desk. The file is gone from the server when it is sent."""
    form = TakeOutForm(request.POST)
    form.is_valid()
    wanted = ((WITH_QUOTES, "with_quotes"), (WITH_HISTORY, "with_history"))
    made = _folder("outgoing") / f"{secrets.token_hex(16)}.zip"
    extras = [extra for extra, name in wanted if form.cleaned_data.get(name)]
    export_bundle(user=request.user, out=made, extras=extras)
    file = made.open("rb")
    made.unlink()
    return FileResponse(file, as_attachment=True, filename=f"ibid-desk-{timezone.localdate()}.zip")


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Keep what was sent, and show what importing it would do, or have a worker find out.

    Nothing is written.
    """
    _require_take_in(request)
    form = TakeInForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, take_in=form, status=400)
    given = form.cleaned_data["bundle"]
    folder = _folder("incoming")
    _forget_old(folder)
    kept = folder / f"{secrets.token_hex(16)}.zip"
    with kept.open("xb") as file:
        file.writelines(given.chunks())
    name = get_valid_filename(given.name)
    return _leave_to_worker(request, kept, name) if _is_large(kept) else _look_at(request, kept, name)


@require_POST
def take_in(request: HttpRequest) -> HttpResponse:
    """Import what the page of the token showed, if it would still do the same; else show it again."""
    _require_take_in(request)
    seen = _seen(request)
    kept = _folder("incoming") / f"{seen['file']}.zip" if seen else None
    if kept is None or not kept.is_file():
        messages.error(request, gettext("This look is too long ago. Choose the file once more."))
        return HttpResponseRedirect(reverse("bundles:index"))
    imported = _import_if_still(request.user, seen["state"], kept)
    if imported is None:
        messages.warning(
            request, gettext("Somebody has changed something meanwhile. This is what it would do now.")
        )
        return _look_at(request, kept, seen["name"], status=409)
    kept.unlink(missing_ok=True)
    written = sum(result.new + result.changed for result in imported.tables.values())
    text = ngettext("%(number)s row was written.", "%(number)s rows were written.", written)
    messages.success(request, text % {"number": written})
    return HttpResponseRedirect(reverse("bundles:index"))


@transaction.atomic
def _import_if_still(user: AbstractBaseUser, state: str, kept: Path) -> Imported | None:
    """Import the bundle while everything is as it was when somebody looked; None when it is not."""
    if state != desk_state():
        return None
    try:
        return import_bundle(user=user, path=kept)
    except BundleRefused:
        return None


def may_take_out(user: AbstractBaseUser) -> bool:
    return all(may_export(user, resource._meta.model) for resource in TABLES.values())


def may_take_in(user: AbstractBaseUser) -> bool:
    return may_import(user, BUNDLE)


def _require_take_in(request: HttpRequest) -> None:
    if not may_take_in(request.user):
        raise PermissionDenied


def _look_at(request: HttpRequest, kept: Path, name: str, status: int = 200) -> HttpResponse:
    """The page that shows what an import of this file would do now."""
    state = desk_state()
    try:
        imported = import_bundle(
            user=request.user, path=kept, name=name, dry_run=True, most_problems=MOST_PROBLEMS
        )
    except BundleRefused as refused:
        kept.unlink(missing_ok=True)
        context = {"name": name, "refused": refused, "lines": lines_of_refused(refused)}
        return _page(request, looked_at=context, status=400)
    token = {"file": kept.stem, "name": name, "user": request.user.pk, "state": state}
    context = {
        "name": name,
        "lines": lines_of(imported.tables),
        "left_out": imported.left_out,
        "changes": imported.changed_anything,
        "token": signing.dumps(token, salt=_SALT),
    }
    return _page(request, looked_at=context, status=status)


def _is_large(kept: Path) -> bool:
    """Whether nobody could wait for it, as its manifest says, which is compared with its files afterwards."""
    try:
        with open_bundle(kept) as bundle:
            return bundle.rows() > settings.BUNDLE_ROWS_AT_ONCE
    except BundleRefused:
        return False  # the look will say what is wrong


def _leave_to_worker(request: HttpRequest, kept: Path, name: str) -> HttpResponse:
    """On to the page of an import that a worker checks."""
    with kept.open("rb") as file:
        chunks = iter(partial(file.read, _PIECE), b"")
        new = upload_table(user=request.user, table=BUNDLE, name=name, chunks=chunks)
    kept.unlink(missing_ok=True)
    begin_check(user=request.user, table_import=new)
    return HttpResponseRedirect(reverse("admin:editorial_tableimport_change", args=[new.pk]))


def _seen(request: HttpRequest) -> dict[str, Any] | None:
    """What the token of the page names; None when it is not this person's, or too old."""
    try:
        seen = signing.loads(request.POST.get("token", ""), salt=_SALT, max_age=LONGEST_WAIT)
    except signing.BadSignature:
        return None
    return seen if seen["user"] == request.user.pk else None


def _folder(name: str) -> Path:
    """A folder that only the server's own account may look into."""
    folder = settings.BUNDLES_ROOT / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _forget_old(folder: Path) -> None:
    """Delete what somebody sent and never imported."""
    oldest = (timezone.now() - 2 * LONGEST_WAIT).timestamp()
    for left in folder.glob("*.zip"):
        if left.stat().st_mtime < oldest:
            left.unlink(missing_ok=True)


def _page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    refused = context.get("looked_at", {}).get("refused")
    context = {
        **admin.site.each_context(request),
        "title": gettext("Bundles"),
        "may_take_out": may_take_out(request.user),
        "may_take_in": may_take_in(request.user),
        "take_out": TakeOutForm(auto_id="take_out_%s"),
        "take_in": TakeInForm(),
        "rows_at_once": settings.BUNDLE_ROWS_AT_ONCE,
        "problems": refused.problems[:MOST_PROBLEMS] if refused else [],
        "more_problems": max(0, number_of_problems(refused) - MOST_PROBLEMS) if refused else 0,
        **context,
    }
    return TemplateResponse(request, "admin/editorial/bundles.html", context, status=status)


app_name = "bundles"
urlpatterns = [
    path("", admin.site.admin_view(index), name="index"),
    path("take-out/", admin.site.admin_view(take_out), name="take_out"),
    path("look/", admin.site.admin_view(look), name="look"),
    path("take-in/", admin.site.admin_view(take_in), name="take_in"),
]

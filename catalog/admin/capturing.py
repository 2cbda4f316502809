"""Capturing in two steps: the document is read and shown with what it offers; a person confirms.

Between the two nothing is stored: the text travels through the page, signed for the one who is capturing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from django.contrib import messages
from django.contrib.admin import helpers
from django.contrib.auth.models import AbstractBaseUser
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext

from catalog.actions import Captured, CatalogError, capture_document, preview_recapture
from catalog.capture import CaptureError, sha256_of
from catalog.dates import PartialDate
from catalog.documents import at_address, of_file, pasted
from catalog.extraction import OFFERED
from catalog.fetching import FetchError
from catalog.forms import SnapshotAddForm
from catalog.models import CaptureMethod, Outcome, Snapshot, Source
from catalog.review import ORDER, counts_in_words

SHOWN = 3000  # code points of the text that the second step shows


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that was read and is not stored yet. `seen` is what the source said of itself then."""

    source: int
    text: str
    method: str
    origin: str = ""
    offered: Mapping[str, str] = field(default_factory=dict)
    seen: Mapping[str, str] = field(default_factory=dict)

    def signed(self, user: AbstractBaseUser) -> str:
        """The draft as characters that a form carries unchanged, good for `user` alone."""
        return signing.dumps(asdict(self), salt=_salt(user), serializer=_Compact, compress=True)

    @classmethod
    def of(cls, token: str, user: AbstractBaseUser) -> Draft:
        """Raises signing.BadSignature."""
        return cls(**signing.loads(token, salt=_salt(user), serializer=_Compact))


class _Compact:
    """JSON in UTF-8: Django's own writes six bytes for each letter with an accent."""

    def dumps(self, obj: object) -> bytes:
        return json.dumps(obj, ensure_ascii=False, separators=(",", ":")).encode()

    def loads(self, data: bytes) -> object:
        return json.loads(data)


def _salt(user: AbstractBaseUser) -> str:
    return f"catalog.capture.{user.pk}"


def _read(form: SnapshotAddForm) -> Draft:
    """The draft that a valid form asks for. Raises CaptureError, FetchError."""
    data = form.cleaned_data
    if form.way == "pasted":
        document = pasted(data["pasted"])
    elif form.way == "file":
        document = of_file(data["file"], data["file"].name)
    else:
        document = at_address(data["address"])
    return Draft(
        source=data["source"].pk,
        text=document.text,
        method=document.method.value,
        origin=document.origin,
        offered=document.offered,
        seen=_said_by(data["source"]),
    )


def _said_by(source: Source) -> dict[str, str]:
    return {name: str(getattr(source, name) or "") for name in OFFERED}


class Capturing:
    """For the admin of snapshots: adding one shows what was read before it stores anything."""

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None):
        if request.method != "POST":
            return super().add_view(request, form_url, extra_context)
        if not self.has_add_permission(request):
            raise PermissionDenied
        if "draft" in request.POST:
            return self._confirmed(request)
        form = self.get_form(request)(request.POST, request.FILES)
        if form.is_valid():
            # Outside of any transaction: fetching may take its time.
            try:
                draft = _read(form)
                if form.way == "pasted" and not _is_recapture(form.cleaned_data["source"]):
                    return self._store(request, form.cleaned_data["source"], draft, {})
            except (CaptureError, FetchError, CatalogError) as refusal:
                form.add_error(form.way, str(refusal))
            else:
                return self._confirmation(request, form.cleaned_data["source"], draft, {})
        return self._entry(request, form)

    def _entry(self, request: HttpRequest, form: SnapshotAddForm) -> HttpResponse:
        """The first step again, with what was typed."""
        adminform = helpers.AdminForm(form, list(self.get_fieldsets(request)), {}, model_admin=self)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Add %s") % self.opts.verbose_name,
            "adminform": adminform,
            "errors": helpers.AdminErrorList(form, []),
            "inline_admin_formsets": [],
            "media": self.media + adminform.media,
            "is_popup": False,
            "to_field": None,
            "preserved_filters": self.get_preserved_filters(request),
        }
        return self.render_change_form(request, context, add=True)

    def _confirmation(
        self,
        request: HttpRequest,
        source: Source,
        draft: Draft,
        accepted: Mapping[str, str],
        problem: str = "",
    ) -> HttpResponse:
        """The second step: the text, whether it is known, and what the document says of itself."""
        digest = sha256_of(draft.text)
        known = Snapshot.objects.filter(sha256=digest).defer("text").select_related("source")
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Look at the text"),
            "subtitle": str(source),
            "opts": self.opts,
            "source": source,
            "draft": draft,
            "token": draft.signed(request.user),
            "sha256": digest,
            "length": len(draft.text),
            "beginning": draft.text[:SHOWN],
            "is_cut": len(draft.text) > SHOWN,
            "known": list(known),
            "offers": _offers(source, draft, accepted),
            "may_take_over": request.user.has_perm("catalog.change_source"),
            "problem": problem,
            **_recapture_context(source, draft.text),
        }
        return TemplateResponse(request, "admin/catalog/snapshot/confirm.html", context)

    def _confirmed(self, request: HttpRequest) -> HttpResponse:
        """What the second step sent: stored, shown again with the reason, or taken back to the first."""
        try:
            draft = Draft.of(request.POST["draft"], request.user)
            source = Source.objects.get(pk=draft.source)
        except (signing.BadSignature, Source.DoesNotExist):
            text = gettext("This text cannot be captured any more. Give the document again.")
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(request.path)
        if "_back" in request.POST:
            return self._entry(request, self._form_of(request, source, draft))
        chosen = request.POST.getlist("accept")
        accepted = {name: value for name, value in draft.offered.items() if name in chosen}
        now = _said_by(source)
        if any(now[name] != draft.seen[name] for name in accepted):
            problem = gettext("Somebody has changed the source meanwhile. Look at its values again.")
            shown = Draft(**{**asdict(draft), "seen": now})
            return self._confirmation(request, source, shown, accepted, problem)
        try:
            return self._store(request, source, draft, accepted)
        except CatalogError as refusal:
            return self._confirmation(request, source, draft, accepted, str(refusal))

    def _form_of(self, request: HttpRequest, source: Source, draft: Draft) -> SnapshotAddForm:
        typed = {
            CaptureMethod.FETCH.value: {"address": draft.origin},
            CaptureMethod.PASTE.value: {"pasted": draft.text},
        }
        return self.get_form(request)(initial={"source": source.pk, **typed.get(draft.method, {})})

    def _store(
        self, request: HttpRequest, source: Source, draft: Draft, accepted: Mapping[str, str]
    ) -> HttpResponse:
        captured = capture_document(
            user=request.user, source=source, text=draft.text, method=draft.method, accepted=accepted
        )
        snapshot, made = captured.snapshot, captured.recapture
        if accepted:
            self.log_change(request, snapshot.source, [{"changed": {"fields": sorted(accepted)}}])
        if not captured.was_here:
            self.log_addition(request, snapshot, [{"added": {}}])
        if made is not None:
            return self._to_review(request, captured)
        if captured.was_here:
            text = gettext("This text of the source was here already; no second snapshot was made.")
            self.message_user(request, text, messages.WARNING)
        else:
            self.message_user(request, gettext("The text is captured."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:catalog_snapshot_change", args=[snapshot.pk]))

    def _to_review(self, request: HttpRequest, captured: Captured) -> HttpResponse:
        """To the review of a recapture; to the snapshot when there is nothing to look at."""
        counts = captured.recapture.reanchorings.count_by_outcome()
        text = gettext("The source is captured again.")
        if counts:
            text = f"{text} {gettext('Its passages: %(counts)s.') % {'counts': counts_in_words(counts)}}"
        to_review = counts.keys() - {Outcome.VERIFIED.value} or captured.not_compared
        self.message_user(request, text, messages.WARNING if to_review else messages.SUCCESS)
        if to_review:
            url = reverse("admin:catalog_recapture_change", args=[captured.recapture.pk])
        else:
            url = reverse("admin:catalog_snapshot_change", args=[captured.snapshot.pk])
        return HttpResponseRedirect(url)


def _is_recapture(source: Source) -> bool:
    """Whether a text of the source is here already."""
    return source.snapshots.attached().exists()


def _recapture_context(source: Source, text: str) -> dict[str, object]:
    """For the second step: what the text would do to the passages of a source that was captured before."""
    preview = preview_recapture(source, text)
    current = Snapshot.objects.attached().defer("text").current_of(source)
    counts = [] if preview is None else [(one, preview.counts.get(one.value, 0)) for one in ORDER]
    return {"preview": preview, "current": current, "counts": counts}


def _offers(source: Source, draft: Draft, accepted: Mapping[str, str]) -> list[dict[str, object]]:
    """One row for each value the document offers: what it says, what the source says, both in words."""
    return [
        {
            "name": name,
            "label": capfirst(source._meta.get_field(name).verbose_name),
            "value": _in_words(name, value),
            "now": _in_words(name, draft.seen[name]),
            "same": value == draft.seen[name],
            "accepted": name in accepted,
        }
        for name, value in draft.offered.items()
    ]


def _in_words(name: str, value: str) -> str:
    if name != "published" or not value:
        return value
    return PartialDate.parse(value).spoken()

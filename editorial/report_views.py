"""The form with which readers report a mistake: never kept by a cache, never listed by an engine.

It knows nobody: no session, no cookie, and so nothing that another site could send in a reader's name. That
it was made here says its stamp, which needs no cookie; browsers say themselves when another site sends it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from catalog.models import Passage
from catalog.views import character_or_404, episode_or_404, person_or_404, season_or_404, series_or_404
from editorial import pages, spam
from editorial.actions import report_mistake, report_record
from editorial.models import Edition
from editorial.models.report import MESSAGE_LENGTH
from editorial.reporting import Choice, EditionText, Pointed, Stated, is_one_too_many, stated_on, was_sent
from editorial.sections import BY_KIND

# The pages of the catalog that can be reported, by the name of their record in the sheet.
SHEETS: dict[str, Callable[..., Any]] = {
    "series": series_or_404,
    "season": season_or_404,
    "episode": episode_or_404,
    "person": person_or_404,
    "character": character_or_404,
}


class TidyField(forms.CharField):
    """Text as people type it; see `spam.tidy`."""

    def to_python(self, value: Any) -> str:
        return super().to_python(spam.tidy(value or ""))


class ReportForm(forms.Form):
    """`website` is for machines, which fill in everything."""

    message = TidyField(
        label=_("What is wrong?"),
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea({"rows": 6, "dir": "auto"}),
    )
    email = forms.EmailField(
        label=_("E-mail, if you would like an answer"),
        required=False,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"}),
    )
    stamp = forms.CharField(widget=forms.HiddenInput, required=False)


class EditionPage:
    """An article as a form reports it: in the edition that the form was made for."""

    def __init__(self, live: Edition, stamp: spam.Stamp | None) -> None:
        self.edition = self._edition_read(live, stamp)
        self.subject = f"edition:{self.edition.pk}"
        content = live.revision.content
        self.title = content["spoiler_free_title"] or content["title"]  # the form folds nothing
        self.path = live.get_absolute_url()
        self._text = EditionText(self.edition)
        self.choices = self._text.choices

    def pointed_at(self, request: HttpRequest) -> Pointed:
        return self._text.pointed_at(request.GET, request.POST.get("place"))

    def is_lost(self, request: HttpRequest) -> bool:
        return False

    def report(self, request: HttpRequest, message: str, email: str) -> None:
        pointed = self.pointed_at(request)
        report_mistake(
            edition=self.edition,
            sentence=pointed.sentence,
            footnote=pointed.footnote,
            message=message,
            email=email,
        )

    @staticmethod
    def _edition_read(live: Edition, stamp: spam.Stamp | None) -> Edition:
        """What readers have now where the form's own is not known."""
        name, _colon, pk = ("", "", "") if stamp is None else stamp.subject.partition(":")
        if stamp is None or stamp.age > spam.TOO_OLD or name != "edition" or int(pk) == live.pk:
            return live
        return Edition.objects.for_page().filter(pk=int(pk), article=live.article_id).first() or live


class RecordPage:
    """A page of the catalog as a form reports it: with the facts that it has now."""

    def __init__(self, sheet: Any, name: str, key: str) -> None:
        self.record = getattr(sheet, name)
        self.subject = f"{self.record._meta.label_lower}:{self.record.pk}"
        self.title, self.path = str(self.record), self.record.get_absolute_url()
        self._key = key
        self._stated = stated_on(sheet.verified, key) or stated_on(sheet.verified)
        self.choices = [Choice(one.value, one.text) for one in self._stated]

    def pointed_at(self, request: HttpRequest) -> Pointed:
        one = self._chosen(request)
        if one is None:
            return Pointed()
        return Pointed(one.text, choice=one.value)

    def is_lost(self, request: HttpRequest) -> bool:
        """Whether the form names a fact that the page does not have any more."""
        return bool(request.POST.get("place")) and self._chosen(request) is None

    def report(self, request: HttpRequest, message: str, email: str) -> None:
        one = self._chosen(request)
        report_record(
            record=self.record if one is None else one.record,
            field="" if one is None else one.field,
            sentence="" if one is None else one.text,
            passage=None if one is None else self._passage(one),
            about=self.title,
            path=self.path,
            language=translation.get_language(),
            message=message,
            email=email,
        )

    def _passage(self, one: Stated) -> Passage | None:
        """The one that the reader came from, as far as it holds what they chose."""
        keys = [evidence.key for evidence in one.evidence]
        key = self._key if self._key in keys else keys[0]
        return Passage.objects.by_key({key}).get(key)

    def _chosen(self, request: HttpRequest) -> Stated | None:
        """What the form names, or else the only fact that the passage of the link holds."""
        named = request.POST.get("place")
        if named is None and self._key and len(self._stated) == 1:
            return self._stated[0]
        return next((one for one in self._stated if one.value == named), None)


Page = EditionPage | RecordPage


def _form_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What both forms are to caches, engines, error reports and browsers without cookies."""
    safe = sensitive_post_parameters("message", "email")(view)
    return never_cache(csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(safe)))


@_form_view
def report(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Where a reader says what is wrong with an article that readers have, in the language of the article."""
    live = Edition.objects.for_page().at_address(kind, slug).first()
    if live is None:
        return _unlisted(_without_text(request, kind, slug))
    with translation.override(live.language):
        response = _answer(request, lambda stamp: EditionPage(live, stamp))
    response.headers["Content-Language"] = live.language
    return _unlisted(response)


@_form_view
def report_page(request: HttpRequest, page: str, **names: Any) -> HttpResponse:
    """The same of a page of the catalog, in the language that it was read in."""
    sheet = SHEETS[page](**names)
    key = request.GET.get("passage", "")[:300]
    return _unlisted(_answer(request, lambda _stamp: RecordPage(sheet, page, key)))


def _unlisted(response: HttpResponse) -> HttpResponse:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _without_text(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Of what readers have no longer nothing is reported."""
    if pages.tombstone(kind, slug) is None:
        raise Http404(_("There is no such article."))
    return render(request, "editorial/article_gone.html", {"section": BY_KIND[kind]}, status=410)


def _answer(request: HttpRequest, page_of: Callable[[spam.Stamp | None], Page]) -> HttpResponse:
    if request.method != "POST":
        page = page_of(None)
        if request.GET.get("sent") == "yes":
            return render(request, "editorial/report_sent.html", {"title": page.title, "path": page.path})
        return _form_page(request, page, ReportForm(initial={"stamp": spam.stamp_of(page.subject)}))
    try:
        stamp = spam.read_stamp(request.POST.get("stamp", ""), timezone.now())
    except (RequestDataTooBig, TooManyFieldsSent):
        return HttpResponse(gettext("That is too much to read. Send a shorter report."), status=413)
    page, form = page_of(stamp), ReportForm(request.POST)
    if stamp is not None and stamp.subject != page.subject:
        stamp = None
    if page.is_lost(request):
        form.add_error(None, gettext("This page has changed meanwhile. Choose again what is wrong on it."))
    refused = _refusal(request, form, stamp) if form.is_valid() else None
    if form.is_valid() and refused is None:
        page.report(request, form.cleaned_data["message"], form.cleaned_data["email"])
        return HttpResponseRedirect(f"{request.path}?sent=yes")
    return _refused_page(request, page, form, stamp, refused)


def _refusal(request: HttpRequest, form: ReportForm, stamp: spam.Stamp | None) -> spam.Refused | None:
    """The number of the form is used up, and the report counted, only where nothing else refuses it."""
    given = form.cleaned_data
    if _is_from_elsewhere(request):
        return spam.Refused.ELSEWHERE
    refused = spam.refusal(honeypot=given["website"], stamp=stamp, message=given["message"])
    if refused is not None:
        return refused
    if is_one_too_many(_network_address(request)):
        return spam.Refused.TOO_MANY
    return spam.Refused.SENT_BEFORE if was_sent(stamp.number) else None


def _refused_page(
    request: HttpRequest,
    page: Page,
    form: ReportForm,
    stamp: spam.Stamp | None,
    refused: spam.Refused | None,
) -> HttpResponse:
    """The form with what was typed and why it was not taken; with a stamp that can be sent again."""
    if refused is not None:
        form.add_error(None, spam.in_words(refused))
    form.data = request.POST.copy()
    form.data["message"] = spam.tidy(form.data.get("message", ""))
    if stamp is None or stamp.age > spam.TOO_OLD or refused is spam.Refused.SENT_BEFORE:
        form.data["stamp"] = spam.stamp_of(page.subject)
    status = 429 if refused is spam.Refused.TOO_MANY else 400
    return _form_page(request, page, form, status=status)


def _is_from_elsewhere(request: HttpRequest) -> bool:
    """Whether the browser says that another site sends the form; without a word of it, it does not."""
    origin = request.headers.get("Origin", "")
    if request.headers.get("Sec-Fetch-Site", "") == "cross-site":
        return True
    return bool(origin) and origin != "null" and urlsplit(origin).netloc != request.get_host()


def _network_address(request: HttpRequest) -> str:
    """Behind a proxy the one that the proxy names: it writes the last entry itself."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def _form_page(request: HttpRequest, page: Page, form: ReportForm, status: int = 200) -> HttpResponse:
    context = {
        "title": page.title,
        "path": page.path,
        "pointed": page.pointed_at(request),
        "choices": page.choices,
        "form": form,
        "days": settings.REPORT_ADDRESS_DAYS,
        "lead": gettext("Say what is wrong. An editor or a fact-checker reads it."),
    }
    return render(request, "editorial/report.html", context, status=status)

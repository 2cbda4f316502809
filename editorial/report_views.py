"""The form with which readers report a mistake: never kept by a cache, never listed by an engine."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from editorial import pages, spam
from editorial.actions import report_mistake
from editorial.models import Edition
from editorial.models.report import MESSAGE_LENGTH
from editorial.reporting import is_one_too_many, pointed_at
from editorial.sections import BY_KIND


class MessageField(forms.CharField):
    """Counts a line break as browsers do: once."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n")


class ReportForm(forms.Form):
    """`website` is for machines, which fill in everything."""

    message = MessageField(
        label=_("What is wrong?"),
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea({"rows": 6}),
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


@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Where a reader says what is wrong with an article that readers have, in the language of the article."""
    edition = Edition.objects.for_page().at_address(kind, slug).first()
    if edition is None:
        response = _without_text(request, kind, slug)
    else:
        with translation.override(edition.language):
            response = _answer(request, edition)
        response.headers["Content-Language"] = edition.language
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _without_text(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """Of what readers have no longer nothing is reported."""
    if pages.tombstone(kind, slug) is None:
        raise Http404(_("There is no such article."))
    return render(request, "editorial/article_gone.html", {"section": BY_KIND[kind]}, status=410)


def _answer(request: HttpRequest, live: Edition) -> HttpResponse:
    if request.method != "POST":
        if request.GET.get("sent") == "yes":
            return render(request, "editorial/report_sent.html", _about(live))
        form = ReportForm(initial={"stamp": spam.stamp_of(live.pk)})
        return _page(request, live, live, form)
    stamp = spam.read_stamp(request.POST.get("stamp", ""), timezone.now())
    edition = _edition_read(live, stamp)
    form = ReportForm(request.POST)
    refused = _refusal(request, form, stamp) if form.is_valid() else None
    if form.is_valid() and refused is None:
        pointed = pointed_at(edition, request.GET)
        given = {name: form.cleaned_data[name] for name in ("message", "email")}
        report_mistake(edition=edition, sentence=pointed.sentence, footnote=pointed.footnote, **given)
        return HttpResponseRedirect(f"{request.path}?sent=yes")
    if refused is not None:
        form.add_error(None, spam.in_words(refused))
    if stamp is None or stamp.age > spam.TOO_OLD:
        form.data = request.POST.copy()
        form.data["stamp"] = spam.stamp_of(edition.pk)
    status = 429 if refused is spam.Refused.TOO_MANY else 400
    return _page(request, live, edition, form, status=status)


def _refusal(request: HttpRequest, form: ReportForm, stamp: spam.Stamp | None) -> spam.Refused | None:
    given = form.cleaned_data
    refused = spam.refusal(honeypot=given["website"], stamp=stamp, message=given["message"])
    if refused is None and is_one_too_many(_network_address(request)):
        return spam.Refused.TOO_MANY
    return refused


def _edition_read(live: Edition, stamp: spam.Stamp | None) -> Edition:
    """The edition that the form was made for, or what readers have now where that is not known."""
    if stamp is None or stamp.edition == live.pk or stamp.age > spam.TOO_OLD:
        return live
    return Edition.objects.for_page().filter(pk=stamp.edition, article=live.article_id).first() or live


def _network_address(request: HttpRequest) -> str:
    """Behind a proxy the one that the proxy names: it writes the last entry itself."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def _about(live: Edition) -> dict[str, Any]:
    return {"title": live.revision.content["title"], "path": live.get_absolute_url()}


def _page(
    request: HttpRequest, live: Edition, edition: Edition, form: ReportForm, status: int = 200
) -> HttpResponse:
    context = {**_about(live), "pointed": pointed_at(edition, request.GET), "form": form}
    context["lead"] = gettext("Say what is wrong. An editor or a fact-checker reads it.")
    return render(request, "editorial/report.html", context, status=status)

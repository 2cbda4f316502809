"""A person's notices: what they were told, read or not, and how often mail of it comes. Only their own."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from editorial.actions import choose_mail, mark_all_read, mark_read
from editorial.models import MailChoice, Notification, Preference
from editorial.notices import page_of, worded

PER_PAGE = 50


class MailForm(forms.ModelForm):
    class Meta:
        model = Preference
        fields = ["mail"]
        widgets = {"mail": forms.RadioSelect}


@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """What the person was told, newest first."""
    told = Notification.objects.of(request.user)
    page = Paginator(told.with_article(), PER_PAGE).get_page(request.GET.get("page"))
    preference = Preference.objects.filter(user=request.user).first()
    context = {
        **admin.site.each_context(request),
        "title": gettext("Notices"),
        "page": page,
        "notices": worded(page.object_list),
        "newest": told.unread().aggregate(newest=Max("pk"))["newest"],
        "mail_form": MailForm(instance=preference or Preference(mail=MailChoice.DIGEST)),
    }
    return TemplateResponse(request, "admin/editorial/notices.html", context)


@require_safe
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """To the page that a notice leads to; who follows it has read it."""
    notification = get_object_or_404(Notification.objects.of(request.user), pk=pk)
    mark_read(user=request.user, pks=[pk])
    return HttpResponseRedirect(page_of(notification))


@require_POST
def read_notices(request: HttpRequest) -> HttpResponse:
    """One of them is read (`notice`), or all up to the newest that the page showed (`newest`)."""
    one, newest = request.POST.get("notice", ""), request.POST.get("newest", "")
    if _is_id(one):
        mark_read(user=request.user, pks=[int(one)])
    elif _is_id(newest):
        mark_all_read(user=request.user, newest=int(newest))
    return HttpResponseRedirect(_back(request))


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    form = MailForm(request.POST)
    if form.is_valid():
        choose_mail(user=request.user, mail=form.cleaned_data["mail"])
        messages.success(request, gettext("Your choice is kept."))
    else:
        messages.error(request, gettext("Choose one of the three."))
    return HttpResponseRedirect(reverse("notices:list"))


def _is_id(given: str) -> bool:
    """Whether it may be a row's id: longer numbers fit in no database."""
    return given.isdecimal() and len(given) < 19


def _back(request: HttpRequest) -> str:
    """The page of the desk that the form stands on."""
    asked = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    return asked if is_ours else reverse("notices:list")


app_name = "notices"
urlpatterns = [
    path("", admin.site.admin_view(notice_list), name="list"),
    path("<int:pk>/", admin.site.admin_view(open_notice), name="open"),
    path("read/", admin.site.admin_view(read_notices), name="read"),
    path("mail/", admin.site.admin_view(choose), name="mail"),
]

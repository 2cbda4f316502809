"""Preview links in the admin: made for a revision, listed with their state, copied, revoked."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from editorial.actions import make_preview, may_preview, revoke_preview
from editorial.models import Article, PreviewLink, Revision
from editorial.previews import PreviewState, state_of, token_of

PREVIEWS_URL = "admin:editorial_article_previews"
SHOWN = 50  # the newest links that a page lists
DAYS = [
    (1, _("for a day")),
    (3, _("for 3 days")),
    (7, _("for a week")),
    (14, _("for 2 weeks")),
    (30, _("for 30 days")),
]


class PreviewForm(forms.Form):
    """Which revision is shown, and how long."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    days = forms.TypedChoiceField(label=_("Valid"), choices=DAYS, coerce=int, initial=7)


@dataclass(frozen=True, slots=True)
class Shown:
    """A link in the list; `address` is "" where it leads nowhere, or is not for this person."""

    link: PreviewLink
    state: PreviewState
    address: str
    may_revoke: bool


class Previews:
    """For the admin of articles: a page of preview links, whose parts other pages show as well."""

    def get_urls(self) -> list:
        previews = path(
            "<path:object_id>/previews/",
            self.admin_site.admin_view(self.previews_view),
            name="editorial_article_previews",
        )
        return [previews, *super().get_urls()]

    def previews_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The links of the article, with a form for a revision; a POST makes one or revokes one."""
        article = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, article):
            raise PermissionDenied
        if article is None:
            raise Http404
        if request.method == "POST":
            return (
                self._revoke(request, article) if "revoke" in request.POST else self._make(request, article)
            )
        return self._previews_page(request, article, _revision(article, request.GET.get("revision")))

    def _make(self, request: HttpRequest, article: Article) -> HttpResponse:
        form = PreviewForm(request.POST)
        revision = _revision(article, request.POST.get("revision"))
        if not form.is_valid():
            return self._previews_page(request, article, revision, form, status=400)
        expires_at = timezone.now() + datetime.timedelta(days=form.cleaned_data["days"])
        make_preview(user=request.user, article=article, revision=revision, expires_at=expires_at)
        text = gettext("The link to revision %(number)d is ready: copy its address from the list.")
        self.message_user(request, text % {"number": revision.number}, messages.SUCCESS)
        return _to_list(article, revision)

    def _revoke(self, request: HttpRequest, article: Article) -> HttpResponse:
        pk = request.POST["revoke"]
        links = PreviewLink.objects.filter(revision__article=article).select_related("revision")
        link = links.filter(pk=pk).first() if pk.isascii() and pk.isdigit() and len(pk) < 18 else None
        if link is None:
            raise Http404
        revoke_preview(user=request.user, link=link)
        text = gettext("The link to revision %(number)d leads nowhere any more.")
        self.message_user(request, text % {"number": link.revision.number}, messages.SUCCESS)
        return _to_list(article, link.revision)

    def _previews_page(
        self,
        request: HttpRequest,
        article: Article,
        revision: Revision,
        form: PreviewForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Preview links"),
            "subtitle": str(article),
            "opts": self.opts,
            "article": article,
            "previews": previews_context(request, article, revision, form),
        }
        return TemplateResponse(request, "admin/editorial/article/previews.html", context, status=status)


def previews_context(
    request: HttpRequest, article: Article, revision: Revision | None, form: PreviewForm | None = None
) -> dict[str, Any]:
    """What `_previews.html` shows: the article's links, and a form for this revision to who may make one."""
    may = may_preview(request.user, article)
    offered = form or PreviewForm(initial={"revision": revision.number if revision else None})
    return {
        "url": reverse(PREVIEWS_URL, args=[article.pk]),
        "revision": revision,
        "form": offered if may and revision is not None else None,
        "links": [_shown(request, link, may) for link in _links_of(article)],
    }


def _links_of(article: Article) -> list[PreviewLink]:
    links = PreviewLink.objects.filter(revision__article=article).select_related("revision", "created_by")
    return list(links.defer("html", "revision__content")[:SHOWN])


def _shown(request: HttpRequest, link: PreviewLink, may: bool) -> Shown:
    state = state_of(link)
    valid = state is PreviewState.VALID
    path = reverse("editorial:preview", args=[token_of(link)])
    return Shown(
        link=link,
        state=state,
        address=request.build_absolute_uri(path) if valid and may else "",
        may_revoke=valid and (may or link.created_by_id == request.user.pk),
    )


def _revision(article: Article, number: str | None) -> Revision:
    """The revision of this number, without one the newest."""
    if not number:
        found = article.revisions.newest()
    else:
        known = number.isascii() and number.isdigit() and len(number) < 10
        found = article.revisions.filter(number=number).first() if known else None
    if found is None:
        raise Http404
    return found


def _to_list(article: Article, revision: Revision) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse(PREVIEWS_URL, args=[article.pk])}?revision={revision.number}")

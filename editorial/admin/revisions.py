"""The revisions of an article: who saved what when, any two compared, any one restored."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext

from editorial.actions import StaleArticle, TransitionRefused, may_preview, may_save, restore_revision
from editorial.comparing import compare
from editorial.models import Article, Revision

REVISIONS_URL = "admin:editorial_article_revisions"
SHOWN = 100  # the newest revisions that the page lists; any can be compared by its number


class Revisions:
    """For the admin of articles: a page that lists, compares and restores."""

    def get_urls(self) -> list:
        revisions = path(
            "<path:object_id>/revisions/",
            self.admin_site.admin_view(self.revisions_view),
            name="editorial_article_revisions",
        )
        return [revisions, *super().get_urls()]

    def revisions_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The list with two of them side by side; a POST restores one."""
        article = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, article):
            raise PermissionDenied
        if article is None:
            raise Http404
        if request.method == "POST":
            return self._restored(request, article)
        return self._revisions_page(request, article)

    def _restored(self, request: HttpRequest, article: Article) -> HttpResponse:
        revision = _of_number(article, request.POST.get("restore"))
        if revision is None:
            raise Http404
        looked_at = _number(request.POST.get("revision"))
        try:
            saved = restore_revision(
                user=request.user, article=article, revision=revision, based_on=looked_at
            )
        except StaleArticle:
            text = gettext("The article has been saved since you opened this page. Look again.")
            self.message_user(request, text, messages.ERROR)
            return self._revisions_page(request, article, status=409)
        except TransitionRefused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return self._revisions_page(request, article, status=409)
        if saved is None:
            text = gettext("The article has this very text already.")
        else:
            text = gettext("Revision %(old)d is the article's text again, as revision %(new)d.") % {
                "old": revision.number,
                "new": saved.number,
            }
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(reverse(REVISIONS_URL, args=[article.pk]))

    def _revisions_page(self, request: HttpRequest, article: Article, status: int = 200) -> HttpResponse:
        revisions = list(
            article.revisions.select_related("author", "based_on")
            .defer("content", "based_on__content")
            .annotate(edition_number=models.Max("editions__number"))
            .order_by("-number")[:SHOWN]
        )
        newest = next((one for one in revisions if not one.is_stray), None)
        new = _of_number(article, request.GET.get("new")) or (newest and _of_number(article, newest.number))
        old = _of_number(article, request.GET.get("old")) or _before(new)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Revisions"),
            "subtitle": str(article),
            "opts": self.opts,
            "article": article,
            "revisions": revisions,
            "newest": newest,
            "old": old,
            "new": new,
            "changes": compare(old.content, new.content) if old and new else [],
            "may_restore": may_save(request.user, article),
            "may_preview": may_preview(request.user, article),
        }
        return TemplateResponse(request, "admin/editorial/article/revisions.html", context, status=status)


def _of_number(article: Article, number: object) -> Revision | None:
    found = _number(number)
    return None if found is None else article.revisions.filter(number=found).first()


def _before(revision: Revision | None) -> Revision | None:
    """What a revision was made from."""
    return None if revision is None else revision.based_on


def _number(text: object) -> int | None:
    digits = str(text or "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None

"""The publish page of an article and the action for several, both through `publish_article`."""

from __future__ import annotations

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from editorial.actions import PublicationRefused, StaleArticle, problems_of, publish_article
from editorial.forms import newest_number
from editorial.models import Article
from editorial.prose.coverage import cover

PUBLISH_URL = "admin:editorial_article_publish"


class Publishing:
    """For the admin of articles: a page and an action that publish, for those who may."""

    actions = ["publish_selected"]

    def get_urls(self) -> list:
        publish = path(
            "<path:object_id>/publish/",
            self.admin_site.admin_view(self.publish_view),
            name="editorial_article_publish",
        )
        return [publish, *super().get_urls()]

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("editorial.publish_article")

    def publish_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What would be published and what keeps it back; a POST publishes it."""
        if not self.has_publish_permission(request):
            raise PermissionDenied
        article = self.get_object(request, unquote(object_id))
        if article is None:
            raise Http404
        problems = problems_of(article)
        if request.method == "POST":
            posted = request.POST.get("revision", "")
            looked_at = int(posted) if posted.isdecimal() else 0
            try:
                publish_article(user=request.user, article=article, looked_at=looked_at)
            except StaleArticle:
                text = gettext("The article has been saved since you opened this page. Look at it again.")
                self.message_user(request, text, messages.WARNING)
                problems = problems_of(article)
            except PublicationRefused as refusal:
                problems = refusal.problems
            else:
                self.message_user(request, _published(article), messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:editorial_article_change", args=[article.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Publish"),
            "subtitle": str(article),
            "opts": self.opts,
            "article": article,
            "revision": newest_number(article),
            "coverage": cover(article.body, article.language),
            "problems": problems,
        }
        return TemplateResponse(request, "admin/editorial/article/publish.html", context)

    @admin.action(description=_("Publish selected articles"), permissions=["publish"])
    def publish_selected(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        for article in queryset:
            try:
                publish_article(user=request.user, article=article)
            except PublicationRefused as refusal:
                self.message_user(request, _refused(article, refusal), messages.ERROR)
            else:
                self.message_user(request, _published(article), messages.SUCCESS)


def _published(article: Article) -> SafeString:
    text = gettext('“{title}” is published. <a href="{url}">See the page</a>.')
    return format_html(text, title=article, url=article.get_absolute_url())


def _refused(article: Article, refusal: PublicationRefused) -> SafeString:
    count = len(refusal.problems)
    text = ngettext(
        '“{title}” is not published: {count} problem. <a href="{url}">See it</a>.',
        '“{title}” is not published: {count} problems. <a href="{url}">See them</a>.',
        count,
    )
    url = reverse(PUBLISH_URL, args=[article.pk])
    return format_html(text, title=article, count=count, url=url)

"""The page on which the desk chooses what leads the front page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from editorial.actions import choose_front_page
from editorial.models import Article, Edition, Pick
from editorial.pages import PICKS


class LiveArticleField(forms.ModelChoiceField):
    def clean(self, value: Any) -> Article | None:
        article = super().clean(value)
        if article is not None and not article.editions.live().exists():
            message = gettext("Readers do not have “%(title)s” now. Choose a published article.")
            raise ValidationError(message % {"title": article})
        return article


class FrontPageForm(forms.Form):
    """The places of the desk's choice in their order; empty ones are closed up."""

    def __init__(self, picks: list[Pick], data: Any = None) -> None:
        super().__init__(data)
        chosen = [pick.article for pick in picks]
        for place in range(1, PICKS + 1):
            name = f"place{place}"
            widget = AutocompleteSelect(Pick._meta.get_field("article"), admin.site)
            label = gettext("Place %(number)s") % {"number": place}
            self.fields[name] = LiveArticleField(
                Article.objects.defer("body"), required=False, label=label, widget=widget
            )
            self.initial[name] = chosen[place - 1].pk if place <= len(chosen) else None

    @property
    def articles(self) -> list[Article]:
        return [article for article in self.cleaned_data.values() if article is not None]

    def clean(self) -> dict[str, Any]:
        seen: set[Article] = set()
        for name, article in list(self.cleaned_data.items()):
            if article is not None and article in seen:
                self.add_error(name, gettext("This article stands in another place already."))
            seen.add(article)
        return self.cleaned_data


@admin.register(Pick)
class PickAdmin(admin.ModelAdmin):
    """One page for all picks, in the place of their list."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def change_view(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect("../..")

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        may_choose = request.user.has_perm("editorial.change_pick")
        if request.method == "POST" and not may_choose:
            raise PermissionDenied(gettext("You may not choose what leads the front page."))
        # Of those that readers have lost meanwhile, the next choice is made without.
        live = Edition.objects.live().filter(article=models.OuterRef("article"))
        shown = Pick.objects.filter(models.Exists(live)).select_related("article").defer("article__body")
        form = FrontPageForm(list(shown), request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            choose_front_page(user=request.user, articles=form.articles)
            self.message_user(request, gettext("The front page is as you chose it."), messages.SUCCESS)
            return HttpResponseRedirect(request.path)
        context = {
            **self.admin_site.each_context(request),
            "title": _("What leads the front page"),
            "opts": self.opts,
            "form": form,
            "picks": shown,
            "may_choose": may_choose,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/editorial/pick/change_list.html", context)

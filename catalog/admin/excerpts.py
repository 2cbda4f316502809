"""The excerpt of a passage: a form on its page, the one thing of a passage that people change."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.actions import CatalogError, shorten_excerpt
from catalog.models import Passage


class ExcerptForm(forms.Form):
    """What readers shall see of a passage. Whether it is an excerpt is for the action to say."""

    excerpt = forms.CharField(
        label=_("What readers see"),
        required=False,
        widget=forms.Textarea({"rows": 3, "class": "vLargeTextField"}),
        help_text=_(
            "Whole words of the passage in its order, at most twelve. Write “…” where you leave some out "
            "between others; at both ends it is added."
        ),
    )


class Shortening:
    """For the admin of passages: the excerpt can be shortened by those who may change passages."""

    change_form_template = "admin/catalog/passage/change_form.html"

    def get_urls(self) -> list:
        shorten = path(
            "<path:object_id>/excerpt/",
            self.admin_site.admin_view(self.excerpt_view),
            name="catalog_passage_excerpt",
        )
        return [shorten, *super().get_urls()]

    def has_shorten_permission(self, request: HttpRequest) -> bool:
        # Nothing else of a passage is changed by hand, so that `has_change_permission` is refused to all.
        return request.user.has_perm("catalog.change_passage")

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any):
        passage = kwargs.get("obj")
        if passage is not None and self.has_shorten_permission(request):
            context["excerpt_form"] = ExcerptForm({"excerpt": passage.excerpt})
        return super().render_change_form(request, context, *args, **kwargs)

    def excerpt_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Shorten the excerpt; when that is refused, show what was typed once more and say why."""
        if not self.has_shorten_permission(request):
            raise PermissionDenied
        passage = self.get_object(request, unquote(object_id))
        if passage is None:
            raise Http404
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        form = ExcerptForm(request.POST)
        form.full_clean()
        try:
            shorten_excerpt(user=request.user, passage=passage, excerpt=form.cleaned_data.get("excerpt", ""))
        except CatalogError as refusal:
            form.add_error("excerpt", str(refusal))
            return self._refused(request, passage, form)
        self.message_user(request, gettext("Readers see the new excerpt."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:catalog_passage_change", args=[passage.pk]))

    def _refused(self, request: HttpRequest, passage: Passage, form: ExcerptForm) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": capfirst(gettext("excerpt")),
            "subtitle": passage.key,
            "opts": self.opts,
            "original": passage,
            "excerpt_form": form,
        }
        return TemplateResponse(request, "admin/catalog/passage/excerpt.html", context)

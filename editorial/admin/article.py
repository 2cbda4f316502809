"""Articles and the people in their bylines."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.admin.base import RecordAdmin, RecordInline
from editorial.actions import (
    StaleArticle,
    TransitionRefused,
    drop_autosave,
    keep_stray,
    may_save,
    may_write,
    save_article,
)
from editorial.admin.bulk import Bulk
from editorial.admin.filters import PLANNING_FILTERS
from editorial.admin.planning import Planning
from editorial.admin.previews import Previews
from editorial.admin.reading import READING_URL, Reading
from editorial.admin.revisions import REVISIONS_URL, Revisions
from editorial.admin.workflow import WORKFLOW_URL, Workflow
from editorial.admin.writing import Writing
from editorial.comparing import compare
from editorial.forms import ArticleForm
from editorial.mentioning import label_of
from editorial.models import Article, Contribution, Contributor
from editorial.prose.coverage import cover
from editorial.reviews import sent_back


class ContributionInline(RecordInline):
    model = Contribution
    fields = ["contributor", "position"]
    autocomplete_fields = ["contributor"]
    verbose_name = _("contributor")
    verbose_name_plural = _("byline")
    show_change_link = False


@admin.register(Contributor)
class ContributorAdmin(RecordAdmin):
    list_display = ["name", "role", "user"]
    list_filter = ["role"]
    loads = ("user",)
    search_fields = ["name_key", "slug", "role"]
    autocomplete_fields = ["portrait", "user"]
    fields = ["name", "slug", "role", "biography", "portrait", "user"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Article)
class ArticleAdmin(Bulk, Planning, Workflow, Reading, Revisions, Previews, Writing, RecordAdmin):
    form = ArticleForm
    change_form_template = "admin/editorial/article/change_form.html"
    list_display = ["title", "kind", "language", "status", "about", "assigned_to", "due", "updated_at"]
    list_filter = ["status", *PLANNING_FILTERS, "kind", "language", "series"]
    loads = ("series", "season__series", "assignee")
    search_fields = ["title_key", "slug", "series__title_key", "standfirst"]
    autocomplete_fields = [
        "series",
        "season",
        "episode",
        "spoils_through",
        "photo",
        "translation_of",
    ]
    prepopulated_fields = {"slug": ["title"]}
    readonly_fields = ["coverage", "status"]
    audited_fields = ()  # saving records a revision, planning a plan
    inlines = [ContributionInline]
    fieldsets = [
        (None, {"fields": [("kind", "language"), "title", "slug", "status"]}),
        (_("Text"), {"fields": ["standfirst", "body", "coverage", "note", "based_on"]}),
        (_("Series"), {"fields": ["series", "season", "episode", "spoils_through", "spoiler_free_title"]}),
        (_("Picture and translation"), {"fields": ["photo", "translation_of"]}),
    ]

    @admin.display(description=_("about"), ordering="series__title", empty_value="–")
    def about(self, article: Article) -> str | None:
        record = article.season or article.series
        return None if record is None else str(record)

    @admin.display(description=_("assignee"), ordering="assignee", empty_value="–")
    def assigned_to(self, article: Article) -> str | None:
        return label_of(article.assignee) if article.assignee else None

    @admin.display(description=_("coverage"))
    def coverage(self, article: Article) -> str:
        coverage = cover(article.body, article.language)
        return render_to_string("admin/editorial/article/_coverage.html", {"coverage": coverage})

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Whether the person may save this text now; the reasons are the workflow's.

        A text that is sent to an article closed meanwhile is let in as far as its form, which refuses it and
        keeps it.
        """
        if obj is None:
            return super().has_change_permission(request)
        match = request.resolver_match
        sent = request.method == "POST" and match and match.url_name == "editorial_article_change"
        return may_write(request.user, obj) if sent else may_save(request.user, obj)

    def view_on_site(self, article: Article) -> str | None:
        live = article.editions.live().first()
        return live.get_absolute_url() if live else None

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except (StaleArticle, TransitionRefused):
            # Somebody came in between the form's check and the lock: asked again, the form shows their text,
            # or that the article is closed by now.
            return super().changeform_view(request, *args, **kwargs)

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any):
        article, form = kwargs.get("obj"), context["adminform"].form
        newest = getattr(form, "newest", None)
        context["workflow_url"] = reverse(WORKFLOW_URL, args=[article.pk]) if article else ""
        context["reading_url"] = reverse(READING_URL, args=[article.pk]) if article else ""
        context["revisions_url"] = reverse(REVISIONS_URL, args=[article.pk]) if article else ""
        context["sent_back"] = sent_back(article) if article else None
        context["writing"] = self.writing_context(request, article)
        context |= self.presence_context(request, article)
        context["newest"] = newest
        if newest is not None:
            context |= self._too_late(request, form, context["inline_admin_formsets"])
        response = super().render_change_form(request, context, *args, **kwargs)
        response.status_code = 409 if newest is not None else response.status_code
        return response

    def _too_late(self, request: HttpRequest, form: ArticleForm, inlines: list) -> dict[str, Any]:
        """Both texts of a save that came too late: the newest, and the person's own, kept as a stray."""
        newest, formsets = form.newest, [inline.formset for inline in inlines]
        stray = None
        if set(form.errors) <= {NON_FIELD_ERRORS} and all(formset.is_valid() for formset in formsets):
            stray = keep_stray(
                user=request.user,
                article=form.instance,
                based_on=form.opened_from,
                contributors=[one for formset in formsets for one in _byline(formset)],
                note=form.cleaned_data["note"],
            )
        return {
            "newest_author": label_of(newest.author) if newest.author else gettext("somebody else"),
            "closed": not may_save(request.user, form.instance),
            "stray": stray,
            "stale_changes": compare(newest.content, stray.content) if stray else [],
        }

    def save_model(self, request: HttpRequest, obj: Article, form: ArticleForm, change: bool) -> None:
        """Saved in `save_related`, in one revision with its byline."""

    def save_related(self, request: HttpRequest, form: ArticleForm, formsets: list, change: bool) -> None:
        for formset in formsets:
            formset.save(commit=False)  # sorts the rows into new, changed and deleted for the log
        note = form.cleaned_data["note"]
        revision = save_article(
            user=request.user,
            article=form.instance,
            based_on=form.cleaned_data["based_on"],
            contributors=[contributor for formset in formsets for contributor in _byline(formset)],
            note=note,
        )
        if note and revision is None:
            text = gettext("The text is as it was, so that no revision keeps what you said of it.")
            self.message_user(request, text, messages.WARNING)
        drop_autosave(user=request.user, article=form.instance if change else None)


def _byline(formset: Any) -> list[Contributor]:
    """The contributors of the inline rows that stay, by position."""
    rows = [form.cleaned_data for form in formset.forms if form not in formset.deleted_forms]
    rows = [row for row in rows if row.get("contributor")]
    return [row["contributor"] for row in sorted(rows, key=lambda row: row["position"] or 0)]

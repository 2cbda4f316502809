"""The form that articles are written in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.forms import RecordForm
from editorial.models import Article, Revision

format_html_lazy = lazy(format_html, str)

# The admin shows help texts as HTML.
BODY_HELP = format_html_lazy(
    _(
        "Directly after the words a passage supports: {citation}. With {covers}, at the end of a paragraph, "
        "it supports all of the paragraph. Around sentences that claim nothing, with the reason: {exempt}. "
        "A sentence with neither keeps the article from being published. Also allowed: {markup}."
    ),
    citation=format_html_lazy("<code>{}</code>", '<cite data-passage="source#3"></cite>'),
    covers=format_html_lazy("<code>{}</code>", 'data-covers="paragraph"'),
    exempt=format_html_lazy("<code>{}</code>", '<span data-not-a-claim="opinion">…</span>'),
    markup=format_html_lazy("<code>{}</code>", "p h2 h3 ul ol li blockquote strong em a br"),
)


class ArticleForm(RecordForm):
    """An article's text and place. `based_on` names the revision that the text was opened from.

    When somebody else has saved since, the form is refused with `newest` set to their revision, keeps
    what was typed, and from then on is based on theirs, which the person now sees.
    """

    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)
    newest: Revision | None = None

    class Meta:
        model = Article
        fields = [
            "kind",
            "language",
            "title",
            "slug",
            "spoiler_free_title",
            "standfirst",
            "body",
            "series",
            "season",
            "episode",
            "spoils_through",
            "photo",
            "translation_of",
            "assignee",
            "due",
            "publish_at",
            "expire_at",
            "review_by",
        ]
        widgets = {
            "title": forms.TextInput({"class": "vTextField wide"}),
            "standfirst": forms.Textarea({"rows": 3, "class": "vLargeTextField"}),
            "body": forms.Textarea(
                {"rows": 28, "class": "vLargeTextField article-body", "spellcheck": "true"}
            ),
        }
        help_texts = {"body": BODY_HELP}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["based_on"] = newest_number(self.instance)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        newest = newest_revision(self.instance)
        if newest is not None and cleaned.get("based_on") != newest.number:
            self.newest = newest
            self.data = self.data.copy()
            self.data[self.add_prefix("based_on")] = newest.number
            raise ValidationError(
                gettext(
                    "%(person)s has saved this article since you opened it. Nothing of yours is lost: your "
                    "text is in the form, theirs is shown with it. Bring the two together, then save again."
                )
                % {"person": newest.author or gettext("Somebody else")},
                code="stale",
            )
        return cleaned


def newest_revision(article: Article) -> Revision | None:
    if article.pk is None:
        return None
    return article.revisions.select_related("author").order_by("-number").first()


def newest_number(article: Article) -> int | None:
    newest = newest_revision(article)
    return None if newest is None else newest.number

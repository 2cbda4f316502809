"""The form that articles are written in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import Script
from django.utils.functional import cached_property, lazy
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from js_asset import ImportMap

from catalog.forms import RecordForm
from editorial.actions import taken_address
from editorial.mentioning import label_of
from editorial.models import Article, CorrectionKind, Revision, Step
from editorial.workflow import EDITABLE

format_html_lazy = lazy(format_html, str)

# The admin shows help texts as HTML.
BODY_HELP = format_html_lazy(
    _(
        "Directly after the words a passage supports: {citation}, or {short} as the workbench copies it. "
        "With {covers}, at the end of a paragraph, it supports all of the paragraph. Around sentences that "
        "claim nothing, with the reason: {exempt}. A sentence with neither keeps the article from being "
        "published. Also allowed: {markup}."
    ),
    citation=format_html_lazy("<code>{}</code>", '<cite data-passage="source#3"></cite>'),
    short=format_html_lazy("<code>{}</code>", "[@source#3]"),
    covers=format_html_lazy("<code>{}</code>", 'data-covers="paragraph"'),
    exempt=format_html_lazy("<code>{}</code>", '<span data-not-a-claim="opinion">…</span>'),
    markup=format_html_lazy(
        "<code>{}</code>, <code>{}</code>, <code>{}</code>",
        "p h2 h3 ul ol li blockquote strong em a br",
        '<div data-embed="photo" data-photo="slug"></div>',
        '<div data-embed="timeline" data-season="series/2"></div>',
    ),
)


_MOMENT = {"type": "datetime-local"}

# What the editor's modules call each other: the files carry a hash in their names.
IMPORT_MAP = ImportMap(
    {"django-prose-editor/editor": "django_prose_editor/editor.js"}
    | {
        f"writing/{name}": f"editorial/writing/{name}.js"
        for name in (
            "asking",
            "autosave",
            "bodies",
            "citations",
            "comments",
            "known",
            "panel",
            "pasting",
            "photos",
            "picker",
            "presence",
            "schema",
            "toolbar",
        )
    }
)


class BodyWidget(forms.Textarea):
    """The body as HTML; in the admin, scripts put the editor in its place."""

    class Media:
        css = {"all": ["editorial/writing.css"]}
        js = [Script("editorial/writing/writing.js", type="module")]


class ArticleForm(RecordForm):
    """An article's text and place. `based_on` names the revision that the text was opened from.

    When somebody else has saved since, or closed the article, the form is refused with `newest` set to the
    newest revision, keeps what was typed, and from then on is based on that, which the person now sees.
    """

    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("What changed and why"),
        required=False,
        max_length=Revision._meta.get_field("note").max_length,
        widget=forms.TextInput({"class": "vTextField wide", "autocomplete": "off"}),
        help_text=_("One line for the desk, kept with this revision. Readers do not see it."),
    )
    newest: Revision | None = None
    opened_from: int | None = None

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
        ]
        widgets = {
            "title": forms.TextInput({"class": "vTextField wide"}),
            "standfirst": forms.Textarea({"rows": 3, "class": "vLargeTextField"}),
            "body": BodyWidget({"rows": 28, "class": "vLargeTextField article-body", "spellcheck": "true"}),
        }
        help_texts = {"body": BODY_HELP}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["based_on"] = newest_number(self.instance)
        if self.instance.pk is not None and self.instance.editions.exists():
            for name in ("kind", "slug"):
                self.fields[name].help_text = gettext(
                    "Part of the address that readers know. A new one counts once this draft is published; "
                    "the old address then leads on to it."
                )

    @cached_property
    def changed_data(self) -> list[str]:
        """The fields of the article that changed; what is said of the change is none of them."""
        return [name for name in super().changed_data if name != "note"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._check_address(cleaned)
        newest = newest_revision(self.instance)
        if newest is None:
            return cleaned
        closed = self.instance.status not in EDITABLE
        if closed or cleaned.get("based_on") != newest.number:
            self.newest, self.opened_from = newest, cleaned.get("based_on")
            self.data = self.data.copy()
            self.data[self.add_prefix("based_on")] = newest.number
            raise _closed_meanwhile(self.instance) if closed else _saved_meanwhile(newest)
        return cleaned

    def _check_address(self, cleaned: dict[str, Any]) -> None:
        kind, slug = cleaned.get("kind"), cleaned.get("slug")
        if kind and slug and (taken := taken_address(Article(pk=self.instance.pk, kind=kind, slug=slug))):
            self.add_error("slug", taken)


def _saved_meanwhile(newest: Revision) -> ValidationError:
    text = gettext(
        "%(person)s has saved this article since you opened it. Nothing of yours is lost: your "
        "text is in the form, theirs is shown with it. Bring the two together, then save again."
    )
    person = label_of(newest.author) if newest.author else gettext("Somebody else")
    return ValidationError(text % {"person": person}, code="stale")


def _closed_meanwhile(article: Article) -> ValidationError:
    text = gettext(
        "This article was closed since you opened it, and is now: %(status)s. Nothing of yours is lost: your "
        "text is in the form. It can be saved once an editor has reopened the article."
    )
    return ValidationError(text % {"status": article.get_status_display()}, code="closed")


class AskedForm(forms.Form):
    """What a transition asks of a person. `revision` and `step` are what they looked at."""

    verb: str
    verb_field = forms.CharField(widget=forms.HiddenInput)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, article: Article, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verb"] = self.fields.pop("verb_field")
        if "step" in self.fields:
            self.fields["step"].queryset = Step.objects.filter(submission__article=article)

    @property
    def has_questions(self) -> bool:
        return bool(self.visible_fields())


class NoteForm(AskedForm):
    comment = forms.CharField(
        label=_("Note to the reviewers"), required=False, widget=forms.Textarea({"rows": 2})
    )


class ApprovalForm(AskedForm):
    step = forms.ModelChoiceField(Step.objects.none(), widget=forms.HiddenInput)
    comment = forms.CharField(label=_("Comment"), required=False, widget=forms.Textarea({"rows": 2}))


class ChangesForm(AskedForm):
    step = forms.ModelChoiceField(Step.objects.none(), widget=forms.HiddenInput)
    comment = forms.CharField(label=_("What has to change"), widget=forms.Textarea({"rows": 3}))


class ReasonForm(AskedForm):
    comment = forms.CharField(label=_("Reason"), widget=forms.Textarea({"rows": 2}))


class CorrectionForm(AskedForm):
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[choice for choice in CorrectionKind.choices if choice[0] != CorrectionKind.RETRACTION],
    )
    note = forms.CharField(
        label=_("Note to readers"),
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What was wrong and what is right. It stands on the page for good."),
    )


class RetractionForm(AskedForm):
    comment = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Readers see it in the place of the text."),
    )


class ScheduleForm(AskedForm):
    """Times are those of the newsroom's zone."""

    publish_at = forms.DateTimeField(
        label=_("Goes live at"), widget=forms.DateTimeInput(_MOMENT, "%Y-%m-%dT%H:%M")
    )
    expire_at = forms.DateTimeField(
        label=_("Leaves the site at"),
        required=False,
        widget=forms.DateTimeInput(_MOMENT, "%Y-%m-%dT%H:%M"),
    )


_FORMS: Mapping[str, type[AskedForm]] = {
    "submit": NoteForm,
    "approve": ApprovalForm,
    "request_changes": ChangesForm,
    "schedule": ScheduleForm,
    "correct": CorrectionForm,
    "unpublish": ReasonForm,
    "retract": RetractionForm,
}


def asked_form(
    verb: str,
    article: Article,
    data: Mapping[str, Any] | None = None,
    *,
    newest: Revision | None = None,
    step: Step | None = None,
) -> AskedForm:
    """The form of a transition: for what a person sent as `data`, or empty for the revision they look at."""
    initial = {"verb": verb, "revision": newest.number if newest else None, "step": step.pk if step else None}
    form = _FORMS.get(verb, AskedForm)(article, data, initial=initial, auto_id=f"id_{verb}_%s")
    form.verb = verb
    return form


def newest_revision(article: Article) -> Revision | None:
    if article.pk is None:
        return None
    return article.revisions.select_related("author").newest()


def newest_number(article: Article) -> int | None:
    newest = newest_revision(article)
    return None if newest is None else newest.number

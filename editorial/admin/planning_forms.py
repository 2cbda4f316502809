"""The forms that plan articles: all of one, and one thing for several."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from editorial.actions import PLANNED
from editorial.mentioning import label_of
from editorial.models import Article


def staff(*besides: int | None) -> QuerySet:
    """Whom a text can be given to: people with an open account for the desk, and those `besides`."""
    working = Q(is_active=True, is_staff=True) | Q(pk__in=[pk for pk in besides if pk is not None])
    return get_user_model().objects.filter(working).order_by("first_name", "last_name", "username")


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, user: AbstractBaseUser) -> str:
        return label_of(user)


def _moment(label: Any, help_text: Any = "") -> forms.DateTimeField:
    """A moment in the newsroom's zone, to the minute."""
    widget = forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")
    return forms.DateTimeField(
        label=label, required=False, widget=widget, help_text=help_text, show_hidden_initial=True
    )


class PlanningForm(forms.Form):
    """What is planned of an article. Beside each field the form sends what the person saw in it.

    The embargo is asked of those only who may set it.
    """

    assignee = PersonField(
        get_user_model().objects.none(),
        label=_("Assignee"),
        required=False,
        empty_label=_("nobody"),
        show_hidden_initial=True,
    )
    due = _moment(_("Due"))
    review_by = forms.DateField(
        label=_("Review by"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=_("The page is looked at again on this day."),
        show_hidden_initial=True,
    )
    embargo_until = _moment(
        _("Embargoed until"), _("Nobody publishes it before, and no schedule may be earlier.")
    )

    def __init__(self, article: Article, *args: Any, may_embargo: bool, **kwargs: Any) -> None:
        initial = {name: _to_the_minute(getattr(article, name)) for name in PLANNED}
        initial["assignee"] = article.assignee_id
        super().__init__(*args, initial=initial, auto_id="id_plan_%s", **kwargs)
        self.fields["assignee"].queryset = staff(article.assignee_id)
        if not may_embargo:
            del self.fields["embargo_until"]

    def planned(self) -> dict[str, Any]:
        """What the person changed."""
        return {name: self.cleaned_data[name] for name in self.changed_data}

    def seen(self) -> dict[str, Any]:
        """What they saw in these fields; what cannot be read is left out."""
        found = {}
        for name in self.changed_data:
            try:
                found[name] = self.fields[name].clean(self.data.get(self[name].html_initial_name, ""))
            except ValidationError:
                continue
        return found

    def look_again(self, article: Article) -> None:
        """Keep what was typed, and from now on have seen what the article says."""
        self.data = self.data.copy()
        for name, field in self.fields.items():
            value = getattr(article, field_column(name))
            shown = "" if value is None else field.prepare_value(_to_the_minute(value))
            self.data[self[name].html_initial_name] = str(shown)


def field_column(name: str) -> str:
    return "assignee_id" if name == "assignee" else name


class AssignForm(forms.Form):
    assignee = PersonField(
        get_user_model().objects.none(), label=_("Assignee"), required=False, empty_label=_("nobody")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = staff()


class DueForm(forms.Form):
    due = forms.DateTimeField(
        label=_("Due"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"),
        help_text=_("Empty for no due date."),
    )


def _to_the_minute(value: Any) -> Any:
    return value.replace(second=0, microsecond=0) if hasattr(value, "minute") else value

"""A step that somebody wanted to take with a text that is not the newest any more: both texts of it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext

from editorial.comparing import compare
from editorial.forms import AskedForm
from editorial.models import Article, Revision


def refuse_as_overtaken(form: AskedForm, newest: Revision | None) -> None:
    """Say in the form that the article was saved since; from now on it is about the newest revision.

    What the person typed stays: once they have seen the newest text, they can send it again.
    """
    form.add_error(None, gettext("The article has been saved since you opened this page. Look again."))
    form.data = form.data.copy()
    form.data[form.add_prefix("revision")] = "" if newest is None else newest.number


def overtaken(
    article: Article, form: AskedForm, newest: Revision | None, open_verbs: Collection[str]
) -> dict[str, Any]:
    """What the page shows of it: the revision that was looked at, its differences from the newest, and what
    was typed where the step is not open any more, so that its form is gone.
    """
    looked_at = article.revisions.filter(number=form.cleaned_data["revision"]).first()
    visible = {field.name: field.label for field in form.visible_fields()}
    typed = [(label, form.data.get(name, "")) for name, label in visible.items()]
    return {
        "looked_at": looked_at,
        "newest": newest,
        "changes": compare(looked_at.content, newest.content) if looked_at and newest else [],
        "typed": [] if form.verb in open_verbs else [(label, text) for label, text in typed if text],
    }

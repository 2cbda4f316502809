"""What is wrong with an article, on the page of its review: errors and warnings, each with its place, and a
form for every warning that this person may override.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from catalog.admin.deciding import fact_path
from editorial.actions import Examined, StaleArticle, TransitionRefused, override_warning
from editorial.models import Article, Override, Revision
from editorial.overrides import overrides_of
from editorial.problems import Fact, Place, Problem, errors_at, warnings_at
from editorial.prose.document import Document
from editorial.workflow import PUBLISH, Gate

# White space as HTML has it: the editor's own differs from that of the normal form.
_SPACES = str.maketrans(dict.fromkeys(" \t\n\r\f"))


class OverrideForm(forms.Form):
    """Why a warning does not keep the article back. `revision` is the one that the person looked at."""

    code = forms.CharField(widget=forms.HiddenInput)
    where = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why it may go out"),
        max_length=Override._meta.get_field("reason").max_length,
        widget=forms.TextInput({"class": "vTextField"}),
    )


class Way(NamedTuple):
    """A link to where something is mended."""

    url: str
    words: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A problem with what the page shows beside it. `words` are those of the text that it is about."""

    problem: Problem
    words: str
    ways: list[Way]
    override: Override | None = None
    form: OverrideForm | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that is wrong, sorted by what is to be done about it."""

    errors: list[Listed]
    warnings: list[Listed]
    overridden: list[Listed]
    refused: OverrideForm | None = None  # what this person has just sent in vain

    @property
    def count(self) -> int:
        """How many keep the article from its readers."""
        return len(self.errors) + len(self.warnings)

    def keep_back(self, gate: Gate) -> bool:
        """Whether any keeps it back at this gate."""
        problems = [one.problem for one in (*self.errors, *self.warnings)]
        return bool(errors_at(gate, problems) or warnings_at(gate, problems, overridden=()))


class Overriding:
    """For the admin of articles: the address that the forms of warnings are sent to."""

    def get_urls(self) -> list:
        override = path(
            "<path:object_id>/override/",
            self.admin_site.admin_view(require_POST(self.override_view)),
            name="editorial_article_override",
        )
        return [override, *super().get_urls()]

    def override_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Overrides a warning, or shows the page of the review with what is wrong with the form."""
        article = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, article):
            raise PermissionDenied
        if article is None:
            raise Http404
        form = OverrideForm(request.POST, auto_id=False)
        if not form.is_valid():
            return self._workflow_page(request, article, status=400, overriding=form)
        given = dict(form.cleaned_data)
        looked_at = given.pop("revision")
        try:
            override_warning(user=request.user, article=article, looked_at=looked_at, **given)
        except (StaleArticle, TransitionRefused) as refusal:
            form.add_error(None, str(refusal))
            return self._workflow_page(request, article, status=409, overriding=form)
        self.message_user(request, gettext("The warning is overridden."), messages.SUCCESS)
        review = reverse("admin:editorial_article_workflow", args=[article.pk])
        return HttpResponseRedirect(f"{review}#text-heading")


def findings(
    user: AbstractBaseUser,
    article: Article,
    newest: Revision | None,
    examined: Examined,
    refused: OverrideForm | None = None,
) -> Findings:
    """The problems of an article as its page lists them: a query for its overrides, whatever their number.

    `refused` is the form of an override that this person has just sent in vain.
    """
    given = overrides_of(article)
    may_override = newest is not None and user.has_perm(PUBLISH)
    found = Findings([], [], [], refused)
    for problem in examined.problems:
        words, ways = words_of(problem), list(_ways_to(problem, article, examined.document))
        if not problem.is_warning:
            found.errors.append(Listed(problem, words, ways))
        elif problem.key in given:
            found.overridden.append(Listed(problem, words, ways, given[problem.key]))
        else:
            form = _form_for(problem, newest, refused) if may_override else None
            found.warnings.append(Listed(problem, words, ways, form=form))
    return found


def place_of(place: Place, document: Document) -> dict[str, int]:
    """A place as the editor counts: code points that are no white space, before it and in it."""
    text = document.leaves[place.block].text
    return {
        "block": place.block,
        "skip": len(text[: place.start].translate(_SPACES)),
        "length": len(text[place.start : place.end].translate(_SPACES)),
    }


def _form_for(problem: Problem, newest: Revision, refused: OverrideForm | None) -> OverrideForm:
    if refused is not None and problem.key == (refused.data.get("code"), refused.data.get("where", "")):
        return refused
    return OverrideForm(
        initial={"code": problem.code, "where": problem.where, "revision": newest.number}, auto_id=False
    )


_ANCHORS: Mapping[str, str] = {"byline": "contributions-group"}


def _ways_to(problem: Problem, article: Article, document: Document) -> Iterator[Way]:
    """Where the problem is mended: at a record of the catalog, and in the editor."""
    if isinstance(problem.about, Fact):
        yield Way(fact_path(*problem.about), gettext("See the fact"))
    elif problem.about is not None:
        meta = problem.about._meta
        url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[problem.about.pk])
        yield Way(url, gettext("See the %(record)s") % {"record": meta.verbose_name})
    change = reverse("admin:editorial_article_change", args=[article.pk])
    if problem.place is not None:
        place = place_of(problem.place, document)
        anchor = f"body-{place['block']}-{place['skip']}-{place['length']}"
        yield Way(f"{change}#{anchor}", gettext("Go to the place"))
    elif problem.field:
        anchor = _ANCHORS.get(problem.field, f"id_{problem.field}")
        yield Way(f"{change}#{anchor}", gettext("Go to the field"))


def words_of(problem: Problem) -> str:
    """The words or the key that it is about, as far as they tell people more than its message does."""
    return "" if isinstance(problem.about, Fact) or problem.where == problem.field else problem.where


def shown_problem(problem: Problem, document: Document) -> dict[str, Any]:
    """A problem as the editor of articles takes it."""
    return {
        "code": problem.code,
        "level": problem.level.value,
        "label": capfirst(str(problem.level.label)),
        "message": problem.message,
        "where": words_of(problem),
        "field": problem.field,
        "place": None if problem.place is None else place_of(problem.place, document),
    }

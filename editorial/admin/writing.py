"""What the editor of articles asks while somebody writes: passages, photos, seasons, coverage, autosave.

Everything answers in JSON and to those only who may write articles.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils import formats, timezone
from django.utils.translation import gettext

from editorial.actions import (
    Examined,
    autosave_of,
    drop_autosave,
    examine_draft,
    forget_presence,
    keep_autosave,
    may_save,
    note_presence,
)
from editorial.admin.picking import find_passages, find_photos, find_seasons, shown_passages, shown_photos
from editorial.admin.problems import place_of, shown_problem
from editorial.admin.typed import draft_typed
from editorial.commenting import open_threads
from editorial.forms import IMPORT_MAP, ArticleForm, newest_revision
from editorial.models import Article, Presence
from editorial.problems import Place
from editorial.prose.coverage import Sentence
from editorial.prose.document import Document
from editorial.prose.markup import text_of

AUTOSAVE_LIMIT = 1_000_000  # characters of all fields together

# Besides the form's names: the parts of moments, and what autocompletes show for a choice.
_PARTS = ("_0", "_1", "__label")


class Writing:
    """For the admin of articles: the addresses that the editor talks to."""

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        return [
            path("writing/passages/", wrap(self.passages_view), name="editorial_article_passages"),
            path("writing/photos/", wrap(self.photos_view), name="editorial_article_photos"),
            path("writing/seasons/", wrap(self.seasons_view), name="editorial_article_seasons"),
            path("writing/coverage/", wrap(self.coverage_view), name="editorial_article_coverage"),
            path("writing/presence/", wrap(self.presence_view), name="editorial_article_presence"),
            path("writing/autosave/", wrap(self.autosave_view), name="editorial_article_autosave"),
            *super().get_urls(),
        ]

    def writing_context(self, request: HttpRequest, article: Article | None) -> dict[str, Any] | None:
        """What the page of this article, or of a new one, needs for the editor; None for who only reads."""
        if not may_save(request.user, article or Article()):
            return None
        query = "" if article is None else f"?article={article.pk}"
        urls = {
            name: reverse(f"admin:editorial_article_{name}")
            for name in ("passages", "photos", "seasons", "coverage", "autosave")
        }
        return {
            **urls,
            "coverage": urls["coverage"] + query,
            "autosave": urls["autosave"] + query,
            "comments": open_threads(article, newest_revision(article)) if article else [],
            # An import map stands in the page, so the security policy asks it for the nonce.
            "import_map": IMPORT_MAP.render(attrs={"nonce": str(request.csp_nonce)}),
        }

    def presence_context(self, request: HttpRequest, article: Article | None) -> dict[str, Any]:
        """Who else has the page of the article open, and where an open page says so."""
        others = Presence.objects.of_others(article, request.user) if article else []
        url = reverse("admin:editorial_article_presence") + f"?article={article.pk}" if article else ""
        return {"others": others, "presence_url": url}

    def passages_view(self, request: HttpRequest) -> JsonResponse:
        """Passages whose words or source hold every word of `q`, or the one with the key `q`."""
        self._require_writer(request)
        if not request.user.has_perm("catalog.view_passage"):
            raise PermissionDenied
        return JsonResponse({"passages": find_passages(request.GET.get("q", ""))})

    def photos_view(self, request: HttpRequest) -> JsonResponse:
        """Photos whose slug, caption or alternative text hold every word of `q`; without any, the newest."""
        self._require_writer(request)
        if not request.user.has_perm("catalog.view_photo"):
            raise PermissionDenied
        return JsonResponse({"photos": find_photos(request.GET.get("q", ""))})

    def seasons_view(self, request: HttpRequest) -> JsonResponse:
        """The seasons whose tables and timelines can be embedded, by series."""
        self._require_writer(request)
        return JsonResponse({"seasons": find_seasons()})

    def coverage_view(self, request: HttpRequest) -> HttpResponse:
        """How a text that is not saved stands: its sentences, its passages and what the checks find."""
        self._require_writer(request)
        if request.method != "POST":
            return HttpResponse(status=405, headers={"Allow": "POST"})
        article = self._article(request) or Article()
        return JsonResponse(_report(examine_draft(article, draft_typed(article, request.POST))))

    def autosave_view(self, request: HttpRequest) -> HttpResponse:
        """GET what this person typed and did not save, POST what they type now, DELETE it."""
        self._require_writer(request)
        article = self._article(request)
        if not may_save(request.user, article or Article()):
            raise PermissionDenied
        if request.method == "POST":
            return self._keep(request, article)
        if request.method == "DELETE":
            drop_autosave(user=request.user, article=article)
            return HttpResponse(status=204)
        kept = autosave_of(request.user, article)
        if kept is None:
            return JsonResponse({"autosave": None})
        at = formats.date_format(timezone.localtime(kept.at), "DATETIME_FORMAT")
        return JsonResponse({"autosave": {"based_on": kept.based_on, "content": kept.content, "at": at}})

    def presence_view(self, request: HttpRequest) -> HttpResponse:
        """POST that this person has the page open, answered with who else has; DELETE when it is closed."""
        self._require_writer(request)
        article = self._article(request)
        if article is None:
            raise Http404
        if request.method == "DELETE":
            forget_presence(user=request.user, article=article)
            return HttpResponse(status=204)
        if request.method != "POST":
            return HttpResponse(status=405, headers={"Allow": "POST, DELETE"})
        note_presence(user=request.user, article=article)
        others = Presence.objects.of_others(article, request.user)
        rows = [{"id": one.user_id, "name": one.name} for one in others]
        now = formats.time_format(timezone.localtime(), "TIME_FORMAT")
        return JsonResponse({"others": rows, "now": now})

    def _keep(self, request: HttpRequest, article: Article | None) -> JsonResponse:
        try:
            based_on, content = _typed(request.body)
        except ValidationError as error:
            return JsonResponse({"error": error.message}, status=400)
        kept = keep_autosave(user=request.user, article=article, based_on=based_on, content=content)
        return JsonResponse({"at": formats.time_format(timezone.localtime(kept.at), "TIME_FORMAT")})

    def _require_writer(self, request: HttpRequest) -> None:
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied

    def _article(self, request: HttpRequest) -> Article | None:
        """The article that the page is about; None for a new one."""
        number = request.GET.get("article")
        if number is None:
            return None
        article = self.get_object(request, number)
        if article is None:
            raise Http404
        return article


def _report(examined: Examined) -> dict[str, Any]:
    coverage, document = examined.coverage, examined.document
    counts = coverage.counts
    claims = counts["supported"] + counts["unsupported"]
    return {
        **counts,
        "words": coverage.words,
        "percent": 100 * counts["supported"] // claims if claims else None,
        "sentences": [_place(document, sentence) for sentence in coverage.unsupported],
        "problems": [
            shown_problem(problem, document)
            for problem in sorted(examined.problems, key=lambda one: one.is_warning)
            if problem.code != "unsupported"
        ],
        "passages": shown_passages(examined.passages.values()),
        "unknown": [key for key in coverage.passages if key not in examined.passages],
        "photos": shown_photos(examined.pictures),
        "unknown_photos": [slug for slug in coverage.photos if slug not in examined.pictures],
    }


def _place(document: Document, sentence: Sentence) -> dict[str, Any]:
    place = place_of(Place(sentence.block, sentence.start, sentence.end), document)
    return {**place, "text": sentence.text}


def _typed(body: bytes) -> tuple[int | None, Mapping[str, str]]:
    """The revision's number and the fields of an autosave. Raises ValidationError."""
    try:
        data = json.loads(body)
        based_on, content = data["based_on"], data["content"]
        sound = (based_on is None or (type(based_on) is int and 0 < based_on < 2**31)) and all(
            isinstance(value, str) and _is_field(name) for name, value in content.items()
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        sound = False
    if not sound:
        raise ValidationError(gettext("This is not the data of an article's form."))
    if sum(map(len, content.values())) > AUTOSAVE_LIMIT:
        raise ValidationError(gettext("The text is too long to be kept. Save the article."))
    return based_on, {name: text_of(value) for name, value in content.items()}


def _is_field(name: str) -> bool:
    fields = [*ArticleForm.Meta.fields, "note"]
    return name in fields or any(name.removesuffix(part) in fields for part in _PARTS)

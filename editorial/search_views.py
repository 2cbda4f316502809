"""The page of the search, what is suggested while somebody types, and how browsers learn of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from catalog.readers import for_reader, seen_by
from editorial.finding import results_for, suggest
from editorial.templatetags.searching import kind_name

SUGGESTION_SECONDS = 30  # that a browser may keep what it was suggested


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What is found, as it is found now: nothing of it may be kept, and no engine should list it."""
    seen = seen_by(request)
    found = results_for(request.GET, seen=seen)
    response = render(request, "editorial/search.html", {"found": found, "query": found.query, "seen": seen})
    patch_cache_control(response, private=True, no_cache=True)
    response.headers["X-Robots-Tag"] = "noindex"
    return for_reader(response, seen)


@require_safe
def suggest_json(request: HttpRequest) -> HttpResponse:
    """Titles that begin so, with how many there are in words, for those who do not see the list."""
    seen = seen_by(request)
    found = suggest(request.GET.get("q", ""), seen=seen)
    said = ngettext("%(count)s suggestion", "%(count)s suggestions", len(found)) % {"count": len(found)}
    data = {
        "status": said,
        "suggestions": [
            {
                "title": one.title,
                "url": f"{one.path}{seen.carried}",
                "kind": kind_name(one.group),
                "language": one.language,
            }
            for one in found
        ],
    }
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False})
    patch_cache_control(response, private=True, max_age=SUGGESTION_SECONDS)
    response.headers["X-Robots-Tag"] = "noindex"
    patch_vary_headers(response, ["Cookie"])
    return response


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    """The site's search for the address bar of a browser (OpenSearch 1.1)."""
    content_type = "application/opensearchdescription+xml"
    return render(request, "editorial/opensearch.xml", content_type=content_type)

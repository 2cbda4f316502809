"""What a page holds for programs, and the way to it, by the view model that it was made of."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import Resolver404, resolve, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.models import Source
from editorial.linked_data import linked_data as graph_of
from editorial.pages import SourceList
from editorial.reading import Story
from editorial.sharing import SharedPicture, shared_picture
from editorial.trails import trail_to

register = template.Library()

# What would end the element, open another, or end a line for old parsers: in JSON it stands in strings only.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}


class _JsonText:
    """Data as JSON that can stand in a script element as it is."""

    def __init__(self, data: Any) -> None:
        self._text = json.dumps(data, ensure_ascii=False).translate(_ESCAPES)

    def __html__(self) -> str:
        return self._text


@register.simple_tag(takes_context=True)
def json_address(context: template.Context) -> str:
    """Where the page stands as JSON; "" where it does not."""
    request = context["request"]
    path = "/index.json" if request.path == "/" else f"{request.path.removesuffix('/')}.json"
    try:
        resolve(path)
    except Resolver404:
        return ""
    page = request.GET.get("page", "")
    if page.isascii() and page.isdigit():
        return f"{path}?page={page}"
    places = {name: request.GET[name] for name in ("before", "after") if name in request.GET}
    return f"{path}?{urlencode(places, safe=':')}" if places else path


@register.simple_tag(takes_context=True)
def oembed_address(context: template.Context, story: Story) -> str:
    """Where other sites get what they show of an article."""
    address = context["request"].build_absolute_uri(story.path)
    return f"{reverse('editorial:oembed')}?{urlencode({'url': address})}"


@register.simple_tag
def picture_to_share(story: Story) -> SharedPicture:
    """What other sites show beside a link to the article."""
    return shared_picture(story)


@register.filter
def as_page(sources: Sequence[Source]) -> SourceList:
    """The list of sources as a page: the catalog does not know how it is framed."""
    return SourceList(sources)


@register.simple_tag(takes_context=True)
def linked_data(context: template.Context, page: Any) -> SafeString:
    """The page as schema.org in JSON-LD; nothing where it was made for a reader who has said something: what
    is folded stands nowhere else, and search engines say nothing.
    """
    if context.get("seen") or context.get("is_folded"):
        return format_html("{}", "")
    graph = graph_of(page, context["request"].build_absolute_uri)
    return format_html('<script type="application/ld+json">{}</script>', _JsonText(graph))


@register.inclusion_tag("editorial/_trail.html")
def trail(page: Any) -> dict:
    """The way to the page, up to what stands above it."""
    return {"trail": trail_to(page)[:-1]}

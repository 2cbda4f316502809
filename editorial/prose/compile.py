"""From a body to what readers get: HTML with numbered footnotes. The one module that makes trusted HTML.

Only elements named here reach the page, every text and attribute value is escaped on its way, and marks for
the desk (what is no claim, and why) stay behind. Whether the body may be published is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

from django.template.loader import get_template, render_to_string
from django.utils import translation
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext

from catalog.dates import PartialDate
from catalog.footnotes import Evidence, Footnotes
from editorial.prose.document import Document, embed_key, parse
from editorial.prose.embeds import Embed
from editorial.prose.tree import Element, Node

# Ids that the page around an article may have.
RESERVED = frozenset(
    {"main", "content", "top", "footnotes", "footnotes-heading", "note-template", "menu", "search"}
)
_NUMBERED = re.compile(r"(?:fn|ref|card)(?:-|$)")  # the ids of footnotes, their markers and their cards
_ID_LIMIT = 60
_BETWEEN_MARKERS = "\u202f"  # narrow and unbroken: two markers must not read as one number

_EMBED_TEMPLATES = {
    "cast": "editorial/prose/_cast_table.html",
    "facts": "editorial/prose/_facts.html",
    "timeline": "editorial/prose/_timeline.html",
    "photo": "editorial/prose/_photo.html",
}


@dataclass(frozen=True, slots=True)
class Compiled:
    """The article for readers, and the keys of the passages in the order of its footnotes (1 first)."""

    html: SafeString
    passages: list[str]


class MissingEvidence(LookupError):
    """The body cites passages that nobody handed over: `keys`."""

    def __init__(self, keys: Iterable[str]) -> None:
        self.keys = list(keys)
        super().__init__(f"no evidence for {', '.join(self.keys)}")


class MissingEmbed(LookupError):
    """The body embeds tables or photos that nobody handed over: `keys`."""

    def __init__(self, keys: Iterable[str]) -> None:
        self.keys = list(keys)
        super().__init__(f"nothing to embed for {', '.join(self.keys)}")


def compile_body(
    body: str, *, language: str, evidence: Mapping[str, Evidence], embeds: Mapping[str, Embed]
) -> Compiled:
    """The body as HTML in `language`, its footnotes at the end. The body is cleaned again first.

    Raises MissingEvidence for a cited passage that is not in `evidence`, MissingEmbed for an embed
    (`cast narcos-mexico/2`) that is not in `embeds`.
    """
    document = parse(body)
    if missing := [key for key in document.passages if key not in evidence]:
        raise MissingEvidence(missing)
    if missing := [key for key in document.embeds if key not in embeds]:
        raise MissingEmbed(missing)
    return _compiled(document, _Compiler(language, evidence, embeds), language)


def compile_as_it_stands(
    body: str, *, language: str, evidence: Mapping[str, Evidence], embeds: Mapping[str, Embed]
) -> Compiled:
    """As `compile_body`, for a text that is not finished: what is missing is named in its place."""
    return _compiled(parse(body), _LenientCompiler(language, evidence, embeds), language)


def trusted(html: str) -> SafeString:
    """HTML that `compile_body` made and an edition kept, ready for a template."""
    return SafeString(html)


def _compiled(document: Document, compiler: _Compiler, language: str) -> Compiled:
    with translation.override(language):
        parts = compiler.blocks(document.blocks)
        footnotes = compiler.footnotes
        if len(footnotes):
            parts.append(render_to_string("catalog/_footnotes.html", {"footnotes": footnotes}))
    return Compiled(_joined(parts, "\n"), [note.evidence.key for note in footnotes])


def _joined(parts: Iterable[str], separator: str = "") -> SafeString:
    return SafeString(separator.join(conditional_escape(part) for part in parts))


class _Compiler:
    """Writes the elements of one body; counts its footnotes and the ids of its headings."""

    def __init__(self, language: str, evidence: Mapping[str, Evidence], embeds: Mapping[str, Embed]) -> None:
        self.footnotes = Footnotes()
        self._language = language
        self._evidence = evidence
        self._embeds = embeds
        self._ids: set[str] = set(RESERVED)
        self._has_h2 = False
        self._marker = get_template("catalog/_marker.html")

    def blocks(self, elements: Iterable[Element]) -> list[SafeString]:
        """The blocks one by one; photos that follow each other are one gallery."""
        parts: list[SafeString] = []
        for are_photos, found in groupby(elements, _is_photo):
            run = list(found)
            is_gallery = are_photos and len(run) > 1
            drawn = [self.block(element, in_gallery=is_gallery) for element in run]
            parts += [_gallery(drawn)] if is_gallery else drawn
        return parts

    def block(self, element: Element, *, in_gallery: bool = False) -> SafeString:
        if element.tag == "div":
            return self._embed(self._embeds[embed_key(element)], in_gallery)
        if element.tag == "blockquote":
            return self._quotation(element)
        if element.tag in ("h2", "h3"):
            return self._heading(element)
        return format_html("<{0}{1}>{2}</{0}>", element.tag, _lang(element), self._content(element))

    def _content(self, element: Element) -> SafeString:
        if element.is_leaf:
            return self._inline(element.children)
        blocks = self.blocks(child for child in element.children if isinstance(child, Element))
        return format_html("\n{}\n", _joined(blocks, "\n"))

    def _inline(self, nodes: Iterable[Node]) -> SafeString:
        parts: list[str] = []
        after_marker = False
        for node in nodes:
            is_marker = isinstance(node, Element) and node.tag == "cite"
            if is_marker and after_marker:
                parts.append(_BETWEEN_MARKERS)
            parts.append(node if isinstance(node, str) else self._inline_element(node))
            after_marker = is_marker
        return _joined(parts)

    def _inline_element(self, element: Element) -> SafeString:
        if element.tag == "cite":
            return self._cite(element.get("data-passage"))
        if element.tag == "br":
            return SafeString("<br>")
        inner = self._inline(element.children)
        if element.tag == "a":
            return format_html('<a href="{}">{}</a>', element.get("href"), inner)
        if element.tag == "span":
            lang = _lang(element)
            return format_html("<span{}>{}</span>", lang, inner) if lang else inner
        return format_html("<{0}>{1}</{0}>", element.tag, inner)

    def _cite(self, key: str) -> SafeString:
        marker = self.footnotes.cite(self._evidence[key])
        # The partial's file ends with a line break, which would part the marker from a full stop.
        return SafeString(self._marker.render({"marker": marker}).strip())

    def _quotation(self, element: Element) -> SafeString:
        quoted = format_html("<blockquote{}>{}</blockquote>", _lang(element), self._content(element))
        said_by = [element.get("data-speaker")]
        kind = "quotation"
        if element.get("data-kind") == "post":
            kind = "social-post"
            said_by += [element.get("data-handle"), _time(element.get("data-date"), self._language)]
            said_by.append(_post_link(element.get("data-url")))
        caption = _joined((part for part in said_by if part), ", ")
        if caption:
            caption = format_html("\n<figcaption>{}</figcaption>", caption)
        elif kind == "quotation":
            return quoted
        return format_html('<figure class="{}">\n{}{}\n</figure>', kind, quoted, caption)

    def _embed(self, embed: Embed, in_gallery: bool) -> SafeString:
        context = {
            "embed": embed,
            "footnotes": self.footnotes,
            "heading": self._level("h3"),
            "in_gallery": in_gallery,
        }
        return SafeString(render_to_string(_EMBED_TEMPLATES[embed.kind], context).strip())

    def _heading(self, element: Element) -> SafeString:
        tag = self._level(element.tag)
        self._has_h2 = True
        text = self._inline(element.children)
        return format_html('<{0} id="{1}">{2}</{0}>', tag, self._heading_id(element), text)

    def _level(self, tag: str) -> str:
        """A page that goes from its title straight to h3 would skip a level."""
        return tag if self._has_h2 else "h2"

    def _heading_id(self, heading: Element) -> str:
        slug = slugify(_words_of(heading))[:_ID_LIMIT].strip("-") or "section"
        if _NUMBERED.match(slug):
            slug = f"section-{slug}"
        unique, count = slug, 1
        while unique in self._ids:
            count += 1
            unique = f"{slug}-{count}"
        self._ids.add(unique)
        return unique


class _LenientCompiler(_Compiler):
    """Puts words into the place of what is missing."""

    def block(self, element: Element, *, in_gallery: bool = False) -> SafeString:
        if element.tag != "div" or embed_key(element) in self._embeds:
            return super().block(element, in_gallery=in_gallery)
        text = gettext("Missing here: %(what)s, which the catalog does not have.")
        return format_html('<p class="gap">{}</p>', text % {"what": embed_key(element)})

    def _cite(self, key: str) -> SafeString:
        if key in self._evidence:
            return super()._cite(key)
        text = gettext("[%(passage)s: no source has this passage]") % {"passage": key}
        return format_html(' <span class="gap">{}</span>', text)


def _is_photo(element: Element) -> bool:
    return element.tag == "div" and element.get("data-embed") == "photo"


def _gallery(photos: Iterable[SafeString]) -> SafeString:
    markup = '<div class="gallery" role="group" aria-label="{}">\n{}\n</div>'
    return format_html(markup, gettext("Photo gallery"), _joined(photos, "\n"))


def _lang(element: Element) -> SafeString:
    language = element.get("lang")
    return format_html(' lang="{}"', language) if language else SafeString("")


def _time(date: str, language: str) -> SafeString:
    if not date:
        return SafeString("")
    when = PartialDate.parse(date)
    return format_html('<time datetime="{}">{}</time>', when.level0, when.spoken(language))


def _post_link(url: str) -> SafeString:
    """The way to a post, with the name of the host that it leads to."""
    if not url:
        return SafeString("")
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return format_html('<a href="{}">{}</a>', url, gettext("the post on %(host)s") % {"host": host})


def _words_of(element: Element) -> str:
    return "".join(
        " "
        if isinstance(child, Element) and child.tag == "br"
        else child
        if isinstance(child, str)
        else _words_of(child)
        for child in element.children
    )

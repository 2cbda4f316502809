"""Which elements and attributes the body of an article may carry, and what their values look like.

The first pass over anything typed, pasted or imported: nh3 parses it as a browser does and drops all that is
not listed here. `tree` then brings what is left into the normal form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import nh3

from catalog.dates import PartialDate

LEAVES = frozenset({"p", "h2", "h3"})
CONTAINERS = frozenset({"ul", "ol", "li", "blockquote"})
INLINE = frozenset({"strong", "em", "a", "span"})
# What pasted text calls them, and what a body calls them.
RENAMED: Mapping[str, str] = {
    "h1": "h2",
    "h4": "h3",
    "h5": "h3",
    "h6": "h3",
    "pre": "p",
    "b": "strong",
    "i": "em",
}
# Not kept, but their words must not run into those of the next.
BOUNDARIES = frozenset(
    {"address", "article", "aside", "details", "div", "figcaption", "figure", "footer", "form", "header"}
    | {"hr", "main", "nav", "section", "summary", "dl", "dt", "dd"}
    | {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"}
)

# What can stand in a text by a `<div data-embed>`, and the attribute that names what it shows.
EMBEDS: Mapping[str, str] = {
    "cast": "data-season",
    "facts": "data-season",
    "timeline": "data-season",
    "photo": "data-photo",
}

REASON_LIMIT = 100
NAME_LIMIT = 200

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_PASSAGE_KEY = re.compile(r"[a-z0-9][a-zA-Z0-9_-]{0,199}#[1-9][0-9]{0,8}")
# A citation as people type and paste it: [@source#3], with ¶ for the whole paragraph.
_SHORT_CITATION = re.compile(rf"\[@({_PASSAGE_KEY.pattern})(\s*¶)?\]")
_SEASON_KEY = re.compile(r"[a-z0-9][a-zA-Z0-9_-]{0,199}/(?:0|[1-9][0-9]{0,3})")
_PHOTO_KEY = re.compile(r"[a-zA-Z0-9_-]{1,100}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_HANDLE = re.compile(r"@?[\w.-]{1,100}")
# RFC 3987, without what browsers would repair: they might read another address than the checker here.
_CHARACTER = r"[\w\-.~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2}"
_REST = rf"(?:{_CHARACTER})*(?:\?(?:{_CHARACTER}|\?)*)?(?:\#(?:{_CHARACTER}|\?)*)?"
_HOST = r"(?:[^\W_][\w-]*\.)*[^\W_][\w-]*"
_ADDRESS = re.compile(
    rf"(?:https?://{_HOST}(?::[1-5]?[0-9]{{1,4}})?(?:(?=[/?#]){_REST})?|mailto:[\w.+\-]+@{_HOST}|/(?!/){_REST})",
    re.IGNORECASE,
)


def _matching(pattern: re.Pattern[str]) -> Callable[[str], str | None]:
    return lambda value: value.strip() if pattern.fullmatch(value.strip()) else None


def _one_of(*values: str) -> Callable[[str], str | None]:
    return lambda value: value if value in values else None


def _words(limit: int) -> Callable[[str], str | None]:
    """White space folded, cut at `limit` code points; empty is nothing."""
    return lambda value: " ".join(_FORBIDDEN.sub("", value).split())[:limit].strip() or None


def _post_address(value: str) -> str | None:
    """The address of a post: what it says of itself must come from the host that it names."""
    address = _matching(_ADDRESS)(value)
    return address if address and address.lower().startswith("https://") else None


def _date(value: str) -> str | None:
    try:
        return str(PartialDate.parse(value))
    except ValueError:
        return None


# Every attribute there is, in the order in which a body writes them.
VALUES: Mapping[str, Callable[[str], str | None]] = {
    "data-kind": _one_of("post"),
    "data-speaker": _words(NAME_LIMIT),
    "data-handle": _matching(_HANDLE),
    "data-date": _date,
    "data-url": _post_address,
    "data-embed": _one_of(*EMBEDS),
    "data-season": _matching(_SEASON_KEY),
    "data-photo": _matching(_PHOTO_KEY),
    "data-passage": _matching(_PASSAGE_KEY),
    "data-covers": _one_of("paragraph"),
    "href": _matching(_ADDRESS),
    "lang": _matching(_LANGUAGE),
    "data-not-a-claim": _words(REASON_LIMIT),
}
_ATTRIBUTES = {
    "p": {"lang", "data-not-a-claim"},
    "h2": {"data-not-a-claim"},
    "h3": {"data-not-a-claim"},
    "li": {"lang", "data-not-a-claim"},
    "blockquote": {
        "lang",
        "data-not-a-claim",
        "data-kind",
        "data-speaker",
        "data-handle",
        "data-date",
        "data-url",
    },
    "span": {"lang", "data-not-a-claim"},
    "a": {"href"},
    "cite": {"data-passage", "data-covers"},
    "div": {"data-embed", *EMBEDS.values()},
}


def _attribute(tag: str, name: str, value: str) -> str | None:
    # nh3 asks about elements that it drops, too.
    check = VALUES.get(name)
    return check(value) if check else None


# No `rel`: links open in the same tab, where `noopener` has no meaning, and the desk vouches for them.
_cleaner = nh3.Cleaner(
    tags=set(LEAVES | CONTAINERS | INLINE | BOUNDARIES | {"br", "cite"} | set(RENAMED)),
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)


def clean(html: str) -> str:
    """Well-formed HTML of listed elements and attributes only, every value checked. Never raises."""
    return str(_cleaner.clean(_FORBIDDEN.sub("", html)))


def text_of(data: str) -> str:
    """The text without what HTML forbids: control characters, surrogates, noncharacters."""
    return _FORBIDDEN.sub("", data)


def with_citations(data: str) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """A text cut at the citations that are written out in it: words, then the attributes of the citation
    that follows them, none after the last words.
    """
    position = 0
    for found in _SHORT_CITATION.finditer(data):
        covers = (("data-covers", "paragraph"),) if found[2] else ()
        yield data[position : found.start()], (("data-passage", found[1]), *covers)
        position = found.end()
    yield data[position:], ()

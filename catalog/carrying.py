"""What the reader's link said, in the links of the page that it led to: they say it again, so that a
reader without a cookie keeps it.

Only links to pages of ours do, whose addresses end in a slash. Files, feeds and JSON keep their addresses, as
do the canonical ones of pages, which stand in no `<a>`.
"""

from __future__ import annotations

import re

_TAG = re.compile(r"<(?:a|form)\s[^<>]*>")
_LINK = re.compile(r'(\shref=")((?:/(?!/)[^"?#]*)?)(\?[^"#]*)?(#[^"]*)?(?=")')
_SEARCHES = re.compile(r'\saction="/(?!/)[^"]*"')


def carried_on(html: str, name: str, said: str) -> str:
    """The page with `name=said` in the query of its links and in the forms that only ask. `said` must need no
    escaping, in HTML or in an address.
    """

    def again(tag: re.Match[str]) -> str:
        if tag[0].startswith("<a"):
            return _LINK.sub(lambda link: _link(link, name, said), tag[0], count=1)
        if 'method="get"' in tag[0] and _SEARCHES.search(tag[0]):
            return f'{tag[0]}<input type="hidden" name="{name}" value="{said}">'
        return tag[0]

    return _TAG.sub(again, html)


def _link(link: re.Match[str], name: str, said: str) -> str:
    before, path, query, fragment = link[1], link[2], link[3] or "", link[4] or ""
    is_page = path.endswith("/") if path else query
    if not is_page or re.search(rf"[?&;]{name}=", query):
        return link[0]
    sign = "&amp;" if len(query) > 1 else "?" if not query else ""
    return f"{before}{path}{query}{sign}{name}={said}{fragment}"

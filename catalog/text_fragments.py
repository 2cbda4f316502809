"""Links to the very words: text fragments as URL Fragment Text Directives (WICG) has them.

`#:~:text=start` or `#:~:text=start,end`; a browser marks from the first words to the last. No words
travel but those of the excerpt, and of a long one only its beginning and its end.
"""

from __future__ import annotations

from urllib.parse import quote

from catalog.passages import ELLIPSIS

DELIMITER = ":~:"
_WHOLE = 8  # words that travel together; more are named by both ends
_END = 4  # words of each end


def fragment(excerpt: str, exact: str = "") -> str:
    """The fragment that leads to an excerpt, with its `#`; "" for one without words.

    `exact`, the words in full where they are known, only tells where lines break: a browser finds words
    on both sides of a break between blocks as two ends, not as one term.
    """
    runs = _runs(excerpt, exact)
    if not runs:
        return ""
    if len(runs) == 1 and len(runs[0]) <= _WHOLE:
        terms = [runs[0]]
    else:
        terms = [runs[0][:_END], runs[-1][-_END:]]
    return f"#{DELIMITER}text=" + ",".join(_encoded(" ".join(words)) for words in terms)


def address_of_words(url: str, excerpt: str, exact: str = "") -> str:
    """The address of a page, led on to the excerpt; a fragment of its own stays. "" without an address."""
    directive = fragment(excerpt, exact)
    if not url or not directive:
        return url
    page = url.partition(DELIMITER)[0]
    return page + (directive.removeprefix("#") if "#" in page else directive)


def _runs(excerpt: str, exact: str) -> list[list[str]]:
    """The words of the excerpt as runs that stand together: parted by “…” and by the breaks of `exact`."""
    words = excerpt.removesuffix(ELLIPSIS).split()
    if ELLIPSIS in " ".join(words) or exact.split()[: len(words)] != words:
        return [run for part in excerpt.split(ELLIPSIS) if (run := part.split())]
    runs = []
    for line in exact.splitlines():
        run = line.split()[: len(words)]
        words = words[len(run) :]
        if run:
            runs.append(run)
    return runs


def _encoded(term: str) -> str:
    """Percent-encoded; a dash too, which marks context, as `,` parts terms and `&` directives."""
    return quote(term, safe="").replace("-", "%2D")

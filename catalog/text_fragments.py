"""Links to the very words: text fragments as URL Fragment Text Directives (WICG) has them.

`#:~:text=start` or `#:~:text=start,end`; a browser marks from the first words to the last. No words
travel but those of the excerpt, and of a long one only its beginning and its end.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
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
    tokens = [(word, number) for number, line in enumerate(exact.splitlines()) for word in line.split()]
    runs: list[list[str]] = []
    position = 0
    for part in excerpt.split(ELLIPSIS):
        words = part.split()
        place = _place(words, [word for word, _line in tokens], position)
        if place is None:
            runs += [words] if words else []
            continue
        position = place + len(words)
        lines = [line for _word, line in tokens[place:position]]
        for _line, run in groupby(zip(lines, words, strict=True), key=itemgetter(0)):
            runs.append([word for _number, word in run])
    return runs


def _place(words: list[str], within: list[str], position: int) -> int | None:
    """Where `words` stand one after the other, at `position` or later; None when nowhere.

    The first may lack a beginning and the last an end, such as a comma.
    """
    for start in range(position, len(within) - len(words) + 1) if words else ():
        there = within[start : start + len(words)]
        first = len(there[0]) - len(words[0])
        there = [there[0][first:] if first > 0 and len(there) > 1 else there[0], *there[1:]]
        there[-1] = there[-1][: len(words[-1])] if len(there) > 1 else there[-1]
        if there == words or (len(words) == 1 and words[0] in there[0]):
            return start
    return None


def _encoded(term: str) -> str:
    """Percent-encoded; a dash too, which marks context, as `,` parts terms and `&` directives."""
    return quote(term, safe="").replace("-", "%2D")

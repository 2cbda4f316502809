"""A query in the words of each database, over the columns of `editorial.searching.columns`.

Both say the same: every wanted term is found as it is written or, if it is one word, by one of its stems; a
phrase stands in one place as it is written; no excluded term is found. Queries hold nothing but keys, which
are letters and digits, and what is written here.
"""

from __future__ import annotations

from editorial.searching.columns import STEM
from editorial.searching.query import Query, Term
from editorial.searching.words import stems


def sqlite_match(query: Query, *, title_only: bool = False) -> str:
    """The query for FTS5. It must want something."""
    wanted = " AND ".join(_sqlite(term, title_only) for term in query.wanted)
    excluded = " OR ".join(_sqlite(term, False) for term in query.excluded)
    return f"({wanted}) NOT ({excluded})" if excluded else wanted


def postgres_match(query: Query) -> str:
    """The query as the text of a `tsquery`, for the vector of all columns or for that of the title.

    It names no weights: only a query without them is answered by the index alone, and they would say nothing,
    since stems and words differ.
    """
    terms = [_postgres(term) for term in query.wanted]
    terms += [f"!{_postgres(term)}" for term in query.excluded]
    return " & ".join(terms)


def sqlite_beginning(query: Query) -> str:
    """For FTS5: titles with every word, the last of which may be only begun."""
    *whole, last = query.words
    return " AND ".join([*(f'{{title}} : "{word}"' for word in whole), f'{{title}} : "{last}" *'])


def postgres_beginning(query: Query) -> str:
    """For the vector of the title: the words of titles, the last of which may be only begun."""
    *whole, last = query.words
    return " & ".join([*(f"'{word}'" for word in whole), f"'{last}':*"])


def _sqlite(term: Term, title_only: bool) -> str:
    written = "{title}" if title_only else "{title text}"
    found = f'{written} : "{" ".join(term.words)}"'
    if term.is_phrase:
        return f"({found})"
    stemmed = "{title_stems}" if title_only else "{title_stems text_stems}"
    by_stem = " OR ".join(f'"{one}"' for one in stems(term.words[0]))
    return f"({found} OR {stemmed} : ({by_stem}))"


def _postgres(term: Term) -> str:
    found = " <-> ".join(f"'{word}'" for word in term.words)
    if term.is_phrase:
        return f"({found})"
    by_stem = " | ".join(f"'{STEM}{one}'" for one in stems(term.words[0]))
    return f"({found} | {by_stem})"

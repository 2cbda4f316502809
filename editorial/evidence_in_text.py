"""What readers are shown of the evidence in a text, drawn around the HTML that its edition kept.

An edition keeps what readers got on its first day. The ways back from its footnotes, how many independent
sources a sentence has, and the passages beside the text are made when its page is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import conditional_escape

from catalog.footnotes import Corroboration, WayBack, corroborations
from catalog.timeline import origin_of
from catalog.words import voices_in_words
from editorial.models import Edition
from editorial.prose.compile import trusted
from editorial.prose.coverage import cover
from editorial.prose.supported import (
    Block,
    StoredNote,
    Supported,
    marked,
    stored_notes,
    with_footnotes,
)

_HEADING = re.compile(r'(<h2 id="footnotes-heading">.*?</h2>)(\s*<p class="notes-about">.*?</p>)?', re.DOTALL)
_BACK = re.compile(r'\s*<p class="note-back">.*?</p>', re.DOTALL)
_VOICES = re.compile(r'\s*<p class="note-voices">.*?</p>', re.DOTALL)


@dataclass(frozen=True)
class MarkedText:
    """The text of an edition with the evidence of its sentences."""

    parts: list[str | Block]
    notes: Mapping[int, StoredNote]
    path: str  # of the article
    voices: Mapping[str, int]  # by the id of a marker, how many independent sources its sentence has

    def voices_of(self, sentence: Supported) -> int:
        """How many independent sources it has; 0 for one without a marker of its own."""
        return max((self.voices[ref] for ref in sentence.refs), default=0)


def marked_text(edition: Edition) -> MarkedText:
    """Read an edition from `for_page` again, with the body of its revision. No query."""
    content = edition.revision.content
    notes = stored_notes(edition.html)
    parts = marked(edition.html, cover(content["body"], content["language"]))
    origins = _origins(notes, edition.derivations or [])
    voices = {
        ref: len({origins[number] for number in sentence.notes})
        for part in parts
        if isinstance(part, Block)
        for sentence in part.sentences
        for ref in sentence.refs
    }
    return MarkedText(parts, notes, edition.get_absolute_url(), voices)


def text_as_kept(edition: Edition) -> str:
    """The HTML of an edition as it is, for programs."""
    return edition.html


def text_with_marks(edition: Edition) -> str:
    """The HTML of an edition with its supported sentences marked, and the ways back to them."""
    text = marked_text(edition)
    return _finished(text, (part.html if isinstance(part, Block) else part for part in text.parts))


def text_with_proofs(edition: Edition) -> str:
    """The same, and behind each block of the text the passages that support it."""
    text = marked_text(edition)
    parts: list[str] = []
    before = 0  # sentences that have a source
    for part in text.parts:
        parts.append(_with_proofs(part, text, f"{text.path}report/?sentence=s-{before + 1}"))
        before += 0 if isinstance(part, str) else len(part.sentences)
    return _finished(text, parts)


def _origins(notes: Mapping[int, StoredNote], derivations: Iterable[Mapping[str, Any]]) -> dict[int, str]:
    """What the source of each footnote goes back to, as far as three steps from it."""
    parents: dict[int, int] = {}
    sources: dict[int, int] = {}
    for one in derivations:
        sources[one["number"]] = one["source"]
        chain = [one["source"], one["first"], one["second"], one["third"]]
        parents |= {pk: parent for pk, parent in pairwise(chain) if pk and parent}
    return {
        number: f"#{origin_of(sources[number], parents)}" if number in sources else note.slug
        for number, note in notes.items()
    }


def _with_proofs(part: str | Block, text: MarkedText, address: str) -> str:
    """`address` is where a mistake in the first of its sentences is reported."""
    if isinstance(part, str) or not part.sentences:
        return part if isinstance(part, str) else part.html
    numbers = dict.fromkeys(number for sentence in part.sentences for number in sentence.notes)
    notes = [text.notes[number] for number in numbers]
    context = {
        "address": address,
        "sources": [_proof(list(run)) for _slug, run in groupby(notes, key=lambda note: note.slug)],
        "corroborations": [
            Corroboration(", ".join(map(str, sentence.notes)), text.voices_of(sentence))
            for sentence in part.sentences
            if text.voices_of(sentence) > 1
        ],
    }
    return f"{part.html}\n{render_to_string('editorial/_proofs.html', context).strip()}"


def _proof(notes: list[StoredNote]) -> dict[str, Any]:
    """Passages of one source, which is named once."""
    excerpts = [(note.number, trusted(note.excerpt)) for note in notes]
    return {"excerpts": excerpts, "source": trusted(notes[0].source)}


def _finished(text: MarkedText, parts: Iterable[str]) -> str:
    html = _with_voices("".join(parts), text.voices)
    about = render_to_string("catalog/_notes_about.html").strip()
    html = _HEADING.sub(lambda match: f"{match[1]}\n  {about}", html)
    return with_footnotes(html, lambda number, content: _footnote(text, number, content))


def _with_voices(html: str, voices: Mapping[str, int]) -> str:
    """The markers of sentences with how many independent sources these have."""
    words = {count: conditional_escape(voices_in_words(count)) for count in set(voices.values())}

    def counted(match: re.Match[str]) -> str:
        count = voices.get(match[1])
        return match[0] if count is None else f'{match[0]} data-voices="{words[count]}"'

    return re.sub(r'<a id="(ref-\d+-\d+)"', counted, html)


def _footnote(text: MarkedText, number: int, content: str) -> str:
    note = text.notes.get(number)
    if note is None:
        return content
    ways = [_way_back(text, number, use, note.uses) for use in range(1, note.uses + 1)]
    rest = _VOICES.sub("", _BACK.sub("", content)).strip()
    back = render_to_string("catalog/_note_back.html", {"ways": ways}).strip()
    found = corroborations(ways)
    beside = render_to_string("catalog/_note_voices.html", {"corroborations": found}).strip() if found else ""
    context = {"address": f"{text.path}report/?note={number}", "number": number}
    report = render_to_string("editorial/_note_report.html", context).strip()
    return f"\n{back}\n{rest}\n{beside}\n{report}\n"


def _way_back(text: MarkedText, number: int, use: int, of: int) -> WayBack:
    voices = text.voices.get(f"ref-{number}-{use}")
    return WayBack(number, use, of, voices or 0, is_sentence=voices is not None)

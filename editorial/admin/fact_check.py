"""What the page shows on which a text is read and checked: each sentence with all that is known of it.

How a sentence is supported is decided by `editorial.prose.coverage`, what a verdict is bound to by
`editorial.checking`, where a comment stands by `editorial.prose.following`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalog.models import Passage
from catalog.passages import ELLIPSIS
from catalog.workbench import Segment, Span, segments
from editorial.actions import Examined
from editorial.checking import digest_of, held_before, last_words, verdicts_on
from editorial.commenting import Thread, threads_of
from editorial.models import Article, Revision, SentenceVerdict, Step
from editorial.prose.walk import Block, Line, walk

AROUND = 240  # code points of a source that are looked at before and after a passage


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage beside a sentence; `before` and `after` stand around it in its source, "" when not known."""

    key: str
    passage: Passage | None
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Row:
    """A sentence, the number that it has on the page, and its words cut where comments begin and end.

    `verdict` is the last word at the step that waits; `earlier` that of any other step, where it has none.
    """

    number: int
    line: Line
    digest: str
    passages: tuple[Shown, ...]
    verdict: SentenceVerdict | None
    earlier: SentenceVerdict | None
    threads: tuple[Thread, ...]

    @property
    def segments(self) -> list[Segment]:
        line = self.line
        spans = [
            Span(one.comment.pk, max(one.comment.start, line.start) - line.start, end - line.start)
            for one in self.threads
            if (end := min(one.comment.end, line.end)) > max(one.comment.start, line.start)
        ]
        return segments(line.text, spans)


@dataclass(frozen=True)
class Section:
    """A block of the text with its rows; an embedded table with its name instead."""

    block: Block
    rows: tuple[Row, ...]
    name: str = ""


@dataclass(frozen=True)
class Sheet:
    """The page. `unplaced` are open comments on the whole text, or on words that are gone; `held_before` is
    how many sentences have a verdict of an earlier review that can be kept.
    """

    sections: tuple[Section, ...]
    unplaced: tuple[Thread, ...]
    resolved: tuple[Thread, ...]
    held_before: int

    @property
    def rows(self) -> list[Row]:
        return [row for section in self.sections for row in section.rows]

    @property
    def checked(self) -> int:
        return sum(row.verdict is not None for row in self.rows)

    @property
    def wrong(self) -> int:
        return sum(row.verdict is not None and row.verdict.mark == "wrong" for row in self.rows)

    def next_unchecked(self, number: int) -> int:
        """The first sentence after this one that has no verdict, else the first of all, else this one."""
        waiting = [row.number for row in self.rows if row.verdict is None]
        return next((one for one in waiting if one > number), waiting[0] if waiting else number)


def sheet_of(
    article: Article, revision: Revision, examined: Examined, step: Step | None, *, with_sources: bool
) -> Sheet:
    """The newest revision for who reads it; `with_sources` shows the words around each passage.

    Five queries, however long the text is and however much is said of it.
    """
    verdicts = list(verdicts_on(article))
    now = last_words(one for one in verdicts if step is not None and one.step_id == step.pk)
    before = last_words(one for one in verdicts if step is None or one.step_id != step.pk)
    threads = threads_of(article)
    placed = [one for one in threads if one.stands_in(revision)]
    shown = _passages(examined.passages, with_sources=with_sources)
    blocks = walk(revision.content, examined.coverage)
    beside = _beside([line for block in blocks for line in block.lines], placed)
    sections, number = [], 0
    for block in blocks:
        rows = []
        for line in block.lines:
            number += 1
            digest = digest_of(line, examined.evidence)
            rows.append(
                Row(
                    number,
                    line,
                    digest,
                    tuple(shown.get(key, Shown(key, None)) for key in line.passages),
                    now.get(digest),
                    None if digest in now else before.get(digest),
                    tuple(beside.get(line.start, ())),
                )
            )
        embed = examined.embeds.get(block.embed)
        sections.append(Section(block, tuple(rows), getattr(embed, "title", "") or block.embed))
    here = {thread.comment.pk for thread in placed}
    digests = dict.fromkeys(row.digest for section in sections for row in section.rows)
    return Sheet(
        tuple(sections),
        tuple(one for one in threads if one.comment.pk not in here and one.comment.resolved_at is None),
        tuple(one for one in threads if one.comment.resolved_at is not None),
        0 if step is None else len(held_before(verdicts, step, digests)),
    )


def _beside(lines: list[Line], threads: Iterable[Thread]) -> dict[int, list[Thread]]:
    """Threads by the start of the sentence that they stand beside: the first that they touch."""
    found: dict[int, list[Thread]] = {}
    for thread in sorted(threads, key=lambda one: one.comment.start):
        line = next((one for one in lines if one.end > thread.comment.start), lines[-1] if lines else None)
        if line is not None:
            found.setdefault(line.start, []).append(thread)
    return found


def _passages(passages: Mapping[str, Passage], *, with_sources: bool) -> dict[str, Shown]:
    around: dict[int, tuple[str, str]] = {}
    if with_sources and passages:
        pks = [passage.pk for passage in passages.values()]
        rows = Passage.objects.filter(pk__in=pks).with_surroundings(AROUND)
        around = {
            pk: (before or "", after or "") for pk, before, after in rows.values_list("pk", "before", "after")
        }
    return {
        key: Shown(key, passage, *_paragraph(*around.get(passage.pk, ("", ""))))
        for key, passage in passages.items()
    }


def _paragraph(before: str, after: str) -> tuple[str, str]:
    """Of the words around a passage those of its paragraph; none that was cut in two at the outer ends."""
    first, last = before.rpartition("\n\n")[2], after.partition("\n\n")[0]
    if len(first) == AROUND:
        first = ELLIPSIS + first.partition(" ")[2]
    if len(last) == AROUND:
        last = last.rpartition(" ")[0] + ELLIPSIS
    return first, last

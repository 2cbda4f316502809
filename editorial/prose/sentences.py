"""Where the sentences of a text begin and end.

`sentencex` finds candidates line by line; the rules here mend what it splits too much (“Ep. 3”,
“13. Februar”, “n.º 5”) and what it leaves together (“in the U.K. Netflix ordered it.”, whole sentences
between two apostrophes). Where a full stop can be read both ways, it ends the sentence: one too many asks
the writer for a citation, one too few would let an unsupported one through. Kept whole on purpose: short
quotations, and what goes on in lower case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import sentencex

from editorial.prose.abbreviations import RULES, Rules

# Quotes and brackets, as far as they are no apostrophes inside a word. sentencex takes whatever stands
# between two of them for one sentence, so it gets to see spaces instead.
_PAIRED = re.compile(r"[“”„‟«»\"()\[\]{}‹›‚‛]|(?<!\w)['‘’]|['‘’](?!\w)")
_CLOSERS = "\"'“”’»›«)\\]}"
_OPENERS = "\"'“„‘‚«»‹([{¿¡—–-"
_TRAILING = re.compile(rf"[{_CLOSERS}]*(?=\s|$)|[\"'”’)\]}}]*")
_CANDIDATE = re.compile(rf"[.!?…][{_CLOSERS}]*(?=\s+[{re.escape(_OPENERS)}]*[^\W\d_])")
_WORD = re.compile(r"\w[\w’'-]*")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_NUMERAL = re.compile(r"\d|[IVXLC]{2,}\b")
_ENUMERATOR = re.compile(r"\W*(?:\d{1,2}|[a-z])[.)]")
_NEXT_ITEM = re.compile(r"[a-z]\)")
_INITIALS = re.compile(r"\W*(?:[^\W\d_]\.\s*)+")
_ORDINAL = re.compile(r"(?<![\d.,])\d{1,2}\.$")
_ATTRIBUTION = re.compile(
    r"(?:[A-Z][\w.’'-]*\s){1,3}(?:said|says|asked|asks|added|adds|replied|joked)(?:[.!]|\s*$)"
)
_LAST_WORDS = 16  # as long as the longest abbreviation with what stands around it


def split(text: str, language: str) -> list[tuple[int, int]]:
    """The sentences as spans of code points, in order, without the white space around them.

    Every character that is no white space is in exactly one span; a line break always ends a sentence.
    Rules exist for English, German and Spanish; an unknown or blank language is read as English.
    """
    base = re.split("[-_]", language.strip().lower(), maxsplit=1)[0]
    spans = []
    start = 0
    for line in text.splitlines(keepends=True):
        for first, last in _line(line, base):
            spans.append((start + first, start + last))
        start += len(line)
    return spans


def is_claim(text: str) -> bool:
    """Whether there is a letter or a digit in it, so that it can say something."""
    return _LETTER_OR_DIGIT.search(text) is not None


def _line(line: str, language: str) -> Iterator[tuple[int, int]]:
    rules = RULES.get(language, RULES["en"])
    proposed = _proposed(line, language or "en")
    candidates = {match.end() for match in _CANDIDATE.finditer(line)}
    quoted = [match.span() for match in rules.quotes.finditer(line)]
    start = 0
    for end in sorted(proposed | candidates):
        if any(first < end < last for first, last in quoted):
            continue
        if _ends_sentence(line[start:end], line[end:].lstrip(), end in proposed, rules):
            yield _trimmed(line, start, end)
            start = end
    if line[start:].strip():
        yield _trimmed(line, start, len(line))


def _proposed(line: str, language: str) -> set[int]:
    """Where sentencex would end a sentence, behind the quotes and brackets that close there."""
    masked = _PAIRED.sub(" ", line)
    ends = set()
    for boundary in sentencex.get_sentence_boundaries(language, masked):
        end = len(masked[: boundary["end_index"]].rstrip())
        trailing = _TRAILING.match(line, end)
        ends.add(trailing.end() if trailing else end)
    return ends


def _ends_sentence(left: str, right: str, proposed: bool, rules: Rules) -> bool:
    """Whether a sentence ends between `left` (all of it so far) and `right` (the rest of the line)."""
    if not is_claim(left) or not is_claim(right) or right[0] in "ºª" or _ENUMERATOR.fullmatch(left):
        return False
    head = right.lstrip(_OPENERS)
    match = _WORD.match(head)
    word = match[0] if match else ""
    if _NEXT_ITEM.match(head):
        return True
    if word.islower():
        return False
    last = left[-_LAST_WORDS:].rstrip("\"'“”’»›«)]}")
    if rules.numbers.search(last):
        return not _NUMERAL.match(head) and (proposed or not re.search(r"\b\w\.$", last))
    starts = word in rules.starters
    if rules.joins.search(last) or (rules.titles.search(last) and not starts):
        return False
    if rules.ends.search(last):
        return word not in rules.ends_not_before
    if _ORDINAL.search(last) and word in rules.ordinals_before:
        # “… hat 10. Staffel 2 …”: what carries a number of its own is not counted by this one.
        return bool(re.match(r"(?:Staffel|Folge|Episode|Kapitel|Teil|Season)\s\d", head))
    if _INITIALS.fullmatch(left) and not starts:
        return False
    if left[-1] in '"”’“»' and _ATTRIBUTION.match(right):
        return False
    return proposed or starts or not last.endswith(".")


def _trimmed(line: str, start: int, end: int) -> tuple[int, int]:
    part = line[start:end]
    return end - len(part.lstrip()), start + len(part.rstrip())

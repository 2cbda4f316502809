"""Lining up two texts: which words of the old one are which words of the new one.

The longest common subsequence of folded word tokens (`rapidfuzz.distance.Indel`, Hyyrö 2004), with two
corrections. A few common words amid text that was rewritten are not taken for the same words. And where
an insertion or a deletion could lie in several places, it lies at a break between paragraphs, lines or
sentences. Texts too large to compare at once are first lined up at runs of words that stand once in each
(patience diff). What this says about passages is decided by `catalog.anchoring`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz.distance import Indel

from catalog.folding import fold

# A number with its separators is one word, so that "8" does not stand in "8.5"; scripts that write
# without spaces give one token for each character.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
_TOKEN = re.compile(rf"\d+(?:[.,:]\d+)+|[{_UNSPACED}]|[^\W{_UNSPACED}]+|[^\w\s]")
_SHINGLE = 6  # tokens that must stand once in both texts to line up first
_CHANCE = 3  # a run this many times shorter than what changed on both sides of it is chance
_SLIDE = 500  # tokens that an insertion or deletion may slide
_CELLS = 800_000_000  # old tokens × new tokens that are compared at once: 100 MB of bits

Run = tuple[int, int, int]  # old token, new token, how many are equal from there


class Tokens:
    """The word tokens of a text. Offsets are those of the folded text, unless they are called raw."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.folded = fold(raw)
        self.text = self.folded.text
        self.words: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        for match in _TOKEN.finditer(self.text):
            self.words.append(match[0])
            self.starts.append(match.start())
            self.ends.append(match.end())

    def visible(self, start: int, end: int) -> tuple[int, int]:
        """The span of raw `[start:end]` without white space around it. Raises ValueError for none."""
        first = bisect_right(self.folded.ends, start)
        last = bisect_left(self.folded.starts, end)
        words = self.text[first:last]
        if not 0 <= start < end <= len(self.raw) or not words.strip():
            raise ValueError(f"[{start}:{end}] is no passage of a text of {len(self.raw)} code points")
        first += len(words) - len(words.lstrip())
        return first, first + len(words.strip())

    def cuts(self, offset: int) -> bool:
        """Whether `offset` lies within a word."""
        index = bisect_right(self.starts, offset) - 1
        return index >= 0 and self.starts[index] < offset < self.ends[index]

    def edges(self, low: int, high: int, *, ends: bool, inside: bool) -> Sequence[int]:
        """Where a passage may start (or end) within `[low:high]`: at words, or `inside` them too."""
        if inside:
            return range(low, high + 1)
        offsets = self.ends if ends else self.starts
        return offsets[bisect_left(offsets, low) : bisect_right(offsets, high)]

    def break_before(self, index: int) -> int:
        """How strong the break before token `index` is: 4 paragraph, 3 line, 2 sentence, 1 clause, 0 none."""
        if index in (0, len(self.words)):
            return 4
        before = self.words[index - 1]
        between = self.raw[
            self.folded.ends[self.ends[index - 1] - 1] : self.folded.starts[self.starts[index]]
        ]
        if "\n" in between:
            return min(2 + between.count("\n"), 4)
        if not between:
            return 0
        return 2 if before in ".!?" else int(before in ",;:-|)")


class Alignment:
    """Which tokens of `old` are which tokens of `new`, and what that says about a span of `old`."""

    def __init__(self, old: Tokens, new: Tokens, runs: list[Run]) -> None:
        self.old = old
        self.new = new
        self.runs = runs
        self._firsts = [run[0] for run in runs]

    def solid(self, first: int, last: int) -> Iterator[tuple[int, int, int, int]]:
        """The parts of old `[first:last]` that line up: old start and end, new start and end."""
        old, new = self.old, self.new
        begin, stop = self._tokens(first, last)
        index = max(bisect_right(self._firsts, begin) - 1, 0)
        for i, j, size in self.runs[index:]:
            if i >= stop:
                return
            low, high = max(i, begin), min(i + size, stop) - 1
            if low <= high:
                lead = max(first - old.starts[low], 0)
                rest = max(old.ends[high] - last, 0)
                shift = j - i
                yield (
                    old.starts[low] + lead,
                    old.ends[high] - rest,
                    new.starts[low + shift] + lead,
                    new.ends[high + shift] - rest,
                )

    def room(self, first: int, last: int) -> tuple[int, int]:
        """The part of new between the nearest words that line up before and after old `[first:last]`."""
        begin, stop = self._tokens(first, last)
        low, high = 0, len(self.new.text)
        index = bisect_left(self._firsts, begin) - 1
        if index >= 0:
            i, j, size = self.runs[index]
            low = self.new.ends[j + min(size, begin - i) - 1]
        index = max(bisect_left(self._firsts, stop) - 1, 0)
        for i, j, size in self.runs[index : index + 2]:
            if i + size > stop:
                high = self.new.starts[j + max(stop - i, 0)]
                break
        return low, high

    def _tokens(self, first: int, last: int) -> tuple[int, int]:
        """The old tokens that `[first:last]` touches, the second exclusive."""
        return bisect_right(self.old.ends, first), bisect_left(self.old.starts, last)


def align(old: Tokens, new: Tokens) -> Alignment:
    """Line up two texts. Time and memory are bounded: parts too large to compare do not line up."""
    runs = _joined(_equal_runs(old.words, new.words))
    runs = _gathered(old, new, _without_chance(old, new, runs))
    return Alignment(old, new, _slid(old, new, runs))


def _equal_runs(old: list[str], new: list[str]) -> Iterator[Run]:
    """Runs of equal tokens in order: what both texts begin with, anchors and what lies between, the end."""
    shortest = min(len(old), len(new))
    head = next((k for k in range(shortest) if old[k] != new[k]), shortest)
    rest = shortest - head
    tail = next((k for k in range(rest) if old[-1 - k] != new[-1 - k]), rest)
    i = j = head
    yield 0, 0, head
    end = len(old) - tail, len(new) - tail, tail
    large = (end[0] - i) * (end[1] - j) > _CELLS
    anchors = _anchors(old[head : end[0]], new[head : end[1]], head) if large else []
    for anchor in (*anchors, end):
        # Anchors on different diagonals may share tokens: the first has them.
        shared = max(i - anchor[0], j - anchor[1], 0)
        to_i, to_j, size = anchor[0] + shared, anchor[1] + shared, anchor[2] - shared
        if size < 0 or (size == 0 and anchor is not end):
            continue
        if 0 < (to_i - i) * (to_j - j) <= _CELLS:
            for part in Indel.opcodes(old[i:to_i], new[j:to_j]):
                if part.tag == "equal":
                    yield i + part.src_start, j + part.dest_start, part.src_end - part.src_start
        yield to_i, to_j, size
        i, j = to_i + size, to_j + size


def _anchors(old: list[str], new: list[str], offset: int) -> list[Run]:
    """The longest chain, in the order of both texts, of shingles that stand once in each."""
    places = _unique_shingles(new)
    pairs = [(i, places[shingle]) for shingle, i in _unique_shingles(old).items() if shingle in places]
    lows: list[int] = []
    tops: list[int] = []
    parents: list[int] = []
    for number, (_, j) in enumerate(pairs):
        depth = bisect_left(lows, j)
        parents.append(tops[depth - 1] if depth else -1)
        lows[depth : depth + 1] = [j]
        tops[depth : depth + 1] = [number]
    chain: list[Run] = []
    number = tops[-1] if tops else -1
    while number >= 0:
        i, j = pairs[number]
        chain.append((offset + i, offset + j, _SHINGLE))
        number = parents[number]
    return chain[::-1]


def _unique_shingles(words: list[str]) -> dict[tuple[str, ...], int]:
    """Every sequence of tokens that stands once, and where, in order."""
    places: dict[tuple[str, ...], int] = {}
    for index, shingle in enumerate(zip(*(words[k:] for k in range(_SHINGLE)), strict=False)):
        places[shingle] = -1 if shingle in places else index
    return {shingle: index for shingle, index in places.items() if index >= 0}


def _joined(runs: Iterable[Run]) -> list[Run]:
    """The runs without empty ones, those that touch in both texts made one."""
    joined: list[Run] = []
    for i, j, size in runs:
        if joined and (joined[-1][0] + joined[-1][2], joined[-1][1] + joined[-1][2]) == (i, j):
            joined[-1] = (*joined[-1][:2], joined[-1][2] + size)
        elif size:
            joined.append((i, j, size))
    return joined


def _without_chance(old: Tokens, new: Tokens, runs: list[Run]) -> list[Run]:
    """The runs without those that are far shorter than what was rewritten on both sides of them."""

    def rewritten(left: Run, right: Run) -> int:
        """Folded characters between two runs, in the text that has more of them."""
        return max(
            _length(old, left[0] + left[2], right[0]),
            _length(new, left[1] + left[2], right[1]),
        )

    kept: list[Run] = []
    begin, end = (0, 0, 0), (len(old.words), len(new.words), 0)
    for run, after in zip(runs, [*runs, end][1:], strict=True):
        kept.append(run)
        # What is dropped makes the gap larger, in which the one before may be chance as well.
        while kept:
            before = kept[-2] if len(kept) > 1 else begin
            size = _length(old, kept[-1][0], kept[-1][0] + kept[-1][2])
            if _CHANCE * size > min(rewritten(before, kept[-1]), rewritten(kept[-1], after)):
                break
            kept.pop()
    return kept


def _length(tokens: Tokens, first: int, last: int) -> int:
    return tokens.ends[last - 1] - tokens.starts[first] if first < last else 0


def _gathered(old: Tokens, new: Tokens, runs: list[Run]) -> list[Run]:
    """The runs with those moved to another copy of their words that make one edit of the two beside them."""
    gathered = [(0, 0, 0), *runs, (len(old.words), len(new.words), 0)]
    for index in range(1, len(gathered) - 1):
        before, run, after = gathered[index - 1 : index + 2]
        size = run[2]
        moved = list(run[:2])
        for side, words in enumerate((old.words, new.words)):
            low, here, high = before[side] + before[2], run[side], after[side] - size
            if low < here < high:
                copies = (at for at in (high, low) if words[at : at + size] == words[here : here + size])
                moved[side] = next(copies, here)
        gathered[index] = (moved[0], moved[1], size)
    return _joined(gathered)


def _slid(old: Tokens, new: Tokens, runs: list[Run]) -> list[Run]:
    """The runs with each pure insertion or deletion between two of them where the breaks are strongest."""
    slid = runs[:1]
    for i, j, size in runs[1:]:
        left_i, left_j, left_size = slid[-1]
        gap_i, gap_j = left_i + left_size, left_j + left_size
        by = 0
        if gap_j == j:
            by = _best_slide(old, gap_i, i, left_size, size)
        elif gap_i == i:
            by = _best_slide(new, gap_j, j, left_size, size)
        slid[-1] = (left_i, left_j, left_size + by)
        slid.append((i + by, j + by, size - by))
    return [run for run in slid if run[2]]


def _best_slide(tokens: Tokens, start: int, end: int, left: int, right: int) -> int:
    """By how many tokens the inserted `[start:end]` should slide: at most `left` down or `right` up."""
    words = tokens.words
    down = up = 0
    while down < min(left, _SLIDE) and words[start - 1 - down] == words[end - 1 - down]:
        down += 1
    while up < min(right, _SLIDE) and words[start + up] == words[end + up]:
        up += 1

    def fitness(by: int) -> tuple[int, int]:
        # One that uses up its neighbour makes one edit of two.
        whole = by in (-left, right)
        return tokens.break_before(start + by) + tokens.break_before(end + by) + whole, -abs(by)

    return max(range(-down, up + 1), key=fitness)

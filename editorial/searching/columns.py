"""What of an entry is indexed: four columns of words, each word at its place.

| column | holds | weight in PostgreSQL |
| --- | --- | --- |
| title | the words of the title and of other names | A |
| title_stems | their stems | B |
| text | every other word | C |
| text_stems | their stems | D |

Words as they are written serve phrases and what is being typed, stems serve all else. SQLite gets the
columns as texts, PostgreSQL all four as one `tsvector`, where a stem begins with `=`: a word that is its own
stem would else be kept once. Both know the same words at the same places.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from editorial.searching.words import keys_of, stem

# PostgreSQL keeps 255 places of a word, in title and text together, and none beyond 16,383.
PLACES = 120
LAST_PLACE = 16_000
GAP = "·"  # stands where a word is not indexed, and between names: no phrase goes over it
STEM = "="  # begins a stem in PostgreSQL
WEIGHTS = {"title": "A", "title_stems": "B", "text": "C", "text_stems": "D"}


@dataclass(frozen=True, slots=True)
class Columns:
    title: tuple[str, ...]
    title_stems: tuple[str, ...]
    text: tuple[str, ...]
    text_stems: tuple[str, ...]

    @property
    def words(self) -> set[str]:
        """Every word as it is written."""
        return {*self.title, *self.text} - {GAP}

    @property
    def stems(self) -> set[str]:
        return {*self.title_stems, *self.text_stems} - {GAP}


def columns_of(names: Iterable[str], texts: Iterable[str], language: str) -> Columns:
    """The columns of an entry with these names, the title first, and these texts, in this language."""
    title = _joined(names, LAST_PLACE // 8)
    text = _joined(texts, LAST_PLACE - len(title))
    return Columns(
        title,
        _seldom(_stemmed(title, language)),
        text,
        _seldom(_stemmed(text, language)),
    )


def sqlite_row(columns: Columns) -> tuple[str, str, str, str]:
    """The four texts for FTS5 with its tokenizer `ascii`, which parts at our spaces and nowhere else."""
    row = (columns.title, columns.title_stems, columns.text, columns.text_stems)
    return tuple(" ".join(words) for words in row)  # type: ignore[return-value]


def postgres_vector(columns: Columns) -> str:
    """All four as the text of a `tsvector`. Stems stand where their words do."""
    places: dict[str, list[str]] = defaultdict(list)
    after = len(columns.title) + 2
    for name, begins in (("title", 1), ("title_stems", 1), ("text", after), ("text_stems", after)):
        for place, word in enumerate(getattr(columns, name), start=begins):
            if word != GAP:
                places[f"{STEM if name.endswith('_stems') else ''}{word}"].append(f"{place}{WEIGHTS[name]}")
    return " ".join(f"'{word}':{','.join(found)}" for word, found in places.items())


def _joined(texts: Iterable[str], longest: int) -> tuple[str, ...]:
    words: list[str] = []
    for text in texts:
        keys = keys_of(text)
        words += [GAP, *keys] if words and keys else keys
    return _seldom(words[:longest])


def _stemmed(words: Iterable[str], language: str) -> Iterator[str]:
    return (word if word == GAP else stem(word, language) for word in words)


def _seldom(words: Iterable[str]) -> tuple[str, ...]:
    """The words, with a gap for each beyond the places that are kept of one."""
    seen: Counter[str] = Counter()
    kept = []
    for word in words:
        seen[word] += 1
        kept.append(word if seen[word] <= PLACES else GAP)
    return tuple(kept)

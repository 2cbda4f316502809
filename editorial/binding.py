"""What an approval is bound to besides the text: every cited passage and everything embedded, hashed.

A passage counts by its words and by whether they stand in the source (a text that comes to this machine
changes neither); a table or timeline by everything that readers would see of it, in the article's language;
a photo by its file, its alternative text, its caption and its credit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from catalog.footnotes import Evidence as Shown
from catalog.models import Decision, Passage, Source
from editorial.prose.coverage import Coverage
from editorial.prose.embeds import Embed, Figure

Evidence = Mapping[str, str]  # a passage's key or an embed's key -> the hash of what it says


def evidence_of(
    coverage: Coverage, passages: Mapping[str, Passage], embeds: Mapping[str, Embed]
) -> dict[str, str]:
    """The evidence of a text, from what `editorial.actions.examine` gives. What is missing hashes as gone."""
    cited = {key: _of_passage(passages.get(key)) for key in coverage.passages}
    return cited | {key: _of_embed(embeds.get(key)) for key in coverage.embeds}


def passages_now(keys: Iterable[str]) -> dict[str, str]:
    """What the passages of these keys say now, as in an evidence. One light query, for many texts at once."""
    wanted = set(keys)
    rows = Passage.objects.filter(source__slug__in={key.rpartition("#")[0] for key in wanted})
    found = {}
    for slug, number, sha256, state in rows.order_by().values_list(
        "source__slug", "number", "sha256", "state"
    ):
        if (key := f"{slug}#{number}") in wanted:
            found[key] = _of_words(sha256, state in Passage.SUPPORTING)
    return dict.fromkeys(wanted, "gone") | found


def is_passage(key: str) -> bool:
    """Whether a key of an evidence names a passage; the others name tables."""
    return "#" in key


def evidence_hash(evidence: Evidence) -> str:
    """SHA-256 of the evidence's canonical JSON."""
    return _hash(dict(evidence))


@dataclass(frozen=True, slots=True)
class Drift:
    """What moved since an approval: the text itself, or these passages and embeds."""

    text: bool
    evidence: tuple[str, ...]

    def __bool__(self) -> bool:
        return self.text or bool(self.evidence)


def drift(approved_content: str, approved: Evidence, content: str, now: Evidence) -> Drift:
    """What moved between an approval (content hash, evidence) and now."""
    moved = sorted(key for key in approved.keys() | now.keys() if approved.get(key) != now.get(key))
    return Drift(approved_content != content, tuple(moved))


def _of_passage(passage: Passage | None) -> str:
    return "gone" if passage is None else _of_words(passage.sha256, passage.supports)


def _of_words(sha256: str, supports: bool) -> str:
    return _hash([sha256, supports])


def _of_embed(embed: Embed | None) -> str:
    return "gone" if embed is None else _hash(_plain(embed))


def _plain(value: Any) -> Any:
    """The value as JSON has it. Of a footnote only the passage counts: its excerpt may be shortened."""
    if isinstance(value, Shown):
        return value.key
    if isinstance(value, Source):
        return [value.slug, value.title, value.publisher, str(value.published or "")]
    if isinstance(value, Decision):
        return [value.value, value.reason]
    if isinstance(value, Figure):
        return [value.file, value.alt, value.caption, value.credit]
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _hash(value: Any) -> str:
    canonical = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()

"""Which sentences of a text were checked at a step of its review, and what each verdict is bound to.

A verdict is bound to a digest: the SHA-256 of the sentence, of why it is no claim, and of each passage that
supports it with the hash of its words and whether they stand in their source (`editorial.binding`). So it
holds in later revisions as long as neither words nor passages change, and is asked for again when one does;
sentences that say the same and rest on the same share it. The last word at a step counts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models

from editorial.binding import Evidence
from editorial.models import Article, SentenceVerdict, Step
from editorial.prose.coverage import Coverage
from editorial.prose.walk import Line, walk

WRONG = SentenceVerdict.Mark.WRONG


def digest_of(line: Line, evidence: Evidence) -> str:
    """What a verdict on this sentence is bound to."""
    rests_on = sorted((key, evidence.get(key, "gone")) for key in line.passages)
    canonical = json.dumps(
        [line.text, line.reason, rests_on], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def digests_of(content: Mapping[str, Any], coverage: Coverage, evidence: Evidence) -> dict[str, Line]:
    """The sentences of a text by their digests, in order; of those that say the same, the first."""
    found: dict[str, Line] = {}
    for block in walk(content, coverage):
        for line in block.lines:
            found.setdefault(digest_of(line, evidence), line)
    return found


def verdicts_on(article: Article) -> models.QuerySet:
    """Everything that was said on the sentences of an article, at every step, oldest first."""
    verdicts = SentenceVerdict.objects.filter(step__submission__article=article)
    return verdicts.select_related("user", "step", "revision").defer("revision__content").order_by("at", "pk")


def last_words(verdicts: Iterable[SentenceVerdict]) -> dict[str, SentenceVerdict]:
    """The last of these verdicts on each sentence, by its digest. They must come oldest first."""
    return {verdict.sentence_sha256: verdict for verdict in verdicts}


def still_wrong(
    verdicts: Iterable[SentenceVerdict], digests: Iterable[str], user: AbstractBaseUser | None = None
) -> list[SentenceVerdict]:
    """What of a text does not hold, in its order: by the last word on a sentence, or by that of `user`.

    `verdicts` are those of one step, oldest first; `digests` are the sentences that stand.
    """
    verdicts = list(verdicts)
    last = last_words(verdicts)
    own = last_words(one for one in verdicts if user is not None and one.user_id == user.pk)
    found = []
    for digest in digests:
        words = (own.get(digest), last.get(digest))
        found += [one for one in words if one is not None and one.mark == WRONG][:1]
    return found


def held_before(
    verdicts: Iterable[SentenceVerdict], step: Step, digests: Iterable[str]
) -> list[SentenceVerdict]:
    """What an earlier review said at the step of this name on sentences that stand: those that held, that
    nobody doubted since, and that this step has no word on. `verdicts` are as from `verdicts_on`.
    """
    verdicts = list(verdicts)
    now = last_words(one for one in verdicts if one.step_id == step.pk)
    last = last_words(verdicts)
    earlier = last_words(
        one for one in verdicts if one.step.name == step.name and one.step.submission_id != step.submission_id
    )
    return [
        earlier[digest]
        for digest in digests
        if digest in earlier and digest not in now and WRONG not in (earlier[digest].mark, last[digest].mark)
    ]


def as_comment(wrong: Iterable[SentenceVerdict]) -> str:
    """The wrong sentences as the beginning of what is written to whoever has to change them."""
    return "\n".join(f"“{verdict.sentence}” {verdict.comment}" for verdict in wrong)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of a text's sentences have a verdict at a step, and what does not hold."""

    checked: int
    sentences: int
    wrong: tuple[SentenceVerdict, ...]


def progress(step: Step, content: Mapping[str, Any], coverage: Coverage, evidence: Evidence) -> Progress:
    """How far the text is checked at this step. One query."""
    verdicts = list(step.verdicts.order_by("at", "pk"))
    known = last_words(verdicts)
    digests = [digest_of(line, evidence) for block in walk(content, coverage) for line in block.lines]
    wrong = still_wrong(verdicts, dict.fromkeys(digests))
    return Progress(sum(digest in known for digest in digests), len(digests), tuple(wrong))

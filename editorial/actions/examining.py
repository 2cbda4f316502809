"""What an article leans on, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from catalog.models import Passage
from editorial import checks
from editorial.binding import evidence_of
from editorial.drafts import Draft, draft_in, draft_of
from editorial.embeds import figures, load_photos, load_tables
from editorial.models import Article, Revision
from editorial.problems import Problem
from editorial.prose.coverage import cover


@dataclass(frozen=True)
class Examined(checks.Text):
    """A text with the passages, tables and photos that it names, as far as they exist."""

    @property
    def body(self) -> str:
        return self.draft.body

    @property
    def language(self) -> str:
        return self.draft.language

    @cached_property
    def evidence(self) -> Mapping[str, str]:
        """As `editorial.binding.evidence_of`."""
        return evidence_of(self.coverage, self.passages, self.embeds)

    @cached_property
    def problems(self) -> list[Problem]:
        """Everything that is wrong with it, looked for when somebody first asks."""
        return checks.problems_of(self)


def examine_revision(article: Article, revision: Revision) -> Examined:
    """Everything that a decision on this revision rests on."""
    return examine_draft(article, draft_in(article, revision))


def examine(article: Article) -> Examined:
    """The same for the article as it stands."""
    return examine_draft(article, draft_of(article))


def examine_draft(article: Article, draft: Draft) -> Examined:
    """The same for everything that is being written of an article."""
    coverage = cover(draft.body, draft.language)
    pictures = load_photos(coverage.photos)
    embeds = load_tables(coverage.embeds, language=draft.language) | figures(pictures)
    passages = Passage.objects.by_key(set(coverage.passages))
    return Examined(article, draft, coverage, passages, embeds, pictures)


def problems_of(article: Article) -> list[Problem]:
    """What is wrong with the article as it stands."""
    return examine(article).problems

"""How a revision looks now, kept before the catalog moves on."""

from __future__ import annotations

from django.utils import timezone

from catalog.evidence import evidence_of
from catalog.models import Passage
from editorial.embeds import load_embeds
from editorial.models import Rendering, Revision
from editorial.prose.compile import compile_as_it_stands
from editorial.prose.document import parse


def keep_rendering(revision: Revision) -> None:
    """Keep what a revision that was just saved looks like, if it embeds anything: the rest of a text never
    looks otherwise.
    """
    if parse(revision.content["body"]).embeds:
        Rendering.objects.create(revision=revision, html=rendered(revision), at=timezone.now())


def rendered(revision: Revision) -> str:
    """The HTML of a revision with the catalog as it is now. What the text lacks is named in its place."""
    body, language = revision.content["body"], revision.content["language"]
    document = parse(body)
    passages = Passage.objects.by_key(set(document.passages))
    compiled = compile_as_it_stands(
        body,
        language=language,
        evidence={key: evidence_of(passage) for key, passage in passages.items()},
        embeds=load_embeds(document.embeds, language=language),
    )
    return str(compiled.html)

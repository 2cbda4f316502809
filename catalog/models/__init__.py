from catalog.models.cast import CastEntry, CastStatus, CrewCredit, CrewJob
from catalog.models.citations import Citation, Stance
from catalog.models.people import Alias, AliasKind, Character, EarlierWork, Person
from catalog.models.photos import Photo
from catalog.models.screen import Episode, Season, SeasonStatus, Series, SeriesRelation
from catalog.models.sources import (
    EXCERPT_WORDS,
    CaptureMethod,
    Passage,
    PassageState,
    Snapshot,
    Source,
    SourceKind,
)
from catalog.models.statements import Statement

__all__ = [
    "EXCERPT_WORDS",
    "Alias",
    "AliasKind",
    "CaptureMethod",
    "CastEntry",
    "CastStatus",
    "Character",
    "Citation",
    "CrewCredit",
    "CrewJob",
    "EarlierWork",
    "Episode",
    "Passage",
    "PassageState",
    "Person",
    "Photo",
    "Season",
    "SeasonStatus",
    "Series",
    "SeriesRelation",
    "Snapshot",
    "Source",
    "SourceKind",
    "Stance",
    "Statement",
]

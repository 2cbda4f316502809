from catalog.models.availability import Availability
from catalog.models.cast import CastEntry, CastStatus, CrewCredit, CrewJob
from catalog.models.citations import Citation, Stance
from catalog.models.decisions import Decision
from catalog.models.former import FormerAddress
from catalog.models.people import Alias, AliasKind, Character, EarlierWork, Person
from catalog.models.photos import Photo
from catalog.models.recaptures import Outcome, Reanchoring, Recapture, Resolution
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
from catalog.models.watch import VerificationRun

__all__ = [
    "EXCERPT_WORDS",
    "Alias",
    "AliasKind",
    "Availability",
    "CaptureMethod",
    "CastEntry",
    "CastStatus",
    "Character",
    "Citation",
    "CrewCredit",
    "CrewJob",
    "Decision",
    "EarlierWork",
    "Episode",
    "FormerAddress",
    "Outcome",
    "Passage",
    "PassageState",
    "Person",
    "Photo",
    "Reanchoring",
    "Recapture",
    "Resolution",
    "Season",
    "SeasonStatus",
    "Series",
    "SeriesRelation",
    "Snapshot",
    "Source",
    "SourceKind",
    "Stance",
    "Statement",
    "VerificationRun",
]

from collections.abc import Mapping

from catalog.resources.base import TableResource, TableResult
from catalog.resources.decisions import DecisionResource, RecaptureResource
from catalog.resources.known import Known
from catalog.resources.people import (
    AliasResource,
    CharacterResource,
    EarlierWorkResource,
    PersonResource,
    StatementResource,
)
from catalog.resources.photos import PhotoResource
from catalog.resources.screen import (
    AvailabilityResource,
    CastResource,
    CrewResource,
    EpisodeResource,
    SeasonResource,
    SeriesResource,
)
from catalog.resources.sources import CitationResource, PassageResource, SnapshotResource, SourceResource
from catalog.resources.tables import RowProblem, Table

# In the order in which each finds what it names; photos last, because they write files.
TABLES: Mapping[str, type[TableResource]] = {
    "series.csv": SeriesResource,
    "seasons.csv": SeasonResource,
    "episodes.csv": EpisodeResource,
    "people.csv": PersonResource,
    "characters.csv": CharacterResource,
    "aliases.csv": AliasResource,
    "earlier_works.csv": EarlierWorkResource,
    "cast.csv": CastResource,
    "crew.csv": CrewResource,
    "statements.csv": StatementResource,
    "availability.csv": AvailabilityResource,
    "sources.csv": SourceResource,
    "snapshots.csv": SnapshotResource,
    "passages.csv": PassageResource,
    "citations.csv": CitationResource,
    "decisions.csv": DecisionResource,
    "recaptures.csv": RecaptureResource,
    "photos.csv": PhotoResource,
}

__all__ = [
    "TABLES",
    "AliasResource",
    "AvailabilityResource",
    "CastResource",
    "CharacterResource",
    "CitationResource",
    "CrewResource",
    "DecisionResource",
    "EarlierWorkResource",
    "EpisodeResource",
    "Known",
    "PassageResource",
    "PersonResource",
    "PhotoResource",
    "RecaptureResource",
    "RowProblem",
    "SeasonResource",
    "SeriesResource",
    "SnapshotResource",
    "SourceResource",
    "StatementResource",
    "Table",
    "TableResource",
    "TableResult",
]

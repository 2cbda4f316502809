"""A resource of cast entries as the documentation of django-import-export shows it; needs Django set up."""

from __future__ import annotations

from import_export import fields, resources
from import_export.widgets import ForeignKeyWidget

from catalog.models import CastEntry, Character, Episode, Person, Season


class InSeries(ForeignKeyWidget):
    """A record that has its key within the series of the row."""

    def __init__(self, model: type, field: str, within: dict[str, str]) -> None:
        super().__init__(model, field)
        self.within = within

    def get_queryset(self, value, row, *args, **kwargs):
        return self.model.objects.filter(**{path: row[column] for path, column in self.within.items()})


class StockCast(resources.ModelResource):
    series = fields.Field("season__series__slug", "series", readonly=True)
    season = fields.Field("season", "season", InSeries(Season, "number", {"series__slug": "series"}))
    episode = fields.Field(
        "episode",
        "episode",
        InSeries(Episode, "number", {"season__series__slug": "series", "season__number": "season"}),
    )
    person = fields.Field("person", "person", ForeignKeyWidget(Person, "slug"))
    character = fields.Field(
        "character", "character", InSeries(Character, "slug", {"series__slug": "series"})
    )

    class Meta:
        model = CastEntry
        import_id_fields = ["season", "episode", "person", "character"]
        fields = (
            *("series", "season", "episode", "person", "character"),
            *("billed_as", "position", "status", "status_as_of", "note"),
        )

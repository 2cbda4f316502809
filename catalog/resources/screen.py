"""Tables of series, seasons, episodes, and who plays in them and makes them."""

from __future__ import annotations

from import_export import fields

from catalog.key_queries import among_parts
from catalog.models import Availability, CastEntry, Character, CrewCredit, Episode, Person, Season, Series
from catalog.resources.base import TableResource
from catalog.resources.columns import episode_part, number_of, reference, shown
from catalog.resources.widgets import EpisodeReference


class SeriesResource(TableResource):
    companion_to = reference("companion_to", Series)
    second_pass = {"companion_to": None, "relation": ""}
    relations = ("companion_to",)

    class Meta:
        model = Series
        import_id_fields = ["slug"]
        fields = (
            "slug",
            "title",
            "original_language",
            "network",
            "production_company",
            "premiere",
            "relation",
            "companion_to",
            "summary",
        )


class SeasonResource(TableResource):
    series = reference("series", Series, required=True)

    class Meta:
        model = Season
        import_id_fields = ["series", "number"]
        fields = (
            "series",
            "number",
            "premiere",
            "episode_count",
            "episode_count_is_minimum",
            "status",
            "renewed",
            "filming_start",
            "filming_end",
        )


class EpisodeResource(TableResource):
    series = shown("season__series__slug", "series")
    season = reference("season", Season, "series", "season", part=number_of, required=True)

    def identity(self, instance: Episode) -> tuple:
        # A number names an episode, whatever its title.
        title = instance.title if instance.number is None else None
        return instance.season_id, instance.number, title

    def find(self, said: list[Episode]) -> dict[tuple, Episode]:
        condition = among_parts(
            {"season_id": one.season_id, "number": one.number, "title": one.title}
            if one.number is None
            else {"season_id": one.season_id, "number": one.number}
            for one in said
        )
        return self.pick(said, condition)

    class Meta:
        model = Episode
        import_id_fields = ["series", "season", "number", "title"]
        fields = ("series", "season", "number", "title", "aired")


class CastResource(TableResource):
    series = shown("season__series__slug", "series")
    season = reference("season", Season, "series", "season", part=number_of, required=True)
    episode = fields.Field(
        "episode",
        "episode",
        EpisodeReference(Episode, "series", "season", "episode", part=episode_part),
    )
    person = reference("person", Person)
    character = reference("character", Character, "series", "character")
    sort_columns = ("series", "season", "episode", "position", "person", "character")

    class Meta:
        model = CastEntry
        import_id_fields = ["series", "season", "episode", "person", "character"]
        fields = (
            "series",
            "season",
            "episode",
            "person",
            "character",
            "billed_as",
            "position",
            "status",
            "status_as_of",
            "note",
        )


class CrewResource(TableResource):
    series = reference("series", Series, required=True)
    season = reference("season", Season, "series", "season", part=number_of)
    person = reference("person", Person, required=True)
    sort_columns = ("series", "season", "position", "person", "job")

    class Meta:
        model = CrewCredit
        import_id_fields = ["series", "season", "person", "job"]
        fields = ("series", "season", "person", "job", "position")


class AvailabilityResource(TableResource):
    series = reference("series", Series, required=True)
    season = reference("season", Season, "series", "season", part=number_of)
    sort_columns = ("series", "season", "position", "service", "territory")

    class Meta:
        model = Availability
        import_id_fields = ["series", "season", "service", "territory"]
        fields = ("series", "season", "service", "territory", "begins", "ends", "position")

"""The database itself refuses each of these rows, whatever code tries to write them."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from catalog.models import Alias, CastEntry, Citation, Passage, Season, Series, Snapshot, Source, Statement
from tests.factories import (
    make_alias,
    make_cast_entry,
    make_character,
    make_citation,
    make_crew_credit,
    make_earlier_work,
    make_episode,
    make_passage,
    make_person,
    make_season,
    make_series,
    make_snapshot,
    make_source,
    make_statement,
    sha256,
)

pytestmark = pytest.mark.django_db


def series_twice():
    make_series(slug="narcos")
    make_series(slug="narcos")


def season_number_twice():
    season = make_season(number=1)
    make_season(series=season.series, number=1)


def episode_number_twice():
    episode = make_episode(number=1)
    make_episode(season=episode.season, number=1)


def character_slug_twice_in_a_series():
    character = make_character(slug="kiki")
    make_character(series=character.series, slug="kiki")


def alias_twice():
    person = make_person()
    make_alias(person=person, text="Pena")
    make_alias(person=person, text="Pena")


def earlier_work_twice():
    person = make_person()
    make_earlier_work(person=person, title="Argo")
    make_earlier_work(person=person, title="Argo")


def cast_entry_twice():
    entry = make_cast_entry()
    make_cast_entry(season=entry.season, person=entry.person, character=entry.character)


def cast_entry_without_character_twice():
    entry = make_cast_entry(person=make_person())
    make_cast_entry(season=entry.season, person=entry.person)


def crew_credit_for_the_series_twice():
    credit = make_crew_credit()
    make_crew_credit(series=credit.series, person=credit.person)


def statement_label_twice():
    season = make_season()
    make_statement(season=season, label="Filming place")
    make_statement(season=season, label="Filming place")


def passage_number_twice():
    passage = make_passage()
    make_passage(passage.source, number=passage.number)


def citation_twice():
    season = make_season()
    passage = make_passage()
    make_citation(season, "premiere", passage)
    make_citation(season, "premiere", passage, stance="contradicts")


def snapshot_text_twice():
    source = make_source()
    make_snapshot(source, "same words")
    make_snapshot(source, "same words")


def update(model, **fields):
    def bad_row():
        makers = {
            Alias: make_alias,
            CastEntry: make_cast_entry,
            Citation: lambda: make_citation(make_season()),
            Passage: make_passage,
            Season: make_season,
            Series: make_series,
            Source: make_source,
            Statement: make_statement,
        }
        row = makers[model]()
        model.objects.filter(pk=row.pk).update(**fields)

    return bad_row


BAD_ROWS = {
    "series slug twice": series_twice,
    "season number twice": season_number_twice,
    "episode number twice": episode_number_twice,
    "episode without number and title": lambda: make_episode(number=None, title=""),
    "character slug twice in a series": character_slug_twice_in_a_series,
    "alias twice": alias_twice,
    "alias of nobody": lambda: make_alias(person=None),
    "alias of two": lambda: make_alias(person=make_person(), character=make_character()),
    "alias of an unknown kind": update(Alias, kind="pun"),
    "earlier work twice": earlier_work_twice,
    "cast entry without person and character": lambda: make_cast_entry(person=None, character=None),
    "cast entry twice": cast_entry_twice,
    "cast entry without a character twice": cast_entry_without_character_twice,
    "cast entry of an unknown status": update(CastEntry, status="maybe"),
    "crew credit for the series twice": crew_credit_for_the_series_twice,
    "crew credit of an unknown job": lambda: make_crew_credit(job="caterer"),
    "statement label twice": statement_label_twice,
    "statement about nothing": lambda: make_statement(season=None),
    "statement about two": lambda: make_statement(season=make_season(), person=make_person()),
    "season of an unknown status": update(Season, status="perhaps"),
    "minimum without an episode count": update(Season, episode_count_is_minimum=True),
    "negative season number": update(Season, number=-1),
    "series of an unknown relation": update(Series, relation="cousin"),
    "relation without the other series": update(Series, relation="companion"),
    "source of an unknown kind": update(Source, kind="rumour"),
    "snapshot text twice": snapshot_text_twice,
    "snapshot of nothing": lambda: make_snapshot(text=""),
    "snapshot of another length": lambda: make_snapshot(text="words", length=4),
    "snapshot with a short hash": lambda: make_snapshot(text="words", sha256="abc"),
    "snapshot by an unknown method": lambda: make_snapshot(text="words", method="telepathy"),
    "passage number twice": passage_number_twice,
    "passage that ends where it starts": lambda: make_passage(state="unattached", start=3, end=3),
    "passage that ends before it starts": lambda: make_passage(state="unattached", start=3, end=2),
    "passage whose words are shorter than its span": update(Passage, exact="x"),
    "unattached passage with words": update(Passage, state="unattached"),
    "attached passage without words": update(Passage, exact=""),
    "excerpt of 13 words": update(Passage, excerpt="1 2 3 4 5 6 7 8 9 10 11 12 13"),
    "passage without an excerpt": update(Passage, excerpt=""),
    "passage with a short hash": update(Passage, sha256="abc"),
    "passage of an unknown state": update(Passage, state="fine"),
    "citation twice": citation_twice,
    "citation of an unknown stance": update(Citation, stance="hints"),
}


@pytest.mark.parametrize("bad_row", BAD_ROWS.values(), ids=BAD_ROWS.keys())
def test_the_database_refuses(bad_row):
    with pytest.raises(IntegrityError), transaction.atomic():
        bad_row()


def test_a_series_is_no_companion_of_itself():
    series = make_series()
    with pytest.raises(IntegrityError), transaction.atomic():
        Series.objects.filter(pk=series.pk).update(relation="companion", companion_to=series)


def test_a_source_does_not_derive_from_itself():
    source = make_source()
    with pytest.raises(IntegrityError), transaction.atomic():
        Source.objects.filter(pk=source.pk).update(derives_from=source)


def test_recasts_and_double_roles_are_further_entries():
    entry = make_cast_entry()
    make_cast_entry(season=entry.season, person=make_person(), character=entry.character)
    make_cast_entry(
        season=entry.season, person=entry.person, character=make_character(series=entry.season.series)
    )
    make_cast_entry(
        season=entry.season,
        episode=make_episode(season=entry.season),
        person=entry.person,
        character=entry.character,
    )
    assert entry.season.cast.count() == 4


def test_episodes_may_share_a_title_and_specials_have_no_number():
    season = make_season(number=0)
    make_episode(season=season, number=None, title="Special")
    make_episode(season=season, number=None, title="Special")
    assert season.episodes.count() == 2


def test_two_people_may_share_an_alias():
    make_alias(text="El Chapo")
    make_alias(text="El Chapo")
    assert Alias.objects.filter(text_key="el chapo").count() == 2


def test_a_cited_passage_cannot_be_deleted():
    citation = make_citation(make_season())
    with pytest.raises(ProtectedError):
        citation.passage.delete()


def test_the_citations_of_a_record_go_with_it():
    season = make_season()
    make_citation(season, "premiere")
    season.delete()
    assert not Citation.objects.exists()


def test_an_unattached_passage_keeps_its_locator_and_hash():
    passage = make_passage(exact="No release date", state="unattached")
    assert (passage.start, passage.end, passage.exact) == (0, 15, "")
    assert passage.sha256 == sha256("No release date")
    assert passage.snapshot.text is None


def test_offsets_count_code_points_not_bytes_or_utf16_units():
    passage = make_passage(exact="Peña 😀 e\u0301")
    assert passage.end - passage.start == len("Peña 😀 e\u0301")


def test_snapshots_know_the_length_of_texts_outside_the_basic_plane():
    assert Snapshot.objects.get(pk=make_snapshot(text="😀😀").pk).length == 2

"""Somebody else's file becomes rows of ours: names found, new people made, or nothing at all."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from catalog.actions import CatalogError, remember_alias
from catalog.models import Alias, CastEntry, Character, EarlierWork, Person
from catalog.naming import NameChoices, choice_key
from catalog.resources.describing import columns_of
from catalog.tabular.mapping import ColumnMapping, MappingOfColumns, suggest
from catalog.tabular.rows import Row, RowProblem
from catalog.tabular.splitting import Pattern, Split
from editorial.bundles import TABLES
from editorial.models import AuditEntry
from editorial.tables.mapped_rows import MappedRows
from editorial.tables.mapped_runs import run_mapped
from tests.factories import (
    make_alias,
    make_cast_entry,
    make_character,
    make_person,
    make_season,
    make_series,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def season():
    return make_season(series=make_series(slug="narcos-mexico", title="Narcos: Mexico"), number=2)


def mapped(headers, *rows, table="cast.csv", constants=None, choices=None, splits=None) -> MappedRows:
    """Rows under foreign headers, read as `suggest` proposes."""
    found = suggest(headers, rows, columns_of(TABLES[table]))
    columns = tuple(
        ColumnMapping(one.header, one.to, (splits or {}).get(one.header, one.split), one.reason)
        for one in found.columns
    )
    mapping = MappingOfColumns(columns, constants or {})
    given = [Row(line, list(cells)) for line, cells in enumerate(rows, start=2)]
    return MappedRows(table, mapping, lambda: given, choices or NameChoices())


CAST = {"series": "narcos-mexico", "season": "2"}


def test_names_are_found_and_what_the_file_lacks_is_as_of_a_new_row(season):
    make_person(slug="diego-luna", name="Diego Luna")
    make_character(series=season.series, slug="felix-gallardo", name="Félix Gallardo")
    rows = mapped(
        ["Schauspieler", "Rolle", "Status"], ["Diego Luna", "Félix Gallardo", "neu"], constants=CAST
    )
    dry = run_mapped(rows, user=None, write=False)
    assert (dry.run.new, dry.run.written, dry.uncited) == (1, False, 1)
    assert not CastEntry.objects.exists()
    done = run_mapped(rows, user=make_user("Editors"), write=True)
    assert done.run.written
    assert done.run.fingerprint == dry.run.fingerprint
    entry = CastEntry.objects.get()
    assert (entry.person.slug, entry.character.slug, entry.status) == ("diego-luna", "felix-gallardo", "new")
    assert (entry.position, entry.note, entry.season) == (0, "", season)


def test_a_column_that_the_file_lacks_keeps_what_the_record_says(season):
    entry = make_cast_entry(season=season, note="billed last", status="unsure", position=7)
    rows = mapped(
        ["person", "character", "status"],
        [entry.person.slug, entry.character.slug, "confirmed"],
        constants={"series": season.series.slug, "season": "2"},
    )
    seen = []
    assert run_mapped(rows, user=None, write=True, sink=seen.extend).run.changed == 1
    entry.refresh_from_db()
    assert (entry.status, entry.note, entry.position) == ("confirmed", "billed last", 7)
    assert [(one.column, one.before, one.after) for one in seen[0].differences] == [
        ("status", "unsure", "confirmed")
    ]


def test_people_and_characters_that_are_not_there_are_made_only_when_somebody_says_so(season):
    rows = [["Diego Luna (Rogue One) as Félix Gallardo, Michael Peña as Kiki Camarena"]]
    split = {"Cast": Split(",", Pattern.AS)}
    refused = run_mapped(mapped(["Cast"], *rows, constants=CAST, splits=split), user=None, write=True)
    assert not refused.run.written
    assert refused.to_make == {"people.csv": 2, "characters.csv": 2}
    assert not Person.objects.exists()
    choices = NameChoices(makes=True)
    written = []
    done = run_mapped(
        mapped(["Cast"], *rows, constants=CAST, splits=split, choices=choices),
        user=make_user("Editors"),
        write=True,
        undo=written.extend,
    )
    assert done.run.written
    assert done.made == {"people.csv": 2, "characters.csv": 2, "earlier_works.csv": 1}
    assert set(CastEntry.objects.values_list("person__name", "character__name")) == {
        ("Diego Luna", "Félix Gallardo"),
        ("Michael Peña", "Kiki Camarena"),
    }
    assert Person.objects.get(slug="michael-pena").sort_name == "Peña, Michael"
    assert EarlierWork.objects.get().title == "Rogue One"
    # Everything that was made can be taken back.
    assert {one.model for one in written} == {Person, Character, CastEntry, EarlierWork}


def test_what_only_refused_rows_name_is_not_made(season):
    make_person(slug="michael-pena", name="Michael Peña")
    rows = [
        ["Diego Luna (Rogue One) as Félix Gallardo", "new"],
        ["Michael Peña (Ant-Man) as Kiki Camarena", "no status"],
        ["Scoot McNairy (Argo) as Félix Gallardo", "no status"],
    ]
    given = {"constants": CAST, "splits": {"Cast": Split("", Pattern.AS)}, "choices": NameChoices(makes=True)}
    file = mapped(["Cast", "status"], *rows, **given)
    dry = run_mapped(file, user=None, write=False)
    assert dry.made == {"people.csv": 1, "characters.csv": 1, "earlier_works.csv": 1}
    written, gone = [], []
    done = run_mapped(
        file,
        user=make_user("Editors"),
        write=True,
        only_good=True,
        undo=written.extend,
        forget=lambda model, pks: gone.extend((model, pk) for pk in pks),
    )
    assert (done.run.new, done.run.refused, done.made) == (1, 2, dry.made)
    assert done.fingerprint == dry.fingerprint
    assert set(Person.objects.values_list("name", flat=True)) == {"Diego Luna", "Michael Peña"}
    assert [one.name for one in Character.objects.all()] == ["Félix Gallardo"]
    assert [one.title for one in EarlierWork.objects.all()] == ["Rogue One"]
    kept = [(one.model, one.pk) for one in written if (one.model, one.pk) not in gone]
    assert len(gone) == 2
    assert all(model.objects.filter(pk=pk).exists() for model, pk in kept)


def test_another_spelling_is_the_same_person_and_kept_as_an_alias_once_somebody_said_so(season):
    make_person(slug="michael-pena", name="Michael Peña")
    key = choice_key("person", "", "Michael Pena")
    offered = run_mapped(mapped(["Actor"], ["MICHAEL PENA"], constants=CAST), user=None, write=False)
    assert [(one.key, one.is_sure) for one in offered.offers] == [(key, True)]
    choices = NameChoices(same={key: "michael-pena"})
    done = run_mapped(
        mapped(["Actor"], ["MICHAEL PENA"], constants=CAST, choices=choices), user=None, write=True
    )
    assert (done.run.new, done.aliases) == (1, 1)
    alias = Alias.objects.get()
    assert (alias.text, alias.person.slug, alias.kind) == ("MICHAEL PENA", "michael-pena", "variant")
    assert AuditEntry.objects.filter(verb="alias.remembered").count() == 1
    again = run_mapped(mapped(["Actor"], ["MICHAEL PENA"], constants=CAST), user=None, write=True)
    assert (again.run.same, again.offers, again.aliases) == (1, (), 0)


def test_a_name_with_a_typing_error_waits_for_somebody_to_say_whose_it_is(season):
    make_person(slug="michael-pena", name="Michael Peña")
    key = choice_key("person", "", "Micheal Peña")
    seen = []
    rows = mapped(["Actor"], ["Micheal Peña"], constants=CAST, choices=NameChoices(makes=True))
    asked = run_mapped(rows, user=None, write=True, sink=seen.extend)
    assert (asked.run.refused, asked.run.written) == (1, False)
    assert "nearly the name of Michael Peña" in seen[0].problems[0].message
    another = mapped(
        ["Actor"], ["Micheal Peña"], constants=CAST, choices=NameChoices(another={key}, makes=True)
    )
    assert run_mapped(another, user=None, write=True).made == {"people.csv": 1}
    assert CastEntry.objects.get().person.slug == "micheal-pena"


def test_names_of_two_people_that_are_spelt_alike_are_never_guessed_at(season):
    make_person(slug="jose-a", name="José Garcia")
    make_person(slug="jose-b", name="Jose García")
    rows = mapped(["Actor"], ["JOSE GARCIA"], constants=CAST)
    assert run_mapped(rows, user=None, write=True).run.refused == 1
    choices = NameChoices(same={choice_key("person", "", "JOSE GARCIA"): "jose-b"})
    rows = mapped(["Actor"], ["JOSE GARCIA"], constants=CAST, choices=choices)
    assert run_mapped(rows, user=None, write=True).run.written
    assert CastEntry.objects.get().person.slug == "jose-b"


def test_characters_are_those_of_their_own_series(season):
    make_character(slug="narrator", name="Narrator")
    make_character(series=season.series, slug="the-narrator", name="Narrator")
    make_alias(
        character=make_character(series=season.series, slug="walt-breslin", name="Walt Breslin"), text="Walt"
    )
    make_person(slug="scoot-mcnairy", name="Scoot McNairy")
    rows = mapped(
        ["Actor", "Role"],
        ["Scoot McNairy", "Narrator / Walt"],
        constants={"series": "Narcos: Mexico", "season": "2"},
    )
    assert run_mapped(rows, user=None, write=True).run.new == 2
    assert set(CastEntry.objects.values_list("character__slug", flat=True)) == {
        "the-narrator",
        "walt-breslin",
    }


def test_a_list_of_actors_becomes_people_with_slugs_and_a_known_one_keeps_the_name(season):
    make_person(slug="michael-pena", name="Michael Peña", sort_name="Peña, Michael")
    rows = mapped(["Actor"], ["Michael Pena"], ["Robert De Niro"], table="people.csv")
    assert run_mapped(rows, user=None, write=True).run.written
    assert set(Person.objects.values_list("slug", "name", "sort_name")) == {
        ("michael-pena", "Michael Peña", "Peña, Michael"),
        ("robert-de-niro", "Robert De Niro", "De Niro, Robert"),
    }


def test_what_cannot_be_read_is_named_and_keeps_the_rest_out(season):
    rows = MappedRows(
        "cast.csv",
        MappingOfColumns((ColumnMapping("person", "person"),), CAST),
        lambda: [RowProblem(3, "", "", "This row has 2 cells.")],
    )
    seen = []
    assert run_mapped(rows, user=None, write=True, sink=seen.extend).run.refused == 1
    assert seen[0].line == 3


def test_who_may_not_make_people_makes_none(season):
    rows = mapped(["Actor"], ["Diego Luna"], constants=CAST, choices=NameChoices(makes=True))
    with pytest.raises(PermissionDenied):
        run_mapped(rows, user=make_user("Writers"), write=True)
    assert not Person.objects.exists()


def test_two_names_of_one_character_in_one_cell_are_one_row(season):
    breslin = make_character(series=season.series, slug="walt-breslin", name="Walt Breslin")
    make_alias(character=breslin, text="Narrator")
    make_person(slug="scoot-mcnairy", name="Scoot McNairy")
    rows = mapped(["Actor", "Role"], ["Scoot McNairy", "Narrator / Walt Breslin"], constants=CAST)
    assert run_mapped(rows, user=None, write=True).run.new == 1
    assert CastEntry.objects.get().character == breslin


def test_an_alias_is_remembered_once_and_only_by_who_may(season):
    person = make_person(name="Michael Peña")
    with pytest.raises(PermissionDenied):
        remember_alias(user=make_user("Writers"), record=person, text="Mike Peña", kind="nickname")
    editor = make_user("Editors")
    assert (
        remember_alias(user=editor, record=person, text=" Mike  Peña ", kind="nickname").text == "Mike Peña"
    )
    assert remember_alias(user=editor, record=person, text="Mike Peña", kind="nickname") is None
    assert remember_alias(user=editor, record=person, text="Michael Peña", kind="variant") is None
    with pytest.raises(CatalogError, match="1 to 200 characters"):
        remember_alias(user=editor, record=person, text="x" * 201, kind="variant")
    assert Alias.objects.count() == 1

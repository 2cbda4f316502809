"""Rows bring their evidence along: found before anything is written, compared and recorded when it is."""

from __future__ import annotations

import pytest

from catalog.models import CastEntry, Citation, Passage, Season
from catalog.resources.describing import columns_of
from catalog.tabular.mapping import suggest
from catalog.tabular.rows import Row
from editorial.bundles import TABLES
from editorial.models import AuditEntry
from editorial.tables.mapped_rows import MappedRows
from editorial.tables.mapped_runs import MappedResult, run_mapped
from tests.factories import (
    make_character,
    make_citation,
    make_passage,
    make_person,
    make_season,
    make_series,
    make_snapshot,
    make_source,
    make_user,
)

pytestmark = pytest.mark.django_db
TEXT = (
    "Diego Luna plays Félix Gallardo again. Season two starts on 13 February 2020. "
    "Scoot McNairy joins. The season has ten episodes. Scoot McNairy joins."
)
SEASONS = ["series", "number", "premiere", "source", "quote", "says", "field"]


@pytest.fixture
def source():
    source = make_source(slug="first-look")
    make_snapshot(source, TEXT)
    return source


@pytest.fixture
def season():
    return make_season(series=make_series(slug="narcos-mexico"), number=2)


def run(table, headers, *rows, user=None, write=True, seen=None, **options) -> MappedResult:
    mapping = suggest(headers, rows, columns_of(TABLES[table]))
    given = [Row(line, list(cells)) for line, cells in enumerate(rows, start=2)]
    mapped = MappedRows(table, mapping, lambda: given)
    sink = None if seen is None else seen.extend
    return run_mapped(mapped, user=user, write=write, sink=sink, **options)


def test_a_quote_is_found_anchored_and_cited_with_what_it_says(source, season):
    quote = "Season two starts on 13 February 2020"
    row = ["narcos-mexico", "2", "2020-02-13", "first-look", quote, "13 February 2020", "premiere"]
    editor = make_user("Editors")
    dry = run("seasons.csv", SEASONS, row, user=editor, write=False)
    assert (dry.cited, dry.uncited, dry.run.changed) == (1, 0, 1)
    assert not Citation.objects.exists()
    assert not Passage.objects.exists()
    done = run("seasons.csv", SEASONS, row, user=editor)
    assert done.fingerprint == dry.fingerprint
    citation = Citation.objects.get()
    assert (citation.target, citation.field, citation.says) == (season, "premiere", "13 February 2020")
    assert citation.checked_value == "2020-02-13"
    assert citation.passage.exact == quote
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"passage.added", "citation.added"} <= verbs


def test_the_same_row_again_makes_no_second_passage_and_no_second_citation(source, season):
    row = ["narcos-mexico", "2", "2020-02-13", "first-look", "starts on 13 February 2020", "", "premiere"]
    assert run("seasons.csv", SEASONS, row).cited == 1
    again = run("seasons.csv", SEASONS, row)
    assert (again.run.same, again.cited) == (1, 0)
    assert (Passage.objects.count(), Citation.objects.count()) == (1, 1)


def test_a_value_that_moved_with_its_row_is_compared_again(source, season):
    passage = make_passage(source, "ten episodes")
    Season.objects.filter(pk=season.pk).update(premiere="2019")
    season.refresh_from_db()
    old = make_citation(season, "premiere", passage=passage)
    headers = ["series", "number", "premiere", "passage", "field"]
    run("seasons.csv", headers, ["narcos-mexico", "2", "2020", passage.key, "premiere"])
    old.refresh_from_db()
    assert old.checked_value == "2020"


@pytest.mark.parametrize(
    ("evidence", "column", "why"),
    [
        (["first-look", "Diego Luna leaves", "", "premiere"], "quote", "do not stand in the source"),
        (["first-look", "Scoot McNairy joins.", "", "premiere"], "quote", "more than once"),
        (["no-such", "ten episodes", "", "premiere"], "source", "no such source"),
        (["", "ten episodes", "", "premiere"], "quote", "“source”"),
        (["first-look", "", "", "premiere"], "source", "“quote”"),
        (["first-look", "ten episodes", "", ""], "field", "which fact"),
        (["first-look", "ten episodes", "", "slug"], "field", "cannot be cited"),
        (["first-look", "ten episodes", "x" * 301, "premiere"], "says", "300"),
        (["first-look", "ten episodes " * 200, "", "premiere"], "quote", "2000"),
        (["", "", "2020", ""], "says", "“quote”"),
    ],
)
def test_evidence_that_does_not_hold_refuses_its_row_with_words(source, season, evidence, column, why):
    seen = []
    row = ["narcos-mexico", "2", "2020-02-13", *evidence]
    result = run("seasons.csv", SEASONS, row, seen=seen)
    assert (result.run.refused, result.run.written) == (1, False)
    [problem] = seen[0].problems
    assert problem.column == column
    assert why in problem.message
    assert seen[0].cells == tuple(row)  # they can be mended
    assert not Citation.objects.exists()


def test_a_passage_that_lost_its_words_supports_no_row(source, season):
    lost = make_passage(source, "gone", state="lost")
    seen = []
    headers = ["series", "number", "passage", "field"]
    run("seasons.csv", headers, ["narcos-mexico", "2", lost.key, "status"], seen=seen)
    run("seasons.csv", headers, ["narcos-mexico", "2", "first-look#99", "status"], seen=seen)
    assert ["lost" in one.problems[0].message for one in seen] == [True, False]
    assert "no such passage" in seen[1].problems[0].message


def test_a_text_that_is_not_here_is_quoted_by_nobody(season):
    make_passage(make_source(slug="elsewhere"), state="unattached")
    seen = []
    row = ["narcos-mexico", "2", "2020", "elsewhere", "the words", "", "premiere"]
    assert run("seasons.csv", SEASONS, row, seen=seen).run.refused == 1
    assert "not on this machine" in seen[0].problems[0].message


def test_only_the_good_rows_are_written_and_cited(source, season):
    make_season(series=season.series, number=3)
    good = ["narcos-mexico", "2", "2020-02-13", "first-look", "13 February 2020", "", "premiere"]
    bad = ["narcos-mexico", "3", "2021", "first-look", "in 2021", "", "premiere"]
    result = run("seasons.csv", SEASONS, good, bad, only_good=True)
    assert (result.run.changed, result.run.refused, result.cited) == (1, 1, 1)
    assert Citation.objects.get().target == season


def test_a_cast_row_is_cited_as_a_whole_and_several_facts_at_once_where_it_says_so(source, season):
    make_person(slug="diego-luna", name="Diego Luna")
    make_character(series=season.series, slug="felix-gallardo", name="Félix Gallardo")
    headers = ["series", "season", "person", "character", "source", "quote", "field"]
    row = [
        "narcos-mexico",
        "2",
        "Diego Luna",
        "Félix Gallardo",
        "first-look",
        "Diego Luna plays Félix Gallardo",
    ]
    result = run("cast.csv", headers, [*row, ""], user=make_user("Editors"))
    assert (result.run.new, result.cited, result.uncited) == (1, 1, 0)
    assert Citation.objects.get().field == ""
    assert Citation.objects.get().target == CastEntry.objects.get()
    assert run("cast.csv", headers, [*row, "status|billed_as"]).cited == 2


def test_rows_without_evidence_are_counted_and_stay_out_of_public_sight(source, season, client):
    result = run("people.csv", ["slug", "name", "sort_name"], ["diego-luna", "Diego Luna", "Luna, Diego"])
    assert (result.run.new, result.uncited, result.cited) == (1, 1, 0)
    assert client.get("/people/diego-luna/").status_code == 404


def test_a_table_of_no_facts_brings_no_evidence(source):
    headers = ["slug", "title", "kind"]
    result = run("sources.csv", headers, ["second-look", "A second look", "article"])
    assert (result.run.new, result.uncited) == (1, 0)

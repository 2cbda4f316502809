"""What each row of a table would do, and doing exactly that."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, models, transaction
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import CastEntry, Episode, Person, Series
from catalog.resources import RowProblem
from catalog.resources.sorting import natural_key, sorted_rows
from catalog.tabular.rows import Row
from editorial.bundles import TABLES
from editorial.models import Article
from editorial.tables import runs
from editorial.tables.runs import Difference, run_rows
from tests.factories import make_character, make_person, make_season, make_series, make_user

pytestmark = pytest.mark.django_db
DIGITS = re.compile(r"(\d+)", re.ASCII)
PEOPLE = ("slug", "name", "sort_name")
SERIES = (
    *("slug", "title", "original_language", "network", "production_company"),
    *("premiere", "relation", "companion_to", "summary"),
)
CAST = (
    *("series", "season", "episode", "person", "character"),
    *("billed_as", "position", "status", "status_as_of", "note"),
)


class Told:
    """One run, with everything that it told."""

    def __init__(self, name, headers, rows, *, write=False, user=None, **options):
        self.outcomes, self.written, self.done = [], [], []
        self.result = run_rows(
            name=name,
            headers=headers,
            rows=iter(rows),
            user=user,
            write=write,
            sink=self.outcomes.extend,
            undo=self.written.extend,
            stop=self.done.append,
            **options,
        )

    @property
    def kinds(self):
        return [outcome.kind for outcome in self.outcomes]


def people(*slugs, first=2):
    return [Row(line, [slug, slug.upper(), slug]) for line, slug in enumerate(slugs, first)]


def companion(line, slug, other=""):
    return Row(line, [slug, slug, "", "", "", "", "companion" if other else "", other, ""])


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr("catalog.resources.base.TableResource.batch_rows", 2)


def test_dry_run_tells_row_by_row_and_writes_nothing():
    make_person(slug="a", name="Old", sort_name="a")
    make_person(slug="b", name="B", sort_name="b")
    told = Told("people.csv", PEOPLE, [*people("a", "b", "c"), *people("no slug", first=9)])
    assert told.kinds == ["changed", "same", "new", "refused"]
    assert told.outcomes[0].differences == (Difference("name", "Old", "A"),)
    assert [outcome.key for outcome in told.outcomes[:3]] == ["a", "b", "c"]
    (problem,) = told.outcomes[3].problems
    assert (problem.line, problem.column, problem.value) == (9, "slug", "no slug")
    assert told.outcomes[3].cells == ("no slug", "NO SLUG", "no slug")
    result = told.result
    assert (result.new, result.changed, result.same, result.refused) == (1, 1, 1, 1)
    assert (result.written, told.written, told.done) == (False, [], [4])
    assert Person.objects.get(slug="a").name == "Old"
    assert Person.objects.count() == 2


def test_writing_does_what_the_dry_run_told_until_the_data_moves():
    make_person(slug="a", name="Old", sort_name="a")
    rows = people("a", "b")
    dry = Told("people.csv", PEOPLE, rows).result
    assert Told("people.csv", PEOPLE, rows).result == dry
    Person.objects.update(name="Moved on")
    assert Told("people.csv", PEOPLE, rows).result.fingerprint != dry.fingerprint
    Person.objects.update(name="Old")
    done = Told("people.csv", PEOPLE, rows, write=True)
    assert (done.result.written, done.result.fingerprint) == (True, dry.fingerprint)
    changed, new = sorted(done.written, key=lambda one: one.line)
    assert (changed.before["name"], changed.after["name"], changed.line) == ("Old", "A", 2)
    assert (new.before, new.after["name"], new.pk) == (None, "B", Person.objects.get(slug="b").pk)
    assert new.after["name_key"] == "b"


@pytest.mark.parametrize("only_good", [False, True])
def test_bad_rows_keep_all_or_only_themselves_out(only_good, small_batches):
    rows = [
        *people("a", "b"),
        RowProblem(4, "", "", "Too many cells."),
        *people("a", "no slug", "c", first=5),
    ]
    told = Told("people.csv", PEOPLE, rows, write=True, only_good=only_good)
    assert told.kinds == ["new", "new", "refused", "refused", "refused", "new"]
    assert told.outcomes[3].problems[0].message.startswith("Line 2 says the same key, “a”")
    assert told.result.written is only_good
    expected = {"a", "b", "c"} if only_good else set()
    assert set(Person.objects.values_list("slug", flat=True)) == expected
    assert told.done == [2, 4, 6]


def test_rows_that_only_the_database_refuses_are_found_among_the_good_ones():
    season = make_season(series=make_series(slug="narcos"), number=1)
    make_person(slug="diego")
    make_character(slug="kiki", series=season.series)

    def row(line, person, character=""):
        return Row(line, ["narcos", "1", "", person, character, "", "0", "new", "", ""])

    rows = [row(2, "diego"), row(3, ""), row(4, "diego", "kiki"), row(5, "", "kiki")]
    told = Told("cast.csv", CAST, rows, write=True, only_good=True)
    assert told.kinds == ["new", "refused", "new", "new"]
    (problem,) = told.outcomes[1].problems
    assert (problem.line, problem.message) == (3, "Name the person, the character, or both.")
    assert CastEntry.objects.count() == len(told.written) == 3


def test_rows_may_name_rows_further_down_and_are_told_in_order(small_batches):
    rows = [
        companion(2, "a", "e"),
        companion(3, "b"),
        companion(4, "c"),
        companion(5, "d"),
        companion(6, "e", "a"),
    ]
    told = Told("series.csv", SERIES, rows, write=True)
    assert [(outcome.line, outcome.kind) for outcome in told.outcomes] == [
        (line, "new") for line in range(2, 7)
    ]
    assert Series.objects.get(slug="a").companion_to.companion_to.slug == "a"
    again = Told("series.csv", SERIES, rows)
    assert again.kinds == ["same"] * 5


def test_row_that_names_a_refused_row_or_nothing_is_refused_too(small_batches):
    rows = [
        companion(2, "a", "e"),
        companion(3, "b", "a"),
        companion(4, "c", "nothing"),
        companion(5, "d"),
        Row(6, ["e", "e", "", "", "", "2020-13", "", "", ""]),
    ]
    told = Told("series.csv", SERIES, rows, write=True, only_good=True)
    assert told.kinds == ["refused", "refused", "refused", "new", "refused"]
    assert [outcome.problems[0].message.partition(":")[0] for outcome in told.outcomes[:3]] == [
        "The row that it names is refused. Mend that one first.",
        "The row that it names is refused. Mend that one first.",
        "series “nothing” is not known",
    ]
    assert Series.objects.get().slug == "d"


def test_several_rows_of_one_line_are_told_apart():
    told = Told("people.csv", PEOPLE, [Row(2, ["a", "A", "A"]), Row(2, ["no slug", "B", "B"])])
    assert told.kinds == ["new", "refused"]


def test_a_special_is_the_same_by_its_title_and_an_episode_by_its_number():
    season = make_season(series=make_series(slug="narcos"), number=1)
    Episode.objects.create(season=season, title="Behind the scenes")
    Episode.objects.create(season=season, number=1, title="Camelot")
    headers = ("series", "season", "number", "title", "aired")
    rows = [
        Row(2, ["narcos", "1", "", "Behind the scenes", "2019"]),
        Row(3, ["narcos", "1", "1", "Camelot!", ""]),
        Row(4, ["narcos", "1", "", "Camelot", ""]),
    ]
    told = Told("episodes.csv", headers, rows, write=True)
    assert told.kinds == ["changed", "changed", "new"]
    assert told.outcomes[1].differences == (Difference("title", "Camelot", "Camelot!"),)


@pytest.mark.parametrize(("cell", "words"), [("a\0b", "NUL"), ("a\ud800b", "half a character")])
def test_what_no_database_takes_is_refused(cell, words):
    told = Told(
        "people.csv", PEOPLE, [Row(2, ["a", cell, "a"]), *people("b", first=3)], write=True, only_good=True
    )
    assert told.kinds == ["refused", "new"]
    assert words in told.outcomes[0].problems[0].message


def test_wrong_headers_are_one_refusal():
    told = Told("people.csv", ("slug", "nam", "sort_name"), people("a"))
    assert told.kinds == ["refused"]
    assert "Columns are missing: name." in told.outcomes[0].problems[0].message


def test_who_may_not_change_the_table_runs_nothing():
    with pytest.raises(PermissionDenied):
        Told("people.csv", PEOPLE, people("a"), user=make_user("Writers"))
    assert Told("people.csv", PEOPLE, people("a"), user=make_user("Editors")).kinds == ["new"]


def test_stopping_and_the_transaction_of_the_caller_leave_nothing(small_batches):
    class Cancelled(Exception):
        pass

    def stop(done):
        if done == 4:
            raise Cancelled

    with pytest.raises(Cancelled):
        run_rows(name="people.csv", headers=PEOPLE, rows=people(*"abcdef"), user=None, write=True, stop=stop)
    assert not Person.objects.exists()
    with transaction.atomic():
        Told("people.csv", PEOPLE, people("a"), write=True)
        transaction.set_rollback(True)
    assert not Person.objects.exists()


def test_article_rows_become_drafts_whose_originals_may_come_later(small_batches, monkeypatch):
    monkeypatch.setattr("editorial.resources.ArticleResource.batch_rows", 1)
    headers = (
        *("kind", "language", "slug", "title", "spoiler_free_title", "standfirst", "series", "season"),
        *("spoils_through", "photo", "contributors", "review_by", "translation_of"),
    )

    def row(line, language, slug, original=""):
        return Row(line, ["news", language, slug, "Title", "", "", *[""] * 6, original])

    told = Told("articles.csv", headers, [row(2, "de", "bald", "en/soon"), row(3, "en", "soon")], write=True)
    assert told.kinds == ["new", "new"]
    german = Article.objects.get(language="de")
    assert (german.translation_of.slug, german.status) == ("soon", "draft")
    assert {one.model for one in told.written} == {Article}


def test_number_of_queries_is_that_of_the_batches(django_assert_num_queries):
    make_season(series=make_series(slug="narcos"), number=1)
    for number in range(30):
        make_person(slug=f"p{number}")

    def rows(count, start=0):
        return [
            Row(line, ["narcos", "1", "", f"p{line + start}", "", "", "0", "new", "", ""])
            for line in range(count)
        ]

    with django_assert_num_queries(8):
        Told("cast.csv", CAST, rows(3), write=True)
    with django_assert_num_queries(8):
        Told("cast.csv", CAST, rows(27, start=3), write=True)


class TestOrder:
    @given(st.lists(st.lists(st.text("ab01 29é", max_size=4), min_size=2, max_size=2), max_size=30))
    def test_rows_come_in_natural_order_whatever_fits_into_memory(self, rows):
        rows = [[*row, str(number)] for number, row in enumerate(rows)]

        def plainly(row):
            return [
                [int(part) if index % 2 else part for index, part in enumerate(DIGITS.split(cell))]
                for cell in row[:2]
            ]

        found = list(sorted_rows(iter(rows), lambda row: natural_key(row[:2]), most=7))
        assert found == sorted(rows, key=plainly)


def is_held(person: Person) -> bool:
    """Whether somebody else has to wait for the person. Where there is one writer, nobody comes between."""
    if not connection.features.has_select_for_update_nowait:
        return False
    try:
        with transaction.atomic():
            Person.objects.select_for_update(nowait=True).get(pk=person.pk)
    except OperationalError:
        return True
    finally:
        connection.close()
    return False


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("write", [True, False])
def test_nobody_saves_between_comparing_and_writing_but_in_a_dry_run(monkeypatch, write):
    person, held = make_person(slug="a", name="A", sort_name="a"), []

    class Watching(TABLES["people.csv"]):
        def before_write(self, instance):
            with ThreadPoolExecutor(1) as others:
                held.append(others.submit(is_held, person).result())

    monkeypatch.setitem(runs.TABLES, "people.csv", Watching)
    Told("people.csv", PEOPLE, [Row(2, ["a", "Other", "a"])], write=write)
    assert held == [write and connection.features.has_select_for_update_nowait]


@pytest.mark.parametrize("name", TABLES)
def test_the_records_of_every_table_can_be_held(name):
    resource = TABLES[name]()
    list(resource.pick([], models.Q(pk=0)))

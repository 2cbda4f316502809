"""What the checks find in a text, each with its code and its place; much text costs no more queries."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Citation, Season, Series
from editorial.actions import examine, problems_of, save_article
from editorial.describing import problems_table
from editorial.models import Contribution
from editorial.problems import RULES, Fact, Level, Place
from editorial.workflow import Gate
from tests import factories as make

pytestmark = pytest.mark.django_db


def found(article, code: str | None = None):
    return [one for one in problems_of(article) if code in (None, one.code)]


def codes(article) -> list[str]:
    return [one.code for one in found(article)]


def cited(*passages) -> str:
    return "".join(f'<p>A fact.<cite data-passage="{one.key}"></cite></p>' for one in passages)


@pytest.fixture
def season():
    return make.make_season(
        series=make.make_series(slug="narcos", title="Narcos"), number=2, status="renewed"
    )


def about(season, *passages, **fields):
    """An article about the season that cites these passages."""
    return make.make_article(series=season.series, season=season, body=cited(*passages), **fields)


def test_the_docs_show_the_table():
    assert problems_table() in (settings.BASE_DIR / "docs" / "workflow.md").read_text()


def test_only_an_empty_text_is_kept_from_its_reviewers_and_every_problem_from_readers():
    assert [one.code for one in RULES.values() if Gate.SUBMISSION in one.gates] == ["empty"]
    assert all(Gate.PUBLICATION in one.gates for one in RULES.values())


def test_a_sound_article_has_no_problem():
    assert found(make.make_article()) == []


def test_every_problem_says_where_it_is():
    passage = make.make_passage(state="lost")
    body = f'<p>Sound “𝔸”. <em>Not</em> cited.</p><p>One. Two.<cite data-passage="{passage.key}"></cite></p>'
    [unsupported, _one, lost] = [one for one in found(make.make_article(body=body)) if one.field == "body"][
        1:
    ]
    assert unsupported.place == Place(0, 11, 21)
    assert lost.place == Place(1, 5, 9)
    assert lost.about == passage
    assert lost.level is Level.ERROR


def test_what_readers_and_lists_need_is_missed():
    article = make.make_article(standfirst=" ", contributors=())
    assert [(one.code, one.field, one.level.value) for one in found(article)] == [
        ("missing-standfirst", "standfirst", "error"),
        ("missing-byline", "byline", "warning"),
    ]
    article.language = "fr"
    assert "unknown-language" in codes(article)


def test_the_byline_of_a_revision_is_its_own():
    article = make.make_article()
    Contribution.objects.all().delete()
    assert codes(article) == ["missing-byline"]
    save_article(user=None, article=article, based_on=1, contributors=[make.make_contributor()])
    assert codes(article) == []


@pytest.mark.parametrize(("length", "problems"), [(60, []), (61, ["long-title"])])
def test_a_title_is_too_long_for_a_search_result(length, problems):
    assert codes(make.make_article(title="x" * length)) == problems


class TestFacts:
    def test_a_value_that_moved_on_since_it_was_compared_with_the_passage(self, season):
        passage = make.make_passage()
        make.make_citation(season, "status", passage, says="renewed")
        article = about(season, passage)
        assert found(article) == []
        Season.objects.update(status="cancelled")
        [problem] = found(article)
        assert (problem.code, problem.place) == ("unconfirmed", Place(0, 0, 7))
        assert problem.where == f"{passage.key} season:narcos/2:status: renewed → cancelled"
        assert problem.about == Fact(season, "status")
        assert "“Status” (Narcos, season 2) was “renewed”" in problem.message

    def test_another_passage_s_citation_is_not_this_article_s(self, season):
        passage = make.make_passage()
        make.make_citation(season, "status", make.make_passage(), says="renewed")
        make.make_citation(season, "status", passage, says="renewed")
        Citation.objects.exclude(passage=passage).update(checked_value="cancelled")
        assert found(about(season, passage)) == []

    def test_values_differ_without_a_decision_and_not_with_one(self, season):
        ours, theirs = make.make_passage(), make.make_passage()
        make.make_citation(season, "premiere", ours, says="2020", checked_value="")
        Season.objects.update(premiere="2020")
        season.refresh_from_db()
        Citation.objects.update(checked_value="2020")
        contradiction = {"stance": "contradicts", "says": "2021"}
        make.make_citation(season, "premiere", theirs, **contradiction)
        article = about(season, ours)
        [differing] = found(article, "differing")
        assert differing.where == "season:narcos/2:premiere: 2020 ≠ 2021"
        assert f"“{theirs.source.title}” says: 2021" in differing.message
        overruled = [{"passage": theirs.key, "says": "2021"}]
        make.make_decision(season, "premiere", overruled=overruled)
        assert found(article, "differing") == []

    def test_what_the_article_does_not_cite_a_value_from_is_not_its_matter(self, season):
        silent = make.make_passage()
        make.make_citation(season, "status", silent, stance="mentions", checked_value="")
        make.make_citation(season, "status", make.make_passage(), says="renewed")
        make.make_citation(season, "status", make.make_passage(), stance="contradicts", says="cancelled")
        assert found(about(season, silent)) == []

    def test_another_season_s_facts_are_not_this_article_s_matter(self, season):
        passage = make.make_passage()
        make.make_citation(season, "status", passage, says="renewed")
        make.make_citation(season, "status", make.make_passage(), stance="contradicts", says="cancelled")
        other = make.make_season(series=season.series, number=3)
        assert found(about(other, passage)) == []
        assert "differing" in codes(about(season, passage))
        whole = make.make_article(series=season.series, body=cited(passage))
        assert "differing" in codes(whole)
        assert found(make.make_article(body=cited(passage))) == []

    def test_casts_statements_and_credits_are_looked_at(self, season):
        series, theirs = season.series, make.make_season()
        records = [
            make.make_cast_entry(season=season),
            make.make_statement(season=season),
            make.make_statement(series=series),
            make.make_statement(character=make.make_character(series=series)),
            make.make_crew_credit(series=series),
            make.make_episode(season=season),
            make.make_cast_entry(season=theirs),
            make.make_statement(season=theirs),
            make.make_statement(person=make.make_person()),
        ]
        fields = ["status", "value", "value", "value", "job", "aired", "status", "value", "value"]
        passages = []
        for record, field in zip(records, fields, strict=True):
            passages.append(make.make_passage())
            make.make_citation(record, field, passages[-1], checked_value="before")
        looked_at = {one.about.record for one in found(about(season, *passages), "unconfirmed")}
        assert looked_at == set(records[:6])

    def test_a_source_is_the_only_voice_for_a_contested_fact(self, season):
        ours, theirs = make.make_passage(), make.make_passage()
        make.make_citation(season, "status", ours, says="renewed")
        make.make_citation(season, "status", theirs, stance="contradicts", says="cancelled")
        [alone] = found(about(season, ours), "only-voice")
        assert f"“{ours.source.title}” is the only source that says “renewed”" in alone.message
        [other] = found(about(season, theirs), "only-voice")
        assert f"“{theirs.source.title}” is the only source that says “cancelled”" in other.message
        # Who cites both sides tells of the dispute.
        assert found(about(season, ours, theirs), "only-voice") == []
        # A second source makes it two voices, unless it took it from the first.
        second = make.make_passage(make.make_source(derives_from=ours.source))
        make.make_citation(season, "status", second, says="renewed")
        assert found(about(season, ours), "only-voice")
        make.make_citation(season, "status", make.make_passage(), says="renewed")
        assert found(about(season, ours), "only-voice") == []

    def test_what_nobody_contests_needs_no_second_voice(self, season):
        passage = make.make_passage()
        make.make_citation(season, "status", passage, says="renewed")
        assert found(about(season, passage)) == []


class TestSpoilers:
    @pytest.fixture
    def felix(self, season):
        character = make.make_character(series=season.series, name="Miguel Félix Gallardo")
        make.make_alias(character=character, text="El Padrino")
        return make.make_statement(
            character=character, label="Fate", value="arrested and imprisoned", gives_away=season
        )

    @pytest.fixture
    def first(self, season):
        return make.make_season(series=season.series, number=1)

    @pytest.mark.parametrize(
        "title", ["The night Felix is arrested", "El Padrino in prison", "Arrested and imprisoned!"]
    )
    def test_a_title_gives_away_what_the_page_does_not_say_that_it_spoils(self, felix, season, first, title):
        given = {"series": season.series, "title": title}
        [problem] = found(make.make_article(**given))
        assert (problem.code, problem.where, problem.field) == ("spoiler-title", title, "title")
        assert problem.about == felix
        assert codes(make.make_article(**given, spoils_through=first)) == ["spoiler-title"]
        assert codes(make.make_article(**given, spoils_through=season)) == []
        assert codes(make.make_article(title=title, series=make.make_series())) == []
        assert codes(make.make_article(title=title)) == ["spoiler-title"]

    def test_a_spoiler_free_title_gives_nothing_away(self, felix, season):
        article = make.make_article(
            series=season.series, spoiler_free_title="Félix dies?", spoils_through=season, title="Félix dies"
        )
        assert codes(article) == ["spoiler-free-title"]

    def test_a_standfirst_gives_nothing_away_in_its_own_language(self, felix, season):
        given = {"series": season.series, "standfirst": "Die Staffel, in der\r\nFélix verhaftet wird."}
        [problem] = found(make.make_article(**given, language="de"))
        assert (problem.code, problem.field) == ("spoiler-standfirst", "standfirst")
        assert problem.where == "Die Staffel, in der Félix verhaftet wird."
        assert codes(make.make_article(**{**given, "standfirst": "Félix, die Staffel"}, language="de")) == []

    def test_a_photo_gives_away_what_the_page_does_not_say_that_it_spoils(self, season, first):
        photo = make.make_photo(gives_away=season)
        given = {"series": season.series, "photo": photo}
        [problem] = found(make.make_article(**given, spoils_through=first))
        assert (problem.code, problem.where, problem.about) == ("spoiler-photo", photo.slug, photo)
        assert codes(make.make_article(**given)) == ["spoiler-photo"]
        assert codes(make.make_article(**given, spoils_through=season)) == []
        assert codes(make.make_article(**given, spoils_through=make.make_season(number=9))) == [
            "spoiler-photo"
        ]


def crowded(count: int):
    """An article with `count` of everything that is looked for, and everything wrong with it."""
    series = make.make_series()
    season = make.make_season(series=series, number=1)
    passages, paths = [], []
    for number in range(count):
        character = make.make_character(series=series, name=f"Kiki {number}")
        make.make_alias(character=character)
        statement = make.make_statement(character=character, gives_away=season)
        entry = make.make_cast_entry(season=season)
        for record, field in ((statement, "value"), (entry, "status")):
            passage = make.make_passage(make.make_source(derives_from=make.make_source()))
            passages.append(passage)
            make.make_citation(record, field, passage, checked_value="before", says="this")
            make.make_citation(record, field, make.make_passage(), stance="contradicts", says="that")
        paths += [entry.person.get_absolute_url(), f"/news/none-{number}/", passage.source.get_absolute_url()]
        paths += [f"/series/none-{number}/", f"/series/none/season-{number}/"]
    links = "".join(f'<p>See <a href="{path}">there</a>.</p>' for path in paths)
    return make.make_article(
        series=series,
        season=season,
        title="Kiki dies " * 10,
        photo=make.make_photo(gives_away=season, alt="", credit=""),
        body=cited(*passages) + links,
    )


def test_the_checks_ask_the_database_as_often_for_much_as_for_little():
    counts = []
    for count in (3, 30):
        article = crowded(count)
        examine(article).problems  # noqa: B018 - kinds of records are cached
        with CaptureQueriesContext(connection) as queries:
            problems = problems_of(article)
        counts.append(len(queries))
        by_code = [one.code for one in problems]
        assert by_code.count("unconfirmed") == by_code.count("broken-link") // 2 == 2 * count
        assert {"spoiler-title", "spoiler-photo", "missing-alt", "long-title"} <= set(by_code)
    assert counts[0] == counts[1] <= 40


def test_a_revision_is_checked_as_it_was_saved(season):
    article = make.make_article(series=season.series, photo=make.make_photo(alt=""))
    assert codes(article) == ["missing-alt"]
    article.photo, article.series = None, Series.objects.create(slug="other", title="Other")
    assert codes(article) == []

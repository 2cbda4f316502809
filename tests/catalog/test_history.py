from __future__ import annotations

import datetime
import re
from html import unescape

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone, translation
from django.utils.http import http_date, parse_http_date

from catalog.dates import PartialDate
from catalog.sheets import season_sheet
from editorial.embeds import load_embeds
from tests.factories import make_citation, make_decision, make_passage, make_season, make_series, make_source
from tests.newsroom import import_newsroom

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

OLD, NEW = PartialDate(2018, 12, 5), PartialDate(2019, 12, 17)


def cite(record, field, says="", *, published=None, stance="supports", exact="the words", **source):
    passage = make_passage(make_source(published=published, **source), exact)
    return make_citation(record, field, passage, says=says, stance=stance)


def told(season) -> dict[str, list[tuple[str, list[tuple[str, str]]]]]:
    """Each field's timeline: the date of each source with its sayings and their verdicts."""
    return {
        history.label: [
            (str(voice.source.published or ""), [(one.words, one.verdict) for one in voice.sayings])
            for voice in (*history.dated, *history.undated)
        ]
        for history in season_sheet(season).histories
    }


def text_of(html: str, start: str) -> str:
    """The words of the page from `start` on, without tags and with single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html[html.index(start) :])).split())


def test_what_was_known_is_told_in_the_order_of_the_sources_dates():
    season = make_season(premiere=PartialDate(2020, 2, 13))
    cite(season, "premiere", "2020-02", stance="mentions")
    cite(season, "premiere", "2020-02-13", published=NEW)
    cite(season, "premiere", "not announced", stance="mentions", published=OLD)
    assert told(season) == {
        "Premiere": [
            ("2018-12-05", [("not announced", "earlier")]),
            ("2019-12-17", [("13 February 2020", "agrees")]),
            ("", [("February 2020", "vaguer")]),
        ]
    }


def test_a_field_of_which_one_thing_was_said_has_no_timeline():
    season = make_season(status="available", renewed=OLD)
    cite(season, "status", "available")
    cite(season, "status", stance="mentions")
    cite(season, "renewed", "2018-12-05", published=OLD)
    assert told(season) == {}


def test_a_value_that_readers_do_not_see_has_no_timeline():
    season = make_season(status="available")
    cite(season, "status", "renewed", stance="mentions")
    cite(season, "status", "upcoming", stance="contradicts")
    assert told(season) == {}


def test_an_earlier_value_is_marked_as_earlier_and_not_as_a_difference(client):
    season = make_season(status="available")
    cite(season, "status", "available")
    cite(season, "status", "renewed", stance="mentions", exact="was renewed")
    html = client.get(season.get_absolute_url()).content.decode()
    assert "sources differ" not in html
    assert "available 1 earlier renewed 2" in text_of(html, "<dl")


def test_the_page_shows_date_words_footnote_and_source_of_each_statement(client):
    season = make_season(premiere=PartialDate(2020, 2, 13))
    cite(season, "premiere", "13. Februar", title="Ausblick", language="de", exact="startet am 13. Februar")
    cite(season, "premiere", "2020-02-13", published=NEW, title="First look", publisher="Netflix")
    cite(season, "premiere", "2020-03-01", stance="contradicts", title="Rumours")
    cite(season, "premiere", stance="mentions", exact="the premiere of")
    html = client.get(season.get_absolute_url()).content.decode()
    assert '<time datetime="2019-12-17">17 December 2019</time>' in html
    shown = text_of(html, '<section class="block" aria-labelledby="known-heading">')
    assert "Premiere 17 December 2019 13 February 2020 2 First look , Netflix undated" in shown
    assert "13. Februar 1 Ausblick" in shown
    assert "1 March 2020 3 differs Rumours" in shown
    assert "Mentioned without a value: 4" in shown
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)


def test_what_is_said_is_escaped(client):
    season = make_season(premiere=PartialDate(2020, 2, 13))
    cite(season, "premiere", "2020-02-13")
    cite(season, "premiere", "<script>alert(1)</script>", stance="contradicts", title="<b>bold</b>")
    html = client.get(season.get_absolute_url()).content.decode()
    assert "<script>alert" not in html
    assert "<b>bold" not in html


def test_a_page_says_which_sources_are_one_voice(client):
    season = make_season(premiere=PartialDate(2020, 2, 13))
    origin = make_source(title="The announcement")
    make_citation(season, "premiere", make_passage(origin), says="2020-02-13")
    cite(season, "premiere", "13 February 2020", derives_from=origin)
    html = client.get(season.get_absolute_url()).content.decode()
    assert html.count("after “The announcement”: the two count as one voice") == 1


def decide_on(season, citation, **fields):
    overruled = [{"passage": citation.passage.key, "says": citation.says}]
    return make_decision(season, "premiere", overruled=overruled, **fields)


def test_a_settled_value_says_why_the_desk_follows_it(client):
    season = make_season(premiere=PartialDate(2020, 2, 13))
    cite(season, "premiere", "2020-02-13", title="First look")
    other = cite(season, "premiere", "2020-03-01", stance="contradicts", title="Rumours")
    decide_on(season, other, reason="The network <announced> it.")
    html = client.get(season.get_absolute_url()).content.decode()
    panel = text_of(html, "<dl")
    assert "13 February 2020 1 sources differ 1 March 2020 2 The desk follows this value:" in panel
    assert "The network <announced> it." in panel
    assert "<announced>" not in html
    timeline = text_of(html, '<section class="block" aria-labelledby="known-heading">')
    assert "Premiere Sources differ; the desk follows this value: The network <announced> it." in timeline
    assert "1 March 2020 2 differs Rumours" in timeline


def test_what_was_called_earlier_is_told_with_the_reason(client):
    season = make_season(premiere=PartialDate(2020, 2, 13))
    cite(season, "premiere", "2020-02-13")
    other = cite(season, "premiere", "2020-03-01", stance="earlier")
    decide_on(season, other, reason="It was brought forward.")
    html = client.get(season.get_absolute_url()).content.decode()
    assert "ources differ" not in html
    assert "earlier 1 March 2020 2 The desk follows this value: It was brought forward." in text_of(
        html, "<dl"
    )


def test_a_decision_that_no_longer_counts_is_not_shown(client):
    season = make_season(premiere=PartialDate(2020, 2, 13))
    cite(season, "premiere", "2020-02-13")
    decide_on(
        season, cite(season, "premiere", "2020-03-01", stance="contradicts"), reason="Once upon a time."
    )
    cite(season, "premiere", "2020-04-01", stance="contradicts")
    html = client.get(season.get_absolute_url()).content.decode()
    assert "sources differ" in html
    assert "Once upon a time." not in html


def test_a_decision_makes_the_page_a_new_one(client):
    season = make_season(premiere=PartialDate(2020, 2, 13))
    cite(season, "premiere", "2020-02-13")
    other = cite(season, "premiere", "2020-03-01", stance="contradicts")
    path = season.get_absolute_url()
    before = client.get(path).headers["Last-Modified"]
    assert client.get(path, headers={"If-Modified-Since": before}).status_code == 304
    later = timezone.now().replace(microsecond=0) + datetime.timedelta(hours=1)
    decide_on(season, other, at=later)
    response = client.get(path, headers={"If-Modified-Since": before})
    assert response.status_code == 200
    assert parse_http_date(response.headers["Last-Modified"]) == later.timestamp()
    assert client.get(path, headers={"If-Modified-Since": http_date(later.timestamp())}).status_code == 304


def test_a_season_without_timelines_has_no_heading_for_them(client):
    season = make_season(status="available")
    cite(season, "status", "available")
    assert "What was known when" not in client.get(season.get_absolute_url()).content.decode()


def test_the_timeline_takes_as_many_queries_with_3_statements_as_with_30(
    client, django_assert_max_num_queries
):
    counts = set()
    for count in (3, 30):
        season = make_season(status="available", premiere=PartialDate(2020), series=make_series())
        for _ in range(count):
            for field, says in (("status", "available"), ("premiere", "2020"), ("premiere", "2019")):
                cite(season, field, says, derives_from=make_source())
            make_decision(season, "premiere")
        ContentType.objects.clear_cache()
        with django_assert_max_num_queries(12) as counted:
            assert client.get(season.get_absolute_url()).status_code == 200
        counts.add(len(counted))
    assert len(counts) == 1


def test_the_demo_tells_how_the_second_season_came_to_be(client):
    import_newsroom()
    html = client.get("/series/narcos-mexico/season-2/").content.decode()
    shown = text_of(html, '<section class="block" aria-labelledby="known-heading">')
    for told_there in (
        r"Status 5 December 2018 renewed \d+ earlier",
        r"upcoming \d+ differs available \d+",
        r"in post-production \d+ earlier filming \d+ earlier",
        r"Premiere 5 December 2018 not announced \d+ earlier .* 17 December 2019 13 February 2020 \d+",
        r"February 2020 \d+ \d+ less exact 13 February 2020 \d+",
        r"Renewed 5 December 2018 5 December 2018",
        r"Filming ended undated still filming \d+ differs June 2019 \d+",
    ):
        assert re.search(told_there, shown), told_there


def test_an_embedded_panel_marks_earlier_values_too():
    import_newsroom()
    embed = load_embeds(["facts narcos-mexico/2"], language="de")["facts narcos-mexico/2"]
    with translation.override("de"):
        status = next(fact for fact in embed.groups[0].facts if [one.says for one in fact.earlier][1:])
    assert len(status.earlier) == 3
    assert len(status.variants) == 1

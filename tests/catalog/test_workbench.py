"""A text cut at its passages, and where the passages of a source stand in each of its texts."""

from __future__ import annotations

import datetime
import html

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import Passage, Reanchoring, Recapture, Snapshot
from catalog.templatetags.workbench import every_character
from catalog.workbench import Bench, Segment, Span, bench_of, current_snapshot, segments
from tests import factories as make

OLD = "It returns in 2020. Nobody asked why."
NEW = "Yes: it returns in 2020. Nobody asked."


@st.composite
def texts_and_spans(draw) -> tuple[str, list[Span]]:
    text = draw(st.text(min_size=1, max_size=60))
    places = st.tuples(*[st.integers(0, len(text))] * 2).filter(lambda place: place[0] != place[1])
    spans = draw(st.lists(places, max_size=12))
    states = st.sampled_from(["verified", "moved", "changed", "lost", "withdrawn"])
    return text, [Span(n, min(span), max(span), draw(states)) for n, span in enumerate(spans, start=1)]


@given(texts_and_spans())
def test_segments_are_the_text_and_each_span_is_the_union_of_its_own(given_):
    text, spans = given_
    found = segments(text, spans)
    assert "".join(segment.text for segment in found) == text
    assert all(segment.text == text[segment.start : segment.end] != "" for segment in found)
    for span in spans:
        own = [segment for segment in found if span.number in segment.passages]
        assert "".join(segment.text for segment in own) == text[span.start : span.end]
        assert (own[0].start, own[-1].end) == (span.start, span.end)
        assert [span.number in segment.begins for segment in own] == [True, *[False] * (len(own) - 1)]
        assert [span.number in segment.ends for segment in own] == [*[False] * (len(own) - 1), True]
    for segment in found:
        firm = {span.number for span in spans if span.firm}
        assert segment.doubtful is (bool(segment.passages) and firm.isdisjoint(segment.passages))


def test_overlapping_passages_are_cut_where_either_begins_or_ends():
    found = segments("one two three", [Span(1, 0, 7), Span(2, 4, 13)])
    assert [(one.text, one.passages, one.depth) for one in found] == [
        ("one ", (1,), 1),
        ("two", (1, 2), 2),
        (" three", (2,), 1),
    ]
    assert [(one.label, one.ends) for one in found] == [("1", ()), ("2", (1,)), ("", (2,))]


def test_a_text_without_passages_is_one_segment():
    assert segments("one", []) == [Segment(0, 3, "one")]


@given(st.text(st.sampled_from("\r\n<&'a🎬")))
def test_a_browser_is_given_every_character_of_a_text(text):
    written = every_character(text)
    assert html.unescape(written) == text
    assert "\r" not in written


@pytest.fixture
def recaptured(db):
    """A source with an older and a newer text, and three passages: moved on, changed and lost."""
    old = make.make_snapshot(text=OLD, captured_at=timezone.now() - datetime.timedelta(days=9))
    source = old.source
    new = make.make_snapshot(source, text=NEW)
    recapture = Recapture.objects.create(source=source, snapshot=new, at=timezone.now())
    moved = make.make_passage(source, exact="it returns", snapshot=new, start=5, state="moved")
    changed = make.make_passage(source, exact=OLD[20:36], snapshot=old, start=20, state="changed")
    lost = make.make_passage(source, exact="why", snapshot=old, start=33, state="lost")
    went(recapture, moved, old, (0, 10), (5, 15))
    went(recapture, changed, old, (20, 36), (25, 37))
    went(recapture, lost, old, (33, 36), (None, None))
    return source, old, new


def went(recapture: Recapture, passage: Passage, taken_from: Snapshot, there: tuple, now: tuple) -> None:
    """The passage stood `there` and was found in its present state `now`."""
    Reanchoring.objects.create(
        recapture=recapture,
        passage=passage,
        taken_from=taken_from,
        start=there[0],
        end=there[1],
        state=passage.state,
        new_start=now[0],
        new_end=now[1],
        similarity=1,
    )


def spans(bench: Bench) -> dict[int, tuple[int, int, str] | None]:
    return {
        card.passage.number: card.span and (card.span.start, card.span.end, card.span.state)
        for card in bench.cards
    }


def test_the_current_text_shows_where_changed_words_seem_to_have_gone_and_leaves_lost_ones_out(recaptured):
    source, _old, new = recaptured
    assert current_snapshot(source) == new
    bench = bench_of(source, new, current=new)
    assert spans(bench) == {1: (5, 15, "moved"), 2: (25, 37, "changed"), 3: None}
    assert [segment.text for segment in bench.segments if segment.doubtful] == ["Nobody asked"]
    assert (bench.waiting, bench.review) == (3, source.recaptures.get().pk)


def test_an_older_text_shows_every_passage_that_stood_there(recaptured):
    source, old, new = recaptured
    bench = bench_of(source, old, current=new)
    assert not bench.is_current
    assert spans(bench) == {1: (0, 10, "verified"), 2: (20, 36, "changed"), 3: (33, 36, "lost")}


def test_a_span_that_its_text_does_not_have_is_not_shown(db):
    passage = make.make_passage()
    other = make.make_snapshot(passage.source, text="Short", captured_at=timezone.now())
    recapture = Recapture.objects.create(source=passage.source, snapshot=passage.snapshot, at=timezone.now())
    went(recapture, passage, other, (2, 90), (0, 9))
    assert spans(bench_of(passage.source, other, current=other)) == {1: None}


def test_cards_stand_in_the_order_of_the_text_and_say_what_each_supports(db):
    snapshot = make.make_snapshot(text="One. Two.")
    second = make.make_passage(snapshot.source, exact="Two", snapshot=snapshot, start=5)
    first = make.make_passage(snapshot.source, exact="One", snapshot=snapshot)
    season = make.make_season(premiere="2020-02")
    make.make_citation(season, "premiere", first, says="February 2020")
    make.make_citation(season, "premiere", second, checked_value="2019")
    make.make_citation(season, "", second, stance="mentions")
    bench = bench_of(snapshot.source, snapshot, current=snapshot)
    assert [card.passage for card in bench.cards] == [first, second]
    [held], [doubted, mentioned] = (card.cited for card in bench.cards)
    assert (held.label, held.field, held.says) == (f"Season: {season}", "Premiere", "February 2020")
    assert (held.standing, doubted.standing, mentioned.standing) == ("verified", "unconfirmed", "")
    assert (doubted.checked, doubted.now) == ("2019", "2020-02")
    assert mentioned.field == "The whole record"


def test_a_source_is_quoted_from_a_text_that_is_here_rather_than_from_a_newer_one_that_is_not(db):
    snapshot = make.make_snapshot(captured_at=timezone.now() - datetime.timedelta(days=9))
    away = make.make_snapshot(snapshot.source, text=None, sha256=make.sha256("away"), length=4)
    assert current_snapshot(snapshot.source) == snapshot
    assert current_snapshot(make.make_source()) is None
    assert current_snapshot(away.source) != away

"""Sources captured again: what becomes of their passages, and what people decide."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.actions import (
    PassageLost,
    QuoteRefused,
    ReasonRefused,
    RecaptureRefused,
    RecaptureSettled,
    SelectionRefused,
    add_passage,
    attach_text,
    capture_document,
    capture_snapshot,
    confirm_reanchoring,
    preview_recapture,
    reselect_passage,
    reselect_quoted,
    withdraw_passage,
)
from catalog.capture import sha256_of
from catalog.folding import search_key
from catalog.models import Citation, Passage, Reanchoring, Recapture, Season, Snapshot
from tests.factories import (
    make_citation,
    make_passage,
    make_season,
    make_series,
    make_snapshot,
    make_source,
    make_user,
)

pytestmark = pytest.mark.django_db

SAME = "Season two arrives in February."
CHANGED = "Diego Luna returns as Félix Gallardo with ten new episodes."
MOVED = "Scoot McNairy takes over the narration from the first season."
LOST = "The writers' room closed before the summer."
FILLER = "\n\n".join(
    f"Paragraph {number} speaks of other things, such as {word}, at some length and for its own sake."
    for number, word in enumerate(["weather", "music", "traffic", "bread", "paint", "boats"])
)
OLD = "\n\n".join([SAME, CHANGED, LOST, FILLER, MOVED, "The end of it."])
NEW_WORDS = "Diego Luna returns as Félix Gallardo with nine new episodes."
NEW = "\n\n".join(["An editor's note.", MOVED, SAME, NEW_WORDS, FILLER, "The end of it."])


@pytest.fixture
def source():
    source = make_source(slug="guide")
    capture(source, OLD)
    for words in (SAME, CHANGED, MOVED, LOST):
        add_passage(user=None, source=source, quote=words)
    return source


def capture(source, text):
    return capture_document(user=None, source=source, text=text, method="paste", accepted={})


def outcomes(captured) -> dict[int, str]:
    return dict(captured.recapture.reanchorings.values_list("passage__number", "state"))


def states(source) -> dict[int, str]:
    return dict(source.passages.values_list("number", "state"))


def all_stand(source) -> bool:
    """Whether every passage has the words of its span, with what is kept beside them."""
    return all(
        one.snapshot.text[one.start : one.end] == one.exact
        and one.sha256 == sha256_of(one.exact)
        and one.words_key == search_key(one.exact)
        and one.snapshot.text[: one.start].endswith(one.prefix)
        and one.snapshot.text[one.end :].startswith(one.suffix)
        for one in source.passages.select_related("snapshot")
    )


def row_of(source, number) -> Reanchoring:
    return Reanchoring.objects.filter(passage__source=source, passage__number=number).latest("pk")


def test_each_passage_is_found_again_or_waits_where_its_words_last_stood(source):
    old = Snapshot.objects.get()
    before = dict(source.passages.values_list("number", "updated_at"))
    captured = capture(source, NEW)
    assert outcomes(captured) == {1: "verified", 2: "changed", 3: "moved", 4: "lost"}
    assert states(source) == outcomes(captured)
    assert all_stand(source)
    stands = dict(source.passages.values_list("number", "snapshot"))
    assert stands == {1: captured.snapshot.pk, 2: old.pk, 3: captured.snapshot.pk, 4: old.pk}
    assert all(one.updated_at > before[one.number] for one in source.passages.all())
    changed = row_of(source, 2)
    assert (changed.taken_from, OLD[changed.start : changed.end]) == (old, CHANGED)
    assert NEW[changed.new_start : changed.new_end] == NEW_WORDS
    assert 0.7 < changed.similarity < 1
    assert Snapshot.objects.current_of(source) == captured.snapshot


def test_the_first_capture_is_no_recapture():
    source = make_source()
    assert preview_recapture(source, OLD) is None
    assert capture(source, OLD).recapture is None
    assert not Recapture.objects.exists()


def test_the_preview_says_what_the_capture_then_does_and_writes_nothing(source):
    preview = preview_recapture(source, NEW)
    assert (preview.refusal, preview.not_compared) == ("", 0)
    assert preview.counts == {"verified": 1, "changed": 1, "moved": 1, "lost": 1}
    assert set(states(source).values()) == {"verified"}
    assert Snapshot.objects.count() == 1
    assert capture(source, NEW).recapture.reanchorings.count_by_outcome() == preview.counts


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("  \n ", "is empty"),
        (OLD[: len(OLD) // 3], "less than half as long"),
        (OLD[: len(OLD) * 3 // 4] + "\nSubscribe to continue reading.", "asks readers to subscribe"),
    ],
)
@pytest.mark.parametrize("way", [capture_snapshot, capture_document])
def test_an_empty_shortened_or_paywalled_text_is_refused_and_changes_nothing(source, text, reason, way):
    before = list(Passage.objects.order_by("pk").values())
    more = {"accepted": {"author": "Somebody"}} if way is capture_document else {}
    with pytest.raises(RecaptureRefused, match=reason):
        way(user=None, source=source, text=text, method="paste", **more)
    assert reason in preview_recapture(source, text).refusal
    assert list(Passage.objects.order_by("pk").values()) == before
    assert (Snapshot.objects.count(), Recapture.objects.count()) == (1, 0)
    source.refresh_from_db()
    assert source.author == ""


def test_the_same_text_again_makes_neither_snapshot_nor_recapture(source):
    captured = capture(source, OLD)
    assert (captured.was_here, captured.recapture) == (True, None)
    assert Snapshot.objects.count() == 1
    assert preview_recapture(source, OLD).counts == {}


def test_a_source_that_goes_back_verifies_what_it_had_lost(source):
    old = Snapshot.objects.get()
    capture(source, NEW)
    captured = capture(source, OLD)
    assert captured.snapshot == old
    assert outcomes(captured) == {1: "verified", 2: "verified", 3: "moved", 4: "verified"}
    assert states(source) == outcomes(captured)
    assert set(source.passages.values_list("snapshot", flat=True)) == {old.pk}
    assert all_stand(source)
    assert Snapshot.objects.current_of(source) == old
    assert set(
        Reanchoring.objects.filter(resolution="superseded").values_list("passage__number", flat=True)
    ) == {
        2,
        3,
        4,
    }
    assert add_passage(user=None, source=source, quote="The end of it").snapshot == old


def test_a_source_may_go_back_to_a_text_that_is_much_shorter():
    source = make_source()
    short = capture(source, SAME).snapshot
    capture(source, OLD)
    assert capture(source, SAME).snapshot == short


def test_a_later_capture_supersedes_what_waited(source):
    capture(source, NEW)
    captured = capture(source, NEW + "\n\nOne more line.")
    assert outcomes(captured) == {1: "verified", 2: "changed", 3: "verified", 4: "lost"}
    first = {row.passage.number: row for row in Recapture.objects.last().reanchorings.all()}
    assert {number: row.resolution for number, row in first.items()} == {
        1: "",
        2: "superseded",
        3: "superseded",
        4: "superseded",
    }
    assert first[2].resolved_at is not None
    assert Reanchoring.objects.open().count() == 2
    assert row_of(source, 2).taken_from.text == OLD
    with pytest.raises(RecaptureSettled, match="settled by a later capture"):
        confirm_reanchoring(user=None, reanchoring=first[2])


def test_passages_whose_text_is_not_here_are_counted_and_compared_once_it_is():
    source = make_source()
    waiting = make_snapshot(source, None, sha256=sha256_of(OLD), length=len(OLD))
    passage = make_passage(source, SAME, "unattached", snapshot=waiting)
    capture(source, OLD.replace("end", "close"))
    assert preview_recapture(source, NEW).not_compared == 1
    captured = capture(source, NEW)
    assert (captured.not_compared, outcomes(captured)) == (1, {})
    attach_text(OLD)
    assert preview_recapture(source, NEW).counts == {"verified": 1}
    again = capture(source, NEW)
    assert (again.was_here, again.not_compared, outcomes(again)) == (True, 0, {1: "verified"})
    passage.refresh_from_db()
    assert passage.snapshot == captured.snapshot


def test_a_lost_passage_without_words_is_compared_with_nothing():
    """A bundle may bring one whose place does not hold its words: no capture makes it stand there."""
    source = make_source()
    waiting = make_snapshot(source, None, sha256=sha256_of(OLD), length=len(OLD))
    for state in ("lost", "withdrawn"):
        passage = make_passage(source, SAME, state, snapshot=waiting, start=OLD.index(SAME) + 1)
        Passage.objects.filter(pk=passage.pk).update(exact="")
    capture(source, OLD.replace("end", "close"))
    assert preview_recapture(source, NEW).not_compared == 1
    for text in (NEW, OLD):
        captured = capture(source, text)
        assert outcomes(captured) == {}
    assert states(source) == {1: "lost", 2: "withdrawn"}


def test_a_passage_that_was_withdrawn_is_left_alone(source):
    capture(source, NEW)
    withdraw_passage(user=None, reanchoring=row_of(source, 4), reason="It was cut.")
    assert 4 not in outcomes(capture(source, OLD))
    assert states(source)[4] == "withdrawn"


def test_an_excerpt_stays_while_its_words_do():
    source = make_source()
    capture(source, OLD)
    passage = add_passage(user=None, source=source, quote=CHANGED)
    Passage.objects.filter(pk=passage.pk).update(excerpt="…returns as Félix Gallardo…")
    capture(source, NEW)
    confirm_reanchoring(user=None, reanchoring=row_of(source, 1))
    passage.refresh_from_db()
    assert passage.excerpt == "…returns as Félix Gallardo…"
    Passage.objects.filter(pk=passage.pk).update(excerpt="nine new episodes.")
    capture(source, OLD)
    confirm_reanchoring(user=None, reanchoring=row_of(source, 1))
    passage.refresh_from_db()
    assert passage.excerpt == "Diego Luna returns as Félix Gallardo with ten new episodes."


def test_a_confirmed_change_takes_the_new_words_and_keeps_its_citations(source):
    passage = source.passages.get(number=2)
    citation = make_citation(make_season(premiere="2020-02"), "premiere", passage)
    captured = capture(source, NEW)
    user = make_user("Fact-checkers")
    confirm_reanchoring(user=user, reanchoring=row_of(source, 2))
    passage.refresh_from_db()
    assert (passage.state, passage.exact, passage.snapshot) == ("verified", NEW_WORDS, captured.snapshot)
    assert all_stand(source)
    row = row_of(source, 2)
    assert (row.resolution, row.resolved_by) == ("confirmed", user)
    assert list(passage.citations.all()) == [citation]


def test_a_confirmed_move_is_verified(source):
    capture(source, NEW)
    confirm_reanchoring(user=None, reanchoring=row_of(source, 3))
    assert states(source)[3] == "verified"
    assert all_stand(source)


def test_a_lost_passage_cannot_be_confirmed(source):
    capture(source, NEW)
    with pytest.raises(PassageLost, match=r"guide#4 stand nowhere"):
        confirm_reanchoring(user=None, reanchoring=row_of(source, 4))
    assert states(source)[4] == "lost"


def test_a_passage_is_selected_anew_under_its_number(source):
    captured = capture(source, NEW)
    start = NEW.index("An editor's note.")
    reselect_passage(
        user=None, reanchoring=row_of(source, 4), start=start, end=start + 18, exact="An editor's note."
    )
    passage = source.passages.get(number=4)
    assert (passage.exact, passage.state, passage.snapshot) == (
        "An editor's note.",
        "verified",
        captured.snapshot,
    )
    assert passage.excerpt == "An editor's note."
    assert all_stand(source)
    assert row_of(source, 4).resolution == "re-selected"


def test_words_selected_anew_must_be_those_of_the_text(source):
    capture(source, NEW)
    row = row_of(source, 4)
    with pytest.raises(SelectionRefused, match="others than those selected"):
        reselect_passage(user=None, reanchoring=row, start=0, end=17, exact="An author's note.")
    with pytest.raises(QuoteRefused, match="do not stand"):
        reselect_quoted(user=None, reanchoring=row, quote=LOST)
    with pytest.raises(QuoteRefused, match="more than once"):
        reselect_quoted(user=None, reanchoring=row, quote="Paragraph")
    assert states(source)[4] == "lost"
    reselect_quoted(user=None, reanchoring=row, quote="  An editor’s note. ")
    assert source.passages.get(number=4).exact == "An editor's note."


def test_a_withdrawn_passage_leaves_its_citations_to_the_record_of_it(source):
    passage = source.passages.get(number=4)
    season = make_season(series=make_series(slug="narcos"), number=2, premiere="2020-02")
    make_citation(season, "premiere", passage, says="February 2020")
    make_citation(season, "", passage, stance="mentions")
    capture(source, NEW)
    before = Season.objects.get().updated_at
    with pytest.raises(ReasonRefused, match="Say why"):
        withdraw_passage(user=None, reanchoring=row_of(source, 4), reason=" \n ")
    with pytest.raises(ReasonRefused, match="501 characters"):
        withdraw_passage(user=None, reanchoring=row_of(source, 4), reason="a" * 501)
    assert Citation.objects.count() == 2
    withdraw_passage(user=None, reanchoring=row_of(source, 4), reason="The line\nwas cut.")
    row = row_of(source, 4)
    assert (row.resolution, row.reason) == ("withdrawn", "The line was cut.")
    assert row.removed == [
        {"about": "season:narcos/2:premiere", "stance": "supports", "says": "February 2020"},
        {"about": "season:narcos/2", "stance": "mentions", "says": ""},
    ]
    assert not Citation.objects.exists()
    assert states(source)[4] == "withdrawn"
    assert all_stand(source)
    assert Season.objects.get().updated_at > before


def test_what_is_settled_is_not_settled_twice(source):
    capture(source, NEW)
    row = row_of(source, 2)
    confirm_reanchoring(user=None, reanchoring=row)
    for again in (
        lambda: confirm_reanchoring(user=None, reanchoring=row),
        lambda: reselect_quoted(user=None, reanchoring=row, quote=SAME),
        lambda: withdraw_passage(user=None, reanchoring=row, reason="Gone."),
        lambda: confirm_reanchoring(user=None, reanchoring=row_of(source, 1)),
    ):
        with pytest.raises(RecaptureSettled, match="is settled already"):
            again()
    assert states(source) == {1: "verified", 2: "verified", 3: "moved", 4: "lost"}


def test_an_account_without_the_permission_decides_nothing(source):
    capture(source, NEW)
    user, row = make_user("Writers"), row_of(source, 2)
    for refused in (
        lambda: confirm_reanchoring(user=user, reanchoring=row),
        lambda: reselect_passage(user=user, reanchoring=row, start=0, end=2, exact="An"),
        lambda: reselect_quoted(user=user, reanchoring=row, quote=SAME),
        lambda: withdraw_passage(user=user, reanchoring=row, reason="Gone."),
    ):
        with pytest.raises(PermissionDenied):
            refused()
    assert states(source)[2] == "changed"


def test_a_span_that_shows_nothing_is_lost_and_stops_no_recapture(source):
    start = OLD.index("\n\n")
    blank = make_passage(source, "\n\n", snapshot=Snapshot.objects.get(), start=start, excerpt="…")
    assert outcomes(capture(source, NEW))[blank.number] == "lost"


def test_queries_do_not_grow_with_passages():
    counts = []
    for count in (3, 30):
        source = make_source()
        lines = [f"Sentence {number} of the text says {number * 7}." for number in range(count)]
        text = "\n\n".join(lines)
        snapshot = capture(source, text).snapshot
        for line in lines:
            make_passage(source, line, snapshot=snapshot, start=text.index(line))
        with CaptureQueriesContext(connection) as queries:
            capture(source, text.replace("of the text", "of this text", count // 2))
        counts.append(len(queries))
    assert counts[0] == counts[1]

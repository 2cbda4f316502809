from __future__ import annotations

import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import alignment
from catalog.anchoring import Outcome, reanchor, recapture_refusal, suggestions
from catalog.capture import capture
from catalog.folding import fold
from tests.catalog.anchoring_trials import KINDS, LENGTHS, answers, demo_texts, trials

TRIALS = 100  # of each kind and length, over each set of texts
TEXT = (
    "The plaza opens on Friday.\n\n"
    "Kiki (Michael Peña) said: “It’s the plaza system – and nothing else.” He left for Guadalajara.\n\n"
    "Diego Luna plays Félix Gallardo. The season has 8 episodes."
)

WORDS = "the plaza opens on Friday Kiki said Félix “no” 8.5 a . , 😀 Pen\u0303a co\u00adop"
words = st.sampled_from(WORDS.split())
gaps = st.sampled_from((" ", "\n\n", "\u00a0", " \n "))
texts = st.lists(st.tuples(words, gaps), min_size=1, max_size=40).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)


@st.composite
def texts_with_spans(draw):
    text = draw(texts)
    offsets = st.integers(0, len(text))
    spans = [tuple(sorted(pair)) for pair in draw(st.lists(st.tuples(offsets, offsets), max_size=5))]
    return text, [span for span in spans if fold(text[slice(*span)]).text.strip()]


def only(old: str, new: str, words: str) -> Outcome:
    """The outcome for the first place of `words` in `old`."""
    start = old.index(words)
    [outcome] = reanchor(old, new, [(start, start + len(words))])
    return outcome


def found(new: str, outcome: Outcome) -> str | None:
    return None if outcome.start is None else new[outcome.start : outcome.end]


# Trials


def rate(texts: list[str], kind: str) -> Counter:
    verdicts = Counter()
    for length in LENGTHS:
        for trial, outcome in answers(trials(texts, kind, length, TRIALS)):
            verdict = trial.verdict(outcome)
            verdicts[verdict] += 1
            assert verdict == "right" or outcome.state != "verified", trial
    return verdicts


def assert_good(kind: str, verdicts: Counter) -> None:
    total = verdicts.total()
    assert verdicts["right"] >= 0.99 * total
    if kind in ("deleted", "replaced"):
        assert verdicts["wrong"] == 0
    if kind == "deleted, lookalike":
        assert verdicts["wrong"] <= 0.02 * total


@pytest.mark.parametrize("kind", KINDS)
def test_passages_of_our_own_articles_are_found_again(kind):
    assert_good(kind, rate(demo_texts(), kind))


@pytest.mark.seeds
@pytest.mark.parametrize("kind", KINDS)
def test_passages_of_the_seed_documents_are_found_again(kind, seeds):
    documents = [capture(path.read_bytes(), limit=100_000) for path in seeds.values()]
    assert_good(kind, rate(documents, kind))


# Properties


@given(texts_with_spans())
def test_a_text_that_did_not_change_keeps_every_offset(case):
    text, spans = case
    assert reanchor(text, text, spans) == [Outcome("verified", *span, 1.0) for span in spans]


@given(texts_with_spans(), texts)
def test_outcomes_lie_within_the_new_text_and_say_the_truth(case, new):
    old, spans = case
    outcomes = reanchor(old, new, spans)
    assert outcomes == reanchor(old, new, spans)
    for (start, end), outcome in zip(spans, outcomes, strict=True):
        assert 0 <= outcome.similarity <= 1
        if outcome.state == "lost":
            assert outcome.start is outcome.end is None
            continue
        assert 0 <= outcome.start < outcome.end <= len(new)
        if outcome.state == "changed":
            assert outcome.similarity >= 0.70
        elif not unicodedata.combining(old[start]) and not unicodedata.combining(old[min(end, len(old) - 1)]):
            assert fold(found(new, outcome)).text.strip() == fold(old[start:end]).text.strip()


@given(texts, texts, texts, texts)
def test_what_is_inserted_before_or_after_a_passage_does_not_lose_it(before, middle, after, inserted):
    inserted = inserted.translate({ord(char): "x" for char in set(inserted) if char.isalnum()})
    old = f"{before}|{middle.strip()}|{after}"
    span = len(before), len(old) - len(after)
    for new in (f"{inserted}\n\n{old}", f"{old}\n\n{inserted}"):
        [outcome] = reanchor(old, new, [span])
        assert outcome.state == "verified"
        assert found(new, outcome) == old[slice(*span)]


# Single cases


@pytest.mark.parametrize(
    ("change", "words", "becomes"),
    [
        (("“It’s", "\"It's"), "It’s the plaza system", "It's the plaza system"),
        (("Peña", "Pen\u0303a"), "(Michael Peña)", "(Michael Pen\u0303a)"),
        (("Michael Peña", "Mi\u00adchael\u00a0Peña"), "Michael Peña", "Mi\u00adchael\u00a0Peña"),
        (("Kiki", "😀 Kiki"), "Michael", "Michael"),
        (("Friday.\n\n", "Friday. "), "opens on Friday.\n\nKiki", "opens on Friday. Kiki"),
    ],
)
def test_what_folding_drops_leaves_a_passage_verified_at_its_new_offsets(change, words, becomes):
    new = "An advertisement.\n\n" + TEXT.replace(*change)
    outcome = only(TEXT, new, words)
    assert outcome.state == "verified"
    assert found(new, outcome) == becomes


@pytest.mark.parametrize(
    ("change", "words", "becomes"),
    [
        (("plaza system", "palza system"), "the plaza system", "the palza system"),
        (("Luna plays", "Luna now plays"), "Diego Luna plays Félix", "Diego Luna now plays Félix"),
        (("Diego Luna", "Diegoo Luna"), "Diego Luna plays", "Diegoo Luna plays"),
        (("has 8 episodes", "has 8.5 episodes"), "The season has 8", "The season has 8.5"),
        (("The season", "This season"), "The season has 8 episodes", "This season has 8 episodes"),
        (("Guadalajara", "Guadalajaras"), "Guadalajara", "Guadalajaras"),
        (("Peña", "Pena"), "ael Peña", "ael Pena"),
    ],
)
def test_changed_words_are_changed_where_they_stand(change, words, becomes):
    new = TEXT.replace(*change)
    outcome = only(TEXT, new, words)
    assert outcome.state == "changed"
    assert found(new, outcome) == becomes


def test_a_passage_within_a_word_stays_within_it():
    new = "Now: " + TEXT
    assert found(new, only(TEXT, new, "alaja")) == "alaja"


def test_a_passage_over_paragraphs_with_an_advertisement_between_is_changed():
    words = TEXT[: TEXT.index(" He left")]
    new = TEXT.replace("Friday.\n\n", "Friday.\n\nAdvertisement\n\n")
    outcome = only(TEXT, new, words)
    assert outcome.state == "changed"
    assert found(new, outcome) == words.replace("\n\n", "\n\nAdvertisement\n\n")


def test_overlapping_and_equal_spans_have_outcomes_of_their_own():
    outcomes = reanchor(TEXT, TEXT.replace("opens", "opened"), [(4, 9), (0, 25), (0, 25)])
    assert [outcome.state for outcome in outcomes] == ["verified", "changed", "changed"]


def test_a_passage_that_stands_elsewhere_once_in_both_texts_moved():
    new = TEXT.replace("Diego Luna plays Félix Gallardo. ", "")
    new = "Diego Luna plays Félix Gallardo. " + new
    outcome = only(TEXT, new, "Diego Luna plays Félix Gallardo")
    assert (outcome.state, outcome.start, outcome.similarity) == ("moved", 0, 1.0)


def test_a_deleted_passage_is_lost_though_the_same_words_stand_elsewhere():
    old = f"{TEXT}\n\nDiego Luna plays Félix Gallardo. So much for him."
    new = old.replace("Diego Luna plays Félix Gallardo. The", "The")
    outcome = only(old, new, "Diego Luna plays Félix Gallardo")
    assert outcome == Outcome("lost", None, None, 0.0)


def test_few_characters_are_lost_rather_than_moved():
    new = "Diego Luna. " + TEXT.replace("Diego Luna plays", "He plays")
    assert only(TEXT, new, "Diego Luna").state == "lost"


def test_of_two_like_rows_the_deleted_one_is_lost_and_the_other_stays():
    old = "Role | Actor\nNarrator | Scoot McNairy\nNarrator | Unknown\nEnd"
    new = "Role | Actor\nNarrator | Unknown\nEnd"
    gone, stays = reanchor(old, new, [(13, 37), (38, 56)])
    assert gone.state == "lost"
    assert (stays.state, found(new, stays)) == ("verified", "Narrator | Unknown")


def test_a_repetitive_text_keeps_its_last_passage():
    old = "ha " * 500 + "Enough."
    new = "ha " * 510 + "Enough."
    assert found(new, only(old, new, "Enough")) == "Enough"


def test_texts_too_large_to_compare_at_once_line_up_by_what_stands_once(monkeypatch):
    monkeypatch.setattr(alignment, "_CELLS", 50)
    old = " ".join(demo_texts())
    new = "New. " + old.replace("Netflix", "Netfliks", 3)[:-200] + " End."
    start = len(old) // 2
    [outcome] = reanchor(old, new, [(start, start + 80)])
    assert outcome.state == "verified"
    assert found(new, outcome) == old[start : start + 80]


@pytest.mark.parametrize("span", [(3, 3), (5, 4), (-1, 3), (0, 10), (3, 4), (3, 6)])
def test_a_span_without_words_is_an_error(span):
    with pytest.raises(ValueError, match="is no passage"):
        reanchor("One \u00ad two", "One two", [span])


def test_suggestions_are_the_likest_places_first():
    new = TEXT.replace("plaza system", "palza sistem") + "\n\nIt was the plaza, he said, and nothing more."
    hits = suggestions(new, "It’s the plaza system – and nothing else.")
    assert new[hits[0].start : hits[0].end].startswith("It’s the palza sistem")
    assert [hit.similarity for hit in hits] == sorted((hit.similarity for hit in hits), reverse=True)
    assert len(suggestions(new, "the plaza", limit=1)) == 1
    assert suggestions(new, "Quetzalcoatl 1519") == suggestions(new, " ") == []


# Refusals

LONG = "Netflix has renewed the series for a second season. " * 20
PAYWALL = ("Subscribe to continue reading.", "Jetzt abonnieren und weiterlesen.", "Suscríbete para leer más.")
COOKIES = ("We use cookies.", "Wir verwenden Cookies.", "Utilizamos cookies.")


@pytest.mark.parametrize("notice", PAYWALL + COOKIES)
@pytest.mark.parametrize("kept", [0, 300, 800])
def test_a_shortened_text_that_asks_for_something_is_refused(notice, kept):
    assert "subscribe, sign in or accept cookies" in recapture_refusal(LONG, LONG[:kept] + notice)


@pytest.mark.parametrize("notice", PAYWALL + COOKIES)
def test_a_whole_text_with_such_a_notice_is_not_refused(notice):
    assert recapture_refusal(LONG, LONG + notice) is None
    assert recapture_refusal(LONG + notice, LONG[:800] + notice) is None


def test_an_empty_or_shortened_text_is_refused():
    assert "empty" in recapture_refusal(LONG, " \n\u200b")
    assert "less than half" in recapture_refusal(LONG, LONG[: len(LONG) // 2 - 10])
    assert recapture_refusal(LONG, LONG[: len(LONG) // 2 + 10]) is None
    assert recapture_refusal(LONG, LONG.replace(" ", "\u00a0")) is None
    assert recapture_refusal("", "First words.") is None

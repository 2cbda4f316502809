import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.excerpts import Quote, marked, places, quoted_length, runs_of, tidy
from catalog.passages import is_excerpt_of

TEXT = "Diego Luna returns as Félix, and Luna\nwill be joined by Michael Peña."
WORDS = st.lists(st.text("abñ1", min_size=1, max_size=4), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("excerpt", "found"),
    [
        ("Diego Luna", ["Diego Luna"]),
        ("…Luna will be joined…", ["Luna\nwill be joined"]),
        ("Diego … Luna", ["Diego", "Luna"]),
        ("…as Félix … Peña", ["as Félix", "Peña"]),
        ("…be joined", ["be joined"]),
        ("…", []),
    ],
)
def test_runs_are_found_one_after_the_other(excerpt, found):
    assert [TEXT[start:end] for start, end in places(excerpt, TEXT)] == found


@pytest.mark.parametrize("excerpt", ["Peña … Diego", "Pedro", "Diego Lu", "iego Luna", "…eturn…"])
def test_words_that_are_cut_or_in_another_order_are_no_excerpt(excerpt):
    assert places(excerpt, TEXT, whole_words=True) is None


def test_whole_words_go_before_parts_of_words():
    assert places("…an ant", "plan an ant") == [(5, 11)]
    assert places("lan", "plan b") == [(1, 4)]


def test_scripts_without_spaces_may_be_cut_between_any_characters():
    assert places("ナル", "ナルコス", whole_words=True) == [(0, 2)]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Diego \n Luna ", "Diego Luna"),
        ("... Luna...", "…Luna…"),
        ("Diego…Peña", "Diego … Peña"),
        ("Diego...  … Peña …", "Diego … Peña…"),
        (" … ", ""),
        ("\u200b", ""),
    ],
)
def test_typed_excerpts_are_written_in_one_way(typed, kept):
    assert tidy(typed) == kept
    assert tidy(kept) == kept


@pytest.mark.parametrize(
    ("excerpt", "shown"),
    [
        ("Diego Luna", "Diego Luna…"),
        ("returns", "…returns…"),
        ("Michael Peña", "…Michael Peña"),  # but for its full stop
        ("Diego … Peña.", "Diego … Peña."),
        ("…Luna…", "…Luna…"),
    ],
)
def test_words_that_are_left_out_at_the_ends_are_marked(excerpt, shown):
    assert marked(excerpt, TEXT, places(excerpt, TEXT)) == shown


def quotes(*excerpts: str, here: bool = True) -> list[Quote]:
    """Each excerpt as one of a passage that is all of the text."""
    return [Quote(one, TEXT if here else "", 0, len(TEXT)) for one in excerpts]


def test_what_several_excerpts_show_counts_once():
    assert quoted_length(quotes("Diego Luna…")) == len("Diego Luna")
    assert quoted_length(quotes("Diego Luna…", "…Luna returns…")) == len("Diego Luna returns")
    assert quoted_length(quotes("Diego … Peña.", "…Diego Luna…")) == len("Diego Luna") + len("Peña.")


def test_the_same_words_at_two_places_count_twice():
    first, second = Quote("Luna…", "Luna returns", 6, 18), Quote("Luna", "Luna", 33, 37)
    assert quoted_length([first, second]) == 8


def test_without_the_words_both_ends_have_their_place_and_others_count_unless_another_says_the_same():
    assert quoted_length(quotes("Diego Luna…", here=False)) == len("Diego Luna")
    assert quoted_length(quotes("Diego … Peña.", "…Michael Peña.", here=False)) == len("DiegoMichael Peña.")
    assert quoted_length(quotes("…returns as…", "…as Félix…", here=False)) == len("returns asas Félix")
    assert quoted_length(quotes("…returns as…", "…returns…", "…returns…", here=False)) == len("returns as")
    elsewhere = Quote("…returns…", "", 500, 600)
    assert quoted_length([*quotes("…returns as…", here=False), elsewhere]) == len("returns asreturns")


def test_an_excerpt_that_left_its_words_counts_with_its_length():
    assert quoted_length([Quote("other words", "the words", 0, 9)]) == len("other words")


@given(WORDS, st.data())
def test_any_run_of_words_is_found_marked_and_counted(words, data):
    text = " ".join(words)
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    run = " ".join(words[first : last + 1])
    spans = places(run, text, whole_words=True)
    excerpt = marked(run, text, spans)
    assert is_excerpt_of(excerpt, text)
    assert runs_of(excerpt) == [run]
    assert places(excerpt, text, whole_words=True) == spans
    assert quoted_length([Quote(excerpt, text, 0, len(text))]) == len(run)


@given(WORDS, st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=6))
def test_never_more_is_quoted_than_there_is_and_more_excerpts_never_quote_less(words, spans):
    text = " ".join(words)
    excerpts = [run for a, b in spans if (run := " ".join(words[min(a, b) : max(a, b) + 1]))]
    lengths = [
        quoted_length([Quote(one, text, 0, len(text)) for one in excerpts[:count]])
        for count in range(len(excerpts) + 1)
    ]
    assert lengths == sorted(lengths)
    assert lengths[-1] <= len(text)

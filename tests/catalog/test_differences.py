import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.differences import Piece, word_differences

WORDS = st.lists(
    st.sampled_from(["luna", "Luna", " ", "  ", "\n", ",", "“", "é", "e\u0301", "🎬", "2020", ""])
).map("".join)


def shown(old: str, new: str) -> tuple[str, str]:
    """Both texts with what was removed in [brackets] and what was added in {braces}."""
    marks = {"same": "{}", "removed": "[{}]", "added": "{{{}}}"}
    return tuple(
        "".join(marks[one.kind].format(one.text) for one in side) for side in word_differences(old, new)
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("It returns in May.", "It returns in June.", ("It returns in [May].", "It returns in {June}.")),
        ("eight episodes", "at least eight episodes", ("eight episodes", "{at least }eight episodes")),
        ("He, too, stays.", "He stays.", ("He[, too,] stays.", "He stays.")),
        ("the old cat", "a new dog", ("[the old cat]", "{a new dog}")),
        ("the same", "the same", ("the same", "the same")),
        ("", "new", ("", "{new}")),
        ("“Narcos”", '"Narcos"', ("[“]Narcos[”]", '{"}Narcos{"}')),
    ],
)
def test_differing_words_are_marked_and_phrases_stay_whole(old, new, expected):
    assert shown(old, new) == expected


@given(WORDS | st.text(), WORDS | st.text())
def test_pieces_join_to_the_texts_and_what_is_the_same_is_equal(old, new):
    before, after = word_differences(old, new)
    assert "".join(piece.text for piece in before) == old
    assert "".join(piece.text for piece in after) == new
    assert {piece.kind for piece in before} <= {"same", "removed"}
    assert {piece.kind for piece in after} <= {"same", "added"}
    same = [[piece for piece in side if piece.kind == "same"] for side in (before, after)]
    assert same[0] == same[1]
    assert all(piece.text for piece in (*before, *after))


@given(st.text(min_size=1))
def test_a_text_is_the_same_as_itself(text):
    assert word_differences(text, text) == ([Piece(text, "same")], [Piece(text, "same")])

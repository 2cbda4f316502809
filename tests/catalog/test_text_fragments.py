from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalog.passages import excerpt_of
from catalog.text_fragments import address_of_words, fragment

WORDS = st.text(st.characters(exclude_categories=("Cs", "Z", "Cc")), min_size=1, max_size=12)
TEXTS = st.lists(WORDS, max_size=40).flatmap(
    lambda words: st.lists(
        st.sampled_from([" ", "  ", "\n", "\u00a0", "\t"]), min_size=len(words), max_size=len(words)
    ).map(lambda gaps: "".join(word + gap for word, gap in zip(words, gaps, strict=True)))
)


def terms(directive: str) -> list[list[str]]:
    """What a browser reads out of it: the words of the start, and of the end if there is one."""
    assert directive.startswith("#:~:text=")
    return [unquote(term).split(" ") for term in directive.removeprefix("#:~:text=").split(",")]


@pytest.mark.parametrize(
    ("excerpt", "expected"),
    [
        ("gritty historical drama", "#:~:text=gritty%20historical%20drama"),
        ("13. Februar", "#:~:text=13.%20Februar"),
        ("spin-off, cast & crew", "#:~:text=spin%2Doff%2C%20cast%20%26%20crew"),
        ("100 % #1?", "#:~:text=100%20%25%20%231%3F"),
        ("Peña", "#:~:text=Pe%C3%B1a"),
        ("ナルコス", "#:~:text=%E3%83%8A%E3%83%AB%E3%82%B3%E3%82%B9"),
        ("a b c d e f g h", "#:~:text=a%20b%20c%20d%20e%20f%20g%20h"),
        ("a b c d e f g h i", "#:~:text=a%20b%20c%20d,f%20g%20h%20i"),
        ("a b c d e f g h i j k l…", "#:~:text=a%20b%20c%20d,i%20j%20k%20l"),
        ("the first … the last", "#:~:text=the%20first,the%20last"),
        ("", ""),
        (" … ", ""),
    ],
)
def test_words_are_encoded_and_long_excerpts_named_by_their_ends(excerpt, expected):
    assert fragment(excerpt) == expected


@pytest.mark.parametrize(
    ("exact", "expected"),
    [
        ("Diego Luna\nMichael Peña", "#:~:text=Diego%20Luna,Michael%20Pe%C3%B1a"),
        ("Diego Luna Michael Peña", "#:~:text=Diego%20Luna%20Michael%20Pe%C3%B1a"),
        ("other words", "#:~:text=Diego%20Luna%20Michael%20Pe%C3%B1a"),
    ],
)
def test_words_on_both_sides_of_a_break_are_two_ends(exact, expected):
    assert fragment("Diego Luna Michael Peña", exact) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", ""),
        ("https://example.org/a?b=c", "https://example.org/a?b=c#:~:text=two%20words"),
        ("https://example.org/a#part", "https://example.org/a#part:~:text=two%20words"),
        ("https://example.org/a#", "https://example.org/a#:~:text=two%20words"),
        ("https://example.org/#:~:text=old", "https://example.org/#:~:text=two%20words"),
    ],
)
def test_an_address_is_led_on_to_the_words_and_keeps_what_it_has(url, expected):
    assert address_of_words(url, "two words") == expected


@given(TEXTS)
@example("co-star, & more - of, it")
def test_a_browser_reads_the_ends_of_the_excerpt_back_and_no_other_word(text):
    excerpt = excerpt_of(text) if text.strip() else ""
    directive = fragment(excerpt, text)
    if not excerpt.replace("…", "").strip():
        assert directive == ""
        return
    parts = terms(directive)
    words = excerpt.replace("…", " ").split()
    assert len(parts) <= 2
    assert words[: len(parts[0])] == parts[0]
    assert words[len(words) - len(parts[-1]) :] == parts[-1]
    assert sum(map(len, parts)) <= len(words) <= 12 + excerpt.count("…")


@given(TEXTS)
def test_terms_hold_no_character_that_means_something_to_a_directive(text):
    directive = fragment(excerpt_of(text) if text.strip() else "", text)
    body = directive.removeprefix("#:~:text=")
    assert directive.isascii()
    assert not set(body) & set("-& \n\t#")
    assert body.count(",") <= 1
    address = urlsplit(address_of_words("https://example.org/page", text and excerpt_of(text)))
    assert (address.netloc, address.path) == ("example.org", "/page")


@pytest.mark.parametrize(
    ("excerpt", "expected"),
    [
        ("…Diego Luna…", "#:~:text=Diego%20Luna"),
        ("…Luna Michael…", "#:~:text=Luna,Michael"),
        ("…Luna Michael Peña, who", "#:~:text=Luna,Michael%20Pe%C3%B1a%2C%20who"),
        ("…Luna … Peña…", "#:~:text=Luna,Pe%C3%B1a"),
        ("…Luna Michael Peña … back", "#:~:text=Luna,back"),
        ("…Pedro Luna…", "#:~:text=Pedro%20Luna"),
    ],
)
def test_shortened_excerpts_lead_to_the_words_that_are_left(excerpt, expected):
    assert fragment(excerpt, "With Diego Luna\nMichael Peña, who is back") == expected

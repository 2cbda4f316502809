import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.capture import CaptureError, capture, sha256_of

LIMIT = 10_000


def test_byte_order_mark_goes_and_crlf_becomes_lf_and_nothing_else_changes():
    raw = "\ufeffOne\r\ntwo\rthree\n  four \u00a0 “five” \ufefe".encode()
    assert capture(raw, limit=LIMIT) == "One\ntwo\rthree\n  four \u00a0 “five” \ufefe"


def test_hash_is_of_the_utf8_bytes():
    assert sha256_of("Peña\n") == hashlib.sha256("Peña\n".encode()).hexdigest()


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n\t", "empty"),
        (b"a" * (LIMIT + 1), "larger than 10,000 bytes"),
        ("Peña said\nmañana".encode("latin-1"), "UTF-8 (line 1)"),
        ("one\ntwo\nPeña".encode("cp1252"), "UTF-8 (line 3)"),
        ("Peña".encode("utf-16"), "UTF-16"),
        ("Peña".encode("utf-16-le"), "not a text file"),
        (b"%PDF-1.7 words", "not a text file"),
        (b"\x89PNG\r\n\x1a\n", "not a text file"),
        (b"words\x00words", "not a text file"),
        (bytes(range(1, 9)) * 20, "not a text file"),
    ],
)
def test_what_is_no_text_is_refused_with_the_reason(raw, words):
    with pytest.raises(CaptureError) as refused:
        capture(raw, limit=LIMIT)
    assert words in str(refused.value)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip))
def test_capturing_what_was_captured_changes_nothing(text):
    once = capture(text.encode(), limit=1_000_000)
    if not once.startswith("\ufeff"):
        assert capture(once.encode(), limit=1_000_000) == once

"""Which sentences are supported, which are exempt, and which keep an article from its readers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from editorial.prose.coverage import cover
from editorial.prose.document import parse
from tests.editorial.bodies import BODIES

CITE = '<cite data-passage="a#1"></cite>'
OTHER = '<cite data-passage="b#2"></cite>'
COVERS = '<cite data-passage="c#3" data-covers="paragraph"></cite>'


def states(body: str, language: str = "en") -> list[tuple[str, str]]:
    return [(sentence.text, sentence.state) for sentence in cover(body, language).sentences]


@pytest.mark.parametrize(
    "paragraph",
    [
        f"Félix fell.{CITE}",
        f"Félix fell{CITE}.",
        f"Félix{CITE} fell.",
        f"{CITE}Félix fell.",
        f"Félix fell. {CITE}",
        f"Félix fell.\n{CITE}",
        f"“Félix fell.”{CITE}",
        f"Félix <strong>fell{CITE}</strong>.",
        f'<a href="/x">Félix fell{CITE}</a>.',
        f"Félix fell. —{CITE}",
        f"Félix fell<br>{CITE}",
    ],
)
def test_a_citation_in_a_sentence_or_right_behind_it_supports_it(paragraph):
    (sentence,) = cover(f"<p>{paragraph}</p>", "en").sentences
    assert (sentence.state, sentence.passages, sentence.reason) == ("supported", ("a#1",), "")


def test_a_citation_supports_one_sentence_and_not_its_neighbours():
    assert states(f"<p>Kiki died. Félix fell.{CITE} Luna left.</p>") == [
        ("Kiki died.", "unsupported"),
        ("Félix fell.", "supported"),
        ("Luna left.", "unsupported"),
    ]


def test_a_citation_between_two_sentences_without_a_space_supports_the_first_only():
    assert states(f"<p>Félix fell.{CITE}Luna left.</p>") == [
        ("Félix fell.", "supported"),
        ("Luna left.", "unsupported"),
    ]


def test_a_citation_in_one_block_supports_nothing_in_the_next():
    assert states(f"<p>Félix fell.</p><p>{CITE}</p><p>{CITE}Luna left.</p>") == [
        ("Félix fell.", "unsupported"),
        ("Luna left.", "supported"),
    ]


def test_a_sentence_keeps_each_of_its_passages_once_in_order():
    (sentence,) = cover(f"<p>Félix{OTHER} fell{CITE} in 1989{OTHER}.</p>", "en").sentences
    assert sentence.passages == ("b#2", "a#1")


@pytest.mark.parametrize("end", [f"Luna left.{COVERS}", f"Luna left{COVERS}.", f"Luna left.{COVERS}{CITE}"])
def test_a_citation_that_covers_its_paragraph_supports_all_of_it(end):
    coverage = cover(f"<p>Félix fell. {end}</p><p>Kiki died.</p>", "en")
    assert [sentence.state for sentence in coverage.sentences] == ["supported", "supported", "unsupported"]
    assert coverage.sentences[0].passages == ("c#3",)


def test_a_covering_citation_before_the_end_is_an_ordinary_one():
    assert states(f"<p>Félix fell. Kiki died.{COVERS} Luna left.</p>") == [
        ("Félix fell.", "unsupported"),
        ("Kiki died.", "supported"),
        ("Luna left.", "unsupported"),
    ]


def test_what_is_no_claim_stays_exempt_in_a_covered_paragraph():
    body = f'<p>Félix fell. <span data-not-a-claim="question">Why?</span> Luna left.{COVERS}</p>'
    assert [sentence.state for sentence in cover(body, "en").sentences] == [
        "supported",
        "exempt",
        "supported",
    ]


def test_a_citation_outweighs_a_mark():
    (sentence,) = cover(f'<p data-not-a-claim="opinion">Félix fell.{CITE}</p>', "en").sentences
    assert (sentence.state, sentence.reason) == ("supported", "")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('<p data-not-a-claim="opinion">Good.</p>', "opinion"),
        ('<p><span data-not-a-claim="opinion">Good.</span></p>', "opinion"),
        ('<p><span data-not-a-claim="opinion">“Good</span>.”</p>', "opinion"),
        ('<p><span data-not-a-claim="opinion">So <em>good</em>.</span></p>', "opinion"),
        ('<p><em><span data-not-a-claim="opinion">Good.</span></em></p>', "opinion"),
        ('<blockquote data-not-a-claim="poem"><p>Good.</p></blockquote>', "poem"),
        ('<ul><li data-not-a-claim="to come"><p>Good.</p></li></ul>', "to come"),
        ('<h2 data-not-a-claim="section heading">Cast</h2>', "section heading"),
        ("<h2>Who returns?</h2>", "question"),
        ("<h3>¿Quién es “Kiki”?</h3>", "question"),
        ("<h3>What is “Who is Kiki?”</h3>", "question"),
    ],
)
def test_what_is_marked_with_a_reason_is_exempt(body, reason):
    (sentence,) = cover(body, "en").sentences
    assert (sentence.state, sentence.reason, sentence.passages) == ("exempt", reason, ())


@pytest.mark.parametrize(
    "body",
    [
        '<p><span data-not-a-claim="opinion">Good</span> in 2018.</p>',
        '<p>In 2018 <span data-not-a-claim="opinion">it was good.</span></p>',
        '<p data-not-a-claim="">Good.</p>',
        '<p data-not-a-claim="  ">Good.</p>',
        '<p><span data-not-a-claim="">Good.</span></p>',
        "<h2>Cast</h2>",
        "<p>Who returns?</p>",
        "<ul><li>Good</li></ul>",
        "Good",
        "<blockquote>Good</blockquote>",
        '<div data-embed="cast" data-season="a/2">Good</div>',
        "<section>Good</section>",
    ],
)
def test_everything_else_is_unsupported(body):
    (sentence,) = cover(body, "en").sentences
    assert sentence.state == "unsupported"


def test_a_statement_beside_a_question_in_a_heading_is_not_exempt():
    assert states("<h2>Félix is back. Who else?</h2>") == [
        ("Félix is back.", "unsupported"),
        ("Who else?", "exempt"),
    ]


def test_what_has_neither_letters_nor_digits_is_no_sentence():
    assert cover("<p>—</p><p>***</p><p>…</p>", "en").sentences == ()


def test_blocks_in_another_language_are_read_in_theirs():
    body = '<p>It begins on the 13. Februar is Shrovetide.</p><p lang="de">Am 13. Februar beginnt es.</p>'
    assert [text for text, _state in states(body)][-1] == "Am 13. Februar beginnt es."
    assert len(states(body)) == 3


def test_positions_are_code_points_of_the_block():
    (_first, second) = cover("<p>😀 One.</p><ul><li>Two. Three.</li></ul>", "en").sentences[:2]
    assert (second.block, second.start, second.end, second.text) == (1, 0, 4, "Two.")


def test_the_sums_are_those_of_the_sentences():
    body = (
        f"<h2>Who returns?</h2><p>Félix – he{OTHER} – fell.{CITE} Luna left 3 times. Kiki died.{OTHER}</p>"
        '<div data-embed="facts" data-season="a/2"></div><p>—</p>'
    )
    coverage = cover(body, "en")
    assert coverage.counts == {"supported": 2, "exempt": 1, "unsupported": 1}
    assert [sentence.text for sentence in coverage.unsupported] == ["Luna left 3 times."]
    assert coverage.passages == ("b#2", "a#1")
    assert coverage.embeds == ("facts a/2",)
    assert coverage.words == 11


def test_an_empty_body_has_nothing_to_support():
    coverage = cover("", "en")
    assert (coverage.sentences, coverage.words) == ((), 0)
    assert coverage.counts == {"supported": 0, "exempt": 0, "unsupported": 0}


@settings(max_examples=300)
@given(BODIES)
def test_no_letter_escapes_coverage(body):
    coverage = cover(body, "en")
    for index, leaf in enumerate(parse(body).leaves):
        covered = {
            offset
            for sentence in coverage.sentences
            if sentence.block == index
            for offset in range(sentence.start, sentence.end)
        }
        assert all(offset in covered for offset, char in enumerate(leaf.text) if char.isalnum())

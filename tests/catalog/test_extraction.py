"""What documents give: their words as they stand, what they offer, and a sentence for what gives nothing."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given
from hypothesis import strategies as st

from catalog import extraction
from catalog.capture import CaptureError, decode
from catalog.extraction import Extracted, Kind, extract, kind_of
from tests.catalog.documents import PARAGRAPH, docx, page, pdf

LIMIT, MOST = 100_000, 1_000_000
RUSSIAN = "Второй сезон сериала выходит в феврале, и в нём снова играет Диего Луна. " * 4
GERMAN = "Die größte Überraschung: Peña kehrt zurück – „für ein letztes Mal“."


def extracted(raw: bytes | str, kind: Kind, **given) -> Extracted:
    raw = raw.encode() if isinstance(raw, str) else raw
    return extract(raw, kind, **{"limit": LIMIT, "most": MOST, **given})


def refusal(raw: bytes | str, kind: Kind, **given) -> str:
    with pytest.raises(CaptureError) as refused:
        extracted(raw, kind, **given)
    return str(refused.value)


def test_page_is_reduced_to_its_article_and_its_table_keeps_its_columns():
    text = extracted(page(), Kind.HTML).text
    assert "Role | Cast Member | Earlier\nWalt Breslin | Scoot McNairy | Argo\n" in text
    assert PARAGRAPH.strip() in text
    assert "Menu entry" not in text
    assert "Imprint" not in text
    assert "|--" not in text


def test_page_offers_what_it_says_of_itself():
    assert extracted(page(), Kind.HTML).offered == {
        "title": "Who is who",
        "author": "Jane Roe",
        "published": "2020-02-13",
        "language": "en-US",
        "publisher": "The Desk",
    }


def test_page_that_says_nothing_of_itself_offers_no_guess():
    offered = extracted(page(head="").replace(' lang="en-US"', ""), Kind.HTML).offered
    assert set(offered) <= {"title"}


@pytest.mark.parametrize(
    ("encoding", "charset", "tag"),
    [
        ("utf-8", "", ""),
        ("utf-8-sig", "iso-8859-1", ""),
        ("utf-16", "", ""),
        ("cp1252", "", ""),
        ("cp1252", "iso-8859-1", ""),
        ("cp1252", "", '<meta charset="windows-1252">'),
        ("utf-8", "", '<meta charset="utf-16">'),
        ("utf-8", "no-such-thing", '<meta charset="nor-this">'),
        ("cp1252", "utf-8", ""),
    ],
)
def test_encoding_of_a_page_is_that_of_its_mark_its_header_its_tag_or_its_bytes(encoding, charset, tag):
    raw = page(f"{GERMAN} {PARAGRAPH}", head=tag).encode(encoding)
    assert GERMAN in extracted(raw, Kind.HTML, charset=charset).text


def test_header_and_tag_tell_encodings_that_no_byte_tells_apart():
    raw = page("Łódź śpi. " + PARAGRAPH, head="").encode("iso-8859-2")
    assert "Łódź śpi." in extracted(raw, Kind.HTML, charset="iso-8859-2").text
    tagged = page("Łódź śpi. " + PARAGRAPH, head='<meta charset="iso-8859-2">').encode("iso-8859-2")
    assert "Łódź śpi." in extracted(tagged, Kind.HTML).text


@pytest.mark.parametrize(
    "raw",
    [
        GERMAN.encode(),
        GERMAN.encode("utf-8-sig"),
        GERMAN.encode("utf-16"),
        b"\xfe\xff" + GERMAN.encode("utf-16-be"),
        GERMAN.encode("utf-32"),
        GERMAN.encode("cp1252"),
    ],
)
def test_text_of_any_usual_encoding_is_the_same_text(raw):
    assert extracted(raw, Kind.TEXT) == Extracted(GERMAN)


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r"])
def test_text_of_a_rarer_encoding_is_found_out(encoding):
    assert extracted(RUSSIAN.encode(encoding), Kind.TEXT).text == RUSSIAN


def test_text_keeps_its_tags_and_spaces_and_loses_only_carriage_returns():
    assert extracted("  <b>a</b>\r\n\r\nb \n", Kind.TEXT).text == "  <b>a</b>\n\nb \n"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_utf8_is_decoded_as_it_is(text):
    assert decode(text.encode()) == text.removeprefix("\ufeff")


@given(st.binary())
def test_bytes_of_any_kind_give_a_text_that_can_be_stored_or_a_refusal(raw):
    for kind in Kind:
        try:
            text = extracted(raw, kind).text
        except CaptureError:
            continue
        assert "\0" not in text
        assert text.encode()


def test_pdf_gives_its_pages_in_order_and_offers_its_properties():
    raw = pdf("First page", "Second page", Title="A release", Author="A publisher", CreationDate="D:20181205")
    found = extracted(raw, Kind.PDF)
    assert found.text == "First page\nSecond page"
    assert found.offered == {"title": "A release", "author": "A publisher", "published": "2018-12-05"}


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (pdf("Words", password="secret"), "The PDF is protected."),
        (pdf(""), "The PDF holds no text"),
        (b"%PDF-1.7 and nothing of the kind", "The PDF cannot be read"),
        (pdf("Words")[:200], "The PDF cannot be read"),
    ],
)
def test_pdf_without_words_for_us_is_refused_in_one_sentence_that_helps(raw, words):
    assert words in refusal(raw, Kind.PDF)


def test_pdf_of_too_many_pages_is_refused(monkeypatch):
    monkeypatch.setattr(extraction, "PDF_MAX_PAGES", 1)
    assert "more than 1 pages" in refusal(pdf("One", "Two"), Kind.PDF)


def test_docx_gives_paragraphs_and_tables_in_their_order():
    text = extracted(docx(), Kind.DOCX).text
    assert text == (
        "Before the table\nRole | Cast Member | Earlier\nBoss | Diego Luna | Rogue One\nAfter the table"
    )


def test_docx_gives_what_was_inserted_linked_or_controlled_and_not_what_was_deleted():
    def change(document):
        paragraph = f"<w:p {nsdecls('w')}>%s</w:p>"
        inserted = "<w:ins w:id='1'><w:r><w:t>in</w:t></w:r></w:ins>"
        deleted = "<w:del w:id='2'><w:r><w:delText>out</w:delText></w:r></w:del>"
        moved = "<w:moveFrom w:id='3'><w:r><w:t>gone</w:t></w:r></w:moveFrom>"
        linked = "<w:hyperlink><w:r><w:tab/><w:t>linked</w:t></w:r></w:hyperlink>"
        controlled = f"<w:sdt {nsdecls('w')}><w:sdtContent>{paragraph % '<w:r><w:t>controlled</w:t></w:r>'}"
        body = document.element.body
        body.insert(0, parse_xml(paragraph % (inserted + deleted + moved + linked)))
        body.insert(1, parse_xml(controlled + "</w:sdtContent></w:sdt>"))

    assert extracted(docx(change), Kind.DOCX).text.startswith("in\tlinked\ncontrolled\nBefore")


def test_docx_offers_its_properties():
    def change(document):
        document.core_properties.title = "A title"
        document.core_properties.author = "An\n author"
        document.core_properties.language = "de-DE"

    offered = extracted(docx(change), Kind.DOCX).offered
    assert (offered["title"], offered["author"], offered["language"]) == ("A title", "An author", "de-DE")


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_docx_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(extraction, "UNPACKED_MAX_BYTES", 10_000)
    bomb = zipped(**{"word/document.xml": b" " * 10_001})
    assert len(bomb) < 1000
    assert "unpacks to more than 10,000 bytes" in refusal(bomb, Kind.DOCX)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (zipped(a=b"b"), "It is an archive"),
        (docx()[:-30], "The DOCX cannot be read"),
        (zipped(**{"word/document.xml": b"<not"}), "The DOCX cannot be read"),
        (b"PK\x03\x04", "The DOCX cannot be read"),
        (docx(lambda document: document.element.body.clear_content()), "It is empty."),
    ],
)
def test_docx_without_words_for_us_is_refused_in_one_sentence_that_helps(raw, words):
    assert words in refusal(raw, Kind.DOCX)


@pytest.mark.parametrize(
    ("raw", "kind", "words"),
    [
        (b"", Kind.TEXT, "It is empty."),
        (b" \r\n", Kind.TEXT, "It is empty."),
        (b"", Kind.HTML, "It is empty."),
        (b"<html><body></body></html>", Kind.HTML, "No article was found"),
        (b"\x89PNG\r\n\x1a\n", Kind.TEXT, "not a text file"),
        (b"words\0words", Kind.TEXT, "not a text file"),
        (b"\xff\xfea", Kind.TEXT, "not a text file"),
        (bytes(range(256)) * 8, Kind.TEXT, "not a text file"),
        (b"a" * (LIMIT + 1), Kind.TEXT, "larger than 100,000 bytes"),
        (b"<p>" * MOST, Kind.HTML, "larger than 1,000,000 bytes"),
        (page(PARAGRAPH * 2000), Kind.HTML, "larger than 100,000 bytes"),
    ],
)
def test_what_holds_no_text_is_refused_in_one_sentence_that_helps(raw, kind, words):
    assert words in refusal(raw, kind)


@pytest.mark.parametrize(
    ("raw", "given", "kind"),
    [
        (b"%PDF-1.4", {"name": "a.txt"}, Kind.PDF),
        (b"PK\x03\x04", {}, Kind.DOCX),
        (b"<p>", {"name": "A.HTM"}, Kind.HTML),
        (b"<p>", {"name": "a", "content_type": "Text/HTML; charset=utf-8"}, Kind.HTML),
        (b"\xef\xbb\xbf\n<!-- saved --><!DOCTYPE html>", {}, Kind.HTML),
        (b"<!doctype html>", {"name": "a.txt"}, Kind.TEXT),
        (b"Words <html>", {}, Kind.TEXT),
    ],
)
def test_kind_of_a_document_is_that_of_its_bytes_its_type_its_name_or_its_tags(raw, given, kind):
    assert kind_of(raw, **given) is kind

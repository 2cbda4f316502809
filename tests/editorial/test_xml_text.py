from __future__ import annotations

import json
from xml.etree import ElementTree

from django.utils.xmlutils import SimplerXMLGenerator
from hypothesis import given, settings
from hypothesis import strategies as st

from editorial.templatetags.machines import _JsonText
from editorial.xml_text import xml_text


class Written:
    def __init__(self) -> None:
        self.bytes = b""

    def write(self, part: bytes) -> None:
        self.bytes += part


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8")))
def test_any_text_can_stand_in_a_feed_and_loses_nothing_that_is_seen(text):
    kept = xml_text(text)
    out = Written()
    handler = SimplerXMLGenerator(out, "utf-8")
    handler.startDocument()
    handler.addQuickElement("title", kept)
    read = ElementTree.fromstring(out.bytes).text or ""
    assert read == kept.replace("\r\n", "\n").replace("\r", "\n")
    assert [sign for sign in text if sign.isprintable()] == [sign for sign in kept if sign.isprintable()]


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8")))
def test_any_text_in_linked_data_is_the_same_when_it_is_read(text):
    written = _JsonText({"name": text}).__html__()
    assert not set(written) & set("<>&\u2028\u2029")
    assert json.loads(written) == {"name": text}
